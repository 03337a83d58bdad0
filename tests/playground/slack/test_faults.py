"""Faults on demand: what an app meets when Slack has a bad day, each fault once, over real sockets."""

from __future__ import annotations

import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from chatdesk_playground.faults import Fault, FaultKind
from chatdesk_playground.slack import PlaygroundError
from chatdesk_playground.slack.client import SlackControl
from tests.playground.slack.conftest import Acme, Connected
from tests.playground.slack.test_chat import error_of

POST = "chat.postMessage"


def client(acme: Acme) -> AsyncWebClient:
    """The SDK's client without its own second try after a broken connection."""
    return AsyncWebClient(token=acme.app.bot_token, base_url=acme.slack.api_url, retry_handlers=[])


async def said(acme: Acme) -> list[str]:
    return [message.text for message in await acme.ana.messages(acme.support)]


@pytest.mark.parametrize(
    ("fault", "error", "shown"),
    [
        (Fault(FaultKind.RATE_LIMITED, POST, seconds=2), SlackApiError, []),
        (Fault(FaultKind.ERROR, POST, status=503), SlackApiError, []),
        (Fault(FaultKind.ERROR, POST, code="is_archived"), SlackApiError, []),
        (Fault(FaultKind.ERROR_AFTER, POST), SlackApiError, ["first"]),
        (Fault(FaultKind.CUT_BEFORE, POST), aiohttp.ClientConnectionError, []),
        (Fault(FaultKind.CUT_AFTER, POST), aiohttp.ClientConnectionError, ["first"]),
    ],
    ids=lambda value: value.kind + value.code if isinstance(value, Fault) else None,
)
async def test_a_request_fails_once_and_the_next_does_not(
    acme: Acme, fault: Fault, error: type[Exception], shown: list[str]
) -> None:
    await acme.slack.control.misbehave(fault)
    with pytest.raises(error) as failed:
        await client(acme).chat_postMessage(channel=acme.support, text="first")
    if isinstance(failed.value, SlackApiError):
        status = {"rate_limited": 429, "error": 200 if fault.code else fault.status}
        assert failed.value.response.status_code == status.get(fault.kind, 500)
        assert failed.value.response.headers.get("Retry-After", "2") == "2"
    assert await acme.slack.control.wait_struck(1) == 1
    assert await said(acme) == shown
    await client(acme).chat_postMessage(channel=acme.support, text="second")
    assert await said(acme) == [*shown, "second"]


async def test_an_answer_takes_its_time(acme: Acme) -> None:
    await acme.slack.control.misbehave(Fault(FaultKind.LATENCY, seconds=0.2))
    started = time.monotonic()
    await acme.client().auth_test()
    assert time.monotonic() - started > 0.2


async def test_faults_may_come_later_more_than_once_and_for_a_while(acme: Acme) -> None:
    control = acme.slack.control
    await control.misbehave(Fault(FaultKind.ERROR, POST, code="fatal_error", skip=1, times=2))
    outcomes = [await outcome(acme) for _ in range(4)]
    assert outcomes == ["", "fatal_error", "fatal_error", ""]
    await control.misbehave(Fault(FaultKind.ERROR, POST, code="fatal_error", times=0, lasting=60))
    assert [await outcome(acme) for _ in range(3)] == ["fatal_error"] * 3
    await control.behave()
    assert await outcome(acme) == ""


async def outcome(acme: Acme) -> str:
    try:
        await acme.client().chat_postMessage(channel=acme.support, text="x")
    except SlackApiError as refused:
        return str(refused.response["error"])
    return ""


async def test_chance_is_drawn_from_the_seed(acme: Acme) -> None:
    runs = []
    for seed in (7, 7, 8):
        await acme.slack.control.behave()
        fault = Fault(FaultKind.ERROR, POST, code="fatal_error", times=0, probability=0.5, seed=seed)
        await acme.slack.control.misbehave(fault)
        runs.append([await outcome(acme) for _ in range(12)])
    assert runs[0] == runs[1] != runs[2]


async def test_uploads_can_be_cut(acme: Acme) -> None:
    await acme.slack.control.misbehave(Fault(FaultKind.CUT_AFTER, "upload"))
    with pytest.raises(aiohttp.ClientConnectionError):
        await client(acme).files_upload_v2(channel=acme.support, content="x", filename="x.txt")


