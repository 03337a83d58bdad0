"""Two tickets become one conversation; each requester sees their own words and the public answers."""

from __future__ import annotations

import pytest

from chatdesk.contract.actions import RunVerb
from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import MessageRef, Place, PlaceKind, Side, Where
from chatdesk.desk import catching_up
from chatdesk.domain.effects import LineReplaced, LineSaid, PostChanged, PostWritten
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.ticket import Thread
from chatdesk.store import catch_ups, threads
from tests.desk.humans import ANA, BEN, BOB, CLEO, DAN, EVE, SAM, Human
from tests.desk.organisation import HELP, PUBLIC, WORKSPACE
from tests.desk.world import World


def places_of(world: World, who: Human, number: int = 1) -> list[Thread]:
    """The customer threads of a ticket on somebody's platform."""
    return [
        one
        for one in world.threads(number, Side.CUSTOMER)
        if one.installation.platform == who.identity.platform
    ]


def where_of(world: World, who: Human, number: int = 1) -> Where:
    """The newest customer thread of a ticket on somebody's platform."""
    found = places_of(world, who, number)[-1]
    assert found.at is not None
    return Where(found.at, PlaceKind.THREAD, Place(found.installation, found.parent))


def shown_to(world: World, who: Human) -> list[str]:
    """The posts that were shown in the places of a ticket's customers on somebody's platform."""
    found = []
    for one in world.shown():
        mine = one.thread is not None and one.thread.id in {each.id for each in places_of(world, who)}
        if mine and isinstance(one.effect, PostWritten):
            found.append(next(post.body for post in world.posts(1) if post.id == one.effect.post))
    return found


@pytest.fixture
async def merged(world: World) -> World:
    """Ticket 1 is Cleo's on Discord, ticket 2 is Sam's on Slack and was merged into it."""
    await world.ticket_from(CLEO, PUBLIC, "Mail is down")
    await world.ticket_from(SAM, HELP, "No mail since nine")
    await world.post(ANA, world.team(2), "We are looking, Sam")
    await world.settle()
    world.forget()
    await world.type(ANA, world.team(2), "merge #1")
    await world.settle()
    return world


async def test_agents_see_one_conversation_in_one_thread(merged: World) -> None:
    assert merged.bodies(1, Side.TEAM) == ["No mail since nine", "We are looking, Sam"]
    assert merged.ticket(2).status is Status.CLOSED
    assert merged.threads(2) == []
    assert "Ana merged **#2** of Sam into this ticket" in merged.lines(1, Side.TEAM)[0]
    assert "goes on in the thread of **#1**" in merged.lines(2, Side.TEAM)[-1]
    assert [post.body for post in merged.posts(1)] == [
        "Mail is down", "No mail since nine", "We are looking, Sam",
    ]  # fmt: skip
    assert {"merged", "status"} <= set(merged.kinds(2))
    assert "merged_in" in merged.kinds(1)


async def test_each_requester_reads_their_own_words_and_the_public_answers(merged: World) -> None:
    merged.forget()
    sams = merged.customer(1)
    await merged.post(SAM, sams, "My customer number is 77")
    cleos = places_of(merged, CLEO)[0]
    assert cleos.at is not None
    await merged.post(ANA, merged.team(1), "Mail is back")
    assert shown_to(merged, CLEO) == ["Mail is back"]
    assert shown_to(merged, SAM) == ["Mail is back"]
    assert merged.bodies(1, Side.TEAM) == ["My customer number is 77"]
    assert merged.ticket(1).unread is False


async def test_what_was_answered_before_stays_with_those_who_read_it(merged: World) -> None:
    audiences = [post.audience for post in merged.posts(1)]
    assert [(one.kind, one.party) for one in audiences] == [("party", 1), ("party", 2), ("party", 2)]


async def test_a_message_in_the_old_team_thread_is_an_answer_to_its_requester_alone(merged: World) -> None:
    known = merged.look(lambda tx: threads.of_ticket(tx, 2))
    old = next(one for one in known if one.side is Side.TEAM)
    assert old.at is not None
    merged.forget()
    where = merged.team(1)
    place = type(where)(old.at, where.kind, where.channel)
    await merged.post(ANA, place, "Your mailbox was moved too, Sam")
    await merged.post(ANA, place, "note: he always asks twice")
    await merged.post(ANA, place, "Note he is a VIP")
    assert shown_to(merged, SAM) == ["Your mailbox was moved too, Sam"]
    assert shown_to(merged, CLEO) == []
    assert merged.bodies(1, Side.TEAM) == [
        "Your mailbox was moved too, Sam", "he always asks twice", "Note he is a VIP",
    ]  # fmt: skip
    assert "It stayed inside" in merged.said(merged.whispers(ANA)[-1].line)


