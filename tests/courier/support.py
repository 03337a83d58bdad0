"""A courier on a real database, with a platform that does what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, insert

from chatdesk.contract.inbound import Inbound
from chatdesk.contract.outbound import (
    Copy,
    EditLine,
    EditMessage,
    OpenThread,
    Outbound,
    PostLine,
    PostMessage,
    ShowCard,
)
from chatdesk.contract.ports import (
    Accepted,
    Answer,
    ASGIApp,
    Attempt,
    Check,
    DeliveryFailed,
    Desk,
    Limits,
    Receipt,
    Window,
)
from chatdesk.contract.vocabulary import (
    FileRef,
    IdentityId,
    Installation,
    MessageRef,
    Place,
    Platform,
    Profile,
    Side,
)
from chatdesk.courier.courier import Courier
from chatdesk.courier.files import FileStore
from chatdesk.courier.pace import Pace
from chatdesk.courier.reports import Reports
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.ticket import Post, Thread, Ticket
from chatdesk.store import posts, threads, tickets
from chatdesk.store.deliveries import DeliveryRow
from chatdesk.store.engine import open_engine
from chatdesk.store.tables import identities, people
from chatdesk.store.transaction import Transaction
from chatdesk.store.writer import Writer
from tests.store.support import DISCORD, SLACK, database, thread, transaction

PATIENCE = 15.0
QUICK = Pace(first_wait=0.02, longest_wait=0.1, look_every=0.5)
ANA = IdentityId(DISCORD.platform, "42")
BEN = IdentityId(SLACK.platform, "U7")

R = TypeVar("R")
Hook = Callable[[Outbound, Place, Attempt], Awaitable[Receipt | None]]


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Delivered:
    effect: Outbound
    at: Place
    attempt: Attempt


@dataclass
class FakeAdapter:
    """A platform that takes everything, unless ``hook`` raises or answers for it."""

    platform: Platform
    hook: Hook | None = None
    asgi: ASGIApp | None = None
    limits: Limits = field(default_factory=Limits)
    throttled: int = 0
    tried: list[Delivered] = field(default_factory=list)
    taken: list[Delivered] = field(default_factory=list)
    files: dict[str, list[bytes]] = field(default_factory=dict)
    opened_files: list[str] = field(default_factory=list)
    profiles: dict[str, Profile] = field(default_factory=dict)
    asked_profiles: list[str] = field(default_factory=list)
    past: list[Inbound] = field(default_factory=list)
    _messages: int = 0

    async def deliver(self, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        delivered = Delivered(effect, at, attempt)
        self.tried.append(delivered)
        answer = await self.hook(effect, at, attempt) if self.hook else None
        self.taken.append(delivered)
        return answer or self.receipt(effect, at)

    def receipt(self, effect: Outbound, at: Place) -> Receipt:
        match effect:
            case OpenThread():
                opened = Place(at.installation, f"{at.id}/opened-{self._next()}")
                return Receipt(copies=(self._copy(opened),), opened=opened)
            case ShowCard(card=None):
                message = self._copy(at).ref
                return Receipt(card=message, opened=Place(at.installation, f"{at.id}/{message.id}"))
            case ShowCard(card=card):
                return Receipt(card=card)
            case PostMessage() | PostLine():
                return Receipt(copies=(self._copy(at),))
            case EditMessage():
                return Receipt(copies=effect.copies)
            case EditLine():
                return Receipt(copies=(Copy("text:0", effect.ref),))
        return Receipt()

    def _copy(self, at: Place) -> Copy:
        return Copy("text:0", MessageRef(at, f"m{self._next()}"))

    def _next(self) -> int:
        self._messages += 1
        return self._messages

    def open_file(self, ref: FileRef) -> AsyncIterator[bytes]:
        return self._chunks(ref)

    async def _chunks(self, ref: FileRef) -> AsyncIterator[bytes]:
        self.opened_files.append(ref.id)
        if ref.id not in self.files:
            raise DeliveryFailed(permanent="the file is gone")
        for chunk in self.files[ref.id]:
            await asyncio.sleep(0)
            yield chunk

    async def profile(self, installation: Installation, identity: IdentityId) -> Profile:
        self.asked_profiles.append(str(identity))
        if identity.id not in self.profiles:
            raise DeliveryFailed(permanent="no such user")
        return self.profiles[identity.id]

    def heard_until(self) -> None:
        return None

    async def reconcile(self, place: Place, known: Sequence[Copy], window: Window) -> AsyncIterator[Inbound]:
        for event in self.past:
            yield event

    async def run(self, desk: Desk) -> None:
        await asyncio.Event().wait()

    async def ready(self) -> str:
        return "ready"

    async def refresh(self) -> None: ...

    async def check(self, live: bool, scratch: str | None) -> AsyncIterator[Check]:
        yield Check("fake", True)

    def shown(self) -> list[Outbound]:
        return [delivered.effect for delivered in self.taken]


@dataclass
class FakePast:
    """Notes what is brought up from a thread's past."""

    events: list[Inbound] = field(default_factory=list)

    async def catch_up(self, event: Inbound) -> Answer:
        self.events.append(event)
        return Accepted()


