"""What people do on Discord, as the desk is told it."""

from __future__ import annotations

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
from chatdesk.contract.outbound import Author, Content, PostLine, PostMessage
from chatdesk.contract.ports import Accepted, Refused
from chatdesk.contract.questions import Wants
from chatdesk.contract.vocabulary import Means, PlaceKind
from tests.adapters.discord.conftest import World, connected, new_world
from tests.adapters.discord.desk import RecordingDesk


async def test_an_edit_says_what_the_message_holds_now(world: World) -> None:
    message = await world.cleo.post(world.general, "one", files=[("a.txt", b"x")])
    await world.cleo.edit(world.general, message.id, "two")
    event = await world.desk.received(MessageEdited)
    assert event.ref == world.ref(world.general, message.id)
    assert event.body == "two"
    assert [file.name for file in event.files] == ["a.txt"]
    assert event.version == event.at.isoformat(timespec="microseconds")


async def test_a_link_that_unfolds_is_no_edit(world: World) -> None:
    await world.cleo.post(world.general, "see https://example.org/page")
    await world.desk.received(MessagePosted)
    await world.discord.control.wait_until_quiet()
    assert world.desk.of(MessageEdited) == []


async def test_a_deletion(world: World) -> None:
    message = await world.cleo.post(world.general, "one")
    await world.cleo.delete(world.general, message.id)
    assert (await world.desk.received(MessageDeleted)).ref == world.ref(world.general, message.id)


async def test_reactions_come_and_go(world: World) -> None:
    message = await world.cleo.post(world.general, "one")
    await world.ana.react(world.general, message.id, "👀")
    await world.ana.unreact(world.general, message.id, "👀")
    await world.desk.received(ReactionSet, lambda event: not event.present)
    there, gone = world.desk.of(ReactionSet)
    assert (there.emoji, there.present, gone.present) == ("👀", True, False)
    assert there.version < gone.version
    assert there.actor.identity.id == world.ana.id


async def test_a_ticket_reaction_asks_for_a_ticket_and_says_nothing_else(world: World) -> None:
    message = await world.cleo.post(world.general, "one", files=[("a.txt", b"x")])
    await world.ana.react(world.general, message.id, "🎫")
    event = await world.desk.received(TicketAsked)
    assert (event.source.body, event.source.author.identity.id) == ("one", world.cleo.id)
    assert [file.name for file in event.source.files] == ["a.txt"]
    assert event.actor.identity.id == world.ana.id
    assert event.means is Means.REACTION
    await world.discord.control.wait_until_quiet()
    assert world.desk.of(ReactionSet) == []


async def test_a_mention_is_a_command_answered_in_a_dm(world: World) -> None:
    world.desk.answering = lambda event: Accepted("Done, *really*.")
    message = await world.ana.post(world.support, f"<@{world.application}> assign {world.cleo.mention}")
    event = await world.desk.received(CommandTyped)
    assert event.text == f"assign [@Cleo](person:discord/{world.cleo.id})"
    assert event.key == f"{world.support}/{message.id}"
    assert event.means is Means.MENTION
    dm = await world.ana.dm_with_bot()
    assert (await world.ana.wait_for(dm, lambda seen: seen.bot)).content == "Done, *really*."
    assert world.desk.of(MessagePosted) == []


async def test_a_mention_of_somebody_who_takes_no_dms_is_answered_there(world: World) -> None:
    await world.ana.set_dms(False)
    world.desk.answering = lambda event: Refused("No such ticket.")
    await world.ana.post(world.support, f"<@{world.application}> claim 9")
    answer = await world.ana.wait_for(world.support, lambda seen: seen.bot)
    assert answer.content == "No such ticket."
    assert answer.pinged == ()


async def test_what_is_for_one_person_alone_is_not_said_where_others_read(world: World) -> None:
    await world.ana.set_dms(False)
    world.desk.answering = lambda event: Accepted("Tags: liar")
    await world.ana.post(world.general, f"<@{world.application}> info 9")
    answer = await world.ana.wait_for(world.general, lambda seen: seen.bot)
    assert "liar" not in answer.content and "for you alone" in answer.content


async def test_a_refused_reaction_is_told_to_whoever_set_it(world: World) -> None:
    message = await world.cleo.post(world.general, "one")
    world.desk.answering = lambda event: Refused("You may not resolve #9.")
    await world.ana.react(world.general, message.id, "✅")
    dm = await world.ana.dm_with_bot()
    assert (await world.ana.wait_for(dm, lambda seen: seen.bot)).content == "You may not resolve #9."


async def test_a_dm_belongs_to_the_oldest_common_server(world: World) -> None:
    await world.discord.control.create_guild("Other", world.application)
    dm = await world.cleo.dm_with_bot()
    await world.cleo.post(dm, "help me")
    event = await world.desk.received(MessagePosted)
    assert event.where.kind is PlaceKind.DM
    assert event.where.place == world.place(dm)
    assert event.where.channel == world.place(dm)


