"""Inbound events in a file, to reproduce a bug: recorded without anybody's words or names, and replayed.

One JSON object a line, as ``contract.codec`` writes events. What people wrote and are called is replaced by
letters of the same length and shape, so that what depends on length, case or markup still happens.
"""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from chatdesk.contract import codec
from chatdesk.contract.inbound import Inbound
from chatdesk.contract.ports import Answer, Desk
from chatdesk.contract.questions import Question
from chatdesk.errors import ChatdeskError

A = TypeVar("A")

_WORDS = frozenset({"body", "title", "text", "name", "handle"})
_ADDRESSES = frozenset({"avatar_url", "link"})
_ARGUMENTS = frozenset({"arguments", "values", "prefill"})
_DECISIVE_ARGUMENTS = frozenset(
    [
        "ticket",
        "agent",
        "team",
        "priority",
        "status",
        "category",
        "tag",
        "person",
        "action",
        "service",
        "type",
    ]
)
_KEPT = re.compile(
    r"\]\((?:person|place):[^)]*\)|<(?:person|place):[^>]*>|https?://|#\d+|^\W*(?:note|reply)\s*:",
    re.IGNORECASE,
)
_VERB = re.compile(r"^\s*\S+")


class RecordingDesk:
    """A Desk that writes down what it is told before another handles it."""

    def __init__(self, desk: Desk, file: Path) -> None:
        self._desk = desk
        self._file = file

    async def handle(self, event: Inbound) -> Answer:
        line = json.dumps(redacted(codec.dump(event)), ensure_ascii=False)
        await asyncio.to_thread(_append, self._file, line)
        return await self._desk.handle(event)

    async def ask(self, question: Question[A]) -> A:
        return await self._desk.ask(question)


@dataclass(frozen=True, slots=True)
class Recorded:
    line: int
    event: Inbound


def recorded(file: Path) -> Iterator[Recorded]:
    """The events of a file. Raises ChatdeskError, naming the line, where it is not one of ours."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ChatdeskError(f"{file}: cannot be read: {error.strerror}") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield Recorded(number, codec.load(json.loads(line)))
        except (ValueError, AttributeError) as error:
            raise ChatdeskError(
                f"{file}:{number}: is no recorded event: {str(error).splitlines()[0]}"
            ) from None


def redacted(document: dict[str, object]) -> dict[str, object]:
    """The event's document without words, names and addresses; ids, times and choices stay."""
    if document.get("event") == "CommandTyped":
        text = str(document["text"])
        verb = _VERB.match(text)
        kept = verb[0] if verb else ""
        document = {**document, "text": "", "actor": _redact("actor", document["actor"])}
        return {**document, "text": kept + disguise(text[len(kept) :])}
    return {key: _redact(key, value) for key, value in document.items()}


def disguise(text: str) -> str:
    """The same length and shape in other letters.

    Markup, digits' places, emoji, ticket numbers, ids of people and the markers ``note:`` and ``reply:``
    stay.
    """
    parts: list[str] = []
    end = 0
    for found in _KEPT.finditer(text):
        parts += [_letters(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, _letters(text[end:])])


def _redact(key: str, value: object) -> object:
    match value:
        case str() if key in _ADDRESSES:
            return "http://127.0.0.1/redacted"
        case str() if key in _WORDS:
            return disguise(value)
        case dict() if key in _ARGUMENTS:
            return {name: _argument(name, item) for name, item in value.items()}
        case dict():
            return {name: _redact(name, item) for name, item in value.items()}
        case list() if key == "channels":
            return value  # a channel's name is what desk.yaml knows it by
        case list():
            return [_redact(key, item) for item in value]
    return value


def _argument(name: str, value: object) -> object:
    return disguise(value) if isinstance(value, str) and name not in _DECISIVE_ARGUMENTS else value


def _letters(text: str) -> str:
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    if letter.isdigit():
        return "0"
    if not letter.isalpha():
        return letter
    if unicodedata.bidirectional(letter) in ("R", "AL"):
        return "א"
    if unicodedata.east_asian_width(letter) == "W":
        return "字"
    return "X" if letter.isupper() else "x"


def _append(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
