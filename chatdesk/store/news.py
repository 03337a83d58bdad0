"""Who is told that something was announced: subscribers here, and other processes on the same database."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine

from chatdesk.store.engine import many_processes, tell_others, told
from chatdesk.store.ids import new_id

_AGAIN_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Subscription:
    loop: asyncio.AbstractEventLoop
    callback: Callable[[], None]


class News:
    """Subscriptions, and on a database of many processes the two threads that hear and tell.

    Telling is a transaction of its own behind the commit, one for all that was announced meanwhile: inside
    the commits it would put those of all processes in one row. A process that dies in between leaves work
    that others find when they look by themselves.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._name = new_id()
        self._reaches_out = many_processes(engine)
        self._subscriptions: list[_Subscription] = []
        self._lock = threading.Lock()
        self._threads: dict[str, threading.Thread] = {}
        self._to_tell = threading.Event()
        self._closed = threading.Event()

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` in the running loop at each announcement. Returns what ends the subscription."""
        subscription = _Subscription(asyncio.get_running_loop(), callback)
        self._subscriptions = [*self._subscriptions, subscription]
        if self._reaches_out:
            self._begin("chatdesk-hearing", self._hear)

        def unsubscribe() -> None:
            self._subscriptions = [other for other in self._subscriptions if other is not subscription]

        return unsubscribe

    def announce(self) -> None:
        """Something was committed that subscribers wait for."""
        self.tell_here()
        if self._reaches_out:
            self._begin("chatdesk-telling", self._tell)
            self._to_tell.set()

    def tell_here(self) -> None:
        for subscription in self._subscriptions:
            call(subscription.loop, subscription.callback)

    def close(self) -> None:
        """Tell what is left to be told, and end the threads: the one that hears wakes by being told."""
        self._closed.set()
        if self._threads:
            self._begin("chatdesk-telling", self._tell)
            self._to_tell.set()
        for thread in self._threads.values():
            thread.join()

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        with self._lock:
            if name not in self._threads:
                self._threads[name] = threading.Thread(target=work, name=name, daemon=True)
                self._threads[name].start()

    def _tell(self) -> None:
        last = False
        while not last:
            self._to_tell.wait()
            self._to_tell.clear()
            last = self._closed.is_set()
            try:
                tell_others(self._engine, self._name)
            except Exception as error:
                log.warning("other processes could not be told", error=repr(error))

    def _hear(self) -> None:
        while not self._closed.is_set():
            try:
                for teller in told(self._engine, self._closed.is_set):
                    if teller != self._name:
                        self.tell_here()
            except Exception as error:
                log.warning("other processes are not heard", error=repr(error))
                self._closed.wait(_AGAIN_SECONDS)


def call(loop: asyncio.AbstractEventLoop, callback: Callable[[], object]) -> None:
    """Call something in a loop from another thread; a loop that is closed has nobody left to be told."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(callback)
