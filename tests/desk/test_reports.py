"""What people are told of deliveries in trouble, and what is forgotten in time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from chatdesk.contract.actions import RunVerb
from chatdesk.contract.vocabulary import MessageRef, Side
from chatdesk.desk.reports import delivery_failed, delivery_recovered
from chatdesk.desk.sweeps import mark_slow, prune
from chatdesk.domain.effects import (
    Effect,
    LineSaid,
    MemberChanged,
    PersonTold,
    PostReacted,
    PostWritten,
    SourceMarked,
    ThreadEnded,
    Whispered,
)
from chatdesk.domain.lines import Line
from chatdesk.store import deliveries, outbox, posts, tables_inbound, tables_outbox, threads
from chatdesk.store.deliveries import DeliveryRow, Mark
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
    statement = select(tables_outbox.deliveries.c.id).where(tables_outbox.deliveries.c.state == "waiting")
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
    await world.settle()
    await world.change(lambda tx: delivery_recovered(tx.connection, row, world.clock.now()))
    assert _marks(world)[1:] == [("⏳", False)], "the ⚠️ was never there"


async def test_an_hourglass_that_still_waits_is_not_put_there_at_all(world: World, row: DeliveryRow) -> None:
    """In a backlog it would cost two requests for each post."""
    assert await world.tick(mark_slow, seconds=10) == 1
    await world.change(lambda tx: delivery_recovered(tx.connection, row, world.clock.now()))
    assert _marks(world) == [("⏳", True)]
    waits = select(tables_outbox.deliveries.c.state).where(tables_outbox.deliveries.c.lane.like("mark:%"))
    assert world.look(lambda tx: tx.connection.scalars(waits).all()) == ["dropped"]


async def test_a_warning_goes_when_what_failed_gets_through(world: World, row: DeliveryRow) -> None:
    await _fail(world, row)
    await world.settle()
    world.forget()

    def recover(tx: Transaction) -> None:
        failed = deliveries.load(tx.connection, tx.desk, row.id)
        assert failed is not None
        deliveries.finish(tx.connection, failed, None, world.clock.now())
        delivery_recovered(tx.connection, replace(failed, marked=Mark.FAILED), world.clock.now())

    await world.change(recover)
    assert _marks(world) == [("⚠️", False)]


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


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (PostReacted("p", "👀"), "⚠️ A reaction did not reach the requester: the channel is archived."),
        (
            ThreadEnded(open=False),
            "⚠️ The end of a thread did not reach the requester: the channel is archived.",
        ),
        (
            MemberChanged(CLEO.identity, True),
            "⚠️ A change of members did not reach the requester: the channel is archived.",
        ),
    ],
)
async def test_what_else_of_a_ticket_failed_is_said_to_the_staff(
    world: World, row: DeliveryRow, effect: Effect, said: str
) -> None:
    def written(tx: Transaction) -> DeliveryRow:
        there = [one for one in threads.live_of_ticket(tx, 1) if one.side is Side.CUSTOMER]
        outbox.write(tx, effect, there, world.clock.now())
        return _of_kind(tx, type(effect))

    await _fail(world, await world.change(written))
    assert world.lines(1, Side.TEAM) == [said]
    assert world.lines(1, Side.CUSTOMER) == []


async def test_a_direct_message_that_failed_is_said_to_the_staff(world: World, row: DeliveryRow) -> None:
    def written(tx: Transaction) -> DeliveryRow:
        effect = PersonTold(CLEO.identity, Line("welcome"))
        outbox.write_at(tx, effect, row.installation, None, "person:x", world.clock.now(), ticket=1)
        return _of_kind(tx, PersonTold)

    await _fail(world, await world.change(written))
    assert world.lines(1, Side.TEAM) == [
        "⚠️ A direct message did not reach its reader: the channel is archived."
    ]


async def test_a_question_that_its_author_cannot_be_asked_is_marked(world: World, row: DeliveryRow) -> None:
    """What is held until they answer would else be lost in silence."""

    def written(tx: Transaction) -> DeliveryRow:
        effect = Whispered(ANA.identity, Line("held_near_miss"), True, about=_source(tx))
        outbox.write_at(tx, effect, row.installation, "x", "whisper:x", world.clock.now())
        return _of_kind(tx, Whispered)

    await _fail(world, await world.change(written))
    assert ("⚠️", True) in _marks(world)


def _of_kind(tx: Transaction, kind: type[Effect]) -> DeliveryRow:
    rows = [
        deliveries.load(tx.connection, tx.desk, one)
        for one in tx.connection.scalars(select(tables_outbox.deliveries.c.id))
    ]
    return next(one for one in rows if one is not None and isinstance(one.effect, kind))


def _source(tx: Transaction) -> MessageRef:
    found = [post.source for post in posts.of_ticket(tx, 1) if post.source is not None]
    return found[-1]


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
        lambda tx: tx.connection.scalar(select(func.count()).select_from(tables_inbound.handled))
    )
    assert left == 0
    assert len(world.posts(1)) == 2
