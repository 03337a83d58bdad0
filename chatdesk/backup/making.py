"""Making a backup while the desk runs."""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import select

from chatdesk.backup.dumps import Dump, dump_of
from chatdesk.backup.tape import Manifest, recording, sum_of
from chatdesk.courier.files import FileStore
from chatdesk.database import connect
from chatdesk.errors import ChatdeskError
from chatdesk.settings import Settings
from chatdesk.storage import open_files
from chatdesk.store import schema
from chatdesk.store.engine import for_reading
from chatdesk.store.tables import attachments


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database says there is."""

    revision: str
    digests: frozenset[str]


def make_backup(settings: Settings, file: Path, now: datetime) -> Manifest:
    """Write the database and all files into one file, which is whole or absent afterwards.

    What the copied database refers to was stored before. A file that the sweep removes meanwhile, because
    nothing needs it any more, is named as missing. Raises ChatdeskError, StorageAway.
    """
    if file.exists():
        raise ChatdeskError(f"{file} is there already, and no backup is written over another")
    if not file.parent.is_dir():
        raise ChatdeskError(f"there is no folder {file.parent}")
    dump, store = dump_of(settings), open_files(settings)
    if dump.occupied() is None:
        raise ChatdeskError(f"there is nothing in {settings.database_shown} to back up")
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        dumped, written = Path(folder, "database"), Path(folder, "tape")
        before = _known(settings)
        dump.write(dumped)
        digests = before.digests | _known(settings).digests
        manifest = _manifest(dump, dumped, store, _Known(before.revision, digests), now)
        with recording(written) as recorder:
            recorder.manifest(manifest)
            recorder.database(dumped)
            for digest in manifest.files:
                recorder.file(digest, store.path(digest))
        with written.open("rb") as whole:
            os.fsync(whole.fileno())
        written.rename(file)
    return manifest


def _manifest(dump: Dump, dumped: Path, store: FileStore, known: _Known, now: datetime) -> Manifest:
    brought = asyncio.run(_brought(store, known.digests))
    with dumped.open("rb") as content:
        digest, size = sum_of(content)
    return Manifest(
        made_at=now.isoformat(),
        version=version("chatdesk"),
        revision=known.revision,
        engine=dump.kind,
        database_sha256=digest,
        database_size=size,
        files={one: store.path(one).stat().st_size for one in sorted(brought)},
        missing=tuple(sorted(known.digests - brought)),
    )


async def _brought(store: FileStore, digests: frozenset[str]) -> frozenset[str]:
    """Those that are here now."""
    return frozenset([digest for digest in digests if await store.bring(digest)])


def _known(settings: Settings) -> _Known:
    engine = for_reading(connect(settings))
    try:
        revision = schema.current(engine)
        if revision is None:
            raise ChatdeskError(f"{settings.database_shown} is no database of chatdesk")
        with engine.connect() as connection:
            named = connection.execute(
                select(attachments.c.digest).where(attachments.c.digest.is_not(None)).distinct()
            )
            return _Known(revision, frozenset(named.scalars()))
    finally:
        engine.dispose()
