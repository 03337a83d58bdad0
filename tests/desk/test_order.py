"""Whatever order events come in, and however often, they end in the same rows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from chatdesk.contract.inbound import MessageDeleted, MessageEdited, MessagePosted, ReactionSet
from chatdesk.contract.ports import Accepted
from chatdesk.contract.vocabulary import FileRef, Means, MessageRef, Place, Side
from chatdesk.desk import catching_up
from chatdesk.desk.early import now_known
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.ticket import Post
from chatdesk.store import catch_ups, early, hearing, posts, tables, tables_outbox
from chatdesk.store.catch_ups import CatchUp, Urgency
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ANA, BEN, BOB, CLEO, SAM, Human
from tests.desk.organisation import DISCORD, EVERY, LOBBY, PRIVATE, PUBLIC, SERVER, SUPPORT, WORKSPACE, thread
from tests.desk.world import World

Event = MessagePosted | MessageEdited | MessageDeleted | ReactionSet

NAMES = ("root", "one", "two", "three")
EMOJI = ("🎉", "👍")


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done to the message of this name: edit, delete, react or take a reaction back."""

    message: str
    what: str
    emoji: str = ""
    who: Human = SAM


DEEDS = st.one_of(
    st.builds(Deed, st.sampled_from(NAMES), st.sampled_from(("edit", "edit with file", "delete"))),
    st.builds(
        Deed,
        st.sampled_from(NAMES),
        st.sampled_from(("react", "unreact")),
        st.sampled_from(EMOJI),
        st.sampled_from((SAM, BEN)),
    ),
)


def story(run: str, deeds: Sequence[Deed], at: datetime) -> list[Event]:
    """A request with three replies and what was done to them, in order, each at a moment of its own."""
    moments = (at + timedelta(seconds=number) for number in count())
    under = thread(EVERY, f"C-every/{run}-root")
    events: list[Event] = []
    for name in NAMES:
        where = EVERY if name == "root" else under
        ref = MessageRef(where.place, f"{run}-{name}")
        stands = under.place if name == "root" else None
        now = next(moments)
        events.append(MessagePosted(ref, where, SAM.actor, f"{name} at first", (), now, None, stands))
    for deed in deeds:
        where = EVERY if deed.message == "root" else under
        ref = MessageRef(where.place, f"{run}-{deed.message}")
        events.append(_event(deed, ref, next(moments)))
    return events


def _event(deed: Deed, ref: MessageRef, at: datetime) -> Event:
    version = f"{at.timestamp():.6f}"
    where = EVERY if ref.place == EVERY.place else thread(EVERY, ref.place.id)
    if deed.what == "delete":
        return MessageDeleted(ref, at)
    if deed.what in ("react", "unreact"):
        # Slack does not say in which thread the message stands.
        ref = replace(ref, place=EVERY.place)
        present = deed.what == "react"
        return ReactionSet(ref, EVERY, deed.who.actor, deed.emoji, present, version, at)
    files = (FileRef(WORKSPACE, f"F-{version}", "a.txt", 1),) if "file" in deed.what else ()
    return MessageEdited(ref, where, SAM.actor, f"{deed.message} at {version}", files, version, at)


def rows(tx: Transaction, run: str) -> object:
    """What is known of a story in the end, without what differs between any two runs."""
    found = {}
    for name in NAMES:
        post = posts.by_source(tx, EVERY.place.platform, f"{run}-{name}")
        assert post is not None, f"{name} was lost"
        reacted = tx.connection.execute(
            select(
                tables.reactions.c.emoji,
                tables.reactions.c.identity,
                tables.reactions.c.present,
                tables.reactions.c.version,
            )
            .where(tables.reactions.c.desk == tx.desk, tables.reactions.c.post == post.id)
            .order_by(tables.reactions.c.emoji, tables.reactions.c.identity)
        ).all()
        files = [one.ref.id for one in post.attachments if not one.gone]
        found[name] = (
            post.body,
            post.version,
            post.audience,
            post.deleted_at is not None,
            files,
            [tuple(row) for row in reacted],
        )
    return found


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


