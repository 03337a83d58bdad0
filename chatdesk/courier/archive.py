"""Files in S3-compatible storage, or in whatever else obstore reaches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore

from chatdesk.courier.files import StorageAway

_PART_BYTES = 5 * 1024 * 1024
"""The smallest that S3 takes."""
_PARTS_AT_ONCE = 2
"""So much of a file is in memory; obstore's own twelve would be more than the rest of us."""


class ObjectArchive:
    """An Archive. Objects are named as files in the folder are: two characters, then the rest."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, digest: str, path: Path) -> None:
        with _ours():
            await obstore.put_async(
                self._store, _name(digest), path, chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE
            )

    async def get(self, digest: str) -> AsyncIterator[bytes]:
        with _ours():
            try:
                found = await obstore.get_async(self._store, _name(digest))
            except FileNotFoundError:
                raise KeyError(digest) from None
            async for chunk in found.stream():
                yield bytes(chunk)

    async def remove(self, digest: str, unless_since: datetime) -> bool:
        with _ours():
            try:
                found = await obstore.head_async(self._store, _name(digest))
                if found["last_modified"] >= unless_since:
                    return False
                await obstore.delete_async(self._store, _name(digest))
            except FileNotFoundError:
                return False
        return True

    async def older(self, than: datetime) -> AsyncIterator[str]:
        with _ours():
            async for batch in obstore.list(self._store):
                for one in batch:
                    if one["last_modified"] < than:
                        yield one["path"].replace("/", "")


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:]}"


@contextmanager
def _ours() -> Iterator[None]:
    """Whatever went wrong out there is one thing for us: the storage is away."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise StorageAway(str(error).strip().partition("\n")[0][:300]) from error
