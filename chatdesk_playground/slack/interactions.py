"""The payloads of interactions, with the keys that Slack documents.

https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.slack.inputs import action_of
from chatdesk_playground.slack.modals import new_trigger, view_json
from chatdesk_playground.slack.posting import wire_of
from chatdesk_playground.slack.response_urls import new_response_url
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import Channel, Message, User, View, Workspace
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, children, flag, text


def _common(site: Site, workspace: Workspace, user: User, kind: str) -> dict[str, JsonValue]:
    app = site.world.app_of(workspace)
    return {
        "type": kind,
        "team": {"id": workspace.id, "domain": workspace.name},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": workspace.id},
        "token": app.verification_token,
        "is_enterprise_install": False,
        "enterprise": None,
    }


def channel_name(channel: Channel) -> str:
    """The name that interactions give a conversation."""
    if channel.kind == "im":
        return "directmessage"
    return channel.name if channel.kind == "channel" else "privategroup"


def slash_command(
    site: Site, workspace: Workspace, user: User, channel: Channel, command: str, words: str
) -> JsonObject:
    """A slash command; it names no thread, as Slack's does not."""
    app = site.world.app_of(workspace)
    return {
        "token": app.verification_token,
        "team_id": workspace.id,
        "team_domain": workspace.name,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": words,
        "api_app_id": app.id,
        "is_enterprise_install": False,
        "response_url": new_response_url(site, workspace, user.id, channel),
        "trigger_id": new_trigger(site, workspace, user.id),
    }


def message_shortcut(
    site: Site, workspace: Workspace, user: User, channel: Channel, message: Message, callback_id: str
) -> JsonObject:
    """A shortcut from the menu of a message."""
    common = _common(site, workspace, user, "message_action")
    common["user"] = {"id": user.id, "name": user.name, "team_id": workspace.id}
    return common | {
        "callback_id": callback_id,
        "trigger_id": new_trigger(site, workspace, user.id),
        "response_url": new_response_url(site, workspace, user.id, channel),
        "action_ts": site.world.new_ts(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": shown_message(site, workspace, channel, message),
    }


def global_shortcut(site: Site, workspace: Workspace, user: User, callback_id: str) -> JsonObject:
    """A shortcut from the lightning bolt."""
    return _common(site, workspace, user, "shortcut") | {
        "callback_id": callback_id,
        "trigger_id": new_trigger(site, workspace, user.id),
        "action_ts": site.world.new_ts(),
    }


def message_action(
    site: Site,
    workspace: Workspace,
    user: User,
    channel: Channel,
    message: Message,
    block: JsonObject,
    element: JsonObject,
    state: JsonObject | None,
    values: Mapping[str, Mapping[str, JsonObject]],
) -> JsonObject:
    """A click or a choice in a message."""
    container = message_container(channel, message, block)
    payload = _common(site, workspace, user, "block_actions") | {
        "api_app_id": workspace.app_id,
        "container": container,
        "trigger_id": new_trigger(site, workspace, user.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "response_url": new_response_url(site, workspace, user.id, channel, message),
        "state": {"values": {name: dict(actions) for name, actions in values.items()}},
        "actions": [action_of(block, element, state, site.world.new_ts())],
    }
    if not message.only_for:
        payload["message"] = shown_message(site, workspace, channel, message)
    return payload


def message_container(channel: Channel, message: Message, block: JsonObject) -> dict[str, JsonValue]:
    """Where the block of a message stands: in the message itself, or in one of its attachments."""
    container: dict[str, JsonValue] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.only_for),
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    for attachment in message.attachments:
        if block in children(attachment, "blocks"):
            container |= {"type": "message_attachment", "attachment_id": attachment.get("id", 1)}
            container["is_app_unfurl"] = False
    return container


def view_action(
    site: Site,
    workspace: Workspace,
    user: User,
    view: View,
    block: JsonObject,
    element: JsonObject,
    state: JsonObject | None,
) -> JsonObject:
    """A click or a choice in a modal or a home."""
    return _common(site, workspace, user, "block_actions") | {
        "api_app_id": workspace.app_id,
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": new_trigger(site, workspace, user.id, view.id),
        "view": view_json(site, workspace, view),
        "actions": [action_of(block, element, state, site.world.new_ts())],
    }


def view_submission(site: Site, workspace: Workspace, user: User, view: View) -> JsonObject:
    """A modal handed in."""
    return _common(site, workspace, user, "view_submission") | {
        "api_app_id": workspace.app_id,
        "trigger_id": new_trigger(site, workspace, user.id, view.id),
        "view": view_json(site, workspace, view),
        "response_urls": _response_urls(site, workspace, user, view),
    }


def _response_urls(site: Site, workspace: Workspace, user: User, view: View) -> list[JsonValue]:
    """An address for each conversation chosen where the view asks for one."""
    found: list[JsonValue] = []
    for block in children(view.content, "blocks"):
        element = child(block, "element")
        if not flag(element, "response_url_enabled"):
            continue
        ids = {"block_id": text(block, "block_id"), "action_id": text(element, "action_id")}
        state = view.values.get(ids["block_id"], {}).get(ids["action_id"], {})
        chosen = text(state, "selected_conversation") or text(state, "selected_channel")
        channel = workspace.channels.get(chosen)
        if channel is not None:
            url = new_response_url(site, workspace, user.id, channel)
            found.append({**ids, "channel_id": channel.id, "response_url": url})
    return found


def view_closed(site: Site, workspace: Workspace, user: User, view: View, cleared: bool) -> JsonObject:
    """A modal dismissed; sent only where the view asks for it."""
    return _common(site, workspace, user, "view_closed") | {
        "api_app_id": workspace.app_id,
        "view": view_json(site, workspace, view),
        "is_cleared": cleared,
    }


def block_suggestion(
    site: Site,
    workspace: Workspace,
    user: User,
    where: JsonObject,
    block: JsonObject,
    element: JsonObject,
    typed: str,
) -> JsonObject:
    """The question for options of an external select; `where` holds container and view or message."""
    return _common(site, workspace, user, "block_suggestion") | {
        "api_app_id": workspace.app_id,
        "action_id": text(element, "action_id"),
        "block_id": text(block, "block_id"),
        "value": typed,
        **where,
    }


def shown_message(
    site: Site, workspace: Workspace, channel: Channel, message: Message
) -> dict[str, JsonValue]:
    """The message inside an interaction: reactions come without the people."""
    wire = wire_of(site, workspace, channel, message)
    reactions: list[JsonValue] = [
        {"name": name, "count": len(people)} for name, people in message.reactions.items()
    ]
    if reactions:
        wire["reactions"] = reactions
    if message.metadata is not None:
        wire["metadata"] = {
            "event_type": text(message.metadata, "event_type"),
            "event_payload": child(message.metadata, "event_payload"),
        }
    return wire
