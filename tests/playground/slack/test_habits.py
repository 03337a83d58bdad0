"""What Slack does on some days, and a robust app must bear."""

from __future__ import annotations

from typing import Any

from chatdesk_playground.slack.wire import child
from tests.playground.slack.conftest import Acme, Connected


async def test_a_mention_may_come_before_its_message(connected: Connected) -> None:
    acme, heard = connected.acme, list[str]()

    async def on_event(event: Any) -> None:
        heard.append(event["type"])

    connected.bolt.event("message")(on_event)
    connected.bolt.event("app_mention")(on_event)
    await acme.ana.post(acme.support, "@chatdesk help")
    await acme.slack.control.set_habits(mention_first=True)
    await acme.ana.post(acme.support, "@chatdesk help")
    await acme.slack.control.wait_until_quiet()
    assert [child(sent.payload, "event")["type"] for sent in acme.slack.events] == [
        "message", "app_mention", "app_mention", "message",
    ]  # fmt: skip
    assert len(heard) == 4


async def test_a_message_may_come_under_two_event_ids(connected: Connected) -> None:
    acme, heard = connected.acme, list[tuple[str, str]]()

    @connected.bolt.event("message")
    async def on_message(body: Any) -> None:
        heard.append((body["event_id"], body["event"]["ts"]))

    message = await acme.ana.post(acme.support, "hello")
    await acme.slack.control.wait_until_quiet()
    await acme.slack.control.repeat_events(acme.app.team_id)
    await acme.slack.control.wait_until_quiet()
    assert [ts for _, ts in heard] == [message.ts, message.ts]
    assert len({event_id for event_id, _ in heard}) == 2


async def test_updates_may_lose_the_name(acme: Acme) -> None:
    posted = await acme.client().chat_postMessage(channel=acme.support, text="x", username="Cleo")
    await acme.client().chat_update(channel=acme.support, ts=posted["ts"], text="y")
    assert [message.author for message in await acme.ana.messages(acme.support)] == ["Cleo"]
    await acme.slack.control.set_habits(updates_drop_names=True)
    await acme.client().chat_update(channel=acme.support, ts=posted["ts"], text="z")
    assert [message.author for message in await acme.ana.messages(acme.support)] == ["chatdesk"]


async def test_history_may_come_in_small_pages(acme: Acme) -> None:
    for number in range(20):
        await acme.ana.post(acme.support, f"message {number}")
    await acme.slack.control.set_habits(history_page=15)
    page = await acme.client().conversations_history(channel=acme.support, limit=200)
    assert (len(page["messages"]), page["has_more"]) == (15, True)
