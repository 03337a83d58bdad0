"""What became of articles that were shown, counted once for each person and showing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, insert, select, update

from chatdesk.store.ids import new_id
from chatdesk.store.tables_knowledge import article_uses, article_views
from chatdesk.store.transaction import Transaction

ONE_SHOWING = timedelta(days=1)
"""Who reads an article again within this time is shown it once."""


class Verdict(StrEnum):
    """What was said of an article in the thread of a draft, which waits for it."""

    HELPFUL = "helpful"
    NOT = "not"
    IGNORED = "ignored"
    """Nobody said; the ticket was sent when its time had come."""


class Way(StrEnum):
    """How an article was shown otherwise."""

    FORM = "form"
    """Before a request was sent."""
    READ = "read"
    """Somebody looked it up."""
    SENT = "sent"
    """An agent answered with it."""


class Opinion(StrEnum):
    """What was said of it there."""

    SOLVED = "solved"
    ANYWAY = "anyway"
    """The request was sent all the same."""
    HELPFUL = "helpful"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Counts:
    """``solved``: requests that ended with it, before they were anybody's work. ``anyway``: that did not."""

    shown: int = 0
    solved: int = 0
    anyway: int = 0
    helpful: int = 0
    not_helpful: int = 0
    sent: int = 0


def note_shown(tx: Transaction, ticket: int, article: str, now: datetime) -> None:
    tx.connection.execute(
        insert(article_uses).values(desk=tx.desk, ticket=ticket, article=article, shown_at=now)
    )


def open_use(tx: Transaction, ticket: int) -> str | None:
    """The article that a requester was shown and has not said anything about."""
    statement = select(article_uses.c.article).where(*_unsaid(tx, ticket))
    return tx.connection.execute(statement).scalars().first()


def judge(tx: Transaction, ticket: int, verdict: Verdict, now: datetime) -> str | None:
    """What a requester said of the article that they were shown; which it was, None if there was none."""
    shown = open_use(tx, ticket)
    if shown is not None:
        tx.connection.execute(
            update(article_uses).where(*_unsaid(tx, ticket)).values(verdict=verdict, said_at=now)
        )
    return shown


def note_view(
    tx: Transaction,
    way: Way,
    article: str,
    person: str,
    now: datetime,
    *,
    ticket: int | None = None,
    opinion: Opinion | None = None,
) -> str:
    """Somebody is shown an article; the showing's id, that of an earlier one if they still look at it."""
    seen = (
        select(article_views.c.id)
        .where(
            article_views.c.desk == tx.desk,
            article_views.c.article == article,
            article_views.c.person == person,
            article_views.c.way == way,
            article_views.c.shown_at > now - ONE_SHOWING,
        )
        .order_by(article_views.c.id.desc())
    )
    known = tx.connection.execute(seen).scalars().first() if way is Way.READ else None
    if known is not None:
        return str(known)
    view = new_id()
    tx.connection.execute(
        insert(article_views).values(
            desk=tx.desk,
            id=view,
            article=article,
            way=way,
            person=person,
            ticket=ticket,
            shown_at=now,
            verdict=opinion,
            said_at=now if opinion else None,
        )
    )
    return view


def settle(
    tx: Transaction, view: str, opinion: Opinion, now: datetime, ticket: int | None = None
) -> str | None:
    """What became of an article that was shown before a request was sent; which it was."""
    mine = (article_views.c.desk == tx.desk, article_views.c.id == view)
    tx.connection.execute(
        update(article_views).where(*mine).values(verdict=opinion, said_at=now, ticket=ticket)
    )
    return tx.connection.execute(select(article_views.c.article).where(*mine)).scalars().first()


def say(tx: Transaction, view: str, person: str, opinion: Opinion, now: datetime) -> str | None:
    """What somebody says of what they read, which they may change; which article that is.

    None where nobody showed it to them.
    """
    mine = (
        article_views.c.desk == tx.desk,
        article_views.c.id == view,
        article_views.c.person == person,
        article_views.c.way == Way.READ,
    )
    tx.connection.execute(update(article_views).where(*mine).values(verdict=opinion, said_at=now))
    return tx.connection.execute(select(article_views.c.article).where(*mine)).scalars().first()


