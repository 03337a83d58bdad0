"""``chatdesk run`` and ``record``: the service itself, until it is told to end."""

from __future__ import annotations

import asyncio
import signal
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from chatdesk.app import Application, Wrap
from chatdesk.commands.context import Surroundings, say, service_logs, surroundings
from chatdesk.contract.ports import Desk
from chatdesk.errors import ChatdeskError, SettingsError
from chatdesk.process import prefer_quick_answers
from chatdesk.recording import RecordingDesk


def run() -> None:
    """Run the desk: connect to every platform that has a token, until SIGTERM or SIGINT.

    At the start an SQLite database is brought to the newest revision and desk.yaml is applied, unless it
    takes something away that is in use. At the end what is under way is finished, within ten seconds.
    """
    around = surroundings()
    service_logs(around.settings)
    asyncio.run(serve(around, _unrecorded))


def record(
    file: Annotated[Path, typer.Argument(help="Events are appended to it, one a line.", dir_okay=False)],
) -> None:
    """Run the desk, and write what comes in to a file, without anybody's words or names.

    `chatdesk replay` plays the file again, to reproduce a bug.
    """
    around = surroundings()
    service_logs(around.settings)
    asyncio.run(serve(around, partial(RecordingDesk, file=file)))


async def serve(around: Surroundings, wrap: Wrap) -> None:
    """Raises ChatdeskError where it cannot start."""
    prefer_quick_answers()
    enabled = [
        platform
        for platform, package in around.packages.items()
        if package.enabled(around.settings.adapters[platform])
    ]
    if not enabled:
        raise SettingsError(_no_platform(around))
    told_to_end = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, told_to_end.set)
    async with Application(around.settings, packages=around.packages, wrap=wrap) as application:
        ending = asyncio.create_task(told_to_end.wait())
        serving = asyncio.create_task(_serve(application))
        await asyncio.wait({ending, serving}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if serving.done():
            serving.result()
            raise ChatdeskError("the connection to a platform ended; see the log above")
        serving.cancel()
        say("stopping: finishing what is under way")
    say("stopped")


async def _serve(application: Application) -> None:
    for line in await application.ready():
        say(f"connected to {line}")
    if application.http is not None:
        say(f"serving HTTP on {application.http.url}")
    say("ready; end with Ctrl-C")
    await application.wait()


def _no_platform(around: Surroundings) -> str:
    first = [
        f"CHATDESK_{platform.upper()}__{name.upper()}"
        for platform, package in around.packages.items()
        for name in [name for name in package.settings.model_fields if name.endswith("token")][:1]
    ]
    return f"no platform has a token, so there is nothing to connect to; set {' or '.join(first)}"


def _unrecorded(desk: Desk) -> Desk:
    return desk
