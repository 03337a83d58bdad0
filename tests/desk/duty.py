"""A desk where somebody is on call: what the stories of duty begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from chatdesk.desk.on_call_sweeps import call_next, escalate_unanswered
from chatdesk.desk.sla_sweep import watch_promises
from chatdesk.desk.sweeps import escalate_silence
from chatdesk.domain.calendar import Calendar, Hours
from chatdesk.domain.on_call import Handover, Rota
from chatdesk.domain.organisation import Organisation, Team
from chatdesk.domain.sla_policy import Amount, Notice, Policy, Targets
from chatdesk.store import desks
from tests.desk.humans import Human
from tests.desk.organisation import ACME, person
from tests.desk.world import World

BILL, LOU = Human("bill"), Human("lou")
WEEKDAYS = Calendar("office", "Office", "UTC", ((Hours(540, 1020),),) * 5 + ((), ()))
ROTA = Rota("UTC", ("slack:bob", "slack:bill"), Handover(0, 540), 7, date(2026, 11, 16))
"""Bob is on call on Saturday the 21st, when these stories begin at half past ten, and Bill from Monday on."""

OWN_ROTA = replace(ROTA, rotation=("slack:ana", "slack:ben"))
"""Of Support, where the tickets are."""

SUPPORT_TEAM, _billing, _managers = ACME.teams
BILLING_TEAM = replace(
    _billing,
    members=(person("bob"), person("bill")),
    leads=(person("lou"),),
    on_call=ROTA,
    acknowledge_within=timedelta(minutes=10),
    answer_within=timedelta(hours=2),
)
ON_CALL = replace(ACME, teams=(SUPPORT_TEAM, BILLING_TEAM, _managers), calendars=(WEEKDAYS,))

_FIRST = Targets(Amount(time=timedelta(minutes=60)), None, None)
PROMISE = Policy("standard", "Standard", (("normal", _FIRST),), warn_at=(Notice(share=50),))


async def decided(world: World, *teams: Team, **others: object) -> Organisation:
    """Another configuration is applied."""
    named = {team.key: team for team in teams}
    decided = replace(ON_CALL, teams=tuple(named.get(one.key, one) for one in ON_CALL.teams), **others)  # type: ignore[arg-type]
    await world.writer.run(lambda connection: desks.apply(connection, decided, world.clock.now()))
    return decided


async def later(world: World, **time: float) -> None:
    """Time passes, and everything that it brings is done."""
    world.clock.advance(**time)
    for sweep in (watch_promises, escalate_silence, call_next, escalate_unanswered):
        await world.tick(sweep)
