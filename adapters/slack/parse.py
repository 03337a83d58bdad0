"""Slack's messages and reactions as inbound events. Pure: payload in, event out, None where it says nothing.

Interactions (commands, buttons, modals) are in ``parse_interactions``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.slack.emoji import unicode_of
from adapters.slack.ids import (
    channel_place,
    identity,
    message_ref,
    moment,
    thread_place,
    where,
)
from adapters.slack.text import to_commonmark
from adapters.slack.wire import Json, items, mapping, number, text, yes
from chatdesk.contract.inbound import (
    CommandTyped,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceGone,
    ReactionSet,
)
from chatdesk.contract.sentences import literal
from chatdesk.contract.vocabulary import (
    Actor,
    FileRef,
    Installation,
    Means,
    MessageRef,
    Profile,
    SourceMessage,
)

Names = Mapping[str, str]
"""Names of people, channels and user groups by id, for mentions that carry none."""

_SAYS_SOMETHING = frozenset({"", "file_share", "thread_broadcast", "me_message", "bot_message"})
_MENTIONED = re.compile(r"<(?:@|#|!subteam\^)([A-Z][A-Z0-9]+)\|?>")
_GONE_FILES = frozenset({"tombstone", "hidden_by_limit"})


@dataclass(frozen=True, slots=True)
class Us:
    """Who we are in a workspace, as ``auth.test`` says."""

    installation: Installation
    workspace: str
    url: str
    """The workspace's own address, such as ``https://acme.slack.com/``."""
    bot_user: str
    bot: str

    def wrote(self, message: Json) -> bool:
        """Whether a message is ours: our bot's, also under another name, or a file that it uploaded."""
        return (bool(self.bot) and text(message, "bot_id") == self.bot) or (
            text(message, "user") == self.bot_user
        )

    def permalink(self, channel: str, ts: str, root: str | None = None) -> str:
        """The address of a message, which Slack builds from its ids."""
        link = f"{self.url}archives/{channel}/p{ts.replace('.', '')}"
        return f"{link}?thread_ts={root}&cid={channel}" if root and root != ts else link


def mentioned(message: Json) -> frozenset[str]:
    """The ids of people, channels and user groups that a message or command mentions without their names."""
    return frozenset(_MENTIONED.findall(text(message, "text")))


def message_event(
    event: Json, us: Us, names: Names
) -> MessagePosted | MessageEdited | MessageDeleted | CommandTyped | None:
    """What an event of type ``message`` says. Our own messages say nothing: they are echoes."""
    match text(event, "subtype"):
        case "message_changed":
            return _changed(event, us, names)
        case "message_deleted":
            return _deleted(event, us)
        case subtype if subtype in _SAYS_SOMETHING:
            return said(event, text(event, "channel"), us, names)
    return None


def said(message: Json, channel: str, us: Us, names: Names) -> MessagePosted | CommandTyped | None:
    """A message as somebody wrote it, from an event or from the history."""
    if us.wrote(message) or not text(message, "ts") or text(message, "subtype") not in _SAYS_SOMETHING:
        return None
    if addressed_to(message, us) is not None:
        return mention(message, channel, us, names)
    return posted(message, channel, us, names)


def addressed_to(message: Json, us: Us) -> str | None:
    """What follows our mention where a message begins with it, else None."""
    begins = re.match(rf"\s*<@{re.escape(us.bot_user)}(?:\|[^>]*)?>[\s:,]*", text(message, "text"))
    return None if begins is None else text(message, "text")[begins.end() :]


def mention(message: Json, channel: str, us: Us, names: Names) -> CommandTyped | None:
    """A command: Slack sends it as ``message`` and as ``app_mention``, which come to the same key."""
    command = addressed_to(message, us)
    if command is None or us.wrote(message):
        return None
    ts = text(message, "ts")
    root = _root_of(message)
    place = where(us.installation, channel, root)
    return CommandTyped(
        key=f"mention:{channel}/{ts}",
        actor=actor_of(message),
        where=place,
        text=to_commonmark(command, names).strip(),
        means=Means.MENTION,
        at=moment(ts),
        reply_to=message_ref(place.place, root) if root else None,
    )


def posted(message: Json, channel: str, us: Us, names: Names) -> MessagePosted:
    source = source_message(message, channel, us, names)
    root = _root_of(message)
    is_dm_reply = channel.startswith("D") and root is not None
    return MessagePosted(
        ref=source.ref,
        where=source.where,
        actor=source.author,
        body=source.body,
        files=source.files,
        at=source.at,
        reply_to=message_ref(source.where.place, root) if is_dm_reply and root else None,
        thread=source.thread,
        link=source.link,
    )


def source_message(message: Json, channel: str, us: Us, names: Names) -> SourceMessage:
    """A message that somebody pointed at."""
    ts = text(message, "ts")
    root = _root_of(message)
    place = where(us.installation, channel, root)
    return SourceMessage(
        ref=message_ref(place.place, ts),
        where=place,
        author=actor_of(message),
        body=body_of(message, names),
        files=files_of(message, us.installation),
        at=moment(ts),
        thread=None if channel.startswith("D") else thread_place(us.installation, channel, root or ts),
        link=us.permalink(channel, ts, root),
    )


