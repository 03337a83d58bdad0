"""Every fault × every kind of effect × both platforms: delivered once, or marked; nothing is silent."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from chatdesk.demo.world import world
from chatdesk_playground.faults import Fault, FaultKind
from tests.faults.matrix_effects import EFFECTS
from tests.faults.support_matrix import HURRIED, PLACES, Bench, Finding, Trial, Verdict
from tests.scenarios.variants import DESK

PASSING = (
    Fault(FaultKind.LATENCY, seconds=0.2),
    Fault(FaultKind.RATE_LIMITED, seconds=1),
    Fault(FaultKind.ERROR, status=503),
    Fault(FaultKind.ERROR, status=500, times=3),
    Fault(FaultKind.ERROR_AFTER, status=503),
    Fault(FaultKind.CUT_BEFORE),
    Fault(FaultKind.CUT_AFTER),
    Fault(FaultKind.CUT_AFTER, skip=1),
    Fault(FaultKind.EVENTS_TWICE, times=0),
    Fault(FaultKind.EVENTS_SHUFFLED, times=0, seconds=0.15, seed=3),
    Fault(FaultKind.SOCKET_DROPPED),
    Fault(FaultKind.SESSION_INVALID),
    Fault(FaultKind.DOWN, seconds=60),
    Fault(FaultKind.TOKEN_REVOKED),
)
"""What is over after a while: everything is delivered then, once."""

REFUSED = {
    "slack": Fault(FaultKind.ERROR, code="restricted_action"),
    "discord": Fault(FaultKind.ERROR, status=403, code="50013"),
}
LASTING = (
    Fault(FaultKind.DM_CLOSED),
    Fault(FaultKind.THREAD_ARCHIVED),
    Fault(FaultKind.CHANNEL_DELETED),
)
"""What stays so: delivered all the same, or told. The channel comes last, for nothing can come after it."""

ONLY_LISTED = frozenset({"card-change", "card-retired", "report", "whisper"})
"""Where the card, or the place in which somebody wrote, is itself what cannot be written to, nobody is left
there to be told; the list of deliveries and `doctor` say it."""
UNSEEN = ("slack", "whisper")
"""Nobody can read an ephemeral message back, so one whose answer was lost is said again."""

CELLS = [(platform, name) for name, effect in EFFECTS.items() for platform in effect.requests]
FEW = {FaultKind.CUT_AFTER, FaultKind.ERROR_AFTER, FaultKind.DOWN}


async def findings(folder: Path, platform: str, name: str, faults: Sequence[Fault]) -> list[Finding]:
    effect = EFFECTS[name]
    async with world(folder, desk_file=DESK, pace=HURRIED) as here:
        bench = Bench(here, platform, effect.requests[platform])
        found = []
        for fault in faults:
            if fault.kind in PLACES - effect.lasting:
                continue
            trial = await effect.begin(bench)
            if applies(fault, trial, platform):
                found.append(await bench.meet(fault, trial))
                print(f"{platform:8} {name:14} {found[-1].fault:24} {found[-1].verdict} {found[-1].why}")
        return found


def applies(fault: Fault, trial: Trial, platform: str) -> bool:
    """Whether there is something that this fault can take away."""
    if fault.kind is FaultKind.DM_CLOSED:
        return bool(trial.person)
    if fault.kind is FaultKind.THREAD_ARCHIVED:
        return platform == "slack" or trial.is_thread
    return True


def wrong(found: Sequence[Finding], ends: set[Verdict]) -> list[str]:
    return [f"{one.fault}: {one.verdict}: {one.why}" for one in found if one.verdict not in ends]


@pytest.mark.matrix
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("platform", "name"), CELLS)
async def test_every_fault_ends_well(tmp_path: Path, platform: str, name: str) -> None:
    wanted = os.environ.get("CHATDESK_FAULTS", "")
    every = (*PASSING, REFUSED[platform], *LASTING)
    faults = [one for one in every if not wanted or one.kind in wanted.split(",")]
    found = await findings(tmp_path, platform, name, faults)
    told = {Verdict.ONCE, Verdict.TOLD} | ({Verdict.LISTED, Verdict.GONE} if name in ONLY_LISTED else set())
    passing = {one.kind for one in PASSING}
    once = {Verdict.ONCE} | ({Verdict.TWICE} if (platform, name) == UNSEEN else set())
    assert not wrong([one for one in found if one.fault not in passing], told | once)
    assert not wrong([one for one in found if one.fault in passing], once)


@pytest.mark.parametrize(("platform", "name"), [("slack", "post"), ("discord", "post")])
async def test_what_was_cut_off_is_delivered_once(tmp_path: Path, platform: str, name: str) -> None:
    found = await findings(tmp_path, platform, name, [one for one in PASSING if one.kind in FEW])
    assert not wrong(found, {Verdict.ONCE})
