"""Working a ticket: who has it, how urgent it is, what it is about."""

from __future__ import annotations

import pytest

from chatdesk.contract.vocabulary import Means, Side
from chatdesk.domain.lifecycle import Status
from tests.desk.humans import ADA, ANA, BEN, BOB, CLEO, DAN, LEA
from tests.desk.organisation import HELP, PUBLIC, SUPPORT
from tests.desk.world import World


@pytest.fixture
async def ticket(world: World) -> int:
    return await world.ticket_from(CLEO, PUBLIC)


async def test_claiming_a_ticket(world: World, ticket: int) -> None:
    await world.type(ANA, world.team(ticket), "claim", means=Means.MENTION)
    assert world.accepted == ""
    found = world.ticket(ticket)
    assert (found.assignee, found.status) == (world.person(ANA), Status.OPEN)
    assert world.lines(ticket, Side.TEAM) == ["🙌 Ana claimed this ticket"]
    assert world.lines(ticket, Side.CUSTOMER) == ["🙌 Ana is looking after this ticket now."]
    assert world.cards(ticket) == 1
    assert world.kinds(ticket)[-2:] == ["status", "claimed"]


async def test_a_command_is_confirmed_to_its_author_alone(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "claim #1")
    assert world.accepted == "Done: #1 is yours."


async def test_a_mention_is_confirmed_where_its_line_is_not_seen(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "claim #1", means=Means.MENTION)
    assert world.accepted == "Done: #1 is yours."
    await world.type(ADA, HELP, "priority #1 high", means=Means.MENTION)
    assert world.accepted == "Done: #1 has priority High."
    await world.type(CLEO, world.customer(ticket), "resolve", means=Means.MENTION)
    assert world.accepted == ""


async def test_a_command_is_executed_once(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "claim #1")
    shown = len(world.shown())
    await world.again()
    assert len(world.shown()) == shown
    assert world.kinds(ticket).count("claimed") == 1


async def test_what_cannot_be_claimed(world: World, ticket: int) -> None:
    await world.give(ANA, "claim", ticket="1")
    await world.give(ANA, "claim", ticket="1")
    assert world.refused == "You already have #1."
    await world.give(BEN, "claim", ticket="1")
    assert world.refused.startswith("Ana already has #1.")
    await world.give(BOB, "claim", ticket="1")
    assert world.refused == (
        "You may not claim #1. Its team's agents, its team's leads and the desk's admins can."
    )
    await world.give(CLEO, "claim", ticket="1")
    assert "You may not claim #1" in world.refused


async def test_releasing_a_ticket(world: World, ticket: int) -> None:
    await world.give(ANA, "release", ticket="1")
    assert world.refused == "Nobody has #1, so there is nothing to release."
    await world.give(ANA, "claim", ticket="1")
    await world.give(BEN, "release", ticket="1")
    assert "take somebody else's ticket away" in world.refused
    await world.give(LEA, "release", ticket="1")
    assert world.ticket(ticket).assignee is None
    assert world.lines(ticket, Side.TEAM)[-1] == "👐 Lea released this ticket"


@pytest.mark.parametrize("typed", ["@ben", "Ben", "ben", "[@ben](person:slack/ben)", "slack/ben"])
async def test_assigning_a_ticket(world: World, ticket: int, typed: str) -> None:
    await world.post(BEN, SUPPORT, "Hello, I have just started here")
    await world.ticket_from(BEN, HELP)
    await world.type(ANA, SUPPORT, f"assign #1 {typed}")
    assert world.ticket(ticket).assignee == world.person(BEN)
    assert world.lines(ticket, Side.TEAM) == ["👉 Ana assigned this ticket to Ben"]
    await world.type(ANA, SUPPORT, f"assign #1 {typed}")
    assert "Ben already has #1" in world.refused


async def test_assigning_to_oneself_and_to_an_agent_who_was_never_seen(world: World, ticket: int) -> None:
    await world.give(ANA, "assign", ticket="1", agent="me")
    assert world.ticket(ticket).assignee == world.person(ANA)
    await world.give(ANA, "assign", ticket="1", agent="slack/ben")
    assert world.ticket(ticket).assignee == world.person(BEN)


