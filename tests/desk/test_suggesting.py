"""What a ticket may be about is said to staff, and to nobody else."""

from __future__ import annotations

from chatdesk.contract.vocabulary import Means
from tests.desk.humans import ANA, CLEO, SAM
from tests.desk.organisation import HELP, PUBLIC, SUPPORT
from tests.desk.world import World


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
    await world.type(ANA, SUPPORT, f"suggest #{first}", command="assist")
    assert "Nothing comes to mind" in world.accepted
    await world.type(CLEO, PUBLIC, f"suggest #{other}", command="assist")
    assert "You may not" in world.refused
    await world.type(ANA, SUPPORT, "", command="assist")
    assert "suggest [#ticket]" in world.accepted
