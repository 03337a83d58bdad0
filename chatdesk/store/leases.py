"""Leases: what one replica at a time may do, such as deliver to an installation.

A lease ends by itself when its holder no longer renews it, so another replica takes over from one that died.
Times are those of the database, the one clock that all replicas share.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, bindparam, delete, exists, insert, literal, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.store.engine import now_there
from chatdesk.store.tables import Instant, leases
from chatdesk.store.tables_outbox import deliveries

LIFETIME = timedelta(seconds=7)
"""How long a lease lasts that is not renewed."""

_OUTBOUND = "outbound/"


def outbound(installation: Installation) -> str:
    """The lease under which an installation is delivered to."""
    return f"{_OUTBOUND}{installation.platform}/{installation.id}"


def installation_of(name: str) -> Installation | None:
    """The installation that is delivered to under this lease, if it is such a one."""
    platform, _, installation = name.removeprefix(_OUTBOUND).partition("/")
    return Installation(Platform(platform), installation) if name.startswith(_OUTBOUND) else None


def listening(platform: Platform, shard: int = 0) -> str:
    """The lease under which one of a platform's connections is held, where only one may listen."""
    return f"{listening_to(platform)}{shard}"


def listening_to(platform: Platform) -> str:
    """What such a lease's name begins with."""
    return f"listening/{platform}/"


def taking_part(platform: Platform, holder: str) -> str:
    """The lease by which a replica says that it listens to some of a platform's shards, or would."""
    return f"sharing/{platform}/{holder}"


def in_turn(what: str) -> str:
    """The lease of whoever does, for the time being, what only one replica at a time may begin."""
    return f"turn/{what}"


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who holds which shards of a platform, and which replicas there are to hold some."""

    holders: Mapping[int, str]
    replicas: frozenset[str]


def sharing(connection: Connection, platform: Platform) -> Sharing:
    held, present = listening_to(platform), taking_part(platform, "")
    rows = connection.execute(
        select(leases.c.name, leases.c.holder).where(
            or_(leases.c.name.startswith(held), leases.c.name.startswith(present)),
            leases.c.until > now_there(connection),
        )
    ).all()
    return Sharing(
        {int(row.name.removeprefix(held)): row.holder for row in rows if row.name.startswith(held)},
        frozenset(row.holder for row in rows if row.name.startswith(present)),
    )


def delivered_by_another() -> ColumnElement[bool]:
    """A delivery's installation is in other hands than those of ``holder``, at the time ``there``."""
    return exists().where(
        leases.c.name == _outbound_name(),
        leases.c.holder != bindparam("holder"),
        leases.c.until > bindparam("there", type_=Instant),
    )


def delivered_by_nobody(connection: Connection) -> ColumnElement[bool]:
    """A delivery's installation is in no replica's hands."""
    return ~exists().where(leases.c.name == _outbound_name(), leases.c.until > now_there(connection))


def _outbound_name() -> ColumnElement[str]:
    return literal(_OUTBOUND) + deliveries.c.platform + literal("/") + deliveries.c.installation


def take(connection: Connection, names: Collection[str], holder: str) -> frozenset[str]:
    """Take those that nobody else holds; which."""
    now = now_there(connection)
    wanted = sorted(set(names))
    rows = connection.execute(
        select(leases).where(leases.c.name.in_(wanted)).order_by(leases.c.name).with_for_update()
    ).all()
    elsewhere = {row.name for row in rows if row.holder != holder and row.until > now}
    known = {row.name for row in rows} - elsewhere
    unknown = [name for name in wanted if name not in known and name not in elsewhere]
    if known:
        connection.execute(
            update(leases).where(leases.c.name.in_(known)).values(holder=holder, until=now + LIFETIME)
        )
    if unknown:
        rows_to_add = [{"name": name, "holder": holder, "until": now + LIFETIME} for name in unknown]
        connection.execute(insert(leases), rows_to_add)
    return frozenset({*known, *unknown})


def renew(connection: Connection, names: Collection[str], holder: str) -> frozenset[str]:
    """Hold those longer that nobody has taken meanwhile; which."""
    kept = connection.execute(
        update(leases)
        .where(leases.c.name.in_(sorted(names)), leases.c.holder == holder)
        .values(until=now_there(connection) + LIFETIME)
        .returning(leases.c.name)
    )
    return frozenset(kept.scalars())


def give_back(connection: Connection, names: Collection[str], holder: str) -> None:
    connection.execute(delete(leases).where(leases.c.name.in_(sorted(names)), leases.c.holder == holder))


def is_held(connection: Connection, name: str, holder: str) -> bool:
    """Whether the lease is ours. If it is, nobody takes it before this transaction is over."""
    mine = select(leases.c.until).where(leases.c.name == name, leases.c.holder == holder)
    until = connection.scalar(mine.with_for_update(read=True))
    return until is not None and until > now_there(connection)
