"""What the bot's database says, read while the bot is dead or busy."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, func, select

from chatdesk.domain.effects import PostReacted, SourceMarked
from chatdesk.store.catch_ups import Urgency
from chatdesk.store.deliveries import DeliveryState
from chatdesk.store.effect_rows import kind_of
from chatdesk.store.tables import history, posts, threads, tickets
from chatdesk.store.tables_inbound import catch_ups, quarantine
from chatdesk.store.tables_outbox import deliveries, effects

_REACTIONS = (kind_of(PostReacted), kind_of(SourceMarked))


def knows(engine: Engine, word: str) -> bool:
    """Whether the message, note or tag with this word in it was committed."""
    with engine.connect() as connection:
        post = select(posts.c.id).where(posts.c.body.contains(word)).limit(1)
        if connection.execute(post).first() is not None:
            return True
        return any(word in tags for tags in connection.execute(select(tickets.c.tags)).scalars())


def in_flight(engine: Engine) -> int:
    """How many deliveries were being tried."""
    return _count(engine, DeliveryState.IN_FLIGHT)


def pending(engine: Engine) -> int:
    """How many deliveries are still to be made."""
    return _count(engine, DeliveryState.WAITING) + _count(engine, DeliveryState.IN_FLIGHT)


def to_be_read(engine: Engine) -> int:
    """How many places of tickets are still to be caught up with."""
    wanted = select(func.count()).select_from(catch_ups).where(catch_ups.c.urgency <= Urgency.RESOLVED)
    with engine.connect() as connection:
        return int(connection.execute(wanted).scalar_one())


def failed(engine: Engine) -> Sequence[str]:
    """Why deliveries were given up. A reaction to a message that its author has deleted cannot be made."""
    statement = (
        select(effects.c.kind, deliveries.c.lane, deliveries.c.reason)
        .join(effects, (effects.c.desk == deliveries.c.desk) & (effects.c.id == deliveries.c.effect))
        .where(deliveries.c.state == DeliveryState.FAILED)
    )
    with engine.connect() as connection:
        return [
            f"{kind} in {lane}: {reason}"
            for kind, lane, reason in connection.execute(statement)
            if kind not in _REACTIONS or "deleted" not in reason
        ]


def leftovers(engine: Engine) -> Sequence[str]:
    """What is kept for later and should not be there when all is done."""
    with engine.connect() as connection:
        catching_up = connection.execute(
            select(func.count()).select_from(threads).where(threads.c.catching_up)
        ).scalar_one()
        aside = connection.execute(
            select(quarantine.c.error).where(quarantine.c.released_at.is_(None))
        ).scalars()
        found = [f"set aside: {error}" for error in aside]
        found += [f"{catching_up} threads still catch up"] if catching_up else []
        return found


def tags(engine: Engine, ticket: int) -> Sequence[str]:
    with engine.connect() as connection:
        return list(connection.execute(select(tickets.c.tags).where(tickets.c.number == ticket)).scalar_one())


def recorded(engine: Engine, ticket: int, kind: str) -> int:
    """How often a thing was done to a ticket."""
    statement = select(func.count()).select_from(history)
    with engine.connect() as connection:
        return int(
            connection.execute(
                statement.where(history.c.ticket == ticket, history.c.kind == kind)
            ).scalar_one()
        )


def _count(engine: Engine, state: DeliveryState) -> int:
    with engine.connect() as connection:
        statement = select(func.count()).select_from(deliveries).where(deliveries.c.state == state)
        return int(connection.execute(statement).scalar_one())
