"""views.*: https://docs.slack.dev/reference/methods/views.open and its kin."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.slack import modals
from chatdesk_playground.slack.state import View
from chatdesk_playground.slack.webapi import ApiError, Call, Method, invalid_arguments
from chatdesk_playground.slack.wire import JsonObject


def open_view(call: Call) -> JsonObject:
    """views.open. The view is checked before the trigger is spent."""
    raw = _given(call, "modal")
    trigger = modals.take_trigger(call.site, call.workspace, call.required("trigger_id"))
    return _answer(call, modals.open_modal(call.site, call.workspace, trigger.user_id, raw))


def push_view(call: Call) -> JsonObject:
    """views.push."""
    raw = _given(call, "modal")
    trigger = modals.take_trigger(call.site, call.workspace, call.required("trigger_id"))
    return _answer(call, modals.push_modal(call.site, call.workspace, trigger.user_id, raw))


def update_view(call: Call) -> JsonObject:
    """views.update, by view id or by the app's own id."""
    view = _existing(call)
    modals.check_hash(view, call.text("hash"))
    modals.update_view(call.site, call.workspace, view, _given(call, view.kind, view.id))
    return _answer(call, view)


def publish_view(call: Call) -> JsonObject:
    """views.publish."""
    user = call.required("user_id")
    if user not in call.workspace.users:
        raise ApiError("user_not_found")
    current = call.site.world.home_view(call.workspace.id, user)
    if current is not None:
        modals.check_hash(current, call.text("hash"))
    raw = _given(call, "home", current.id if current else "")
    return _answer(call, modals.publish_home(call.site, call.workspace, user, raw))


def _existing(call: Call) -> View:
    external_id = call.text("external_id")
    if external_id:
        for view in call.site.world.views.values():
            if view.external_id == external_id and view.team_id == call.workspace.id:
                return view
        raise ApiError("not_found")
    view_id = call.required("view_id")
    found = call.site.world.views.get(view_id)
    if found is None or found.team_id != call.workspace.id:
        raise ApiError("not_found")
    return found


def _given(call: Call, kind: str, replacing: str = "") -> JsonObject:
    raw = call.structure("view", "invalid_arguments")
    if not isinstance(raw, Mapping):
        raise invalid_arguments("missing required field: view")
    modals.accepted(call.site, call.workspace, raw, kind, replacing)
    return raw


def _answer(call: Call, view: View) -> JsonObject:
    return {"view": modals.view_json(call.site, call.workspace, view)}


METHODS: Mapping[str, Method] = {
    "views.open": Method(open_view, (), 4),
    "views.push": Method(push_view, (), 4),
    "views.update": Method(update_view, (), 4),
    "views.publish": Method(publish_view, (), 4),
}
