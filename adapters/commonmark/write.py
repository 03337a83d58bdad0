"""A document to CommonMark that reads back as the same document."""

import re
from collections.abc import Iterable, Iterator

from adapters.commonmark.read import read_line
from adapters.commonmark.tree import (
    Block,
    Code,
    CodeBlock,
    Document,
    Entry,
    Heading,
    Line,
    Link,
    Listing,
    Paragraph,
    Quote,
    Span,
    Style,
    Text,
)
from adapters.commonmark.weave import faithful, weave

_MARKERS = {Style.BOLD: "**", Style.ITALIC: "*", Style.STRIKE: "~~"}
_SPECIAL = re.compile(r"[\\`*_\[\]<&~!]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
_BLOCK_START = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-[-\s]*$|=+\s*$")
_NUMBER_START = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_CLOSING_HASHES = re.compile(r"((?:^|\s))(#+)$")
_IN_TARGET = re.compile(r"[\\()&]")


def write(blocks: Document) -> str:
    """A document as CommonMark: blocks apart by a blank line, line ends as they are.

    A list right after a list has the other mark after its numbers, which is what keeps the two apart.
    """
    said: list[str] = []
    mark = "."
    for before, block in zip((None, *blocks), blocks, strict=False):
        mark = ")" if mark == "." and _meet(before, block) else "."
        said.append(_block(block, mark))
    return "\n\n".join(said)


def _meet(before: Block | None, block: Block) -> bool:
    """Whether these are two numbered lists, one right after the other."""
    if not isinstance(before, Listing) or not isinstance(block, Listing):
        return False
    return before.entries[0].number is not None and block.entries[0].number is not None


def _block(block: Block, mark: str) -> str:
    match block:
        case Paragraph(lines):
            return "\n".join(_line(line) for line in lines)
        case Heading(level, line):
            return "#" * level + " " + _CLOSING_HASHES.sub(r"\1\\\2", _inline(line))
        case Listing(entries):
            return "\n".join(_listed(entries, mark))
        case CodeBlock(text, language):
            fence = "`" * max(3, _longest_run(text) + 1)
            return f"{fence}{language}\n{text}\n{fence}"
        case Quote(blocks):
            return "\n".join(
                f"> {line}".rstrip() if not line else f"> {line}" for line in write(blocks).split("\n")
            )


def _listed(entries: Iterable[Entry], mark: str) -> Iterator[str]:
    """List lines, each nested list under its parent's words."""
    widths: list[int] = []
    numbers: list[int | None] = []
    for entry in entries:
        sibling = entry.depth < len(numbers)
        if sibling:
            expected = numbers[entry.depth]
            starts = (expected is None) != (entry.number is None)
        else:
            starts = entry.number not in (None, 1)
        if starts and numbers:
            yield ""
        del widths[entry.depth :], numbers[entry.depth :]
        marker = "- " if entry.number is None else f"{entry.number}{mark} "
        indent = " " * sum(widths)
        for position, line in enumerate(entry.lines):
            yield indent + (" " * len(marker) if position else marker) + _line(line)
        widths.append(len(marker))
        numbers.append(entry.number)


def _line(line: Line) -> str:
    """A line of a paragraph: what would start another kind of block is escaped."""
    text = _inline(line)
    words = text.lstrip(" ")
    indent = "&nbsp;" * (len(text) - len(words))
    if not isinstance(line[0], Text):
        return indent + words
    numbered = _NUMBER_START.match(words)
    if numbered:
        return f"{indent}{numbered[1]}\\{words[len(numbered[1]) :]}"
    return f"{indent}\\{words}" if _BLOCK_START.match(words) else indent + words


def _inline(line: Line) -> str:
    return faithful(line, _woven, read_line)


def _woven(line: Line) -> str:
    return "".join(mark.text for mark in weave(line, _MARKERS, _span))


def _span(span: Span) -> str:
    match span:
        case Text(text):
            return escaped(text)
        case Code(text):
            return code_span(text)
        case Link(label, target):
            return (
                f"<{target}>"
                if _autolinks(span)
                else f"[{escaped(label)}]({_IN_TARGET.sub(_backslashed, target)})"
            )


def _autolinks(span: Link) -> bool:
    return span.bare and span.target.lower().startswith(("http:", "https:"))


def _backslashed(found: re.Match[str]) -> str:
    return "\\" + found.group()


def escaped(text: str) -> str:
    """Words with a backslash before every character that would otherwise mean something in that place."""
    return _SPECIAL.sub(lambda found: _escape_one(text, found.start()), text)


def _escape_one(text: str, index: int) -> str:
    char = text[index]
    before = text[index - 1] if index else ""
    after = text[index + 1] if index + 1 < len(text) else ""
    match char:
        case "*":
            harmless = before == " " and after == " "
        case "_":
            harmless = before.isalnum() and after.isalnum()
        case "<":
            harmless = after == " " or after.isdigit()
        case "&":
            harmless = not _ENTITY.match(text, index) and bool(after)
        case "~":
            harmless = bool(before and after) and before != "~" and after != "~"
        case "!":
            harmless = bool(after)
        case _:
            harmless = False
    return char if harmless else "\\" + char


def code_span(text: str) -> str:
    """An inline code span around any text, backticks included."""
    runs = {len(run) for run in re.findall("`+", text)}
    fence = "`" * next(size for size in range(1, len(runs) + 2) if size not in runs)
    padded = text.startswith(("`", " ")) or text.endswith(("`", " "))
    return f"{fence} {text} {fence}" if padded and text.strip(" ") else f"{fence}{text}{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
