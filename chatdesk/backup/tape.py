"""The file itself: a tar of a manifest, the database and the files, written and read front to back."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from chatdesk.errors import ChatdeskError

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
_FILE = re.compile(r"files/([0-9a-f]{64})")
_CHUNK = 1 << 20
_LARGEST_MANIFEST = 1 << 30


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is on the tape. ``files`` are sizes by SHA-256, which is each file's name."""

    made_at: str
    version: str
    revision: str
    engine: str
    database_sha256: str
    database_size: int
    files: Mapping[str, int]
    missing: tuple[str, ...] = ()
    """Files that attachments name and that were not to be found when the backup was made."""


class Recorder:
    """Writes a tape: the manifest first, then the database, then each file."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def manifest(self, manifest: Manifest) -> None:
        text = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        self._tar.addfile(entry, io.BytesIO(text))

    def database(self, path: Path) -> None:
        self._add(DATABASE, path)

    def file(self, digest: str, path: Path) -> None:
        self._add(f"files/{digest}", path)

    def _add(self, name: str, path: Path) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = path.stat().st_size
        with path.open("rb") as content:
            self._tar.addfile(entry, content)


@contextmanager
def recording(file: Path) -> Iterator[Recorder]:
    with tarfile.open(file, "w", format=tarfile.PAX_FORMAT) as tar:
        yield Recorder(tar)


@dataclass(frozen=True, slots=True)
class Entry:
    """The database (``digest`` None) or a file. ``content`` is to be read before the next entry."""

    digest: str | None
    content: IO[bytes]


@contextmanager
def playing(file: Path) -> Iterator[tuple[Manifest, Iterator[Entry]]]:
    """A tape's manifest and what follows it. Raises ChatdeskError for what is no tape of ours."""
    try:
        with tarfile.open(file, "r:") as tar:
            yield _manifest(tar, file), _entries(tar, file)
    except (tarfile.TarError, OSError) as error:
        raise ChatdeskError(f"{file} cannot be read: {error}") from None


def _manifest(tar: tarfile.TarFile, file: Path) -> Manifest:
    first = tar.next()
    content = tar.extractfile(first) if first and first.name == MANIFEST and first.isreg() else None
    if first is None or content is None or first.size > _LARGEST_MANIFEST:
        raise ChatdeskError(f"{file} is no backup of chatdesk: it does not begin with a manifest")
    try:
        found = json.loads(content.read())
        if found.pop("format") != FORMAT:
            raise ChatdeskError(f"{file} was made by a newer chatdesk; use that one to restore it")
        return Manifest(**{**found, "missing": tuple(found["missing"])})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ChatdeskError(f"{file} has a manifest that cannot be understood") from None


def _entries(tar: tarfile.TarFile, file: Path) -> Iterator[Entry]:
    """Only what we write ourselves; names from a tape are never used as paths."""
    while (member := tar.next()) is not None:
        named = _FILE.fullmatch(member.name)
        content = tar.extractfile(member) if member.isreg() else None
        if content is None or (named is None and member.name != DATABASE):
            raise ChatdeskError(f"{file} holds what is not of a backup: {member.name!r}")
        yield Entry(named[1] if named else None, content)


def chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        yield chunk


def sum_of(content: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks(content):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