async def heard_by(connected: Connected) -> list[str]:
    heard: list[str] = []

    @connected.bolt.event("message")
    async def on_message(event: Any) -> None:
        heard.append(event["text"])

    return heard


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(FaultKind.EVENTS_TWICE, "message"), ["0", "0", "1", "2"]),
        (Fault(FaultKind.EVENTS_LOST, "message"), ["1", "2"]),
        (Fault(FaultKind.EVENTS_SHUFFLED, "message", times=3, seed=1), None),
        (Fault(FaultKind.EVENTS_SHUFFLED, "message", times=0, seed=1, seconds=0.3), None),
    ],
)
async def test_events_come_twice_or_never_or_out_of_order(
    connected: Connected, fault: Fault, expected: list[str] | None
) -> None:
    acme, heard = connected.acme, await heard_by(connected)
    await acme.slack.control.misbehave(fault)
    for number in range(3):
        await acme.ana.post(acme.support, str(number))
    await acme.slack.control.wait_until_quiet()
    assert heard == expected if expected else heard != sorted(heard) == ["0", "1", "2"]
    ids = [event.payload["event_id"] for event in acme.slack.events]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", [FaultKind.SOCKET_DROPPED, FaultKind.SESSION_INVALID])
async def test_an_app_comes_back_on_another_socket(connected: Connected, kind: FaultKind) -> None:
    acme, heard = connected.acme, await heard_by(connected)
    connected.handler.client.ping_interval = 0.2
    first = connected.handler.client.current_session
    await acme.slack.control.misbehave(Fault(kind))
    await acme.ana.post(acme.support, "hello")
    await acme.slack.control.wait_until_quiet(timeout=15)
    assert heard == ["hello"]
    assert connected.handler.client.current_session is not first


async def test_slack_is_down_and_comes_back(connected: Connected) -> None:
    acme = connected.acme
    await acme.slack.control.misbehave(Fault(FaultKind.DOWN, POST, skip=1, seconds=60))
    await client(acme).chat_postMessage(channel=acme.support, text="before")
    for _ in range(2):
        with pytest.raises(aiohttp.ClientConnectionError):
            await client(acme).chat_postMessage(channel=acme.support, text="lost")
    await acme.slack.control.wait_connected(acme.app.team_id, count=0)
    await acme.slack.control.behave()
    await client(acme).chat_postMessage(channel=acme.support, text="after")
    assert await said(acme) == ["before", "after"]


async def test_a_token_is_revoked(acme: Acme) -> None:
    await acme.slack.control.misbehave(Fault(FaultKind.TOKEN_REVOKED))
    assert await error_of(acme.client().auth_test()) == "token_revoked"
    await acme.slack.control.behave()
    await acme.client().auth_test()


async def test_places_go_away(acme: Acme) -> None:
    control = acme.slack.control
    dm = await acme.ana.dm_with_bot()
    await control.misbehave(Fault(FaultKind.DM_CLOSED, target=acme.ana.id))
    await control.misbehave(Fault(FaultKind.THREAD_ARCHIVED, POST, skip=1, target=acme.support))
    assert await error_of(acme.client().chat_postMessage(channel=dm, text="x")) == "messages_tab_disabled"
    for expected in ("is_archived", "is_archived"):
        assert await error_of(acme.client().chat_postMessage(channel=acme.support, text="x")) == expected
    await control.behave()
    await acme.client().chat_postMessage(channel=dm, text="x")
    await control.misbehave(Fault(FaultKind.CHANNEL_DELETED, target=acme.support))
    assert await error_of(acme.client().chat_postMessage(channel=acme.support, text="x")) == (
        "channel_not_found"
    )


async def test_anybody_with_the_address_can_do_it_and_is_told_what_is_wrong(acme: Acme) -> None:
    async with aiohttp.ClientSession() as http:
        await SlackControl(acme.slack.base_url, http).misbehave(Fault(FaultKind.ERROR, code="fatal_error"))
    assert await error_of(acme.client().auth_test()) == "fatal_error"
    with pytest.raises(PlaygroundError, match="there is no channel 'C1'"):
        await acme.slack.control.misbehave(Fault(FaultKind.CHANNEL_DELETED, target="C1"))
    with pytest.raises(TimeoutError, match="faults struck 1 times"):
        await acme.slack.control.wait_struck(2, timeout=0.01)
