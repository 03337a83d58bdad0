"""Attachments are copied into our own storage, once, before the first post that shows them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatdesk.contract.outbound import Content, PostMessage
from chatdesk.contract.ports import DeliveryFailed
from chatdesk.contract.vocabulary import FileRef, Side
from chatdesk.courier.files import FileRefused, FileStore
from chatdesk.courier.pace import Pace
from chatdesk.domain.effects import PostWritten
from chatdesk.domain.ticket import AttachmentState
from chatdesk.store import posts
from tests.courier.making import EVERYONE, post, write
from tests.courier.support import PATIENCE, World, until
from tests.store.support import DISCORD, SLACK, thread

MIB = 1024 * 1024


def file(file_id: str, size: int = 10) -> FileRef:
    return FileRef(DISCORD, file_id, f"{file_id}.txt", size, "text/plain")


async def chunks(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def posted(world: World, pace: Pace | None = None) -> list[Content]:
    async with world.running(*([pace] if pace else [])) as courier:
        await courier.drain(PATIENCE)
    return [one.content for one in world.slack.shown() if isinstance(one, PostMessage)]


async def test_bytes_are_kept_under_their_digest(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    stored = await store.store(chunks([b"hello ", b"world"]), limit=100)
    assert stored.digest == hashlib.sha256(b"hello world").hexdigest()
    assert stored.size == 11
    assert store.path(stored.digest).read_bytes() == b"hello world"
    assert await store.store(chunks([b"hello world"]), limit=100) == stored


@pytest.mark.parametrize(
    ("parts", "limit", "reason"),
    [([], 100, "it is empty"), ([b"x" * 60, b"x" * 60], 100, "larger than 100 bytes")],
)
async def test_what_is_refused_leaves_nothing_behind(
    tmp_path: Path, parts: Sequence[bytes], limit: int, reason: str
) -> None:
    store = FileStore(tmp_path)
    with pytest.raises(FileRefused, match=reason):
        await store.store(chunks(parts), limit)
    assert files_below(tmp_path) == []


async def test_what_an_earlier_process_left_half_fetched_is_removed(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    stored = await store.store(chunks([b"kept"]), limit=100)
    half = tmp_path / "files" / "incoming" / "half"
    half.write_bytes(b"half")
    now = datetime.now(UTC)
    store.forget_unfinished(now - timedelta(minutes=1))
    assert half.exists(), "it may be another process's, which is fetching"
    store.forget_unfinished(now + timedelta(minutes=1))
    assert files_below(tmp_path) == [store.path(stored.digest)]


async def test_a_file_is_fetched_once_for_all_places(world: World) -> None:
    world.discord.files["F1"] = [b"some ", b"bytes"]
    await world.add_post(post("p", files=[file("F1")], audience=EVERYONE))
    for name in ("t1", "t2", "t3"):
        await world.add_thread(thread(name, Side.TEAM, SLACK, place=f"C1/{name}"))
    await write(world, PostWritten("p"), "team", "t1", "t2", "t3")
    contents = await posted(world)
    assert len(contents) == 4
    assert world.discord.opened_files == ["F1"]
    for content in contents:
        (outgoing,) = content.files
        assert outgoing.path.read_bytes() == b"some bytes"
        assert (outgoing.id, outgoing.name, outgoing.size) == ("p-0", "F1.txt", 10)


async def test_files_that_cannot_be_had_are_named_and_the_post_goes_out(world: World) -> None:
    world.discord.files = {"good": [b"fine"], "empty": []}
    refs = [file("good"), file("empty", 0), file("gone"), file("huge", 26 * MIB)]
    await world.add_post(post("p", files=refs))
    await write(world, PostWritten("p"), "team")
    (content,) = await posted(world)
    assert [one.name for one in content.files] == ["good.txt"]
    assert content.missing_files == ("empty.txt", "gone.txt", "huge.txt")
    assert "huge" not in world.discord.opened_files
    known = await world.look(lambda tx: posts.load(tx, "p"))
    assert known is not None
    assert [one.state for one in known.attachments] == [AttachmentState.STORED] + [AttachmentState.FAILED] * 3
    assert [one.reason for one in known.attachments] == [
        None, "it is empty", "the file is gone", "it is larger than 25 MiB",
    ]  # fmt: skip
    assert sorted(world.reports.files) == ["p-1", "p-2", "p-3"]


async def test_a_file_that_lies_about_its_size_is_cut_off(world: World) -> None:
    world.discord.files["liar"] = [b"x" * MIB] * 26
    await world.add_post(post("p", files=[file("liar", 10)]))
    await write(world, PostWritten("p"), "team")
    (content,) = await posted(world)
    assert content.missing_files == ("liar.txt",)


async def test_a_file_that_is_slow_to_come_is_waited_for_and_given_up_in_the_end(world: World) -> None:
    attempts: list[str] = []

    class Stubborn(AsyncIterator[bytes]):
        async def __anext__(self) -> bytes:
            raise DeliveryFailed(retry_after=0.01)

    def open_file(ref: FileRef) -> AsyncIterator[bytes]:
        attempts.append(ref.id)
        return Stubborn()

    world.discord.open_file = open_file  # type: ignore[method-assign]
    await world.add_post(post("p", files=[file("F1")]))
    await write(world, PostWritten("p"), "team")
    async with world.running(Pace(first_wait=0.01, fetches=3, fetch_for=timedelta(0))):
        await until(lambda: len(world.slack.taken) == 1)
    assert attempts == ["F1"] * 3
    shown = world.slack.shown()[0]
    assert isinstance(shown, PostMessage)
    assert shown.content.missing_files == ("F1.txt",)


async def test_a_file_is_not_given_up_before_its_platform_had_time_to_come_back(world: World) -> None:
    attempts: list[str] = []

    async def bytes_at_last(ref: FileRef) -> AsyncIterator[bytes]:
        attempts.append(ref.id)
        if len(attempts) < 6:
            raise DeliveryFailed(retry_after=0.01)
        yield b"here"

    world.discord.open_file = bytes_at_last  # type: ignore[method-assign]
    await world.add_post(post("p", files=[file("F1", size=4)]))
    await write(world, PostWritten("p"), "team")
    async with world.running(Pace(first_wait=0.01, fetches=3)):
        await until(lambda: len(world.slack.taken) == 1)
    shown = world.slack.shown()[0]
    assert isinstance(shown, PostMessage)
    assert not shown.content.missing_files
