"""Files, in and out: streamed from Slack's hosts with our token, uploaded by Slack's external-upload flow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from adapters.slack.calls import get
from adapters.slack.endpoints import may_hold_files
from adapters.slack.ids import Spot
from adapters.slack.outlet import Outlet
from adapters.slack.wire import Json, answer, items, mapping, text
from chatdesk.contract.outbound import OutgoingFile
from chatdesk.contract.ports import DeliveryFailed
from chatdesk.contract.vocabulary import FileRef

_CHUNK = 1 << 16
_REDIRECTS = 3
_SHARE_WAITS = (0.0, 0.1, 0.3, 0.6, 1.0, 2.0)
"""Slack shares a completed upload a moment later; seconds to wait before each look."""
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=20, sock_read=60)


async def stream(outlet: Outlet, ref: FileRef) -> AsyncGenerator[bytes, None]:
    """A file's bytes. Raises DeliveryFailed where it is not to be had."""
    info = mapping(await get(outlet.client, "files.info", file=ref.id), "file")
    url = text(info, "url_private_download") or text(info, "url_private")
    if not url:
        raise DeliveryFailed(permanent=f"Slack does not give out the file {ref.name}")
    async with await _open(outlet, url, ref.name) as response:
        async for chunk in response.content.iter_chunked(_CHUNK):
            yield chunk


async def _open(outlet: Outlet, url: str, name: str) -> aiohttp.ClientResponse:
    """Follows redirects by itself, so that the token goes to no host but Slack's for files.

    Where the token may not read a file, Slack leads to a page to log in on, which is not the file.
    """
    headers = {"Authorization": f"Bearer {outlet.client.token}"}
    if not may_hold_files(url, outlet.client.base_url):
        raise DeliveryFailed(permanent=f"the file {name} does not stand on Slack")
    for _ in range(_REDIRECTS):
        response = await outlet.session.get(url, headers=headers, allow_redirects=False, timeout=_TIMEOUT)
        if response.status == 200:
            return response
        location = response.headers.get("Location", "")
        response.release()
        if response.status == 429 or response.status >= 500:
            raise DeliveryFailed(retry_after=float(response.headers.get("Retry-After", "5")))
        if not location:
            raise DeliveryFailed(permanent=f"Slack refused the file {name} (status {response.status})")
        url = str(response.url.join(URL(location)))
        if not may_hold_files(url, outlet.client.base_url):
            break
    raise DeliveryFailed(permanent=f"Slack refused the file {name}: is the scope files:read given?")


@dataclass(frozen=True, slots=True)
class Upload:
    """A place on Slack's side that takes a file's bytes."""

    file: str
    url: str


async def begin_upload(client: AsyncWebClient, file: OutgoingFile) -> Upload:
    answered = answer(await client.files_getUploadURLExternal(filename=file.name, length=file.size))
    return Upload(text(answered, "file_id"), text(answered, "upload_url"))


async def send_bytes(outlet: Outlet, upload: Upload, file: OutgoingFile) -> None:
    """Stream the file's bytes to the upload's address, which needs no token."""
    if not may_hold_files(upload.url, outlet.client.base_url):
        raise DeliveryFailed(permanent="Slack named an upload address that is not Slack's")
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(file.size)}
    async with outlet.session.post(
        upload.url, data=_chunks(file), headers=headers, timeout=_TIMEOUT
    ) as response:
        if response.status == 200:
            return
        if response.status == 429 or response.status >= 500:
            raise DeliveryFailed(retry_after=float(response.headers.get("Retry-After", "5")))
        raise DeliveryFailed(permanent=f"Slack refused the file {file.name} (status {response.status})")


async def complete_upload(
    client: AsyncWebClient, file_id: str, file: OutgoingFile, at: Spot, comment: str
) -> None:
    """Share an uploaded file in a place."""
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": file.name}],
        channel_id=at.channel,
        thread_ts=at.thread,
        initial_comment=comment,
    )


async def wait_for_share(client: AsyncWebClient, file_id: str, at: Spot) -> str | None:
    """The ts of the message that shares a file; None where Slack takes longer than we wait."""
    for seconds in _SHARE_WAITS:
        await asyncio.sleep(seconds)
        found = await find_share(client, file_id, at)
        if found is not None:
            return found
    return None


async def find_share(client: AsyncWebClient, file_id: str, at: Spot) -> str | None:
    """The ts of the message that shares a file in a place now."""
    info = mapping(await get(client, "files.info", file=file_id), "file")
    return next((ts for ts in _shares(info, at)), None)


def _shares(info: Json, at: Spot) -> list[str]:
    shares = mapping(info, "shares")
    return [
        text(share, "ts")
        for kind in ("public", "private")
        for share in items(mapping(shares, kind), at.channel)
        if text(share, "ts") and (at.thread is None or text(share, "thread_ts") == at.thread)
    ]


async def _chunks(file: OutgoingFile) -> AsyncIterator[bytes]:
    opened = await asyncio.to_thread(file.path.open, "rb")
    try:
        while chunk := await asyncio.to_thread(opened.read, _CHUNK):
            yield chunk
    finally:
        await asyncio.to_thread(opened.close)
