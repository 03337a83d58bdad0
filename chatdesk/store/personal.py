"""What there is of a person: how much, on which tickets, in which words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Table, func, select

from chatdesk.contract.vocabulary import IdentityId, Platform
from chatdesk.domain.erasure import ERASED, NEVER_NEWER
from chatdesk.store.tables import (
    attachments,
    copies,
    escalations,
    history,
    identities,
    reactions,
    ticket_people,
    tickets,
)
from chatdesk.store.tables import posts as post_rows
from chatdesk.store.tables_closing import ratings
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Survey:
    """How much there is of a person."""

    posts: int
    files: int
    tickets: int
    reactions: int
    history: int
    copies: int
    """Messages of ours that show their words on platforms."""


def survey(tx: Transaction, person: str, who: Collection[IdentityId]) -> Survey:
    mine = written_by(tx, person)

    def count(table: Table, *where: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(table).where(table.c.desk == tx.desk, *where)
        return int(tx.connection.execute(statement).scalar_one())

    return Survey(
        posts=count(post_rows, post_rows.c.author == person, post_rows.c.version != NEVER_NEWER),
        files=count(attachments, attachments.c.post.in_(mine), attachments.c.reason.is_distinct_from(ERASED)),
        tickets=count(tickets, tickets.c.requester == person),
        reactions=sum(count(reactions, *reacted(one)) for one in who),
        history=count(history, history.c.actor == person),
        copies=count(copies, copies.c.post.in_(mine)),
    )


def post_ids(tx: Transaction, person: str) -> Sequence[str]:
    """What they wrote, oldest first."""
    statement = select(post_rows.c.id).where(post_rows.c.desk == tx.desk, post_rows.c.author == person)
    return list(tx.connection.execute(statement.order_by(post_rows.c.id)).scalars())


def tickets_touched(tx: Transaction, person: str) -> Sequence[int]:
    """The tickets that show their name anywhere."""
    requested = select(tickets.c.number).where(tickets.c.desk == tx.desk, tickets.c.requester == person)
    assigned = select(tickets.c.number).where(tickets.c.desk == tx.desk, tickets.c.assignee == person)
    takes_part = select(ticket_people.c.ticket).where(
        ticket_people.c.desk == tx.desk, ticket_people.c.person == person
    )
    acted = select(history.c.ticket).where(history.c.desk == tx.desk, history.c.actor == person)
    found = tx.connection.execute(requested.union(assigned, takes_part, acted)).scalars()
    return sorted(found)


def words_of(tx: Transaction, person: str) -> frozenset[str]:
    """What they are called, and the words of theirs that the desk says in lines of its own."""
    statements = (
        select(identities.c.name).where(identities.c.desk == tx.desk, identities.c.person == person),
        select(identities.c.handle).where(identities.c.desk == tx.desk, identities.c.person == person),
        select(tickets.c.title).where(tickets.c.desk == tx.desk, tickets.c.requester == person),
        select(tickets.c.description).where(tickets.c.desk == tx.desk, tickets.c.requester == person),
        select(tickets.c.resolution).where(tickets.c.desk == tx.desk, tickets.c.requester == person),
        select(tickets.c.follow_up).where(tickets.c.desk == tx.desk, tickets.c.requester == person),
        select(escalations.c.question).where(escalations.c.desk == tx.desk, escalations.c.asked_by == person),
        select(escalations.c.outcome).where(
            escalations.c.desk == tx.desk, escalations.c.answered_by == person
        ),
        select(ratings.c.comment).where(ratings.c.desk == tx.desk, ratings.c.person == person),
        select(attachments.c.name).where(
            attachments.c.desk == tx.desk, attachments.c.post.in_(written_by(tx, person))
        ),
    )
    found = {word for one in statements for word in tx.connection.execute(one).scalars() if word}
    return frozenset(found - {ERASED})


def standing_sources(tx: Transaction, person: str) -> dict[Platform, int]:
    """How many messages they wrote themselves, which are theirs and not ours to take away."""
    statement = (
        select(post_rows.c.platform, func.count())
        .where(
            post_rows.c.desk == tx.desk,
            post_rows.c.author == person,
            post_rows.c.source.is_not(None),
            post_rows.c.deleted_at.is_(None),
        )
        .group_by(post_rows.c.platform)
        .order_by(post_rows.c.platform)
    )
    return {Platform(row[0]): int(row[1]) for row in tx.connection.execute(statement)}


def written_by(tx: Transaction, person: str) -> Select[str]:
    """The ids of what somebody wrote."""
    return select(post_rows.c.id).where(post_rows.c.desk == tx.desk, post_rows.c.author == person)


def reacted(who: IdentityId) -> tuple[ColumnElement[bool], ...]:
    """A reaction is theirs."""
    return (reactions.c.platform == who.platform, reactions.c.identity == who.id)
