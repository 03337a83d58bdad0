"""How messages, people, channels, groups and files look on the wire."""

from __future__ import annotations

from chatdesk_playground.slack.state import Channel, Message, User, Usergroup, Workspace
from chatdesk_playground.slack.wire import JsonObject, JsonValue
from chatdesk_playground.slack.world import World, replies_of


def message_json(
    world: World, base_url: str, workspace: Workspace, channel: Channel, message: Message
) -> dict[str, JsonValue]:
    """A message as `conversations.history` shows it. Metadata is left to the caller."""
    wire: dict[str, JsonValue] = {"type": "message", "ts": message.ts, "text": message.text}
    if message.subtype:
        wire["subtype"] = message.subtype
    if message.user:
        wire["user"] = message.user
        wire["team"] = workspace.id
    if message.client_msg_id:
        wire["client_msg_id"] = message.client_msg_id
    if message.bot_id:
        wire |= _bot_part(world, base_url, workspace, message)
    if message.blocks:
        wire["blocks"] = list(message.blocks)
    if message.attachments:
        wire["attachments"] = list(message.attachments)
    if message.file_ids:
        wire["files"] = [
            file_json(base_url, workspace, file_id)
            for file_id in message.file_ids
            if file_id in workspace.files
        ]
        wire["upload"] = False
        wire["display_as_bot"] = False
    if message.edited:
        wire["edited"] = {"user": message.edited.user, "ts": message.edited.ts}
    if message.reactions:
        wire["reactions"] = reactions_json(message)
    if message.subtype == "tombstone":
        wire["hidden"] = True
    return wire | _thread_part(channel, message)


def reactions_json(message: Message) -> list[JsonValue]:
    """The reactions of a message with who made them."""
    return [
        {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
    ]


def _bot_part(world: World, base_url: str, workspace: Workspace, message: Message) -> dict[str, JsonValue]:
    part: dict[str, JsonValue] = {"bot_id": message.bot_id, "app_id": workspace.app_id}
    if message.username:
        part["username"] = message.username
    if message.icons:
        part["icons"] = message.icons
    if message.subtype != "bot_message":
        part["bot_profile"] = bot_profile_json(world, base_url, workspace)
    return part


def _thread_part(channel: Channel, message: Message) -> dict[str, JsonValue]:
    if message.is_reply:
        parent = channel.messages.get(message.thread_ts or "")
        part: dict[str, JsonValue] = {"thread_ts": message.thread_ts}
        if parent is not None:
            part["parent_user_id"] = parent.user
        return part
    replies = replies_of(channel, message.ts)
    if not replies:
        return {}
    authors = list(dict.fromkeys(reply.user or reply.bot_id for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(authors),
        "reply_users": authors,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def bot_profile_json(world: World, base_url: str, workspace: Workspace) -> dict[str, JsonValue]:
    """The card of the installed app's bot."""
    bot = workspace.users[workspace.bot_user_id]
    return {
        "id": workspace.bot_id,
        "deleted": False,
        "name": bot.real_name,
        "updated": bot.updated,
        "app_id": workspace.app_id,
        "icons": {f"image_{size}": avatar_url(base_url, bot, size) for size in (36, 48, 72)},
        "team_id": workspace.id,
    }


def avatar_url(base_url: str, user: User, size: int) -> str:
    """Where a person's picture lies."""
    kind = "avatars" if user.has_avatar else "default-avatars"
    return f"{base_url}/{kind}/{user.id}-{size}.png"


def user_json(base_url: str, user: User) -> dict[str, JsonValue]:
    """A person as `users.info` shows them, with the email."""
    profile: dict[str, JsonValue] = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": f"g{user.id.lower()}",
        "first_name": user.real_name.split(" ")[0],
        "last_name": user.real_name.partition(" ")[2],
        "team": user.team_id,
        "is_custom_image": user.has_avatar,
    }
    for size in (24, 32, 48, 72, 192, 512):
        profile[f"image_{size}"] = avatar_url(base_url, user, size)
    if user.has_avatar:
        profile["image_original"] = avatar_url(base_url, user, 1024)
    if user.is_bot:
        profile |= {"bot_id": user.bot_id, "always_active": True}
    else:
        profile["email"] = user.email
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": "9f69e7",
        "real_name": user.real_name,
        "tz": user.timezone,
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": profile,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
        "is_email_confirmed": not user.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }


def channel_json(channel: Channel, reader: str) -> dict[str, JsonValue]:
    """A conversation as `conversations.info` shows it to `reader`."""
    common: dict[str, JsonValue] = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": channel.team_id,
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        others = [member for member in channel.members if member != reader] or [reader]
        return common | {"user": others[0], "is_user_deleted": False, "priority": 0}
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.is_private,
        "is_general": False,
        "unlinked": 0,
        "is_shared": False,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": [channel.team_id],
        "creator": channel.creator,
        "is_member": reader in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": list(channel.previous_names),
    }


