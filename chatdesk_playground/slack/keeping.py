"""A Slack as JSON, to go on another day: workspaces, people, messages, files, and the app with its tokens.

What lasts seconds does not come along: open forms, triggers, addresses for answers. Homes are published
anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from chatdesk_playground.slack.state import App, Workspace
from chatdesk_playground.slack.world import World


@dataclass(frozen=True, slots=True)
class Kept:
    """What a Slack is made of again."""

    apps: dict[str, App]
    workspaces: dict[str, Workspace]
    codes: dict[str, str]
    revoked_tokens: set[str]
    closed_dms: set[str]


def _written() -> TypeAdapter[Kept]:
    return TypeAdapter(Kept)


def kept(world: World) -> bytes:
    """The world as it is now."""
    whole = Kept(world.apps, world.workspaces, world.codes, world.revoked_tokens, world.closed_dms)
    return _written().dump_json(whole)


def restore(world: World, content: bytes) -> None:
    """Fill an empty world. Raises `ValueError` for what `kept` did not write."""
    whole = _written().validate_json(content)
    world.apps.update(whole.apps)
    world.workspaces.update(whole.workspaces)
    world.codes.update(whole.codes)
    world.revoked_tokens |= whole.revoked_tokens
    world.closed_dms |= whole.closed_dms
    world.touch()
