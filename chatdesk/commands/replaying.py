"""``chatdesk replay``: recorded events again, against a database of their own."""

from __future__ import annotations

import asyncio
import tempfile
import traceback
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import Surroundings, say, surroundings, terse_logs
from chatdesk.configuration.applying import apply_all
from chatdesk.contract.inbound import Inbound
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.database import open_database
from chatdesk.desk.service import DeskService
from chatdesk.recording import recorded
from chatdesk.settings import Settings
from chatdesk.store.writer import Writer


def replay(
    file: Annotated[Path, typer.Argument(help="What `chatdesk record` wrote.", dir_okay=False)],
) -> None:
    """Hand recorded events to the desk again and print its answers.

    Uses desk.yaml and an empty database of its own, which is removed at the end. Nothing is sent anywhere.
    """
    around = surroundings()
    terse_logs(around.settings)
    with tempfile.TemporaryDirectory(prefix="chatdesk-replay-") as folder:
        failed = asyncio.run(_replay(around, file, Path(folder)))
    if failed:
        raise typer.Exit(1)


async def _replay(around: Surroundings, file: Path, folder: Path) -> int:
    """How many events failed."""
    engine = open_database(Settings(data_dir=folder))
    clock = SystemClock()
    with engine.begin() as connection:
        apply_all(connection, around.organisations(), clock.now())
    writer = Writer(engine)
    failed = handled = 0
    try:
        service = DeskService(writer, clock)
        for each in recorded(file):
            handled += 1
            say(f"{each.line}: {_summary(each.event)}")
            try:
                say(f"    {_shown(await service.handle(each.event))}")
            except Exception:
                failed += 1
                say("    FAILED\n" + "".join(f"    {line}\n" for line in traceback.format_exc().splitlines()))
    finally:
        await writer.close()
        engine.dispose()
    say(f"{handled} events, {failed} failed")
    return failed


def _summary(event: Inbound) -> str:
    at = getattr(event, "at", None)
    when = f" at {at.isoformat()}" if isinstance(at, datetime) else ""
    actor = getattr(event, "actor", None)
    who = f" by {actor.identity}" if actor is not None else ""
    return f"{type(event).__name__}{who}{when}"


def _shown(answer: Answer) -> str:
    if isinstance(answer, Accepted):
        extra = [name for name in ("form", "panel", "controls") if getattr(answer, name)]
        return " ".join(["accepted:", answer.text or "(nothing said)", *(f"[{name}]" for name in extra)])
    return f"refused: {answer.text}{_fields(answer.fields)}"


def _fields(fields: Mapping[str, str]) -> str:
    return "".join(f"; {name}: {text}" for name, text in fields.items())
