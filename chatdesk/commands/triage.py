"""``chatdesk triage``: a classifier of a desk's own tickets, trained and measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import opened, out, say, surroundings, table, transaction
from chatdesk.configuration.values import parse_duration
from chatdesk.contract.sentences_triage import TARGETS
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.triage_measures import FEWEST_TICKETS, Count, Measured
from chatdesk.domain.triage_policy import Mode, Triage
from chatdesk.errors import ChatdeskError
from chatdesk.store import classifiers, desks, examples
from chatdesk.store.classifiers import Classifier, Report
from chatdesk.store.engine import for_reading
from chatdesk.store.guesses_said import Kept, kept_since
from chatdesk.store.transaction import Transaction, in_turn
from chatdesk.training import fitting

app = typer.Typer(help="What tickets are about, guessed by their words.", no_args_is_help=True)

Desk = Annotated[str | None, typer.Option(help="One desk's; every desk's if left out.")]
Json = Annotated[bool, typer.Option("--json/--table", help="For programs, or for people.")]


@app.callback()
def triage() -> None:
    """What tickets are about, guessed by their words."""


@app.command(epilog="Example: chatdesk triage train --since 365d")
def train(
    desk: Desk = None,
    since: Annotated[str, typer.Option(help="How far back, such as 90d or 52w.")] = "365d",
    as_json: Json = False,
) -> None:
    """Learn category, priority and team from what agents left resolved and closed tickets as.

    Prints how well that did on the newest fifth of them, which it was not shown for this. A running chatdesk
    uses the new classifier from the next ticket on; what is done with it is `triage` in desk.yaml.
    """
    around = surroundings()
    back = _back(since)
    with opened(around.settings) as engine:
        with for_reading(engine).begin() as connection:
            wanted = _desks(connection, desk)
        found = [(one, _trained(engine, one, back)) for one in wanted]
    if as_json:
        say(json.dumps([_json(one, known) for one, known in found], indent=2, ensure_ascii=False))
        return
    for organisation, known in found:
        _print(organisation, known)
        _advise(organisation, known)


def _back(since: str) -> timedelta:
    try:
        return parse_duration(since)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None


def _desks(connection: Connection, wanted: str | None) -> list[Organisation]:
    """As they were applied. Raises ChatdeskError where there is no such desk."""
    known = desks.listed(connection)
    found = [one for one in known if wanted in (None, one.desk)]
    if not found:
        there = ", ".join(one.desk for one in known)
        raise ChatdeskError(
            f"no such desk: {there} are known" if there else "no configuration is applied yet"
        )
    return found


def _trained(engine: Engine, organisation: Organisation, back: timedelta) -> Classifier:
    """What was learned, kept for the running desk unless it is not worth it; then the one before stays.

    Learning takes seconds or minutes; the desk goes on meanwhile.
    """
    now = SystemClock().now()
    with for_reading(engine).begin() as connection:
        tx = Transaction(connection, organisation.desk, organisation)
        learned_from = examples.finished(tx, now - back)
    threshold = (organisation.triage or Triage()).threshold
    with Console(stderr=True).status(f"learning from {len(learned_from)} tickets of {organisation.desk}"):
        result = fitting.trained(learned_from, threshold, organisation.default_priority)
    report = Report(result.held_out, threshold, result.measured)
    about = Classifier(now, now - back, len(learned_from), report)
    if result.model.targets:
        with engine.begin() as connection:
            classifiers.put(in_turn(connection, organisation), about, result.model)
    return about


@app.command(epilog="Example: chatdesk triage show")
def show(desk: Desk = None, as_json: Json = False) -> None:
    """Print how well the classifier did when it was trained, and what became of its guesses since then."""
    around = surroundings()
    with opened(around.settings) as engine, for_reading(engine).begin() as connection:
        txs = [Transaction(connection, one.desk, one) for one in _desks(connection, desk)]
        found = [(tx.organisation, classifiers.about(tx)) for tx in txs]
        trained_at = {one.desk: known.trained_at for one, known in found if known}
        since = {tx.desk: kept_since(tx, trained_at[tx.desk]) for tx in txs if tx.desk in trained_at}
    if as_json:
        written = [
            _json(one, known) | {"since_then": [_kept(each) for each in since[one.desk]]}
            for one, known in found
            if known
        ]
        say(json.dumps(written, indent=2, ensure_ascii=False))
        return
    for organisation, known in found:
        if known is None:
            say(f"desk {organisation.desk}: no classifier is trained yet; say `chatdesk triage train`")
        else:
            _print(organisation, known)
            _print_kept(since[organisation.desk])


@app.command(epilog="Example: chatdesk triage forget")
def forget(desk: Desk = None) -> None:
    """Delete the classifier: nothing is guessed any more."""
    around = surroundings()
    with transaction(around.settings) as connection:
        for one in _desks(connection, desk):
            gone = classifiers.forget(in_turn(connection, one))
            say(f"desk {one.desk}: {'deleted' if gone else 'there was none'}")


def _print(organisation: Organisation, known: Classifier) -> None:
    report = known.report
    say(
        f"desk {organisation.desk}: {known.tickets} finished tickets since {known.since:%Y-%m-%d}, "
        f"measured on the newest {report.held_out} at {report.threshold:.0%}, "
        f"{known.trained_at:%Y-%m-%d %H:%M} UTC"
    )
    out().print(figures(report.measured))
    for one in report.measured:
        if one.refused:
            say(f"{TARGETS[one.target]} is not guessed: {one.refused}")


def _print_kept(found: Sequence[Kept]) -> None:
    if not any(one.said for one in found):
        say("nobody was told anything since then")
        return
    shown = table("since then", "said", "of these finished", "left so")
    for one in found:
        share = one.kept / one.finished if one.finished else None
        shown.add_row(TARGETS[one.target], str(one.said), str(one.finished), f"{one.kept} ({_share(share)})")
    out().print(shown)


def figures(found: Sequence[Measured]) -> Table:
    """What was measured of each target and of each of its values."""
    shown = table("", "tickets", "said something", "of it right", "always the most usual")
    for one in found:
        if not one.all.held_out:
            continue
        usual = _share(one.usual if one.unsaid is None else None)
        shown.add_row(TARGETS[one.target], *_cells(one.all, one.all.coverage), usual)
        for each in one.values:
            shown.add_row(f"  {each.value}", *_cells(each, None), "")
    return shown


def _cells(one: Count, coverage: float | None) -> tuple[str, str, str]:
    said = str(one.said) if coverage is None else f"{one.said} ({_share(coverage)})"
    return str(one.held_out), said, _share(one.precision)


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _advise(organisation: Organisation, known: Classifier) -> None:
    learned = [one for one in known.report.measured if not one.refused]
    if known.tickets - known.report.held_out < FEWEST_TICKETS:
        say("too few tickets to learn from; some hundred do better")
    if not learned:
        say("nothing was learned that is worth saying; whatever was trained before stays")
    elif organisation.triage is None:
        say("the team of a new ticket is told with `triage: {mode: suggest}` in desk.yaml")
    elif organisation.triage.mode is Mode.OFF:
        say("nobody is told: desk.yaml has `triage: {mode: off}`")


def _json(organisation: Organisation, known: Classifier | None) -> dict[str, object]:
    if known is None:
        return {"desk": organisation.desk}
    return {
        "desk": organisation.desk,
        "trained_at": known.trained_at.isoformat(),
        "since": known.since.isoformat(),
        "tickets": known.tickets,
        "held_out": known.report.held_out,
        "threshold": known.report.threshold,
        "targets": [_target(one) for one in known.report.measured],
    }


def _kept(one: Kept) -> dict[str, object]:
    return {
        "target": one.target.value,
        "said": one.said,
        "finished": one.finished,
        "left_so": one.kept,
    }


def _target(one: Measured) -> dict[str, object]:
    return {
        "target": one.target.value,
        "guessed": not one.refused,
        "refused": one.refused,
        "trained_on": one.trained_on,
        "most_usual": one.usual,
        "not_said": one.unsaid,
        **_count(one.all),
        "coverage": one.all.coverage,
        "values": [{"value": each.value, **_count(each)} for each in one.values],
    }


def _count(one: Count) -> dict[str, object]:
    return {
        "held_out": one.held_out,
        "said": one.said,
        "right": one.right,
        "precision": one.precision,
    }
