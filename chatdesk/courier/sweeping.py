"""Stored files go when nothing refers to them any more; a file is kept as long as its ticket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

import structlog

from chatdesk.contract.ports import Clock
from chatdesk.courier.files import Archive, FileStore, StorageAway
from chatdesk.store import attachments
from chatdesk.store.writer import Writer

YOUNG = timedelta(hours=1)
"""A file this young may be about to be noted in the database."""
USED_LATELY = timedelta(days=1)
"""How long a file stays in the folder that is kept in an archive too."""
_EVERY_SECONDS = 3600.0
_BATCH = 500

log = structlog.get_logger(__name__)


class FileSweep:
    """Removes files, here and in the archive, that no attachment names."""

    def __init__(self, writer: Writer, store: FileStore, clock: Clock) -> None:
        self._writer = writer
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Look every hour until cancelled."""
        while True:
            try:
                removed = await self.sweep(self._clock.now())
            except StorageAway as away:
                log.warning("the storage of files is away", error=str(away))
            except Exception:
                log.exception("files could not be looked through")
            else:
                if removed:
                    log.info("removed files that nothing refers to", files=removed)
            await asyncio.sleep(_EVERY_SECONDS)

    async def sweep(self, now: datetime) -> int:
        """How many files went for good."""
        await asyncio.to_thread(self._store.forget_unfinished, now - YOUNG)
        removed = await self._here(now)
        if self._store.archive is not None:
            removed += await self._archived(self._store.archive, now - YOUNG)
        return removed

    async def _here(self, now: datetime) -> int:
        """What nothing refers to; and, where an archive holds it too, what was not used lately."""
        young = now - YOUNG
        removed = 0
        for batch in _batches(await asyncio.to_thread(lambda: list(self._store.older(young)))):
            needed = await self._needed(batch)
            for digest in batch:
                gone = digest not in needed
                if gone and await asyncio.to_thread(self._store.remove_here, digest, young):
                    removed += self._store.archive is None
                elif not gone and self._store.archive is not None:
                    await asyncio.to_thread(self._store.remove_here, digest, now - USED_LATELY)
        return removed

    async def _archived(self, archive: Archive, than: datetime) -> int:
        removed = 0
        for batch in _batches([digest async for digest in archive.older(than)]):
            needed = await self._needed(batch)
            for digest in (one for one in batch if one not in needed):
                removed += await archive.remove(digest, than)
        return removed

    async def _needed(self, digests: Iterable[str]) -> frozenset[str]:
        return await self._writer.read(partial(attachments.needed, digests=tuple(digests)))


def _batches(digests: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(digests)
    while batch := tuple(islice(rest, _BATCH)):
        yield batch
