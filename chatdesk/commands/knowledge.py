"""``chatdesk kb``: articles between files and the desk, what became of them, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import Connection

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import Surroundings, out, say, surroundings, table, transaction
from chatdesk.configuration.articles import read_articles, write_articles
from chatdesk.domain.article_gaps import grouped
from chatdesk.domain.knowledge import Article
from chatdesk.domain.local_time import zone_of
from chatdesk.domain.organisation import Organisation
from chatdesk.errors import ChatdeskError
from chatdesk.store import article_gaps, article_reviews, article_uses, articles, desks
from chatdesk.store.article_uses import Counts
from chatdesk.store.articles import Applied, Changes, OnConflict, Unresolved
from chatdesk.store.transaction import Transaction, in_turn

app = typer.Typer(help="Articles that answer what people ask.", no_args_is_help=True)

MOST_GAPS = 30


@app.command(epilog="Example: chatdesk kb check")
def check() -> None:
    """Read the articles, say what is wrong with them and what applying them would change."""
    around = surroundings()
    wanted = list(_wanted(around))
    with transaction(around.settings) as connection:
        for organisation, known in wanted:
            tx = _of(connection, organisation)
            say(_told(organisation, articles.changes(tx, known), len(known)))


@app.command(epilog="Example: chatdesk kb apply --keep")
def apply(
    keep: Annotated[bool, typer.Option("--keep", help="What was done in chat stays.")] = False,
    take_files: Annotated[
        bool, typer.Option("--take-files", "--take-theirs", help="What stands in the files counts.")
    ] = False,
) -> None:
    """Make the articles in the folder the desk's articles, besides those that were written in chat alone."""
    if keep and take_files:
        raise ChatdeskError("--keep and --take-files are opposites; say one of them")
    chosen = OnConflict.KEEP if keep else OnConflict.TAKE_FILES if take_files else None
    around = surroundings()
    wanted = list(_wanted(around))
    with transaction(around.settings) as connection:
        for organisation, known in wanted:
            tx = _of(connection, organisation)
            try:
                made = articles.apply(tx, known, SystemClock().now(), chosen)
            except Unresolved:
                raise ChatdeskError(_unresolved(organisation, articles.changes(tx, known))) from None
            say(_told(organisation, made, len(known), chosen))


@app.command(epilog="Example: chatdesk kb export knowledge")
def export(folder: Annotated[Path, typer.Argument(help="Where to; made if it is not there.")]) -> None:
    """Write the desk's articles as files, those that were written in chat among them."""
    with transaction(surroundings().settings) as connection:
        known = desks.listed(connection)
        for organisation in known:
            tx = Transaction(connection, organisation.desk, organisation)
            target = folder / organisation.desk if len(known) > 1 else folder
            made = write_articles(target, [one.article for one in articles.listed(tx)])
            say(f"desk {organisation.desk}: {len(made)} articles in {target}")


@app.command(name="list", epilog="Example: chatdesk kb list")
def list_() -> None:
    """The articles, those changed last first, with what became of them when they were shown."""
    rows = table("Article", "Readers", "Version", "Shown", "Solved", "Anyway", "Review", "Title")
    for each in _counted():
        one, times, review = each.applied, each.times, each.applied.article.review_on
        due = "" if review is None else f"{review}{' (due)' if each.is_due else ''}"
        numbers = (one.version, times.shown, times.solved, times.anyway)
        rows.add_row(one.article.key, one.article.readers, *map(str, numbers), due, one.article.title)
    _print(rows)


@app.command(epilog="Example: chatdesk kb stats")
def stats() -> None:
    """What became of each article when it was shown."""
    rows = table("Article", "Shown", "Solved", "Anyway", "Helpful", "Not", "Sent")
    for each in sorted(_counted(), key=lambda one: -one.times.shown):
        times = each.times
        numbers = (times.shown, times.solved, times.anyway, times.helpful, times.not_helpful, times.sent)
        rows.add_row(each.applied.article.key, *map(str, numbers))
    _print(rows)


