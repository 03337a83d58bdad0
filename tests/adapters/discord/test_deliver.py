"""Effects as people see them on Discord, and their receipts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.discord.ids import identity
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.outbound import (
    Author,
    Content,
    Copy,
    DeleteMessages,
    EditLine,
    EditMessage,
    OpenThread,
    OutgoingFile,
    PostLine,
    PostMessage,
    RetireCard,
    SetMember,
    SetReaction,
    SetThreadOpen,
    ShowCard,
    TellPerson,
    Visibility,
    Whisper,
)
from chatdesk.contract.ports import DeliveryFailed
from chatdesk.contract.views import Button, Card
from chatdesk.contract.vocabulary import FileRef
from chatdesk_playground.discord import SeenMessage
from tests.adapters.discord.conftest import World

CARD = Card(7, "Fire", "open", "🔴", 0xFF0000, (), "It burns.", None, (Button("Claim", RunVerb("claim", 7)),))
CLAIM = (Button("Claim", RunVerb("claim", 7)),)


def content(body: str, *files: OutgoingFile, internal: bool = False, name: str = "Ana") -> Content:
    return Content("p1", Author(name, "https://example.org/ana.png"), body, files, internal)


def file(folder: Path, name: str, data: bytes = b"data") -> OutgoingFile:
    path = folder / name
    path.write_bytes(data)
    return OutgoingFile(name, name, len(data), "text/plain", path)


@pytest.fixture
async def thread(world: World) -> AsyncIterator[str]:
    message = await world.cleo.post(world.general, "help")
    source = world.ref(world.general, message.id)
    receipt = await world.deliver(OpenThread("Help", "", Visibility.PUBLIC, (), source), world.general)
    assert receipt.opened is not None
    yield receipt.opened.id


async def seen(world: World, place: str) -> list[SeenMessage]:
    return [message for message in await world.ana.messages(place) if message.type in (0, 19)]


async def test_the_author_is_shown_with_picture_and_marks(world: World, thread: str) -> None:
    await world.deliver(PostMessage(content("hi", internal=True)), thread)
    (post,) = await seen(world, thread)
    assert (post.author, post.content, post.webhook) == ("🔒 Ana", "hi", True)


async def test_a_name_that_discord_refuses_is_changed_a_little(world: World, thread: str) -> None:
    for name in ("Discord Fan", "clyde", "here", "@everyone", "", "x" * 200):
        await world.deliver(PostMessage(content("hi", name=name)), thread)
    assert len(await seen(world, thread)) == 6


async def test_a_long_post_comes_in_parts_and_is_edited_part_by_part(world: World, thread: str) -> None:
    receipt = await world.deliver(PostMessage(content("\n\n".join(["a" * 1500, "b" * 1500]))), thread)
    assert [copy.part for copy in receipt.copies] == ["text:0", "text:1"]
    shorter = await world.deliver(EditMessage(content("c"), receipt.copies), thread)
    assert shorter.copies == receipt.copies[:1]
    assert [post.content for post in await seen(world, thread)] == ["c"]
    longer = content("\n\n".join(["a" * 1500, "b" * 1500]))
    again = await world.deliver(EditMessage(longer, shorter.copies), thread)
    assert [copy.part for copy in again.copies] == ["text:0", "text:1"]
    assert [post.content[0] for post in await seen(world, thread)] == ["a", "b"]


async def test_files_are_uploaded_and_follow_edits(world: World, thread: str, tmp_path: Path) -> None:
    one, two = file(tmp_path, "one.txt", b"1"), file(tmp_path, "two.txt", b"2")
    receipt = await world.deliver(PostMessage(content("look", one)), thread)
    assert [copy.part for copy in receipt.copies] == ["text:0", "file:one.txt"]
    edited = await world.deliver(EditMessage(content("look", two), receipt.copies), thread)
    assert [copy.part for copy in edited.copies] == ["text:0", "file:two.txt"]
    posts = await seen(world, thread)
    attachments = [attachment for post in posts for attachment in post.attachments]
    assert [attachment.name for attachment in attachments] == ["two.txt"]
    assert await world.ana.download(attachments[0]) == b"2"


async def test_a_file_too_large_is_left_out_and_said(world: World, thread: str, tmp_path: Path) -> None:
    huge = replace(file(tmp_path, "huge.bin"), size=50 * 1024 * 1024)
    small = file(tmp_path, "small.txt")
    with pytest.raises(DeliveryFailed, match=r"at most 10 MiB.*huge\.bin"):
        await world.deliver(PostMessage(content("look", huge, small)), thread)
    posts = await seen(world, thread)
    assert [len(post.attachments) for post in posts] == [0, 1]


async def test_an_empty_file_and_a_file_alone(world: World, thread: str, tmp_path: Path) -> None:
    receipt = await world.deliver(PostMessage(content("", file(tmp_path, "empty.txt", b""))), thread)
    assert [copy.part for copy in receipt.copies] == ["file:empty.txt"]


async def test_a_file_stands_beside_a_line_and_beside_words_to_one_person(
    world: World, tmp_path: Path
) -> None:
    picture = file(tmp_path, "a.png", b"aaa")
    await world.deliver(PostLine("The **week**", file=picture), world.general)
    await world.deliver(TellPerson(identity(world.ana.id), "For you", file=picture), "")
    dm = await world.ana.dm_with_bot(world.application)
    for channel, words in ((world.general, "The **week**"), (dm, "For you")):
        (seen,) = await world.ana.messages(channel)
        assert seen.content == words and await world.ana.download(seen.attachments[0]) == b"aaa"


async def test_deleting_is_done_once_and_for_all(world: World, thread: str) -> None:
    receipt = await world.deliver(PostMessage(content("hi")), thread)
    line = await world.deliver(PostLine("a line"), thread)
    for _ in range(2):
        await world.deliver(DeleteMessages(receipt.copies + line.copies), thread)
    assert await seen(world, thread) == []


async def test_nothing_pings(world: World, thread: str) -> None:
    body = f"@everyone @here [@Cleo](person:slack/U1) <@{world.cleo.id}>"
    await world.deliver(PostMessage(content(body)), thread)
    await world.deliver(PostLine(body), thread)
    assert [post.pinged for post in await seen(world, thread)] == [(), ()]


async def test_a_mention_of_somebody_here_names_them(world: World, thread: str) -> None:
    post = replace(content("[@Cleo](person:slack/U1)"), people={"person:slack/U1": world.cleo.id})
    await world.deliver(PostMessage(post), thread)
    (message,) = await seen(world, thread)
    assert (message.content, message.pinged) == (world.cleo.mention, ())


async def test_without_a_webhook_the_bot_writes_the_name(world: World, tmp_path: Path) -> None:
    webhooks = 1 << 29
    await world.discord.control.set_overwrite(world.general, world.application, deny=webhooks)
    receipt = await world.deliver(PostMessage(content("hi", file(tmp_path, "a.txt"))), world.general)
    texts = [(post.author, post.content) for post in await seen(world, world.general)]
    assert texts == [("chatdesk", "**Ana:** hi"), ("chatdesk", "**Ana:**")]
    await world.deliver(EditMessage(content("ho", file(tmp_path, "a.txt")), receipt.copies), world.general)
    assert (await seen(world, world.general))[0].content == "**Ana:** ho"


async def test_what_the_bot_wrote_is_edited_by_the_bot_when_webhooks_are_allowed_again(world: World) -> None:
    webhooks = 1 << 29
    await world.discord.control.set_overwrite(world.general, world.application, deny=webhooks)
    receipt = await world.deliver(PostMessage(content("hi")), world.general)
    await world.discord.control.set_overwrite(world.general, world.application)
    edited = await world.deliver(EditMessage(content("ho"), receipt.copies), world.general)
    assert edited.copies == receipt.copies
    assert [post.content for post in await seen(world, world.general)] == ["**Ana:** ho"]


async def test_in_a_dm_the_bot_writes_the_name(world: World) -> None:
    dm = await world.cleo.dm_with_bot()
    first = await world.deliver(PostMessage(content("hi")), dm)
    await world.deliver(PostMessage(content("again", internal=False), first.copies[0].ref), dm)
    posts = await world.cleo.messages(dm)
    assert [post.content for post in posts] == ["**Ana:** hi", "**Ana:** again"]
    assert posts[1].reply_to == posts[0].id


async def test_an_archived_thread_is_edited_and_stays_archived(world: World, thread: str) -> None:
    receipt = await world.deliver(PostMessage(content("hi")), thread)
    await world.deliver(SetThreadOpen(False), thread)
    (shown,) = await world.ana.threads(world.general)
    assert (shown.archived, shown.locked) == (True, True)
    await world.deliver(EditMessage(content("ho"), receipt.copies), thread)
    await world.deliver(SetReaction(receipt.copies[0].ref, "👀", True), thread)
    (shown,) = await world.ana.threads(world.general)
    assert (shown.archived, shown.locked) == (True, True)
    (post,) = await seen(world, thread)
    assert (post.content, [reaction.emoji for reaction in post.reactions]) == ("ho", ["👀"])
    await world.deliver(SetReaction(receipt.copies[0].ref, "👀", False), thread)
    (post,) = await seen(world, thread)
    assert post.reactions == ()
    await world.deliver(SetThreadOpen(True), thread)
    (shown,) = await world.ana.threads(world.general)
    assert (shown.archived, shown.locked) == (False, False)


async def test_a_closed_thread_can_be_posted_into(world: World, thread: str) -> None:
    await world.deliver(SetThreadOpen(False), thread)
    await world.deliver(PostMessage(content("hi")), thread)
    await world.deliver(SetThreadOpen(False), thread)
    await world.deliver(PostLine("a line"), thread)
    assert [post.content for post in await seen(world, thread)] == ["hi", "a line"]


async def test_a_reaction_that_is_not_there_is_taken_away_in_peace(world: World) -> None:
    message = await world.cleo.post(world.general, "one")
    await world.deliver(SetReaction(world.ref(world.general, message.id), "🎉", False), world.general)
    (post,) = await seen(world, world.general)
    assert post.reactions == ()


async def test_a_custom_emoji_that_no_server_has_is_not_shown(world: World) -> None:
    message = await world.cleo.post(world.general, "one")
    await world.deliver(
        SetReaction(world.ref(world.general, message.id), ":partyparrot:", True), world.general
    )
    (post,) = await seen(world, world.general)
    assert post.reactions == ()


async def test_a_thread_there_already_is_used(world: World) -> None:
    message = await world.cleo.post(world.general, "one")
    thread = await world.cleo.start_thread(world.general, "talk", message.id)
    source = world.ref(world.general, message.id)
    opening = OpenThread("Help", "Hello.", Visibility.PUBLIC, (), source)
    receipt = await world.deliver(opening, world.general)
    assert receipt.opened == world.place(thread)


async def test_a_thread_without_a_message(world: World) -> None:
    opening = OpenThread("Help", "Hello.", Visibility.PUBLIC, (identity(world.cleo.id),))
    receipt = await world.deliver(opening, world.general)
    (thread,) = await world.cleo.threads(world.general)
    assert receipt.opened == world.place(thread.id)
    assert (thread.name, thread.private) == ("Help", False)
    assert world.cleo.id in thread.members


async def test_a_private_thread_adds_its_members(world: World) -> None:
    opening = OpenThread("Help", "Hello.", Visibility.PRIVATE, (identity(world.cleo.id),))
    receipt = await world.deliver(opening, world.general)
    (thread,) = await world.cleo.threads(world.general)
    assert receipt.opened == world.place(thread.id)
    assert thread.private
    assert await world.ana.threads(world.general) == []
    await world.deliver(SetMember(identity(world.ana.id), True), thread.id)
    assert [shown.id for shown in await world.ana.threads(world.general)] == [thread.id]
    await world.deliver(SetMember(identity(world.ana.id), False), thread.id)
    assert await world.ana.threads(world.general) == []


async def test_where_private_threads_are_not_allowed_a_dm_is_opened(world: World) -> None:
    await world.discord.control.set_overwrite(world.general, world.application, deny=1 << 36)
    opening = OpenThread("Help", "Hello.", Visibility.PRIVATE, (identity(world.cleo.id),))
    receipt = await world.deliver(opening, world.general)
    dm = await world.cleo.dm_with_bot()
    assert receipt.opened == world.place(dm)
    assert [message.content for message in await world.cleo.messages(dm)] == ["Hello."]


async def test_a_closed_dm_is_said_in_plain_words(world: World) -> None:
    await world.cleo.set_dms(False)
    opening = OpenThread("Help", "Hello.", Visibility.DM, (identity(world.cleo.id),))
    with pytest.raises(DeliveryFailed, match="do not accept direct messages") as failed:
        await world.deliver(opening, world.general)
    assert failed.value.permanent
    with pytest.raises(DeliveryFailed, match="do not accept direct messages"):
        await world.deliver(TellPerson(identity(world.cleo.id), "psst"), world.general)


async def test_a_forum_gets_a_card_and_a_thread_as_posts(world: World) -> None:
    forum = await world.discord.control.create_channel(world.guild, "desk", kind="forum")
    card = await world.deliver(ShowCard(CARD), forum)
    assert card.card is not None and card.opened is not None
    assert card.card.place == card.opened
    (post,) = await world.ana.messages(card.opened.id)
    assert post.buttons == ("Claim",)
    again = await world.deliver(ShowCard(replace(CARD, title="Smoke"), card.card), forum)
    assert again.card == card.card
    assert "Smoke" in (await world.ana.messages(card.opened.id))[0].text
    opened = await world.deliver(OpenThread("Help", "Hello.", Visibility.PUBLIC, ()), forum)
    assert opened.opened is not None
    assert [message.content for message in await world.ana.messages(opened.opened.id)] == ["Hello."]


async def test_closed_dms_are_a_reason_where_no_channel_is_named(world: World) -> None:
    """What is told to a person alone has no place of its own."""
    await world.cleo.set_dms(False)
    with pytest.raises(DeliveryFailed, match="do not accept direct messages"):
        await world.deliver(TellPerson(identity(world.cleo.id), "psst"), "")


async def test_a_card_is_edited_in_place_and_retired(world: World) -> None:
    receipt = await world.deliver(ShowCard(CARD), world.support)
    assert receipt.card is not None
    await world.deliver(ShowCard(replace(CARD, status="resolved"), receipt.card), world.support)
    (card,) = await seen(world, world.support)
    assert "resolved" in card.text
    await world.deliver(RetireCard(receipt.card, "Moved to **network**."), world.support)
    (card,) = await seen(world, world.support)
    assert (card.text, card.buttons) == ("Moved to **network**.", ())


async def test_a_card_that_was_deleted_is_shown_again(world: World) -> None:
    receipt = await world.deliver(ShowCard(CARD), world.support)
    assert receipt.card is not None
    await world.deliver(DeleteMessages((Copy("card", receipt.card),)), world.support)
    again = await world.deliver(ShowCard(CARD, receipt.card), world.support)
    assert again.card is not None
    assert again.card != receipt.card
    assert again.opened is None


async def test_a_line_with_controls_is_edited(world: World) -> None:
    receipt = await world.deliver(PostLine("Sure?", CLAIM), world.support)
    (line,) = await seen(world, world.support)
    assert line.buttons == ("Claim",)
    await world.deliver(EditLine(receipt.copies[0].ref, "Done."), world.support)
    (line,) = await seen(world, world.support)
    assert (line.content, line.buttons) == ("Done.", ())


async def test_a_whisper_is_a_dm_else_inside_a_reply(world: World) -> None:
    message = await world.ana.post(world.support, "note : x")
    about = world.ref(world.support, message.id)
    whisper = Whisper(identity(world.ana.id), "Did you mean a note?", True, CLAIM, about)
    await world.deliver(whisper, world.support)
    dm = await world.ana.dm_with_bot()
    assert [post.content for post in await world.ana.messages(dm)] == ["Did you mean a note?"]
    await world.ana.set_dms(False)
    await world.deliver(whisper, world.support)
    reply = (await seen(world, world.support))[-1]
    assert (reply.content, reply.reply_to, reply.pinged) == ("Did you mean a note?", message.id, ())
    with pytest.raises(DeliveryFailed, match="direct messages"):
        await world.deliver(replace(whisper, internal=False), world.support)


async def test_a_file_is_opened_again_from_its_message(world: World) -> None:
    await world.cleo.post(world.general, "look", files=[("a.txt", b"hello" * 1000)])
    event = await world.desk.received(MessagePosted)
    (ref,) = event.files
    assert (ref.name, ref.size) == ("a.txt", 5000)
    chunks = [chunk async for chunk in world.adapter.open_file(ref)]
    assert b"".join(chunks) == b"hello" * 1000
    gone = FileRef(ref.installation, f"{ref.id}1", "b.txt", 1)
    with pytest.raises(DeliveryFailed, match="removed"):
        [chunk async for chunk in world.adapter.open_file(gone)]


async def test_a_profile_has_a_picture_that_can_be_fetched(world: World) -> None:
    profile = await world.adapter.profile(world.place(world.general).installation, identity(world.cleo.id))
    assert (profile.name, profile.handle) == ("Cleo", "cleo")
    assert profile.avatar_url is not None
    assert profile.avatar_url.startswith(world.discord.cdn_url)
