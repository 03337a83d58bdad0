"""What bolt-python's users begin with: messages, events, middleware, commands, reactions, pins and files."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.playground.sdk.conftest import Workspace

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _ignore() -> None:
    """What no other listener takes is acknowledged, so that it does not come again."""


@asynccontextmanager
async def connected(workspace: Workspace, bolt: AsyncApp) -> AsyncIterator[None]:
    """As long as it lasts, the app listens in Socket Mode."""
    bolt.event(re.compile(".*"))(_ignore)
    handler: Any = AsyncSocketModeHandler(bolt, workspace.app.app_token)
    await handler.connect_async()
    await workspace.slack.control.wait_connected(workspace.app.team_id)
    try:
        yield
    finally:
        await handler.close_async()


async def test_messages_words_patterns_threads_and_mentions(workspace: Workspace) -> None:
    bolt, at = workspace.bolt(process_before_response=True), workspace.general
    told: list[str] = []

    @bolt.message("hello")
    async def hello(message: Any, say: Any) -> None:
        await say(f"Hey <@{message['user']}>")

    @bolt.message(re.compile(r"(\d+) pieces of (\w+)"))
    async def order(context: Any, say: Any, message: Any) -> None:
        count, what = context["matches"]
        await say(text=f"{what} x{count}", thread_ts=message["ts"])

    @bolt.event("app_mention")
    async def mentioned(event: Any, say: Any) -> None:
        await say(text="you called?", thread_ts=event.get("thread_ts", event["ts"]))

    @bolt.event({"type": "message", "subtype": [re.compile("message_(changed|deleted)")]})
    async def changed(event: Any) -> None:
        told.append(f"{event['subtype']} {event['previous_message']['text']}")

    @bolt.event("message")
    async def anything(event: Any) -> None:
        told.append(event.get("text", ""))

    @bolt.event("member_joined_channel")
    async def joined(event: Any) -> None:
        told.append(f"joined {event['user']}")

    async with connected(workspace, bolt):
        ana = workspace.ana
        await ana.post(at, "hello there")
        greeting = await ana.wait_for(at, lambda seen: seen.text.startswith("Hey"))
        assert greeting.text == f"Hey <@{ana.id}>"
        ordered = await ana.post(at, "20 pieces of cake")
        await ana.wait_for(at, lambda seen: seen.text == "cake x20", thread_ts=ordered.ts)
        called = await ana.post(at, "@helper please")
        await ana.wait_for(at, lambda seen: seen.text == "you called?", thread_ts=called.ts)
        await ana.edit(at, called.ts, "never mind")
        await ana.delete(at, called.ts)
        await ana.delete(at, (await ana.post(at, "too much")).ts)
        dan = await workspace.slack.control.create_user(workspace.app.team_id, "dan")
        await dan.join(at)
        dm = await ana.dm_with_bot()
        await ana.post(dm, "between us")
        await workspace.slack.control.wait_until_quiet()
    assert f"message_changed <@{workspace.app.bot_user_id}> please" in told
    assert "message_deleted too much" in told
    assert {f"joined {dan.id}", "between us"} <= set(told)


async def test_middleware_listeners_that_are_lazy_and_what_goes_wrong(workspace: Workspace) -> None:
    bolt, at = workspace.bolt(), workspace.general

    @bolt.use
    async def remember(context: Any, next_: Any) -> None:
        context["colour"] = "green"
        await next_()

    async def only_ana(message: Any) -> bool:
        return bool(message.get("user") == workspace.ana.id)

    @bolt.message("who", matchers=[only_ana])
    async def who(context: Any, say: Any) -> None:
        await say(f"{context['colour']} {context.user_id == workspace.ana.id}")

    async def at_once(ack: Any, command: Any) -> None:
        await ack(f"thinking about {command['text']}")

    async def later(respond: Any, command: Any) -> None:
        await respond(f"thought about {command['text']}")

    async def aloud(respond: Any) -> None:
        await respond("everybody may know", response_type="in_channel")

    bolt.command("/think")(ack=at_once, lazy=[later, aloud])

    @bolt.command("/fail")
    async def fail(ack: Any) -> None:
        raise ValueError("broken")

    @bolt.error
    async def complain(error: Exception, body: Any) -> None:
        await bolt.client.chat_postEphemeral(
            channel=body["channel_id"], user=body["user_id"], text=str(error)
        )

    async with connected(workspace, bolt):
        await workspace.bo.post(at, "who am I")
        await workspace.ana.post(at, "who am I")
        await workspace.bo.wait_for(at, lambda seen: seen.text == "green True")
        said = await workspace.bo.slash(at, "/think", "tea")
        assert "thinking about tea" in [one.text for one in said.messages]
        await workspace.bo.wait_for(at, lambda seen: seen.text == "thought about tea" and seen.ephemeral)
        await workspace.ana.wait_for(at, lambda seen: seen.text == "everybody may know")
        await workspace.slack.control.set_timings(acknowledge=0.3)
        failed = await workspace.bo.slash(at, "/fail")
        await workspace.slack.control.set_timings(acknowledge=3)
        assert failed.error == '/fail failed with the error "operation_timeout"'
        await workspace.bo.wait_for(at, lambda seen: seen.text == "broken" and seen.ephemeral)
        seen_by_ana = [one.text for one in await workspace.ana.messages(at)]
        assert not {"thought about tea", "broken"} & set(seen_by_ana)


async def test_reactions_pins_and_what_is_looked_up(workspace: Workspace) -> None:
    bolt = workspace.bolt(process_before_response=True, ignoring_self_events_enabled=False)
    at = workspace.general
    told: list[str] = []

    @bolt.event("reaction_added")
    async def reacted(event: Any, client: Any) -> None:
        told.append(f"+{event['reaction']}")
        item = event["item"]
        if event["reaction"] == "pushpin":
            await client.pins_add(channel=item["channel"], timestamp=item["ts"])

    @bolt.event("reaction_removed")
    async def unreacted(event: Any) -> None:
        told.append(f"-{event['reaction']}")

    @bolt.event("pin_added")
    async def pinned(event: Any) -> None:
        told.append(f"pinned {event['item']['message']['text']} in {event['channel_id']}")

    @bolt.event("pin_removed")
    async def unpinned(event: Any) -> None:
        told.append(f"unpinned, others: {event['has_pins']}")

    client = workspace.client()
    async with connected(workspace, bolt):
        posted = await workspace.ana.post(at, "keep this")
        await workspace.ana.react(at, posted.ts, "pushpin")
        await workspace.slack.control.wait_until_quiet()
        pins = await client.pins_list(channel=at)
        assert [item["message"]["text"] for item in pins["items"]] == ["keep this"]
        await client.reactions_add(channel=at, timestamp=posted.ts, name="eyes")
        await client.reactions_remove(channel=at, timestamp=posted.ts, name="eyes")
        await client.pins_remove(channel=at, timestamp=posted.ts)
        assert (await client.pins_list(channel=at))["items"] == []
        await workspace.slack.control.wait_until_quiet()
    assert sorted(told) == sorted(
        ["+pushpin", f"pinned keep this in {at}", "+eyes", "-eyes", "unpinned, others: False"]
    )
    got = await client.reactions_get(channel=at, timestamp=posted.ts)
    assert [one["name"] for one in got["message"]["reactions"]] == ["pushpin"]
    assert (await client.users_info(user=workspace.ana.id))["user"]["profile"]["display_name"] == "Ana"
    assert (await client.conversations_info(channel=at))["channel"]["name"] == "general"
    for about in (
        client.conversations_setTopic(channel=at, topic="tea"),
        client.conversations_setPurpose(channel=at, purpose="cake"),
    ):
        described = (await about)["channel"]
    assert (described["topic"]["value"], described["purpose"]["value"]) == ("tea", "cake")
    pages = [page async for page in await client.conversations_list(limit=1)]
    assert len(pages) >= 1


async def test_files_go_up_are_told_of_and_come_down(workspace: Workspace) -> None:
    bolt = workspace.bolt(process_before_response=True, ignoring_self_events_enabled=False)
    at = workspace.general
    shared: list[Any] = []

    @bolt.event("file_shared")
    async def file_shared(event: Any, client: Any) -> None:
        shared.append((await client.files_info(file=event["file_id"]))["file"]["name"])

    @bolt.event({"type": "message", "subtype": "file_share"})
    async def with_files(event: Any, say: Any, client: Any) -> None:
        session = client.session
        assert session is None
        names = ", ".join(file["name"] for file in event["files"])
        await say(f"got {names}", thread_ts=event["ts"])

    client = workspace.client()
    async with connected(workspace, bolt):
        root = await workspace.ana.post(at, "look", files=[("a.txt", b"a"), ("b.txt", b"b")])
        await workspace.ana.wait_for(at, lambda seen: seen.text == "got a.txt, b.txt", thread_ts=root.ts)
        one = await client.files_upload_v2(
            channel=at,
            content="words",
            filename="w.txt",
            title="Words",
            initial_comment="here",
            thread_ts=root.ts,
        )
        assert one["file"]["title"] == "Words"
        many = await client.files_upload_v2(
            channel=at,
            file_uploads=[{"content": "1", "filename": "1.txt"}, {"file": b"2", "filename": "2.bin"}],
        )
        assert [file["name"] for file in many["files"]] == ["1.txt", "2.bin"]
        seen = await workspace.bo.wait_for(at, lambda message: message.text == "here", thread_ts=root.ts)
        assert await workspace.bo.download(seen.files[0]) == b"words"
        both = await workspace.bo.wait_for(at, lambda message: len(message.files) == 2 and message.by_bot)
        assert await workspace.bo.download(both.files[1]) == b"2"
        await client.files_delete(file=one["file"]["id"])
        with pytest.raises(SlackApiError, match="file_deleted"):
            await client.files_info(file=one["file"]["id"])
        await workspace.slack.control.wait_until_quiet()
    assert {"a.txt", "b.txt", "1.txt", "2.bin"} <= set(shared)


async def test_what_is_not_there_is_answered_as_slack_answers_what_it_does_not_know(
    workspace: Workspace,
) -> None:
    client = workspace.client()
    posted = await client.chat_postMessage(channel=workspace.general, text="root")
    await client.chat_postMessage(channel=workspace.general, text="reply", thread_ts=posted["ts"])
    await client.chat_delete(channel=workspace.general, ts=posted["ts"])
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_delete(channel=workspace.general, ts=posted["ts"])
    attempts = (
        client.chat_scheduleMessage(channel=workspace.general, post_at=2_000_000_000, text="later"),
        client.bookmarks_list(channel_id=workspace.general),
        client.admin_users_list(team_id=workspace.app.team_id),
        client.api_call("made.up"),
    )
    for attempt in attempts:
        with pytest.raises(SlackApiError) as refused:
            await attempt
        assert refused.value.response["error"] == "unknown_method"
    assert (await client.api_test())["ok"]
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await client.auth_test(token="xoxb-wrong")
    await client.auth_revoke()
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()
