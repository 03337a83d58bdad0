"""Channels, their members, reactions, pins and history."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.slack.conftest import Acme
from tests.playground.slack.test_chat import error_of


async def test_a_channels_life(acme: Acme) -> None:
    client = acme.client()
    made = (await client.conversations_create(name="war-room", is_private=True))["channel"]
    assert made["is_private"] is True
    await client.conversations_invite(channel=made["id"], users=[acme.ana.id, acme.bo.id])
    await client.conversations_kick(channel=made["id"], user=acme.bo.id)
    members = (await client.conversations_members(channel=made["id"]))["members"]
    assert members == [acme.app.bot_user_id, acme.ana.id]
    renamed = (await client.conversations_rename(channel=made["id"], name="calm-room"))["channel"]
    assert (renamed["name"], renamed["previous_names"]) == ("calm-room", ["war-room"])
    await client.conversations_archive(channel=made["id"])
    assert (await client.conversations_info(channel=made["id"]))["channel"]["is_archived"] is True
    assert await error_of(client.conversations_archive(channel=made["id"])) == "already_archived"


async def test_joining_and_leaving(acme: Acme) -> None:
    client = acme.client()
    public = await acme.slack.control.create_channel(acme.app.team_id, "public", bot=False)
    private = await acme.slack.control.create_channel(acme.app.team_id, "private", bot=False, private=True)
    assert await error_of(client.conversations_history(channel=public)) == "not_in_channel"
    assert (await client.conversations_join(channel=public))["channel"]["is_member"] is True
    assert (await client.conversations_join(channel=public))["warning"] == "already_in_channel"
    assert await error_of(client.conversations_join(channel=private)) == "channel_not_found"
    await client.conversations_leave(channel=public)
    assert (await client.conversations_leave(channel=public))["not_in_channel"] is True


@pytest.mark.parametrize(
    ("name", "error"),
    [("", "invalid_name_required"), ("Big", "invalid_name_specials"), ("support", "name_taken"),
     ("x" * 81, "invalid_name_maxlength")],
)  # fmt: skip
async def test_names(acme: Acme, name: str, error: str) -> None:
    assert await error_of(acme.client().conversations_create(name=name)) == error


async def test_partial_invitations(acme: Acme) -> None:
    with pytest.raises(SlackApiError) as refused:
        await acme.client().conversations_invite(channel=acme.support, users=[acme.ana.id, "U404"])
    answer = refused.value.response
    assert answer["error"] == "already_in_channel"
    assert [problem["error"] for problem in answer["errors"]] == ["already_in_channel", "user_not_found"]


async def test_history_and_replies(acme: Acme) -> None:
    client = acme.client()
    first = await acme.ana.post(acme.support, "first")
    replies = [await acme.bo.post(acme.support, f"reply {n}", thread_ts=first.ts) for n in range(3)]
    second = await acme.ana.post(acme.support, "second")
    history = (await client.conversations_history(channel=acme.support))["messages"]
    assert [message["text"] for message in history] == ["second", "first"]
    assert (history[1]["reply_count"], history[1]["latest_reply"]) == (3, replies[-1].ts)
    thread = await client.conversations_replies(channel=acme.support, ts=first.ts, limit=2)
    assert [m["text"] for m in thread["messages"]] == ["first", "reply 0"]
    cursor = thread["response_metadata"]["next_cursor"]
    rest = await client.conversations_replies(channel=acme.support, ts=first.ts, limit=2, cursor=cursor)
    assert [m["text"] for m in rest["messages"]] == ["reply 1", "reply 2"]
    window = await client.conversations_history(
        channel=acme.support, oldest=first.ts, latest=second.ts, inclusive=False
    )
    assert window["messages"] == []
    only = await client.conversations_history(channel=acme.support, oldest=first.ts, inclusive=True, limit=1)
    assert only["has_more"] is True
    assert await error_of(client.conversations_replies(channel=acme.support, ts="1.1")) == "thread_not_found"


async def test_the_first_message_of_a_thread_leaves_a_tombstone(acme: Acme) -> None:
    first = await acme.ana.post(acme.support, "first")
    reply = await acme.bo.post(acme.support, "reply", thread_ts=first.ts)
    await acme.ana.delete(acme.support, first.ts)
    history = (await acme.client().conversations_history(channel=acme.support))["messages"]
    assert (history[0]["subtype"], history[0]["hidden"]) == ("tombstone", True)
    await acme.bo.delete(acme.support, reply.ts)
    assert (await acme.client().conversations_history(channel=acme.support))["messages"] == []


async def test_reactions_and_pins(acme: Acme) -> None:
    client = acme.client()
    message = await acme.ana.post(acme.support, "look")
    where: Any = {"channel": acme.support, "timestamp": message.ts}
    await client.reactions_add(name="eyes", **where)
    assert await error_of(client.reactions_add(name="eyes", **where)) == "already_reacted"
    await acme.bo.react(acme.support, message.ts, "eyes")
    (seen,) = await acme.ana.messages(acme.support)
    assert seen.reactions == {"eyes": [acme.app.bot_user_id, acme.bo.id]}
    got = await client.reactions_get(**where)
    assert got["message"]["reactions"][0]["count"] == 2
    await client.reactions_remove(name="eyes", **where)
    assert await error_of(client.reactions_remove(name="eyes", **where)) == "no_reaction"
    assert await error_of(client.reactions_add(name="no such!", **where)) == "invalid_name"
    await client.pins_add(**where)
    assert await error_of(client.pins_add(**where)) == "already_pinned"
    await client.pins_remove(**where)
    assert await error_of(client.pins_remove(**where)) == "no_pin"