@dataclass(frozen=True, slots=True)
class _Counted:
    applied: Applied
    times: Counts
    is_due: bool


def _counted() -> list[_Counted]:
    """Every desk's articles, with what became of them and whether they are to be looked through."""
    found: list[_Counted] = []
    now = SystemClock().now()
    with transaction(surroundings().settings) as connection:
        for organisation in desks.listed(connection):
            tx = Transaction(connection, organisation.desk, organisation)
            counted = article_uses.counts(tx)
            after = organisation.knowledge.review_after if organisation.knowledge else None
            today = now.astimezone(zone_of(organisation)).date()
            due = {one.article.key for one in article_reviews.due(tx, today, after)}
            found += [
                _Counted(one, counted.get(one.article.key, Counts()), one.article.key in due)
                for one in articles.listed(tx)
            ]
    return found


def _print(rows: Table) -> None:
    if not rows.row_count:
        raise ChatdeskError("there are no articles yet; say `chatdesk kb apply`, or `/kb new` in chat")
    out().print(rows)


@app.command(epilog="Example: chatdesk kb gaps")
def gaps() -> None:
    """What people asked in the last three months that no article answers, most often asked first."""
    rows = table("Times", "Searches", "Tickets", "Words")
    with transaction(surroundings().settings) as connection:
        for organisation in desks.listed(connection):
            tx = Transaction(connection, organisation.desk, organisation)
            asked = article_gaps.since(tx, SystemClock().now() - article_gaps.KEPT)
            for gap in grouped(asked)[:MOST_GAPS]:
                rows.add_row(*map(str, (gap.times, gap.searches, gap.tickets)), " ".join(gap.words))
    if not rows.row_count:
        say("nothing was asked that no article answers")
        return
    out().print(rows)


def _wanted(around: Surroundings) -> Iterator[tuple[Organisation, tuple[Article, ...]]]:
    """Every desk that has articles. Raises ConfigurationError."""
    known = [one for one in around.organisations() if one.knowledge is not None]
    if not known:
        raise ChatdeskError(f"{around.settings.desk_file}: has no knowledge; see docs/configuration.md")
    for organisation in known:
        yield organisation, read_articles(around.settings.desk_file, organisation)


def _of(connection: Connection, organisation: Organisation) -> Transaction:
    """Raises ChatdeskError for a desk whose configuration is not applied."""
    applied = desks.load(connection, organisation.desk)
    if applied is None:
        raise ChatdeskError(f'desk "{organisation.desk}" is not applied yet; say `chatdesk config apply`')
    return in_turn(connection, applied)


def _told(organisation: Organisation, made: Changes, count: int, chosen: OnConflict | None = None) -> str:
    lines = [f"desk {organisation.desk}: {count} articles"]
    for sign, keys in (("+", made.added), ("~", made.changed), ("-", made.removed)):
        lines += [f"  {sign} {key}" for key in keys]
    end = {OnConflict.KEEP: ", kept", OnConflict.TAKE_FILES: ", taken from the files"}
    lines += [f"  ! {key}  ← {what}{end.get(chosen, '') if chosen else ''}" for key, what in made.conflicts]
    lines += [f"  = {key}  ← written in chat, in no file" for key in made.only_here]
    if made.conflicts and chosen is None:
        lines.append(_WAYS_OUT)
    return "\n".join(lines)


_WAYS_OUT = (
    "  Say `chatdesk kb apply --keep` to keep what was done in chat, `--take-files` for what stands in the "
    "files, or bring them together: `chatdesk kb export FOLDER` writes what the desk has."
)


def _unresolved(organisation: Organisation, made: Changes) -> str:
    lines = [f"desk {organisation.desk}: nothing was applied, because it would undo what was done in chat"]
    lines += [f"  ! {key}  ← {reason}" for key, reason in made.conflicts]
    return "\n".join([*lines, _WAYS_OUT])
