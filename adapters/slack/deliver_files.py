"""Delivering one file, each step of the upload persisted before the next."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from adapters.slack.files import begin_upload, complete_upload, find_share, send_bytes, wait_for_share
from adapters.slack.ids import Spot, message_ref, spot
from adapters.slack.outlet import Outlet, error_code, remember
from chatdesk.contract.outbound import OutgoingFile
from chatdesk.contract.ports import Attempt, DeliveryFailed
from chatdesk.contract.vocabulary import MessageRef, Place

_REFUSALS = {
    "file_upload_size_restricted": "is larger than this Slack workspace takes",
    "file_uploads_disabled": "was refused: file uploads are switched off in this Slack workspace",
    "file_uploads_except_images_disabled": "was refused: this Slack workspace takes images only",
    "storage_limit_reached": "was refused: this Slack workspace has no storage left",
    "slack_connect_file_upload_sharing_blocked": "was refused: files may not be shared in this channel",
    "slack_connect_blocked_file_type": "is of a type that may not be shared in this channel",
    "blocked_file_type": "is of a type that this Slack workspace does not take",
}
_WAIT_FOR_SHARE_SECONDS = 5.0


class FileRefused(Exception):
    """Slack does not take this file, whoever tries and however often. Its text is for a person to read."""


async def share_file(
    outlet: Outlet, file: OutgoingFile, comment: str, at: Place, attempt: Attempt, part: str
) -> MessageRef:
    """The message that shares a file, going on behind the last step that an earlier try took.

    ``comment`` is what it says beside it.

    Raises FileRefused; DeliveryFailed where Slack has the file and does not show it yet.
    """
    if part in attempt.done:
        return message_ref(at, attempt.done[part])
    try:
        ts = await _shared_ts(outlet, file, comment, at, attempt, part)
    except SlackApiError as error:
        reason = _REFUSALS.get(error_code(error))
        if reason is None:
            raise
        raise FileRefused(f"the file {file.name} {reason}") from error
    await remember(attempt, part, ts)
    return message_ref(at, ts)


async def _shared_ts(
    outlet: Outlet, file: OutgoingFile, comment: str, at: Place, attempt: Attempt, part: str
) -> str:
    place = spot(at)
    file_id = attempt.done.get(f"{part}:uploaded")
    if file_id is None:
        file_id = await _upload(outlet, file)
        await remember(attempt, f"{part}:uploaded", file_id)
    elif (ts := await _shared_earlier(outlet, file_id, place, attempt, part)) is not None:
        return ts
    if f"{part}:completed" not in attempt.done:
        await complete_upload(outlet.client, file_id, file, place, comment)
        await remember(attempt, f"{part}:completed", file_id)
    ts = await wait_for_share(outlet.client, file_id, place)
    if ts is None:
        raise DeliveryFailed(retry_after=_WAIT_FOR_SHARE_SECONDS, uncertain=True)
    return ts


async def _shared_earlier(
    outlet: Outlet, file_id: str, place: Spot, attempt: Attempt, part: str
) -> str | None:
    """What an earlier try shared. Completing twice would share twice, and Slack shares a moment later."""
    find = wait_for_share if attempt.uncertain else find_share
    try:
        return await find(outlet.client, file_id, place)
    except SlackApiError as error:
        # Slack does not know of a file before it is completed.
        if error_code(error) != "file_not_found" or f"{part}:completed" in attempt.done:
            raise
        return None


async def _upload(outlet: Outlet, file: OutgoingFile) -> str:
    if file.size == 0:
        raise FileRefused(f"the file {file.name} is empty, and Slack takes no empty files")
    upload = await begin_upload(outlet.client, file)
    await send_bytes(outlet, upload, file)
    return upload.file
