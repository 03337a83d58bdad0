"""Putting a ticket before another team, and what that team answers."""

from __future__ import annotations

import pytest

from chatdesk.contract.vocabulary import AudienceKind, MessageRef, Side
from chatdesk.desk.sweeps import escalate_silence
from chatdesk.domain.effects import CardMoved, LineSaid, PostReacted, ThreadEnded
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import ThreadMode
from chatdesk.domain.ticket import EscalationState
from tests.desk.humans import ADA, ANA, BOB, CLEO, MIA
from tests.desk.organisation import BILLING, MANAGERS, PUBLIC, SUPPORT
from tests.desk.platforms import copy_id
from tests.desk.world import World


@pytest.fixture
async def ticket(world: World) -> int:
    """A ticket with a note and an answer."""
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.post(ANA, world.team(number), "note: he is lying")
    await world.post(ANA, world.team(number), "Turn it off")
    await world.settle()
    world.forget()
    return number


async def _escalated(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, f"escalate #{ticket} is his invoice paid?")
    await world.settle()
    world.forget()


def _state(world: World, ticket: int) -> EscalationState:
    return world.escalations(ticket)[-1].state


async def test_the_policys_team_gets_a_card_a_thread_and_the_whole_story(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "escalate #1 is his invoice paid?")
    assert world.accepted == "Done: #1 is escalated to Billing."
    [thread] = world.threads(ticket, Side.ESCALATION)
    assert (thread.parent, thread.team) == (BILLING.place.id, "billing")
    assert world.bodies(ticket, Side.ESCALATION) == ["The printer is on fire", "he is lying", "Turn it off"]
    assert world.lines(ticket, Side.ESCALATION) == [
        "👁 Only staff read this thread; nothing here goes to Cleo.",
        "🚨 Ana asks you: is his invoice paid?\n\nPlease acknowledge by **21 Nov 11:00 UTC**.",
    ]
    assert world.lines(ticket, Side.TEAM) == [
        "🚨 Ana escalated this ticket to Billing, to be acknowledged by 21 Nov 11:00 UTC. "
        "is his invoice paid?"
    ]
    assert world.lines(ticket, Side.CUSTOMER) == [
        "🚨 We have asked Billing to look at this. Expect an answer by 21 Nov 14:30 UTC."
    ]
    found = world.ticket(ticket)
    assert (found.status, found.team, found.escalation_level) == (Status.OPEN, "support", 1)


async def test_a_team_may_be_picked(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "escalate #1 the managers please decide")
    [escalation] = world.escalations(ticket)
    assert (escalation.to_team, escalation.question) == ("managers", "please decide")


async def test_what_cannot_be_escalated(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "escalate #1 biling please")
    assert "Did you mean **Billing**?" in world.refused
    await world.type(ANA, SUPPORT, "escalate #1 support please")
    assert world.refused == "#1 is with Support already."
    await world.type(CLEO, PUBLIC, "escalate #1")
    assert "You may not escalate #1" in world.refused
    await _escalated(world, ticket)
    await world.type(ANA, SUPPORT, "escalate #1 managers")
    assert world.refused == "#1 is already escalated to Billing."
    assert len(world.escalations(ticket)) == 1


async def test_without_a_policy_a_team_must_be_named(world: World, ticket: int) -> None:
    await world.give(ANA, "move", ticket="1", team="managers")
    await world.give(MIA, "escalate", ticket="1")
    assert world.refused == "The Managers has no team to escalate to; name one: Support, Billing."