def edited(message: Json, channel: str, us: Us, names: Names, version: str) -> MessageEdited:
    place = where(us.installation, channel, _root_of(message))
    return MessageEdited(
        ref=message_ref(place.place, text(message, "ts")),
        where=place,
        actor=actor_of(message),
        body=body_of(message, names),
        files=files_of(message, us.installation),
        version=version,
        at=moment(version),
    )


def _changed(event: Json, us: Us, names: Names) -> MessageEdited | MessageDeleted | None:
    """An edit, unless Slack only unfolded a link, counted a reply or tells us of our own edit."""
    channel, now, before = (
        text(event, "channel"),
        mapping(event, "message"),
        mapping(event, "previous_message"),
    )
    if us.wrote(now) or us.wrote(before):
        return None
    if text(now, "subtype") == "tombstone":
        return _gone(us, channel, text(now, "ts"), _root_of(before), text(event, "event_ts"))
    when = text(now, "edited", "ts")
    was_edited = bool(when) and when != text(before, "edited", "ts")
    is_changed = text(now, "text") != text(before, "text") or _file_ids(now) != _file_ids(before)
    if not (was_edited or is_changed):
        return None
    return edited(now, channel, us, names, when or text(event, "event_ts"))


def _deleted(event: Json, us: Us) -> MessageDeleted | None:
    before = mapping(event, "previous_message")
    if us.wrote(before):
        return None
    ts = text(event, "deleted_ts") or text(before, "ts")
    return _gone(us, text(event, "channel"), ts, _root_of(before), text(event, "event_ts"))


def _gone(us: Us, channel: str, ts: str, root: str | None, event_ts: str) -> MessageDeleted | None:
    if not ts:
        return None
    place = where(us.installation, channel, root).place
    return MessageDeleted(message_ref(place, ts), moment(event_ts))


def reaction(event: Json, us: Us) -> ReactionSet | None:
    """A person's reaction. Its message's thread is not in the event, so the place is the channel."""
    if text(event, "item", "type") != "message" or text(event, "user") in ("", us.bot_user):
        return None
    place = where(us.installation, text(event, "item", "channel"), None)
    return ReactionSet(
        ref=message_ref(place.place, text(event, "item", "ts")),
        where=place,
        actor=Actor(identity(text(event, "user"))),
        emoji=emoji_of(text(event, "reaction")),
        present=text(event, "type") == "reaction_added",
        version=text(event, "event_ts"),
        at=moment(text(event, "event_ts")),
    )


def asked_key(message: MessageRef, actor: Actor) -> str:
    """By which a 🎫 is known, whether it was seen live or when its message was read again."""
    return f"reaction:{message.id}:{actor.identity.id}"


def place_gone(event: Json, us: Us) -> PlaceGone:
    """A channel that was archived or deleted, or that we were removed from."""
    place = channel_place(us.installation, text(event, "channel"))
    return PlaceGone(place, moment(text(event, "event_ts")))


def emoji_of(name: str) -> str:
    """A reaction as Unicode, or as ``:name:`` where it is a custom one."""
    return unicode_of(name) or f":{name}:"


def actor_of(message: Json) -> Actor:
    """Who wrote a message. Another bot is known by its bot id and by the name that it posts under."""
    bot = text(message, "bot_id")
    if not bot:
        return Actor(identity(text(message, "user")))
    name = text(message, "username") or text(message, "bot_profile", "name")
    icon = text(message, "icons", "image_72") or text(message, "bot_profile", "icons", "image_72")
    return Actor(identity(bot), Profile(name, icon or None) if name else None)


def body_of(message: Json, names: Names) -> str:
    """A message's words as CommonMark; where an app wrote in attachments only, their plain form."""
    words = text(message, "text")
    if not words and text(message, "bot_id"):
        attached = (text(part, "fallback") or text(part, "text") for part in items(message, "attachments"))
        words = "\n\n".join(part for part in attached if part)
    body = to_commonmark(words, names)
    links = [
        f"[{literal(text(file, 'name') or text(file, 'title'))}]({text(file, 'external_url')})"
        for file in items(message, "files")
        if yes(file, "is_external") and text(file, "external_url")
    ]
    return "\n\n".join(part for part in (body, *links) if part)


def files_of(message: Json, installation: Installation) -> tuple[FileRef, ...]:
    """The files of a message that have bytes: not those deleted, nor those that stand elsewhere."""
    return tuple(
        FileRef(
            installation=installation,
            id=text(file, "id"),
            name=text(file, "name") or text(file, "title") or text(file, "id"),
            size=number(file, "size"),
            media_type=text(file, "mimetype") or "application/octet-stream",
        )
        for file in items(message, "files")
        if text(file, "id") and text(file, "mode") not in _GONE_FILES and not yes(file, "is_external")
    )


def _file_ids(message: Json) -> list[tuple[str, str]]:
    return [(text(file, "id"), text(file, "mode")) for file in items(message, "files")]


def _root_of(message: Json) -> str | None:
    """The first message of the thread that a message is a reply in; None for the first one itself."""
    root = text(message, "thread_ts")
    return root if root and root != text(message, "ts") else None
