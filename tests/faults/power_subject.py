"""The process whose power is cut: a desk that people write to, and that notes down every answer it gives.

``python power_subject.py FOLDER EVENTS [OFF]``. The database and ``answers`` are in the folder; with ``OFF``
SQLite is told not to sync.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from chatdesk.contract.inbound import CommandTyped
from chatdesk.contract.ports import Accepted
from chatdesk.contract.vocabulary import Means
from chatdesk.store import schema
from chatdesk.store.engine import open_engine
from tests.desk.humans import CLEO
from tests.desk.organisation import PUBLIC
from tests.desk.world import World
from tests.faults import power

AT_ONCE = 4


def prepared(engine: Engine, *, syncs: bool) -> Engine:
    """Few pages before a checkpoint, so that there are many checkpoints to be cut off in."""

    def prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_autocheckpoint=60")
        if not syncs:
            cursor.execute("PRAGMA synchronous=OFF")
        cursor.close()

    event.listen(engine, "connect", prepare)
    return engine


async def work(folder: Path, events: int, *, syncs: bool) -> None:
    engine = prepared(open_engine(f"sqlite:///{folder / power.DATABASE}"), syncs=syncs)
    schema.upgrade(engine)
    world = await World.furnish(engine)
    notes = os.open(folder / power.ANSWERS, os.O_WRONLY | os.O_CREAT)

    async def one(number: int) -> None:
        word = power.word(number)
        typed = CommandTyped(
            f"key-{number}", CLEO.actor, PUBLIC, f"open {word}", Means.COMMAND, world.clock.now()
        )
        answer = await world.desk.handle(typed)
        assert isinstance(answer, Accepted), answer
        os.write(notes, f"{word}\n".encode())

    for first in range(0, events, AT_ONCE):
        await asyncio.gather(*(one(number) for number in range(first, min(first + AT_ONCE, events))))
    sys.stdout.flush()
    os._exit(0)  # what a clean end would still write is none of a power cut's


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), int(sys.argv[2]), syncs="OFF" not in sys.argv[3:]))
