"""Modals and App Homes: opening, stacking, updating and closing them."""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import Literal

from chatdesk_playground.slack.inputs import initial_values, kept_values
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import Trigger, View, Workspace
from chatdesk_playground.slack.viewshape import stored_view, view_problems
from chatdesk_playground.slack.webapi import ApiError, invalid_arguments
from chatdesk_playground.slack.wire import JsonObject, JsonValue, children, text

DEEPEST_STACK = 3


def view_json(site: Site, workspace: Workspace, view: View) -> dict[str, JsonValue]:
    """A view as the API and the interactions show it."""
    return {
        "id": view.id,
        "team_id": workspace.id,
        **view.content,
        "state": {"values": {block: dict(actions) for block, actions in view.values.items()}},
        "hash": view.hash,
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.id,
        "bot_id": workspace.bot_id,
    }


def new_trigger(site: Site, workspace: Workspace, user_id: str, view_id: str = "") -> str:
    """A trigger for something a person just did."""
    key = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**11)}.{secrets.token_hex(16)}"
    expires = time.monotonic() + site.world.timings.trigger
    site.world.triggers[key] = Trigger(key, workspace.id, user_id, expires, view_id)
    return key


def take_trigger(site: Site, workspace: Workspace, key: str) -> Trigger:
    """Use a trigger, once and in time. Raises `ApiError`."""
    trigger = site.world.triggers.get(key)
    if trigger is None or trigger.team_id != workspace.id:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if time.monotonic() > trigger.expires:
        raise ApiError("expired_trigger_id")
    trigger.used = True
    return trigger


def accepted(site: Site, workspace: Workspace, raw: JsonObject, kind: str, replacing: str = "") -> JsonObject:
    """The view as it will be stored. Raises `ApiError` when Slack would refuse it."""
    problems = view_problems(raw, kind)
    if problems:
        raise invalid_arguments(*problems)
    external_id = text(raw, "external_id")
    namesakes = [
        other
        for other in site.world.views.values()
        if other.external_id == external_id and other.team_id == workspace.id and other.id != replacing
    ]
    if external_id and namesakes:
        raise ApiError("duplicate_external_id")
    return stored_view(raw)


def open_modal(site: Site, workspace: Workspace, user_id: str, raw: JsonObject) -> View:
    """Show a modal as the first of a new stack."""
    content = accepted(site, workspace, raw, "modal")
    close_all(site, workspace, user_id)
    return _show(site, workspace, user_id, content, None)


def push_modal(site: Site, workspace: Workspace, user_id: str, raw: JsonObject) -> View:
    """Show a modal above the one on the screen; three are the most."""
    stack = site.world.screen(workspace.id, user_id)
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= DEEPEST_STACK:
        raise ApiError("push_limit_reached")
    content = accepted(site, workspace, raw, "modal")
    return _show(site, workspace, user_id, content, site.world.views[stack[-1]])


def update_view(site: Site, workspace: Workspace, view: View, raw: JsonObject) -> None:
    """Replace what a view shows; what was filled in stays in fields that are still there."""
    view.content = accepted(site, workspace, raw, view.kind, view.id)
    view.values = kept_values(children(view.content, "blocks"), view.values)
    view.hash = _hash(view)
    site.world.touch()


def publish_home(site: Site, workspace: Workspace, user_id: str, raw: JsonObject) -> View:
    """Show or replace somebody's App Home."""
    view = site.world.home_view(workspace.id, user_id)
    if view is not None:
        update_view(site, workspace, view, raw)
        return view
    content = accepted(site, workspace, raw, "home")
    view = _new_view(site, workspace, user_id, "home", content, None)
    site.world.homes[workspace.id, user_id] = view.id
    site.world.touch()
    return view


def close_top(site: Site, workspace: Workspace, user_id: str) -> None:
    """Take the top modal away; the one below shows again."""
    stack = site.world.screen(workspace.id, user_id)
    if stack:
        site.world.views.pop(stack.pop(), None)
        site.world.touch()


def close_all(site: Site, workspace: Workspace, user_id: str) -> None:
    """Take every modal away."""
    for view_id in site.world.screen(workspace.id, user_id):
        site.world.views.pop(view_id, None)
    site.world.screen(workspace.id, user_id).clear()
    site.world.touch()


def check_hash(view: View, given: str) -> None:
    """Refuse an update that was made for an older state of the view."""
    if given and given != view.hash:
        raise ApiError("hash_conflict")


def _show(site: Site, workspace: Workspace, user_id: str, content: JsonObject, below: View | None) -> View:
    view = _new_view(site, workspace, user_id, "modal", content, below)
    site.world.screen(workspace.id, user_id).append(view.id)
    site.world.touch()
    return view


def _new_view(
    site: Site,
    workspace: Workspace,
    user_id: str,
    kind: Literal["modal", "home"],
    content: JsonObject,
    below: View | None,
) -> View:
    view_id = site.world.new_id("V")
    view = View(
        id=view_id,
        team_id=workspace.id,
        user_id=user_id,
        kind=kind,
        content=content,
        hash="",
        root_id=below.root_id if below else view_id,
        previous_id=below.id if below else None,
        values=initial_values(children(content, "blocks")),
    )
    view.hash = _hash(view)
    site.world.views[view_id] = view
    return view


def _hash(view: View) -> str:
    seed = f"{view.id}{time.time_ns()}".encode()
    return f"{int(time.time())}.{hashlib.sha1(seed, usedforsecurity=False).hexdigest()[:8]}"
