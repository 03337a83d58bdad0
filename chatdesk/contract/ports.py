"""The two ports, the desk that adapters call and the adapter that the core calls, and how one is packaged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from chatdesk.contract.inbound import Inbound, ReactionsSeen
from chatdesk.contract.outbound import Copy, Outbound
from chatdesk.contract.questions import Question
from chatdesk.contract.views import Control, Form, Panel
from chatdesk.contract.vocabulary import (
    FileRef,
    IdentityId,
    Installation,
    MessageRef,
    Place,
    Platform,
    Profile,
)

A = TypeVar("A")
SettingsT = TypeVar("SettingsT", bound=BaseModel)

ASGIApp = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The desk did it. ``text`` is CommonMark for the actor alone; nothing is said where it is None."""

    text: str | None = None
    form: Form | None = None
    panel: Panel | None = None
    """To be shown to everybody where the command was given."""
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The desk did nothing. ``text`` is CommonMark for the actor alone.

    ``fields`` are a form's errors, by the field's name.
    """

    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    controls: tuple[Control, ...] = ()


Answer = Accepted | Refused


class Clock(Protocol):
    """Where ``now`` comes from: aware, UTC."""

    def now(self) -> datetime: ...


class Desk(Protocol):
    """The ticket service as an adapter sees it."""

    async def handle(self, event: Inbound) -> Answer:
        """Take in what somebody did, durably: when this returns, it is committed or refused.

        Raises whatever went wrong in ourselves; the adapter then answers with a sentence and a reference.
        """
        ...

    async def ask(self, question: Question[A]) -> A: ...


Record = Callable[[str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a delivery.

    ``uncertain``: an earlier try may have reached the platform; look for our own copy first and return
    that receipt instead of posting twice. ``done`` holds the steps that earlier tries recorded, by name;
    ``record`` persists one before the adapter goes on. ``after`` is the last message that was delivered to
    this place before, a point in its history that our copy cannot be older than; ``since`` is when the
    first try began.
    """

    id: str
    """The delivery's id, at most 20 characters; put into metadata (Slack) and nonces (Discord)."""
    uncertain: bool
    since: datetime
    after: MessageRef | None = None
    done: Mapping[str, str] = field(default_factory=dict)
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an effect on the platform."""

    copies: tuple[Copy, ...] = ()
    opened: Place | None = None
    card: MessageRef | None = None


class DeliveryFailed(Exception):
    """The platform did not take it.

    ``permanent`` is the reason in one clause for a person to read. Without it the courier tries again:
    after ``retry_after`` seconds, or when it sees fit.
    """

    def __init__(
        self,
        *,
        retry_after: float | None = None,
        permanent: str | None = None,
        uncertain: bool = False,
        revoked: bool = False,
        everywhere: bool = False,
        copies: tuple[Copy, ...] = (),
    ) -> None:
        super().__init__(permanent or f"retry after {retry_after} s")
        self.retry_after = retry_after
        self.permanent = permanent
        self.uncertain = uncertain
        """The request may have reached the platform (a time-out, a connection cut)."""
        self.revoked = revoked
        """The credentials of this installation no longer work."""
        self.everywhere = everywhere
        """Nothing of this installation may be sent before ``retry_after`` is over."""
        self.copies = copies
        """What stands there all the same, such as a post's text where only a file was refused."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a platform is worked at once. Requests are paced by the adapter, where they leave."""

    lanes_at_once: int = 32
    """In one installation."""
    lanes_per_channel: int = 4
    """In a channel together with its threads, which share its allowance."""
    merged_characters: int = 1500
    """How much of several posts goes into one message, so that it is not split."""
    one_listener: bool = False
    """Every connection hears everything, so that of several replicas one alone is to be connected."""


@dataclass(frozen=True, slots=True)
class Window:
    """How far ``reconcile`` looks back: not before ``since``, at most ``messages`` messages.

    ``news``: from when on something may have been missed. Commands typed and tickets asked for after it are
    told too, and everything since then is read, however many messages it is. None: there are no commands.
    """

    since: datetime | None
    messages: int
    news: datetime | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One line of ``chatdesk doctor``: fine, or what to do about it."""

    subject: str
    ok: bool
    advice: str = ""


class Adapter(Protocol):
    """A platform as the core sees it."""

    platform: Platform
    asgi: ASGIApp | None
    """What it wants served over HTTP, if anything; mounted at the root."""
    limits: Limits

    @property
    def throttled(self) -> int:
        """How many of our requests were refused so far because they were too many."""
        ...

    async def run(self, desk: Desk) -> None:
        """Connect and listen until cancelled. Sends ``Connected`` for each installation first."""
        ...

    async def ready(self) -> str:
        """Wait until connected; one line saying to what."""
        ...

    async def refresh(self) -> None:
        """The desk's configuration changed: ask ``Wanted`` again and tell what is seen."""
        ...

    async def deliver(self, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        """Show an effect. Raises DeliveryFailed and nothing else for what the platform did."""
        ...

    def open_file(self, ref: FileRef) -> AsyncIterator[bytes]:
        """The file's bytes, streamed, from the platform's own hosts only. Raises DeliveryFailed."""
        ...

    async def profile(self, installation: Installation, identity: IdentityId) -> Profile: ...

    def reconcile(
        self, place: Place, known: Sequence[Copy], window: Window
    ) -> AsyncIterator[Inbound | ReactionsSeen]:
        """What happened in a place, oldest first, whether or not it was seen live. Raises DeliveryFailed.

        ``known`` is what stood there as far as we know; what of it is gone was deleted.
        """
        ...

    def heard_until(self) -> datetime | None:
        """Until when we have been connected without a break; None if we have not been yet."""
        ...

    def check(self, live: bool, scratch: str | None) -> AsyncIterator[Check]:
        """Examine tokens, scopes, intents, permissions; if ``live``, post and delete in ``scratch``."""
        ...


class AdapterPackage(Protocol):
    """What stands under the entry-point group ``chatdesk.adapters``."""

    @property
    def settings(self) -> type[BaseModel]:
        """The adapter's section of the settings; with no token given the platform is off."""
        ...

    def enabled(self, settings: Any) -> bool: ...

    def build(self, settings: Any, clock: Clock) -> Adapter: ...
