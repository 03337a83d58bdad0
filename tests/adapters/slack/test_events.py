"""What people do in channels, as the desk hears of it."""

from __future__ import annotations

import pytest

from chatdesk.contract.inbound import (
    ChannelsSeen,
    CommandTyped,
    MembersSeen,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceGone,
    ReactionSet,
    TicketAsked,
)
from chatdesk.contract.outbound import Author, Content, EditMessage, PostMessage
from chatdesk.contract.ports import Accepted
from chatdesk.contract.questions import Wants
from chatdesk.contract.vocabulary import Means, PlaceKind
from tests.adapters.slack.conftest import Workspace, connected


async def test_a_message_names_its_author_place_thread_and_link(workspace: Workspace) -> None:
    said = await workspace.ana.post(workspace.support, "hello *you*, @ben")
    posted = await workspace.desk.wait_for(MessagePosted)
    thread = workspace.place(f"{workspace.support}/{said.ts}")
    assert posted.ref.id == f"{workspace.support}/{said.ts}"
    assert posted.where.kind is PlaceKind.CHANNEL
    assert posted.thread == thread
    assert posted.actor.identity.id == workspace.ana.id
    assert posted.actor.profile is not None and posted.actor.profile.name == "Ana"
    assert posted.body == f"hello **you**, [@Ben](person:slack/{workspace.ben.id})"
    assert posted.link is not None and posted.link.endswith(
        f"/archives/{workspace.support}/p{said.ts.replace('.', '')}"
    )


async def test_a_reply_stands_in_its_thread(workspace: Workspace) -> None:
    root = await workspace.ana.post(workspace.support, "root")
    await workspace.ben.post(workspace.support, "reply", thread_ts=root.ts)
    reply = await workspace.desk.wait_for(MessagePosted, lambda event: event.body == "reply")
    assert reply.where.kind is PlaceKind.THREAD
    assert reply.where.place == reply.thread == workspace.place(f"{workspace.support}/{root.ts}")
    assert reply.where.channel == workspace.place(workspace.support)
    assert reply.reply_to is None


async def test_a_direct_message_carries_no_thread_and_a_reply_in_it_names_the_first_message(
    workspace: Workspace,
) -> None:
    dm = await workspace.ana.dm_with_bot()
    first = await workspace.ana.post(dm, "help")
    await workspace.ana.post(dm, "more", thread_ts=first.ts)
    posted = await workspace.desk.wait_for(MessagePosted, lambda event: event.body == "help")
    reply = await workspace.desk.wait_for(MessagePosted, lambda event: event.body == "more")
    assert posted.where.kind is PlaceKind.DM and posted.thread is None
    assert reply.where.place == workspace.place(dm)
    assert reply.reply_to is not None and reply.reply_to.id == f"{dm}/{first.ts}"


async def test_messages_of_a_channel_come_in_order(workspace: Workspace) -> None:
    for number in range(12):
        await workspace.ana.post(workspace.support, f"no. {number} @ben")
    await workspace.desk.wait_for(MessagePosted, lambda event: "11" in event.body)
    said = [event.body.split(" ")[1] for event in workspace.desk.seen(MessagePosted)]
    assert said == [str(number) for number in range(12)]


async def test_edits_and_deletions(workspace: Workspace) -> None:
    said = await workspace.ana.post(workspace.support, "helo")
    await workspace.ana.edit(workspace.support, said.ts, "hello")
    edited = await workspace.desk.wait_for(MessageEdited)
    assert (edited.body, edited.ref.id) == ("hello", f"{workspace.support}/{said.ts}")
    assert edited.version
    await workspace.ana.delete(workspace.support, said.ts)
    deleted = await workspace.desk.wait_for(MessageDeleted)
    assert deleted.ref.id == edited.ref.id


async def test_a_deleted_first_message_of_a_thread_is_deleted(workspace: Workspace) -> None:
    root = await workspace.ana.post(workspace.support, "root")
    await workspace.ben.post(workspace.support, "reply", thread_ts=root.ts)
    await workspace.ana.delete(workspace.support, root.ts)
    deleted = await workspace.desk.wait_for(MessageDeleted)
    assert deleted.ref.id == f"{workspace.support}/{root.ts}"
    await workspace.slack.control.wait_until_quiet()
    assert not workspace.desk.seen(MessageEdited)


