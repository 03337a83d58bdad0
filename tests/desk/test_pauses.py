"""An installation whose credentials stopped working: the teams are told where they can still read it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatdesk.contract.inbound import ChannelSeen, ChannelsSeen, Connected
from chatdesk.contract.vocabulary import IdentityId, Installation, Place, PlaceKind
from chatdesk.desk.pauses import installation_paused, installation_resumed
from chatdesk.domain.effects import LineSaid
from chatdesk.domain.organisation import ChannelReference
from chatdesk.store import installations
from chatdesk.store.transaction import Transaction
from tests.desk.organisation import ACME, DISCORD, SERVER, SLACK, WORKSPACE
from tests.desk.world import World

ON_BOTH = replace(
    ACME,
    teams=tuple(
        replace(team, homes=(ChannelReference(SLACK, "#support"), ChannelReference(DISCORD, "#support")))
        for team in ACME.teams
    ),
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = await World.open(tmp_path, ON_BOTH)
    for where, channel in ((WORKSPACE, "C1"), (SERVER, "900")):
        seen = ChannelSeen(Place(where, channel), "support", PlaceKind.CHANNEL)
        await made.handle(ChannelsSeen(where, (seen,), made.clock.now()))
    made.forget()
    yield made
    await made.close()


async def pause(world: World, where: Installation) -> None:
    def work(tx: Transaction) -> None:
        assert installations.pause(tx.connection, where, "the bot token was revoked")
        installation_paused(tx.connection, where, world.clock.now())

    await world.change(work)


def said(world: World) -> list[tuple[str, str]]:
    """Where, and what."""
    found = [(one.place or "", one.effect) for one in world.shown()]
    return [(where, world.said(effect.line)) for where, effect in found if isinstance(effect, LineSaid)]


async def test_the_home_channels_elsewhere_are_told_once_for_all_teams(world: World) -> None:
    await pause(world, WORKSPACE)
    ((where, words),) = said(world)
    assert where == "900"
    assert words.startswith("⛔ Nothing can be sent to Slack **T1** any more: the bot token was revoked.")


async def test_they_are_told_when_it_works_again(world: World) -> None:
    await pause(world, WORKSPACE)
    world.forget()
    connected = Connected(WORKSPACE, "Acme", IdentityId(SLACK, "bot"), world.clock.now())
    await world.handle(connected)
    assert said(world) == [("900", "✅ Slack **Acme** can be reached again; what waited is being sent.")]
    world.forget()
    await world.handle(connected)
    assert said(world) == []


async def test_where_there_is_no_other_installation_nobody_is_told(world: World) -> None:
    def both(tx: Transaction) -> None:
        installations.pause(tx.connection, SERVER, "revoked")
        installation_resumed(tx.connection, SERVER, world.clock.now())

    await pause(world, WORKSPACE)
    world.forget()
    await world.change(both)
    assert [where for where, _ in said(world)] == ["C1"], "it waits there until that works too"
