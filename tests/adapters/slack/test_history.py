"""Looking back: our own copy after an uncertain try, and what happened in a place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatdesk.contract.inbound import (
    Inbound,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionsSeen,
)
from chatdesk.contract.outbound import Copy, OutgoingFile, PostMessage, ShowCard
from chatdesk.contract.ports import Window
from chatdesk.contract.vocabulary import MessageRef, Place
from tests.adapters.slack.conftest import Workspace
from tests.adapters.slack.samples import CARD, content

ALL = Window(None, 1000)


async def happened(
    workspace: Workspace, place: Place, window: Window = ALL, known: tuple[Copy, ...] = ()
) -> list[Inbound | ReactionsSeen]:
    return [event async for event in workspace.adapter.reconcile(place, known, window)]


@pytest.mark.parametrize("in_thread", [False, True])
async def test_an_uncertain_post_is_found_again(workspace: Workspace, in_thread: bool) -> None:
    root = await workspace.ana.post(workspace.support, "root")
    place = workspace.place(f"{workspace.support}/{root.ts}" if in_thread else workspace.support)
    effect = PostMessage(content("\n\n".join("word " * 150 for _ in range(8))))
    first = await workspace.adapter.deliver(effect, place, workspace.attempt())
    assert len(first.copies) == 2
    again = await workspace.adapter.deliver(effect, place, workspace.again(forgetting=True))
    assert again == first
    third = await workspace.adapter.deliver(effect, place, workspace.again())
    assert third == first
    seen = await workspace.ben.messages(workspace.support, thread_ts=root.ts if in_thread else None)
    assert len(seen) == 3


async def test_an_uncertain_post_that_did_not_arrive_is_posted(workspace: Workspace) -> None:
    workspace.attempt()
    receipt = await workspace.adapter.deliver(
        PostMessage(content("Hi")), workspace.place(workspace.support), workspace.again()
    )
    assert len(receipt.copies) == 1


async def test_an_uncertain_card_is_found_again(workspace: Workspace) -> None:
    place = workspace.place(workspace.support)
    first = await workspace.adapter.deliver(ShowCard(CARD), place, workspace.attempt())
    again = await workspace.adapter.deliver(ShowCard(CARD), place, workspace.again(forgetting=True))
    assert again == first


@pytest.mark.parametrize("persisted", [("uploaded",), ("uploaded", "completed")])
async def test_an_uncertain_file_is_found_by_its_id(
    workspace: Workspace, tmp_path: Path, persisted: tuple[str, ...]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc")
    place = workspace.place(workspace.support)
    effect = PostMessage(content("", files=(OutgoingFile("x", "a.txt", 3, "text/plain", path),)))
    first = await workspace.adapter.deliver(effect, place, workspace.attempt())
    workspace.steps = {
        name: value for name, value in workspace.steps.items() if name.rpartition(":")[2] in persisted
    }
    assert await workspace.adapter.deliver(effect, place, workspace.again()) == first
    assert len(await workspace.ben.messages(workspace.support)) == 1


async def test_a_whole_thread_with_authors_files_edits_and_reactions(workspace: Workspace) -> None:
    root = await workspace.ana.post(workspace.support, "no. 0")
    writers = (workspace.ana, workspace.ben)
    for number in range(1, 35):
        files = [("a.txt", b"abc")] if number == 7 else []
        await writers[number % 2].post(workspace.support, f"no. {number}", thread_ts=root.ts, files=files)
    said = await workspace.ana.messages(workspace.support, thread_ts=root.ts)
    await workspace.ana.edit(workspace.support, said[2].ts, "no. 2")
    await workspace.ben.react(workspace.support, said[3].ts, "eyes")
    thread = workspace.place(f"{workspace.support}/{root.ts}")
    await workspace.deliver(PostMessage(content("ours")), thread)
    await workspace.ana.post(workspace.support, "@chatdesk info", thread_ts=root.ts)
    events = await happened(workspace, thread)
    posted = [event for event in events if isinstance(event, MessagePosted)]
    assert [event.body for event in posted] == [f"no. {number}" for number in range(35)]
    assert {event.actor.profile.name for event in posted if event.actor.profile} == {"Ana", "Ben"}
    assert [file.name for file in posted[7].files] == ["a.txt"]
    assert posted[1].where.place == thread
    edits = [event for event in events if isinstance(event, MessageEdited)]
    assert [event.ref for event in edits] == [posted[2].ref]
    reactions = [
        (event.ref.id, one.emoji, one.actor.identity.id)
        for event in events
        if isinstance(event, ReactionsSeen)
        for one in event.by
    ]
    assert reactions == [(posted[3].ref.id, "👀", workspace.ben.id)]


async def test_small_pages_are_paged_through(workspace: Workspace) -> None:
    await workspace.slack.control.set_habits(history_page=3)
    root = await workspace.ana.post(workspace.support, "no. 0")
    thread = workspace.place(f"{workspace.support}/{root.ts}")
    effect = PostMessage(content("ours"))
    first = await workspace.adapter.deliver(effect, thread, workspace.attempt())
    for number in range(1, 10):
        await workspace.ana.post(workspace.support, f"no. {number}", thread_ts=root.ts)
        await workspace.ana.post(workspace.support, f"channel {number}")
    bodies = [event.body for event in await happened(workspace, thread) if isinstance(event, MessagePosted)]
    assert bodies == [f"no. {number}" for number in range(10)]
    assert await workspace.adapter.deliver(effect, thread, workspace.again(forgetting=True)) == first
    events = await happened(workspace, workspace.place(workspace.support), Window(None, 7))
    assert [event.body for event in events if isinstance(event, MessagePosted)] == [
        f"channel {number}" for number in range(3, 10)
    ]


async def test_live_and_looked_up_messages_are_the_same(workspace: Workspace) -> None:
    await workspace.ana.post(workspace.support, "hello @ben", files=[("a.txt", b"abc")])
    live = await workspace.desk.wait_for(MessagePosted)
    assert (await happened(workspace, live.where.place))[0] == live


async def test_a_channels_newest_messages_oldest_first(workspace: Workspace) -> None:
    for number in range(10):
        await workspace.ana.post(workspace.support, f"no. {number}")
    events = await happened(workspace, workspace.place(workspace.support), Window(None, 3))
    assert [event.body for event in events if isinstance(event, MessagePosted)] == ["no. 7", "no. 8", "no. 9"]
    later = Window(datetime.now(UTC) + timedelta(hours=1), 100)
    assert await happened(workspace, workspace.place(workspace.support), later) == []


async def test_known_messages_that_are_gone(workspace: Workspace) -> None:
    kept = await workspace.ana.post(workspace.support, "kept")
    gone = await workspace.ana.post(workspace.support, "gone")
    await workspace.ana.delete(workspace.support, gone.ts)
    place = workspace.place(workspace.support)
    refs = [MessageRef(place, f"{workspace.support}/{said.ts}") for said in (kept, gone)]
    known = tuple(Copy("text:0", ref) for ref in refs)
    events = await happened(workspace, place, known=known)
    assert [event.ref for event in events if isinstance(event, MessageDeleted)] == [refs[1]]
    root = await workspace.ana.post(workspace.support, "root")
    await workspace.ben.post(workspace.support, "reply", thread_ts=root.ts)
    await workspace.ana.delete(workspace.support, root.ts)
    thread = workspace.place(f"{workspace.support}/{root.ts}")
    copies = (Copy("text:0", MessageRef(thread, thread.id)),)
    events = await happened(workspace, thread, known=copies)
    assert [event.ref for event in events if isinstance(event, MessageDeleted)] == [copies[0].ref]
    since = datetime.now(UTC) + timedelta(seconds=5)
    assert await happened(workspace, place, Window(since, 10), known) == []