def counts(tx: Transaction) -> Mapping[str, Counts]:
    """How often each article was shown, and what was said of it."""
    in_threads = _counted(tx, article_uses.c.article, article_uses.c.verdict)
    otherwise = _counted(tx, article_views.c.article, article_views.c.way, article_views.c.verdict)
    return {
        article: _counts(in_threads.get(article, {}), otherwise.get(article, {}))
        for article in {*in_threads, *otherwise}
    }


Tally = Mapping[tuple[str | None, ...], int]


def _counted(
    tx: Transaction, article: ColumnElement[str], *told: ColumnElement[str] | ColumnElement[str | None]
) -> Mapping[str, Tally]:
    table = article_uses if article is article_uses.c.article else article_views
    statement = select(article, *told, func.count()).where(table.c.desk == tx.desk).group_by(article, *told)
    found: dict[str, dict[tuple[str | None, ...], int]] = {}
    for key, *rest in tx.connection.execute(statement):
        found.setdefault(key, {})[tuple(rest[:-1])] = rest[-1]
    return found


def _counts(in_threads: Tally, otherwise: Tally) -> Counts:
    def said(opinion: Opinion) -> int:
        return sum(times for (_, verdict), times in otherwise.items() if verdict == opinion)

    sent = sum(times for (way, _), times in otherwise.items() if way == Way.SENT)
    refused = sum(in_threads.get((one,), 0) for one in (Verdict.NOT, Verdict.IGNORED))
    return Counts(
        shown=sum(in_threads.values()) + sum(otherwise.values()) - sent,
        solved=in_threads.get((Verdict.HELPFUL,), 0) + said(Opinion.SOLVED),
        anyway=refused + said(Opinion.ANYWAY),
        helpful=said(Opinion.HELPFUL),
        not_helpful=said(Opinion.NOT),
        sent=sent,
    )


def solved_in_forms(tx: Transaction, since: datetime) -> Sequence[tuple[str, datetime]]:
    """Which articles answered requests before there were tickets, and when; no history knows of them."""
    statement = (
        select(article_views.c.article, article_views.c.shown_at)
        .where(
            article_views.c.desk == tx.desk,
            article_views.c.way == Way.FORM,
            article_views.c.verdict == Opinion.SOLVED,
            article_views.c.shown_at >= since,
        )
        .order_by(article_views.c.shown_at)
    )
    return [(row.article, row.shown_at) for row in tx.connection.execute(statement)]


def shown_with_tickets(tx: Transaction, since: datetime) -> Mapping[int, str]:
    """The article that each requester was shown before their ticket: the one that helped, else the last."""
    in_forms = select(article_views.c.ticket, article_views.c.article).where(
        article_views.c.desk == tx.desk,
        article_views.c.way == Way.FORM,
        article_views.c.ticket.is_not(None),
        article_views.c.shown_at >= since,
    )
    in_threads = (
        select(article_uses.c.ticket, article_uses.c.article)
        .where(article_uses.c.desk == tx.desk, article_uses.c.shown_at >= since)
        .order_by(case((article_uses.c.verdict == Verdict.HELPFUL, 1), else_=0), article_uses.c.shown_at)
    )
    shown = [*tx.connection.execute(in_forms.order_by(article_views.c.shown_at))]
    return {row.ticket: row.article for row in (*shown, *tx.connection.execute(in_threads))}


def shown_on(tx: Transaction, ticket: int) -> Sequence[str]:
    """The articles that a ticket's requester was shown or answered with."""
    views = select(article_views.c.article).where(
        article_views.c.desk == tx.desk, article_views.c.ticket == ticket
    )
    uses = select(article_uses.c.article).where(
        article_uses.c.desk == tx.desk, article_uses.c.ticket == ticket
    )
    return sorted({*tx.connection.execute(views).scalars(), *tx.connection.execute(uses).scalars()})


def _unsaid(tx: Transaction, ticket: int) -> tuple[ColumnElement[bool], ...]:
    return (
        article_uses.c.desk == tx.desk,
        article_uses.c.ticket == ticket,
        article_uses.c.verdict.is_(None),
    )