def test_any_order_and_any_repetition_end_in_the_same_rows(tmp_path: Path, runner: asyncio.Runner) -> None:
    world = runner.run(World.open(tmp_path))
    numbers = count()

    async def taken_in(run: str, events: Sequence[Event]) -> object:
        for event in events:
            await world.handle(event)
        assert len({post.ticket for post in _posts(world, run)}) == 1
        return world.look(lambda tx: rows(tx, run))

    @settings(
        max_examples=30,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(deeds=st.lists(DEEDS, max_size=10), data=st.data())
    def check(deeds: list[Deed], data: st.DataObject) -> None:
        number = next(numbers)
        in_order = runner.run(taken_in(f"a{number}", story(f"a{number}", deeds, world.clock.now())))
        events = story(f"b{number}", deeds, world.clock.now())
        again = data.draw(st.lists(st.sampled_from(events), max_size=6))
        mixed = data.draw(st.permutations([*events, *again]))
        assert runner.run(taken_in(f"b{number}", mixed)) == in_order

    try:
        check()
    finally:
        runner.run(world.close())


def _posts(world: World, run: str) -> list[Post]:
    found = (
        world.look(lambda tx, name=name: posts.by_source(tx, EVERY.place.platform, f"{run}-{name}"))  # type: ignore[misc]
        for name in NAMES
    )
    return [post for post in found if post is not None]


async def test_what_is_written_where_something_was_missed_waits_for_its_turn(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    where = world.customer(number)
    await world.change(lambda tx: catch_ups.want(tx, _wanted(tx, where.place, world), world.clock.now()))
    written = await world.post(CLEO, where, "after the gap")
    await world.edit(CLEO, where, written, "after the gap, edited")
    await world.react(CLEO, where, written, "🎉")
    assert "after the gap" not in world.bodies(number, Side.TEAM)
    missed = MessagePosted(
        MessageRef(where.place, "missed"), where, CLEO.actor, "in the gap", (), world.clock.now()
    )
    await world.desk.catch_up(missed)
    waiting = world.look(
        lambda tx: early.kept(tx, where.place.platform, early.turn_of(where.place), limit=10)
    )
    for one in waiting:
        await world.desk.catch_up(one.event)
    assert world.bodies(number, Side.TEAM) == ["in the gap", "after the gap, edited"]
    wanted = world.look(lambda tx: catch_ups.find(tx, where.place))
    assert wanted is not None
    assert wanted.urgency is Urgency.WAITED_FOR


async def test_commands_do_not_wait(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    where = world.team(number)
    await world.change(lambda tx: catch_ups.want(tx, _wanted(tx, where.place, world), world.clock.now()))
    await world.type(BEN, where, "claim")
    assert world.ticket(number).assignee == world.person(BEN)


def _wanted(tx: Transaction, place: Place, world: World) -> CatchUp:
    return CatchUp(tx.desk, place, False, None, True, Urgency.WORKING, world.clock.now())


async def test_connecting_again_has_every_place_read_where_something_may_have_happened(world: World) -> None:
    """Tickets that are worked on, those just over, and the channels in which tickets are made; none twice."""
    first, second = await world.ticket_from(CLEO, PUBLIC), await world.ticket_from(CLEO, PUBLIC)
    await world.type(BEN, world.team(second), "cancel a mistake")
    now = world.clock.now() + timedelta(hours=1)
    heard = world.look(lambda tx: hearing.heard_until(tx, SERVER))
    assert heard is None, "only a connection is heard"

    def connected(tx: Transaction) -> None:
        catching_up.missed_something(tx, SERVER, now)
        catching_up.missed_something(tx, SERVER, now + timedelta(hours=1))

    await world.change(connected)
    wanted = {
        one.place.id: one
        for one in world.look(lambda tx: catch_ups.due(tx.connection, [DISCORD], now + timedelta(days=1), 99))
    }
    customers = {world.customer(first).place.id}
    assert set(wanted) >= customers | {PUBLIC.place.id, PRIVATE.place.id}
    assert LOBBY.place.id not in wanted
    assert wanted[PUBLIC.place.id].intake
    assert wanted[PUBLIC.place.id].since == now - catching_up.OVERLAP
    place = wanted[world.customer(first).place.id]
    assert (place.intake, place.holds, place.since) == (False, True, None)
    order = [one.urgency for one in wanted.values()]
    assert order == sorted(order)


async def test_now_and_then_everything_is_looked_at_again_and_nobody_waits_for_it(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    now = world.clock.now() + timedelta(hours=6)
    await world.change(lambda tx: hearing.note_heard(tx, SERVER, now))
    await world.change(lambda tx: catching_up.look_again(tx, SERVER, now))
    found = world.look(lambda tx: catch_ups.find(tx, world.customer(number).place))
    assert found is not None
    assert (found.urgency, found.holds) == (Urgency.ROUTINE, False)
    written = await world.post(CLEO, world.customer(number), "still there?")
    assert world.look(lambda tx: posts.by_source(tx, DISCORD, written.id)) is not None


async def test_a_refused_mention_is_refused_once(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.type(BEN, world.team(number), "assign nobody-of-this-name", means=Means.MENTION)
    assert world.refused
    await world.again()
    assert world.answer == Accepted()


async def test_a_command_in_a_thread_that_is_just_being_opened_waits_for_it(world: World) -> None:
    """People see the thread before we know that it is there."""
    await world.ask_ticket(ANA, world.message(CLEO, PUBLIC, "It does not work"))
    [team] = world.threads(1, Side.TEAM)
    await world.change(_is_under_way)
    there = thread(SUPPORT, f"thread-{team.id}")
    typed = asyncio.create_task(world.type(BEN, there, "priority urgent", means=Means.MENTION))
    await asyncio.sleep(0.15)
    assert not typed.done()
    await world.settle()
    assert isinstance(await typed, Accepted)
    assert world.ticket(1).priority == "urgent"


async def test_a_command_elsewhere_is_refused_at_once(world: World) -> None:
    await world.ask_ticket(ANA, world.message(CLEO, PUBLIC, "It does not work"))
    await world.settle()
    await world.type(BEN, thread(SUPPORT, "another"), "priority urgent", means=Means.MENTION)
    assert "Which ticket?" in world.refused


async def test_what_is_refused_late_is_said_and_holds_up_nothing_else(world: World) -> None:
    """The card's receipt brings up what people did with the card before we knew it."""
    await world.ask_ticket(ANA, world.message(CLEO, PUBLIC, "It does not work"))
    [team] = world.threads(1, Side.TEAM)
    card = MessageRef(SUPPORT.place, f"card-{team.id}")
    await world.react(BOB, SUPPORT, card, "✅")
    await world.react(BEN, SUPPORT, card, "👀")
    await world.settle()
    world.forget()
    platform = card.place.platform
    await world.change(lambda tx: now_known(tx, platform, {card.id}, world.clock.now()))
    [refused] = world.whispers(BOB)
    assert "may not" in world.said(refused.line)
    assert (world.ticket(1).status, world.ticket(1).assignee) == (Status.OPEN, world.person(BEN))


def _is_under_way(tx: Transaction) -> None:
    """As if a process had asked the platform, and not heard yet."""
    tx.connection.execute(update(tables_outbox.deliveries).values(uncertain=True))
