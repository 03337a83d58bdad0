"""``chatdesk quarantine``: what came in and could not be handled."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import out, say, surroundings, table, terse_logs, transaction
from chatdesk.contract.ports import Clock, Desk
from chatdesk.database import open_as_it_is
from chatdesk.desk.service import DeskService
from chatdesk.errors import ChatdeskError
from chatdesk.settings import Settings
from chatdesk.store import quarantine
from chatdesk.store.writer import Writer

app = typer.Typer(help="What came in and could not be handled.", no_args_is_help=True)


@app.command(name="list", epilog="Example: chatdesk quarantine list")
def list_() -> None:
    """List events that failed and were set aside."""
    with transaction(surroundings().settings) as connection:
        found = quarantine.listed(connection)
    if not found:
        say("the quarantine is empty")
        return
    listing = table("id", "event", "came", "tries", "error")
    for each in found:
        came = each.at.isoformat(timespec="seconds")
        listing.add_row(each.id, each.kind, came, str(each.attempts), each.error)
    out().print(listing)


@app.command(epilog="Example: chatdesk quarantine retry")
def retry(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="As `list` prints them; all without any.")
    ] = None,
) -> None:
    """Hand events to the desk again. What is handled leaves the quarantine."""
    settings = surroundings().settings
    terse_logs(settings)
    if asyncio.run(_retry(settings, ids or ())):
        raise typer.Exit(1)


async def _retry(settings: Settings, ids: Sequence[str]) -> int:
    """How many failed again."""
    engine = open_as_it_is(settings)
    writer, clock = Writer(engine), SystemClock()
    try:
        held = await writer.read(quarantine.listed)
        unknown = sorted(set(ids) - {each.id for each in held})
        if unknown:
            raise ChatdeskError(f"not in quarantine: {', '.join(unknown)}; see `chatdesk quarantine list`")
        desk = DeskService(writer, clock)
        chosen = [each for each in held if not ids or each.id in ids]
        handled = [await _handled(desk, writer, clock, each) for each in chosen]
    finally:
        await writer.close()
        engine.dispose()
    say(f"{sum(handled)} handled, {len(handled) - sum(handled)} failed again")
    return len(handled) - sum(handled)


async def _handled(desk: Desk, writer: Writer, clock: Clock, held: quarantine.Held) -> bool:
    try:
        if held.event is None:
            raise ValueError("this version does not understand the event")
        await desk.handle(held.event)
    except Exception as error:
        await writer.run(partial(quarantine.failed_again, held=held.id, error=repr(error)))
        say(f"{held.id} failed again: {error!r}")
        return False
    await writer.run(partial(quarantine.release, held=held.id, now=clock.now()))
    say(f"{held.id} handled")
    return True
