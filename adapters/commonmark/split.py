"""Cutting a long chat text into parts that each stand alone."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.commonmark.chat import FENCE

_BLOCK = re.compile(r"(?<!\\)```(?P<language>[A-Za-z0-9_+\-.#]+(?=\n))?")
_SPACE = re.compile(r"[ \t]+(?=\S)")
_JOINERS = "\u200d\ufe0f\u20e3"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a platform counts and what must stay whole.

    Text is counted in pieces of `unit` bytes of `encoding`, at most `most` of them in a part. What `whole`
    matches is cut only where it is longer than a part, what `atom` matches never is. `quote` is how a quoted
    line begins.
    """

    encoding: str
    unit: int
    most: int
    whole: re.Pattern[str]
    atom: re.Pattern[str]
    quote: str

    def fitting(self, text: str, place: int, spare: int) -> int:
        """The furthest place such that text up to there fits a part that also needs `spare` characters."""
        budget = max(self.most - spare, 1)
        window = text[place : place + budget].encode(self.encoding)[: budget * self.unit]
        return place + max(len(window.decode(self.encoding, "ignore")), 1)


@dataclass(frozen=True, slots=True)
class _Fenced:
    start: int
    inner: int
    stop: int
    end: int
    opening: str


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a part ends, where the next begins, and what closes the one and reopens the other."""

    end: int
    start: int
    closing: str = ""
    opening: str = ""


def split(text: str, rules: Rules) -> list[str]:
    """Parts of a text, cut at paragraph ends, else lines, else words, else characters.

    A code block that is cut is closed and opened again. Only the space at a cut is lost.
    """
    blocks = list(_blocks(text))
    kept = list(_kept(text, blocks, rules.whole))
    parts: list[str] = []
    place = _skip(text, 0, blocks)
    opening = ""
    while place < len(text):
        spare = len(opening) + len(FENCE) + 1
        furthest = rules.fitting(text, place, spare)
        if furthest >= len(text):
            parts.append(opening + text[place:].rstrip())
            break
        cut = _cut(text, place, furthest, blocks, kept, rules)
        part = opening + text[place : cut.end] + cut.closing
        if part.strip():
            parts.append(part)
        opening, place = cut.opening, cut.start
    return [part for part in parts if part.strip()]


def _blocks(text: str) -> Iterator[_Fenced]:
    place = 0
    while found := _BLOCK.search(text, place):
        stop = text.find(FENCE, found.end())
        if stop < 0:
            return
        yield _Fenced(found.start(), found.end(), stop, stop + len(FENCE), found.group())
        place = stop + len(FENCE)


def _kept(text: str, blocks: list[_Fenced], whole: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """What stays whole, outside of code blocks."""
    starts = (0, *(block.end for block in blocks))
    ends = (*(block.start for block in blocks), len(text))
    for start, end in zip(starts, ends, strict=True):
        yield from (found.span() for found in whole.finditer(text, start, end))


def _cut(
    text: str,
    place: int,
    furthest: int,
    blocks: list[_Fenced],
    kept: list[tuple[int, int]],
    rules: Rules,
) -> _Cut:
    block = _around(blocks, furthest)
    if block is None:
        return _cut_words(text, place, furthest, blocks, kept, rules)
    before = block.start
    if before > place and (_worth(place, before, furthest) or furthest <= block.inner + 1):
        return _Cut(_rstripped(text, place, before), before)
    return _cut_code(text, place, furthest, block, rules)


def _around(blocks: list[_Fenced], place: int) -> _Fenced | None:
    index = bisect_right(blocks, place - 1, key=lambda block: block.start) - 1
    return blocks[index] if index >= 0 and blocks[index].start < place < blocks[index].end else None


def _worth(place: int, end: int, furthest: int) -> bool:
    """A part should not be tiny for the sake of a fine place to cut."""
    return (end - place) * 4 >= furthest - place


def _cut_code(text: str, place: int, furthest: int, block: _Fenced, rules: Rules) -> _Cut:
    first = max(place, block.inner)
    limit = min(furthest, block.stop)
    if limit == block.stop and text[limit - 1] == "\n":
        limit -= 1
    line = text.rfind("\n", first + 1, limit)
    opening = block.opening + "\n"
    if line > first:
        return _Cut(line, line + 1, "\n" + FENCE, opening)
    end = _unbroken(text, first, limit, rules.atom)
    return _Cut(end, end, "\n" + FENCE, opening)


def _cut_words(
    text: str,
    place: int,
    furthest: int,
    blocks: list[_Fenced],
    kept: list[tuple[int, int]],
    rules: Rules,
) -> _Cut:
    for mark in ("\n\n", "\n"):
        end = text.rfind(mark, place + 1, furthest + len(mark))
        while end > place and _around(blocks, end) is not None:
            end = text.rfind(mark, place + 1, end)
        if end > place and _worth(place, end, furthest):
            return _Cut(_rstripped(text, place, end), _skip(text, end, blocks))
    word_end = _word_end(text, place, furthest, kept)
    end = _unbroken(text, place, furthest, rules.atom) if word_end is None else word_end
    start = _SPACE.match(text, end)
    return _Cut(
        _rstripped(text, place, end), start.end() if start else end, "", _quoting(text, end, rules.quote)
    )


def _quoting(text: str, end: int, quote: str) -> str:
    """A quote that is cut within a line goes on as a quote."""
    line = text.rfind("\n", 0, end) + 1
    within = text.startswith(quote, line) and line + len(quote) < end and text[end : end + 1] != "\n"
    return quote if within else ""


def _word_end(text: str, place: int, furthest: int, kept: list[tuple[int, int]]) -> int | None:
    end = furthest
    while end > place:
        index = bisect_right(kept, (end, 0)) - 1
        if index >= 0 and kept[index][0] < end < kept[index][1]:
            end = kept[index][0]
            continue
        if end > place and (text[end].isspace() or text[end - 1].isspace() or _edge(kept, index, end)):
            return end if text[place:end].strip() else None
        end -= 1
    return None


def _edge(kept: list[tuple[int, int]], index: int, end: int) -> bool:
    starts = index + 1 < len(kept) and kept[index + 1][0] == end
    return starts or (index >= 0 and end in kept[index])


def _unbroken(text: str, place: int, end: int, atom: re.Pattern[str]) -> int:
    """The last place up to `end` that parts neither an atom nor a character from its accents."""
    for found in atom.finditer(text, max(place, end - 64), end + 64):
        if found.start() < end < found.end() and found.start() > place:
            end = found.start()
            break
    back = end
    while back > place + 1 and end - back < 32 and _clings(text[back : back + 1], text[back - 1]):
        back -= 1
    return back if end - back < 32 else end


def _clings(char: str, before: str) -> bool:
    toned = bool(char) and 0x1F3FB <= ord(char) <= 0x1F3FF
    return bool(char) and (char in _JOINERS or before == "\u200d" or toned or unicodedata.combining(char) > 0)


def _rstripped(text: str, place: int, end: int) -> int:
    return place + len(text[place:end].rstrip())


def _skip(text: str, place: int, blocks: list[_Fenced]) -> int:
    """The next place that has something to say, at the start of its line so that indents are kept."""
    found = re.compile(r"\s*\n").match(text, place)
    return found.end() if found else place
