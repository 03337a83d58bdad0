"""``python -m bench.profile``: where the time of an agent's message goes, in the writer."""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import sys
from collections import Counter
from collections.abc import Callable

from sqlalchemy import Connection

from bench import bare, filling, stores
from bench.desks import OpenDesk, agents_messages, desk_on, now, take_in
from bench.stores import settle
from chatdesk.store.engine import open_engine

TICKETS = 1000
UNCOUNTED = 100
COUNTED = 500
LINES = 45


def main() -> None:
    with stores.sqlite("profile") as store:
        address = store.create("profiled")
        engine = open_engine(address)
        with engine.begin() as connection:
            filling.fill(connection, TICKETS, now())
        settle(engine)
        profile = asyncio.run(_profiled(address))
    statistics = pstats.Stats(profile, stream=sys.stdout)
    statistics.sort_stats("cumulative").print_stats("chatdesk|adapters", LINES)
    statistics.sort_stats("tottime").print_stats(LINES)


async def _profiled(address: str) -> cProfile.Profile:
    profile = cProfile.Profile()
    async with desk_on(address) as desk:
        messages = agents_messages(range(1, TICKETS + 1), UNCOUNTED + COUNTED + 1)
        for message in messages[:UNCOUNTED]:
            await take_in(desk, message)
        with bare.recorded(desk.engine, everything=True) as statements:
            await take_in(desk, messages[UNCOUNTED])
        _tell(Counter(one.text.split("\n")[0][:60] for one in statements))
        _let_the_writer_be_watched(desk, profile)
        for message in messages[UNCOUNTED + 1 :]:
            await take_in(desk, message)
    return profile


def _tell(statements: Counter[str]) -> None:
    print(f"{statements.total()} statements for a message:")
    for text, count in statements.most_common():
        print(f"  {count}  {text}")


def _let_the_writer_be_watched(desk: OpenDesk, profile: cProfile.Profile) -> None:
    """The profile of a thread is taken in that thread: around each piece of the writer's work."""
    run = desk.writer.run

    async def watched(work: Callable[[Connection], object], turn: str | None = None) -> object:
        def within(connection: Connection) -> object:
            profile.enable()
            try:
                return work(connection)
            finally:
                profile.disable()

        return await run(within, turn)

    setattr(desk.writer, "run", watched)  # noqa: B010


if __name__ == "__main__":
    main()
