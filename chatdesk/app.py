"""The composition root: the one file that builds adapters, engine, courier and scheduler, and ends them.

Several applications may run in one process; nothing here is global.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType
from typing import Any, Self

import structlog

from chatdesk.assistant import AssistantCaller
from chatdesk.clocks import SystemClock
from chatdesk.clockwork import Clockwork
from chatdesk.configured import configure, watch_configuration
from chatdesk.contract.ports import Adapter, Clock, DeliveryFailed, Desk
from chatdesk.contract.shards import Sharded, shards_of
from chatdesk.contract.vocabulary import Platform
from chatdesk.courier.catch_ups import CatchUps
from chatdesk.courier.courier import Courier
from chatdesk.courier.holding import Outbound
from chatdesk.courier.pace import Pace
from chatdesk.courier.sweeping import FileSweep
from chatdesk.database import open_database
from chatdesk.desk.service import DeskService
from chatdesk.errors import ChatdeskError
from chatdesk.health import Health, PlatformState
from chatdesk.housekeeping import reports, sweeps
from chatdesk.listening import AGAIN_SECONDS, Listening
from chatdesk.metrics import Metrics
from chatdesk.quarantine import QuarantiningDesk
from chatdesk.serving import HttpServer
from chatdesk.settings import Packages, Settings, installed_adapters
from chatdesk.shard_listening import ShardListening
from chatdesk.storage import open_files
from chatdesk.store.keeper import Keeper, Sole, keeper_for
from chatdesk.store.writer import Writer
from chatdesk.tracing import Tracing, open_tracing
from chatdesk.watching import WatchedDesk, WatchedPast, Watcher
from chatdesk.webhooks import WebhookSender

log = structlog.get_logger(__name__)

DEFAULT_PORT = 8080
PATIENCE_SECONDS = 10.0
"""How long stopping waits for what is under way."""

Wrap = Callable[[Desk], Desk]


def _as_it_is(desk: Desk) -> Desk:
    return desk


class Application:
    """A running chatdesk, from ``async with`` to its end.

    ``wrap`` is put in front of the desk that adapters are handed (to record, for instance). ``patience`` is
    how many seconds ending may take. Entering raises ChatdeskError where settings, configuration or
    database do not allow a start.
    """

    writer: Writer
    desk: Desk
    adapters: Mapping[Platform, Adapter]
    leases: Keeper | Sole
    courier: Courier
    catch_ups: CatchUps
    http: HttpServer | None
    metrics: Metrics

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        packages: Packages | None = None,
        wrap: Wrap = _as_it_is,
        patience: float = PATIENCE_SECONDS,
        pace: Pace | None = None,
    ) -> None:
        self.settings = settings
        self._clock = clock or SystemClock()
        self._packages = installed_adapters() if packages is None else packages
        self._wrap = wrap
        self._patience = patience
        self._pace = pace or Pace()
        self._stack = AsyncExitStack()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._connected: dict[Platform, asyncio.Task[str]] = {}
        self._away: dict[Platform, str] = {}
        self._shards: dict[Platform, ShardListening] = {}

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            engine = await asyncio.to_thread(open_database, self.settings)
            stack.callback(engine.dispose)
            await asyncio.to_thread(
                configure, engine, self.settings.desk_file, self._packages.keys(), self._clock.now()
            )
            self.metrics = Metrics()
            self.writer = Writer(engine, self.metrics.committed)
            tracing = open_tracing(self.settings.tracing)
            stack.push_async_callback(asyncio.to_thread, tracing.close)
            stack.push_async_callback(self.writer.close)
            self.leases = keeper_for(self.writer, self.settings.replica)
            self._compose(tracing)
            await self._start(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def ready(self) -> Sequence[str]:
        """Wait until every platform is connected; a line for each, saying to what.

        Raises what an adapter ended with, if one did instead.
        """
        lines = []
        for platform, shards in self._shards.items():
            said = asyncio.create_task(shards.ready())
            await asyncio.wait({said, self._running[platform]}, return_when=asyncio.FIRST_COMPLETED)
            if not said.done():
                said.cancel()
                self._running[platform].result()
            lines.append(f"{platform}: {await said}")
        for platform, connected in self._connected.items():
            elsewhere = asyncio.create_task(self._listening.until_standing_by(platform))
            waited_for = {connected, self._running[platform], elsewhere}
            await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
            elsewhere.cancel()
            if not connected.done() and self._listening.stands_by(platform):
                lines.append(f"{platform}: another replica listens; this one stands by")
                continue
            if not connected.done():
                self._running[platform].result()
                raise ChatdeskError(f"{platform}: ended before it was connected")
            lines.append(f"{platform}: {connected.result()}")
        return lines

    async def wait(self) -> None:
        """Until something that should run for ever ends. Raises what it ended with."""
        done, _ = await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def quiet(self, seconds: float = 10.0) -> None:
        """Wait until what was missed was read, and the courier has nothing due and nothing in flight.

        Raises TimeoutError.
        """
        await self.catch_ups.drain(seconds)
        await self.courier.drain(seconds)

    def _compose(self, tracing: Tracing) -> None:
        watcher = Watcher(self.metrics, tracing, self._clock)
        self.adapters = {
            platform: package.build(self.settings.adapters[platform], self._clock)
            for platform, package in self._packages.items()
            if platform in self.settings.adapters and package.enabled(self.settings.adapters[platform])
        }
        sharded = {platform: shards_of(adapter) for platform, adapter in self.adapters.items()}
        divided = {platform: each for platform, each in sharded.items() if each is not None}
        alone = [
            platform
            for platform, adapter in self.adapters.items()
            if adapter.limits.one_listener and platform not in divided
        ]
        self._listening = Listening(self.leases, alone)
        service = DeskService(self.writer, self._clock)
        past = WatchedPast(service, watcher)
        self.catch_ups = CatchUps(self.writer, past, self.adapters, self._clock)
        watched = WatchedDesk(QuarantiningDesk(service, self.writer, self._clock), watcher)
        self.desk = self._wrap(self.catch_ups.before(watched))
        files = open_files(self.settings)
        self._file_sweep = FileSweep(self.writer, files, self._clock)
        secret = self.settings.webhooks.secret
        self._webhooks = WebhookSender(
            self.writer, self._clock, secret.get_secret_value() if secret else None
        )
        self._assistant = AssistantCaller(
            self.writer, self._clock, self.settings.assistant, self.metrics.assisted
        )
        sharding = {platform: each.sharding for platform, each in divided.items()}
        outbound = Outbound(self.leases, self.adapters, alone, sharding)
        self.courier = Courier(
            self.writer, past, self.adapters, files, self._clock, reports(), self._pace, watcher, outbound
        )
        self.leases.on_loss(self.courier.lost)
        self._shards = {platform: self._share(platform, each) for platform, each in divided.items()}
        self._clockwork = Clockwork(self.writer, sweeps(), self._clock, self.metrics.ticked)
        self.http = self._http()

    def _share(self, platform: Platform, adapter: Sharded) -> ShardListening:
        gone = partial(self.catch_ups.gone, platform, adapter.sharding)
        return ShardListening(platform, adapter, self.leases, self.desk, self.courier.leaving, gone)

    def _http(self) -> HttpServer | None:
        """Where a platform calls us, or where a port was asked for."""
        apps = [adapter.asgi for adapter in self.adapters.values() if adapter.asgi is not None]
        port = self.settings.http.port
        if port is None and not apps:
            return None
        health = Health(self.writer, self.metrics, self._clock, self._platforms)
        port = DEFAULT_PORT if port is None else port
        return HttpServer(self.settings.http.host, port, apps, health.unready, health.page)

    def _platforms(self) -> Sequence[PlatformState]:
        shared = [
            shards.state(self.adapters[platform].throttled) for platform, shards in self._shards.items()
        ]
        return shared + [
            PlatformState(
                platform,
                connected=self._connected[platform].done(),
                stands_by=self._listening.stands_by(platform),
                away=self._away.get(platform),
                throttled=adapter.throttled,
            )
            for platform, adapter in self.adapters.items()
            if platform in self._connected
        ]

    async def _start(self, stack: AsyncExitStack) -> None:
        """Each registers its end first, so that the end comes in the opposite order: nothing new is begun,
        what is under way is delivered, the platforms are left, and the store is closed last."""
        self._run(stack, "leases", self.leases.run())
        if self.http is not None:
            self._run(stack, "http", self.http.run())
        for platform, adapter in self.adapters.items():
            if platform in self._shards:
                self._run(stack, platform, self._shards[platform].run())
                continue
            self._run(stack, platform, self._listen(platform, adapter))
            self._connected[platform] = asyncio.create_task(adapter.ready())
            stack.push_async_callback(_cancelled, self._connected[platform], self._patience)
        self._run(stack, "courier", self.courier.run())
        self._run(stack, "catch-up", self.catch_ups.run())
        stack.push_async_callback(self._deliver_the_rest)
        self._run(stack, "files", self._file_sweep.run())
        self._run(stack, "webhooks", self._webhooks.run())
        self._run(stack, "assistant", self._assistant.run())
        self._run(stack, "configuration", watch_configuration(self.writer, self.adapters.values()))
        await self._clockwork.start()
        stack.push_async_callback(self._clockwork.stop)

    def _run(self, stack: AsyncExitStack, name: str, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work, name=f"chatdesk {name}")
        self._running[name] = task
        stack.push_async_callback(_cancelled, task, self._patience)

    async def _listen(self, platform: Platform, adapter: Adapter) -> None:
        """Keep an adapter running, whatever happens to its platform.

        Raises ChatdeskError where it is refused before it was ever connected: then the settings are wrong.
        """
        while True:
            try:
                if not await self._listening.in_turn(platform, partial(adapter.run, self.desk)):
                    continue
                self._away[platform] = "it ended"
            except DeliveryFailed as failure:
                if failure.permanent and not self._connected[platform].done():
                    raise ChatdeskError(f"{platform}: {failure.permanent}") from None
                self._away[platform] = str(failure)
            except ChatdeskError:
                raise
            except Exception as error:
                # One platform's adapter that breaks must not take the others along.
                log.exception("an adapter broke", platform=platform)
                self._away[platform] = repr(error)
            log.error("platform is away", platform=platform, reason=self._away[platform])
            await asyncio.sleep(AGAIN_SECONDS)
            del self._away[platform]

    async def _deliver_the_rest(self) -> None:
        try:
            await self.courier.drain(self._patience)
        except TimeoutError:
            log.warning("what is left is delivered after the next start", lanes=self.courier.working)


async def _cancelled(task: asyncio.Task[Any], patience: float) -> None:
    """End a task and wait for its end, though not for ever."""
    task.cancel()
    await asyncio.wait({task}, timeout=patience)
    if not task.done():
        log.warning("did not end in time", task=task.get_name())
        return
    error = None if task.cancelled() else task.exception()
    # A ChatdeskError has been told to the operator.
    if error is not None and not isinstance(error, ChatdeskError):
        log.warning("ended with an error", task=task.get_name(), exc_info=error)
