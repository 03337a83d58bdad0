"""``chatdesk demo``: two whole stories, without an account anywhere."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running afterwards, until Ctrl-C.")] = False,
) -> None:
    """Start a Slack and a Discord of our own and the real bot between them, and play two whole stories.

    A ticket from its first word to its end, and a VIP during an outage; the desk is desk.example.yaml.
    Needs no account, no token and no network. Ends with status 0 only if every step was seen where a person
    would see it.
    """
    from chatdesk.demo import story

    raise typer.Exit(asyncio.run(story.run(keep)))