async def test_an_unknown_agent_is_refused_with_those_there_are(world: World, ticket: int) -> None:
    await world.give(BEN, "info", ticket="1")
    await world.give(ANA, "assign", ticket="1", agent="bne")
    assert world.refused == "There is no agent “bne”. Did you mean **Ben**? There are: Ana, Ben."
    await world.give(ANA, "assign", ticket="1")
    assert world.refused.startswith("Which agent?")
    await world.give(ANA, "assign", ticket="1", agent=CLEO.mention)
    assert world.refused == "Cleo is not an agent of this desk, so tickets can't be given to them."
    assert world.ticket(ticket).assignee is None


async def test_a_colleague_who_was_given_the_ticket_may_work_it(world: World, ticket: int) -> None:
    await world.give(ANA, "assign", ticket="1", agent="slack/bob")
    await world.give(BOB, "priority", ticket="1", priority="high")
    assert world.ticket(ticket).priority == "high"


async def test_priorities_up_and_down(world: World, ticket: int) -> None:
    await world.give(ANA, "priority", ticket="1", priority="Urgent")
    await world.give(ANA, "priority", ticket="1", priority="low")
    assert world.lines(ticket, Side.TEAM) == [
        "⏫ Ana: priority Normal → Urgent",
        "⏬ Ana: priority Urgent → Low",
    ]
    await world.give(ANA, "priority", ticket="1", priority="low")
    assert world.refused == "#1 is Low already."


async def test_unknown_values_are_refused_with_what_there_is(world: World, ticket: int) -> None:
    await world.give(ANA, "priority", ticket="1", priority="hihg")
    assert world.refused == (
        "There is no priority “hihg”. Did you mean **High**? There are: Low, Normal, High, Urgent."
    )
    await world.give(ANA, "category", ticket="1", category="Acount")
    assert "Did you mean **Account**?" in world.refused
    await world.give(ANA, "status", ticket="1", status="opne")
    assert "Did you mean **open**?" in world.refused
    await world.give(ANA, "move", ticket="1", team="biling")
    assert "Did you mean **Billing**?" in world.refused
    await world.give(ANA, "service", ticket="1", service="mial")
    assert "Did you mean **Mail**?" in world.refused
    await world.give(ANA, "priority", ticket="1", priority="   ")
    assert world.refused.startswith("Which priority?")
    assert world.shown() == []


async def test_unknown_verbs_are_refused_with_the_nearest(world: World, ticket: int) -> None:
    await world.type(ANA, world.team(ticket), "clam", means=Means.MENTION)
    assert world.refused.startswith("I don't know “clam”. Did you mean **claim**? You can use: open, claim,")
    await world.type(ANA, world.team(ticket), "he is lying", means=Means.MENTION)
    assert "I don't know “he”" in world.refused
    assert world.shown() == []
    assert len(world.posts(ticket)) == 1


@pytest.mark.parametrize("number", ["2", "999999999", "99999999999999999999", "0", "abc", "-1", "", "٣"])
async def test_a_number_that_is_none_is_not_found(world: World, ticket: int, number: str) -> None:
    await world.give(ANA, "claim", ticket=number)
    assert world.refused.startswith("There is no ticket #")


async def test_another_customers_ticket_is_not_found(world: World, ticket: int) -> None:
    for verb in ("info", "resolve", "close", "claim", "reply", "note"):
        await world.give(DAN, verb, ticket="1", text="hello")
        assert world.refused == "There is no ticket #1."


async def test_a_command_without_a_number_means_its_threads_ticket(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "claim")
    assert world.refused == (
        "Which ticket? Say it in the ticket's thread, or give its number, such as `/ticket claim #1042`."
    )
    await world.type(ANA, world.team(ticket), "claim")
    assert world.ticket(ticket).assignee == world.person(ANA)


async def test_categories_by_path_label_or_name(world: World, ticket: int) -> None:
    for typed, key in (
        ("account/password", "account/password"),
        ("Billing", "billing"),
        ("password", "account/password"),
        ("Account", "account"),
        ("Account > Password", "account/password"),
    ):
        await world.give(ANA, "category", ticket="1", category=typed)
        assert world.ticket(ticket).category == key, typed
    assert world.lines(ticket, Side.TEAM)[0] == "🗂 Ana: category none → Account › Password"
    await world.give(CLEO, "category", ticket="1", category="billing")
    assert "You may not change the category of #1" in world.refused


