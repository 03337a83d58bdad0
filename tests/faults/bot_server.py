"""A process that has chatdesk imported already and forks a bot whenever it is told to.

A process that is killed a thousand times should not import its libraries a thousand times. What is forked
runs ``chatdesk run`` with the environment it finds, and nothing of it is shared with the one before.

Reads commands from its input, a line each: ``start`` or ``start blind``, and ``reap PID``. What the bots say
and its own answers (``@started PID``, ``@ended PID``) go to its output.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import create_engine

from chatdesk import cli
from chatdesk.commands.context import Surroundings, service_logs, surroundings
from chatdesk.commands.running import serve
from chatdesk.contract.inbound import Inbound, ReactionsSeen
from chatdesk.contract.outbound import Copy, Outbound
from chatdesk.contract.ports import (
    Adapter,
    AdapterPackage,
    ASGIApp,
    Attempt,
    Check,
    Clock,
    Desk,
    Limits,
    Receipt,
    Window,
)
from chatdesk.contract.vocabulary import FileRef, IdentityId, Installation, Place, Platform, Profile
from chatdesk.settings import installed_adapters


class BlindAdapter:
    """An adapter that never looks whether an earlier try reached the platform."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter
        self.platform: Platform = adapter.platform
        self.asgi: ASGIApp | None = adapter.asgi
        self.limits: Limits = adapter.limits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)

    async def run(self, desk: Desk) -> None:
        await self._adapter.run(desk)

    async def ready(self) -> str:
        return await self._adapter.ready()

    async def refresh(self) -> None:
        await self._adapter.refresh()

    async def deliver(self, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        return await self._adapter.deliver(effect, at, replace(attempt, uncertain=False))

    def open_file(self, ref: FileRef) -> AsyncIterator[bytes]:
        return self._adapter.open_file(ref)

    async def profile(self, installation: Installation, identity: IdentityId) -> Profile:
        return await self._adapter.profile(installation, identity)

    def reconcile(
        self, place: Place, known: Sequence[Copy], window: Window
    ) -> AsyncIterator[Inbound | ReactionsSeen]:
        return self._adapter.reconcile(place, known, window)

    def heard_until(self) -> datetime | None:
        return self._adapter.heard_until()

    def check(self, live: bool, scratch: str | None) -> AsyncIterator[Check]:
        return self._adapter.check(live, scratch)


@dataclass(frozen=True, slots=True)
class BlindPackage:
    package: AdapterPackage

    @property
    def settings(self) -> type[BaseModel]:
        return self.package.settings

    def enabled(self, settings: Any) -> bool:
        return self.package.enabled(settings)

    def build(self, settings: Any, clock: Clock) -> Adapter:
        return BlindAdapter(self.package.build(settings, clock))


def run_blind() -> None:
    """``chatdesk run`` with the handling of uncertain outcomes switched off."""
    around = surroundings()
    service_logs(around.settings)
    blind: dict[Platform, AdapterPackage] = {
        platform: BlindPackage(package) for platform, package in around.packages.items()
    }
    asyncio.run(serve(Surroundings(around.settings, blind), lambda desk: desk))


def become_bot(blind: bool) -> None:
    """In the forked process: run until killed, and never come back."""
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if blind:
            run_blind()
        else:
            cli.main(["run"])
        status = 0
    finally:
        sys.stdout.flush()
        os._exit(status)


def main() -> None:
    installed_adapters()
    create_engine("sqlite://").connect().close()
    gc.freeze()
    for line in sys.stdin:
        match line.split():
            case ["start", *how]:
                pid = os.fork()
                if pid == 0:
                    become_bot("blind" in how)
                print(f"@started {pid}", flush=True)
            case ["reap", pid_text]:
                os.waitpid(int(pid_text), 0)
                print(f"@ended {pid_text}", flush=True)


if __name__ == "__main__":
    main()