def usergroup_json(group: Usergroup) -> dict[str, JsonValue]:
    """A user group as `usergroups.list` shows it, with its members."""
    return {
        "id": group.id,
        "team_id": group.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": 0,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": group.creator,
        "updated_by": group.creator,
        "prefs": {"channels": [], "groups": []},
        "users": list(group.members),
        "user_count": len(group.members),
        "channel_count": 0,
    }


_FILE_TYPES = {
    "png": ("image/png", "png", "PNG"),
    "jpg": ("image/jpeg", "jpg", "JPEG"),
    "jpeg": ("image/jpeg", "jpg", "JPEG"),
    "gif": ("image/gif", "gif", "GIF"),
    "pdf": ("application/pdf", "pdf", "PDF"),
    "txt": ("text/plain", "text", "Plain Text"),
    "log": ("text/plain", "text", "Plain Text"),
    "md": ("text/plain", "markdown", "Markdown (raw)"),
    "csv": ("text/csv", "csv", "CSV"),
    "json": ("text/plain", "json", "JSON"),
    "zip": ("application/zip", "zip", "Zip"),
    "mp4": ("video/mp4", "mp4", "MPEG 4 Video"),
}


def file_type(name: str) -> tuple[str, str, str]:
    """Media type, Slack's short type and its pretty name, from the name's ending."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return _FILE_TYPES.get(ending, ("application/octet-stream", "binary", "Binary"))


def file_json(base_url: str, workspace: Workspace, file_id: str) -> dict[str, JsonValue]:
    """A file as `files.info` shows it; a deleted one is only a tombstone."""
    file = workspace.files[file_id]
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    media_type, short_type, pretty_type = file_type(file.name)
    place = f"{base_url}/files-pri/{workspace.id}-{file.id}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": media_type,
        "filetype": short_type,
        "pretty_type": pretty_type,
        "user": file.owner,
        "user_team": workspace.id,
        "editable": media_type.startswith("text/"),
        "size": file.size,
        "mode": "snippet" if media_type.startswith("text/") else "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(
            workspace.channels[channel_id].kind == "channel"
            for channel_id in file.shares
            if channel_id in workspace.channels
        ),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{place}/{file.name}",
        "url_private_download": f"{place}/download/{file.name}",
        "permalink": f"{base_url}/archives/files/{workspace.id}/{file.id}",
        "has_rich_preview": False,
        "file_access": "visible",
        "media_display_type": "unknown",
        "alt_txt": file.alt_text,
    }


def file_shares_json(workspace: Workspace, file_id: str) -> JsonObject:
    """Where a file was shared; Slack fills this in after the upload was completed."""
    public: dict[str, JsonValue] = {}
    private: dict[str, JsonValue] = {}
    for channel_id, stamps in workspace.files[file_id].shares.items():
        channel = workspace.channels[channel_id]
        entries: list[JsonValue] = []
        for ts in stamps:
            entry: dict[str, JsonValue] = {
                "reply_users": [],
                "reply_users_count": 0,
                "reply_count": 0,
                "ts": ts,
                "channel_name": channel.name,
                "team_id": workspace.id,
                "share_user_id": workspace.files[file_id].owner,
            }
            message = channel.messages.get(ts)
            if message is not None and message.thread_ts:
                entry["thread_ts"] = message.thread_ts
            entries.append(entry)
        (private if channel.is_private else public)[channel_id] = entries
    shares: dict[str, JsonValue] = {}
    if public:
        shares["public"] = public
    if private:
        shares["private"] = private
    return shares
