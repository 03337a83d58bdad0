"""HTTP mode: the challenge, signatures, answers and retries, with Bolt behind Starlette."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chatdesk_playground.slack import PlaygroundError
from tests.playground.slack.conftest import Acme


@contextlib.asynccontextmanager
async def served(bolt: AsyncApp, seen: list[Request]) -> AsyncIterator[str]:
    """The address of a Bolt app behind a real web server."""
    handler = AsyncSlackRequestHandler(bolt)

    async def events(request: Request) -> Response:
        seen.append(request)
        return await handler.handle(request)

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    web = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(web, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
    finally:
        server.should_exit = True
        await serving


async def test_everything_over_signed_http(acme: Acme) -> None:
    bolt = acme.bolt()
    heard: list[str] = []

    @bolt.event("message")
    async def on_message(event: Any) -> None:
        heard.append(event["text"])

    @bolt.command("/ticket")
    async def on_ticket(ack: Any, command: Any) -> None:
        await ack(f"heard {command['text']}")

    @bolt.shortcut("new_ticket")
    async def on_shortcut(ack: Any, client: Any, body: Any) -> None:
        view = {"type": "modal", "title": {"type": "plain_text", "text": "New"}, "blocks": []}
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    seen: list[Request] = []
    async with served(bolt, seen) as url:
        await acme.slack.control.set_request_url(acme.app.team_id, url)
        await acme.ana.post(acme.support, "hello")
        said = await acme.ana.slash(acme.support, "/ticket", "list & <more>")
        opened = await acme.ana.global_shortcut("new_ticket")
        await acme.slack.control.wait_until_quiet()
    assert heard == ["hello"]
    assert [message.text for message in said.messages] == ["heard list & <more>"]
    assert opened.view is not None
    assert all(request.headers["x-slack-signature"].startswith("v0=") for request in seen)


async def test_a_failing_event_is_retried_with_a_number(acme: Acme) -> None:
    bolt = acme.bolt()
    attempts: list[int] = []

    @bolt.event("message")
    async def on_message() -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise RuntimeError("not yet")

    await acme.slack.control.set_timings(retry_speed=600)
    seen: list[Request] = []
    async with served(bolt, seen) as url:
        await acme.slack.control.set_request_url(acme.app.team_id, url)
        await acme.ana.post(acme.support, "hello")
        await acme.slack.control.wait_until_quiet()
    retries = [request.headers.get("x-slack-retry-num") for request in seen[1:]]
    assert retries == [None, "1", "2"]
    assert seen[2].headers["x-slack-retry-reason"] == "http_error"


async def test_a_wrong_secret_fails_the_challenge(acme: Acme) -> None:
    bolt = AsyncApp(client=acme.client(), signing_secret="wrong")
    async with served(bolt, []) as url:
        with pytest.raises(PlaygroundError, match="not the challenge"):
            await acme.slack.control.set_request_url(acme.app.team_id, url)
