"""Staff who never said a word to the bot are reached, too: by a rule, by their turn, at a warning."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from chatdesk.desk.sla_sweep import watch_promises
from chatdesk.domain.assignment import Strategy
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.rules import Happening, Rule
from chatdesk.domain.sla_policy import Amount, Notice, Policy, Targets
from chatdesk.domain.steps import Step, StepKind
from tests.desk.humans import LEA, MIA, SAM
from tests.desk.organisation import ACME, HELP, person
from tests.desk.world import World


def organisation() -> Organisation:
    """Lea leads support and is its only agent; a rule tells Mia, too, who is of another team."""
    support = replace(ACME.teams[0], members=(person("lea"),), assignment=(Strategy.ROUND_ROBIN,))
    steps = (Step(StepKind.NOTIFY, "leads"), Step(StepKind.NOTIFY, "slack:mia"))
    hour = Amount(time=timedelta(hours=1))
    promise = Policy(
        "standard", "Standard", (("normal", Targets(hour, hour, hour)),), warn_at=(Notice(share=50),)
    )
    rules = (Rule("tell", steps, (Happening.CREATED,)),)
    return replace(ACME, teams=(support, *ACME.teams[1:]), rules=rules, slas=(promise,))


async def test_who_was_never_here_is_told_where_the_team_is(tmp_path: Path) -> None:
    world = await World.open(tmp_path, organisation())
    await world.ask_ticket(SAM, world.message(SAM, HELP, "It burns"))
    assert any("Please look at **#1**: It burns" in told for told in world.told(MIA))
    assert any("Please look at **#1**: It burns" in told for told in world.told(LEA))
    assert any("it is their turn" in told for told in world.told(LEA))
    await world.tick(watch_promises, minutes=31)
    assert any("First reply is due" in told for told in world.told(LEA))
    await world.tick(watch_promises, minutes=61)
    assert any("late" in told for told in world.told(LEA))
    await world.close()
