"""Posting by the app, and the limits of a message."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from chatdesk_playground.slack import PlaygroundError
from tests.playground.slack.conftest import Acme


async def error_of(call: Any) -> str:
    """The error code with which a call is refused."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_posts_replies_edits_and_deletions(acme: Acme) -> None:
    client = acme.client()
    root = await client.chat_postMessage(channel=acme.support, text="root")
    await client.chat_postMessage(channel=acme.support, text="reply", thread_ts=root["ts"])
    shout = await client.chat_postMessage(
        channel=acme.support, text="to all", thread_ts=root["ts"], reply_broadcast=True
    )
    assert [m.text for m in await acme.ana.messages(acme.support)] == ["root", "to all"]
    in_thread = await acme.ana.messages(acme.support, thread_ts=root["ts"])
    assert [m.text for m in in_thread] == ["root", "reply", "to all"]
    await client.chat_update(channel=acme.support, ts=shout["ts"], text="to everyone")
    assert (await acme.ana.messages(acme.support))[-1].edited
    await client.chat_delete(channel=acme.support, ts=shout["ts"])
    assert len(await acme.ana.messages(acme.support, thread_ts=root["ts"])) == 2
    assert await error_of(client.chat_delete(channel=acme.support, ts=shout["ts"])) == "message_not_found"


async def test_text_replaces_blocks_and_blocks_leave_no_mark(acme: Acme) -> None:
    client = acme.client()
    blocks = [{"type": "divider"}]
    card = await client.chat_postMessage(channel=acme.support, text="card", blocks=blocks)
    await client.chat_update(channel=acme.support, ts=card["ts"], text="card 2", blocks=blocks)
    (seen,) = await acme.ana.messages(acme.support)
    assert (seen.text, len(seen.blocks), seen.edited) == ("card 2", 1, False)
    await client.chat_update(channel=acme.support, ts=card["ts"], text="only text")
    (seen,) = await acme.ana.messages(acme.support)
    assert (list(seen.blocks), seen.edited) == ([], True)


async def test_another_name_and_picture(acme: Acme) -> None:
    await acme.client().chat_postMessage(
        channel=acme.support, text="hi", username="Cleo", icon_url="https://example.com/c.png"
    )
    (seen,) = await acme.ana.messages(acme.support)
    assert (seen.author, seen.avatar, seen.subtype) == ("Cleo", "https://example.com/c.png", "bot_message")
    await acme.slack.control.set_scopes(acme.app.team_id, ["chat:write"])
    call = acme.client().chat_postMessage(channel=acme.support, text="hi", username="Cleo")
    assert await error_of(call) == "missing_scope"


async def test_ephemerals_are_for_one_person(acme: Acme) -> None:
    await acme.client().chat_postEphemeral(channel=acme.support, user=acme.ana.id, text="psst")
    (seen,) = await acme.ana.messages(acme.support)
    assert (seen.text, seen.ephemeral) == ("psst", True)
    assert await acme.bo.messages(acme.support) == []
    assert (await acme.client().conversations_history(channel=acme.support))["messages"] == []
    call = acme.client().chat_postEphemeral(channel=acme.support, user="U404", text="x")
    assert await error_of(call) == "user_not_in_channel"


async def test_metadata_comes_back_whole_only_when_asked_for(acme: Acme) -> None:
    client = acme.client()
    metadata = {"event_type": "copy", "event_payload": {"delivery": "7"}}
    posted = await client.chat_postMessage(channel=acme.support, text="x", metadata=metadata)
    bare = await client.conversations_history(channel=acme.support)
    assert bare["messages"][0]["metadata"] == {"event_type": "copy"}
    full = await client.conversations_replies(
        channel=acme.support, ts=posted["ts"], include_all_metadata=True
    )
    assert full["messages"][0]["metadata"] == metadata


async def test_permalinks(acme: Acme) -> None:
    root = await acme.ana.post(acme.support, "root")
    reply = await acme.ana.post(acme.support, "reply", thread_ts=root.ts)
    link = await acme.client().chat_getPermalink(channel=acme.support, message_ts=reply.ts)
    assert f"/archives/{acme.support}/p{reply.ts.replace('.', '')}" in link["permalink"]
    assert f"thread_ts={root.ts}" in link["permalink"]


async def test_refusals(acme: Acme) -> None:
    client, support = acme.client(), acme.support
    theirs = await acme.ana.post(support, "mine")
    elsewhere = await acme.slack.control.create_channel(acme.app.team_id, "elsewhere", bot=False)
    hidden = await acme.slack.control.create_channel(acme.app.team_id, "hidden", bot=False, private=True)
    old = await acme.slack.control.create_channel(acme.app.team_id, "old")
    await acme.slack.control.archive_channel(acme.app.team_id, old)
    assert await error_of(client.chat_postMessage(channel=support, text=" ")) == "no_text"
    assert await error_of(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    assert await error_of(client.chat_postMessage(channel=hidden, text="x")) == "channel_not_found"
    assert await error_of(client.chat_postMessage(channel=elsewhere, text="x")) == "not_in_channel"
    assert await error_of(client.chat_postMessage(channel=old, text="x")) == "is_archived"
    assert await error_of(client.chat_postMessage(channel=support, text="x" * 40_001)) == "msg_too_long"
    markdown = client.chat_postMessage(channel=support, markdown_text="x" * 12_001)
    assert await error_of(markdown) == "msg_too_long"
    assert (
        await error_of(client.chat_update(channel=support, ts=theirs.ts, text="x")) == "cant_update_message"
    )
    assert await error_of(client.chat_delete(channel=support, ts=theirs.ts)) == "cant_delete_message"
    with pytest.raises(PlaygroundError, match="archived"):
        await acme.ana.post(old, "x")


async def test_long_posts_are_split_and_long_updates_refused(acme: Acme) -> None:
    posted = await acme.client().chat_postMessage(channel=acme.support, text="é" * 3_000)
    parts = [message.text for message in await acme.ana.messages(acme.support)]
    assert len(parts) == 2
    assert "".join(parts) == "é" * 3_000
    call = acme.client().chat_update(channel=acme.support, ts=posted["ts"], text="é" * 2_001)
    assert await error_of(call) == "msg_too_long"


async def test_bad_blocks_are_explained(acme: Acme) -> None:
    with pytest.raises(SlackApiError) as refused:
        await acme.client().chat_postMessage(
            channel=acme.support,
            text="x",
            blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}],
        )
    answer = refused.value.response
    assert answer["error"] == "invalid_blocks"
    problem = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {problem}"]
    assert answer["errors"] == [problem]


async def test_a_dm_is_opened_by_posting_to_a_person(acme: Acme) -> None:
    await acme.client().chat_postMessage(channel=acme.ana.id, text="hello you")
    opened = await acme.client().conversations_open(users=acme.ana.id)
    direct = await acme.ana.dm_with_bot()
    assert opened["channel"]["id"] == direct
    assert [message.text for message in await acme.ana.messages(direct)] == ["hello you"]
    with pytest.raises(PlaygroundError):
        await acme.bo.messages(direct)