async def test_escalation_threads_are_internal_whatever_is_written_there(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    where = world.asked_team(ticket)
    for text in ("he has not paid", "reply: pay your bill", "note : mind your words", "REPLY: now"):
        await world.post(BOB, where, text)
    written = world.posts(ticket)[-4:]
    assert {post.audience.kind for post in written} == {AudienceKind.INTERNAL}
    assert world.bodies(ticket, Side.CUSTOMER) == []
    assert world.bodies(ticket, Side.TEAM) == [], "it is theirs until they quote it"


async def test_an_answer_is_quoted_to_the_team(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    await world.give(BOB, "quote", ticket="1")
    assert world.refused == "Nothing was written in the escalation thread of #1 yet."
    await world.post(BOB, world.asked_team(ticket), "he has not paid\nsince May")
    await world.give(BOB, "quote", ticket="1")
    assert world.bodies(ticket, Side.TEAM) == ["> he has not paid\n> since May"]
    assert world.bodies(ticket, Side.CUSTOMER) == []


async def test_what_the_customer_writes_meanwhile_is_shown_to_both_teams(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    await world.post(CLEO, world.customer(ticket), "Hello?")
    assert world.bodies(ticket, Side.TEAM) == world.bodies(ticket, Side.ESCALATION) == ["Hello?"]


async def test_acknowledged(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    await world.give(ANA, "acknowledge", ticket="1")
    assert "You may not answer the escalation of #1" in world.refused
    await world.give(BOB, "acknowledge", ticket="1")
    assert _state(world, ticket) is EscalationState.ACKNOWLEDGED
    assert world.lines(ticket, Side.TEAM) == ["👀 Bob acknowledged this for Billing"]
    assert world.lines(ticket, Side.CUSTOMER) == ["👀 Billing has seen it and is on it."]
    await world.give(BOB, "acknowledge", ticket="1")
    assert world.refused == "Billing has acknowledged #1 already."
    assert await world.tick(escalate_silence, hours=5) == 0


async def test_taken_over(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    [old_team] = world.threads(ticket, Side.TEAM)
    await world.give(BOB, "takeover", ticket="1")
    found = world.ticket(ticket)
    assert (found.team, found.assignee, found.mode) == ("billing", world.person(BOB), ThreadMode.INTERNAL)
    assert _state(world, ticket) is EscalationState.TAKEN_OVER
    assert world.threads(ticket, Side.ESCALATION) == []
    [team] = world.threads(ticket, Side.TEAM)
    assert (team.parent, team.team) == (BILLING.place.id, "billing")
    assert team.id != old_team.id
    ended = [one.thread.side for one in world.shown() if isinstance(one.effect, ThreadEnded) and one.thread]
    assert sorted(ended) == [Side.ESCALATION, Side.TEAM]
    moved = [world.said(one.effect.line) for one in world.shown() if isinstance(one.effect, CardMoved)]
    assert moved[-1].endswith("is with **Billing** now. This thread is closed to the ticket.")
    assert world.bodies(ticket, Side.TEAM) == ["The printer is on fire", "he is lying", "Turn it off"]
    assert world.lines(ticket, Side.CUSTOMER) == ["➡️ Billing looks after this ticket now."]


async def test_the_old_thread_is_closed_to_the_ticket(world: World, ticket: int) -> None:
    where = world.team(ticket)
    await _escalated(world, ticket)
    asked = world.asked_team(ticket)
    await world.give(BOB, "takeover", ticket="1")
    await world.settle()
    world.clock.advance(minutes=6)
    world.forget()
    for who, place in ((ANA, where), (BOB, asked)):
        await world.post(who, place, "reply: is anybody there?")
        assert world.said(world.whispers(who)[-1].line) == (
            "🔚 This thread no longer belongs to #1; your message reached nobody. Billing has it now."
        )
    assert len(world.posts(ticket)) == 3
    await world.post(BOB, world.team(ticket), "reply: I am")
    assert world.bodies(ticket, Side.CUSTOMER) == ["I am"]


async def test_sent_back(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    asked = world.asked_team(ticket)
    await world.give(BOB, "sendback", ticket="1", text="He has paid.")
    assert _state(world, ticket) is EscalationState.SENT_BACK
    assert world.ticket(ticket).team == "support"
    assert world.lines(ticket, Side.TEAM) == ["↩️ Bob sent this back from Billing. He has paid."]
    assert world.lines(ticket, Side.CUSTOMER) == ["↩️ Billing has looked at it; we go on from here."]
    assert world.threads(ticket, Side.ESCALATION) == []
    await world.post(BOB, asked, "one more thing")
    assert len(world.posts(ticket)) == 3
    await world.give(BOB, "sendback", ticket="1")
    assert "not escalated (any more)" in world.refused
    await world.give(ANA, "escalate", ticket="1", team="billing", reason="again")
    assert _state(world, ticket) is EscalationState.WAITING


async def test_silence_goes_to_the_next_level(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    assert await world.tick(escalate_silence, minutes=29, seconds=59) == 0
    assert await world.tick(escalate_silence, seconds=1) == 1
    assert [one.state for one in world.escalations(ticket)] == ["silent", "waiting"]
    [thread] = world.threads(ticket, Side.ESCALATION)
    assert (thread.parent, thread.team) == (MANAGERS.place.id, "managers")
    assert "⏰ Billing did not acknowledge in time; The Managers is asked now." in world.lines(
        ticket, Side.TEAM
    )
    assert world.ticket(ticket).escalation_level == 2
    assert "he is lying" in world.bodies(ticket, Side.ESCALATION)
    await world.settle()
    await world.give(BOB, "acknowledge", ticket="1")
    assert "You may not" in world.refused
    await world.give(MIA, "acknowledge", ticket="1")
    assert _state(world, ticket) is EscalationState.ACKNOWLEDGED


async def test_the_last_level_is_reminded(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "escalate #1 managers please decide")
    await world.settle()
    world.forget()
    for reminders in (1, 2):
        assert await world.tick(escalate_silence, minutes=30) == 1
        assert _state(world, ticket) is EscalationState.WAITING
        assert world.sentences(ticket, Side.ESCALATION) == ["escalation_reminder"] * reminders
    assert await world.tick(escalate_silence) == 0
    assert len(world.escalations(ticket)) == 1


async def test_hours_of_downtime_make_it_late_not_lost(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    assert await world.tick(escalate_silence, days=3) == 1
    assert world.escalations(ticket)[-1].due_at > world.clock.now()
    assert await world.tick(escalate_silence) == 0


async def test_an_admin_may_answer_for_the_team(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    await world.give(ADA, "acknowledge", ticket="1")
    assert _state(world, ticket) is EscalationState.ACKNOWLEDGED


async def test_moving_the_ticket_to_the_asked_team_is_their_taking_over(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    await world.give(ANA, "move", ticket="1", team="billing")
    assert _state(world, ticket) is EscalationState.TAKEN_OVER
    assert world.threads(ticket, Side.ESCALATION) == []
    assert [thread.team for thread in world.threads(ticket, Side.TEAM)] == ["billing"]


async def test_moving(world: World, ticket: int) -> None:
    await world.give(ANA, "claim", ticket="1")
    world.forget()
    await world.type(ANA, SUPPORT, "move #1 Billing it is about money")
    found = world.ticket(ticket)
    assert (found.team, found.assignee, found.mode) == ("billing", None, ThreadMode.INTERNAL)
    said = [one.effect.line for one in world.shown() if isinstance(one.effect, LineSaid) and one.thread]
    assert "➡️ Ana moved this ticket from Support to Billing. it is about money" in map(world.said, said)
    assert world.lines(ticket, Side.CUSTOMER) == ["➡️ Billing looks after this ticket now."]
    await world.give(BOB, "move", ticket="1", team="billing")
    assert world.refused == "#1 is with Billing already."
    await world.give(ANA, "move", ticket="1", team="support")
    assert "You may not move #1" in world.refused


async def test_reactions_of_the_asked_team_stay_inside(world: World, ticket: int) -> None:
    await _escalated(world, ticket)
    [asked] = world.threads(ticket, Side.ESCALATION)
    request = world.posts(ticket)[0]
    copy = MessageRef(world.asked_team(ticket).place, copy_id(request.id, asked.id))
    await world.react(BOB, world.asked_team(ticket), copy, "🤡")
    assert world.effects(ticket, Side.TEAM) == [PostReacted(request.id, "🤡")]
    assert world.effects(ticket, Side.CUSTOMER) == []
