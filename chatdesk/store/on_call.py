"""Who is on call by word, instead of what the rota says, and who was last told that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from chatdesk.domain.on_call import Shift
from chatdesk.store.ids import new_id
from chatdesk.store.tables_on_call import on_call, watches
from chatdesk.store.transaction import Transaction


def instead(tx: Transaction, team: str, now: datetime) -> Sequence[Shift]:
    """By persons' ids, what was said last first; what is over is left out."""
    statement = (
        select(on_call).where(on_call.c.desk == tx.desk, on_call.c.team == team).order_by(on_call.c.id.desc())
    )
    rows = tx.connection.execute(statement)
    said = [Shift(row.person, row.since, row.until) for row in rows]
    return [one for one in said if one.end is None or one.end > now]


def put(tx: Transaction, team: str, shift: Shift, now: datetime) -> None:
    """Somebody is on call. What is over is forgotten."""
    over = (on_call.c.desk == tx.desk, on_call.c.team == team, on_call.c.until <= now)
    tx.connection.execute(delete(on_call).where(*over))
    tx.connection.execute(
        insert(on_call).values(
            desk=tx.desk, id=new_id(), team=team, person=shift.who, since=shift.start, until=shift.end
        )
    )


def clear(tx: Transaction, team: str) -> bool:
    """The rota holds again; False if it did already."""
    its = (on_call.c.desk == tx.desk, on_call.c.team == team)
    return tx.connection.execute(delete(on_call).where(*its)).rowcount > 0


def told(tx: Transaction) -> Mapping[str, str]:
    """By team, who was last told that they are on call, as the rota writes it or by their id."""
    statement = select(watches.c.team, watches.c.who).where(watches.c.desk == tx.desk)
    return {row.team: row.who for row in tx.connection.execute(statement)}


def note_told(tx: Transaction, team: str, who: str) -> None:
    its = (watches.c.desk == tx.desk, watches.c.team == team)
    if tx.connection.execute(update(watches).where(*its).values(who=who)).rowcount == 0:
        tx.connection.execute(insert(watches).values(desk=tx.desk, team=team, who=who))
