"""What the desk wants shown, as people see it in Slack."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.outbound import (
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
from chatdesk.contract.ports import DeliveryFailed, Receipt
from chatdesk.contract.vocabulary import IdentityId, MessageRef, Platform
from tests.adapters.slack.conftest import Workspace
from tests.adapters.slack.samples import CARD, QUESTION, content

LONG = "\n\n".join(f"Paragraph {number}. " + "word " * 100 for number in range(12))


def ts_of(ref: MessageRef) -> str:
    return ref.id.partition("/")[2]


def person(workspace: Workspace, who: str) -> IdentityId:
    return IdentityId(Platform("slack"), who)


def outgoing(folder: Path, name: str, data: bytes) -> OutgoingFile:
    path = folder / name
    path.write_bytes(data)
    return OutgoingFile(f"id-{name}", name, len(data), "text/plain", path)


async def test_a_card_is_posted_once_edited_in_place_and_retired(workspace: Workspace) -> None:
    receipt = await workspace.deliver(ShowCard(CARD))
    assert receipt.card is not None
    assert receipt.opened == workspace.place(receipt.card.id)
    seen = (await workspace.ben.messages(workspace.support))[0]
    assert "🔴 *#7 Printer on ∗fire∗ &lt;!channel&gt;*" in seen.shown
    assert "*Requester*\nCleo" in seen.shown and "*Assignee*\n–" in seen.shown
    assert "It *burns*." in seen.shown
    assert "<https://example.test/x?a=1&amp;b=2|↗ Source>" in seen.shown
    assert seen.labels[:3] == ["Claim", "Priority", "Escalate"]
    again = await workspace.deliver(ShowCard(replace(CARD, status="open"), receipt.card))
    assert again.card == receipt.card
    seen = (await workspace.ben.messages(workspace.support))[0]
    assert "*\nopen" in seen.shown
    await workspace.deliver(RetireCard(receipt.card, "➡️ **#7** is elsewhere."))
    (seen,) = await workspace.ben.messages(workspace.support)
    assert seen.shown == "➡️ *#7* is elsewhere." and not seen.labels


async def test_a_post_appears_under_its_authors_name_and_picture(workspace: Workspace) -> None:
    root = await workspace.ana.post(workspace.support, "root")
    thread = workspace.place(f"{workspace.support}/{root.ts}")
    people = {"person:discord/1": workspace.ben.id}
    body = "Hi [@Ben](person:discord/1) and [@Dan](person:discord/2), **now** @channel"
    receipt = await workspace.deliver(PostMessage(content(body, people=people)), thread)
    (seen,) = (await workspace.ben.messages(workspace.support, thread_ts=root.ts))[1:]
    assert (seen.author, seen.avatar) == ("Cleo", "https://example.test/cleo.png")
    assert seen.text.startswith(f"Hi <@{workspace.ben.id}> and @Dan, *now*")
    assert "<!channel>" not in seen.text
    assert [(copy.part, copy.ref.id, copy.ref.place) for copy in receipt.copies] == [
        ("text:0", f"{workspace.support}/{seen.ts}", thread)
    ]


async def test_an_internal_post_carries_a_mark(workspace: Workspace) -> None:
    await workspace.deliver(PostMessage(content("Psst", internal=True)))
    (seen,) = await workspace.ben.messages(workspace.support)
    assert seen.author == "🔒 Cleo"


async def test_a_long_post_is_split_edited_and_shrunk(workspace: Workspace) -> None:
    receipt = await workspace.deliver(PostMessage(content(LONG)))
    assert [copy.part for copy in receipt.copies] == ["text:0", "text:1"]
    edited = await workspace.deliver(EditMessage(content("Short."), receipt.copies))
    assert edited.copies == receipt.copies[:1]
    assert [seen.text for seen in await workspace.ben.messages(workspace.support)] == ["Short."]
    longer = await workspace.deliver(EditMessage(content(LONG), edited.copies))
    assert longer.copies[0] == receipt.copies[0] and len(longer.copies) == 2
    seen = await workspace.ben.messages(workspace.support)
    assert [message.author for message in seen] == ["Cleo", "Cleo"]


async def test_an_edit_that_loses_the_name_says_it_in_the_text(workspace: Workspace) -> None:
    receipt = await workspace.deliver(PostMessage(content("one", internal=True)))
    await workspace.deliver(EditMessage(content("two", internal=True), receipt.copies))
    (seen,) = await workspace.ben.messages(workspace.support)
    assert (seen.author, seen.text) == ("🔒 Cleo", "two")
    await workspace.slack.control.set_habits(updates_drop_names=True)
    await workspace.deliver(EditMessage(content("three", internal=True), receipt.copies))
    (seen,) = await workspace.ben.messages(workspace.support)
    assert (seen.author, seen.text) == ("chatdesk", "🔒 *Cleo:* three")


async def test_files_are_messages_of_their_own(workspace: Workspace, tmp_path: Path) -> None:
    root = await workspace.ana.post(workspace.support, "root")
    thread = workspace.place(f"{workspace.support}/{root.ts}")
    files = (outgoing(tmp_path, "a.txt", b"aaa"), outgoing(tmp_path, "b.bin", bytes(200_000)))
    post = content("Look", files=files, missing=("gone *1*.png",), internal=True)
    receipt = await workspace.deliver(PostMessage(post), thread)
    assert [copy.part for copy in receipt.copies] == ["text:0", "file:id-a.txt", "file:id-b.bin"]
    words, first, second = (await workspace.ben.messages(workspace.support, thread_ts=root.ts))[1:]
    assert "gone" in words.text and words.text.startswith("Look\n\n📎")
    assert [ts_of(copy.ref) for copy in receipt.copies] == [words.ts, first.ts, second.ts]
    assert first.text == "🔒 *Cleo:*"
    assert await workspace.ben.download(first.files[0]) == b"aaa"
    assert second.files[0].size == 200_000
    assert "file:id-a.txt:uploaded" in workspace.steps
    await workspace.slack.control.wait_until_quiet()
    assert not [event for event in workspace.desk.seen(MessagePosted) if event.files]
    fewer = await workspace.deliver(EditMessage(content("Look", files=files[:1]), receipt.copies), thread)
    assert [copy.part for copy in fewer.copies] == ["text:0", "file:id-a.txt"]
    await workspace.deliver(DeleteMessages(receipt.copies), thread)
    left = await workspace.ben.messages(workspace.support, thread_ts=root.ts)
    assert [message.text for message in left] == ["root"]


async def test_a_refused_file_is_told_and_keeps_nothing_else_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    files = (outgoing(tmp_path, "empty.txt", b""), outgoing(tmp_path, "a.txt", b"aaa"))
    with pytest.raises(DeliveryFailed) as failed:
        await workspace.deliver(PostMessage(content("Look", files=files)))
    assert failed.value.permanent == "the file empty.txt is empty, and Slack takes no empty files"
    assert [copy.part for copy in failed.value.copies] == ["text:0", "file:id-a.txt"]


async def test_files_alone_need_no_words(workspace: Workspace, tmp_path: Path) -> None:
    receipt = await workspace.deliver(PostMessage(content("", files=(outgoing(tmp_path, "a.txt", b"a"),))))
    assert [copy.part for copy in receipt.copies] == ["file:id-a.txt"]


@pytest.mark.parametrize("body", ["", " \n ", "\u200b", "🙂", "\u202eabc", "x" * 50_000])
async def test_any_words_can_be_posted(workspace: Workspace, body: str) -> None:
    receipt = await workspace.deliver(PostMessage(content(body)))
    assert receipt.copies


async def test_what_is_gone_already_is_deleted(workspace: Workspace) -> None:
    ref = MessageRef(workspace.place(workspace.support), f"{workspace.support}/1700000000.000001")
    copies = (Copy("text:0", ref), Copy("file:x", ref))
    assert await workspace.deliver(DeleteMessages(copies)) == Receipt()


async def test_our_reaction_is_there_or_not(workspace: Workspace) -> None:
    said = await workspace.ana.post(workspace.support, "hello")
    ref = MessageRef(workspace.place(workspace.support), f"{workspace.support}/{said.ts}")
    for _ in range(2):
        await workspace.deliver(SetReaction(ref, "⏳", True))
    (seen,) = await workspace.ben.messages(workspace.support)
    assert list(seen.reactions) == ["hourglass_flowing_sand"]
    for _ in range(2):
        await workspace.deliver(SetReaction(ref, "⏳", False))
    (seen,) = await workspace.ben.messages(workspace.support)
    assert not seen.reactions
    with pytest.raises(DeliveryFailed) as failed:
        await workspace.deliver(SetReaction(ref, "no emoji", True))
    assert failed.value.permanent == "Slack has no emoji no emoji"


async def test_lines_with_and_without_buttons(workspace: Workspace) -> None:
    receipt = await workspace.deliver(PostLine("🙌 **Ana** claimed this", QUESTION))
    (copy,) = receipt.copies
    (seen,) = await workspace.ben.messages(workspace.support)
    assert seen.shown.startswith("🙌 *Ana* claimed this") and len(seen.labels) == 2
    await workspace.deliver(EditLine(copy.ref, "Over."))
    (seen,) = await workspace.ben.messages(workspace.support)
    assert (seen.shown, seen.labels) == ("Over.", [])


async def test_a_long_line_with_buttons_stays_within_slacks_limits(workspace: Workspace) -> None:
    await workspace.deliver(PostLine(LONG, QUESTION))
    (seen,) = await workspace.ben.messages(workspace.support)
    assert "Paragraph 11" in seen.shown and len(seen.labels) == 2


async def test_a_whisper_is_for_one_person(workspace: Workspace) -> None:
    root = await workspace.ana.post(workspace.support, "root")
    thread = workspace.place(f"{workspace.support}/{root.ts}")
    whisper = Whisper(person(workspace, workspace.ana.id), "Only *you*", True, QUESTION)
    await workspace.deliver(whisper, thread)
    seen = await workspace.ana.messages(workspace.support, thread_ts=root.ts)
    assert [message.ephemeral for message in seen] == [False, True]
    assert len(await workspace.ben.messages(workspace.support, thread_ts=root.ts)) == 1


async def test_a_whisper_to_somebody_who_is_not_there_is_a_direct_message(workspace: Workspace) -> None:
    dan = await workspace.slack.control.create_user(workspace.app.team_id, name="dan")
    await workspace.deliver(Whisper(person(workspace, dan.id), "Hello", False))
    dm = await dan.dm_with_bot()
    assert [message.text for message in await dan.messages(dm)] == ["Hello"]


async def test_a_person_is_told_directly(workspace: Workspace) -> None:
    receipt = await workspace.deliver(TellPerson(person(workspace, workspace.ana.id), "Hello", QUESTION))
    dm = await workspace.ana.dm_with_bot()
    (seen,) = await workspace.ana.messages(dm)
    assert seen.shown.startswith("Hello") and len(seen.labels) == 2
    assert receipt.copies[0].ref.id == f"{dm}/{seen.ts}"


async def test_a_file_stands_beside_a_line_and_beside_words_to_one_person(
    workspace: Workspace, tmp_path: Path
) -> None:
    picture = outgoing(tmp_path, "a.png", b"aaa")
    receipt = await workspace.deliver(PostLine("The **week**", file=picture))
    (seen,) = await workspace.ben.messages(workspace.support)
    assert seen.shown.startswith("The *week*") and [file.name for file in seen.files] == ["a.png"]
    assert [copy.ref.id for copy in receipt.copies] == [f"{workspace.support}/{seen.ts}"]
    await workspace.deliver(TellPerson(person(workspace, workspace.ana.id), "For *you*", file=picture))
    (told,) = await workspace.ana.messages(await workspace.ana.dm_with_bot())
    assert told.shown.startswith("For _you_") and await workspace.ana.download(told.files[0]) == b"aaa"


async def test_a_line_stands_alone_where_its_file_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    await workspace.deliver(PostLine("The week", file=outgoing(tmp_path, "empty.png", b"")))
    (seen,) = await workspace.ben.messages(workspace.support)
    assert (seen.shown, seen.files) == ("The week", [])


async def test_a_public_thread_stands_under_its_source(workspace: Workspace) -> None:
    root = await workspace.ana.post(workspace.support, "root")
    reply = await workspace.ana.post(workspace.support, "reply", thread_ts=root.ts)
    thread = workspace.place(f"{workspace.support}/{root.ts}")
    for place, ts in ((workspace.place(workspace.support), root.ts), (thread, reply.ts)):
        source = MessageRef(place, f"{workspace.support}/{ts}")
        opening = OpenThread("Title", "🎫 **Opened**", Visibility.PUBLIC, (), source)
        receipt = await workspace.deliver(opening)
        assert receipt.opened == thread
    seen = await workspace.ben.messages(workspace.support, thread_ts=root.ts)
    assert [message.text for message in seen] == ["root", "reply", "🎫 *Opened*", "🎫 *Opened*"]


async def test_a_public_thread_of_its_own(workspace: Workspace) -> None:
    opening = OpenThread("It *burns*", "Opened", Visibility.PUBLIC, ())
    receipt = await workspace.deliver(opening)
    (title,) = await workspace.ben.messages(workspace.support)
    assert "burns" in title.text
    assert receipt.opened == workspace.place(f"{workspace.support}/{title.ts}")
    thread = await workspace.ben.messages(workspace.support, thread_ts=title.ts)
    assert [message.text for message in thread[1:]] == ["Opened"]


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.DM])
async def test_a_private_thread_is_a_direct_message(workspace: Workspace, visibility: Visibility) -> None:
    opening = OpenThread("Title", "Opened", visibility, (person(workspace, workspace.ana.id),))
    receipt = await workspace.deliver(opening)
    dm = await workspace.ana.dm_with_bot()
    assert receipt.opened == workspace.place(dm)
    await workspace.deliver(PostMessage(content("Hi")), receipt.opened)
    seen = await workspace.ana.messages(dm)
    assert [(message.author, message.text) for message in seen][1] == ("Cleo", "Hi")


async def test_what_slack_has_no_notion_of_succeeds(workspace: Workspace) -> None:
    assert await workspace.deliver(SetThreadOpen(False)) == Receipt()
    assert await workspace.deliver(SetMember(person(workspace, "U1"), True)) == Receipt()


async def test_reasons_are_in_plain_words(workspace: Workspace) -> None:
    control, team = workspace.slack.control, workspace.app.team_id
    outside = await control.create_channel(
        team, "outside", members=[workspace.ana.id], private=False, bot=False
    )
    with pytest.raises(DeliveryFailed) as failed:
        await workspace.deliver(PostMessage(content("Hi")), outside)
    assert failed.value.permanent == "the bot is not in the Slack channel; invite it there"
    await control.archive_channel(team, workspace.support)
    with pytest.raises(DeliveryFailed) as failed:
        await workspace.deliver(PostMessage(content("Hi")))
    assert failed.value.permanent == "the Slack channel is archived"


async def test_a_missing_scope_is_named(workspace: Workspace) -> None:
    await workspace.slack.control.set_scopes(workspace.app.team_id, ["channels:read"])
    with pytest.raises(DeliveryFailed) as failed:
        await workspace.deliver(PostMessage(content("Hi")))
    assert failed.value.permanent == "the Slack app lacks the scope chat:write"


async def test_a_revoked_token_is_said_to_be_revoked(workspace: Workspace) -> None:
    await workspace.slack.control.revoke_token(workspace.app.team_id)
    with pytest.raises(DeliveryFailed) as failed:
        await workspace.deliver(PostMessage(content("Hi")))
    assert failed.value.revoked and failed.value.permanent
    assert workspace.app.bot_token not in repr(failed.value.__cause__)


async def test_a_rate_limit_says_how_long_to_wait(workspace: Workspace) -> None:
    await workspace.slack.control.set_rate_limits(True)
    with pytest.raises(DeliveryFailed) as failed:
        for _ in range(50):
            await workspace.deliver(PostMessage(content("Hi")))
    assert failed.value.retry_after is not None and failed.value.retry_after >= 1
    assert failed.value.permanent is None and not failed.value.uncertain
