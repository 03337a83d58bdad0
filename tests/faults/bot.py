"""The bot as a process of its own that can be killed and started again, quickly."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.faults import bot_server

PATIENCE = 60.0
_ANSWER = re.compile(r"@(started|ended) (\d+)$")


class Bot:
    """One bot at a time, forked off a process that has everything imported."""

    def __init__(self, server: asyncio.subprocess.Process, log: Path, blind: bool) -> None:
        self._server = server
        self._log = log
        self._blind = blind
        self._pid: int | None = None
        self._started = asyncio.Event()
        self._ended = asyncio.Event()
        self._ready = asyncio.Event()
        self._killed = asyncio.Event()
        self.starts = 0

    @property
    def lives(self) -> bool:
        return self._pid is not None

    async def alive(self) -> None:
        """Start it if it is dead, and wait until it is ready."""
        if not self.lives:
            await self.start()
        await asyncio.wait_for(self._ready.wait(), PATIENCE)

    async def killed(self) -> None:
        """Kill it if it lives, and wait until it is gone."""
        self.kill()
        await asyncio.wait_for(self._ended.wait(), PATIENCE)

    async def start(self) -> None:
        """Fork a bot. Whether it is ready is another question."""
        self._ready.clear()
        self._killed.clear()
        self._started.clear()
        self._tell("start blind" if self._blind else "start")
        await asyncio.wait_for(self._started.wait(), PATIENCE)
        self.starts += 1

    def kill(self) -> None:
        """SIGKILL, now, if it lives."""
        if self._pid is None:
            return
        os.kill(self._pid, signal.SIGKILL)
        self._ended.clear()
        self._killed.set()
        self._tell(f"reap {self._pid}")
        self._pid = None

    async def dies(self, within: float) -> bool:
        """Whether somebody kills it within so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._killed.wait(), within)
        return self._killed.is_set()

    async def read(self) -> None:
        """Follow what is said, for ever; all of it goes into the log."""
        assert self._server.stdout is not None
        with self._log.open("ab") as log:
            while line := await self._server.stdout.readline():
                log.write(line)
                log.flush()
                self._hear(line.decode(errors="replace").rstrip())

    def _hear(self, line: str) -> None:
        answer = _ANSWER.search(line)
        if answer is None:
            if "ready; end with" in line:
                self._ready.set()
        elif answer[1] == "started":
            self._pid = int(answer[2])
            self._started.set()
        else:
            self._ended.set()

    def _tell(self, command: str) -> None:
        assert self._server.stdin is not None
        self._server.stdin.write(f"{command}\n".encode())


@asynccontextmanager
async def bot_in(folder: Path, variables: Mapping[str, str], *, blind: bool = False) -> AsyncIterator[Bot]:
    """A bot that works in a folder with these settings; not started yet."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CHATDESK_")}
    server = await asyncio.create_subprocess_exec(
        sys.executable, str(bot_server.__file__),
        cwd=folder, env={**own, **variables, "PYTHONUNBUFFERED": "1"}, limit=2**24,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    bot = Bot(server, folder / f"{variables.get('CHATDESK_REPLICA', 'bot')}.log", blind)
    reading = asyncio.create_task(bot.read())
    try:
        yield bot
    finally:
        if bot.lives:
            await bot.killed()
        if server.stdin is not None:
            server.stdin.close()
        await server.wait()
        await reading
