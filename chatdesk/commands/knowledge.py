"""``chatdesk kb``: a desk's articles, from files to the desk, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator

import typer
from sqlalchemy import Connection

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import Surroundings, out, say, surroundings, table, transaction
from chatdesk.configuration.articles import read_articles
from chatdesk.domain.knowledge import Article
from chatdesk.domain.organisation import Organisation
from chatdesk.errors import ChatdeskError
from chatdesk.store import article_uses, articles, desks
from chatdesk.store.article_uses import Counts
from chatdesk.store.articles import Changes
from chatdesk.store.transaction import Transaction, in_turn

app = typer.Typer(help="Articles that answer what people ask.", no_args_is_help=True)


@app.command(epilog="Example: chatdesk kb check")
def check() -> None:
    """Read the articles, say what is wrong with them and what applying them would change."""
    around = surroundings()
    wanted = list(_wanted(around))
    with transaction(around.settings) as connection:
        for organisation, known in wanted:
            tx = _of(connection, organisation)
            say(_told(organisation, articles.changes(tx, known), len(known)))


@app.command(epilog="Example: chatdesk kb apply")
def apply() -> None:
    """Make the articles in the folder the desk's articles, and no others."""
    around = surroundings()
    wanted = list(_wanted(around))
    with transaction(around.settings) as connection:
        for organisation, known in wanted:
            made = articles.apply(_of(connection, organisation), known, SystemClock().now())
            say(_told(organisation, made, len(known)))


@app.command(name="list", epilog="Example: chatdesk kb list")
def list_() -> None:
    """The articles, those changed last first, with what became of them when they were shown."""
    today = SystemClock().now().date()
    rows = table(
        "Article", "Readers", "Version", "Shown", "Solved", "Anyway", "Helpful", "Not", "Review", "Title"
    )
    with transaction(surroundings().settings) as connection:
        for organisation in desks.listed(connection):
            tx = Transaction(connection, organisation.desk, organisation)
            counted = article_uses.counts(tx)
            for one in articles.listed(tx):
                article, times = one.article, counted.get(one.article.key, Counts())
                review = article.review_on
                due = "" if review is None else f"{review}{' (due)' if review <= today else ''}"
                rows.add_row(
                    article.key,
                    article.readers,
                    *map(
                        str,
                        (
                            one.version,
                            times.shown,
                            times.solved,
                            times.anyway,
                            times.helpful,
                            times.not_helpful,
                        ),
                    ),
                    due,
                    article.title,
                )
    if not rows.row_count:
        raise ChatdeskError("there are no articles yet; say `chatdesk kb apply`")
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


def _told(organisation: Organisation, made: Changes, count: int) -> str:
    lines = [f"desk {organisation.desk}: {count} articles"]
    for sign, keys in (("+", made.added), ("~", made.changed), ("-", made.removed)):
        lines += [f"  {sign} {key}" for key in keys]
    return "\n".join(lines)
