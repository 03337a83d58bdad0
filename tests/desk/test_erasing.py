"""Erasing a person: nothing of them is left in any table, numbers and times are."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from chatdesk.contract.actions import FormKind
from chatdesk.contract.inbound import MessagePosted, ReactionSet
from chatdesk.contract.ports import Accepted
from chatdesk.contract.vocabulary import FileRef, MessageRef, Side
from chatdesk.courier.files import FileStore
from chatdesk.desk import erasing
from chatdesk.desk.erasing import Erased
from chatdesk.domain.effects import LineReplaced, PostChanged, PostReacted
from chatdesk.domain.erasure import ERASED, ERASED_PERSON
from chatdesk.erasing import Report, find
from chatdesk.erasing import erase as erase_everywhere
from chatdesk.store import attachments, people
from chatdesk.store.erasing import awaiting
from chatdesk.store.tables import metadata
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ANA, CLEO, DAN, SAM
from tests.desk.organisation import PUBLIC, SERVER
from tests.desk.platforms import copy_id
from tests.desk.world import World

WORDS = "My passport number is 4711"
FILE = FileRef(SERVER, "f1", "passport.pdf", 10, "application/pdf")


@pytest.fixture
async def ticket(world: World) -> int:
    """Cleo asked, wrote, attached, reacted; Ana answered and mentioned her."""
    number = await world.ticket_from(CLEO, PUBLIC, WORDS)
    await world.post(CLEO, world.customer(number), "And my address is Elm Street", files=(FILE,))
    await world.post(ANA, world.team(number), f"Thank you {CLEO.mention}, we look into it")
    await world.give(ANA, "claim", ticket="1")
    await world.settle()
    where, [thread] = world.customer(number), world.threads(number, Side.CUSTOMER)
    copy = MessageRef(where.place, copy_id(world.posts(number)[-1].id, thread.id))
    await world.react(CLEO, where, copy, "🎉")
    await world.give(CLEO, "info", ticket="1")
    await world.settle()
    world.clock.advance(hours=1)
    world.forget()
    return number


async def erase(world: World) -> Erased:
    def work(tx: Transaction) -> Erased:
        known = erasing.find(tx, CLEO.identity)
        assert known is not None
        return erasing.erase(tx, known, world.clock.now())

    return await world.change(work)


def everything(world: World) -> str:
    """All that stands in the database."""
    with world.engine.connect() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return "\n".join(repr(tuple(row)) for row in rows)


def traces(world: World) -> Sequence[str]:
    """Which of Cleo's words and names are left."""
    found = everything(world)
    wanted = ("4711", "passport", "Elm Street", "Cleo", "'cleo'", "/cleo", ":cleo")
    return [one for one in wanted if one in found]


async def test_nothing_is_left_in_forms_that_others_opened(world: World, ticket: int) -> None:
    await world.give(ANA, "resolve", ticket="1", text="Cleo has a new passport")
    shown = await world.open_form(ANA, FormKind.ARTICLE, ticket)
    await world.submit(ANA, shown, title="Passports", text="4711 is lost", readers="internal")
    await world.press(ANA, next(one for one in world.answer.controls if one.label == "Change it"))
    assert isinstance(world.answer, Accepted) and world.answer.form is not None
    other = await world.ticket_from(DAN, PUBLIC)
    kept = await world.open_form(ANA, FormKind.REPLY, other)
    await erase(world)
    assert traces(world) == []
    await world.submit(ANA, kept, text="On our way")
    assert "sent" in world.accepted.casefold()


async def test_nothing_is_left_but_numbers_and_times(world: World, ticket: int) -> None:
    assert traces(world)
    before, kinds = world.ticket(ticket), world.kinds(ticket)
    await erase(world)
    assert traces(world) == []
    after = world.ticket(ticket)
    assert (after.title, after.description) == (ERASED, "")
    assert (after.created_at, after.status, after.requester) == (
        before.created_at, before.status, before.requester
    )  # fmt: skip
    assert world.kinds(ticket) == [*kinds, "person_erased"]
    assert [post.body for post in world.posts(ticket)] == ["", "", f"Thank you {ERASED}, we look into it"]
    assert world.look(lambda tx: people.name_of(tx, before.requester)) == ERASED_PERSON