async def test_what_was_written_in_the_old_team_thread_while_we_were_away_is_read(merged: World) -> None:
    known = merged.look(lambda tx: threads.of_ticket(tx, 2))
    place = next(one.at for one in known if one.side is Side.TEAM)
    assert place is not None
    now = merged.clock.now()
    await merged.change(lambda tx: catching_up.missed_something(tx, WORKSPACE, now))
    assert merged.look(lambda tx: catch_ups.find(tx, place)) is not None
    where = Where(place, PlaceKind.THREAD, merged.team(1).channel)
    ref = MessageRef(place, "while-away")
    past = MessagePosted(ref, where, ANA.actor, "Sam, try again", (), now)
    await merged.change(lambda tx: catching_up.take_in(tx, past, now))
    assert merged.posts(1)[-1].audience.party == 2


async def test_a_merged_requester_knows_their_own_number_and_nothing_of_the_other(merged: World) -> None:
    sams = merged.customer(1)
    await merged.type(SAM, sams, "info")
    assert "**#2** No mail since nine" in merged.accepted
    assert "Status: open" in merged.accepted
    assert "Mail is down" not in merged.accepted and "Cleo" not in merged.accepted
    await merged.give(SAM, "info", ticket="1")
    assert merged.refused == "There is no ticket #1."
    await merged.type(SAM, sams, "list mine")
    assert "#2" in merged.accepted and "#1" not in merged.accepted
    await merged.type(SAM, sams, "reply Still down here")
    assert merged.posts(1)[-1].audience.party == 2
    await merged.type(SAM, sams, "resolve")
    assert "looked at together with others" in merged.refused


async def test_who_joins_in_a_merged_thread_belongs_to_that_party_alone(merged: World) -> None:
    zoe = Human("zoe")
    await merged.post(zoe, merged.customer(1), "Me too")
    await merged.give(zoe, "info", ticket="1")
    assert merged.refused == "There is no ticket #1."
    await merged.give(zoe, "info", ticket="2")
    assert "No mail since nine" in merged.accepted


async def test_people_of_the_merged_ticket_and_answers_to_them_alone(merged: World) -> None:
    merged.forget()
    await merged.give(ANA, "reply", ticket="2", text="Only for you, Sam")
    assert shown_to(merged, SAM) == ["Only for you, Sam"]
    assert shown_to(merged, CLEO) == []
    assert merged.bodies(1, Side.TEAM) == ["Only for you, Sam"]
    await merged.give(ANA, "reply", ticket="2", text="note: he is slow")
    assert "internal note" in merged.refused
    zoe = Human("zoe")
    await merged.type(SAM, where_of(merged, SAM), f"people add {zoe.mention}")
    assert merged.sentences(1, Side.CUSTOMER) == ["person_added"]
    await merged.give(zoe, "info", ticket="2")
    assert "No mail since nine" in merged.accepted
    await merged.give(zoe, "list", which="mine")
    assert "#2" in merged.accepted and "#1" not in merged.accepted


async def test_staff_are_sent_to_the_main_ticket(merged: World) -> None:
    await merged.give(ANA, "claim", ticket="2")
    assert merged.refused == "#2 was merged into #1; do it to #1 instead."
    await merged.give(ANA, "reopen", ticket="2")
    assert "merged into #1" in merged.refused
    await merged.give(ANA, "info", ticket="2")
    assert "Merged: into #1" in merged.accepted
    await merged.give(ANA, "info", ticket="1")
    assert "Merged: #2" in merged.accepted


async def test_it_is_resolved_for_all_of_them(merged: World) -> None:
    merged.forget()
    await merged.give(ANA, "resolve", ticket="1", text="restarted the server")
    assert merged.sentences(1, Side.CUSTOMER) == ["customer_resolved"] * 2
    merged.forget()
    await merged.give(CLEO, "reopen", ticket="1")
    await merged.give(CLEO, "resolve", ticket="1", text="I found it myself")
    said = merged.lines(1, Side.CUSTOMER)
    assert said[-2:] == [
        "✅ Cleo resolved this ticket. I found it myself Write here if it is not solved.",
        "✅ This ticket is resolved. Write here if it is not solved.",
    ]


