"""Files that people attached, streamed from Discord's own hosts."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import aiohttp
from yarl import URL

from adapters.discord.directory import Directory
from adapters.discord.endpoints import DiscordClient
from adapters.discord.ids import FileKey, file_key
from adapters.discord.parse import attachments_of
from chatdesk.contract.ports import DeliveryFailed
from chatdesk.contract.vocabulary import FileRef

_CHUNK_BYTES = 64 * 1024
_REDIRECTS = 3
_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=10, sock_read=30)


async def opened_file(
    client: DiscordClient, directory: Directory, ref: FileRef
) -> AsyncGenerator[bytes, None]:
    """The file's bytes. An attachment's address expires, so it is always asked for anew."""
    address = await _address(directory, file_key(ref.id))
    async with aclosing(streamed(client, address)) as chunks:
        async for chunk in chunks:
            yield chunk


async def streamed(client: DiscordClient, address: str) -> AsyncGenerator[bytes, None]:
    """What stands at an address of Discord's own hosts. Raises DeliveryFailed for any other."""
    async with (
        aiohttp.ClientSession(timeout=_TIMEOUT) as session,
        await _open(client, session, address) as response,
    ):
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            yield chunk


async def _open(
    client: DiscordClient, session: aiohttp.ClientSession, address: str
) -> aiohttp.ClientResponse:
    """Follows redirects by itself, so that nothing is fetched from anywhere but Discord's own hosts."""
    for _ in range(_REDIRECTS):
        if not client.holds_files(address):
            break
        response = await session.get(address, allow_redirects=False)
        if response.status == 200:
            return response
        location = response.headers.get("Location", "")
        response.release()
        if response.status in (403, 404, 410):
            raise DeliveryFailed(permanent="the file is not there any more")
        if not location:
            raise DeliveryFailed()
        address = str(response.url.join(URL(location)))
    raise DeliveryFailed(permanent="the file is not on Discord's own servers")


async def _address(directory: Directory, key: FileKey) -> str:
    message = await directory.message(key.channel, key.message)
    if message is None:
        raise DeliveryFailed(permanent="the message with the file was deleted")
    for attachment in attachments_of(message):
        if attachment.id == key.attachment:
            return attachment.url
    raise DeliveryFailed(permanent="the file was removed from its message")
