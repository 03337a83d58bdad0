"""Files that were attached there: taken where they lie beside the export, never fetched from anywhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatdesk.courier.files import FileRefused, FileStore, StoredFile
from chatdesk.importing.records import SourceFile

CHUNK = 1024 * 1024
NOT_THERE = "it is not beside the export"


@dataclass(frozen=True, slots=True)
class LocalFiles:
    """A folder of files, each named by its id there: ``47``, ``47.png``, ``47-name.png``, ``47/name.png``."""

    folder: Path
    store: FileStore
    largest: int

    def take(self, wanted: SourceFile) -> StoredFile:
        """Keep a file's bytes. Raises FileRefused, StorageAway."""
        path = self._find(wanted)
        if path is None:
            raise FileRefused(NOT_THERE)
        try:
            return asyncio.run(self.store.store(_content(path), self.largest))
        except OSError as error:
            raise FileRefused(f"it cannot be read: {error.strerror}") from None

    def is_there(self, wanted: SourceFile) -> bool:
        return self._find(wanted) is not None

    def _find(self, wanted: SourceFile) -> Path | None:
        if not wanted.id or any(one in wanted.id for one in "/\\*?[") or wanted.id.startswith("."):
            return None
        found = [*self.folder.glob(f"{wanted.id}"), *self.folder.glob(f"{wanted.id}.*"),
                 *self.folder.glob(f"{wanted.id}-*")]  # fmt: skip
        inside = [one for path in found for one in _files_of(path)]
        inside = [one for one in inside if one.resolve().is_relative_to(self.folder.resolve())]
        named = [one for one in inside if one.name.endswith(wanted.name)]
        return next(iter([*named, *inside]), None)


def _files_of(path: Path) -> Sequence[Path]:
    return sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]


async def _content(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
