"""What a person sees, as tests and scripts hold it in their hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatdesk_playground.discord.wire import (
    Body,
    bodies_of,
    body_of,
    flag_of,
    ids_of,
    number_of,
    optional_text,
    text_of,
)


@dataclass(frozen=True, slots=True)
class SeenAttachment:
    id: str
    name: str
    size: int
    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class SeenReaction:
    emoji: str
    users: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.users)


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message as one person sees it. `pinged` lists who was notified: user ids and "everyone"."""

    id: str
    channel_id: str
    type: int
    author: str
    author_id: str
    avatar: str
    bot: bool
    webhook: bool
    content: str
    timestamp: str
    edited: bool
    ephemeral: bool
    loading: bool
    pinned: bool
    reply_to: str | None
    thread_id: str | None
    pinged: tuple[str, ...]
    attachments: tuple[SeenAttachment, ...]
    reactions: tuple[SeenReaction, ...]
    embeds: tuple[Body, ...]
    components: tuple[Body, ...]

    @property
    def parts(self) -> tuple[Body, ...]:
        """All components, flattened."""
        return tuple(part for component in self.components for part in _walk(component))

    @property
    def buttons(self) -> tuple[str, ...]:
        """The labels of the buttons that can be clicked."""
        buttons = [part for part in self.parts if part.get("type") == 2 and not part.get("disabled")]
        return tuple(
            text_of(part, "label") or text_of(body_of(part.get("emoji")), "name") for part in buttons
        )

    @property
    def selects(self) -> tuple[str, ...]:
        """The placeholders of the selects that can be used."""
        kinds = (3, 5, 6, 7, 8)
        found = [part for part in self.parts if part.get("type") in kinds and not part.get("disabled")]
        return tuple(text_of(part, "placeholder") or text_of(part, "custom_id") for part in found)

    @property
    def text(self) -> str:
        """Everything there is to read: content, embeds and text displays."""
        texts = [self.content]
        for embed in self.embeds:
            texts += [text_of(embed, "title"), text_of(embed, "description")]
            for entry in bodies_of(embed.get("fields")):
                texts += [text_of(entry, "name"), text_of(entry, "value")]
            texts.append(text_of(body_of(embed.get("footer")), "text"))
        texts += [text_of(part, "content") for part in self.parts]
        return "\n".join(text for text in texts if text)


def _walk(component: Body) -> list[Body]:
    inside = [*bodies_of(component.get("components"))]
    inside += [body_of(component[key]) for key in ("accessory", "component") if component.get(key)]
    return [component, *(part for child in inside for part in _walk(child))]


@dataclass(frozen=True, slots=True)
class SeenThread:
    id: str
    name: str
    parent_id: str
    private: bool
    archived: bool
    locked: bool
    members: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModalField:
    label: str
    description: str | None
    custom_id: str
    type: int
    required: bool
    placeholder: str | None
    value: str | None
    values: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    min_length: int
    max_length: int
    multiline: bool