async def test_what_stands_on_platforms_is_taken_away(world: World, ticket: int) -> None:
    await erase(world)
    first, second, answer = world.posts(ticket)
    to_team = world.effects(ticket, Side.TEAM)
    assert PostChanged(first.id) in to_team and PostChanged(second.id) in to_team
    to_customer = world.effects(ticket, Side.CUSTOMER)
    assert PostChanged(answer.id) in to_customer and PostChanged(second.id) not in to_customer
    assert PostReacted(answer.id, "🎉") in to_team
    assert any(isinstance(one, LineReplaced) for one in to_customer)
    assert world.look(awaiting) == (2, 0)
    assert world.cards(ticket) == 1


async def test_by_a_process_beside_the_desk(world: World, ticket: int, tmp_path: Path) -> None:
    def work() -> Report:
        found = find(world.engine, CLEO.identity, None)
        return erase_everywhere(world.engine, FileStore(tmp_path), found, world.clock.now())

    report = await asyncio.to_thread(work)
    assert report.compact and report.effects == len(world.shown())
    assert traces(world) == []
    assert find(world.engine, CLEO.identity, None) == []


async def test_others_with_the_same_words_keep_them(world: World) -> None:
    await world.post(SAM, SAM.dm, "thanks")
    await world.ticket_from(CLEO, PUBLIC, "Printer")
    other = await world.ticket_from(DAN, PUBLIC, "Printer on the second floor")
    await world.give(DAN, "people", ticket=str(other), action="add", person=SAM.mention)
    await erase(world)
    assert world.told(SAM) == [f"➕ Dan added you to ticket **#{other}**: Printer on the second floor."]
    assert world.effects(other) == [one for one in world.effects(other) if "(erased)" not in repr(one)]


async def test_a_file_that_another_attached_too_is_needed_still(world: World, ticket: int) -> None:
    await world.post(SAM, SAM.dm, "The same form", files=(replace(FILE, installation=SAM.installation),))
    digest = "a" * 64
    for number in (1, 2):
        for post in world.posts(number):
            for one in post.attachments:
                with world.engine.begin() as connection:
                    attachments.stored(connection, "acme", one.id, digest, 10)
    done = await erase(world)
    assert done.files == {digest}
    [late] = world.posts(1)[1].attachments
    with world.engine.begin() as connection:
        attachments.stored(connection, "acme", late.id, "b" * 64, 10)  # it was being fetched meanwhile
        assert attachments.needed(connection, (digest, "b" * 64)) == {digest}


async def test_the_past_does_not_come_back(world: World, ticket: int) -> None:
    where = world.customer(ticket)
    source = world.posts(ticket)[1].source
    assert source is not None
    await erase(world)
    now = world.clock.now()
    for ref in (source, replace(source, id="never heard of")):
        await world.desk.catch_up(MessagePosted(ref, where, CLEO.actor, "passport 4711", (), now))
    await world.edit(CLEO, where, source, "passport 4711", version="z9")
    ana = world.posts(ticket)[2].source
    assert ana is not None
    await world.desk.catch_up(ReactionSet(ana, where, CLEO.actor, "🎉", True, "v9", now))
    assert "4711" not in everything(world)
    assert len(world.posts(ticket)) == 3
    assert traces(world) == []


async def test_who_writes_anew_is_somebody_new(world: World, ticket: int) -> None:
    await erase(world)
    world.clock.advance(minutes=1)
    await world.post(CLEO, world.customer(ticket), "I am back")
    assert world.posts(ticket)[-1].body == "I am back"
    assert world.person(CLEO) != world.ticket(ticket).requester
