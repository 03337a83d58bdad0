"""``chatdesk playground``: try it in a browser, without an account anywhere."""

from __future__ import annotations

import asyncio
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from chatdesk.errors import ChatdeskError


def playground(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The page's port; 0 for any that is free.")
    ] = 8025,
    desk: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="A desk.yaml of your own instead of desk.example.yaml."
        ),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="A folder for the database; without one it ends with the playground.")
    ] = None,
    slack_only: Annotated[bool, typer.Option("--slack-only", help="Without Discord.")] = False,
    discord_only: Annotated[bool, typer.Option("--discord-only", help="Without Slack.")] = False,
) -> None:
    """Start a Slack, a Discord, the real bot and a page with both side by side.

    Needs no account, no token and no network, and the extra chatdesk[playground].
    """
    if find_spec("nicegui") is None:
        raise ChatdeskError('The page needs NiceGUI: pip install "chatdesk[playground]"')
    if slack_only and discord_only:
        raise ChatdeskError("--slack-only and --discord-only leave nothing over; say one of them.")
    from chatdesk.playground import running

    platforms = ["slack"] if slack_only else ["discord"] if discord_only else ["slack", "discord"]

    show = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    raise typer.Exit(asyncio.run(running.run(port, desk, data, platforms, show=show)))
