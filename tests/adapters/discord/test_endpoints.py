"""Requests as they leave: each client to its own address, and nothing posted twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import discord
import pytest
from aiohttp import web
from discord.http import Route

from adapters.discord.endpoints import AnswerUnknown, DiscordClient
from adapters.discord.failures import failure_of

USER = {"id": "1", "username": "chatdesk", "discriminator": "0", "avatar": None, "bot": True}
APPLICATION = {
    **{"id": "1", "name": "chatdesk", "description": "", "icon": None, "flags": 0, "owner": USER},
    **{"bot_public": True, "bot_require_code_grant": False, "verify_key": "", "team": None},
}


@dataclass(slots=True)
class FailingDiscord:
    """Lets a client log in and answers everything else with a failure."""

    status: int = 502
    hang_up: bool = False
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        if request.path.endswith("/users/@me"):
            return _json(USER)
        if request.path.endswith("/applications/@me"):
            return _json(APPLICATION)
        if self.hang_up and request.transport is not None:
            request.transport.close()
        return web.Response(status=self.status)


def _json(value: object) -> web.Response:
    """discord.py reads JSON only where nothing stands beside the content type."""
    return web.Response(body=json.dumps(value).encode(), content_type="application/json")


@asynccontextmanager
async def logged_in(server: FailingDiscord) -> AsyncIterator[DiscordClient]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/proxy/v10"
    client = DiscordClient(intents=discord.Intents.none(), base=base)
    try:
        async with client:
            await client.login("token")
            yield client
    finally:
        await runner.cleanup()


async def test_requests_go_to_the_clients_own_address() -> None:
    before = Route.BASE
    server = FailingDiscord()
    async with logged_in(server):
        assert server.asked[0] == "GET /proxy/v10/users/@me"
        assert all(request.startswith("GET /proxy/v10/") for request in server.asked)
    assert before == Route.BASE


async def test_a_post_that_may_have_been_carried_out_is_not_sent_again() -> None:
    server = FailingDiscord(status=502)
    async with logged_in(server) as client:
        with pytest.raises(AnswerUnknown) as failed:
            await client.get_partial_messageable(5).send("hi")
    assert server.asked.count("POST /proxy/v10/channels/5/messages") == 1
    failure = failure_of(failed.value)
    assert failure is not None
    assert failure.uncertain


async def test_a_cut_connection_is_uncertain() -> None:
    server = FailingDiscord(hang_up=True)
    async with logged_in(server) as client:
        with pytest.raises(Exception) as failed:
            await client.get_partial_messageable(5).send("hi")
    failure = failure_of(failed.value)
    assert failure is not None
    assert failure.uncertain


async def test_webhooks_go_the_same_way() -> None:
    server = FailingDiscord(status=404)
    async with logged_in(server) as client:
        with client.reached():
            webhook = discord.Webhook.partial(7, "secret", client=client)
            with pytest.raises(discord.NotFound):
                await asyncio.create_task(webhook.send("hi", wait=True))
    assert server.asked[-1] == "POST /proxy/v10/webhooks/7/secret"


async def test_files_come_from_discords_hosts_alone() -> None:
    client = DiscordClient(intents=discord.Intents.none(), base=None)
    assert client.holds_files("https://cdn.discordapp.com/attachments/1/2/a.txt?ex=1")
    assert not client.holds_files("http://cdn.discordapp.com/attachments/1/2/a.txt")
    assert not client.holds_files("https://cdn.discordapp.com.example.org/a.txt")
    assert not client.holds_files("https://example.org/a.txt")
    assert client.picture("https://cdn.discordapp.com/avatars/1/2.png").startswith("https://cdn.discord")
