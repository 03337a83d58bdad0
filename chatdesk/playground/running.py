"""Both platforms, the real bot and the page, until somebody ends it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Collection, Iterator
from pathlib import Path

from chatdesk.clocks import SystemClock
from chatdesk.demo.again import discord_again, slack_again
from chatdesk.demo.world import World, discord_side, running, settings_of, slack_side
from chatdesk.errors import ChatdeskError
from chatdesk.playground.insight import DeskInsight
from chatdesk.playground.keeping import Keeper
from chatdesk.store import desks
from chatdesk.store.engine import open_engine
from chatdesk_playground.discord import DiscordPlayground
from chatdesk_playground.page import sides
from chatdesk_playground.page.serving import Page, Start, bound, serving
from chatdesk_playground.page.side import Side
from chatdesk_playground.slack import SlackPlayground


async def run(
    port: int, desk_file: Path | None, data: Path | None, platforms: Collection[str], *, show: bool
) -> int:
    """Print the address, open it if there is a display, and serve until Ctrl-C. The exit status."""
    listener = _listener(port)
    with _folder(data) as folder, contextlib.closing(listener):
        async with (
            _world(folder, desk_file, platforms) as made,
            serving(_page(made, platforms), listener) as address,
        ):
            print(f"chatdesk playground: {address}  (Ctrl-C ends it)", flush=True)
            if show:
                webbrowser.open(address)
            await _ended()
    return 0


@contextlib.asynccontextmanager
async def _world(folder: Path, desk_file: Path | None, platforms: Collection[str]) -> AsyncIterator[World]:
    keeper = Keeper(folder)
    slack_port, discord_port = keeper.ports
    async with (
        SlackPlayground.running(slack_port) as slack,
        DiscordPlayground.running(discord_port) as discord,
    ):
        if keeper.restore(slack, discord):
            sides = slack_again(slack), discord_again(discord)
        else:
            sides = await slack_side(slack), await discord_side(discord)
        settings = settings_of(folder, *sides, desk_file or _own(folder), platforms)
        async with running(World(*sides, settings, SystemClock())) as made:
            keeping = asyncio.create_task(keeper.keep(slack, discord))
            try:
                yield made
            finally:
                keeping.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await keeping


def _own(folder: Path) -> Path | None:
    """The desk.yaml of the last time, which may have been changed since."""
    own = folder / "desk.yaml"
    return own if own.exists() else None


def _listener(port: int) -> socket.socket:
    try:
        return bound(port)
    except OSError as error:
        raise ChatdeskError(f"port {port}: {error.strerror}; say another with --port, or 0 for any") from None


@contextlib.contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ChatdeskError(f"--data {data}: {error.strerror}") from None
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
    return sides.slack(side.playground, side.app.team_id, visitors)


def _discord(made: World) -> Side:
    side = made.discord
    visitors = {
        "cleo": (side.cleo, "customer"),
        "dan": (side.dan, "customer"),
        "vera": (side.vera, "VIP"),
        "dora": (side.dora, "agent"),
        "dirk": (side.dirk, "agent"),
    }
    return sides.discord(side.playground, side.guild, side.application, visitors)


async def _ended() -> None:
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, end.set)
    await end.wait()
