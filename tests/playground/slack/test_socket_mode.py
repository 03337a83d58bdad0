"""Socket Mode: who gets what, what comes again, and what happens when a socket goes."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from chatdesk_playground.slack.wire import child
from tests.playground.slack.conftest import Acme, Connected


async def test_each_event_goes_to_one_of_several_connections(acme: Acme) -> None:
    heard: Counter[str] = Counter()
    handlers: list[Any] = []

    def counting(bolt: AsyncApp, name: str) -> None:
        @bolt.event("message")
        async def on_message(event: Any) -> None:
            heard[name] += 1
            heard[event["text"]] += 1

    for name in ("one", "two"):
        bolt = acme.bolt()
        counting(bolt, name)
        handlers.append(AsyncSocketModeHandler(bolt, acme.app.app_token))
        await handlers[-1].connect_async()
    await acme.slack.control.wait_connected(acme.app.team_id, count=2)
    for number in range(6):
        await acme.ana.post(acme.support, f"message {number}")
    await acme.slack.control.wait_until_quiet()
    assert [heard[f"message {number}"] for number in range(6)] == [1] * 6
    assert (heard["one"], heard["two"]) == (3, 3)
    for handler in handlers:
        await handler.close_async()


async def test_an_event_that_was_not_acknowledged_comes_again(connected: Connected) -> None:
    acme = connected.acme
    await acme.slack.control.set_timings(acknowledge=1.0)
    attempts: list[Any] = []

    @connected.bolt.event("message")
    async def on_message(body: Any) -> None:
        attempts.append(body["event_id"])
        if len(attempts) == 1:
            raise RuntimeError("not this time")

    await acme.ana.post(acme.support, "hello")
    await acme.slack.control.wait_until_quiet()
    assert len(attempts) == 2
    assert attempts[0] == attempts[1]
    assert [(sent.attempt, sent.acknowledged) for sent in acme.slack.events] == [(0, False), (1, True)]


async def test_an_interaction_that_was_not_acknowledged_does_not(connected: Connected) -> None:
    acme = connected.acme
    await acme.slack.control.set_timings(acknowledge=1.0)
    attempts: list[Any] = []

    @connected.bolt.command("/ticket")
    async def on_ticket(command: Any) -> None:
        attempts.append(command)
        raise RuntimeError("never")

    outcome = await acme.ana.slash(acme.support, "/ticket", "open")
    assert not outcome.acknowledged
    assert outcome.error == '/ticket failed with the error "operation_timeout"'
    await acme.slack.control.wait_until_quiet()
    assert len(attempts) == 1


async def test_without_a_connection_a_command_fails_at_once(acme: Acme) -> None:
    outcome = await acme.ana.slash(acme.support, "/ticket")
    assert outcome.error == '/ticket failed with the error "dispatch_failed"'


async def test_the_sdk_moves_to_a_new_connection_when_told(connected: Connected) -> None:
    acme = connected.acme
    heard: asyncio.Queue[str] = asyncio.Queue()

    @connected.bolt.event("message")
    async def on_message(event: Any) -> None:
        heard.put_nowait(event["text"])

    first = connected.handler.client.current_session
    await acme.slack.control.disconnect(acme.app.team_id, "refresh_requested")
    async with asyncio.timeout(5):
        await acme.ana.post(acme.support, "after")
        assert await heard.get() == "after"
    assert connected.handler.client.current_session is not first


async def test_an_event_from_a_time_without_connection_arrives_later(acme: Acme) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    await acme.slack.control.set_timings(acknowledge=0.1)

    async def connect() -> Any:
        bolt = acme.bolt()

        @bolt.event("message")
        async def on_message(event: Any) -> None:
            heard.put_nowait(event["text"])

        handler: Any = AsyncSocketModeHandler(bolt, acme.app.app_token)
        await handler.connect_async()
        await acme.slack.control.wait_connected(acme.app.team_id)
        return handler

    first = await connect()
    await first.close_async()
    await acme.slack.control.wait_connected(acme.app.team_id, count=0)
    await acme.ana.post(acme.support, "while down")
    await acme.slack.control.wait_for_attempts(2)
    second = await connect()
    await acme.slack.control.retry_events_now()
    async with asyncio.timeout(5):
        assert await heard.get() == "while down"
    await second.close_async()


async def test_what_was_under_way_on_a_broken_socket_comes_again_on_the_next(acme: Acme) -> None:
    async with aiohttp.ClientSession() as http:

        async def connect() -> aiohttp.ClientWebSocketResponse:
            opened = await acme.client().apps_connections_open(app_token=acme.app.app_token)
            socket = await http.ws_connect(opened["url"])
            assert (await socket.receive_json())["type"] == "hello"
            return socket

        first = await connect()
        await acme.ana.post(acme.support, "hello")
        lost = await first.receive_json()
        await acme.slack.control.cut_sockets(acme.app.team_id)
        second = await connect()
        again = await second.receive_json()
        assert again["payload"] == lost["payload"]
        assert again["envelope_id"] != lost["envelope_id"]
        assert (lost["retry_attempt"], again["retry_attempt"]) == (0, 1)
        await second.send_json({"envelope_id": again["envelope_id"]})
        await acme.slack.control.wait_until_quiet()
        await second.close()
        await first.close()


async def test_hello_and_a_ticket_that_works_once(acme: Acme) -> None:
    opened = await acme.client().apps_connections_open(app_token=acme.app.app_token)
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(opened["url"]) as socket:
            hello = await socket.receive_json()
            assert hello["type"] == "hello"
            assert hello["connection_info"] == {"app_id": acme.app.app_id}
            await acme.slack.control.disconnect(acme.app.team_id, "warning")
            assert (await socket.receive_json())["reason"] == "warning"
        try:
            await http.ws_connect(opened["url"])
        except aiohttp.WSServerHandshakeError as refused:
            assert refused.status == 403
        else:
            raise AssertionError("a ticket worked twice")


async def test_the_app_hears_of_its_own_posts_and_not_of_other_rooms(connected: Connected) -> None:
    acme = connected.acme
    heard: list[Any] = []

    @connected.bolt.event("message")
    async def on_message(event: Any) -> None:
        heard.append((event.get("subtype"), event.get("text")))

    elsewhere = await acme.slack.control.create_channel(
        acme.app.team_id, "elsewhere", members=[acme.ana.id], bot=False
    )
    await acme.ana.post(elsewhere, "unheard")
    await acme.client().chat_postMessage(channel=acme.support, text="as myself")
    posted = await acme.client().chat_postMessage(channel=acme.support, text="as Ana", username="Ana")
    await acme.client().chat_update(channel=acme.support, ts=posted["ts"], text="again")
    await acme.slack.control.wait_until_quiet()
    # Bolt itself drops the app's own posts, but not the changes of those under another name.
    assert heard == [("message_changed", None)]
    events = [child(sent.payload, "event") for sent in acme.slack.events]
    assert [event.get("subtype") for event in events] == [None, "bot_message", "message_changed"]
