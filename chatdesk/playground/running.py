"""Both platforms, the real bot and the page, until somebody ends it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
import webbrowser
from collections.abc import Collection, Iterator
from pathlib import Path

from chatdesk.demo.world import World, world
from chatdesk.playground.insight import DeskInsight
from chatdesk.store import desks
from chatdesk.store.engine import open_engine
from chatdesk_playground.page.discord_side import DiscordSide
from chatdesk_playground.page.discord_wire import DiscordWire
from chatdesk_playground.page.model import Side
from chatdesk_playground.page.serving import Page, Start, serving
from chatdesk_playground.page.slack_side import SlackSide
from chatdesk_playground.page.slack_wire import SlackWire


async def run(
    port: int, desk_file: Path | None, data: Path | None, platforms: Collection[str], *, show: bool
) -> int:
    """Print the address, open it if there is a display, and serve until Ctrl-C. The exit status."""
    with _folder(data) as folder:
        async with (
            world(folder, desk_file=desk_file, platforms=platforms) as made,
            serving(_page(made, platforms), port) as address,
        ):
            print(f"chatdesk playground: {address}  (Ctrl-C ends it)", flush=True)
            if show:
                webbrowser.open(address)
            await _ended()
    return 0


@contextlib.contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="chatdesk-playground-") as folder:
        yield Path(folder)


def _page(made: World, platforms: Collection[str]) -> Page:
    starts = [Start(_slack(made), "ana", "support"), Start(_discord(made), "cleo", "help")]
    shown = [start for start in starts if start.side.look in platforms]
    engine = open_engine(made.settings.database)
    with engine.begin() as connection:
        desk = desks.listed(connection)[0].desk
    return Page(shown, DeskInsight(engine, desk))


def _slack(made: World) -> Side:
    side = made.slack
    visitors = {
        "ana": (side.ana, "agent"),
        "ben": (side.ben, "agent"),
        "lea": (side.lea, "lead"),
        "bill": (side.bill, "billing"),
        "ada": (side.ada, "admin"),
        "sam": (side.sam, "customer"),
        "sue": (side.sue, "customer"),
    }
    return SlackSide(side.playground, side.app.team_id, visitors, SlackWire(side.playground.site))


def _discord(made: World) -> Side:
    side = made.discord
    visitors = {
        "cleo": (side.cleo, "customer"),
        "dan": (side.dan, "customer"),
        "vera": (side.vera, "VIP"),
        "dora": (side.dora, "agent"),
        "dirk": (side.dirk, "agent"),
    }
    wire = DiscordWire(side.playground)
    return DiscordSide(side.playground, side.guild, side.application, visitors, wire)


async def _ended() -> None:
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, end.set)
    await end.wait()
