"""Rate limits and what a manifest allows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from chatdesk_playground.slack import PlaygroundError
from chatdesk_playground.slack.wire import child
from tests.playground.slack.conftest import Acme, Connected
from tests.playground.slack.test_chat import error_of

MANIFEST: dict[str, Any] = {
    "features": {
        "slash_commands": [{"command": "/ticket", "should_escape": False}],
        "shortcuts": [{"name": "Create", "type": "message", "callback_id": "create"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "users:read", "channels:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.channels", "reaction_added"]}},
}


async def test_limits_are_off_until_switched_on(acme: Acme) -> None:
    client = acme.client()
    for number in range(25):
        await client.users_list(limit=1 + number)
    await acme.slack.control.set_rate_limits(True)
    with pytest.raises(SlackApiError) as limited:
        for _ in range(25):
            await client.users_list()
    response = limited.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert int(response.headers["Retry-After"]) >= 1
    await client.users_info(user=acme.ana.id)
    await acme.slack.control.set_rate_limits(False)
    await client.users_list()


async def test_posting_is_limited_per_channel(acme: Acme) -> None:
    other = await acme.slack.control.create_channel(acme.app.team_id, "other")
    await acme.slack.control.set_rate_limits(True)
    for _ in range(5):
        await acme.client().chat_postMessage(channel=acme.support, text="x")
    assert await error_of(acme.client().chat_postMessage(channel=acme.support, text="x")) == "ratelimited"
    await acme.client().chat_postMessage(channel=other, text="x")


async def test_limits_can_pass_quickly(acme: Acme) -> None:
    await acme.slack.control.set_rate_limits(True, speed=10_000)
    for _ in range(30):
        await acme.client().users_list()


async def test_a_manifest_decides_what_is_sent_and_offered(connected: Connected) -> None:
    acme = connected.acme

    @connected.bolt.command("/ticket")
    async def on_ticket(ack: Any, command: Any) -> None:
        await ack(command["text"])

    @connected.bolt.event(re.compile(".*"))
    async def on_anything() -> None:
        return None

    await acme.slack.control.install_manifest(acme.app.team_id, MANIFEST)
    message = await acme.ana.post(acme.support, "@chatdesk hello")
    await acme.ana.react(acme.support, message.ts, "eyes")
    await acme.ana.unreact(acme.support, message.ts, "eyes")
    await acme.ana.post(await acme.ana.dm_with_bot(), "psst")
    await acme.slack.control.wait_until_quiet()
    sent = [child(event.payload, "event")["type"] for event in acme.slack.events]
    assert sorted(map(str, sent)) == ["message", "reaction_added"]
    said = await acme.ana.slash(acme.support, "/ticket", "for @bo")
    assert [answer.text for answer in said.messages] == ["for @bo"]
    unknown = await acme.ana.slash(acme.support, "/desk")
    assert unknown.error.startswith("/desk is not a valid command.")
    with pytest.raises(PlaygroundError, match="no global shortcut 'create'"):
        await acme.ana.global_shortcut("create")
    with pytest.raises(PlaygroundError, match="no message shortcut 'other'"):
        await acme.ana.message_shortcut("other", acme.support, message.ts)
    assert await error_of(acme.client().users_lookupByEmail(email="a@b")) == "missing_scope"
    shown = (await acme.client().users_info(user=acme.ana.id))["user"]
    assert "email" not in shown["profile"]
