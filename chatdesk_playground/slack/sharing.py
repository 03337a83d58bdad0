"""Files: making room for one, sharing it in a conversation, deleting it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from chatdesk_playground.slack.posting import announce_change, post, wire_of
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import Channel, Message, StoredFile, Workspace
from chatdesk_playground.slack.wire import JsonObject


def new_file(site: Site, workspace: Workspace, owner: str, name: str, size: int) -> StoredFile:
    """A file of which only name and size are known yet."""
    file = StoredFile(
        id=site.world.new_id("F"),
        team_id=workspace.id,
        name=name,
        title=name,
        size=size,
        owner=owner,
        created=site.world.now(),
        upload_key=secrets.token_urlsafe(24),
    )
    workspace.files[file.id] = file
    return file


def share(
    site: Site,
    workspace: Workspace,
    channel: Channel,
    files: Sequence[StoredFile],
    comment: str,
    thread_ts: str | None,
    blocks: Sequence[JsonObject] = (),
) -> Message:
    """Post one message that carries the files, in their owner's name."""
    owner = files[0].owner
    message = Message(
        ts=site.world.new_ts(),
        channel_id=channel.id,
        text=comment,
        user=owner,
        subtype="file_share",
        thread_ts=thread_ts,
        blocks=blocks,
        file_ids=[file.id for file in files],
        bot_id=workspace.bot_id if owner == workspace.bot_user_id else "",
    )
    for file in files:
        file.shares.setdefault(channel.id, []).append(message.ts)
        if workspace.bot_user_id in channel.members:
            site.delivery.emit(
                workspace,
                {
                    "type": "file_shared",
                    "file_id": file.id,
                    "user_id": owner,
                    "file": {"id": file.id},
                    "channel_id": channel.id,
                    "event_ts": message.ts,
                },
            )
    return post(site, workspace, channel, message)


def delete_file(site: Site, workspace: Workspace, file: StoredFile) -> None:
    """Take a file away; the messages that carried it show a tombstone in its place."""
    before = {
        (channel_id, ts): wire_of(site, workspace, channel, channel.messages[ts])
        for channel_id, stamps in file.shares.items()
        if (channel := workspace.channels.get(channel_id)) is not None
        for ts in stamps
        if ts in channel.messages
    }
    file.deleted = True
    file.content = None
    site.world.touch()
    if not any(workspace.bot_user_id in workspace.channels[channel_id].members for channel_id, _ in before):
        return
    site.delivery.emit(
        workspace,
        {
            "type": "file_deleted",
            "file_id": file.id,
            "channel_ids": list(file.shares),
            "event_ts": site.world.new_ts(),
        },
    )
    for (channel_id, ts), wire in before.items():
        channel = workspace.channels[channel_id]
        announce_change(site, workspace, channel, channel.messages[ts], wire)
