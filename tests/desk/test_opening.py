"""A request becomes a ticket, wherever it was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from chatdesk.contract.actions import FormKind
from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.outbound import Visibility
from chatdesk.contract.vocabulary import Means, PlaceKind, Side
from chatdesk.desk.intake import caught_up
from chatdesk.desk.sweeps import end_drafts
from chatdesk.domain.effects import CatchUpWanted, ThreadWanted
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import ThreadMode
from chatdesk.store import tables
from tests.desk.humans import ANA, CLEO, DAN, SAM
from tests.desk.organisation import ACME, EVERY, LOBBY, PRIVATE, PUBLIC, SUPPORT, thread
from tests.desk.world import World


def _asked_for(world: World, number: int) -> ThreadWanted:
    [wanted] = [one for one in world.effects(number, Side.CUSTOMER) if isinstance(one, ThreadWanted)]
    return wanted


async def test_a_reaction_makes_a_ticket_of_its_message(world: World) -> None:
    source = world.message(CLEO, PUBLIC, "The **printer** is on fire\nSince this morning")
    await world.ask_ticket(ANA, source)
    [ticket] = world.tickets()
    assert (ticket.number, ticket.title, ticket.status) == (1, "The printer is on fire", Status.NEW)
    assert ticket.description == "The **printer** is on fire\nSince this morning"
    assert ticket.requester == world.person(CLEO)
    assert (ticket.team, ticket.priority, ticket.mode) == ("support", "normal", ThreadMode.REPLY)
    assert (ticket.origin, ticket.origin_link) == (PUBLIC.place, "https://link")
    assert ticket.unread and ticket.last_post_at == world.clock.now()
    assert _asked_for(world, 1).source == source.ref
    assert world.bodies(1, Side.TEAM) == ["The **printer** is on fire\nSince this morning"]
    assert world.bodies(1, Side.CUSTOMER) == []
    assert world.told(CLEO) == ["🎫 Ana made ticket **#1** of your message: The printer is on fire."]


async def test_who_asks_for_themselves_is_not_told_by_message(world: World) -> None:
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "Help"))
    assert world.told(CLEO) == []


async def test_a_message_makes_one_ticket_not_two(world: World) -> None:
    source = world.message(CLEO, PUBLIC, "Help")
    await world.ask_ticket(ANA, source)
    await world.again()
    await world.ask_ticket(CLEO, source)
    assert len(world.tickets()) == 1


async def test_a_second_form_on_the_same_message_names_the_ticket_that_there_is(world: World) -> None:
    source = world.message(CLEO, PUBLIC, "Help")
    first = await world.open_form(ANA, FormKind.TICKET, source=source)
    second = await world.open_form(DAN, FormKind.TICKET, source=source)
    await world.submit(ANA, first, title="Help", priority="normal")
    await world.submit(DAN, second, title="Help", priority="normal")
    assert "#1" in world.refused
    assert len(world.tickets()) == 1


async def test_a_message_in_a_thread_brings_the_whole_thread(world: World) -> None:
    place = thread(PUBLIC, "old-thread")
    source = world.message(CLEO, place, "And now it smokes", place.place)
    await world.ask_ticket(ANA, source)
    [customer] = world.threads(1, Side.CUSTOMER)
    assert (customer.place, customer.catching_up) == ("old-thread", True)
    assert CatchUpWanted() in world.effects(1, Side.CUSTOMER)
    assert world.posts(1) == []


async def test_a_private_thread_lets_its_requester_in(world: World) -> None:
    await world.ask_ticket(ANA, world.message(CLEO, PRIVATE, "My salary is wrong"))
    wanted = _asked_for(world, 1)
    assert wanted.visibility is Visibility.PRIVATE
    assert wanted.members == (CLEO.identity,)
    assert wanted.source is None


async def test_every_message_of_a_channel_may_be_a_ticket(world: World) -> None:
    await world.post(SAM, EVERY, "No sound", stands=thread(EVERY, "t1").place)
    [ticket] = world.tickets()
    assert ticket.title == "No sound"
    [customer] = world.threads(1, Side.CUSTOMER)
    assert (customer.place, customer.catching_up) == ("t1", False)
    assert world.bodies(1, Side.TEAM) == ["No sound"]
    await world.again()
    assert len(world.tickets()) == 1


async def test_a_message_in_another_channel_is_nobodys_business(world: World) -> None:
    await world.post(CLEO, PUBLIC, "Good morning")
    await world.post(CLEO, LOBBY, "Good morning")
    assert world.tickets() == []


async def test_a_forum_post_is_a_ticket_with_its_own_title(world: World) -> None:
    where = thread(PUBLIC, "forum-post")
    await world.post(CLEO, where, "It crashes", title="App crashes", stands=where.place)
    [ticket] = world.tickets()
    assert (ticket.title, ticket.description) == ("App crashes", "It crashes")
    [customer] = world.threads(1, Side.CUSTOMER)
    assert (customer.place, customer.kind) == ("forum-post", PlaceKind.THREAD)


async def test_a_command_opens_a_ticket_in_a_thread_of_its_channel(world: World) -> None:
    await world.type(CLEO, PUBLIC, "open The scanner is broken")
    assert world.accepted == (
        "🎫 Your ticket is **#1**: The scanner is broken. Answers appear in its thread."
    )
    await world.settle()
    assert world.bodies(1, Side.CUSTOMER) == ["The scanner is broken"]
    assert world.bodies(1, Side.TEAM) == ["The scanner is broken"]
    assert _asked_for(world, 1).visibility is Visibility.PUBLIC


async def test_a_command_without_words_asks_for_them(world: World) -> None:
    await world.type(CLEO, PUBLIC, "open")
    assert "/ticket open" in world.refused
    assert world.tickets() == []


async def test_a_form_from_nowhere_is_answered_in_a_direct_message(world: World) -> None:
    form = await world.open_form(CLEO, FormKind.TICKET)
    await world.submit(CLEO, form, title="VPN", description="VPN is down", priority="high", service="VPN")
    assert "(a direct message)" in world.accepted
    [ticket] = world.tickets()
    assert (ticket.title, ticket.priority, ticket.service) == ("VPN", "high", "VPN")
    assert _asked_for(world, 1).visibility is Visibility.DM
    assert world.bodies(1, Side.CUSTOMER) == ["VPN is down"]


async def test_a_form_on_a_message_is_prefilled_and_its_author_is_the_requester(world: World) -> None:
    source = world.message(CLEO, PUBLIC, "The printer is on fire\nHelp")
    form = await world.open_form(ANA, FormKind.TICKET, source=source)
    prefilled = {one.name: getattr(one, "value", "") for one in form.fields}
    assert prefilled["title"] == "The printer is on fire"
    assert prefilled["description"] == "The printer is on fire\nHelp"
    await world.submit(ANA, form, title="Fire", description=source.body, priority="urgent")
    [ticket] = world.tickets()
    assert (ticket.title, ticket.requester) == ("Fire", world.person(CLEO))


async def test_a_form_says_what_is_missing_and_keeps_what_was_typed(world: World) -> None:
    form = await world.open_form(CLEO, FormKind.TICKET)
    await world.submit(CLEO, form, title="", description="x" * 3001, priority="normal")
    assert set(world.answer.fields) == {"title", "description"}  # type: ignore[union-attr]
    await world.submit(CLEO, form, title="Now", description="short")
    assert world.ticket(1).title == "Now"
    await world.submit(CLEO, form, title="Again", description="short")
    assert "already sent" in world.refused and "Again" in world.refused
    assert len(world.tickets()) == 1


async def test_a_form_takes_no_value_that_it_did_not_offer(world: World) -> None:
    form = await world.open_form(CLEO, FormKind.TICKET)
    await world.submit(CLEO, form, title="A", description="B", priority="galactic")
    assert "priority" in world.answer.fields  # type: ignore[union-attr]
    assert world.tickets() == []


async def test_a_category_has_its_own_fields_and_team(world: World) -> None:
    form = await world.open_form(CLEO, FormKind.TICKET)
    await world.submit(CLEO, form, title="Refund", description="Please", category="billing")
    assert "field-invoice" in world.answer.fields  # type: ignore[union-attr]
    await world.submit(
        CLEO, form, title="Refund", description="Please", category="billing", field_invoice="7"
    )
    [ticket] = world.tickets()
    assert (ticket.team, ticket.category, ticket.fields) == ("billing", "billing", (("invoice", "7"),))
    assert ticket.mode is ThreadMode.INTERNAL


async def test_somebody_elses_form_is_not_theirs_to_send(world: World) -> None:
    form = await world.open_form(CLEO, FormKind.TICKET)
    await world.submit(DAN, form, title="A", description="B", priority="normal")
    assert "Only the person" in world.refused
    assert world.tickets() == []


async def test_a_shortcut_on_a_direct_message_or_without_words_still_makes_a_ticket(world: World) -> None:
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, ""), Means.SHORTCUT)
    assert world.ticket(1).title == "(without words)"


async def test_a_ticket_gets_its_words_once_its_thread_has_been_read(world: World) -> None:
    place = thread(PUBLIC, "old-thread")
    await world.ask_ticket(ANA, world.message(CLEO, place, "", place.place))
    [customer] = world.threads(1, Side.CUSTOMER)
    await world.settle()
    await world.post(DAN, place, "Seen live while the past is read")
    assert world.posts(1) == []
    again = await world.change(lambda tx: caught_up(tx, customer.id, world.clock.now()))
    assert again, "something happened meanwhile, so the thread must be read once more"
    event = world.last
    assert event is not None
    await world.desk.catch_up(event)
    assert [post.body for post in world.posts(1)] == ["Seen live while the past is read"]
    assert not await world.change(lambda tx: caught_up(tx, customer.id, world.clock.now()))
    assert world.ticket(1).description == "Seen live while the past is read"
    assert world.ticket(1).title == "Seen live while the past is read"
    await world.post(CLEO, place, "After")
    assert [post.body for post in world.posts(1)][-1] == "After"


async def test_what_a_ticket_was_made_of_does_not_reopen_it_when_it_is_read_late(world: World) -> None:
    place = thread(PUBLIC, "old-thread")
    request = world.message(CLEO, place, "It does not work", place.place)
    world.clock.advance(seconds=5)
    await world.ask_ticket(ANA, request)
    [customer] = world.threads(1, Side.CUSTOMER)
    await world.settle()
    await world.give(ANA, "status", ticket="1", status="pending")
    past = MessagePosted(request.ref, place, CLEO.actor, request.body, (), request.at)
    await world.desk.catch_up(past)
    assert [post.body for post in world.posts(1)] == ["It does not work"]
    assert world.ticket(1).status is Status.PENDING
    await world.change(lambda tx: caught_up(tx, customer.id, world.clock.now()))
    await world.post(CLEO, place, "It still does not")
    assert world.ticket(1).status is Status.OPEN


NEEDS_CATEGORY = replace(ACME, required=("category",))


async def test_a_draft_asks_for_what_it_lacks_and_is_sent_without_it_in_time(tmp_path: Path) -> None:
    world = await World.open(tmp_path, NEEDS_CATEGORY)
    await world.ask_ticket(ANA, world.message(CLEO, PUBLIC, "Help"))
    assert world.ticket(1).status is Status.DRAFT
    assert world.threads(1, Side.TEAM) == []
    assert world.lines(1, Side.CUSTOMER)[-1] == (
        "🎫 **#1** needs one more thing: **category**. Otherwise I send it as it is in 10 minutes."
    )
    await world.settle()
    assert await world.tick(end_drafts, minutes=9, seconds=59) == 0
    assert await world.tick(end_drafts, seconds=1) == 1
    assert world.ticket(1).status is Status.NEW
    assert world.bodies(1, Side.TEAM) == ["Help"]
    assert "draft_sent" in world.sentences(1, Side.CUSTOMER)
    assert await world.tick(end_drafts, hours=1) == 0
    await world.close()


async def test_a_draft_that_cannot_be_sent_holds_up_no_other(tmp_path: Path) -> None:
    world = await World.open(tmp_path, NEEDS_CATEGORY)
    for text in ("one", "two"):
        await world.ask_ticket(ANA, world.message(CLEO, PUBLIC, text))
    spoil = update(tables.posts).where(tables.posts.c.ticket == 1)
    await world.change(lambda tx: tx.connection.execute(spoil.values(audience="nonsense")))
    await world.tick(end_drafts, minutes=10)
    assert [one.status for one in world.tickets()] == [Status.DRAFT, Status.NEW]
    await world.change(lambda tx: tx.connection.execute(spoil.values(audience="party")))
    assert await world.tick(end_drafts, minutes=9) == 0
    assert await world.tick(end_drafts, minutes=1) == 1
    assert world.ticket(1).status is Status.NEW
    await world.close()


async def test_a_draft_that_is_completed_goes_where_its_category_says(tmp_path: Path) -> None:
    world = await World.open(tmp_path, NEEDS_CATEGORY)
    await world.ask_ticket(ANA, world.message(CLEO, PUBLIC, "Refund me"))
    await world.settle()
    await world.give(DAN, "category", ticket="1", category="billing")
    assert world.refused == "There is no ticket #1."
    await world.give(CLEO, "category", ticket="1", category="billing")
    assert world.accepted == "Thank you."
    ticket = world.ticket(1)
    assert (ticket.status, ticket.team, ticket.mode) == (Status.NEW, "billing", ThreadMode.INTERNAL)
    assert "readers_internal" in world.sentences(1, Side.TEAM)
    assert ticket.draft_until is None
    await world.give(CLEO, "submit", ticket="1")
    assert "already" in world.refused
    await world.close()


async def test_a_draft_may_be_sent_as_it_is_or_given_up(tmp_path: Path) -> None:
    world = await World.open(tmp_path, NEEDS_CATEGORY)
    for text in ("one", "two"):
        await world.ask_ticket(ANA, world.message(CLEO, PUBLIC, text))
    await world.settle()
    await world.give(CLEO, "submit", ticket="1")
    assert world.ticket(1).status is Status.NEW
    await world.give(CLEO, "cancel", ticket="2")
    assert world.ticket(2).status is Status.CANCELLED
    assert await world.tick(end_drafts, hours=1) == 0
    assert world.ticket(2).status is Status.CANCELLED
    await world.close()


async def test_a_draft_takes_what_is_written_meanwhile_along(tmp_path: Path) -> None:
    world = await World.open(tmp_path, NEEDS_CATEGORY)
    await world.ask_ticket(ANA, world.message(CLEO, PUBLIC, "Help"))
    await world.settle()
    await world.post(CLEO, world.customer(1), "It is the printer")
    await world.tick(end_drafts, minutes=10)
    assert world.bodies(1, Side.TEAM) == ["Help", "It is the printer"]
    await world.close()


async def test_a_message_in_a_team_channel_is_no_request(world: World) -> None:
    await world.post(ANA, SUPPORT, "Good morning, team")
    assert world.tickets() == []


async def test_numbers_are_unique_and_without_gaps(world: World) -> None:
    for _ in range(3):
        await world.type(CLEO, PUBLIC, "open Help")
    await world.type(CLEO, PUBLIC, "open")
    await world.type(CLEO, PUBLIC, "open Help")
    assert [ticket.number for ticket in world.tickets()] == [1, 2, 3, 4]


async def test_a_long_request_has_a_short_title_and_loses_nothing(world: World) -> None:
    text = "wort " * 10_000
    await world.ask_ticket(ANA, world.message(CLEO, PUBLIC, text))
    assert len(world.ticket(1).title) <= 80
    assert world.posts(1)[0].body == text


def test_the_draft_waits_ten_minutes() -> None:
    assert ACME.draft_after == timedelta(minutes=10)
