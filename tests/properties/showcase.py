"""A platform that keeps what stands in each place, and everything that was ever asked to be shown there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from chatdesk.contract.inbound import Inbound
from chatdesk.contract.outbound import (
    Copy,
    DeleteMessages,
    EditLine,
    EditMessage,
    OpenThread,
    Outbound,
    PostLine,
    PostMessage,
    RetireCard,
    ShowCard,
    TellPerson,
    Whisper,
)
from chatdesk.contract.ports import ASGIApp, Attempt, Check, Desk, Limits, Receipt, Window
from chatdesk.contract.vocabulary import (
    FileRef,
    IdentityId,
    Installation,
    MessageRef,
    Place,
    Platform,
    Profile,
)


@dataclass(slots=True)
class Showcase:
    """Implements ``ports.Adapter``. ``asked``: place (or ``person:…``) and text, whatever became of it."""

    platform: Platform
    asgi: ASGIApp | None = None
    limits: Limits = field(default_factory=Limits)
    throttled: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    standing: dict[MessageRef, str] = field(default_factory=dict)

    async def deliver(self, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        match effect:
            case OpenThread(title, opening):
                opened = Place(at.installation, f"opened-{attempt.id}")
                self._show(MessageRef(opened, attempt.id), f"{title}\n{opening}")
                return Receipt(opened=opened)
            case ShowCard(content, card):
                shown = card or MessageRef(at, f"card-{attempt.id}")
                self._show(shown, f"{content.title}\n{content.summary}\n{content.facts}")
                opened = Place(at.installation, f"under-{attempt.id}")
                return Receipt(card=shown, opened=None if card else opened)
            case RetireCard(card, line):
                self._show(card, line)
            case PostMessage(content):
                ref = MessageRef(at, f"m-{attempt.id}")
                self._show(ref, content.body)
                return Receipt(copies=(Copy("0", ref),))
            case EditMessage(content, copies):
                for copy in copies:
                    self._show(copy.ref, content.body)
                return Receipt(copies=copies)
            case DeleteMessages(copies):
                for copy in copies:
                    self.standing.pop(copy.ref, None)
            case PostLine(text):
                ref = MessageRef(at, f"m-{attempt.id}")
                self._show(ref, text)
                return Receipt(copies=(Copy("0", ref),))
            case EditLine(ref, text):
                self._show(ref, text)
                return Receipt(copies=(Copy("0", ref),))
            case Whisper(to, text) | TellPerson(to, text):
                self.asked.append((f"person:{to}", text))
        return Receipt()

    def _show(self, ref: MessageRef, text: str) -> None:
        self.asked.append((ref.place.id, text))
        self.standing[ref] = text

    def open_file(self, ref: FileRef) -> AsyncIterator[bytes]:
        raise AssertionError("nobody sent a file")

    async def profile(self, installation: Installation, identity: IdentityId) -> Profile:
        return Profile(identity.id)

    def heard_until(self) -> None:
        return None

    async def reconcile(self, place: Place, known: Sequence[Copy], window: Window) -> AsyncIterator[Inbound]:
        return
        yield

    async def run(self, desk: Desk) -> None:
        raise AssertionError("nobody runs it")

    async def ready(self) -> str:
        return "ready"

    async def refresh(self) -> None: ...

    async def check(self, live: bool, scratch: str | None) -> AsyncIterator[Check]:
        yield Check("showcase", True)
