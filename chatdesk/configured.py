"""The configuration of a running process: applied at its start, followed when another process applies one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine

from chatdesk.configuration.applying import apply_if_harmless
from chatdesk.configuration.reading import read_desks
from chatdesk.contract.ports import Adapter, DeliveryFailed
from chatdesk.contract.vocabulary import Platform
from chatdesk.store import desks
from chatdesk.store.engine import one_at_a_time
from chatdesk.store.writer import Writer

LOOK_SECONDS = 3.0
"""How often the configuration's generation is looked at when nothing announces a change."""

log = structlog.get_logger(__name__)


def configure(engine: Engine, desk_file: Path, platforms: Collection[Platform], now: datetime) -> None:
    """Apply desk.yaml where it takes nothing away that is in use. Raises ChatdeskError."""
    wanted = read_desks(desk_file, set(platforms))
    with engine.begin() as connection:
        one_at_a_time(connection)
        plans = apply_if_harmless(connection, wanted, now)
    for plan in plans:
        if plan.changes:
            log.info("configuration applied", desk=plan.desk, changes=[str(each) for each in plan.changes])


async def watch_configuration(writer: Writer, adapters: Collection[Adapter]) -> None:
    """Tell adapters when another process applied a configuration."""
    news = asyncio.Event()
    writer.subscribe(news.set)
    known = await writer.read(desks.generations)
    while True:
        # Not ``wait_for``, which in Python 3.11 loses a cancellation that meets the event.
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await news.wait()
        news.clear()
        now = await writer.read(desks.generations)
        if now != known:
            known = now
            log.info("configuration changed", generations=dict(now))
            await asyncio.gather(*map(_refresh, adapters))


async def _refresh(adapter: Adapter) -> None:
    """An adapter that is not connected asks what is wanted once it is."""
    try:
        await adapter.refresh()
    except DeliveryFailed as failure:
        log.info("not connected at a change", platform=adapter.platform, reason=str(failure))
