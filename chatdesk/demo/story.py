"""The story of ``chatdesk demo``: one ticket from a customer's message in Discord to its end in Slack.

Each step is what somebody does, and what somebody else sees of it, checked where a person would see it.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from chatdesk.demo.acts import STEPS, Scene
from chatdesk.demo.printing import Printer
from chatdesk.demo.world import World, world
from chatdesk.logs import configure_logs
from chatdesk.settings import LogLevel, LogSettings


@dataclass(slots=True)
class Result:
    done: int = 0
    failures: list[str] = field(default_factory=list)


async def run(keep: bool) -> int:
    """Play the story and print it; 0 only if all of it happened."""
    configure_logs(LogSettings(level=LogLevel.ERROR))
    printer = Printer()
    with tempfile.TemporaryDirectory(prefix="chatdesk-demo-") as folder:
        printer.say("Starting a Slack, a Discord and chatdesk between them, all on this machine …")
        async with world(Path(folder)) as here:
            result = await _play(here, printer)
            await printer.transcripts(here)
            printer.end(result.done, len(STEPS), result.failures)
            if keep:
                await _keep(here, printer)
    return 0 if result.done == len(STEPS) else 1


async def _play(here: World, printer: Printer) -> Result:
    scene, result = Scene(here), Result()
    for told, play in STEPS:
        try:
            await play(scene)
        except (AssertionError, TimeoutError) as failure:
            result.failures.append(f"{told}\n{failure}")
            printer.failed(told, str(failure))
            break
        result.done += 1
        printer.step(told, scene.milliseconds())
    return result


async def _keep(here: World, printer: Printer) -> None:
    printer.say(
        f"Left running until Ctrl-C. Slack: {here.slack.playground.api_url}  "
        f"Discord: {here.discord.playground.api_url}"
    )
    await asyncio.Event().wait()
