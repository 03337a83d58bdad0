"""Connecting, being cut off, stopping; Socket Mode and HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
import uvicorn
from pydantic import SecretStr

from adapters.slack import package
from adapters.slack.adapter import SlackAdapter
from adapters.slack.settings import SlackSettings
from chatdesk.contract.inbound import (
    CommandTyped,
    Connected,
    FormOpened,
    FormSubmitted,
    Inbound,
    MessagePosted,
)
from chatdesk.contract.ports import Accepted, Answer, ASGIApp, DeliveryFailed
from tests.adapters.slack.conftest import Workspace, connected
from tests.adapters.slack.desk import RecordingDesk, SystemClock
from tests.adapters.slack.samples import FORM


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """What the adapter wants served; its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    listening = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


def http_settings(workspace: Workspace) -> SlackSettings:
    return SlackSettings(
        bot_token=SecretStr(workspace.app.bot_token),
        signing_secret=SecretStr(workspace.app.signing_secret),
        api_url=workspace.slack.api_url,
    )


async def test_it_says_to_what_it_is_connected(workspace: Workspace) -> None:
    (event,) = workspace.desk.seen(Connected)
    assert event.installation == workspace.installation
    assert (event.name, event.bot.id) == ("acme", workspace.app.bot_user_id)
    assert await workspace.adapter.ready() == "workspace acme over Socket Mode"
    assert workspace.adapter.asgi is None
    asked = [one for one in workspace.slack.requests if one.method == "apps.connections.open"]
    assert len(asked) == 1, "Slack allows it once a minute"


async def test_the_package_is_off_without_a_token(idle: Workspace) -> None:
    assert not package.enabled(SlackSettings())
    assert package.enabled(idle.settings)
    assert isinstance(package.build(idle.settings, SystemClock()), SlackAdapter)


async def test_nothing_is_left_behind_and_it_can_run_again(idle: Workspace) -> None:
    before = asyncio.all_tasks()
    for _ in range(2):
        async with connected(idle.adapter, idle.desk):
            await idle.ana.post(idle.support, "hello")
            await idle.desk.wait_for(MessagePosted)
            idle.desk.events.clear()
        left = {task for task in asyncio.all_tasks() - before if "uvicorn" not in repr(task)}
        if left:
            _, still_running = await asyncio.wait(left, timeout=5)
            assert not still_running


async def test_a_new_socket_is_announced_and_events_go_on(workspace: Workspace) -> None:
    await workspace.slack.control.disconnect(workspace.app.team_id)
    await workspace.desk.wait_for(
        Connected, lambda event: len(workspace.desk.seen(Connected)) == 2, seconds=10
    )
    await workspace.ana.post(workspace.support, "hello")
    await workspace.desk.wait_for(MessagePosted)


async def test_a_new_socket_is_not_announced_while_the_bot_token_is_revoked(workspace: Workspace) -> None:
    """The socket has a token of its own; what is paused for the bot's stays so."""
    await workspace.slack.control.revoke_token(workspace.app.team_id)
    known = len(workspace.slack.requests)
    await workspace.slack.control.disconnect(workspace.app.team_id)
    async with asyncio.timeout(10):
        while not any(one.method == "auth.test" for one in workspace.slack.requests[known:]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await workspace.slack.control.wait_until_quiet()
    assert len(workspace.desk.seen(Connected)) == 1


@pytest.mark.parametrize("wrong", ["bot_token", "app_token"])
async def test_a_wrong_token_ends_it_with_a_reason(idle: Workspace, wrong: str) -> None:
    settings = idle.settings.model_copy(update={wrong: SecretStr("xoxb-wrong-secret")})
    adapter = SlackAdapter(settings, SystemClock())
    with pytest.raises(DeliveryFailed) as failed:
        await asyncio.wait_for(adapter.run(RecordingDesk()), 5)
    assert failed.value.revoked
    assert "wrong-secret" not in repr(failed.value) + repr(failed.value.__cause__) + repr(settings)


async def test_a_slack_out_of_reach_is_waited_for(idle: Workspace) -> None:
    settings = idle.settings.model_copy(update={"api_url": "http://127.0.0.1:9/api/"})
    adapter = SlackAdapter(settings, SystemClock())
    running = asyncio.create_task(adapter.run(RecordingDesk()))
    done, _ = await asyncio.wait({running}, timeout=0.3)
    assert not done
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


class SlowDesk(RecordingDesk):
    """Takes commands only when a test lets it."""

    async def handle(self, event: Inbound) -> Answer:
        answer = await super().handle(event)
        if isinstance(event, CommandTyped):
            await self.gate.wait()
        return answer

    gate: asyncio.Event


async def test_what_is_being_worked_on_is_finished_before_it_stops(idle: Workspace) -> None:
    desk = SlowDesk(answers={CommandTyped: Accepted("Done.")})
    desk.gate = asyncio.Event()
    async with connected(idle.adapter, desk):
        asking = asyncio.create_task(idle.ana.slash(idle.support, "/ticket", "list"))
        await desk.wait_for(CommandTyped)
        asyncio.get_running_loop().call_later(0.2, desk.gate.set)
    outcome = await asking
    assert outcome.acknowledged and [message.text for message in outcome.messages] == ["Done."]


async def test_http_mode(idle: Workspace) -> None:
    adapter = SlackAdapter(http_settings(idle), SystemClock())
    assert adapter.asgi is not None
    desk = idle.desk
    desk.answers[CommandTyped] = Accepted("Done.")
    desk.answers[FormOpened] = Accepted(form=FORM)
    async with served(adapter.asgi) as address:
        events = f"{address}/slack/events"
        async with aiohttp.ClientSession() as http, http.post(events, data=b"{}") as response:
            assert response.status == 503
        async with connected(adapter, desk):
            assert await adapter.ready() == "workspace acme over HTTP at /slack/events"
            await idle.slack.control.set_request_url(idle.app.team_id, events)
            await idle.ana.post(idle.support, "hello")
            await desk.wait_for(MessagePosted)
            outcome = await idle.ana.slash(idle.support, "/ticket", "list")
            assert [message.text for message in outcome.messages] == ["Done."]
            await idle.ana.global_shortcut("new_ticket")
            await idle.ana.wait_for_modal(lambda view: view.title == "New ticket")
            assert (await idle.ana.submit({"Title": "x"})).closed
            await desk.wait_for(FormSubmitted)


async def test_http_mode_believes_only_slack(idle: Workspace) -> None:
    adapter = SlackAdapter(http_settings(idle), SystemClock())
    assert adapter.asgi is not None
    async with served(adapter.asgi) as address, connected(adapter, idle.desk):
        body = {"type": "event_callback", "event": {"type": "message", "text": "hello", "ts": "1.0"}}
        headers = {"X-Slack-Signature": "v0=0", "X-Slack-Request-Timestamp": "1"}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.post(f"{address}/slack/events", json=body) as response,
        ):
            assert response.status == 401
        assert not idle.desk.seen(MessagePosted)


async def test_an_event_that_nobody_listens_to_is_acknowledged(workspace: Workspace) -> None:
    # channel_created is not in the manifest; without one every event is sent.
    await workspace.slack.control.install_manifest(workspace.app.team_id, {})
    await workspace.slack.control.create_channel(workspace.app.team_id, "more", members=[], private=False)
    await workspace.slack.control.wait_until_quiet()
