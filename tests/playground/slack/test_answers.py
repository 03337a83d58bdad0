"""Buttons, menus and response URLs."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from chatdesk_playground.slack import PlaygroundError
from tests.playground.slack.conftest import Acme, Connected
from tests.playground.slack.samples import BUTTON, CARD


def bodies(connected: Connected) -> asyncio.Queue[Any]:
    """The payload of every button and menu."""
    found: asyncio.Queue[Any] = asyncio.Queue()

    async def on_action(ack: Any, body: Any) -> None:
        found.put_nowait(body)
        await ack()

    for name in ("claim", "priority", "more"):
        connected.bolt.action(name)(on_action)
    return found


async def answer(url: str, **body: Any) -> tuple[int, str]:
    """Post to a response URL without the SDK."""
    async with aiohttp.ClientSession() as http, http.post(url, json=body) as response:
        return response.status, await response.text()


async def card_on(acme: Acme) -> str:
    """A card in the channel; its ts."""
    posted = await acme.client().chat_postMessage(channel=acme.support, **CARD)
    return str(posted["ts"])


async def test_a_button_a_select_and_an_overflow(connected: Connected) -> None:
    acme, found = connected.acme, bodies(connected)
    ts = await card_on(acme)
    assert (await acme.ana.click(acme.support, ts, "Claim")).acknowledged
    clicked = await found.get()
    assert (clicked["actions"][0]["value"], clicked["container"]["message_ts"]) == ("7", ts)
    assert clicked["message"]["metadata"]["event_payload"] == {"ticket": "7"}
    await acme.ana.choose(acme.support, ts, "Priority", "High")
    chosen = await found.get()
    assert chosen["actions"][0]["selected_option"]["value"] == "high"
    assert chosen["state"]["values"]["row"]["priority"]["selected_option"]["value"] == "high"
    await acme.ana.choose(acme.support, ts, "more", "escalate")
    assert (await found.get())["actions"][0]["selected_option"]["text"]["text"] == "Escalate"
    with pytest.raises(PlaygroundError, match="nothing called 'Reopen'"):
        await acme.ana.click(acme.support, ts, "Reopen")


async def test_a_button_in_a_coloured_attachment(connected: Connected) -> None:
    acme, found = connected.acme, bodies(connected)
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    attachments = [{"color": "#ff0000", "blocks": blocks}]
    posted = await acme.client().chat_postMessage(channel=acme.support, text="card", attachments=attachments)
    await acme.ana.click(acme.support, posted["ts"], "Claim")
    container = (await found.get())["container"]
    assert (container["type"], container["attachment_id"]) == ("message_attachment", 1)


async def test_a_response_url_works_five_times(connected: Connected) -> None:
    acme, found = connected.acme, bodies(connected)
    ts = await card_on(acme)
    await acme.ana.click(acme.support, ts, "Claim")
    url = (await found.get())["response_url"]
    assert await answer(url, text="only you") == (200, "ok")
    assert await answer(url, text="all", response_type="in_channel") == (200, "ok")
    assert await answer(url, text="claimed", replace_original=True) == (200, "ok")
    seen = await acme.ana.messages(acme.support)
    assert [(m.text, m.ephemeral) for m in seen] == [("claimed", False), ("only you", True), ("all", False)]
    assert [m.text for m in await acme.bo.messages(acme.support)] == ["claimed", "all"]
    assert (await answer(url))[0] == 404
    assert await answer(url, delete_original=True) == (200, "ok")
    assert [m.text for m in await acme.bo.messages(acme.support)] == ["all"]
    status, body = await answer(url, text="too many")
    assert (status, '"used_url"' in body) == (404, True)


async def test_a_response_url_expires(connected: Connected) -> None:
    acme, found = connected.acme, bodies(connected)
    await acme.slack.control.set_timings(response_url=0.0)
    await acme.ana.click(acme.support, await card_on(acme), "Claim")
    status, body = await answer((await found.get())["response_url"], text="late")
    assert (status, '"expired_url"' in body) == (404, True)


async def test_buttons_on_an_ephemeral_message(connected: Connected) -> None:
    acme, found = connected.acme, bodies(connected)
    await acme.client().chat_postEphemeral(
        channel=acme.support, user=acme.ana.id, **dict(CARD, metadata=None)
    )
    (seen,) = await acme.ana.messages(acme.support)
    await acme.ana.click(acme.support, seen.ts, "Claim")
    body = await found.get()
    assert body["container"]["is_ephemeral"] is True
    assert "message" not in body
    assert (await answer(body["response_url"], delete_original=True))[0] == 200
    assert await acme.ana.messages(acme.support) == []
    await acme.client().chat_postEphemeral(channel=acme.support, user=acme.bo.id, text="psst")
    (other,) = await acme.bo.messages(acme.support)
    with pytest.raises(PlaygroundError, match="somebody else"):
        await acme.ana.click(acme.support, other.ts, "Claim")


async def test_commands_in_threads_are_refused(connected: Connected) -> None:
    acme = connected.acme
    message = await acme.ana.post(acme.support, "hello")
    refused = await acme.ana.slash(acme.support, "/ticket", "list", thread_ts=message.ts)
    assert refused.error == "/ticket is not supported in threads. Sorry!"


async def test_an_outcome_tells_how_long_the_app_took(connected: Connected) -> None:
    acme = connected.acme

    @connected.bolt.command("/ticket")
    async def on_ticket(ack: Any) -> None:
        await ack(text="done", blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "*done*"}}])

    outcome = await acme.ana.slash(acme.support, "/ticket")
    assert 0 < outcome.milliseconds < 3_000
    assert [message.shown for message in outcome.messages] == ["*done*"]
