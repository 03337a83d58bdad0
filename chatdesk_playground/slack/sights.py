"""What the client of the control interface gives back: messages, views and outcomes as a human sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chatdesk_playground.slack.wire import JsonObject, child, children, flag, number, text, texts, whole


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file under a message; `SlackHuman.download` fetches it."""

    id: str
    name: str
    title: str
    mimetype: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class SeenControl:
    """A button, menu or field, under the name that a human would use for it."""

    label: str
    type: str
    block_id: str
    action_id: str
    value: str = ""
    options: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message as it stands on somebody's screen. `text` and `blocks` are as they go over the wire."""

    channel: str
    ts: str
    thread_ts: str | None
    author: str
    author_id: str
    avatar: str
    text: str
    blocks: Sequence[JsonObject] = ()
    attachments: Sequence[JsonObject] = ()
    files: Sequence[SeenFile] = ()
    reactions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    controls: Sequence[SeenControl] = ()
    edited: bool = False
    ephemeral: bool = False
    by_bot: bool = False
    subtype: str = ""
    reply_count: int = 0

    @property
    def shown(self) -> str:
        """All text on the screen: that of the blocks where there are any, else the message's own."""
        attached = [block for part in self.attachments for block in children(part, "blocks")]
        lines = [line for block in [*self.blocks, *attached] for line in _texts_of(block)]
        lines += [text(part, "text") for part in self.attachments if text(part, "text")]
        return "\n".join(lines) if lines else self.text

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons and menus."""
        return [control.label for control in self.controls]


@dataclass(frozen=True, slots=True)
class SeenView:
    """A modal or App Home as it stands on somebody's screen."""

    id: str
    kind: str
    title: str
    submit: str
    callback_id: str
    private_metadata: str
    hash: str
    external_id: str
    blocks: Sequence[JsonObject]
    controls: Sequence[SeenControl]
    values: Mapping[str, Mapping[str, JsonObject]]

    @property
    def shown(self) -> str:
        """All text on the screen."""
        return "\n".join(line for block in self.blocks for line in _texts_of(block))

    @property
    def labels(self) -> list[str]:
        """The labels of its fields, buttons and menus."""
        return [control.label for control in self.controls]

    def value(self, label: str) -> str:
        """What stands in a field, by label or by block or action id: typed text, or the chosen option's text.
        Raises `KeyError`."""
        for control in self.controls:
            if label in (control.label, control.block_id, control.action_id):
                state = self.values.get(control.block_id, {}).get(control.action_id, {})
                option = child(state, "selected_option")
                if option:
                    return text(child(option, "text"), "text")
                chosen = [text(child(o, "text"), "text") for o in children(state, "selected_options")]
                simple = [v for k, v in state.items() if k != "type" and isinstance(v, str)]
                return ", ".join(chosen) if chosen else (simple[0] if simple else "")
        raise KeyError(f"no field {label!r}; there are {self.labels}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an interaction, as far as the human can tell at once.

    `acknowledged` says that the app answered in time; `error` is the platform's own failure notice.
    """

    acknowledged: bool
    milliseconds: float
    error: str = ""
    messages: Sequence[SeenMessage] = ()
    view: SeenView | None = None
    field_errors: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False


def message_from(source: JsonObject) -> SeenMessage:
    """Read a message out of the control interface's JSON."""
    reactions = child(source, "reactions")
    return SeenMessage(
        channel=text(source, "channel"),
        ts=text(source, "ts"),
        thread_ts=text(source, "thread_ts") or None,
        author=text(source, "author"),
        author_id=text(source, "author_id"),
        avatar=text(source, "avatar"),
        text=text(source, "text"),
        blocks=children(source, "blocks"),
        attachments=children(source, "attachments"),
        files=[_file_from(file) for file in children(source, "files")],
        reactions={name: texts(reactions, name) for name in reactions},
        controls=[_control_from(control) for control in children(source, "controls")],
        edited=flag(source, "edited"),
        ephemeral=flag(source, "ephemeral"),
        by_bot=flag(source, "by_bot"),
        subtype=text(source, "subtype"),
        reply_count=whole(source, "reply_count"),
    )


def view_from(source: JsonObject) -> SeenView | None:
    """Read a view, or its absence, out of the control interface's JSON."""
    if not source:
        return None
    values = child(child(source, "state"), "values")
    return SeenView(
        id=text(source, "id"),
        kind=text(source, "type"),
        title=text(source, "shown_title"),
        submit=text(source, "submit_label"),
        callback_id=text(source, "callback_id"),
        private_metadata=text(source, "private_metadata"),
        hash=text(source, "hash"),
        external_id=text(source, "external_id"),
        blocks=children(source, "blocks"),
        controls=[_control_from(control) for control in children(source, "controls")],
        values={
            block: {action: child(child(values, block), action) for action in child(values, block)}
            for block in values
        },
    )


def outcome_from(source: JsonObject) -> Outcome:
    """Read an outcome out of the control interface's JSON."""
    errors = child(source, "field_errors")
    return Outcome(
        acknowledged=flag(source, "acknowledged"),
        milliseconds=number(source, "milliseconds"),
        error=text(source, "error"),
        messages=[message_from(message) for message in children(source, "messages")],
        view=view_from(child(source, "view")),
        field_errors={label: text(errors, label) for label in errors},
        closed=flag(source, "closed"),
    )


def _file_from(source: JsonObject) -> SeenFile:
    return SeenFile(
        id=text(source, "id"),
        name=text(source, "name"),
        title=text(source, "title"),
        mimetype=text(source, "mimetype"),
        size=whole(source, "size"),
        url=text(source, "url_private_download"),
    )


def _control_from(source: JsonObject) -> SeenControl:
    return SeenControl(
        label=text(source, "label"),
        type=text(source, "type"),
        block_id=text(source, "block_id"),
        action_id=text(source, "action_id"),
        value=text(source, "value"),
        options=texts(source, "options"),
    )


def _texts_of(block: JsonObject) -> list[str]:
    """The visible texts of a block, buttons and fields included."""
    if block.get("type") == "rich_text":
        return ["".join(_rich_texts(block))]
    found = []
    for key in ("text", "label", "hint", "title"):
        part = block.get(key)
        if isinstance(part, str) and part and key == "text":
            found.append(part)
        elif text(child(block, key), "text"):
            found.append(text(child(block, key), "text"))
    for part in [*children(block, "fields"), *children(block, "elements"), child(block, "accessory")]:
        inner = part.get("text")
        shown = inner if isinstance(inner, str) else text(child(part, "text"), "text")
        shown = shown or text(child(part, "placeholder"), "text")
        if shown:
            found.append(shown)
    return found


def _rich_texts(element: JsonObject) -> list[str]:
    kind = element.get("type")
    if kind == "text":
        return [text(element, "text")]
    if kind == "link":
        return [text(element, "text") or text(element, "url")]
    if kind == "emoji":
        return [f":{text(element, 'name')}:"]
    if kind == "user":
        return [f"<@{text(element, 'user_id')}>"]
    if kind == "channel":
        return [f"<#{text(element, 'channel_id')}>"]
    if kind == "usergroup":
        return [f"<!subteam^{text(element, 'usergroup_id')}>"]
    if kind == "broadcast":
        return [f"@{text(element, 'range')}"]
    parts = [part for inner in children(element, "elements") for part in _rich_texts(inner)]
    return parts if kind != "rich_text" else ["\n".join(
        "".join(_rich_texts(inner)) for inner in children(element, "elements")
    )]  # fmt: skip
