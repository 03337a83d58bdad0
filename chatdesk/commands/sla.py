"""``chatdesk sla``: promises that were kept, and what others would have come to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import out, reading, say, surroundings, table
from chatdesk.configuration.reading import read_desks
from chatdesk.configuration.values import parse_duration
from chatdesk.desk.sla import NAMES, standing_of
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.sla import Clock
from chatdesk.domain.sla_figures import Kept, figures
from chatdesk.store import tickets
from chatdesk.store.history import tickets_since
from chatdesk.store.transaction import Transaction

app = typer.Typer(help="What desk.yaml promises.", no_args_is_help=True)


@app.callback()
def sla() -> None:
    """What desk.yaml promises."""


@app.command(name="replay", epilog="Example: chatdesk sla replay --since 30d --desk-file new-desk.yaml")
def replay_(
    since: Annotated[str, typer.Option(help="How far back, such as 12h, 30d or 8w.")] = "30d",
    desk_file: Annotated[
        Path | None, typer.Option(help="Whose promises; the desk.yaml of CHATDESK_DESK_FILE if left out.")
    ] = None,
) -> None:
    """Print how the promises of a desk.yaml would have been kept, reckoned from past tickets.

    Every ticket to which anything was done since then, from its beginning, by what really happened to it.
    Nothing is changed and nothing is sent.
    """
    around = surroundings()
    try:
        back = parse_duration(since)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None
    organisations = read_desks(desk_file or around.settings.desk_file, set(around.packages))
    now = SystemClock().now()
    with reading(around.settings) as connection:
        for organisation in organisations:
            _print(organisation, *_reckoned(connection, organisation, now - back, now), since)


def _reckoned(
    connection: Connection, organisation: Organisation, since: datetime, now: datetime
) -> tuple[int, list[Clock]]:
    """How many tickets there are, and all their clocks."""
    tx = Transaction(connection, organisation.desk, organisation)
    numbers = tickets_since(tx, since)
    found: list[Clock] = []
    for number in numbers:
        ticket = tickets.load(tx, number)
        standing = standing_of(tx, ticket, now) if ticket else None
        found += standing.clocks if standing else ()
    return len(numbers), found


def _print(organisation: Organisation, count: int, clocks: list[Clock], since: str) -> None:
    say(f"desk {organisation.desk}: {count} {'ticket' if count == 1 else 'tickets'} of the last {since}")
    found = figures(clocks)
    if not found:
        say("nothing would have been promised")
        return
    shown = table("promise", "what", "kept", "late", "still open", "kept of those decided")
    for one in found:
        shown.add_row(
            one.policy,
            NAMES[one.measure].lower(),
            str(one.kept),
            str(one.late),
            str(one.running),
            _share(one),
        )
    out().print(shown)


def _share(one: Kept) -> str:
    return "–" if one.share is None else f"{one.share:.1f} %"
