"""Joining, leaving, renaming and archiving conversations, and changes of people and groups."""

from __future__ import annotations

from chatdesk_playground.slack.messages import user_json, usergroup_json
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import Channel, User, Usergroup, Workspace
from chatdesk_playground.slack.wire import JsonValue
from chatdesk_playground.slack.world import find_direct

_LETTER = {"channel": "C", "group": "G", "im": "D", "mpim": "G"}


def join(site: Site, workspace: Workspace, channel: Channel, user_id: str, inviter: str = "") -> None:
    """Make somebody a member; nothing happens when they are one."""
    if user_id in channel.members:
        return
    channel.members.append(user_id)
    site.world.touch()
    _announce_member(site, workspace, channel, user_id, "member_joined_channel", inviter)


def leave(site: Site, workspace: Workspace, channel: Channel, user_id: str) -> None:
    """End a membership. The bot learns of its own, too."""
    _announce_member(site, workspace, channel, user_id, "member_left_channel", "")
    channel.members.remove(user_id)
    site.world.touch()


def archive(site: Site, workspace: Workspace, channel: Channel, user_id: str) -> None:
    """Close a channel to new messages."""
    channel.archived = True
    site.world.touch()
    _announce_channel(
        site, workspace, channel, {"type": "channel_archive", "channel": channel.id, "user": user_id}
    )


def delete_channel(site: Site, workspace: Workspace, channel: Channel) -> None:
    """Take a channel away with everything in it."""
    _announce_channel(site, workspace, channel, {"type": "channel_deleted", "channel": channel.id})
    del workspace.channels[channel.id]
    site.world.touch()


def rename(site: Site, workspace: Workspace, channel: Channel, name: str) -> None:
    """Give a channel another name."""
    channel.previous_names.append(channel.name)
    channel.name = name
    site.world.touch()
    description: dict[str, JsonValue] = {
        "id": channel.id,
        "is_channel": channel.kind == "channel",
        "is_mpim": False,
        "name": name,
        "name_normalized": name,
        "created": channel.created,
    }
    _announce_channel(site, workspace, channel, {"type": "channel_rename", "channel": description})


def open_direct(site: Site, workspace: Workspace, members: list[str]) -> Channel:
    """The direct conversation between these people, made if there is none."""
    found = find_direct(workspace, set(members))
    if found is not None:
        return found
    kind = "im" if len(set(members)) <= 2 else "mpim"
    letter = "D" if kind == "im" else "G"
    channel = Channel(
        id=site.world.new_id(letter),
        team_id=workspace.id,
        name="" if kind == "im" else "mpdm-" + "--".join(members),
        kind="im" if kind == "im" else "mpim",
        creator=members[0],
        created=site.world.now(),
        members=list(dict.fromkeys(members)),
    )
    workspace.channels[channel.id] = channel
    site.world.touch()
    return channel


def change_members(site: Site, workspace: Workspace, group: Usergroup, members: list[str]) -> None:
    """Replace the members of a user group."""
    added = [member for member in members if member not in group.members]
    removed = [member for member in group.members if member not in members]
    previous = group.updated
    group.members = list(members)
    group.updated = site.world.now()
    site.world.touch()
    site.delivery.emit(
        workspace,
        {
            "type": "subteam_members_changed",
            "subteam_id": group.id,
            "team_id": workspace.id,
            "date_previous_update": previous,
            "date_update": group.updated,
            "added_users": added,
            "added_users_count": len(added),
            "removed_users": removed,
            "removed_users_count": len(removed),
            "event_ts": site.world.new_ts(),
        },
    )
    site.delivery.emit(
        workspace,
        {
            "type": "subteam_updated",
            "subteam": usergroup_json(group),
            "event_ts": site.world.new_ts(),
        },
    )


def announce_user(site: Site, workspace: Workspace, user: User, event_type: str) -> None:
    """`team_join` or `user_change`."""
    user.updated = site.world.now()
    site.world.touch()
    event: dict[str, JsonValue] = {"type": event_type, "user": user_json(site.base_url, user)}
    if event_type == "user_change":
        event["cache_ts"] = site.world.now()
    site.delivery.emit(workspace, event)


def _announce_member(
    site: Site, workspace: Workspace, channel: Channel, user_id: str, event_type: str, inviter: str
) -> None:
    if workspace.bot_user_id not in channel.members or channel.kind in ("im", "mpim"):
        return
    event: dict[str, JsonValue] = {
        "type": event_type,
        "user": user_id,
        "channel": channel.id,
        "channel_type": _LETTER[channel.kind],
        "team": workspace.id,
        "event_ts": site.world.new_ts(),
    }
    if inviter:
        event["inviter"] = inviter
    site.delivery.emit(workspace, event)


def _announce_channel(
    site: Site, workspace: Workspace, channel: Channel, event: dict[str, JsonValue]
) -> None:
    if channel.kind == "channel" or workspace.bot_user_id in channel.members:
        site.delivery.emit(workspace, event | {"event_ts": site.world.new_ts()})
