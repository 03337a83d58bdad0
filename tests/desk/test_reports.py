"""What people are told of deliveries in trouble, and what is forgotten in time."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from chatdesk.contract.actions import RunVerb
from chatdesk.contract.vocabulary import Side
from chatdesk.desk.reports import delivery_failed, delivery_recovered
from chatdesk.desk.sweeps import mark_slow, prune
from chatdesk.domain.effects import LineSaid, PostWritten, SourceMarked
from chatdesk.store import deliveries, tables
from chatdesk.store.deliveries import DeliveryRow
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ANA, CLEO
from tests.desk.organisation import PUBLIC
from tests.desk.world import World


@pytest.fixture
async def row(world: World) -> DeliveryRow:
    """The delivery of an agent's answer to the customer, which waits."""
    await world.ticket_from(CLEO, PUBLIC)
    await world.post(ANA, world.team(1), "Turn it off")
    found = await world.change(_waiting)
    world.forget()
    return found


def _waiting(tx: Transaction) -> DeliveryRow:
    statement = select(tables.deliveries.c.id).where(tables.deliveries.c.state == "waiting")
    rows = [deliveries.load(tx.connection, tx.desk, one) for one in tx.connection.scalars(statement)]
    return next(one for one in rows if one is not None and isinstance(one.effect, PostWritten))


def _marks(world: World) -> list[tuple[str, bool]]:
    found = [one.effect for one in world.shown()]
    return [(one.emoji, one.present) for one in found if isinstance(one, SourceMarked)]


async def test_after_ten_seconds_an_hourglass_stands_where_it_was_written(
    world: World, row: DeliveryRow
) -> None:
    assert await world.tick(mark_slow, seconds=9) == 0
    assert await world.tick(mark_slow, seconds=1) == 1
    assert _marks(world) == [("⏳", True)]
    assert await world.tick(mark_slow, seconds=60) == 0
    await world.change(lambda tx: delivery_recovered(tx.connection, row, world.clock.now()))
    assert _marks(world)[1:] == [("⏳", False), ("⚠️", False)]


async def _fail(world: World, row: DeliveryRow) -> None:
    def fail(tx: Transaction) -> None:
        deliveries.fail(tx.connection, row, "the channel is archived", world.clock.now())
        failed = deliveries.load(tx.connection, tx.desk, row.id)
        assert failed is not None
        delivery_failed(tx.connection, failed, world.clock.now())

    await world.change(fail)


async def test_a_failure_is_said_with_who_did_not_get_what_and_a_retry(
    world: World, row: DeliveryRow
) -> None:
    await _fail(world, row)
    assert ("⚠️", True) in _marks(world)
    assert world.lines(1, Side.TEAM) == [
        "⚠️ A message of Ana did not reach the requester: the channel is archived."
    ]
    assert world.lines(1, Side.CUSTOMER) == []
    [said] = [one for one in world.effects(1, Side.TEAM) if isinstance(one, LineSaid)]
    [retry] = said.controls
    assert isinstance(retry.action, RunVerb) and retry.action.value == row.id


async def test_only_staff_retry_and_only_once(world: World, row: DeliveryRow) -> None:
    await _fail(world, row)
    await world.give(CLEO, "retry", value=row.id)
    assert "An agent can" in world.refused
    await world.give(ANA, "retry", value=row.id)
    assert world.accepted == "Trying again."
    await world.give(ANA, "retry", value=row.id)
    assert world.refused == "That was already answered."
    await world.give(ANA, "retry", value="unknown")
    assert world.refused == "That was already answered."


async def test_keys_are_forgotten_after_a_month_and_messages_never(world: World, row: DeliveryRow) -> None:
    await world.give(ANA, "claim", ticket="1")
    await world.settle()
    world.clock.advance(days=30)
    assert await world.tick(prune) == 0
    world.clock.advance(days=2)
    assert await world.tick(prune) > 0
    left = await world.change(
        lambda tx: tx.connection.scalar(select(func.count()).select_from(tables.handled))
    )
    assert left == 0
    assert len(world.posts(1)) == 2
