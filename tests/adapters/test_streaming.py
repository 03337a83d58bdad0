"""Large files pass in pieces, both ways and on both platforms, and from the platform's hosts alone."""

from __future__ import annotations

import gc
import logging
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import discord
import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.discord.attempts import Spot
from adapters.discord.deliver_posts import BotHand
from adapters.discord.endpoints import DiscordClient
from adapters.discord.files import streamed
from adapters.slack.endpoints import web_client
from adapters.slack.files import Upload, send_bytes, stream
from adapters.slack.outlet import Outlet
from adapters.slack.settings import SlackSettings
from chatdesk.contract.outbound import Author, Content, OutgoingFile
from chatdesk.contract.ports import DeliveryFailed
from chatdesk.contract.vocabulary import FileRef, Installation, Place, Platform
from chatdesk.courier.files import FileStore
from tests.adapters.discord.test_endpoints import APPLICATION, USER, _json
from tests.http_server import answered_by

MIB = 1024 * 1024
SIZE = 24 * MIB
MOST_IN_MEMORY = 4 * MIB
REF = FileRef(Installation(Platform("slack"), "T1"), "F1", "film.mp4", SIZE)
ELSEWHERE = "http://localhost.evil.example/film"
MESSAGE: dict[str, object] = {
    "id": "5", "channel_id": "1", "author": USER,
    "content": "", "timestamp": "2026-11-21T10:30:00+00:00", "edited_timestamp": None, "tts": False,
    "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
    "pinned": False, "type": 0,
}  # fmt: skip


class FileHost:
    """A platform that gives out a large file and takes one, keeping neither."""

    def __init__(self) -> None:
        self.url = ""
        self.taken = 0
        self.leads_to: str | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/api/files.info":
                file = {"url_private_download": f"{self.url}/film"}
                return _json({"ok": True, "file": file})
            case "/film":
                if self.leads_to is not None:
                    raise web.HTTPFound(self.leads_to)
                return await self._give(request)
            case "/upload" | "/api/channels/1/messages":
                async for chunk in request.content.iter_chunked(1 << 16):
                    self.taken += len(chunk)
                return _json(MESSAGE)
            case "/api/gateway/bot":
                limits = {"total": 1, "remaining": 1, "reset_after": 0, "max_concurrency": 1}
                return _json({"url": f"ws{self.url[4:]}", "shards": 1, "session_start_limit": limits})
            case "/api/oauth2/applications/@me" | "/api/applications/@me":
                return _json(APPLICATION)
        return _json(USER)

    async def _give(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(SIZE)})
        await response.prepare(request)
        piece = b"x" * (1 << 16)
        for _ in range(SIZE // len(piece)):
            await response.write(piece)
        return response


@pytest.fixture
async def host() -> AsyncIterator[FileHost]:
    made = FileHost()
    async with answered_by(made.answer, largest_body=0) as made.url:
        yield made


@asynccontextmanager
async def slack(host: FileHost) -> AsyncIterator[Outlet]:
    settings = SlackSettings(
        bot_token=SecretStr("xoxb-1"), app_token=SecretStr("xapp-1"), api_url=f"{host.url}/api/"
    )
    async with aiohttp.ClientSession() as session:
        client = web_client(settings, logging.getLogger("test"))
        client.session = session
        yield Outlet(client, session)


@asynccontextmanager
async def discord_client(host: FileHost) -> AsyncIterator[DiscordClient]:
    client = DiscordClient(intents=discord.Intents.none(), base=f"{host.url}/api")
    async with client:
        await client.login("token")
        await client.http.get_bot_gateway()
        with client.reached():
            yield client


@contextmanager
def little_memory() -> Iterator[None]:
    """Nothing within it holds more than a small part of the file at once."""
    gc.collect()
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MOST_IN_MEMORY, f"{peak / MIB:.1f} MiB at once"


@pytest.fixture
def large(tmp_path: Path) -> OutgoingFile:
    path = tmp_path / "film"
    with path.open("wb") as file:
        file.truncate(SIZE)
    return OutgoingFile("a", "film.mp4", SIZE, "video/mp4", path)


async def test_from_slack(host: FileHost, tmp_path: Path) -> None:
    async with slack(host) as outlet:
        with little_memory():
            stored = await FileStore(tmp_path).store(stream(outlet, REF), SIZE)
    assert stored.size == SIZE


async def test_to_slack(host: FileHost, large: OutgoingFile) -> None:
    async with slack(host) as outlet:
        with little_memory():
            await send_bytes(outlet, Upload("F1", f"{host.url}/upload"), large)
    assert host.taken == SIZE


async def test_from_discord(host: FileHost, tmp_path: Path) -> None:
    async with discord_client(host) as client:
        await client._addressed._told_gateway()
        with little_memory():
            stored = await FileStore(tmp_path).store(streamed(client, f"{host.url}/film"), SIZE)
    assert stored.size == SIZE


async def test_to_discord(host: FileHost, large: OutgoingFile) -> None:
    content = Content("p", Author("Ana", None), "", (), internal=False)
    async with discord_client(host) as client:
        place = Place(Installation(Platform("discord"), "2"), "1")
        hand = BotHand(Spot(place, client.get_partial_messageable(1)), content)
        with little_memory():
            await hand.upload(large, "n1")
    assert SIZE < host.taken < SIZE + 10_000


@pytest.mark.parametrize("target", [ELSEWHERE, "file:///etc/passwd", "//evil.example/film", "/film"])
async def test_no_redirect_leads_away(host: FileHost, target: str) -> None:
    host.leads_to = target
    async with slack(host) as outlet:
        with pytest.raises(DeliveryFailed, match="Slack refused the file"):
            await anext(stream(outlet, REF))
    async with discord_client(host) as client:
        await client._addressed._told_gateway()
        with pytest.raises(DeliveryFailed, match="not on Discord's own servers"):
            await anext(streamed(client, f"{host.url}/film"))


async def test_nothing_is_fetched_from_an_address_of_somebody_elses(host: FileHost) -> None:
    async with discord_client(host) as client:
        for address in (
            "http://cdn.discordapp.com/film",
            "https://cdn.discordapp.com.evil.example/film",
            "https://evil.example/cdn.discordapp.com/film",
            "https://cdn.discordapp.com@evil.example/film",
            "http://169.254.169.254/latest/meta-data/",
        ):
            with pytest.raises(DeliveryFailed, match="not on Discord's own servers"):
                await anext(streamed(client, address))
