"""The stories of ``chatdesk demo``: one ticket from its first word to its end, then a VIP during an outage.

Each step is what somebody does, and what somebody else sees of it, checked where a person would see it.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from chatdesk.configuration.reading import read_desks
from chatdesk.demo import acts, outage
from chatdesk.demo.clock import StoryClock
from chatdesk.demo.printing import Printer, Reader
from chatdesk.demo.readers import of_charged_twice, of_outage
from chatdesk.demo.world import World, world
from chatdesk.logs import configure_logs
from chatdesk.resources import resource
from chatdesk.settings import LogLevel, LogSettings

S = TypeVar("S")
Step = tuple[str, Callable[[], Awaitable[None]]]


@dataclass(frozen=True, slots=True)
class Story:
    """``ticket`` is whose places are shown at the end, each as ``reader`` says who sits there."""

    title: str
    steps: Sequence[Step]
    ticket: int
    reader: Reader


async def run(keep: bool) -> int:
    """Play the stories and print them; 0 only if all of it happened."""
    configure_logs(LogSettings(level=LogLevel.ERROR))
    printer = Printer()
    clock = StoryClock()
    (organisation,) = read_desks(resource("desk.example.yaml"), ())
    clock.go_to_a_morning(organisation.calendars[0])
    with tempfile.TemporaryDirectory(prefix="chatdesk-demo-") as folder:
        printer.say("Starting a Slack, a Discord and chatdesk between them, all on this machine …")
        async with world(Path(folder), clock) as here:
            told = _stories(here, clock)
            done = 0
            for story in told:
                played = await _play(story, here, printer)
                done += played
                if played < len(story.steps):
                    break
            steps = sum(len(story.steps) for story in told)
            printer.end(done, steps)
            if keep:
                await _keep(here, printer)
    return 0 if done == steps else 1


def _stories(here: World, clock: StoryClock) -> Sequence[Story]:
    return (
        Story("Charged twice", _bound(acts.STEPS, acts.Scene(here)), 1, partial(of_charged_twice, here)),
        Story(
            "A VIP during an outage",
            _bound(outage.STEPS, outage.Outage(here, clock)),
            2,
            partial(of_outage, here),
        ),
    )


def _bound(steps: Sequence[tuple[str, Callable[[S], Awaitable[None]]]], scene: S) -> Sequence[Step]:
    return [(told, partial(play, scene)) for told, play in steps]


async def _play(story: Story, here: World, printer: Printer) -> int:
    """How many steps happened."""
    printer.begin(story.title)
    done = 0
    for told, play in story.steps:
        since = time.monotonic()
        try:
            await play()
        except (AssertionError, TimeoutError) as failure:
            printer.failed(told, str(failure))
            break
        done += 1
        printer.step(told, (time.monotonic() - since) * 1000)
    await printer.transcripts(here, story.ticket, story.reader)
    return done


async def _keep(here: World, printer: Printer) -> None:
    printer.say(
        f"Left running until Ctrl-C. Slack: {here.slack.playground.api_url}  "
        f"Discord: {here.discord.playground.api_url}"
    )
    await asyncio.Event().wait()
