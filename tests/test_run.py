"""``chatdesk run`` as a process: what it says, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from chatdesk.resources import resource
from chatdesk_playground.slack import SlackPlayground

SECONDS = 30


class Process:
    """A running command, read line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []

    async def says(self, beginning: str) -> str:
        """Wait for a line. Raises AssertionError, with all that was said, if it ends without."""
        assert self._process.stdout is not None
        async with asyncio.timeout(SECONDS):
            while line := (await self._process.stdout.readline()).decode():
                self.lines.append(line.rstrip("\n"))
                if line.startswith(beginning):
                    return self.lines[-1]
        raise AssertionError(f"it never said {beginning!r}, but: {self.lines}")

    async def ends(self) -> int:
        async with asyncio.timeout(SECONDS):
            return await self._process.wait()

    def told(self, signal_number: signal.Signals) -> None:
        self._process.send_signal(signal_number)


@asynccontextmanager
async def _running(folder: Path, *command: str, **variables: str) -> AsyncIterator[Process]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("CHATDESK_")}
    environment: Mapping[str, str] = {**own, **variables, "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatdesk", *command,
        cwd=folder, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield Process(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
async def slack() -> AsyncIterator[SlackPlayground]:
    async with SlackPlayground.running() as playground:
        yield playground


def _configured(folder: Path) -> None:
    (folder / "desk.yaml").write_text("desk: acme\nteams:\n  support: {home: 'slack:#support'}\n")


async def _workspace(slack: SlackPlayground) -> dict[str, str]:
    """A workspace with the app installed; the variables that connect to it."""
    app = await slack.control.create_workspace("acme")
    manifest = YAML(typ="safe").load(resource("manifest.yaml").read_text(encoding="utf-8"))
    await slack.control.install_manifest(app.team_id, manifest)
    await slack.control.create_channel(app.team_id, "support", members=[], bot=True)
    return {
        "CHATDESK_SLACK__BOT_TOKEN": app.bot_token,
        "CHATDESK_SLACK__APP_TOKEN": app.app_token,
        "CHATDESK_SLACK__API_URL": slack.api_url,
    }


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_what_it_is_connected_to_and_ends_cleanly(
    tmp_path: Path, slack: SlackPlayground, signal_number: signal.Signals
) -> None:
    _configured(tmp_path)
    variables = await _workspace(slack)
    async with _running(tmp_path, "run", CHATDESK_HTTP__PORT="0", **variables) as process:
        assert "acme" in await process.says("connected to slack: ")
        await process.says("serving HTTP on http://127.0.0.1:")
        await process.says("ready; ")
        process.told(signal_number)
        await process.says("stopped")
        assert await process.ends() == 0
        tokens = [value for name, value in variables.items() if name.endswith("TOKEN")]
        assert not [line for line in process.lines if any(token in line for token in tokens)]


async def test_doctor_finds_a_good_installation_fine_and_tries_it_live(
    tmp_path: Path, slack: SlackPlayground
) -> None:
    _configured(tmp_path)
    variables = await _workspace(slack)
    async with _running(tmp_path, "doctor", "--live", "--scratch", "slack:#support", **variables) as process:
        await process.says("everything is fine")
        assert await process.ends() == 0
        assert [line for line in process.lines if not line.startswith("ok ")] == ["everything is fine"]


async def test_what_record_wrote_is_replayed(tmp_path: Path, slack: SlackPlayground) -> None:
    _configured(tmp_path)
    variables = await _workspace(slack)
    async with _running(tmp_path, "record", "events.jsonl", **variables) as process:
        await process.says("ready; ")
        process.told(signal.SIGTERM)
        assert await process.ends() == 0
    async with _running(tmp_path, "replay", "events.jsonl") as process:
        assert "Connected" in await process.says("1: ")
        assert (await process.says("")).startswith("    accepted")
        assert await process.ends() == 0


async def test_a_revoked_token_is_one_sentence(tmp_path: Path, slack: SlackPlayground) -> None:
    _configured(tmp_path)
    variables = {
        "CHATDESK_SLACK__BOT_TOKEN": "xoxb-not-a-token",
        "CHATDESK_SLACK__APP_TOKEN": "xapp-not-a-token",
        "CHATDESK_SLACK__API_URL": slack.api_url,
    }
    async with _running(tmp_path, "run", **variables) as process:
        told = await process.says("slack: ")
        assert await process.ends() == 2
        assert [line for line in process.lines if '"info"' not in line] == [told]
