"""Every event and interaction, once, held against Slack's samples."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from chatdesk_playground.slack import Sent
from chatdesk_playground.slack.wire import JsonObject, child, text
from tests.playground.slack.conformance import reference_directory, sample_name, violations
from tests.playground.slack.conftest import Acme, Connected
from tests.playground.slack.samples import CARD, EVERYTHING_MODAL, HOME, PNG

REFERENCE = reference_directory()
needs_reference = pytest.mark.skipif(
    REFERENCE is None, reason="CHATDESK_REFERENCE_DIR does not name Slack's samples"
)


def listen(connected: Connected) -> asyncio.Queue[Any]:
    """Answer everything, open the big modal on every trigger, and hand out card messages."""
    bolt = connected.bolt
    cards: asyncio.Queue[Any] = asyncio.Queue()

    @bolt.event({"type": "message"})
    async def on_message(event: Any, client: Any) -> None:
        if event.get("text") == "card please":
            thread = event.get("thread_ts")
            cards.put_nowait(
                await client.chat_postMessage(channel=event["channel"], thread_ts=thread, **CARD)
            )

    @bolt.event("app_home_opened")
    async def on_home(event: Any, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view=HOME)

    async def open_modal(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=EVERYTHING_MODAL)
        await ack()

    async def ack_only(ack: Any) -> None:
        await ack()

    async def offer(ack: Any) -> None:
        await ack(options=[{"text": {"type": "plain_text", "text": "Berlin"}, "value": "berlin"}])

    bolt.action(re.compile(".*"))(ack_only)
    bolt.options(re.compile(".*"))(offer)
    bolt.shortcut(re.compile(".*"))(open_modal)
    bolt.command(re.compile(".*"))(open_modal)
    bolt.view(re.compile(".*"))(ack_only)
    bolt.view_closed(re.compile(".*"))(ack_only)
    bolt.event(re.compile(".*"))(ack_only)
    return cards


async def messages(acme: Acme) -> None:
    """Messages of every kind, by people and by the bot."""
    ana, support, client = acme.ana, acme.support, acme.client()
    first = await ana.post(support, "hi *all* _of_ ~you~ `x` <@here> https://example.com :tada: #support @bo")
    await ana.post(support, "```code```\n> quote\n- one\n- two\n1. a\n2. b")
    reply = await ana.post(support, "a reply", thread_ts=first.ts)
    await ana.post(support, "also here", thread_ts=first.ts, broadcast=True)
    await ana.post(support, "@chatdesk help", thread_ts=first.ts)
    await ana.post(support, "@chatdesk help")
    shared = await ana.upload(support, ("a.txt", b"words"), ("p.png", PNG), text="two files @chatdesk")
    await ana.upload(support, ("b.txt", b"more"), thread_ts=first.ts)
    await ana.edit(support, shared.ts, "two files, edited")
    await ana.edit(support, reply.ts, "an edited reply")
    await ana.delete(support, reply.ts)
    await ana.delete_file(shared.files[0].id)
    await ana.react(support, first.ts, "eyes")
    await ana.unreact(support, first.ts, "eyes")
    await acme.slack.control.unfurl(acme.app.team_id, support, first.ts, "https://example.com")
    plain = await client.chat_postMessage(
        channel=support, text="plain", metadata={"event_type": "copy", "event_payload": {"id": "1"}}
    )
    await client.chat_update(channel=support, ts=plain["ts"], text="plainer")
    custom = await client.chat_postMessage(
        channel=support,
        text="as Ana",
        username="Ana",
        icon_url="https://example.com/a.png",
        thread_ts=first.ts,
    )
    await client.chat_update(channel=support, ts=custom["ts"], text="as Ana, edited")
    await client.reactions_add(channel=support, timestamp=custom["ts"], name="eyes")
    await client.chat_delete(channel=support, ts=custom["ts"])
    await client.files_upload_v2(channel=support, filename="r.txt", content="report", thread_ts=first.ts)
    await ana.delete(support, first.ts)
    direct = await ana.dm_with_bot()
    await ana.post(direct, "a secret")


async def workspace_changes(acme: Acme) -> None:
    """Everything that happens around messages."""
    control, team = acme.slack.control, acme.app.team_id
    cy = await control.create_user(team, "cy", avatar=True)
    await control.change_user(team, cy.id, display_name="Cyrus")
    await cy.join(acme.support)
    await cy.leave(acme.support)
    await acme.ana.invite(acme.support, cy.id)
    group = await control.create_usergroup(team, "agents", members=[acme.ana.id])
    await control.set_usergroup_members(team, group, [acme.bo.id])
    room = await control.create_channel(team, "room", members=[acme.ana.id])
    await control.rename_channel(team, room, "chamber")
    await control.archive_channel(team, room)
    await control.delete_channel(team, room)


async def interactions(acme: Acme, cards: asyncio.Queue[Any]) -> None:
    """Every interaction."""
    ana, support = acme.ana, acme.support
    asked = await ana.post(support, "card please")
    await ana.post(support, "card please", thread_ts=asked.ts)
    for _ in range(2):
        card = (await cards.get())["ts"]
        await ana.react(support, card, "eyes")
        assert (await ana.click(support, card, "Claim")).acknowledged
        assert (await ana.choose(support, card, "Priority", "High")).acknowledged
        assert (await ana.choose(support, card, "more", "Escalate")).acknowledged
    opened = await ana.slash(support, "/ticket", "open")
    assert opened.view is not None
    assert (await ana.modal_click("Press")).acknowledged
    assert (await ana.modal_choose("Category", "Hardware")).acknowledged
    assert await ana.suggestions("City", "Be") == ["Berlin"]
    done = await ana.submit({"Title": "broken", "City": "Berlin", "Who": ana.id, "When": "2026-11-21"})
    assert done.closed
    await ana.message_shortcut("create_ticket", support, asked.ts)
    await ana.close_modal()
    await ana.global_shortcut("new_ticket")
    await ana.close_modal(everything=True)
    await ana.open_home()
    await ana.open_home()
    await ana.home_click("Refresh")


@needs_reference
async def test_everything_sent_looks_like_the_samples(connected: Connected) -> None:
    acme = connected.acme
    cards = listen(connected)
    await messages(acme)
    await workspace_changes(acme)
    await interactions(acme, cards)
    await acme.slack.control.wait_until_quiet()
    await acme.slack.control.uninstall(acme.app.team_id)
    await acme.slack.control.wait_until_quiet()
    assert REFERENCE is not None
    assert violations(acme.slack.events, REFERENCE) == []
    assert {sample_name(sent) for sent in acme.slack.events} >= {
        "Message", "MessageBot", "MessageChanged", "MessageDeleted", "MessageFileShare",
        "MessageThreadBroadcast", "AppMention", "ReactionAdded", "ReactionRemoved", "AppHomeOpened",
        "MemberJoinedChannel", "MemberLeftChannel", "ChannelArchive", "ChannelDeleted", "ChannelRename",
        "SubteamMembersChanged", "SubteamUpdated", "UserChange", "FileShared", "FileDeleted", "TeamJoin",
        "AppUninstalled", "TokensRevoked", "BlockActionPayload", "MessageShortcutPayload",
        "SlashCommandPayload", "ViewSubmissionPayload", "ViewClosedPayload", "shortcut", "block_suggestion",
    }  # fmt: skip


@needs_reference
def test_a_key_too_many_and_one_too_few_are_found() -> None:
    assert REFERENCE is not None
    event: JsonObject = {
        "type": "reaction_added",
        "user": "U1",
        "mood": "good",
        "item": {"type": "message", "tone": 1},
    }
    payload: JsonObject = {"type": "event_callback", "event": event}
    sent = Sent("events_api", "A1", "e", payload, 0, 0.0)
    assert text(child(sent.payload, "event"), "mood") == "good"
    found = violations([sent], REFERENCE)
    assert "ReactionAdded.event.mood is in no sample" in found
    assert "ReactionAdded.event.item.tone is in no sample" in found
    assert "ReactionAdded: event.reaction is missing" in found
    assert "ReactionAdded: event_id is missing" in found
