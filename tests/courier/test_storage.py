"""Where files are kept: the folder, the archive behind it, and the sweep that lets them go."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from chatdesk.contract.outbound import PostMessage
from chatdesk.contract.ports import DeliveryFailed
from chatdesk.courier.archive import ObjectArchive
from chatdesk.courier.fetching import Files
from chatdesk.courier.files import FileStore, StorageAway
from chatdesk.courier.sweeping import FileSweep
from chatdesk.domain.effects import PostWritten
from chatdesk.domain.files import FileRules
from chatdesk.domain.ticket import AttachmentState
from chatdesk.errors import SettingsError
from chatdesk.settings import FilesSettings, Settings
from chatdesk.storage import open_files
from chatdesk.store import attachments, desks, posts
from tests.courier.making import post, write
from tests.courier.support import PATIENCE, SystemClock, World
from tests.courier.test_files import chunks, file, files_below
from tests.store.support import NOW, organisation

HELLO = hashlib.sha256(b"hello").hexdigest()
LATER = timedelta(hours=2)
MUCH_LATER = timedelta(days=2)


@pytest.fixture(params=["memory", "folder"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return MemoryStore() if request.param == "memory" else LocalStore(tmp_path / "bucket", mkdir=True)


def aged(store: FileStore, by: timedelta) -> None:
    """As if what is here had been stored so long ago."""
    for digest in list(store.older(datetime.max.replace(tzinfo=NOW.tzinfo))):
        path = store.path(digest)
        then = path.stat().st_mtime - by.total_seconds()
        os.utime(path, (then, then))


async def every(archive: ObjectArchive) -> list[str]:
    return [one async for one in archive.older(SystemClock().now() + LATER)]


async def test_an_archive_gives_back_what_the_folder_lost(tmp_path: Path, objects: ObjectStore) -> None:
    store = FileStore(tmp_path / "one", ObjectArchive(objects))
    await store.store(chunks([b"hel", b"lo"]), limit=10)
    elsewhere = FileStore(tmp_path / "two", ObjectArchive(objects))
    assert not elsewhere.is_here(HELLO)
    assert await elsewhere.bring(HELLO)
    assert elsewhere.path(HELLO).read_bytes() == b"hello"
    assert not await elsewhere.bring("0" * 64)


async def test_what_the_archive_gives_is_not_taken_for_another_file(
    tmp_path: Path, objects: ObjectStore
) -> None:
    archive = ObjectArchive(objects)
    (tmp_path / "forged").write_bytes(b"something else")
    await archive.put(HELLO, tmp_path / "forged")
    store = FileStore(tmp_path / "data", archive)
    assert not await store.bring(HELLO)
    assert files_below(tmp_path / "data") == []


async def test_a_name_is_never_a_path(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    for name in ("../../etc/passwd", "/etc/passwd", "", HELLO.upper(), f"{HELLO}/.."):
        with pytest.raises(ValueError, match="not a SHA-256"):
            store.path(name)


async def test_storage_that_is_away_is_waited_for_and_nothing_is_given_up(
    tmp_path: Path, world: World
) -> None:
    nobody = S3Store(
        "bucket",
        endpoint="http://127.0.0.1:9",
        region="x",
        access_key_id="a",
        secret_access_key="b",
        client_options={"allow_http": True, "timeout": "1s"},
        retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=1)},
    )
    store = FileStore(tmp_path / "data", ObjectArchive(nobody))
    with pytest.raises(StorageAway):
        await store.store(chunks([b"hello"]), limit=10)
    assert files_below(tmp_path / "data") == []
    world.discord.files["F1"] = [b"hello"]
    await world.add_post(post("p", files=[file("F1")]))
    known = await world.look(lambda tx: posts.load(tx, "p"))
    assert known is not None
    adapters = {world.discord.platform: world.discord}
    files = Files(world.writer, adapters, store, SystemClock(), lambda *_: pytest.fail("given up"))
    with pytest.raises(DeliveryFailed) as failed:
        await files.fetch("acme", known.attachments, FileRules(100), give_up=True)
    assert failed.value.permanent is None


async def test_a_stored_file_that_is_not_here_is_brought_before_it_is_shown(
    tmp_path: Path, world: World, objects: ObjectStore
) -> None:
    store = FileStore(tmp_path / "data", ObjectArchive(objects))
    world.discord.files["F1"] = [b"hello"]
    await world.add_post(post("p", files=[file("F1")]))
    adapters = {world.discord.platform: world.discord}
    files = Files(world.writer, adapters, store, SystemClock(), lambda *_: None)
    for _ in range(2):
        known = await world.look(lambda tx: posts.load(tx, "p"))
        assert known is not None
        await files.fetch("acme", known.attachments, FileRules(100), give_up=False)
        assert store.path(HELLO).read_bytes() == b"hello"
        store.path(HELLO).unlink()
    assert world.discord.opened_files == ["F1"], "brought from the archive, not fetched again"


async def test_files_go_when_nothing_refers_to_them(
    tmp_path: Path, world: World, objects: ObjectStore
) -> None:
    archive = ObjectArchive(objects)
    store = FileStore(tmp_path / "data", archive)
    await world.add_post(post("p", files=[file("F1")]))
    await store.store(chunks([b"hello"]), limit=10)
    await store.store(chunks([b"nobody's"]), limit=10)
    await world.writer.run(lambda connection: attachments.stored(connection, "acme", "p-0", HELLO, 5))
    sweep = FileSweep(world.writer, store, SystemClock())
    now = SystemClock().now()
    assert await sweep.sweep(now) == 0, "too young to be sure"
    aged(store, LATER)
    assert await sweep.sweep(now) == 0
    assert [path.name for path in files_below(tmp_path / "data")] == [HELLO[2:]]
    assert await sweep.sweep(now + LATER) == 1
    assert await every(archive) == [HELLO]
    aged(store, MUCH_LATER)
    await sweep.sweep(now)
    assert files_below(tmp_path / "data") == [], "the archive has it, and nobody used it"
    assert await store.bring(HELLO)


async def test_without_an_archive_what_is_needed_stays(tmp_path: Path, world: World) -> None:
    store = FileStore(tmp_path / "data")
    await world.add_post(post("p", files=[file("F1")]))
    await store.store(chunks([b"hello"]), limit=10)
    await store.store(chunks([b"nobody's"]), limit=10)
    await world.writer.run(lambda connection: attachments.stored(connection, "acme", "p-0", HELLO, 5))
    aged(store, MUCH_LATER)
    assert await FileSweep(world.writer, store, SystemClock()).sweep(SystemClock().now()) == 1
    assert [path.name for path in files_below(tmp_path / "data")] == [HELLO[2:]]


async def test_kinds_of_files_that_the_desk_refuses(world: World) -> None:
    refusing = replace(organisation(), refuse_files=("exe", "video/*"))
    await world.do(lambda tx: desks.apply(tx.connection, refusing, NOW))
    world.discord.files = {"good": [b"fine"], "bad": [b"MZ"]}
    bad = replace(file("bad"), name="Setup.EXE")
    film = replace(file("film"), name="film", media_type="video/mp4")
    await world.add_post(post("p", files=[bad, file("good"), film]))
    await write(world, PostWritten("p"), "team")
    async with world.running() as courier:
        await courier.drain(PATIENCE)
    (content,) = [one.content for one in world.slack.shown() if isinstance(one, PostMessage)]
    assert content.missing_files == ("Setup.EXE", "film")
    assert world.discord.opened_files == ["good"]
    known = await world.look(lambda tx: posts.load(tx, "p"))
    assert known is not None
    assert known.attachments[0].reason == "files of the kind exe are not passed on here"
    assert known.attachments[0].state is AttachmentState.FAILED
    assert sorted(world.reports.files) == ["p-0", "p-2"]


def test_the_storage_is_opened_as_the_settings_say(tmp_path: Path) -> None:
    def opened(**named: str) -> FileStore:
        files = FilesSettings.model_validate(named)
        return open_files(Settings(data_dir=tmp_path, files=files))

    assert opened().archive is None
    assert opened(url=f"file://{tmp_path}/bucket").archive is not None
    settings = {"endpoint": "http://127.0.0.1:9000", "region": "x", "access_key": "a", "secret_key": "b" * 8}
    assert opened(url="s3://bucket/folder", **settings).archive is not None
    with pytest.raises(SettingsError, match="CHATDESK_FILES__URL: cannot be used"):
        opened(url="az://container")
    assert list(Settings(files=FilesSettings.model_validate(settings)).secrets()) == ["a", "b" * 8]
