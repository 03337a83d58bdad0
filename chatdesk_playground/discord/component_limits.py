"""What components of messages and modals may look like (error 50035 with the path of each mistake)."""

from __future__ import annotations

from chatdesk_playground.discord.errors import Form
from chatdesk_playground.discord.wire import (
    Body,
    bodies_of,
    body_of,
    flag_of,
    number_of,
    optional_text,
    text_of,
)

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, LABEL, FILE_UPLOAD = 9, 10, 18, 19
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 21, 22, 23
CONTAINER = 17
SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
V2_LAYOUT = frozenset({ACTION_ROW, SECTION, TEXT_DISPLAY, 11, 12, 13, 14, CONTAINER})
LINK_STYLE, PREMIUM_STYLE = 5, 6
MAXIMUM_COMPONENTS_V2 = 40
MAXIMUM_TEXT_V2 = 4000


def check_message_components(form: Form, components: tuple[Body, ...], v2: bool) -> None:
    """Action rows of buttons and selects, or the second version's layout with at most 40 components."""
    seen: set[str] = set()
    if v2:
        everything = [item for top in components for item in walk(top)]
        if len(everything) > MAXIMUM_COMPONENTS_V2:
            form.wrong("components", "BASE_TYPE_MAX_LENGTH", f"Must be {MAXIMUM_COMPONENTS_V2} or fewer.")
        if sum(len(text_of(item, "content")) for item in everything) > MAXIMUM_TEXT_V2:
            sentence = f"The total length of text displays may be {MAXIMUM_TEXT_V2} at most."
            form.wrong("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", sentence)
    else:
        form.length("components", components, 0, 5)
    for index, component in enumerate(components):
        path = f"components.{index}"
        kind = number_of(component, "type")
        if kind == ACTION_ROW:
            _check_row(form, path, component, seen)
        elif not v2 or kind not in V2_LAYOUT:
            allowed = V2_LAYOUT if v2 else frozenset({ACTION_ROW})
            form.choice(f"{path}.type", kind, allowed)
        elif kind == CONTAINER:
            for place, child in enumerate(bodies_of(component.get("components"))):
                if number_of(child, "type") == ACTION_ROW:
                    _check_row(form, f"{path}.components.{place}", child, seen)


def walk(component: Body) -> list[Body]:
    """A component and everything inside it."""
    inside = [*bodies_of(component.get("components"))]
    inside += [body_of(component[key]) for key in ("accessory", "component") if component.get(key)]
    return [component, *(item for child in inside for item in walk(child))]


def _check_row(form: Form, path: str, row: Body, seen: set[str]) -> None:
    children = bodies_of(row.get("components"))
    kinds = {number_of(child, "type") for child in children}
    if not children or len(children) > 5 or (kinds - {BUTTON} and len(children) > 1):
        width = "Must be between 1 and 5 in length."
        form.wrong(f"{path}.components", "BASE_TYPE_BAD_LENGTH", width)
    for index, child in enumerate(children):
        inner = f"{path}.components.{index}"
        kind = number_of(child, "type")
        if kind == BUTTON:
            _check_button(form, inner, child, seen)
        elif kind in SELECTS:
            check_select(form, inner, child, seen)
        else:
            form.choice(f"{inner}.type", kind, SELECTS | {BUTTON})


def _check_button(form: Form, path: str, button: Body, seen: set[str]) -> None:
    style = number_of(button, "style")
    form.choice(f"{path}.style", style, frozenset(range(1, 7)))
    form.length(f"{path}.label", optional_text(button, "label"), 0, 80)
    if style == LINK_STYLE:
        form.required(f"{path}.url", button.get("url"))
        form.length(f"{path}.url", optional_text(button, "url"), 0, 512)
    elif style != PREMIUM_STYLE:
        check_custom_id(form, path, button, seen)
    if style != PREMIUM_STYLE and not button.get("label") and not button.get("emoji"):
        sentence = "A button must have a label or an emoji."
        form.wrong(path, "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI", sentence)


