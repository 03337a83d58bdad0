"""Interactions as inbound events: commands, buttons, menus, forms. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.discord.commands import CREATE_TICKET, DESK, ESCALATE_TICKET, SPLIT_TICKET
from adapters.discord.ids import identity
from chatdesk.contract.actions import (
    Action,
    ChooseOption,
    FormKind,
    OpenForm,
    RunVerb,
    argument_of,
    decode,
)
from chatdesk.contract.inbound import ChoiceMade, CommandGiven, FormChanged, FormOpened, FormSubmitted
from chatdesk.contract.vocabulary import Actor, Means, SourceMessage, Where

FIELDS_IN_A_MODAL = 5

_FORM = "form:"
_REOPEN = "reopen:"
_USER_OPTION = 6
_BELOW = (1, 2)


@dataclass(frozen=True, slots=True)
class Happening:
    """What every interaction carries: which, by whom, where, when."""

    key: str
    actor: Actor
    where: Where
    at: datetime


@dataclass(frozen=True, slots=True)
class Invocation:
    """A slash command taken apart. ``focused`` is the argument that is being typed, in autocompletion."""

    command: str
    verb: str
    arguments: Mapping[str, str]
    focused: str | None


def form_custom_id(form: str) -> str:
    return f"{_FORM}{form}"


def form_of(custom_id: str) -> str | None:
    return custom_id.removeprefix(_FORM) if custom_id.startswith(_FORM) else None


def reopen_custom_id(form: str) -> str:
    return f"{_REOPEN}{form}"


def reopened_form(custom_id: str) -> str | None:
    return custom_id.removeprefix(_REOPEN) if custom_id.startswith(_REOPEN) else None


def invocation_of(data: Mapping[str, object]) -> Invocation:
    """The command, verb and arguments of a slash command's data."""
    path: list[str] = []
    options = _mappings(data.get("options"))
    while len(options) == 1 and options[0].get("type") in _BELOW:
        path.append(str(options[0].get("name", "")))
        options = _mappings(options[0].get("options"))
    arguments = {str(option.get("name", "")): _value(option) for option in options}
    if len(path) > 1:
        arguments["action"] = path[1]
    focused = next((str(option.get("name", "")) for option in options if option.get("focused")), None)
    return Invocation(str(data.get("name", "")), path[0] if path else "help", arguments, focused)


def _value(option: Mapping[str, object]) -> str:
    value = str(option.get("value", ""))
    return str(identity(value)) if option.get("type") == _USER_OPTION else value


def command_given(invocation: Invocation, happening: Happening) -> CommandGiven | FormOpened:
    """``/ticket open`` without a title asks for the form; everything else is a verb."""
    arguments = {name: value for name, value in invocation.arguments.items() if value.strip()}
    is_new_ticket = invocation.command != DESK.name and invocation.verb == "open"
    if is_new_ticket and "title" not in arguments:
        return form_opened(OpenForm(FormKind.TICKET), happening, Means.COMMAND, prefill=arguments)
    return CommandGiven(
        key=happening.key,
        actor=happening.actor,
        where=happening.where,
        verb=invocation.verb,
        arguments=arguments,
        means=Means.COMMAND,
        at=happening.at,
        command=invocation.command,
    )


def form_opened(
    action: OpenForm,
    happening: Happening,
    means: Means,
    source: SourceMessage | None = None,
    prefill: Mapping[str, str] | None = None,
) -> FormOpened:
    return FormOpened(
        key=happening.key,
        actor=happening.actor,
        where=happening.where,
        kind=action.kind,
        means=means,
        at=happening.at,
        capacity=FIELDS_IN_A_MODAL,
        ticket=action.ticket,
        source=source,
        prefill=prefill or {},
    )


def menu_chosen(name: str, happening: Happening, source: SourceMessage) -> FormOpened | None:
    """A message's context menu; None for one that we do not have."""
    kinds = {
        CREATE_TICKET: FormKind.TICKET,
        ESCALATE_TICKET: FormKind.ESCALATE,
        SPLIT_TICKET: FormKind.SPLIT,
    }
    if name not in kinds:
        return None
    return form_opened(OpenForm(kinds[name]), happening, Means.SHORTCUT, source=source)


def component_used(
    custom_id: str, values: Sequence[str], happening: Happening
) -> CommandGiven | FormOpened | FormChanged | ChoiceMade | None:
    """A button pressed or an option chosen; None if we never made it."""
    form = reopened_form(custom_id)
    if form is not None:
        return FormChanged(
            happening.key, happening.actor, form, values={}, at=happening.at, capacity=FIELDS_IN_A_MODAL
        )
    action = decode(custom_id)
    if values:
        action = decode(values[0]) or _completed(action, values[0])
    return None if action is None else _acted(action, happening)


def _completed(action: Action | None, value: str) -> Action | None:
    return RunVerb(action.verb, action.ticket, value) if isinstance(action, RunVerb) else action


def _acted(action: Action, happening: Happening) -> CommandGiven | FormOpened | ChoiceMade:
    match action:
        case OpenForm():
            return form_opened(action, happening, Means.BUTTON)
        case ChooseOption(choice, option):
            return ChoiceMade(happening.key, happening.actor, happening.where, choice, option, happening.at)
        case RunVerb(verb, ticket, value):
            arguments = {"ticket": str(ticket)}
            if value is not None:
                arguments[argument_of(verb)] = value
            return CommandGiven(
                key=happening.key,
                actor=happening.actor,
                where=happening.where,
                verb=verb,
                arguments=arguments,
                means=Means.BUTTON,
                at=happening.at,
            )


def form_submitted(form: str, components: object, happening: Happening) -> FormSubmitted:
    return FormSubmitted(happening.key, happening.actor, form, dict(_filled_in(components)), happening.at)


def _filled_in(components: object) -> Iterator[tuple[str, str]]:
    """Field names and values, through labels and rows."""
    for component in _mappings(components):
        if "component" in component:
            yield from _filled_in([component["component"]])
        elif "components" in component:
            yield from _filled_in(component["components"])
        elif "custom_id" in component:
            yield str(component["custom_id"]), _written(component)


def _written(component: Mapping[str, object]) -> str:
    values = component.get("values")
    if isinstance(values, Sequence) and not isinstance(values, str):
        return ",".join(str(value) for value in values)
    return str(component.get("value") or "")


def _mappings(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item for item in value if isinstance(item, Mapping)]
