"""Making a desk from a backup, where none is yet."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from chatdesk.backup.dumps import Dump, dump_of
from chatdesk.backup.tape import Entry, Manifest, chunks, playing, sum_of
from chatdesk.courier.files import FileStore
from chatdesk.errors import ChatdeskError
from chatdesk.settings import Settings
from chatdesk.storage import open_files
from chatdesk.store import schema

_ANY_SIZE = 1 << 62
_EVER = datetime.max.replace(tzinfo=UTC)


def restore_backup(settings: Settings, file: Path) -> Manifest:
    """Put a backup's database and files where the settings say. Raises ChatdeskError, StorageAway.

    Everything is checked against the checksums before anything is written, and nothing is written where
    something stands already. The database comes last: where it is, everything is.
    """
    if not file.is_file():
        raise ChatdeskError(f"there is no file {file}")
    dump, store = dump_of(settings), open_files(settings)
    found = dump.occupied() or asyncio.run(_files_of(store, settings))
    if found is not None:
        raise ChatdeskError(f"there is something already: {found}; a backup is restored to an empty place")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as folder:
        database = Path(folder, "database")
        manifest = _checked(file, database, dump)
        with playing(file) as (_, entries):
            asyncio.run(_store(store, entries))
        dump.read(database)
    return manifest


async def _files_of(store: FileStore, settings: Settings) -> str | None:
    if next(store.older(_EVER), None) is not None:
        return f"files in {settings.data_dir}"
    if store.archive is not None:
        async for _ in store.archive.older(_EVER):
            return f"files in {settings.files.url}"
    return None


def _checked(file: Path, database: Path, dump: Dump) -> Manifest:
    """Read all of a tape, keep its database, and compare everything with the manifest."""
    seen: dict[str, int] = {}
    kept: _Sum | None = None
    with playing(file) as (manifest, entries):
        _refuse_other(manifest, dump, file)
        for entry in entries:
            if entry.digest is None:
                kept = _kept(entry.content, database)
                continue
            digest, size = sum_of(entry.content)
            if digest != entry.digest:
                raise ChatdeskError(f"{file} is damaged: the file {entry.digest} is not what it was")
            seen[digest] = size
    if kept != _Sum(manifest.database_sha256, manifest.database_size):
        raise ChatdeskError(f"{file} is damaged: the database is not what it was")
    if seen != dict(manifest.files):
        raise ChatdeskError(f"{file} is damaged: {_differing(seen, manifest)} of its files are not as listed")
    return manifest


def _refuse_other(manifest: Manifest, dump: Dump, file: Path) -> None:
    if manifest.engine != dump.kind:
        raise ChatdeskError(
            f"{file} holds a database of {manifest.engine}; CHATDESK_DATABASE_URL names one of {dump.kind}"
        )
    try:
        schema.refuse_unknown(manifest.revision)
    except schema.SchemaTooNew as error:
        raise ChatdeskError(f"{file} was made by a newer chatdesk: {error}") from None


@dataclass(frozen=True, slots=True)
class _Sum:
    digest: str
    size: int


def _kept(content: IO[bytes], path: Path) -> _Sum:
    with path.open("wb") as copy:
        for chunk in chunks(content):
            copy.write(chunk)
    with path.open("rb") as copy:
        return _Sum(*sum_of(copy))


def _differing(seen: dict[str, int], manifest: Manifest) -> int:
    return len(set(seen.items()) ^ set(manifest.files.items()))


async def _store(store: FileStore, entries: Iterator[Entry]) -> None:
    for entry in entries:
        if entry.digest is None:
            continue
        stored = await store.store(_streamed(chunks(entry.content)), _ANY_SIZE)
        if stored.digest != entry.digest:
            raise ChatdeskError(f"the file {entry.digest} changed while it was read")


async def _streamed(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