@dataclass(frozen=True, slots=True)
class SeenModal:
    """A form on the screen. `options` of a field are pairs of label and value."""

    custom_id: str
    title: str
    channel_id: str
    texts: tuple[str, ...]
    fields: tuple[ModalField, ...]

    def field(self, label: str) -> ModalField:
        """A field by its label or custom id."""
        return next(field for field in self.fields if label in (field.label, field.custom_id))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an interaction when the app answered, or after three seconds without an answer.

    `error` is what Discord shows then. `messages` holds the answer if it was a message; what followed is
    read with `messages()`. `field_errors` are the client's own complaints about a form.
    """

    acknowledged: bool
    error: str | None
    milliseconds: float
    deferred: bool
    messages: tuple[SeenMessage, ...]
    modal: SeenModal | None
    choices: tuple[tuple[str, object], ...]
    field_errors: Mapping[str, str]

    @property
    def closed(self) -> bool:
        """Whether a submitted form has left the screen."""
        return self.acknowledged


def message_from(body: Body) -> SeenMessage:
    return SeenMessage(
        id=text_of(body, "id"),
        channel_id=text_of(body, "channel_id"),
        type=number_of(body, "type"),
        author=text_of(body, "author"),
        author_id=text_of(body, "author_id"),
        avatar=text_of(body, "avatar"),
        bot=flag_of(body, "bot"),
        webhook=flag_of(body, "webhook"),
        content=text_of(body, "content"),
        timestamp=text_of(body, "timestamp"),
        edited=flag_of(body, "edited"),
        ephemeral=flag_of(body, "ephemeral"),
        loading=flag_of(body, "loading"),
        pinned=flag_of(body, "pinned"),
        reply_to=optional_text(body, "reply_to"),
        thread_id=optional_text(body, "thread_id"),
        pinged=ids_of(body.get("pinged")),
        attachments=tuple(
            SeenAttachment(
                text_of(item, "id"),
                text_of(item, "name"),
                number_of(item, "size"),
                text_of(item, "content_type"),
                text_of(item, "url"),
            )
            for item in bodies_of(body.get("attachments"))
        ),
        reactions=tuple(
            SeenReaction(text_of(item, "emoji"), ids_of(item.get("users")))
            for item in bodies_of(body.get("reactions"))
        ),
        embeds=bodies_of(body.get("embeds")),
        components=bodies_of(body.get("components")),
    )


def thread_from(body: Body) -> SeenThread:
    return SeenThread(
        id=text_of(body, "id"),
        name=text_of(body, "name"),
        parent_id=text_of(body, "parent_id"),
        private=flag_of(body, "private"),
        archived=flag_of(body, "archived"),
        locked=flag_of(body, "locked"),
        members=ids_of(body.get("members")),
        tags=ids_of(body.get("tags")),
    )


def modal_from(body: Body) -> SeenModal:
    return SeenModal(
        custom_id=text_of(body, "custom_id"),
        title=text_of(body, "title"),
        channel_id=text_of(body, "channel_id"),
        texts=ids_of(body.get("texts")),
        fields=tuple(
            ModalField(
                label=text_of(item, "label"),
                description=optional_text(item, "description"),
                custom_id=text_of(item, "custom_id"),
                type=number_of(item, "type"),
                required=flag_of(item, "required"),
                placeholder=optional_text(item, "placeholder"),
                value=optional_text(item, "value"),
                values=ids_of(item.get("values")),
                options=tuple(
                    (text_of(option, "label"), text_of(option, "value"))
                    for option in bodies_of(item.get("options"))
                ),
                min_length=number_of(item, "min_length"),
                max_length=number_of(item, "max_length"),
                multiline=flag_of(item, "multiline"),
            )
            for item in bodies_of(body.get("fields"))
        ),
    )


def outcome_from(body: Body) -> Outcome:
    milliseconds = body.get("milliseconds")
    modal = body.get("modal")
    return Outcome(
        acknowledged=flag_of(body, "acknowledged"),
        error=optional_text(body, "error"),
        milliseconds=float(milliseconds) if isinstance(milliseconds, int | float) else 0.0,
        deferred=flag_of(body, "deferred"),
        messages=tuple(message_from(item) for item in bodies_of(body.get("messages"))),
        modal=None if modal is None else modal_from(body_of(modal)),
        choices=tuple((text_of(item, "name"), item.get("value")) for item in bodies_of(body.get("choices"))),
        field_errors={label: str(text) for label, text in body_of(body.get("field_errors")).items()},
    )


def transcript(seen: Sequence[SeenMessage]) -> str:
    """Messages as lines to read."""
    lines = []
    for message in seen:
        marks = [mark for mark, on in (("ephemeral", message.ephemeral), ("edited", message.edited)) if on]
        marks += [attachment.name for attachment in message.attachments]
        marks += [f"{reaction.emoji}×{reaction.count}" for reaction in message.reactions]
        suffix = f" [{', '.join(marks)}]" if marks else ""
        lines.append(f"  {message.author}: {message.text!r}{suffix}")
    return "\n".join(lines) or "  nothing"
