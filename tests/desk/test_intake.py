"""A message came in: which ticket it belongs to."""

from __future__ import annotations

from chatdesk.contract.vocabulary import MessageRef, Side
from chatdesk.domain.lifecycle import Status
from tests.desk.humans import ANA, BEN, CLEO, DAN, SAM
from tests.desk.organisation import HELP, PUBLIC
from tests.desk.platforms import copy_id
from tests.desk.world import World


async def test_a_customers_message_is_shown_to_the_team(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.post(CLEO, world.customer(number), "It smokes")
    assert world.bodies(number, Side.TEAM) == ["It smokes"]
    assert world.bodies(number, Side.CUSTOMER) == []
    assert world.ticket(number).unread


async def test_an_agents_message_is_shown_to_the_customer(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    world.clock.advance(minutes=1)
    await world.post(ANA, world.team(number), "Turn it off")
    assert world.bodies(number, Side.CUSTOMER) == ["Turn it off"]
    ticket = world.ticket(number)
    assert (ticket.status, ticket.unread) == (Status.OPEN, False)
    assert ticket.first_response_at == ticket.last_post_at == world.clock.now()
    assert world.kinds(number)[-2:] == ["first_response", "status"]


async def test_the_same_message_twice_is_one_post(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.post(CLEO, world.customer(number), "It smokes")
    shown = len(world.shown())
    await world.again()
    await world.again()
    assert [post.body for post in world.posts(number)] == ["The printer is on fire", "It smokes"]
    assert len(world.shown()) == shown


async def test_our_own_copies_are_not_taken_for_messages(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.post(ANA, world.team(number), "Turn it off")
    await world.settle()
    [customer] = world.threads(number, Side.CUSTOMER)
    event = world.last
    assert event is not None
    copy = MessageRef(world.customer(number).place, copy_id(world.posts(number)[-1].id, customer.id))
    await world.handle(
        type(event)(copy, world.customer(number), ANA.actor, "Turn it off", (), world.clock.now())  # type: ignore
    )
    assert len(world.posts(number)) == 2


async def test_whoever_joins_the_customers_thread_takes_part(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.give(DAN, "info", ticket=str(number))
    assert "There is no ticket" in world.refused
    await world.post(DAN, world.customer(number), "I have it too")
    await world.give(DAN, "info", ticket=str(number))
    assert "Takes part: Dan" in world.accepted
    assert world.bodies(number, Side.TEAM) == ["I have it too"]


async def test_an_agents_words_in_the_customers_thread_are_an_answer(world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.post(ANA, world.customer(number), "I am on it")
    assert world.bodies(number, Side.TEAM) == ["I am on it"]
    ticket = world.ticket(number)
    assert (ticket.status, ticket.unread) == (Status.OPEN, False)
    assert ticket.first_response_at is not None


async def test_a_requester_who_is_staff_speaks_as_a_requester(world: World) -> None:
    number = await world.ticket_from(BEN, HELP)
    await world.give(ANA, "status", ticket=str(number), status="pending")
    await world.post(BEN, world.customer(number), "Note the smoke")
    ticket = world.ticket(number)
    assert (ticket.status, ticket.unread, ticket.first_response_at) == (Status.OPEN, True, None)
    assert world.bodies(number, Side.TEAM) == ["Note the smoke"]


async def test_a_note_in_the_customers_thread_goes_no_further(world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    await world.post(ANA, world.customer(number), "note: he is lying")
    assert world.bodies(number, Side.TEAM) == ["he is lying"]
    assert [one.line.sentence for one in world.whispers(ANA)] == ["note_is_visible"]


async def test_a_near_note_in_the_customers_thread_is_held(world: World) -> None:
    number = await world.ticket_from(SAM, HELP)
    where = world.customer(number)
    await world.post(ANA, where, "note : he is lying")
    assert world.bodies(number, Side.TEAM) == []
    await world.press(ANA, world.buttons(ANA)["inside"], where=where)
    assert world.bodies(number, Side.TEAM) == ["note : he is lying"]
    assert world.posts(number)[-1].audience.kind == "internal"
    await world.post(ANA, where, "Note that we are closed tomorrow")
    await world.press(ANA, world.buttons(ANA)["send"], where=where)
    post = world.posts(number)[-1]
    assert (post.audience.kind, post.audience.party) == ("party", 1)
    assert world.ticket(number).first_response_at is not None


async def test_a_customers_words_are_theirs_whatever_they_begin_with(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.post(CLEO, world.customer(number), "note: the scanner too")
    assert world.bodies(number, Side.TEAM) == ["note: the scanner too"]


# Direct messages.


async def test_the_first_direct_message_opens_a_ticket_there(world: World) -> None:
    await world.post(CLEO, CLEO.dm, "My mail is gone")
    [ticket] = world.tickets()
    [customer] = world.threads(1, Side.CUSTOMER)
    assert (ticket.title, customer.place, customer.kind) == ("My mail is gone", "dm-cleo", "dm")
    assert world.bodies(1, Side.TEAM) == ["My mail is gone"]
    await world.again()
    assert len(world.tickets()) == 1


async def test_a_direct_message_belongs_to_the_only_open_ticket(world: World) -> None:
    await world.post(CLEO, CLEO.dm, "My mail is gone")
    await world.settle()
    await world.post(CLEO, CLEO.dm, "All of it")
    assert [post.body for post in world.posts(1)] == ["My mail is gone", "All of it"]
    assert len(world.tickets()) == 1


async def _two_tickets(world: World) -> None:
    await world.post(CLEO, CLEO.dm, "Mail")
    await world.type(CLEO, CLEO.dm, "open Phone")
    await world.settle()
    world.forget()


async def test_with_two_open_tickets_the_person_is_asked(world: World) -> None:
    await _two_tickets(world)
    await world.post(CLEO, CLEO.dm, "It is back")
    await world.again()
    assert world.bodies(1, Side.TEAM) + world.bodies(2, Side.TEAM) == []
    assert len(world.whispers(CLEO)) == 1
    buttons = world.buttons(CLEO)
    assert list(buttons) == ["ticket-2", "ticket-1", "new"]
    await world.press(CLEO, buttons["ticket-1"], where=CLEO.dm)
    assert world.bodies(1, Side.TEAM) == ["It is back"]
    await world.press(CLEO, buttons["ticket-2"], where=CLEO.dm)
    assert world.refused == "That was already answered."
    assert world.bodies(2, Side.TEAM) == []


async def test_a_held_direct_message_may_be_a_ticket_of_its_own(world: World) -> None:
    await _two_tickets(world)
    await world.post(CLEO, CLEO.dm, "Keyboard")
    await world.press(CLEO, world.buttons(CLEO)["new"], where=CLEO.dm)
    assert [ticket.title for ticket in world.tickets()] == ["Mail", "Phone", "Keyboard"]
    assert world.bodies(3, Side.TEAM) == ["Keyboard"]


async def test_somebody_elses_question_is_not_theirs_to_answer(world: World) -> None:
    await _two_tickets(world)
    await world.post(CLEO, CLEO.dm, "It is back")
    await world.press(DAN, world.buttons(CLEO)["ticket-1"], where=CLEO.dm)
    assert world.refused == "That question is for somebody else."


async def test_a_reply_says_which_ticket_is_meant(world: World) -> None:
    await _two_tickets(world)
    await world.post(ANA, world.team(1), "Have you looked into the spam folder?")
    await world.settle()
    [customer] = world.threads(1, Side.CUSTOMER)
    answer = MessageRef(CLEO.dm.place, copy_id(world.posts(1)[-1].id, customer.id))
    await world.post(CLEO, CLEO.dm, "Yes", reply_to=answer)
    assert world.posts(1)[-1].body == "Yes"
    assert world.whispers(CLEO) == []


async def test_an_open_ticket_comes_before_a_resolved_one(world: World) -> None:
    await _two_tickets(world)
    await world.give(ANA, "resolve", ticket="2")
    await world.post(CLEO, CLEO.dm, "Still nothing")
    assert world.posts(1)[-1].body == "Still nothing"
    assert world.ticket(2).status is Status.RESOLVED


async def test_a_resolved_ticket_is_reopened_from_a_direct_message(world: World) -> None:
    await world.post(CLEO, CLEO.dm, "Mail")
    await world.settle()
    await world.give(ANA, "resolve", ticket="1")
    await world.post(CLEO, CLEO.dm, "It is gone again")
    assert world.ticket(1).status is Status.OPEN
    assert len(world.tickets()) == 1


async def test_after_a_closed_ticket_a_direct_message_is_a_new_one_but_thanks_are_not(world: World) -> None:
    await world.post(CLEO, CLEO.dm, "Mail")
    await world.settle()
    await world.give(ANA, "close", ticket="1")
    await world.post(CLEO, CLEO.dm, "Thank you!")
    assert [ticket.status for ticket in world.tickets()] == [Status.CLOSED]
    assert world.posts(1)[-1].body == "Thank you!"
    await world.post(CLEO, CLEO.dm, "Now my phone")
    assert [ticket.title for ticket in world.tickets()] == ["Mail", "Now my phone"]


async def test_a_held_message_that_is_edited_or_deleted_counts_as_it_is_now(world: World) -> None:
    await _two_tickets(world)
    first = await world.post(CLEO, CLEO.dm, "It is bakc")
    first_buttons = world.buttons(CLEO)
    second = await world.post(CLEO, CLEO.dm, "Never mind")
    second_buttons = world.buttons(CLEO)
    await world.edit(CLEO, CLEO.dm, first, "It is back")
    await world.delete(second)
    await world.press(CLEO, first_buttons["ticket-1"], where=CLEO.dm)
    assert world.bodies(1, Side.TEAM) == ["It is back"]
    await world.press(CLEO, second_buttons["ticket-1"], where=CLEO.dm)
    assert world.refused == "That was already answered."


# After the end.


async def test_thanks_do_not_reopen(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.give(ANA, "resolve", ticket="1", text="New toner")
    world.forget()
    await world.post(CLEO, world.customer(number), "Thanks a lot!! 🙏")
    assert world.bodies(number, Side.TEAM) == ["Thanks a lot!! 🙏"]
    ticket = world.ticket(number)
    assert (ticket.status, ticket.reopens, ticket.unread) == (Status.RESOLVED, 0, False)


async def test_anything_else_reopens_what_was_resolved(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.give(ANA, "resolve", ticket="1")
    world.forget()
    await world.post(CLEO, world.customer(number), "thanks but it still smokes")
    ticket = world.ticket(number)
    assert (ticket.status, ticket.reopens, ticket.resolved_at) == (Status.OPEN, 1, None)
    assert world.sentences(number, Side.TEAM) == ["reopened"]
    assert world.sentences(number, Side.CUSTOMER) == ["customer_reopened"]


async def test_a_message_takes_what_waits_for_it_up_again(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.give(ANA, "status", ticket="1", status="pending")
    await world.post(CLEO, world.customer(number), "Here is the log")
    assert world.ticket(number).status is Status.OPEN
    await world.give(ANA, "status", ticket="1", status="on hold")
    await world.post(CLEO, world.customer(number), "Any news?")
    assert world.ticket(number).status is Status.ON_HOLD


async def test_within_the_grace_period_a_closed_ticket_is_reopened(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.give(ANA, "close", ticket="1")
    world.clock.advance(days=7)
    await world.post(CLEO, world.customer(number), "It is back")
    assert world.ticket(number).status is Status.OPEN
    assert len(world.tickets()) == 1


async def test_after_the_grace_period_a_new_ticket_follows_in_the_same_place(world: World) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    where = world.customer(number)
    await world.give(ANA, "close", ticket="1")
    world.clock.advance(days=7, seconds=1)
    world.forget()
    await world.post(CLEO, where, "Thanks!")
    assert len(world.tickets()) == 1
    await world.post(CLEO, where, "It is back")
    [old, new] = world.tickets()
    assert (old.status, new.status, new.follows) == (Status.CLOSED, Status.NEW, 1)
    assert world.customer(2) == where
    assert world.threads(1, Side.CUSTOMER) == []
    assert world.bodies(2, Side.TEAM) == ["It is back"]
    assert "continues #1" in world.lines(2, Side.CUSTOMER)[0]
    assert world.kinds(1)[-1] == "followed"
    await world.settle()
    await world.post(CLEO, where, "And it smokes")
    assert world.posts(2)[-1].body == "And it smokes"


async def test_a_message_where_nobody_ever_asked_is_no_ticket(world: World) -> None:
    await world.post(CLEO, PUBLIC, "note: hello")
    assert world.tickets() == []
