"""A bot in a Node process: started with its settings, ended with a signal, and not a word of complaint."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

FOLDER = Path(__file__).parent
OLDEST = (20, 18)
STARTING_SECONDS = 30.0
ENDING_SECONDS = 20.0


def missing() -> str | None:
    """What keeps the bots from running here, in a sentence; None if nothing does."""
    node = shutil.which("node")
    if node is None:
        return "there is no Node.js on this machine"
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = re.findall(r"\d+", said)[:2]
    if (int(major), int(minor)) < OLDEST:
        return f"Node.js {said.strip()} is older than what discord.js asks for (20.18)"
    if not (FOLDER / "node_modules").is_dir():
        return "the JavaScript SDKs are not installed; `make node` installs them"
    return None


@asynccontextmanager
async def running(script: str, **settings: str) -> AsyncIterator[str]:
    """Runs a bot; yields what it says when it is ready. It has to end by itself, with nothing on stderr."""
    with tempfile.TemporaryFile() as complaints:
        process = await asyncio.create_subprocess_exec(
            "node",
            script,
            cwd=FOLDER,
            env={"PATH": os.environ["PATH"], **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=complaints,
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(STARTING_SECONDS):
                first = await process.stdout.readline()
            yield str(json.loads(first or b'{"ready": ""}')["ready"])
        finally:
            if process.returncode is None:
                process.terminate()
            try:
                async with asyncio.timeout(ENDING_SECONDS):
                    rest, _ = await process.communicate()
            except TimeoutError:
                process.kill()
                raise
            complaints.seek(0)
            told = complaints.read().decode()
            assert told == "", told
        assert (process.returncode, rest) == (0, b"")
