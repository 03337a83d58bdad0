"""drain-slack-1, drain-slack-10, drain-discord: a backlog of 1,000 posts, and how fast it gets through.

The playgrounds keep the published limits, with everything sped up, and the bot's own pace sped up as much.
The backlog was taken in by a bot that had only the other platform: the posts of 20 tickets, in their threads
below the channels. They are too long for two of them to share a message, so that each costs a request. The
value is posts a second between the first and the last one, at published speed; the baseline is what the
platform allows there.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import platforms
from bench.children import child
from bench.measuring import workplace
from bench.platforms import Discord, Slack
from bench.rows import Row, at_least, compared, value_at_most
from chatdesk.contract.vocabulary import Platform

POSTS = 1000
TICKETS = 20
TARGET = 0.95
_PATIENCE = 240.0
_LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Case:
    """Who is written to, in how many channels, how fast, and how long a post is.

    ``allowed`` is the platform's allowance in posts a second at published speed: of Slack's message a second
    and channel and 300 a minute and workspace the narrower one; five in two seconds for a webhook of Discord.
    """

    name: str
    writes_to: Platform
    channels: int
    allowed: float
    speed: float
    characters: int


SLACK, DISCORD = Platform("slack"), Platform("discord")
CASES = (
    Case("drain-slack-1", SLACK, 1, 1.0, 25.0, 1700),
    Case("drain-slack-10", SLACK, 10, 5.0, 5.0, 1700),
    Case("drain-discord", DISCORD, 1, 2.5, 10.0, 1000),
)


@dataclass(frozen=True, slots=True)
class Drained:
    """``moments`` are when the posts were taken, in seconds; ``refused`` is what was answered 429."""

    moments: Sequence[float]
    refused: Sequence[str]


def measure(name: str) -> Iterator[Row]:
    """Two rows: the share of the allowance, and the number of requests that were answered 429."""
    case = next(case for case in CASES if case.name == name)
    drained = asyncio.run(_drained(case))
    if drained.refused:
        print(f"{case.name}: answered 429: {', '.join(drained.refused[:5])}", file=sys.stderr)
    taken = sorted(drained.moments)
    rate = (len(taken) - 1) / (taken[-1] - taken[0]) / case.speed
    row = compared(case.name, POSTS, "sqlite", rate, "posts/s at published speed", case.allowed)
    yield at_least(row, TARGET)
    yield value_at_most(compared(case.name, POSTS, "sqlite", len(drained.refused), "answers of 429", 0), 0)


async def _drained(case: Case) -> Drained:
    with workplace("drain") as folder:
        async with platforms.both("desk") as (slack, discord):
            settings = {
                **slack.settings,
                **discord.settings,
                **platforms.own_settings(folder, _configuration(case)),
            }
            asked_in = await _channels(case, slack, discord)
            database = folder / "chatdesk.sqlite3"
            async with child("bench.child_chatdesk", settings=settings):
                await _tickets(discord, asked_in)
                await _until_idle(database)
            off = "CHATDESK_SLACK__BOT_TOKEN" if case.writes_to == SLACK else "CHATDESK_DISCORD__TOKEN"
            async with child("bench.child_chatdesk", settings=settings | {off: ""}):
                await _backlog(case, database, slack, discord)
            await slack.playground.control.set_rate_limits(True, speed=case.speed)
            await discord.playground.control.set_rate_limits(True, speed=case.speed)
            pace = {f"CHATDESK_{platform}__PACE": str(case.speed) for platform in ("SLACK", "DISCORD")}
            known = len(slack.playground.requests), len(discord.playground.requests)
            async with child("bench.child_chatdesk", settings=settings | pace):
                await _until_idle(database)
            if case.writes_to == SLACK:
                return _in_slack(slack, known[0])
            return _in_discord(discord, known[1])


def _configuration(case: Case) -> str:
    """A home channel and a customers' channel for each team."""
    teams = [
        f"  t{number}: {{name: Team {number}, home: 'slack:#home-{number}', "
        "members: ['slack:group:support-agents']}"
        for number in range(case.channels)
    ]
    routes = [
        f"  - {{channel: 'discord:#ask-{number}', team: t{number}, every_message: true}}"
        for number in range(case.channels)
    ]
    return "\n".join(["desk: bench", "name: Bench", "teams:", *teams, "routes:", *routes, ""])


async def _channels(case: Case, slack: Slack, discord: Discord) -> Sequence[str]:
    """The ids of the customers' channels."""
    for number in range(case.channels):
        await slack.playground.control.create_channel(
            slack.app.team_id, f"home-{number}", members=[slack.ana.id]
        )
    return [
        await discord.playground.control.create_channel(discord.guild, f"ask-{number}")
        for number in range(case.channels)
    ]


async def _tickets(discord: Discord, asked_in: Sequence[str]) -> None:
    for number in range(TICKETS):
        await discord.cleo.post(asked_in[number % len(asked_in)], f"Case {number} does not work")


async def _backlog(case: Case, database: Path, slack: Slack, discord: Discord) -> None:
    """People write in the tickets' threads; a bot without the other platform has taken all of it in."""
    side = "customer" if case.writes_to == SLACK else "team"
    places = _column(database, "SELECT place FROM thread WHERE side = ? ORDER BY ticket", side)
    assert len(places) == TICKETS, places
    for number in range(POSTS):
        place = str(places[number % TICKETS])
        words = f"Post {number:04} " + "and so on, at length, " * (case.characters // 22)
        if case.writes_to == SLACK:
            await discord.cleo.post(place, words)
        else:
            channel, _, root = place.partition("/")
            await slack.ana.post(channel, words, thread_ts=root)
    async with asyncio.timeout(_PATIENCE):
        taken_in = "SELECT count(*) FROM post WHERE body LIKE ?"
        while _column(database, taken_in, "Post %") != [POSTS]:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_SECONDS)


def _column(database: Path, query: str, *values: str) -> Sequence[object]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return [row[0] for row in connection.execute(query, values)]
    finally:
        connection.close()


async def _until_idle(database: Path) -> None:
    """Until every ticket is there and nothing waits to be delivered."""
    async with asyncio.timeout(_PATIENCE):
        while _waiting(database):  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_SECONDS)


def _waiting(database: Path) -> bool:
    pending = "SELECT count(*) FROM delivery WHERE state IN ('waiting', 'in_flight')"
    return _column(database, pending) != [0] or _column(database, "SELECT count(*) FROM ticket") != [TICKETS]


def _in_slack(slack: Slack, known: int) -> Drained:
    sent = slack.playground.requests[known:]
    posts = [
        one
        for one in sent
        if one.method == "chat.postMessage" and one.status == 200 and "Post " in str(one.arguments)
    ]
    assert len(posts) == POSTS, len(posts)
    return Drained([one.at for one in posts], [one.method for one in sent if one.status == 429])


def _in_discord(discord: Discord, known: int) -> Drained:
    sent = discord.playground.requests[known:]
    posts = [one for one in sent if one.method == "POST" and one.status == 200 and "Post " in str(one.body)]
    assert len(posts) == POSTS, len(posts)
    return Drained(
        [one.at.timestamp() for one in posts],
        [f"{one.method} {one.path}" for one in sent if one.status == 429],
    )
