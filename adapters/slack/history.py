"""What stands in a place: finding our own copy after an uncertain try, one message, or all that happened."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.pacing import Limit, Rate, Turnstile
from adapters.slack.calls import PAGE, at_once, get, pages
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
from adapters.slack.parse import (
    Names,
    Us,
    asked_key,
    edited,
    emoji_of,
    mentioned,
    said,
    source_message,
)
from adapters.slack.wire import Json, items, mapping, number, strings, text
from chatdesk.contract.inbound import (
    CommandTyped,
    Inbound,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Reaction,
    ReactionsSeen,
    TicketAsked,
)
from chatdesk.contract.outbound import Copy
from chatdesk.contract.ports import Attempt, Window
from chatdesk.contract.vocabulary import TICKET_EMOJI, Actor, Means, Place

DELIVERY_EVENT = "chatdesk_delivery"
_CLOCK_SKEW = timedelta(minutes=2)
_MOST_MESSAGES = 5000
"""At one reading, whatever the window; what is beyond it is read the next time."""
_OfMessage = MessagePosted | MessageEdited | CommandTyped | TicketAsked | ReactionsSeen
_ABSENT = frozenset({"thread_not_found", "message_not_found"})


_SMALL_PAGE = 15
_SCARCE_PER_MINUTE = 5


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests for the past may be made, of each kind."""

    turnstile: Turnstile
    per_minute: float

    @property
    def is_scarce(self) -> bool:
        """Then Slack gives few messages a request too, and old ones are not looked at again."""
        return self.per_minute <= _SCARCE_PER_MINUTE

    @property
    def page(self) -> int:
        return _SMALL_PAGE if self.is_scarce else PAGE

    async def turn(self, method: str) -> None:
        """Wait until one more may be made."""
        rate = Rate(self.per_minute, 60.0, burst=max(1, int(self.per_minute // 5)))
        await self.turnstile.turn((Limit(f"catch-up {method}", rate),))


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
    allowance: Allowance,
    now: datetime,
) -> AsyncGenerator[Inbound | ReactionsSeen, None]:
    """The messages, edits, deletions and reactions of a place as events, oldest first."""
    at = spot(place)
    if allowance.is_scarce and window.since is None:
        window = replace(window, since=window.news)
    found, is_complete = await _within(client, at, window, allowance)
    for message in found:
        names = await people.names(mentioned(message))
        for event in _events_of(message, at.channel, us, names, now, window.news):
            yield await _introduced(event, people)
    since = timestamp(window.since) if window.since else "0"
    until = timestamp(now) if is_complete or not found else text(found[-1], "ts")
    if not is_complete and at.thread is None and found:
        since, until = text(found[0], "ts"), timestamp(now)
    there = {text(message, "ts") for message in found if text(message, "subtype") != "tombstone"}
    for gone in _missing(at, known, there, since, until):
        yield MessageDeleted(message_ref(place, gone), now)


async def _introduced(event: _OfMessage, people: People) -> _OfMessage:
    """With the names of those who did it; a person whom a reaction brings up is asked for later."""
    match event:
        case ReactionsSeen():
            return event
        case TicketAsked():
            author = await people.introduced(event.source.author)
            return replace(
                event,
                actor=await people.introduced(event.actor),
                source=replace(event.source, author=author),
            )
    return replace(event, actor=await people.introduced(event.actor))


def _events_of(
    message: Json, channel: str, us: Us, names: Names, now: datetime, news: datetime | None
) -> Iterator[_OfMessage]:
    """Our own messages are left out, but not people's reactions to them; commands to us only where new."""
    event = said(message, channel, us, names)
    if isinstance(event, MessagePosted):
        yield event
        version = text(message, "edited", "ts")
        if version:
            yield edited(message, channel, us, names, version)
    elif event is not None and news is not None and event.at >= news:
        yield event
    seen = _reactions_of(message, channel, us, now)
    yield seen
    if news is not None and isinstance(event, MessagePosted):
        asked = [one.actor for one in seen.by if one.emoji == TICKET_EMOJI]
        yield from (_ticket_asked(message, channel, us, names, actor, now) for actor in asked[:1])


def _reactions_of(message: Json, channel: str, us: Us, now: datetime) -> ReactionsSeen:
    """Who reacts, as of now: the history does not say since when. Not everybody is named among very many."""
    place = where(us.installation, channel, None)
    by, partly = [], []
    for reaction in items(message, "reactions"):
        emoji, users = emoji_of(text(reaction, "name")), strings(reaction, "users")
        by += [Reaction(Actor(identity(user)), emoji) for user in users if user != us.bot_user]
        if number(reaction, "count") > len(users):
            partly.append(emoji)
    ref = message_ref(place.place, text(message, "ts"))
    return ReactionsSeen(ref, place, tuple(by), timestamp(now), now, tuple(partly))


def _ticket_asked(
    message: Json, channel: str, us: Us, names: Names, actor: Actor, now: datetime
) -> TicketAsked:
    source = source_message(message, channel, us, names)
    return TicketAsked(asked_key(source.ref, actor), actor, source, Means.REACTION, now)


async def _within(
    client: AsyncWebClient, at: Spot, window: Window, allowance: Allowance
) -> tuple[list[Json], bool]:
    """The messages of a window, oldest first, and whether that is all that the place holds since then.

    Slack gives a thread from its beginning and a channel from its end.
    """
    oldest = timestamp(window.since) if window.since else None
    found: list[Json] = []
    is_complete = True
    async for message in _messages(client, at, oldest, allowance.page, allowance.turn):
        if len(found) >= window.messages and not _is_news(message, window, len(found)):
            is_complete = False
            break
        found.append(message)
    found.sort(key=lambda message: text(message, "ts"))
    return found, is_complete


def _is_news(message: Json, window: Window, read: int) -> bool:
    """Whether a message is read although there are many."""
    return window.news is not None and read < _MOST_MESSAGES and moment(text(message, "ts")) >= window.news


async def _messages(
    client: AsyncWebClient,
    at: Spot,
    oldest: str | None,
    page: int = PAGE,
    before: Callable[[str], Awaitable[None]] = at_once,
) -> AsyncIterator[Json]:
    if at.thread is None:
        listed = pages(
            client,
            "conversations.history",
            "messages",
            before,
            limit=page,
            channel=at.channel,
            oldest=oldest,
            include_all_metadata=True,
        )
    else:
        listed = pages(
            client,
            "conversations.replies",
            "messages",
            before,
            limit=page,
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
