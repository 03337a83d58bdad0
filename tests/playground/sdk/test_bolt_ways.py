"""The ways in: every Socket Mode client, HTTP behind Starlette, the synchronous App, OAuth."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import sqlalchemy
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler as AiohttpHandler
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler as BuiltinHandler
from slack_bolt.adapter.socket_mode.websockets import AsyncSocketModeHandler as WebsocketsHandler
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy.pool import StaticPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from yarl import URL

from tests.playground.sdk.conftest import Workspace

pytestmark = pytest.mark.asyncio(loop_scope="module")


@contextlib.asynccontextmanager
async def served(handler: SlackRequestHandler | AsyncSlackRequestHandler) -> AsyncIterator[str]:
    """The app behind a web server in a thread of its own, since a synchronous app blocks its loop."""

    async def answer(request: Request) -> Response:
        return await handler.handle(request)

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    routes = [
        Route("/slack/events", answer, methods=["POST"]),
        Route("/slack/install", answer, methods=["GET"]),
        Route("/slack/oauth_redirect", answer, methods=["GET"]),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await asyncio.to_thread(thread.join)


def sync_app(workspace: Workspace, **more: Any) -> App:
    client = WebClient(token=more.pop("token", workspace.app.bot_token), base_url=workspace.slack.api_url)
    return App(client=client, signing_secret=workspace.app.signing_secret, **more)


def listen(app: App) -> None:
    """What a small synchronous app does."""

    @app.message("hello")
    def hello(message: Any, say: Any) -> None:
        say(f"Hi <@{message['user']}>")

    @app.command("/form")
    def form(ack: Any, body: Any, client: Any) -> None:
        ack()
        label = {"type": "plain_text", "text": "Name"}
        block = {
            "type": "input", "block_id": "n", "label": label,
            "element": {"type": "plain_text_input", "action_id": "v"},
        }  # fmt: skip
        title, submit = {"type": "plain_text", "text": "Form"}, {"type": "plain_text", "text": "OK"}
        view = {"type": "modal", "callback_id": "f", "title": title, "submit": submit, "blocks": [block]}
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("f")
    def submitted(ack: Any, view: Any, client: Any, body: Any) -> None:
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=view["state"]["values"]["n"]["v"]["value"])

    @app.command("/slow")
    def slow(ack: Any, respond: Any) -> None:
        ack("wait")
        respond("there")

    @app.event(re.compile(".*"))
    def ignore() -> None:
        """What no other listener takes is acknowledged, so that it does not come again."""


async def use(workspace: Workspace) -> None:
    """What Ana does with it."""
    ana, at = workspace.ana, workspace.general
    await ana.post(at, "hello")
    await ana.wait_for(at, lambda seen: seen.text == f"Hi <@{ana.id}>")
    assert (await ana.slash(at, "/form")).acknowledged
    await ana.wait_for_modal()
    assert (await ana.submit({"Name": "Ana"})).closed
    await ana.wait_for(await ana.dm_with_bot(), lambda seen: seen.text == "Ana")
    assert (await ana.slash(at, "/slow")).acknowledged
    await ana.wait_for(at, lambda seen: seen.text == "wait" and seen.ephemeral)
    await ana.wait_for(at, lambda seen: seen.text == "there" and seen.ephemeral)


async def test_the_synchronous_app_with_the_builtin_socket_client(workspace: Workspace) -> None:
    app = await asyncio.to_thread(sync_app, workspace)
    listen(app)
    handler = await asyncio.to_thread(BuiltinHandler, app, workspace.app.app_token)
    await asyncio.to_thread(handler.connect)
    await workspace.slack.control.wait_connected(workspace.app.team_id)
    await use(workspace)
    handler.client.auto_reconnect_enabled = False
    await workspace.slack.control.cut_sockets(
        workspace.app.team_id
    )  # it notices this sooner than its own end
    await asyncio.to_thread(handler.close)


@pytest.mark.parametrize("kind", [AiohttpHandler, WebsocketsHandler])
async def test_the_asynchronous_socket_clients_and_a_socket_that_is_renewed(
    workspace: Workspace, kind: type[Any]
) -> None:
    bolt, control, team = workspace.bolt(), workspace.slack.control, workspace.app.team_id

    @bolt.message("hello")
    async def hello(say: Any) -> None:
        await say("hi")

    handler = kind(bolt, workspace.app.app_token)
    await handler.connect_async()
    await control.wait_connected(team)
    await control.disconnect(team, "refresh_requested")
    await handler.client.connect_to_new_endpoint()
    await control.wait_connected(team)
    await workspace.ana.post(workspace.general, "hello")
    await workspace.ana.wait_for(workspace.general, lambda seen: seen.text == "hi")
    await handler.close_async()


async def test_http_behind_starlette_believes_signatures_alone(workspace: Workspace) -> None:
    app = await asyncio.to_thread(sync_app, workspace, process_before_response=True)
    listen(app)
    async with served(SlackRequestHandler(app)) as base:
        await workspace.slack.control.set_request_url(workspace.app.team_id, f"{base}/slack/events")
        await use(workspace)
        forged = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=forged"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{base}/slack/events", json={"type": "event_callback"}, headers=forged) as refused,
        ):
            assert refused.status == 401
        await workspace.slack.control.wait_until_quiet()
        await workspace.slack.control.set_request_url(workspace.app.team_id, "")


def browser(base: str) -> aiohttp.ClientSession:
    """Keeps secure cookies of a loopback address too, as browsers do."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(base)))