async def test_it_can_be_undone_with_what_was_written_since(merged: World) -> None:
    await merged.post(SAM, merged.customer(1), "And the calendar is gone")
    await merged.post(ANA, merged.team(1), "Both are back")
    await merged.settle()
    line = next(
        one.effect
        for one in merged.shown()
        if isinstance(one.effect, LineSaid) and one.effect.line.sentence == "merged_in"
    )
    assert line.controls == (Button("Undo", RunVerb("unmerge", 2)),)
    merged.clock.advance(minutes=9)
    merged.forget()
    await merged.press(ANA, line.controls[0])
    assert [post.body for post in merged.posts(2)] == [
        "No mail since nine", "We are looking, Sam", "And the calendar is gone",
    ]  # fmt: skip
    assert [post.body for post in merged.posts(1)] == ["Mail is down", "Both are back"]
    assert merged.ticket(2).status is Status.OPEN
    assert merged.bodies(2, Side.TEAM) == ["And the calendar is gone"]
    assert any(isinstance(one, LineReplaced) for one in merged.effects(1, Side.TEAM))
    assert "a ticket of its own again" in merged.lines(2, Side.TEAM)[-1]
    merged.forget()
    await merged.post(SAM, merged.customer(2), "Thanks, and the phone?")
    assert merged.bodies(2, Side.TEAM) == ["Thanks, and the phone?"]
    assert merged.effects(1) == []


async def test_an_answer_of_the_time_together_is_still_corrected_everywhere(merged: World) -> None:
    where = merged.team(1)
    answer = await merged.post(ANA, where, "Mail is bakc")
    await merged.settle()
    await merged.give(ANA, "unmerge", ticket="2")
    merged.forget()
    await merged.edit(ANA, where, answer, "Mail is back")
    changed = [
        one.thread.ticket for one in merged.shown() if isinstance(one.effect, PostChanged) and one.thread
    ]
    assert sorted(changed) == [1, 2]


async def test_not_after_ten_minutes_and_not_twice(merged: World) -> None:
    merged.clock.advance(minutes=11)
    await merged.give(ANA, "unmerge", ticket="2")
    assert "more than ten minutes ago" in merged.refused
    merged.clock.advance(minutes=-11)
    await merged.give(ANA, "unmerge", ticket="1")
    await merged.give(ANA, "unmerge", ticket="1")
    assert merged.refused == "#1 is not merged (any more), so there is nothing to undo."


async def test_a_third_ticket_and_a_chain(merged: World) -> None:
    await merged.ticket_from(DAN, PUBLIC, "Is mail broken?")
    await merged.ticket_from(EVE, PUBLIC, "Printer")
    await merged.give(ANA, "merge", ticket="3", into="2")
    assert merged.refused == "#2 was merged into #1; do it to #1 instead."
    await merged.give(ANA, "merge", ticket="1", into="#3")
    await merged.settle()
    assert [(post.body, post.audience.party) for post in merged.posts(3)] == [
        ("Is mail broken?", 1), ("Mail is down", 2), ("No mail since nine", 3), ("We are looking, Sam", 3),
    ]  # fmt: skip
    await merged.give(ANA, "unmerge", ticket="2")
    assert "merged into #3" in merged.refused
    merged.forget()
    await merged.post(SAM, where_of(merged, SAM, 3), "Hello?")
    assert merged.posts(3)[-1].audience.party == 3
    await merged.give(SAM, "info", ticket="2")
    assert "No mail since nine" in merged.accepted
    await merged.give(ANA, "unmerge", ticket="1")
    assert [post.audience.party for post in merged.posts(1)] == [1, 2, 2, 2]
    await merged.give(ANA, "unmerge", ticket="2")
    assert [post.body for post in merged.posts(2)][-1] == "Hello?"


async def test_what_cannot_be_merged(world: World) -> None:
    await world.ticket_from(CLEO, PUBLIC, "One")
    await world.ticket_from(SAM, HELP, "Two")
    await world.give(ANA, "merge", ticket="1")
    assert world.refused == "Which other ticket? Give its number, such as `/ticket merge #1042`."
    await world.give(ANA, "merge", ticket="1", into="1")
    assert world.refused == "That is #1 itself; name another ticket."
    await world.give(ANA, "merge", ticket="1", into="9")
    assert world.refused == "There is no ticket #9."
    await world.give(CLEO, "merge", ticket="1", into="2")
    assert world.refused == "There is no ticket #2." or "You may not merge" in world.refused
    await world.give(BOB, "merge", ticket="1", into="2")
    assert "You may not merge #1" in world.refused
    await world.give(BEN, "resolve", ticket="2")
    await world.give(ANA, "merge", ticket="1", into="2")
    assert "#2 is resolved" in world.refused


async def test_the_same_person_asked_twice(world: World) -> None:
    await world.post(CLEO, CLEO.dm, "My mouse is gone")
    await world.settle()
    await world.ticket_from(CLEO, PUBLIC, "My mouse is still gone")
    await world.give(ANA, "merge", ticket="1", into="2")
    await world.settle()
    world.forget()
    await world.post(CLEO, CLEO.dm, "Found it")
    assert world.posts(2)[-1].body == "Found it"
    assert world.bodies(2, Side.TEAM) == ["Found it"]
