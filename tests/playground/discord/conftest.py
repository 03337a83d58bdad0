"""A playground for each test, and with the reference at hand a check of every request made in it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatdesk_playground.discord import DiscordHuman, DiscordPlayground
from tests.playground.discord.bots import pointed_at
from tests.playground.discord.conformance import Description


@pytest.fixture(scope="session")
def description() -> Description | None:
    """Discord's description of its API, if CHATDESK_REFERENCE_DIR says where it is."""
    folder = os.environ.get("CHATDESK_REFERENCE_DIR")
    return Description(Path(folder)) if folder else None


@pytest.fixture
async def discord(description: Description | None) -> AsyncIterator[DiscordPlayground]:
    async with DiscordPlayground.running() as playground:
        with pointed_at(playground):
            yield playground
        if description is not None:
            # What a test sends wrong on purpose is answered with 400 and 413.
            meant = [request for request in playground.requests if request.status not in (400, 404, 413)]
            assert description.violations(meant) == []
            assert description.answer_violations(meant) == []


@dataclass(frozen=True, slots=True)
class Scene:
    """A server with a bot, two people and a channel."""

    discord: DiscordPlayground
    application: str
    token: str
    guild: str
    owner: DiscordHuman
    ana: DiscordHuman
    cleo: DiscordHuman
    general: str


@pytest.fixture
async def scene(discord: DiscordPlayground) -> Scene:
    control = discord.control
    application = await control.create_application("chatdesk")
    guild = await control.create_guild("acme", application.id)
    return Scene(
        discord=discord,
        application=application.id,
        token=application.token,
        guild=guild.id,
        owner=control.person(guild.owner_id, "owner"),
        ana=await control.create_user("ana", display_name="Ana", guild_ids=[guild.id], avatar=True),
        cleo=await control.create_user("cleo", display_name="Cleo", guild_ids=[guild.id]),
        general=await control.create_channel(guild.id, "general"),
    )