async def test_tags(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "tag #1 VPN Tunnel")
    await world.type(ANA, SUPPORT, "tag #1 add #mail")
    assert world.ticket(ticket).tags == ("vpn-tunnel", "mail")
    await world.type(ANA, SUPPORT, "tag #1 add Mail")
    assert world.refused == "#1 is tagged mail already."
    await world.type(ANA, SUPPORT, "tag #1 remove vpn tunnel")
    assert world.ticket(ticket).tags == ("mail",)
    await world.type(ANA, SUPPORT, "tag #1 remove vpn")
    assert world.refused == "#1 is without the tag vpn already."
    await world.type(ANA, SUPPORT, "tag #1")
    assert world.refused.startswith("Please write what to say")


async def test_services(world: World, ticket: int) -> None:
    await world.give(ANA, "service", ticket="1", service="vpn")
    assert world.ticket(ticket).service == "VPN"


async def test_an_admin_may_do_what_a_lead_may(world: World, ticket: int) -> None:
    await world.give(ANA, "claim", ticket="1")
    await world.give(ADA, "release", ticket="1")
    assert world.ticket(ticket).assignee is None


async def test_a_stale_button_on_a_closed_ticket_changes_nothing(world: World, ticket: int) -> None:
    await world.give(ANA, "close", ticket="1")
    world.forget()
    before = world.ticket(ticket)
    for verb, value in (
        ("claim", {}), ("release", {}), ("assign", {"agent": "slack/ben"}),
        ("priority", {"priority": "high"}),
        ("category", {"category": "billing"}), ("escalate", {}), ("move", {"team": "billing"}),
    ):  # fmt: skip
        await world.run_verb(ANA, verb, None, Means.BUTTON, {"ticket": "1", **value})
        assert world.refused == "#1 is closed, so that is not possible now. Reopen it first."
    for verb in ("resolve", "close", "cancel"):
        await world.give(ANA, verb, ticket="1")
        assert "#1 is closed" in world.refused
    assert world.ticket(ticket) == before
    assert world.shown() == []


async def test_notes_and_replies_by_command(world: World, ticket: int) -> None:
    await world.type(ANA, SUPPORT, "note #1 he is lying")
    assert world.accepted == "🔒 Noted on #1; only staff can read it."
    await world.type(ANA, SUPPORT, "reply #1 Turn it off\nand on")
    assert world.bodies(ticket, Side.TEAM) == ["he is lying", "Turn it off\nand on"]
    assert world.bodies(ticket, Side.CUSTOMER) == ["Turn it off\nand on"]
    await world.type(ANA, SUPPORT, "note #1")
    assert world.refused == "Please write what to say: `/ticket note the text`."
    await world.type(CLEO, PUBLIC, "note #1 secret")
    assert "You may not write notes on #1" in world.refused
    await world.type(CLEO, PUBLIC, "reply #1 It is off")
    assert world.bodies(ticket, Side.TEAM)[-1] == "It is off"
    assert world.ticket(ticket).unread
    await world.type(BOB, SUPPORT, "reply #1 me too")
    assert "You may not answer on #1" in world.refused


@pytest.mark.parametrize(
    "text", ["note: he is lying", "Note he is lying", "🔒 he is lying", "/note he is lying"]
)
async def test_a_reply_that_reads_like_a_note_is_not_sent(world: World, ticket: int, text: str) -> None:
    await world.type(ANA, SUPPORT, f"reply #1 {text}")
    assert "looks like an internal note" in world.refused
    assert world.effects(ticket) == []


async def test_help_is_short_and_names_every_verb(world: World) -> None:
    await world.type(CLEO, PUBLIC, "")
    assert "`claim [#ticket]`" in world.accepted
    assert "takeover" not in world.accepted
    await world.type(CLEO, PUBLIC, "help", command="desk")
    assert "link" in world.accepted
    await world.type(CLEO, PUBLIC, "lnik", command="desk")
    assert "Did you mean **link**?" in world.refused