async def test_a_reply_names_what_it_answers(world: World) -> None:
    message = await world.cleo.post(world.general, "one")
    await world.ana.post(world.general, "two", reply_to=message.id)
    event = await world.desk.received(MessagePosted, lambda event: event.body == "two")
    assert event.reply_to == world.ref(world.general, message.id)


async def test_a_forum_post_has_a_title_and_its_own_thread(world: World) -> None:
    forum = await world.discord.control.create_channel(world.guild, "help", kind="forum")
    post = await world.cleo.forum_post(forum, "Printer", "it burns")
    event = await world.desk.received(MessagePosted)
    assert (event.title, event.body) == ("Printer", "it burns")
    assert event.where.kind is PlaceKind.THREAD
    assert event.where.channel == world.place(forum)
    assert event.thread == event.where.place == world.place(post)
    await world.cleo.post(post, "more")
    more = await world.desk.received(MessagePosted, lambda event: event.body == "more")
    assert (more.title, more.thread) == (None, None)


async def test_a_thread_knows_its_channel(world: World) -> None:
    message = await world.cleo.post(world.general, "one")
    thread = await world.cleo.start_thread(world.general, "talk", message.id)
    await world.cleo.post(thread, "two")
    event = await world.desk.received(MessagePosted, lambda event: event.body == "two")
    assert event.where.kind is PlaceKind.THREAD
    assert event.where.place == world.place(thread)
    assert event.where.channel == world.place(world.general)
    assert len(world.desk.of(MessagePosted)) == 2


async def test_our_own_messages_are_not_heard(world: World) -> None:
    content = Content("p", Author("Ana"), "mirrored", (), internal=False)
    receipt = await world.deliver(PostMessage(content), world.general)
    await world.deliver(PostLine("a line"), world.general)
    await world.discord.control.wait_until_quiet()
    assert world.desk.of(MessagePosted) == []
    assert len(receipt.copies) == 1


async def test_our_own_webhook_is_known_after_a_restart() -> None:
    content = Content("p", Author("Ana"), "mirrored", (), internal=False)
    async with new_world() as world:
        async with connected(world.adapter, world.desk):
            receipt = await world.deliver(PostMessage(content), world.general)
        async with connected(world.adapter, world.desk):
            again = await world.deliver(PostMessage(content), world.general)
            await world.discord.control.wait_until_quiet()
            seen = await world.ana.messages(world.general)
        assert world.desk.of(MessagePosted) == []
        assert receipt.copies != again.copies
        assert len({message.author_id for message in seen}) == 1


async def test_messages_of_one_channel_keep_their_order(world: World) -> None:
    for number in range(20):
        await world.cleo.post(world.general, str(number))
    await world.desk.received(MessagePosted, lambda event: event.body == "19")
    assert [event.body for event in world.desk.of(MessagePosted)] == [str(number) for number in range(20)]


async def test_a_deleted_channel_and_thread_are_gone(world: World) -> None:
    await world.discord.control.delete_channel(world.general)
    assert (await world.desk.received(PlaceGone)).place == world.place(world.general)


async def test_channels_and_staff_that_are_wanted_are_told() -> None:
    desk = RecordingDesk(wants=Wants(("support",), (), ("agents",), ("staff",)))
    async with new_world(desk) as world:
        control = world.discord.control
        role = await control.create_role(world.guild, "agents", members=[world.ana.id])
        await control.create_channel(world.guild, "staff", private_to=[world.cleo.id])
        async with connected(world.adapter, desk):
            (channels,) = desk.of(ChannelsSeen)
            assert [(seen.name, seen.place.id) for seen in channels.channels] == [("support", world.support)]
            members = {event.source: event.members for event in desk.of(MembersSeen)}
            assert [seen.identity.id for seen in members["group:agents"]] == [world.ana.id]
            assert world.cleo.id in [seen.identity.id for seen in members["channel:staff"]]
            assert world.ana.id not in [seen.identity.id for seen in members["channel:staff"]]
            await control.give_role(role, world.cleo.id)
            await desk.received(
                MembersSeen, lambda event: event.source == "group:agents" and len(event.members) == 2
            )


async def test_a_desk_that_fails_once_is_asked_again(world: World) -> None:
    failures = iter([True])

    def answer(event: object) -> Accepted:
        if next(failures, False):
            raise RuntimeError("the database is busy")
        return Accepted()

    world.desk.answering = answer
    await world.cleo.post(world.general, "one")
    await world.cleo.post(world.general, "two")
    await world.desk.received(MessagePosted, lambda event: event.body == "two")
    assert [event.body for event in world.desk.of(MessagePosted)] == ["one", "one", "two"]
