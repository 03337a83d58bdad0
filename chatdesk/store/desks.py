"""Desks: their applied organisation, its generation, what of it is in use, and whose an installation is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache

from pydantic import TypeAdapter
from sqlalchemy import Column, Connection, Select, Table, Text, cast, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from chatdesk.contract.vocabulary import Installation
from chatdesk.domain.lifecycle import OVER
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.ticket import EscalationState
from chatdesk.store import sla_looks
from chatdesk.store.tables import desks, escalations, tickets
from chatdesk.store.tables_on_call import calls


@dataclass(frozen=True, slots=True)
class Usage:
    """How many tickets that are not over use a value, by its key; teams count what is escalated to them."""

    tickets: int = 0
    teams: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    priorities: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    """By team, how many tickets somebody on call was told of and has not acknowledged."""


def listed(connection: Connection) -> tuple[Organisation, ...]:
    """Every desk in service, as its configuration was last applied."""
    rows = connection.scalars(_organisations().order_by(desks.c.id))
    return tuple(_parsed(text) for text in rows)


def load(connection: Connection, desk: str) -> Organisation | None:
    text = connection.scalar(_organisations().where(desks.c.id == desk))
    return None if text is None else _parsed(text)


def generation(connection: Connection, desk: str) -> int:
    """How often a configuration of this desk was applied; 0 for an unknown one."""
    return connection.scalar(select(desks.c.generation).where(desks.c.id == desk)) or 0


def generations(connection: Connection) -> Mapping[str, int]:
    """Of every desk in service."""
    rows = connection.execute(select(desks.c.id, desks.c.generation).where(desks.c.retired_at.is_(None)))
    return {row[0]: row[1] for row in rows}


def desk_of_installation(connection: Connection, installation: Installation) -> Organisation | None:
    """The desk that names the installation; else the only desk there is, unless it names others."""
    known = listed(connection)
    for organisation in known:
        if installation in organisation.installations:
            return organisation
    if len(known) == 1 and not known[0].installations:
        return known[0]
    return None


def apply(connection: Connection, organisation: Organisation, now: datetime) -> int:
    """Make this the desk's configuration; the generation, which is a new one only if something changed."""
    row = connection.execute(
        select(desks.c.generation, desks.c.retired_at, cast(desks.c.organisation, Text))
        .where(desks.c.id == organisation.desk)
        .with_for_update()
    ).one_or_none()
    if row is None:
        connection.execute(
            insert(desks).values(
                id=organisation.desk,
                organisation=_written(organisation),
                generation=1,
                last_ticket=0,
                applied_at=now,
            )
        )
        return 1
    current, retired_at, text = row
    if retired_at is None and _parsed(text) == organisation:
        return int(current)
    connection.execute(
        update(desks)
        .where(desks.c.id == organisation.desk)
        .values(organisation=_written(organisation), generation=current + 1, applied_at=now, retired_at=None)
    )
    if organisation.slas:
        sla_looks.put_all(connection, organisation.desk, now)
    return int(current) + 1


def retire(connection: Connection, desk: str, now: datetime) -> None:
    """Take a desk out of service. What it holds stays, and is back when the desk is configured again."""
    connection.execute(update(desks).where(desks.c.id == desk).values(retired_at=now))


def usage(connection: Connection, desk: str) -> Usage:
    working = (tickets.c.desk == desk, tickets.c.status.not_in(sorted(OVER)))
    waiting = (escalations.c.desk == desk, escalations.c.state.in_(_UNANSWERED))
    held = _counts(connection, tickets, tickets.c.team, working)
    asked = _counts(connection, escalations, escalations.c.to_team, waiting)
    return Usage(
        tickets=connection.scalar(select(func.count()).select_from(tickets).where(*working)) or 0,
        teams={team: held.get(team, 0) + asked.get(team, 0) for team in {*held, *asked}},
        categories=_counts(connection, tickets, tickets.c.category, working),
        priorities=_counts(connection, tickets, tickets.c.priority, working),
        calls=_counts(connection, calls, calls.c.team, (calls.c.desk == desk,)),
    )


_UNANSWERED = (EscalationState.WAITING, EscalationState.ACKNOWLEDGED)


def _counts(
    connection: Connection, table: Table, column: Column[str], where: Sequence[ColumnElement[bool]]
) -> dict[str, int]:
    rows = connection.execute(
        select(column, func.count()).select_from(table).where(column.is_not(None), *where).group_by(column)
    )
    return {row[0]: row[1] for row in rows}


def _organisations() -> Select[str]:
    return select(cast(desks.c.organisation, Text)).where(desks.c.retired_at.is_(None))


@cache
def _adapter() -> TypeAdapter[Organisation]:
    return TypeAdapter(Organisation)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Organisation:
    """Cached by the text itself, since every transaction asks and the answer rarely changes."""
    return _adapter().validate_json(text)


def _written(organisation: Organisation) -> object:
    return _adapter().dump_python(organisation, mode="json")
