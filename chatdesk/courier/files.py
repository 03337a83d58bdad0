"""Attachments' bytes in our own storage, named by their SHA-256 and never by what people called them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Protocol

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    digest: str
    size: int


class FileRefused(Exception):
    """The file is not kept; the message is the reason, in a clause that a person can read."""


class StorageAway(Exception):
    """Our own storage does not take or give the file now."""


class Archive(Protocol):
    """A second storage behind the folder, which then holds only what was used lately."""

    async def put(self, digest: str, path: Path) -> None:
        """Keep a file durably. Raises StorageAway."""
        ...

    def get(self, digest: str) -> AsyncIterator[bytes]:
        """Raises KeyError if it is not there, StorageAway."""
        ...

    async def remove(self, digest: str, unless_since: datetime) -> bool:
        """Remove a file, unless it was put there again meanwhile. Raises StorageAway."""
        ...

    def older(self, than: datetime) -> AsyncIterator[str]:
        """Digests of what was put there before a time. Raises StorageAway."""
        ...


class FileStore:
    """Files below ``data_dir/files``, spread over 256 folders. Equal files are kept once."""

    def __init__(self, data_dir: Path, archive: Archive | None = None) -> None:
        self._folder = data_dir / "files"
        self._incoming = self._folder / "incoming"
        self._moving = Lock()
        self.archive = archive

    def path(self, digest: str) -> Path:
        """Where a file stands if it is here. Raises ValueError for what is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a SHA-256")
        return self._folder / digest[:2] / digest[2:]

    def is_here(self, digest: str) -> bool:
        return self.path(digest).is_file()

    async def store(self, chunks: AsyncIterator[bytes], limit: int) -> StoredFile:
        """Keep what the stream brings, durably. Raises FileRefused if it is empty or over ``limit`` bytes.

        Whatever the stream raises is passed on, and nothing is kept then. Raises StorageAway.
        """
        temporary = await self._temporary()
        try:
            stored = await _written(temporary, chunks, limit)
            if self.archive is not None:
                await self.archive.put(stored.digest, temporary)
            await asyncio.to_thread(self._move, temporary, self.path(stored.digest))
        finally:
            temporary.unlink(missing_ok=True)
        return stored

    async def bring(self, digest: str) -> bool:
        """Have a file here that was stored before; whether it could be found. Raises StorageAway."""
        if await asyncio.to_thread(_touched, self.path(digest)):
            return True
        if self.archive is None:
            return False
        temporary = await self._temporary()
        try:
            got = await _written(temporary, self.archive.get(digest), None)
            if got.digest != digest:
                return False
            await asyncio.to_thread(self._move, temporary, self.path(digest))
        except KeyError:
            return False
        finally:
            temporary.unlink(missing_ok=True)
        return True

    def older(self, than: datetime) -> Iterator[str]:
        """Digests of files here that were neither stored nor brought since a time."""
        for path in self._folder.glob("??/*"):
            digest = path.parent.name + path.name
            if _DIGEST.fullmatch(digest) and _changed_at(path) < than:
                yield digest

    def remove_here(self, digest: str, unless_since: datetime) -> bool:
        """Remove a file from the folder, unless it was stored again meanwhile."""
        path = self.path(digest)
        with self._moving:
            if not path.is_file() or _changed_at(path) >= unless_since:
                return False
            path.unlink()
        return True

    def forget_unfinished(self, than: datetime) -> None:
        """Remove what was left half fetched and is older; what is younger may be another process's."""
        for leftover in self._incoming.glob("*"):
            if _changed_at(leftover) < than:
                leftover.unlink(missing_ok=True)

    async def _temporary(self) -> Path:
        await asyncio.to_thread(self._incoming.mkdir, parents=True, exist_ok=True)
        return self._incoming / secrets.token_hex(12)

    def _move(self, temporary: Path, place: Path) -> None:
        place.parent.mkdir(exist_ok=True)
        with self._moving:
            temporary.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


async def _written(path: Path, chunks: AsyncIterator[bytes], limit: int | None) -> StoredFile:
    """Write a stream to a file, one chunk in memory at a time."""
    digest = hashlib.sha256()
    size = 0
    with await asyncio.to_thread(path.open, "wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if limit is not None and size > limit:
                raise FileRefused(f"it is larger than {readable_size(limit)}")
            digest.update(chunk)
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(_flush, file)
    if size == 0:
        raise FileRefused("it is empty")
    return StoredFile(digest.hexdigest(), size)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _touched(path: Path) -> bool:
    """Whether the file is there; if so, it counts as used now."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _changed_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def readable_size(size: int) -> str:
    """A number of bytes as people say it."""
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.0f} MiB"
    return f"{size / 1024:.0f} KiB" if size >= 1024 else f"{size} bytes"