async def test_an_unfolded_link_is_no_edit(workspace: Workspace) -> None:
    said = await workspace.ana.post(workspace.support, "see https://example.test/a")
    await workspace.slack.control.unfurl(
        workspace.app.team_id, workspace.support, said.ts, "https://example.test/a", "A"
    )
    await workspace.slack.control.wait_until_quiet()
    assert len(workspace.desk.seen(MessagePosted)) == 1
    assert not workspace.desk.seen(MessageEdited)


async def test_our_own_posts_and_edits_are_echoes(workspace: Workspace) -> None:
    content = Content("p1", Author("Cleo"), "one", (), False)
    receipt = await workspace.deliver(PostMessage(content))
    changed = Content("p1", Author("Cleo"), "two", (), False)
    await workspace.deliver(EditMessage(changed, receipt.copies))
    await workspace.ana.wait_for(workspace.support, lambda message: message.text == "two")
    await workspace.slack.control.wait_until_quiet()
    assert not workspace.desk.seen(MessagePosted) and not workspace.desk.seen(MessageEdited)


async def test_reactions_come_and_go(workspace: Workspace) -> None:
    said = await workspace.ana.post(workspace.support, "hello")
    await workspace.ben.react(workspace.support, said.ts, "eyes")
    added = await workspace.desk.wait_for(ReactionSet)
    assert (added.emoji, added.present, added.actor.identity.id) == ("👀", True, workspace.ben.id)
    await workspace.ben.unreact(workspace.support, said.ts, "eyes")
    removed = await workspace.desk.wait_for(ReactionSet, lambda event: not event.present)
    assert removed.ref == added.ref
    assert removed.version > added.version


@pytest.mark.parametrize("in_thread", [False, True])
async def test_the_ticket_reaction_asks_for_a_ticket(workspace: Workspace, in_thread: bool) -> None:
    root = await workspace.ana.post(workspace.support, "root")
    said = await workspace.ana.post(
        workspace.support,
        "it *burns*",
        thread_ts=root.ts if in_thread else None,
        files=[("a.txt", b"abc")],
    )
    await workspace.ben.react(workspace.support, said.ts, "ticket")
    asked = await workspace.desk.wait_for(TicketAsked)
    assert asked.means is Means.REACTION
    assert asked.actor.identity.id == workspace.ben.id
    assert asked.source.author.identity.id == workspace.ana.id
    assert asked.source.body == "it **burns**"
    assert [(file.name, file.size) for file in asked.source.files] == [("a.txt", 3)]
    stands_in = root.ts if in_thread else said.ts
    assert asked.source.thread == workspace.place(f"{workspace.support}/{stands_in}")
    assert not workspace.desk.seen(ReactionSet)


async def test_a_mention_is_a_command_and_never_a_post(workspace: Workspace) -> None:
    workspace.desk.answers[CommandTyped] = Accepted("**Done.**")
    root = await workspace.ana.post(workspace.support, "root")
    await workspace.desk.wait_for(MessagePosted)
    await workspace.ana.post(workspace.support, "@chatdesk assign @ben", thread_ts=root.ts)
    await workspace.ana.wait_for(
        workspace.support, lambda message: message.ephemeral and message.text == "*Done.*", thread_ts=root.ts
    )
    await workspace.slack.control.wait_until_quiet()
    commands = workspace.desk.seen(CommandTyped)
    assert {command.key for command in commands} == {commands[0].key}
    assert commands[0].text == f"assign [@Ben](person:slack/{workspace.ben.id})"
    assert commands[0].means is Means.MENTION
    assert commands[0].where.place == workspace.place(f"{workspace.support}/{root.ts}")
    assert len(workspace.desk.seen(MessagePosted)) == 1
    assert not [m for m in await workspace.ben.messages(workspace.support) if m.ephemeral]


async def test_a_mention_in_a_direct_message_is_answered_there(workspace: Workspace) -> None:
    workspace.desk.answers[CommandTyped] = Accepted("Done.")
    dm = await workspace.ana.dm_with_bot()
    await workspace.ana.post(dm, "@chatdesk list")
    await workspace.ana.wait_for(dm, lambda message: message.by_bot and message.text == "Done.")
    assert not workspace.desk.seen(MessagePosted)