def check_custom_id(form: Form, path: str, component: Body, seen: set[str]) -> None:
    custom_id = text_of(component, "custom_id")
    form.required(f"{path}.custom_id", custom_id)
    form.length(f"{path}.custom_id", custom_id or None, 1, 100)
    if custom_id and custom_id in seen:
        sentence = "Component custom id cannot be duplicated"
        form.wrong(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", sentence)
    seen.add(custom_id)


def check_select(form: Form, path: str, select: Body, seen: set[str]) -> None:
    check_custom_id(form, path, select, seen)
    form.length(f"{path}.placeholder", optional_text(select, "placeholder"), 0, 150)
    form.length(f"{path}.default_values", bodies_of(select.get("default_values")), 0, 25)
    if number_of(select, "type") == STRING_SELECT:
        check_options(form, path, select, 1, 25)


def check_options(form: Form, path: str, component: Body, minimum: int, maximum: int) -> None:
    """The options of a select, a radio group or a group of checkboxes."""
    options = bodies_of(component.get("options"))
    if not minimum <= len(options) <= maximum:
        sentence = f"Must be between {minimum} and {maximum} in length."
        form.wrong(f"{path}.options", "BASE_TYPE_BAD_LENGTH", sentence)
    values: set[str] = set()
    for index, option in enumerate(options):
        place = f"{path}.options.{index}"
        form.required(f"{place}.label", option.get("label"))
        form.length(f"{place}.label", optional_text(option, "label"), 0, 100)
        form.length(f"{place}.value", optional_text(option, "value"), 0, 100)
        form.length(f"{place}.description", optional_text(option, "description"), 0, 100)
        value = text_of(option, "value")
        if value in values:
            sentence = "The specified option value is already used"
            form.wrong(f"{place}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", sentence)
        values.add(value)
    chosen = number_of(component, "max_values", 1)
    if len(options) < chosen:
        sentence = "Must be less than or equal to the number of options."
        form.wrong(f"{path}.max_values", "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE", sentence)


def check_modal(form: Form, modal: Body) -> None:
    """A modal: a title of 45, and one to five rows, labels or texts."""
    title, custom_id = optional_text(modal, "title"), optional_text(modal, "custom_id")
    components = bodies_of(modal.get("components"))
    form.required("data.title", title)
    form.required("data.custom_id", custom_id)
    form.length("data.title", title, 1, 45)
    form.length("data.custom_id", custom_id, 1, 100)
    form.length("data.components", components, 1, 5)
    seen: set[str] = set()
    for index, component in enumerate(components):
        path = f"data.components.{index}"
        kind = number_of(component, "type")
        if kind == ACTION_ROW:
            children = bodies_of(component.get("components"))
            form.length(f"{path}.components", children, 1, 1)
            for child in children:
                _check_field(form, f"{path}.components.0", child, seen, labelled=False)
        elif kind == LABEL:
            form.required(f"{path}.label", component.get("label"))
            form.length(f"{path}.label", optional_text(component, "label"), 0, 45)
            form.length(f"{path}.description", optional_text(component, "description"), 0, 100)
            inner = body_of(component.get("component"))
            _check_field(form, f"{path}.component", inner, seen, labelled=True)
        elif kind != TEXT_DISPLAY:
            form.choice(f"{path}.type", kind, frozenset({ACTION_ROW, TEXT_DISPLAY, LABEL}))


def _check_field(form: Form, path: str, field: Body, seen: set[str], labelled: bool) -> None:
    kind = number_of(field, "type")
    if kind == TEXT_INPUT:
        check_custom_id(form, path, field, seen)
        if not labelled:
            form.required(f"{path}.label", field.get("label"))
        form.length(f"{path}.label", optional_text(field, "label"), 0, 45)
        form.length(f"{path}.placeholder", optional_text(field, "placeholder"), 0, 100)
        form.length(f"{path}.value", optional_text(field, "value"), 0, 4000)
        form.choice(f"{path}.style", number_of(field, "style"), frozenset({1, 2}))
    elif kind in SELECTS:
        check_select(form, path, field, seen)
    elif labelled and kind in (RADIO_GROUP, CHECKBOX_GROUP):
        check_custom_id(form, path, field, seen)
        check_options(form, path, field, 2 if kind == RADIO_GROUP else 1, 10)
    elif labelled and kind in (FILE_UPLOAD, CHECKBOX):
        check_custom_id(form, path, field, seen)
    else:
        fields = SELECTS | {TEXT_INPUT}
        form.choice(f"{path}.type", kind, fields | {19, 21, 22, 23} if labelled else fields)


def is_disabled(component: Body) -> bool:
    return flag_of(component, "disabled")
