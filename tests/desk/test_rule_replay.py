"""What rules would have done to past tickets, without changing anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from chatdesk.desk.rule_replay import Replayed, replay
from chatdesk.domain.conditions import Condition
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.rules import Happening, RoutingRule, Rule, Since
from chatdesk.domain.steps import Step, StepKind
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ANA, CLEO
from tests.desk.organisation import ACME, PUBLIC
from tests.desk.world import World

TAG = Rule("tag", (Step(StepKind.TAG, "fire"),), (Happening.CREATED,), condition=Condition(words=("burns",)))
CHANGED = replace(
    ACME,
    rules=(
        TAG,
        Rule(
            "refund",
            (Step(StepKind.RAISE, "1"),),
            (Happening.MESSAGE,),
            condition=Condition(words=("refund",)),
        ),
        Rule(
            "chase",
            (Step(StepKind.REPLY, text="Any news?"),),
            after=timedelta(hours=2),
            since=Since.ANSWER,
            condition=Condition(status=("pending",)),
        ),
    ),
    routing=(RoutingRule("fires", "managers", Condition(words=("burns", "fire"))),),
)


def replayed(world: World, organisation: Organisation) -> list[Replayed]:
    now = world.clock.now()
    return world.look(
        lambda tx: list(
            replay(Transaction(tx.connection, tx.desk, organisation), now - timedelta(days=7), now)
        )
    )


async def test_changed_rules_on_past_tickets(tmp_path: Path) -> None:
    world = await World.open(tmp_path, replace(ACME, rules=(TAG,)))
    number = await world.ticket_from(CLEO, PUBLIC, "It burns")
    world.clock.advance(minutes=1)
    await world.post(ANA, world.team(number), "What does?")
    world.clock.advance(minutes=1)
    await world.give(ANA, "status", ticket=str(number), status="pending")
    world.clock.advance(hours=5)
    await world.post(CLEO, world.customer(number), "I want a refund")
    before = world.history(number)
    found = [(one.rule, one.would, one.did) for one in replayed(world, CHANGED)]
    assert found == [
        ("fires", "route to managers (words burns)", False),
        ("tag", "tag fire", True),
        ("chase", "reply “Any news?”", False),
        ("refund", "priority high", False),
    ]
    assert world.history(number) == before and world.ticket(number).priority == "normal"
    assert replayed(world, ACME) == []
    await world.close()
