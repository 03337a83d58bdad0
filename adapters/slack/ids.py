"""Slack's ids as the contract's places and messages, and back. Nobody else makes or parses them.

A channel or DM is ``C123``; a thread is ``C123/1700000000.000100``, named by its first message; a message
is ``C123/1700000000.000200`` wherever it stands, because channel and ts name it for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from chatdesk.contract.vocabulary import (
    IdentityId,
    Installation,
    MessageRef,
    Place,
    PlaceKind,
    Platform,
    Where,
)

SLACK = Platform("slack")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place taken apart: a channel and, within it, a thread."""

    channel: str
    thread: str | None

    @property
    def is_dm(self) -> bool:
        return self.channel.startswith("D")


def installation(team: str) -> Installation:
    return Installation(SLACK, team)


def identity(user: str) -> IdentityId:
    return IdentityId(SLACK, user)


def channel_place(where: Installation, channel: str) -> Place:
    return Place(where, channel)


def thread_place(where: Installation, channel: str, root: str) -> Place:
    return Place(where, f"{channel}/{root}")


def spot(place: Place) -> Spot:
    """Where on Slack a place is."""
    channel, _, thread = place.id.partition("/")
    return Spot(channel, thread or None)


def where(at: Installation, channel: str, thread: str | None) -> Where:
    """A place as an event saw it. A DM carries no threads: what is below it stands in the DM itself."""
    whole = channel_place(at, channel)
    if channel.startswith("D"):
        return Where(whole, PlaceKind.DM, whole)
    if thread is None:
        return Where(whole, PlaceKind.CHANNEL, whole)
    return Where(thread_place(at, channel, thread), PlaceKind.THREAD, whole)


def address_of(place: Place) -> str | None:
    """Where Slack's own app shows a place; None for another platform's."""
    if place.platform != SLACK:
        return None
    stands = spot(place)
    inside = f"/thread/{stands.channel}-{stands.thread}" if stands.thread else ""
    return f"https://app.slack.com/client/{place.installation.id}/{stands.channel}{inside}"


def message_id(channel: str, ts: str) -> str:
    return f"{channel}/{ts}"


def message_ref(place: Place, ts: str) -> MessageRef:
    """The message ``ts`` that stands in ``place``."""
    return MessageRef(place, message_id(spot(place).channel, ts))


def channel_and_ts(ref: MessageRef) -> tuple[str, str]:
    """A message's own two names."""
    channel, _, ts = ref.id.partition("/")
    return channel, ts


def moment(ts: str) -> datetime:
    """When a Slack timestamp was. The epoch where it is not one."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def timestamp(at: datetime) -> str:
    """A moment as Slack writes it, with microseconds."""
    return f"{at.timestamp():.6f}"