async def test_what_the_desk_says_to_a_message_is_for_its_author_alone(workspace: Workspace) -> None:
    workspace.desk.answers[MessagePosted] = Accepted("Only you.")
    await workspace.ana.post(workspace.support, "hello")
    await workspace.ana.wait_for(workspace.support, lambda message: message.text == "Only you.")
    assert "Only you." not in [message.text for message in await workspace.ben.messages(workspace.support)]


async def test_a_command_that_breaks_is_answered_with_a_reference(workspace: Workspace) -> None:
    workspace.desk.answers[CommandTyped] = RuntimeError("broken")
    await workspace.ana.post(workspace.support, "@chatdesk list")
    told = await workspace.ana.wait_for(workspace.support, lambda message: message.ephemeral)
    assert "Reference" in told.text and "broken" not in told.text


async def test_a_message_that_the_desk_could_not_take_comes_again(workspace: Workspace) -> None:
    workspace.desk.answers[MessagePosted] = RuntimeError("the disk is full")
    await workspace.ana.post(workspace.support, "hello")
    first = await workspace.desk.wait_for(MessagePosted)
    del workspace.desk.answers[MessagePosted]
    workspace.desk.events.clear()
    await workspace.slack.control.retry_events_now()
    assert (await workspace.desk.wait_for(MessagePosted)).ref == first.ref


async def test_wanted_channels_and_staff_are_told_and_kept_up_to_date(idle: Workspace) -> None:
    control, team = idle.slack.control, idle.app.team_id
    group = await control.create_usergroup(team, "support-agents", members=[idle.ana.id])
    leads = await control.create_channel(
        team, "leads", members=[idle.ana.id, idle.ben.id], private=True, bot=True
    )
    idle.desk.wants = Wants(("support",), (), ("support-agents",), ("leads",))
    async with connected(idle.adapter, idle.desk):
        channels = idle.desk.seen(ChannelsSeen)[0].channels
        assert {(channel.name, channel.place.id) for channel in channels} == {
            ("support", idle.support),
            ("leads", leads),
        }
        sources = {seen.source: seen for seen in idle.desk.seen(MembersSeen)}
        agents = sources["group:support-agents"].members
        assert [member.identity.id for member in agents] == [idle.ana.id]
        assert agents[0].profile is not None and agents[0].profile.name == "Ana"
        assert {member.identity.id for member in sources["channel:leads"].members} == {
            idle.ana.id,
            idle.ben.id,
        }
        await control.set_usergroup_members(team, group, [idle.ana.id, idle.ben.id])
        await idle.desk.wait_for(
            MembersSeen, lambda seen: seen.source.startswith("group") and len(seen.members) == 2
        )
        await idle.ben.leave(leads)
        await idle.desk.wait_for(
            MembersSeen, lambda seen: seen.source == "channel:leads" and len(seen.members) == 1
        )


async def test_what_slack_does_not_let_us_see_keeps_nothing_else_back(idle: Workspace) -> None:
    await idle.slack.control.set_scopes(idle.app.team_id, ["channels:read", "groups:read", "users:read"])
    idle.desk.wants = Wants((), (idle.support,), ("support-agents",), ("#support",))
    async with connected(idle.adapter, idle.desk):
        assert idle.desk.seen(ChannelsSeen)[0].channels[0].name == "support"
        (staff,) = idle.desk.seen(MembersSeen)
        assert (staff.source, len(staff.members)) == ("channel:#support", 2)


async def test_channels_that_change(workspace: Workspace) -> None:
    control, team = workspace.slack.control, workspace.app.team_id
    await control.rename_channel(team, workspace.support, "help")
    await workspace.desk.wait_for(
        ChannelsSeen, lambda seen: [channel.name for channel in seen.channels] == ["help"]
    )
    other = await control.create_channel(team, "other", members=[workspace.ana.id], private=False, bot=False)
    await workspace.ana.invite(other, workspace.app.bot_user_id)
    await workspace.desk.wait_for(
        ChannelsSeen, lambda seen: [channel.place.id for channel in seen.channels] == [other]
    )
    await control.archive_channel(team, other)
    gone = await workspace.desk.wait_for(PlaceGone)
    assert gone.place == workspace.place(other)