@dataclass
class NotedReports:
    """Notes which deliveries were reported, and with which reason."""

    slow: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    recovered: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)

    def as_reports(self) -> Reports:
        def note(to: list[str]) -> Callable[[Connection, DeliveryRow, datetime], None]:
            return lambda connection, row, now: to.append(f"{type(row.effect).__name__}: {row.reason}")

        return Reports(
            slow=note(self.slow),
            failed=note(self.failed),
            recovered=note(self.recovered),
            paused=lambda connection, where, now: self.paused.append(str(where.id)),
            resumed=lambda connection, where, now: self.resumed.append(str(where.id)),
            file_failed=lambda connection, desk, attachment, now: self.files.append(attachment),
        )


@dataclass
class World:
    """One desk with ticket 1, a Slack and a Discord, and the data of a process that can crash."""

    folder: Path
    writer: Writer
    slack: FakeAdapter = field(default_factory=lambda: FakeAdapter(SLACK.platform))
    discord: FakeAdapter = field(default_factory=lambda: FakeAdapter(DISCORD.platform))
    past: FakePast = field(default_factory=FakePast)
    reports: NotedReports = field(default_factory=NotedReports)

    def courier(self, pace: Pace = QUICK) -> Courier:
        adapters = {self.slack.platform: self.slack, self.discord.platform: self.discord}
        return Courier(
            self.writer,
            self.past,
            adapters,
            FileStore(self.folder),
            SystemClock(),
            self.reports.as_reports(),
            pace,
        )

    @asynccontextmanager
    async def running(self, pace: Pace = QUICK) -> AsyncIterator[Courier]:
        """A courier at work; leaving it is a crash: nothing is finished first."""
        courier = self.courier(pace)
        task = asyncio.create_task(courier.run())
        try:
            yield courier
            if task.done():
                task.result()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def do(self, work: Callable[[Transaction], R]) -> R:
        return await self.writer.run(lambda connection: work(transaction(connection)))

    async def look(self, work: Callable[[Transaction], R]) -> R:
        return await self.writer.read(lambda connection: work(transaction(connection)))

    async def restart(self) -> None:
        """The process is gone, and another begins on the same database."""
        await self.writer.close()
        self.writer.engine.dispose()
        self.writer = Writer(open_engine(self.writer.engine.url.render_as_string(hide_password=False)))

    async def add_post(self, post: Post) -> None:
        await self.do(lambda tx: posts.add(tx, post))

    async def add_thread(self, added: Thread) -> Thread:
        await self.do(lambda tx: threads.add(tx, added))
        return added

    async def thread(self, thread_id: str) -> Thread:
        found = await self.look(lambda tx: threads.load(tx, thread_id))
        assert found is not None
        return found


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    """A world on a new SQLite file."""
    async with in_database(folder, database(folder)) as made:
        yield made


@asynccontextmanager
async def in_database(folder: Path, engine: Engine) -> AsyncIterator[World]:
    """A world in a database that has a desk."""
    made = World(folder, Writer(engine))
    await made.do(_furnish)
    try:
        yield made
    finally:
        await made.writer.close()
        made.writer.engine.dispose()


def _furnish(tx: Transaction) -> None:
    now = SystemClock().now()
    for person, identity, name in (("ana", ANA, "Ana"), ("ben", BEN, "Ben")):
        tx.connection.execute(insert(people).values(desk=tx.desk, id=person, created_at=now))
        tx.connection.execute(
            insert(identities).values(
                desk=tx.desk,
                platform=identity.platform,
                id=identity.id,
                person=person,
                installation=(DISCORD if identity is ANA else SLACK).id,
                name=name,
                avatar_url=f"https://pictures.example/{person}.png",
                profiled_at=now,
            )
        )
    tickets.add(
        tx,
        Ticket(
            desk=tx.desk,
            number=1,
            title="The printer is on fire",
            description="It *burns*.",
            requester="ana",
            status=Status.NEW,
            priority="high",
            created_at=now,
            team="support",
        ),
    )
    threads.add(tx, thread("team", Side.TEAM, SLACK, place="C1/team"))
    threads.add(tx, thread("customer", Side.CUSTOMER, DISCORD, place="D1", party=1))


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition that another task brings about."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
