"""Block Kit as HTML and as forms: https://docs.slack.dev/reference/block-kit"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt

from chatdesk_playground.page import controls
from chatdesk_playground.page.html import Html, joined, tag, web_address
from chatdesk_playground.page.model import Field, FieldKind, Form, Option, Press, Words
from chatdesk_playground.page.slack_text import mrkdwn, plain, rich_text
from chatdesk_playground.slack.blocks import elements_of, options_of
from chatdesk_playground.slack.inputs import label_of
from chatdesk_playground.slack.state import View, Workspace
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, children, flag, sequence, text, whole

_KINDS = {
    "static_select": FieldKind.CHOICE,
    "radio_buttons": FieldKind.CHOICE,
    "external_select": FieldKind.LOOKUP,
    "users_select": FieldKind.CHOICE,
    "channels_select": FieldKind.CHOICE,
    "conversations_select": FieldKind.CHOICE,
    "multi_static_select": FieldKind.CHOICES,
    "multi_users_select": FieldKind.CHOICES,
    "multi_channels_select": FieldKind.CHOICES,
    "multi_conversations_select": FieldKind.CHOICES,
    "checkboxes": FieldKind.CHOICES,
    "datepicker": FieldKind.DATE,
    "file_input": FieldKind.FILES,
}


@dataclass(frozen=True, slots=True)
class Blocks:
    """Shows blocks to somebody in one workspace."""

    workspace: Workspace

    def shown(self, blocks: Sequence[JsonObject]) -> Html:
        return joined(self._block(block) for block in blocks)

    def attachments(self, attachments: Sequence[JsonObject]) -> Html:
        """The older way to show more below a message, with a bar on its left."""
        return joined(self._attachment(one) for one in attachments)

    def form(self, view: View) -> Form:
        """A modal as something to fill in."""
        content = view.content
        items: list[Field | Words | Press] = []
        for block in children(content, "blocks"):
            items += self._items(view, block)
        return Form(
            key=view.id,
            version=view.hash,
            title=text(child(content, "title"), "text"),
            submit=text(child(content, "submit"), "text"),
            items=tuple(items),
        )

    def _attachment(self, attachment: JsonObject) -> Html:
        title = text(attachment, "title")
        words = text(attachment, "text")
        parts = [
            tag("strong", plain(title)) if title else None,
            tag("div", mrkdwn(self.workspace, words)) if words else None,
            self.shown(children(attachment, "blocks")),
        ]
        colour = text(attachment, "color").lstrip("#")
        bar = f"border-color: #{colour}" if colour.isalnum() and len(colour) == 6 else None
        return tag("div", *parts, class_="attachment", style=bar)

    def _block(self, block: JsonObject) -> Html:
        show: Mapping[str, Callable[[JsonObject], Html]] = {
            "section": self._section,
            "header": lambda one: tag("h3", self._text(child(one, "text"))),
            "divider": lambda one: tag("hr"),
            "context": self._context,
            "actions": lambda one: tag(
                "div", *(self._control(one, element) for element in elements_of(one)), class_="actions"
            ),
            "image": lambda one: _image(text(one, "image_url"), text(one, "alt_text"), "picture"),
            "rich_text": lambda one: rich_text(self.workspace, one),
            "markdown": lambda one: Html(MarkdownIt("commonmark", {"html": False}).render(text(one, "text"))),
            "table": self._table,
            "input": lambda one: tag("div", self._text(child(one, "label"))),
        }
        shown = show.get(text(block, "type"))
        return tag("div", shown(block), class_="block") if shown else Html("")

    def _section(self, block: JsonObject) -> Html:
        words = child(block, "text")
        fields = [tag("div", self._text(field)) for field in children(block, "fields")]
        accessory = child(block, "accessory")
        beside = None
        if accessory.get("type") == "image":
            beside = _image(text(accessory, "image_url"), text(accessory, "alt_text"), "thumbnail")
        elif accessory:
            beside = self._control(block, accessory)
        parts = (
            tag("div", self._text(words)) if words else None,
            tag("div", *fields, class_="fields") if fields else None,
        )
        return tag("div", tag("div", *parts, class_="grow"), beside, class_="section")

    def _context(self, block: JsonObject) -> Html:
        parts = [
            _image(text(one, "image_url"), text(one, "alt_text"), "tiny")
            if one.get("type") == "image"
            else tag("span", self._text(one))
            for one in children(block, "elements")
        ]
        return tag("div", *parts, class_="context")

    def _table(self, block: JsonObject) -> Html:
        rows = [
            tag("tr", *(tag("td", self._cell(cell)) for cell in _cells(row)))
            for row in sequence(block, "rows")
        ]
        return tag("table", *rows)

    def _cell(self, cell: JsonObject) -> Html:
        if cell.get("type") == "rich_text":
            return rich_text(self.workspace, cell)
        return plain(text(cell, "text"))

    def _text(self, part: JsonObject) -> Html:
        words = text(part, "text")
        return mrkdwn(self.workspace, words) if part.get("type") == "mrkdwn" else plain(words)

    def _control(self, block: JsonObject, element: JsonObject) -> Html:
        name = name_of(block, element)
        label = str(plain(label_of(block, element)))
        if element.get("type") == "button":
            if text(element, "url"):
                return controls.link_button(text(element, "url"), Html(label))
            return controls.button(name, Html(label), text(element, "style") or "secondary")
        if element.get("type") == "overflow":
            return controls.menu(name, "⋯", self._options(element))
        return controls.menu(name, Html(label), self._options(element), _chosen(element))

    def _options(self, element: JsonObject) -> tuple[Option, ...]:
        kind = text(element, "type")
        if "users_select" in kind:
            people = self.workspace.users.values()
            return tuple(Option(one.shown_name, one.id) for one in people if not one.deleted)
        if "channels_select" in kind or "conversations_select" in kind:
            return tuple(Option(f"#{one.name}", one.id) for one in self.workspace.channels.values())
        return tuple(
            Option(str(plain(text(child(one, "text"), "text"))), text(one, "value"))
            for one in options_of(element)
        )

    def _items(self, view: View, block: JsonObject) -> list[Field | Words | Press]:
        if block.get("type") == "input":
            return [self._field(view, block, child(block, "element"))]
        found: list[Field | Words | Press] = []
        quiet = {key: value for key, value in block.items() if key not in ("accessory",)}
        if block.get("type") != "actions":
            found.append(Words(self._block(quiet)))
        for element in elements_of(block):
            if element.get("type") == "button":
                found.append(Press(name_of(block, element), label_of(block, element)))
            elif element.get("type") != "image":
                found.append(self._field(view, block, element))
        return found

    def _field(self, view: View, block: JsonObject, element: JsonObject) -> Field:
        state = view.values.get(text(block, "block_id"), {}).get(text(element, "action_id"), {})
        kind = _KINDS.get(text(element, "type"), FieldKind.TEXT)
        if kind is FieldKind.TEXT and flag(element, "multiline"):
            kind = FieldKind.LONG
        values = _held(state)
        options = self._options(element)
        if kind is FieldKind.LOOKUP:
            options = tuple(Option(one, one) for one in values)
        return Field(
            name=name_of(block, element),
            label=label_of(block, element),
            kind=kind,
            value=values[0] if values else "",
            values=values,
            options=options,
            required=block.get("type") == "input" and not flag(block, "optional"),
            hint=text(child(block, "hint"), "text"),
            placeholder=text(child(element, "placeholder"), "text"),
            longest=whole(element, "max_length", 3000),
            acts=block.get("type") != "input" or flag(block, "dispatch_action"),
        )


def name_of(block: JsonObject, element: JsonObject) -> str:
    """What the control interface finds exactly this element by."""
    return f"{text(block, 'block_id')}/{text(element, 'action_id')}"


def _held(state: JsonObject) -> tuple[str, ...]:
    """What a field holds: typed text, values of options, ids."""
    found: list[str] = []
    for key, value in state.items():
        if key == "type":
            continue
        many = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        found += [_one(one) for one in many if one is not None]
    return tuple(found)


def _one(value: JsonValue) -> str:
    return text(value, "value") if isinstance(value, Mapping) else str(value)


def _chosen(element: JsonObject) -> str:
    return text(child(element, "initial_option"), "value")


def _cells(row: JsonValue) -> list[JsonObject]:
    cells = row if isinstance(row, Sequence) and not isinstance(row, str) else []
    return [cell for cell in cells if isinstance(cell, Mapping)]


def _image(url: str, alternative: str, look: str) -> Html:
    return tag("img", src=web_address(url), alt=alternative, class_=look, loading="lazy")
