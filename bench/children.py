"""Processes that are measured: each in a child of its own, on the same footing."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Child:
    """``said`` is the line that it said when it was ready."""

    process: Process
    said: str

    def resident_mebibytes(self) -> float:
        """How much memory it holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024


@asynccontextmanager
async def child(module: str, *arguments: str, settings: Mapping[str, str]) -> AsyncIterator[Child]:
    """``python -m module``, from the line that says that it is ready until its input is closed."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("CHATDESK_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        env=known | dict(settings), stdin=PIPE, stdout=PIPE,
        stderr=None if os.environ.get("BENCH_VERBOSE") else DEVNULL,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    try:
        said = (await asyncio.wait_for(process.stdout.readline(), _START_SECONDS)).decode().strip()
        if not said:
            raise RuntimeError(f"{module} ended before it was ready; BENCH_VERBOSE=1 shows what it says")
        yield Child(process, said)
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


async def until_input_ends() -> None:
    """How a child waits for its end."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
