"""Pins: https://docs.slack.dev/reference/events/pin_added and https://docs.slack.dev/reference/methods/pins.list"""

from __future__ import annotations

from chatdesk_playground.slack.posting import wire_of
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import Channel, Message, Workspace
from chatdesk_playground.slack.wire import JsonObject, JsonValue


def pin(site: Site, workspace: Workspace, channel: Channel, message: Message, user: str) -> None:
    """Pin a message and tell the app."""
    channel.pins.append(message.ts)
    channel.pinned_at[message.ts] = site.world.now()
    channel.pinned_by[message.ts] = user
    _announce(site, workspace, channel, message, user, {"type": "pin_added"})


def unpin(site: Site, workspace: Workspace, channel: Channel, message: Message, user: str) -> None:
    """Take a pin off and tell the app; the event shows the item as it was pinned."""
    _announce(
        site,
        workspace,
        channel,
        message,
        user,
        {"type": "pin_removed", "has_pins": len(channel.pins) > 1},
    )
    channel.pins.remove(message.ts)
    channel.pinned_at.pop(message.ts, None)
    channel.pinned_by.pop(message.ts, None)


def item_of(site: Site, workspace: Workspace, channel: Channel, message: Message) -> JsonObject:
    """A pinned message as pins.list and the events show it."""
    wire = wire_of(site, workspace, channel, message) | {"pinned_to": [channel.id]}
    return {
        "type": "message",
        "channel": channel.id,
        "created": channel.pinned_at.get(message.ts, 0),
        "created_by": channel.pinned_by.get(message.ts, workspace.bot_user_id),
        "message": wire,
    }


def _announce(
    site: Site,
    workspace: Workspace,
    channel: Channel,
    message: Message,
    user: str,
    event: dict[str, JsonValue],
) -> None:
    site.world.touch()
    if workspace.bot_user_id not in channel.members:
        return
    event |= {
        "user": user,
        "channel_id": channel.id,
        "item": item_of(site, workspace, channel, message),
        "item_user": message.user,
        "pin_count": str(len(channel.pins)),
        "pinned_info": {
            "channel": channel.id,
            "pinned_by": channel.pinned_by.get(message.ts, workspace.bot_user_id),
            "pinned_ts": channel.pinned_at.get(message.ts, 0),
        },
        "event_ts": site.world.new_ts(),
    }
    site.delivery.emit(workspace, event)
