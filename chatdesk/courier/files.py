"""Attachments' bytes in our own storage, named by their SHA-256."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class StoredFile:
    digest: str
    size: int


class FileRefused(Exception):
    """The file is not kept; the message is the reason, in a clause that a person can read."""


class FileStore:
    """Files below ``data_dir/files``, spread over 256 folders. Equal files are kept once."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "files"
        self._incoming = self._folder / "incoming"

    def path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:]

    async def store(self, chunks: AsyncIterator[bytes], limit: int) -> StoredFile:
        """Keep what the stream brings, durably. Raises FileRefused if it is empty or over ``limit`` bytes.

        Whatever the stream raises is passed on, and nothing is kept then.
        """
        await asyncio.to_thread(self._incoming.mkdir, parents=True, exist_ok=True)
        temporary = self._incoming / secrets.token_hex(12)
        digest = hashlib.sha256()
        size = 0
        try:
            with await asyncio.to_thread(temporary.open, "wb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise FileRefused(f"it is larger than {readable_size(limit)}")
                    digest.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
                await asyncio.to_thread(_flush, file)
            if size == 0:
                raise FileRefused("it is empty")
            await asyncio.to_thread(_move, temporary, self.path(digest.hexdigest()))
        finally:
            temporary.unlink(missing_ok=True)
        return StoredFile(digest.hexdigest(), size)

    def forget_unfinished(self) -> None:
        """Remove what an earlier process left half fetched."""
        for leftover in self._incoming.glob("*"):
            leftover.unlink(missing_ok=True)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _move(temporary: Path, place: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    temporary.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def readable_size(size: int) -> str:
    """A number of bytes as people say it."""
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.0f} MiB"
    return f"{size / 1024:.0f} KiB" if size >= 1024 else f"{size} bytes"
