"""files.*: the external upload flow, https://docs.slack.dev/messaging/working-with-files"""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.slack import sharing
from chatdesk_playground.slack.blocks import completed
from chatdesk_playground.slack.messages import file_json, file_shares_json
from chatdesk_playground.slack.methods.chat import refuse_bad_blocks
from chatdesk_playground.slack.state import Channel, StoredFile
from chatdesk_playground.slack.webapi import ApiError, Call, Method, invalid_arguments
from chatdesk_playground.slack.wire import JsonObject, JsonValue, text

LARGEST = 1_073_741_824


def upload_url(call: Call) -> JsonObject:
    """files.getUploadURLExternal."""
    name = call.required("filename")
    size = call.whole("length", -1)
    if size < 1:
        raise invalid_arguments("must be greater than 0 [json-pointer:/length]")
    if size > LARGEST:
        raise ApiError("file_upload_size_restricted")
    file = sharing.new_file(call.site, call.workspace, call.workspace.bot_user_id, name, size)
    file.alt_text = call.text("alt_txt") or call.text("alt_text")
    file.snippet_type = call.text("snippet_type")
    return {"upload_url": f"{call.site.base_url}/upload/v1/{file.upload_key}", "file_id": file.id}


def complete(call: Call) -> JsonObject:
    """files.completeUploadExternal. `shares` is filled in only once the message is posted, as on Slack."""
    named = call.objects("files", "invalid_arguments")
    if not named:
        raise invalid_arguments("missing required field: files")
    files = [_uploaded(call, entry) for entry in named]
    channels = _destinations(call)
    thread_ts = call.text("thread_ts") or None
    blocks = call.objects("blocks", "invalid_blocks")
    if blocks:
        refuse_bad_blocks(blocks)
    if thread_ts is not None and any(thread_ts not in channel.messages for channel in channels):
        raise ApiError("invalid_thread_ts")
    for file in files:
        file.completed = True
    answer: list[JsonValue] = [_shown(call, file) for file in files]
    for channel in channels:
        comment = call.text("initial_comment")
        sharing.share(call.site, call.workspace, channel, files, comment, thread_ts, completed(blocks or ()))
    return {"files": answer}


def info(call: Call) -> JsonObject:
    """files.info, with where the file was shared."""
    file = _existing(call)
    wire = _shown(call, file) | {"shares": file_shares_json(call.workspace, file.id)}
    return {"file": wire, "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(call: Call) -> JsonObject:
    """files.delete: the app's own files."""
    file = _existing(call)
    if file.owner != call.workspace.bot_user_id:
        raise ApiError("cant_delete_file")
    sharing.delete_file(call.site, call.workspace, file)
    return {}


def _existing(call: Call) -> StoredFile:
    file = call.workspace.files.get(call.required("file"))
    if file is None or not file.completed:
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    return file


def _uploaded(call: Call, entry: JsonObject) -> StoredFile:
    file = call.workspace.files.get(text(entry, "id"))
    if file is None or file.content is None or file.deleted:
        raise ApiError("file_not_found")
    if file.completed:
        raise ApiError("file_update_failed")
    file.title = text(entry, "title")
    return file


def _destinations(call: Call) -> list[Channel]:
    ids = [call.text("channel_id")] if call.text("channel_id") else call.texts("channels")
    channels = []
    for channel_id in ids:
        channel = call.workspace.channels.get(channel_id)
        bot = call.workspace.bot_user_id
        if channel is None or (channel.is_private and bot not in channel.members):
            raise ApiError("channel_not_found")
        if bot not in channel.members:
            raise ApiError("not_in_channel")
        if channel.archived:
            raise ApiError("is_archived")
        if channel.kind == "im" and call.site.world.closed_dms.intersection(channel.members):
            raise ApiError("messages_tab_disabled")
        channels.append(channel)
    return channels


def _shown(call: Call, file: StoredFile) -> dict[str, JsonValue]:
    return file_json(call.site.base_url, call.workspace, file.id)


METHODS: Mapping[str, Method] = {
    "files.getUploadURLExternal": Method(upload_url, ("files:write",), 4),
    "files.completeUploadExternal": Method(complete, ("files:write",), 4),
    "files.info": Method(info, ("files:read",), 4),
    "files.delete": Method(delete, ("files:write",), 3),
}
