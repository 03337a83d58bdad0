"""What a ticket may be about is said to staff, and to nobody else."""

from __future__ import annotations

from chatdesk.contract.ports import Accepted
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import Means
from tests.desk.humans import ANA, CLEO, SAM
from tests.desk.organisation import HELP, PUBLIC, SUPPORT
from tests.desk.world import World


def controls(world: World) -> list[Button]:
    assert isinstance(world.answer, Accepted)
    return [one for one in world.answer.controls if isinstance(one, Button)]


async def test_staff_ask_and_see_others_like_it_and_its_requesters_mood(world: World) -> None:
    first = await world.ticket_from(SAM, HELP, "The invoice of October shows the wrong amount")
    other = await world.ticket_from(
        CLEO, PUBLIC, "The invoice of October shows a wrong amount, unacceptable!"
    )
    await world.type(ANA, SUPPORT, f"suggest #{other}", command="assist")
    assert f"Like it: **#{first}** The invoice of October shows the wrong amount" in world.accepted
    assert "😠 Its requester seems unhappy: unacceptable" in world.accepted
    await world.type(ANA, world.team(other), "assist suggest", means=Means.MENTION)
    assert f"**#{first}**" in world.accepted
    assert [one.label for one in controls(world)] == [f"Merge into #{first}"]
    await world.again()
    assert world.accepted == "", "Slack sends a mention twice"
    await world.type(ANA, SUPPORT, f"suggest #{first}", command="assist")
    assert "Nothing comes to mind" in world.accepted
    await world.type(CLEO, PUBLIC, f"suggest #{other}", command="assist")
    assert f"You may not see what comes to mind about #{other}." in world.refused
    await world.type(ANA, SUPPORT, "", command="assist")
    assert "suggest [#ticket]" in world.accepted


async def test_what_was_solved_before_is_found_by_the_rare_words_it_shares(world: World) -> None:
    for body, done in (
        ("The VPN drops every few minutes since the update", "Installed client 5.1"),
        ("The printer prints blank pages", "New toner"),
        ("VPN: the master password was leaked", None),
    ):
        number = await world.ticket_from(SAM, HELP, body)
        if done:
            await world.give(ANA, "resolve", ticket=str(number), text=done)
    asked = await world.ticket_from(CLEO, PUBLIC, "My VPN drops all the time after the update of today")
    await world.give(ANA, "suggest", ticket=str(asked))
    assert "Solved before: **#1** The VPN drops every few minutes since the update: Installed client 5.1" in (
        world.accepted
    )
    assert "#2" not in world.accepted and "#3" not in world.accepted
    await world.give(CLEO, "suggest", ticket=str(asked))
    assert "You may not" in world.refused
