"""Threads that open when they are needed, cards drawn as the ticket is now, lines, whispers, pasts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chatdesk.contract.actions import FormKind, OpenForm, RunVerb, decode
from chatdesk.contract.inbound import Inbound, PlaceGone
from chatdesk.contract.outbound import (
    Copy,
    EditLine,
    OpenThread,
    Outbound,
    PostLine,
    PostMessage,
    RetireCard,
    SetMember,
    SetThreadOpen,
    ShowCard,
    TellPerson,
    Visibility,
    Whisper,
)
from chatdesk.contract.ports import Attempt, DeliveryFailed, Receipt, Window
from chatdesk.contract.views import Button, Card, Control, Menu
from chatdesk.contract.vocabulary import MessageRef, Place, Side
from chatdesk.domain.effects import (
    CardChanged,
    CardMoved,
    CatchUpWanted,
    LineReplaced,
    MemberChanged,
    PersonTold,
    PostWritten,
    ThreadEnded,
    ThreadWanted,
    Whispered,
)
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.ticket import Escalation, EscalationState, ThreadState, Ticket
from chatdesk.store import desks, escalations, outbox, threads, tickets
from chatdesk.store.tables_outbox import deliveries
from tests.courier.making import post, say, write
from tests.courier.support import ANA, PATIENCE, SystemClock, World
from tests.store.support import DISCORD, SLACK, thread


async def deliver(world: World) -> None:
    async with world.running() as courier:
        await courier.drain(PATIENCE)


async def change_ticket(world: World, change: Callable[[Ticket], Ticket]) -> None:
    await world.do(lambda tx: tickets.save(tx, change(_known(tickets.load(tx, 1)))))


def _known(ticket: Ticket | None) -> Ticket:
    assert ticket is not None
    return ticket


async def shown_card(world: World, thread_id: str = "team") -> Card:
    await write(world, CardChanged(), thread_id)
    await deliver(world)
    shown = world.slack.shown()[-1]
    assert isinstance(shown, ShowCard)
    return shown.content


def labels(controls: tuple[Control, ...]) -> list[str]:
    return [control.label for control in controls]


async def test_a_card_opens_its_thread_and_is_edited_in_place_from_then_on(world: World) -> None:
    await world.add_thread(thread("new", Side.TEAM, SLACK, state=ThreadState.OPENING))
    await write(world, CardChanged(), "new")
    await write(world, say("hello"), "new")
    await deliver(world)
    card, line = world.slack.taken
    assert isinstance(card.effect, ShowCard)
    assert (card.effect.card, card.at) == (None, Place(SLACK, "C1"))
    opened = await world.thread("new")
    assert (opened.state, opened.card, opened.place) == (ThreadState.OPEN, "m1", "C1/m1")
    assert (line.effect, line.at) == (PostLine("hello"), opened.at)
    await write(world, CardChanged(), "new")
    await deliver(world)
    again = world.slack.shown()[-1]
    assert isinstance(again, ShowCard)
    assert again.card == MessageRef(Place(SLACK, "C1"), "m1")


async def test_where_a_card_opens_its_thread_the_beginning_is_known(world: World) -> None:
    """An attempt that is cut off there is looked for after it."""
    there = Place(SLACK, "C1/m1")
    opened = Receipt((Copy("card", MessageRef(there, "m0")),), there, MessageRef(Place(SLACK, "C1"), "m1"))

    async def answers(effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        return opened

    world.slack.hook = answers
    await world.add_thread(thread("new", Side.TEAM, SLACK, state=ThreadState.OPENING))
    await write(world, CardChanged(), "new")
    await deliver(world)
    noted = await world.thread("new")
    assert (noted.card, noted.place, noted.last_copy) == ("m1", "C1/m1", "m0")


async def test_several_changes_at_once_are_one_card(world: World) -> None:
    for _ in range(5):
        await write(world, CardChanged(), "team")
    await deliver(world)
    assert len(world.slack.tried) == 1


async def test_a_customer_thread_is_opened_and_the_conversation_follows_into_it(world: World) -> None:
    await world.add_thread(thread("new", Side.CUSTOMER, DISCORD, state=ThreadState.OPENING, party=1))
    wanted = ThreadWanted("#1 Fire", Line("plain", (words("text", "Hi"),)), Visibility.PRIVATE, (ANA,), None)
    await world.add_post(post("p", "an answer", "ben"))
    await write(world, wanted, "new")
    await write(world, PostWritten("p"), "new")
    await deliver(world)
    opening, posted = world.discord.taken
    assert opening.effect == OpenThread("#1 Fire", "Hi", Visibility.PRIVATE, (ANA,), None)
    opened = await world.thread("new")
    assert opened.state is ThreadState.OPEN
    assert isinstance(posted.effect, PostMessage)
    assert posted.at == opened.at


async def test_where_opening_fails_what_follows_fails_for_the_same_reason_and_can_be_retried(
    world: World,
) -> None:
    async def closed(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        raise DeliveryFailed(permanent="their direct messages are closed")

    world.discord.hook = closed
    await world.add_thread(thread("new", Side.CUSTOMER, DISCORD, state=ThreadState.OPENING, party=1))
    wanted = ThreadWanted("#1 Fire", Line("plain", (words("text", "Hi"),)), Visibility.DM, (ANA,), None)
    await world.add_post(post("p", "an answer", "ben"))
    await write(world, wanted, "new")
    await write(world, PostWritten("p"), "new")
    await deliver(world)
    assert (await world.thread("new")).state is ThreadState.DEAD
    assert world.reports.failed == [
        "ThreadWanted: their direct messages are closed",
        "PostWritten: their direct messages are closed",
    ]
    assert (await shown_card(world)).warning == (
        "2 messages could not be delivered: their direct messages are closed"
    )
    world.discord.hook = None
    failed = world.discord.tried[0].attempt.id
    assert await world.do(lambda tx: outbox.retry(tx, failed, SystemClock().now()))
    await deliver(world)
    assert [type(one) for one in world.discord.shown()] == [OpenThread, PostMessage]
    assert (await world.thread("new")).state is ThreadState.OPEN
    assert (await shown_card(world)).warning is None


async def test_a_card_shows_the_ticket_as_it_is_now(world: World) -> None:
    await change_ticket(
        world,
        lambda ticket: replace(
            ticket, status=Status.OPEN, assignee="ben", tags=("fire",), unread=True,
            last_post_at=SystemClock().now(), origin_link="https://chat.example/1",
        ),
    )  # fmt: skip
    card = await shown_card(world)
    assert (card.number, card.title, card.status) == (1, "The printer is on fire", "open")
    assert (card.mark, card.colour, card.source_link) == ("🟠", 0xE67E22, "https://chat.example/1")
    facts = {fact.label: fact.value for fact in card.facts}
    assert facts["Requester"] == "Ana"
    assert facts["Assignee"] == "Ben"
    assert facts["Tags"] == "fire"
    assert facts["Last post"].endswith(", unread")
    assert card.summary == "It *burns*."


async def test_a_card_says_how_often_the_requester_was_here_before(world: World) -> None:
    ticket = _known(await world.look(lambda tx: tickets.load(tx, 1)))
    for number in (2, 3):
        later = replace(ticket, number=number, reopens=number - 2, version=0)
        await world.do(lambda tx, later=later: tickets.add(tx, later))  # type: ignore[misc]
    await world.add_thread(thread("third", Side.TEAM, SLACK, place="C1/third", ticket=3))
    card = await shown_card(world, "third")
    assert card.facts[0].value == "Ana (2 earlier)"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.NEW, ["Claim", "Status", "Priority", "Escalate", "More"]),
        (Status.RESOLVED, ["Reopen", "Close"]),
        (Status.CLOSED, ["Reopen"]),
        (Status.CANCELLED, ["Reopen"]),
    ],
)
async def test_a_card_offers_what_can_be_done(world: World, status: Status, expected: list[str]) -> None:
    await change_ticket(world, lambda ticket: replace(ticket, status=status))
    assert labels((await shown_card(world)).controls) == expected


async def test_menus_hold_what_is_allowed_and_their_values_fit(world: World) -> None:
    await change_ticket(world, lambda ticket: replace(ticket, assignee="ben"))
    release, status, priority, escalate, more = (await shown_card(world)).controls
    assert release == Button("Release", RunVerb("release", 1))
    assert isinstance(status, Menu)
    assert [option.value for option in status.options] == [
        "open", "pending", "on_hold", "resolved", "cancelled",
    ]  # fmt: skip
    assert isinstance(priority, Menu)
    assert [option.value for option in priority.options] == ["low", "normal", "high", "urgent"]
    assert escalate == Button("Escalate", OpenForm(FormKind.ESCALATE, 1))
    assert isinstance(more, Menu)
    assert all(decode(option.value) is not None and len(option.value) <= 75 for option in more.options)


async def test_a_draft_shows_no_card_and_customers_never_see_one(world: World) -> None:
    await write(world, CardChanged(), "customer")
    await change_ticket(world, lambda ticket: replace(ticket, status=Status.DRAFT))
    await write(world, CardChanged(), "team")
    await deliver(world)
    assert (world.slack.tried, world.discord.tried) == ([], [])


@pytest.mark.parametrize(
    ("state", "expected", "fact"),
    [
        (EscalationState.WAITING, ["Acknowledge", "Take over", "Send back"], "not yet acknowledged"),
        (EscalationState.ACKNOWLEDGED, ["Take over", "Send back"], "acknowledged by Ben"),
        (EscalationState.SENT_BACK, [], None),
    ],
)
async def test_the_asked_teams_card_has_the_controls_to_answer(
    world: World, state: EscalationState, expected: list[str], fact: str | None
) -> None:
    now = SystemClock().now()
    escalation = Escalation(
        "acme", "e1", 1, "support", "billing", 1, "ben", "Please look", state, now,
        now + timedelta(hours=1), answered_by="ben",
    )  # fmt: skip
    await world.do(lambda tx: escalations.add(tx, escalation))
    asked = replace(thread("asked", Side.ESCALATION, SLACK, place="C2/asked"), escalation="e1")
    await world.add_thread(asked)
    card = await shown_card(world, "asked")
    assert labels(card.controls) == expected
    shown = {line.label: line.value for line in card.facts}.get("Escalation")
    assert (shown is None) if fact is None else (shown is not None and fact in shown)


async def test_a_moved_card_becomes_one_line_and_its_thread_ends(world: World) -> None:
    await world.add_thread(replace(thread("old", Side.TEAM, SLACK, place="C1/old"), card="m7"))
    await write(world, CardMoved(Line("plain", (words("text", "moved"),))), "old")
    await write(world, ThreadEnded(open=False), "old")
    await write(world, CardChanged(), "old")
    await world.do(
        lambda tx: threads.save(
            tx, replace(thread("old", place="C1/old", state=ThreadState.CLOSED), card="m7")
        )
    )
    await deliver(world)
    assert world.slack.shown() == [
        RetireCard(MessageRef(Place(SLACK, "C1"), "m7"), "moved"),
        SetThreadOpen(False),
    ]


async def test_a_failing_card_does_not_report_itself_for_ever(world: World) -> None:
    async def gone(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        raise DeliveryFailed(permanent="the message is gone")

    world.slack.hook = gone
    await world.add_thread(replace(thread("old", Side.TEAM, SLACK, place="C1/old"), card="m7"))
    await write(world, CardChanged(), "old")
    await deliver(world)
    assert world.reports.failed == []
    assert (await world.thread("old")).state is ThreadState.OPEN


async def test_a_line_says_names_as_they_are_now_and_can_be_replaced(world: World) -> None:
    controls = (Button("Yes", RunVerb("close", 1)),)
    line = Line("claimed", (person("actor", "ben"),))
    effect = await write(world, replace(say(""), line=line, controls=controls), "team")
    await deliver(world)
    await write(world, LineReplaced(effect, Line("plain", (words("text", "done"),))), "team", "customer")
    await deliver(world)
    said, replaced = world.slack.taken
    assert said.effect == PostLine("🙌 Ben claimed this ticket", controls)
    assert replaced.effect == EditLine(MessageRef(Place(SLACK, "C1/team"), "m1"), "done")
    assert world.discord.tried == []


async def test_what_nobody_did_was_the_desk(world: World) -> None:
    await write(world, replace(say(""), line=Line("claimed", (person("actor", ""),))), "team")
    await deliver(world)
    assert world.slack.shown() == [PostLine("🙌 chatdesk claimed this ticket")]


async def test_people_are_whispered_to_told_and_let_in(world: World) -> None:
    now = SystemClock().now()
    line = Line("plain", (words("text", "psst"),))
    about = MessageRef(Place(DISCORD, "D1"), "m1")
    await world.do(
        lambda tx: outbox.write_at(tx, Whispered(ANA, line, False, (), about), DISCORD, "D1", "place:D1", now)
    )
    await world.do(lambda tx: outbox.write_at(tx, PersonTold(ANA, line), DISCORD, None, "person:a", now))
    await write(world, MemberChanged(ANA, True), "customer")
    await deliver(world)
    shown = {type(one): one for one in world.discord.shown()}
    assert shown == {
        Whisper: Whisper(ANA, "psst", False, (), about),
        TellPerson: TellPerson(ANA, "psst"),
        SetMember: SetMember(ANA, True),
    }


async def test_a_threads_past_is_taken_in_before_anything_else_happens_there(world: World) -> None:
    gone: Inbound = PlaceGone(Place(DISCORD, "elsewhere"), SystemClock().now())
    world.discord.past = [gone, gone]
    await world.add_thread(
        replace(thread("old", Side.CUSTOMER, DISCORD, place="D7", party=1), catching_up=True, missed=True)
    )
    await write(world, CatchUpWanted(), "old")
    await write(world, say("opened"), "old")
    await deliver(world)
    assert world.past.events == [gone] * 4, "read once more, because something came meanwhile"
    assert world.discord.shown() == [PostLine("opened")]
    caught_up = await world.thread("old")
    assert (caught_up.catching_up, caught_up.missed) == (False, False)


async def test_a_past_that_cannot_be_read_is_said_and_the_thread_goes_on(world: World) -> None:
    class Hidden(AsyncIterator[Inbound]):
        async def __anext__(self) -> Inbound:
            raise DeliveryFailed(permanent="the history is hidden from us")

    def reconcile(place: Place, known: Sequence[Copy], window: Window) -> AsyncIterator[Inbound]:
        return Hidden()

    world.discord.reconcile = reconcile  # type: ignore[method-assign]
    await world.add_thread(
        replace(thread("old", Side.CUSTOMER, DISCORD, place="D7", party=1), catching_up=True)
    )
    await write(world, CatchUpWanted(), "old")
    await write(world, say("opened"), "old")
    await deliver(world)
    assert (await world.thread("old")).catching_up is False
    assert world.discord.shown() == [PostLine("opened")]
    told, request = world.slack.shown()
    assert isinstance(told, PostLine)
    assert "the history is hidden from us" in told.text
    assert isinstance(request, PostMessage), "what the ticket was made with is shown all the same"


async def test_what_a_desk_out_of_service_had_to_say_waits_for_it(world: World) -> None:
    now = SystemClock().now()
    await write(world, say("hello"), "team")
    await world.do(lambda tx: desks.retire(tx.connection, "acme", now))
    await deliver(world)
    assert world.slack.tried == []
    waiting = await world.look(lambda tx: tx.connection.execute(deliveries.select()).one())
    assert (waiting.state, waiting.next_at > now) == ("waiting", True)
