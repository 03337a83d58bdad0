"""The blocks that Slack's and Discord's texts share: fences anywhere, quotes and lists by the line."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from adapters.commonmark.tree import Block, CodeBlock, Entry, Heading, Line, Listing, Paragraph, Quote

FENCE = "```"
LONG_CODE = 1000
"""A longer code span is said as a block, which can be cut into parts."""
_FENCE_RUN = re.compile("`{3,}")
_PARTED_BACKTICKS = re.compile("(?<=`)\u200b(?=`)")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one platform marks blocks. The functions answer None where a line is not of that kind."""

    unquoted: Callable[[str], str | None]
    unquoted_rest: Callable[[str], str | None]
    prose: Callable[[str], list[Block]]
    code: Callable[[str], CodeBlock]


def blocks_of(text: str, dialect: Dialect, quotes: bool = True) -> list[Block]:
    """A chat text as blocks; inside a quote there are no further quotes."""
    out: list[Block] = []
    prose: list[str] = []
    place = 0
    while place < len(text):
        end = _line_end(text, place)
        line = text[place:end]
        rest = dialect.unquoted_rest(line) if quotes else None
        if rest is not None:
            _flush(prose, out, dialect)
            out.append(_quote(rest + text[end:], dialect))
            break
        if quotes and dialect.unquoted(line) is not None:
            _flush(prose, out, dialect)
            place = _take_quote(text, place, out, dialect)
            continue
        found = _fenced(text, place, line)
        if found is None:
            prose.append(line)
            place = end + 1
            continue
        start, stop = found
        prose.append(text[place:start])
        _flush(prose, out, dialect)
        out.append(dialect.code(text[start + len(FENCE) : stop]))
        place = _line_start(text, stop + len(FENCE))
    _flush(prose, out, dialect)
    return out


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _line_start(text: str, place: int) -> int:
    """Where the words after a fence begin: they read as a line of their own."""
    while text[place : place + 1] in (" ", "\t"):
        place += 1
    return place + text.startswith("\n", place)


def _take_quote(text: str, place: int, out: list[Block], dialect: Dialect) -> int:
    inner: list[str] = []
    while place < len(text):
        end = _line_end(text, place)
        line = dialect.unquoted(text[place:end])
        if line is None:
            break
        inner.append(line)
        place = end + 1
    out.append(_quote("\n".join(inner), dialect))
    return place


def _quote(text: str, dialect: Dialect) -> Quote:
    return Quote(
        tuple(block for block in blocks_of(text, dialect, quotes=False) if not isinstance(block, Quote))
    )


def _fenced(text: str, place: int, line: str) -> tuple[int, int] | None:
    """Where the first code block that begins in this line has its two fences."""
    start = line.find(FENCE)
    while start > 0 and line[start - 1] == "\\":
        start = line.find(FENCE, start + 1)
    if start < 0:
        return None
    stop = text.find(FENCE, place + start + len(FENCE))
    if stop < 0 or not text[place + start + len(FENCE) : stop].strip():
        return None
    return place + start, stop


def _flush(prose: list[str], out: list[Block], dialect: Dialect) -> None:
    if prose:
        out.extend(dialect.prose("\n".join(prose)))
        prose.clear()


@dataclass(slots=True)
class ListGrowth:
    """The list that is being read, line by line: depth from indent, numbers in sequence."""

    entries: list[Entry] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)

    def depth_at(self, indent: int) -> int:
        """The depth that an entry with this indent would have."""
        depth = len(self.indents)
        while depth > 1 and indent < self.indents[depth - 1]:
            depth -= 1
        return depth if not depth or indent >= self.indents[depth - 1] + 2 else depth - 1

    def number_before(self, indent: int) -> int | None:
        """The number of the entry that one with this indent would follow, if both are numbered."""
        depth = self.depth_at(indent)
        return self.numbers[depth] if depth < len(self.numbers) else None

    def add(self, indent: int, number: int | None, line: Line) -> None:
        depth = self.depth_at(indent)
        del self.indents[depth + 1 :], self.numbers[depth:]
        if depth == len(self.indents):
            self.indents.append(indent)
        self.numbers.append(number)
        self.entries.append(Entry(depth, number, (line,)))

    def go_on(self, line: Line) -> None:
        """One more line of the last entry."""
        last = self.entries[-1]
        self.entries[-1] = Entry(last.depth, last.number, (*last.lines, line))

    def done(self) -> Iterator[Listing]:
        """What was read so far, and a fresh start."""
        if self.entries:
            yield Listing(tuple(self.entries))
        self.entries, self.indents, self.numbers = [], [], []


def gap(before: Block, after: Block) -> str:
    """What stands between two blocks: a blank line, but none before a list or quote nor around code."""
    if isinstance(before, CodeBlock) or isinstance(after, CodeBlock):
        return "\n"
    led_in = isinstance(before, (Paragraph, Heading)) and isinstance(after, (Listing, Quote))
    return "\n" if led_in else "\n\n"


def joined(blocks: Sequence[Block], say: Callable[[Block], str]) -> str:
    """Blocks written one after the other."""
    pieces = [say(blocks[0])] if blocks else []
    for before, after in pairwise(blocks):
        pieces.extend((gap(before, after), say(after)))
    return "".join(pieces)


def fence_broken(code: str) -> str:
    """Code in which a fence cannot end it early; neither platform has longer fences."""
    return _FENCE_RUN.sub(lambda found: "\u200b".join(found.group()), code)


def fence_mended(code: str) -> str:
    """The code as it was before a zero-width space parted its backticks."""
    return _PARTED_BACKTICKS.sub("", code)


def moment(seconds: str) -> str | None:
    """A Unix time in words for readers whose chat cannot show it in their own zone; None if it is not one."""
    digits = seconds.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        return None
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d %H:%M UTC")
