"""desk.example.yaml names nobody and no place that the demo's world has not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from chatdesk.configuration.reading import read_desks
from chatdesk.demo.world import world
from chatdesk.domain.organisation import Organisation, StaffSource, StaffSourceKind
from chatdesk.domain.references import ChannelReference
from chatdesk.domain.staff import read_staff
from chatdesk.store import channels, desks, people
from chatdesk.store.transaction import Transaction


async def test_everybody_and_every_place_is_there(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        assert here.bot is not None
        assert await here.bot.writer.read(_missing) == []
        (example,) = await here.bot.writer.read(desks.listed)
        assert read_desks(here.settings.desk_file, ()) == (example,), "kept as it was read"
        known = {one.id for one in here.slack.everybody} | {one.id for one in here.discord.everybody}
        named = {one.id for one in _staff(example) if one.kind is StaffSourceKind.PERSON}
        assert named <= known


def _missing(connection: Connection) -> list[str]:
    """Channels that are not known, and groups, roles and private channels that nobody is in."""
    (example,) = desks.listed(connection)
    tx = Transaction(connection, example.desk, example)
    unknown = [str(one) for one in _channels(example) if channels.resolve(tx, one) is None]
    empty = [
        one.key
        for one in _staff(example)
        if one.kind is not StaffSourceKind.PERSON and not people.staff_in(tx, one.platform, one.key)
    ]
    return unknown + empty


def _channels(example: Organisation) -> Iterator[ChannelReference]:
    for team in example.teams:
        yield from team.homes
    yield from (route.channel for route in example.routes)
    for policy in example.slas:
        yield from policy.channels


def _staff(example: Organisation) -> Iterator[StaffSource]:
    for team in example.teams:
        yield from (*team.members, *team.leads)
    yield from example.admins
    for tier in example.tiers:
        yield from tier.members
    for agent in example.agents:
        yield from agent.who
    for team in example.teams:
        if team.on_call is not None:
            yield from map(read_staff, (*team.on_call.rotation, *(one.who for one in team.on_call.shifts)))
