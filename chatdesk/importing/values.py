"""Values out of foreign JSON: what is there is checked, one at a time, and a wrong one is named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chatdesk.importing.records import NotTaken, SourceRefused

LARGEST_DOCUMENT = 2 * 1024**3
"""What is one JSON document has to be read at once; lines are read one by one."""
LARGEST_SIZE = 2**60
LONGEST_ID = 60
LONGEST_LINE = 256 * 1024**2
_MILLISECONDS = 10**11
"""Times after which a number must count milliseconds and not seconds."""


class Unreadable(Exception):
    """A value is missing or of another kind; the message is a clause that names it."""


@dataclass(frozen=True, slots=True)
class Values:
    """An object of the source's, read by names. Raises Unreadable."""

    given: Mapping[str, object]

    def has(self, name: str) -> bool:
        return self.given.get(name) not in (None, "", [], {})

    def text(self, name: str) -> str:
        found = self.optional(name)
        if found is None:
            raise Unreadable(f"it has no {name}")
        return found

    def short(self, name: str, most: int = LONGEST_ID) -> str:
        """An id or a key, for which a column has room."""
        found = self.text(name)
        if len(found) > most:
            raise Unreadable(f"its {name} is longer than {most} characters")
        return found

    def optional(self, name: str) -> str | None:
        """Words, or a number as words."""
        found = plain(self.given.get(name))
        if found is None or found == "":
            return None
        if isinstance(found, bool) or not isinstance(found, str | int):
            raise Unreadable(f"its {name} is no text")
        return without_nul(str(found))

    def whole(self, name: str) -> int:
        found = plain(self.given.get(name))
        if isinstance(found, bool) or not isinstance(found, int):
            raise Unreadable(f"its {name} is no number")
        return found

    def optional_whole(self, name: str) -> int | None:
        return None if plain(self.given.get(name)) is None else self.whole(name)

    def size(self, name: str) -> int:
        """How large something is said to be, which is not always so."""
        return min(max(self.optional_whole(name) or 0, 0), LARGEST_SIZE)

    def truth(self, name: str, otherwise: bool = False) -> bool:
        found = plain(self.given.get(name))
        if found is None:
            return otherwise
        if found in (0, 1):
            return bool(found)
        raise Unreadable(f"its {name} is neither true nor false")

    def time(self, name: str) -> datetime:
        found = self.optional_time(name)
        if found is None:
            raise Unreadable(f"it has no {name}")
        return found

    def optional_time(self, name: str) -> datetime | None:
        found = plain(self.given.get(name))
        return None if found in (None, "") else moment(found, name)

    def inner(self, name: str) -> Values | None:
        found = self.given.get(name)
        return Values(found) if isinstance(found, dict) and found else None

    def each(self, name: str) -> Sequence[Values]:
        found = self.given.get(name)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Unreadable(f"its {name} is no list of objects")
        return [Values(one) for one in found]

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.given.get(name)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(one, str | int) for one in found):
            raise Unreadable(f"its {name} is no list of words")
        return tuple(without_nul(str(one)) for one in found)


def plain(value: object) -> object:
    """MongoDB's extended JSON as what it stands for: ids, long numbers and dates."""
    if isinstance(value, dict) and len(value) == 1:
        [(name, inner)] = value.items()
        match name, inner:
            case "$oid", str():
                return inner
            case "$numberLong" | "$numberInt", str() if inner.lstrip("-").isdigit():
                return int(inner)
            case "$date", _:
                return plain(inner)
    return value


def moment(value: object, name: str = "time") -> datetime:
    """A time in ISO 8601, where no zone means UTC, or a number since 1970. Raises Unreadable."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if abs(value) >= _MILLISECONDS else value, UTC)
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00"))
            return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise Unreadable(f"its {name} is no time: {str(value)[:40]!r}")


def without_nul(text: str) -> str:
    """Databases keep no NUL, nor half a pair of surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def objects(file: Path) -> Iterator[Values | NotTaken]:
    """The objects of a file with one on each line; a line that is none is named, and the rest is read."""
    for number, line in enumerate(_lines(file), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            yield NotTaken(f"{file.name} line {number}", "line", "it is no JSON, or cut off")
            continue
        if isinstance(found, dict):
            yield Values(found)
        else:
            yield NotTaken(f"{file.name} line {number}", "line", "it is no object")


def _lines(file: Path) -> Iterator[str]:
    try:
        with file.open("rb") as opened:
            while line := opened.readline(LONGEST_LINE):
                yield line.decode("utf-8-sig", "replace")
    except OSError as error:
        raise SourceRefused(f"{file} cannot be read: {error.strerror}") from None


def document(file: Path) -> object:
    """A file that is one JSON document. Raises SourceRefused."""
    try:
        if file.stat().st_size > LARGEST_DOCUMENT:
            raise SourceRefused(f"{file} is too large for one document; export it with one object a line")
        return json.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise SourceRefused(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise SourceRefused(f"{file} is no JSON, or cut off") from None


def count_lines(file: Path) -> int:
    """How many lines have anything on them."""
    return sum(1 for line in _lines(file) if line.strip())
