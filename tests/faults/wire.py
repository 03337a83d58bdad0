"""The wire between the bot and a platform, which knows when the bot is asking for something to be done.

It passes bytes on and reads no more than the first line of a request. Where a kill is aimed at a request, the
bot dies as the request comes by, which then never reaches the platform; where it is aimed at the time before
its receipt, the platform does what it was asked and the bot dies before it can learn of it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

_WRITES = re.compile(
    rb"POST /api/(chat\.(postMessage|update|delete)|reactions\.(add|remove)|files\.\w+|conversations\.open) "
    rb"|POST /upload/"
    rb"|(POST|PATCH|PUT|DELETE) /api/v10/(channels|webhooks)/(?!\S*/callback)"
)
_CHUNK = 65536


class Moment(StrEnum):
    REQUEST = "in a request"
    RECEIPT = "before its receipt"
    AFTER_RECEIPT = "as its receipt comes"


@dataclass(slots=True)
class Target:
    """What kills the bot at its next request that changes something, and when."""

    moment: Moment | None = None
    skip: int = 0
    """So many requests are let go first."""
    kill: Callable[[], object] | None = None

    def aim(self, kill: Callable[[], object], moment: Moment, skip: int) -> None:
        self.kill, self.moment, self.skip = kill, moment, skip

    def disarm(self) -> None:
        self.moment = None

    def hits(self, moment: Moment) -> bool:
        """Whether this is the moment; then the bot is dead."""
        if self.moment is not moment or self.kill is None:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.moment = None
        self.kill()
        return True


@dataclass(slots=True)
class Wire:
    """Requests of the bot that change something and are not answered yet, and those that were carried out."""

    target: Target
    host: str
    port: int
    connections: set[Connection] = field(default_factory=set)
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a connection of the bot's to the platform until either side ends it."""
        try:
            upstream, downstream = await asyncio.open_connection(self.host, self.port)
        except OSError:
            writer.close()
            return
        connection = Connection(self.target)
        ways = [
            asyncio.create_task(connection.ask(reader, downstream)),
            asyncio.create_task(connection.answer(upstream, writer)),
        ]
        self.serving.update(ways)
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.wait(ways)
            self.serving.difference_update(ways)
            writer.close()
            downstream.close()


@dataclass(slots=True, eq=False)
class Connection:
    """One connection; ``asked`` while a request that changes something is under way on it."""

    target: Target
    asked: bool = False

    async def ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await _read(reader):
            if _WRITES.match(data):
                self.asked = True
                if self.target.hits(Moment.REQUEST):
                    return
            writer.write(data)
            await writer.drain()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await _read(reader):
            asked, self.asked = self.asked, False
            if asked and self.target.hits(Moment.RECEIPT):
                return
            writer.write(data)
            await writer.drain()
            if asked:
                self.target.hits(Moment.AFTER_RECEIPT)


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(_CHUNK)
    except ConnectionError:
        return b""


@asynccontextmanager
async def wire_to(port: int, target: Target) -> AsyncIterator[int]:
    """A wire to a platform on this port of loopback; its own port."""
    wire = Wire(target, "127.0.0.1", port)
    server = await asyncio.start_server(wire.accept, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in list(wire.serving):
            task.cancel()
