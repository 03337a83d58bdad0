"""``chatdesk rules``: what rules would have done."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import out, say, surroundings, table, transaction
from chatdesk.configuration.reading import read_desks
from chatdesk.configuration.values import parse_duration
from chatdesk.desk.rule_replay import Replayed, replay
from chatdesk.domain.organisation import Organisation
from chatdesk.store.history import tickets_since
from chatdesk.store.transaction import Transaction

app = typer.Typer(help="Rules, dynamic priorities and routing of desk.yaml.", no_args_is_help=True)

MOST_LINES = 500


@app.callback()
def rules() -> None:
    """Rules, dynamic priorities and routing of desk.yaml."""


@app.command(name="replay", epilog="Example: chatdesk rules replay --since 30d --desk-file new-desk.yaml")
def replay_(
    since: Annotated[str, typer.Option(help="How far back, such as 12h, 30d or 8w.")] = "30d",
    desk_file: Annotated[
        Path | None, typer.Option(help="Whose rules; the desk.yaml of CHATDESK_DESK_FILE if left out.")
    ] = None,
) -> None:
    """Print what the rules of a desk.yaml would have done to past tickets, from their history.

    Each moment is taken as it really was: what a rule would have done does not change what came later.
    Nothing is changed and nothing is sent.
    """
    around = surroundings()
    path = desk_file or around.settings.desk_file
    try:
        back = parse_duration(since)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None
    organisations = read_desks(path, set(around.packages))
    now = SystemClock().now()
    with transaction(around.settings) as connection:
        for organisation in organisations:
            tx = Transaction(connection, organisation.desk, organisation)
            count = len(tickets_since(tx, now - back))
            _print(organisation, list(replay(tx, now - back, now)), count, since)


def _print(organisation: Organisation, found: list[Replayed], count: int, since: str) -> None:
    say(f"desk {organisation.desk}: {count} tickets of the last {since}")
    if not found:
        say("no rule would have done anything")
        return
    shown = table("ticket", "when (UTC)", "rule", "would do", "did")
    for one in found[:MOST_LINES]:
        shown.add_row(
            f"#{one.ticket}", f"{one.at:%Y-%m-%d %H:%M}", one.rule, one.would, "yes" if one.did else "no"
        )
    out().print(shown)
    if len(found) > MOST_LINES:
        say(f"… and {len(found) - MOST_LINES} more")
    for rule, times in Counter(one.rule for one in found).most_common():
        done = sum(one.did for one in found if one.rule == rule)
        say(f"{rule}: {times} times, of which {done} were done")
