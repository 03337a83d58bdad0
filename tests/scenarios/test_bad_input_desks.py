"""Two desks in one process: one of them never hears of the other's tickets, by whatever way it is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.demo.seats import DiscordSeat, SlackSeat, says, wait_for
from chatdesk.demo.world import World, world
from tests.scenarios.stage import discord_seat, slack_seat
from tests.scenarios.variants import DESK

FIRST = """desk: acme
installations: slack:{slack}
teams:
  support:
    home: slack:#support
    members: [slack:group:support-agents]
routes:
  - {{channel: "slack:#inbox", team: support, every_message: true}}
"""
SECOND = """desk: club
installations: discord:{discord}
teams:
  community:
    home: discord:#community-desk
    members: ["discord:role:Community Agents"]
routes:
  - {{channel: "discord:#community-help", team: community}}
"""


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[World]:
    """Acme's desk has the Slack workspace, the club's desk the Discord server."""
    async with world(tmp_path, desk_file=DESK) as made:
        await made.stop_bot()
        folder = tmp_path / "desks"
        folder.mkdir()
        (folder / "acme.yaml").write_text(FIRST.format(slack=made.slack.app.team_id))
        (folder / "club.yaml").write_text(SECOND.format(discord=made.discord.guild))
        other = tmp_path / "other"
        made.settings = made.settings.model_copy(update={"desk_file": folder, "data_dir": other})
        await made.start_bot()
        yield made


def seats(both: World) -> tuple[SlackSeat, DiscordSeat]:
    """An agent of each."""
    return (
        slack_seat(both, both.slack.ana, "support"),
        discord_seat(both, both.discord.dora, "community-desk"),
    )


async def test_a_number_of_another_desks_ticket_is_not_found(both: World) -> None:
    ana, dora = seats(both)
    sam = slack_seat(both, both.slack.sam, "inbox")
    for number in (1, 2):
        await sam.post(f"Trouble {number}")
        await wait_for(ana, says(f"Trouble {number}"), "the card")
    await discord_seat(both, both.discord.cleo, "community-help").command("open", title="A club matter")
    await wait_for(dora, lambda one: "Claim" in one.controls, "the club's card")
    for verb, options in (("claim", {}), ("info", {}), ("note", {"text": "hello"}), ("close", {})):
        refused = await dora.command(verb, ticket="2", **options)
        assert "There is no ticket #2" in refused.text, refused
    listed = await dora.command("list", which="all")
    assert "A club matter" in listed.text and "Trouble" not in listed.text, listed
    mine = await dora.command("info", ticket="1")
    assert "A club matter" in mine.text and "Trouble" not in mine.text, mine


async def test_teams_and_people_of_another_desk_are_not_known(both: World) -> None:
    ana, dora = seats(both)
    await slack_seat(both, both.slack.sam, "inbox").post("Trouble")
    card = await wait_for(ana, lambda one: "Claim" in one.controls, "the card")
    for verb, options in (("move", {"team": "community"}), ("assign", {"agent": dora.name})):
        refused = await ana.command(verb, ticket="1", **options)
        assert f"There is no {'team' if verb == 'move' else 'agent'}" in refused.text, refused
        assert "Community" not in refused.text.replace("“community”", ""), refused
    await both.quiet()
    assert "Claim" in next(one for one in await ana.see() if one.id == card.id).controls