async def pressed(session: aiohttp.ClientSession, page: str, team: str, button: str) -> tuple[int, str]:
    """Presses a button of the consent page and follows it back to the app: its status and what it says."""
    async with session.get(page) as shown:
        assert (shown.status, f'value="{team}"' in await shown.text()) == (200, True)
    async with session.post(page, data={"team": team, "press": button}, allow_redirects=False) as sent:
        assert sent.status == 302
        back = sent.headers["location"]
    async with session.get(back) as landed:
        return landed.status, await landed.text()


async def test_an_app_is_installed_by_oauth_in_two_workspaces(workspace: Workspace) -> None:
    control, first = workspace.slack.control, workspace.app
    second = await control.create_workspace("other", app_id=first.app_id)
    cleo = await control.create_user(second.team_id, "cleo")
    room = await control.create_channel(second.team_id, "general", members=[cleo.id])
    engine = sqlalchemy.create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    installations = SQLAlchemyInstallationStore(client_id=first.client_id, engine=engine)
    states = SQLAlchemyOAuthStateStore(expiration_seconds=60, engine=engine)
    installations.metadata.create_all(engine)
    states.metadata.create_all(engine)
    settings = OAuthSettings(
        client_id=first.client_id,
        client_secret=first.client_secret,
        scopes=["chat:write", "commands", "channels:history"],
        installation_store=installations,
        state_store=states,
        authorization_url=f"{workspace.slack.base_url}/oauth/v2/authorize",
    )
    app = sync_app(workspace, token=None, oauth_settings=settings, process_before_response=True)
    listen(app)
    async with served(SlackRequestHandler(app)) as base, browser(base) as session:
        settings.redirect_uri = f"{base}/slack/oauth_redirect"
        settings.authorize_url_generator.redirect_uri = settings.redirect_uri
        await control.set_request_url(first.team_id, f"{base}/slack/events")
        for team, button, words in (
            (first.team_id, "cancel", "access_denied"),
            (first.team_id, "allow", "Thank you"),
            (second.team_id, "allow", "Thank you"),
        ):
            async with session.get(f"{base}/slack/install") as offered:
                link = re.search(r'href="([^"]+/oauth/v2/authorize[^"]*)"', await offered.text())
            assert link is not None
            page = link[1].replace("&amp;", "&")
            assert parse_qs(urlsplit(page).query)["scope"] == ["chat:write,commands,channels:history"]
            status, said = await pressed(session, page, team, button)
            assert words in said, (status, said)
        kept = installations.find_bot(enterprise_id=None, team_id=second.team_id)
        assert kept is not None
        assert (kept.bot_token, kept.bot_user_id) == (second.bot_token, second.bot_user_id)
        await use(workspace)
        await cleo.post(room, "hello")
        await cleo.wait_for(room, lambda seen: seen.text == f"Hi <@{cleo.id}>")
        installations.delete_all(enterprise_id=None, team_id=second.team_id)
        await control.wait_until_quiet()
        await control.set_request_url(first.team_id, "")
    engine.dispose()
