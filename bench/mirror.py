"""mirror: from a post on one platform to its copy on the other, for the bot and for a bare relay.

Both run in processes of their own, against playgrounds of their own, and take turns, post by post. Between
turns everything comes to rest. The bot's path has three commits: the post with its outbox rows, the claim of
the delivery, the receipt; the copy stands after the second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bench.bridges import Bridge, bots_place, relay
from bench.measuring import median, workplace
from bench.rows import Row, above_by_at_most, compared

TIMES = 100
UNCOUNTED = 10
TARGET_MS = 10.0

OURS, BARE = "ours", "bare"
TO_DISCORD, TO_SLACK = "Slack to Discord", "Discord to Slack"

Times = dict[tuple[str, str], list[float]]


def measure() -> Iterator[Row]:
    """A row for either direction."""
    times = asyncio.run(_measured())
    for direction in (TO_DISCORD, TO_SLACK):
        ours, bare = median(times[OURS, direction]), median(times[BARE, direction])
        row = compared("mirror", 1, "sqlite", ours, f"ms at the median, {direction}", bare)
        yield above_by_at_most(row, TARGET_MS)


async def _measured() -> Times:
    with workplace("mirror") as folder:
        async with relay() as (_, bare), bots_place(folder) as place, place.bot():
            ours = await place.ticket("The printer is on fire")
            await ours.rest(0.3)
            return await _in_turns({OURS: ours, BARE: bare})


async def _in_turns(bridges: dict[str, Bridge]) -> Times:
    times: Times = {(name, way): [] for name in bridges for way in (TO_DISCORD, TO_SLACK)}
    for number in range(UNCOUNTED + TIMES):
        for name, bridge in bridges.items():
            there = await bridge.to_discord(f"answer {number:04} of {name}")
            await bridge.rest()
            back = await bridge.to_slack(f"question {number:04} of {name}")
            await bridge.rest()
            if number >= UNCOUNTED:
                times[name, TO_DISCORD].append(there)
                times[name, TO_SLACK].append(back)
    return times
