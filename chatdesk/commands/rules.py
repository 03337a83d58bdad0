"""``chatdesk rules``: what rules would have done, and what other promises would have come to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import out, reading, say, surroundings, table
from chatdesk.configuration.reading import read_desks
from chatdesk.configuration.values import parse_duration
from chatdesk.desk.rule_replay import Replayed, replay
from chatdesk.desk.sla import NAMES
from chatdesk.desk.sla_replay import Fate, Outcome, PromiseChange, changes, other_promises
from chatdesk.domain.organisation import Organisation
from chatdesk.store import desks
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

    Where its promises are others than those applied, also what they would have come to.

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
    with reading(around.settings) as connection:
        for organisation in organisations:
            tx = Transaction(connection, organisation.desk, organisation)
            count = len(tickets_since(tx, now - back))
            _print(organisation, list(replay(tx, now - back, now)), count, since)
            applied = desks.load(connection, organisation.desk)
            if applied is not None and other_promises(applied, organisation):
                before = Transaction(connection, organisation.desk, applied)
                _print_promises(list(changes(before, tx, now - back, now)))


def _print(organisation: Organisation, found: list[Replayed], count: int, since: str) -> None:
    say(f"desk {organisation.desk}: {count} {'ticket' if count == 1 else 'tickets'} of the last {since}")
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


def _print_promises(found: list[PromiseChange]) -> None:
    if not found:
        say("the promises are others, but would have come to the same")
        return
    shown = table("ticket", "promise", "as applied", "would be")
    for one in found[:MOST_LINES]:
        shown.add_row(
            f"#{one.ticket}", NAMES[one.measure].lower(), _outcome(one.applied), _outcome(one.wanted)
        )
    out().print(shown)
    if len(found) > MOST_LINES:
        say(f"… and {len(found) - MOST_LINES} more")
    turns = Counter((one.applied.fate, one.wanted.fate) for one in found)
    for (was, would), times in turns.most_common():
        same = f"still {would}, by another promise" if was is would else f"{would} instead of {was}"
        say(f"{times} {'promise' if times == 1 else 'promises'}: {same}")


def _outcome(outcome: Outcome) -> str:
    if outcome.fate is Fate.NONE:
        return outcome.fate
    since = {Fate.LATE: "since", Fate.OPEN: "until"}.get(outcome.fate, "")
    when = f" {since} {outcome.due_at:%Y-%m-%d %H:%M}" if outcome.due_at else ""
    return f"{outcome.policy}: {outcome.fate}{when}"
