"""What stands in a place: finding our own copy after an uncertain try, one message, or all that happened."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import get, pages
from adapters.slack.ids import (
    SLACK,
    Spot,
    channel_and_ts,
    identity,
    message_ref,
    moment,
    spot,
    timestamp,
    where,
)
from adapters.slack.parse import Names, Us, edited, emoji_of, mentioned, said
from adapters.slack.wire import Json, items, mapping, strings, text
from chatdesk.contract.inbound import Inbound, MessageDeleted, MessageEdited, MessagePosted, ReactionSet
from chatdesk.contract.outbound import Copy
from chatdesk.contract.ports import Attempt, Window
from chatdesk.contract.vocabulary import Actor, Place

DELIVERY_EVENT = "chatdesk_delivery"
_CLOCK_SKEW = timedelta(minutes=2)
_ABSENT = frozenset({"thread_not_found", "message_not_found"})


class People(Protocol):
    """What is needed to know of people while reading what they wrote."""

    async def names(self, ids: frozenset[str]) -> Names: ...

    async def introduced(self, actor: Actor) -> Actor: ...


def delivery_mark(attempt: Attempt, part: str) -> dict[str, object]:
    """The metadata by which our own message is found again."""
    return {"event_type": DELIVERY_EVENT, "event_payload": {"delivery": attempt.id, "part": part}}


async def find_own(client: AsyncWebClient, at: Spot, attempt: Attempt, part: str) -> str | None:
    """The ts of the message that an earlier try of this delivery left in a place, if it did."""
    async for message in _messages(client, at, oldest=_cannot_be_older(at, attempt)):
        metadata = mapping(message, "metadata")
        payload = mapping(metadata, "event_payload")
        if (
            text(metadata, "event_type") == DELIVERY_EVENT
            and text(payload, "delivery") == attempt.id
            and text(payload, "part") == part
        ):
            return text(message, "ts") or None
    return None


async def fetch_message(client: AsyncWebClient, channel: str, ts: str) -> Json | None:
    """One message, wherever it stands; None where it is gone.

    ``conversations.replies`` knows the replies of a thread, which the channel's history does not.
    """
    try:
        found = await get(
            client, "conversations.replies", channel=channel, ts=ts, oldest=ts, inclusive=True, limit=15
        )
    except SlackApiError as error:
        if error.response.get("error") not in _ABSENT:
            raise
        return None
    return next((one for one in items(found, "messages") if text(one, "ts") == ts), None)


async def what_happened(
    client: AsyncWebClient,
    us: Us,
    people: People,
    place: Place,
    known: Sequence[Copy],
    window: Window,
    now: datetime,
) -> AsyncGenerator[Inbound, None]:
    """The messages, edits, deletions and reactions of a place as events, oldest first."""
    at = spot(place)
    found, is_complete = await _within(client, at, window)
    for message in found:
        names = await people.names(mentioned(message))
        for event in _events_of(message, at.channel, us, names, now):
            yield replace(event, actor=await people.introduced(event.actor))
    since = timestamp(window.since) if window.since else "0"
    until = timestamp(now) if is_complete or not found else text(found[-1], "ts")
    if not is_complete and at.thread is None and found:
        since, until = text(found[0], "ts"), timestamp(now)
    there = {text(message, "ts") for message in found if text(message, "subtype") != "tombstone"}
    for gone in _missing(at, known, there, since, until):
        yield MessageDeleted(message_ref(place, gone), now)


def _events_of(
    message: Json, channel: str, us: Us, names: Names, now: datetime
) -> Iterator[MessagePosted | MessageEdited | ReactionSet]:
    """Our own messages and commands to us are left out, but not people's reactions to our messages."""
    event = said(message, channel, us, names)
    if isinstance(event, MessagePosted):
        yield event
        version = text(message, "edited", "ts")
        if version:
            yield edited(message, channel, us, names, version)
    yield from _reactions_of(message, channel, us, now)


def _reactions_of(message: Json, channel: str, us: Us, now: datetime) -> Iterator[ReactionSet]:
    """Who has reacted, as of now: the history does not say when."""
    ts = text(message, "ts")
    place = where(us.installation, channel, None)
    for reaction in items(message, "reactions"):
        for user in strings(reaction, "users"):
            if user == us.bot_user:
                continue
            yield ReactionSet(
                ref=message_ref(place.place, ts),
                where=place,
                actor=Actor(identity(user)),
                emoji=emoji_of(text(reaction, "name")),
                present=True,
                version=timestamp(now),
                at=now,
            )


async def _within(client: AsyncWebClient, at: Spot, window: Window) -> tuple[list[Json], bool]:
    """The messages of a window, oldest first, and whether that is all that the place holds since then.

    Slack gives a thread from its beginning and a channel from its end.
    """
    oldest = timestamp(window.since) if window.since else None
    found: list[Json] = []
    is_complete = True
    async for message in _messages(client, at, oldest):
        if len(found) == window.messages:
            is_complete = False
            break
        found.append(message)
    found.sort(key=lambda message: text(message, "ts"))
    return found, is_complete


async def _messages(client: AsyncWebClient, at: Spot, oldest: str | None) -> AsyncIterator[Json]:
    if at.thread is None:
        listed = pages(
            client,
            "conversations.history",
            "messages",
            channel=at.channel,
            oldest=oldest,
            include_all_metadata=True,
        )
    else:
        listed = pages(
            client,
            "conversations.replies",
            "messages",
            channel=at.channel,
            ts=at.thread,
            oldest=oldest,
            include_all_metadata=True,
        )
    async for message in listed:
        yield message


def _cannot_be_older(at: Spot, attempt: Attempt) -> str:
    """A moment before which our copy cannot have been posted: by Slack's clock where we know one."""
    if attempt.after is not None and attempt.after.place.platform == SLACK:
        channel, ts = channel_and_ts(attempt.after)
        if channel == at.channel:
            return ts
    return timestamp(attempt.since - _CLOCK_SKEW)


def _missing(at: Spot, known: Sequence[Copy], there: set[str], since: str, until: str) -> list[str]:
    """Copies that stood in the examined stretch and are not there any more."""
    refs = {channel_and_ts(copy.ref) for copy in known}
    return sorted(
        ts
        for channel, ts in refs
        if channel == at.channel and ts not in there and moment(since) <= moment(ts) <= moment(until)
    )
