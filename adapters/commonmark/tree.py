"""What a chat message can say, whatever the dialect: the document between two dialects.

It is deliberately flat. A style belongs to a span and never crosses a line; a list is a run of entries
with a depth; a quote holds no quote. Slack and Discord can say all of it, so nothing is lost later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag


class Style(Flag):
    """How a span looks; the values combine. `HIDDEN` becomes a `spoiler:` link before a document is made."""

    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    STRIKE = 4
    HIDDEN = 8


@dataclass(frozen=True, slots=True)
class Text:
    """Words, exactly as a reader sees them."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Code:
    """An inline code span; its text is never altered."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Link:
    """A link, or one of our tokens: `person:`, `place:`, `time:` and `spoiler:` targets."""

    label: str
    target: str
    style: Style = Style.PLAIN

    @property
    def bare(self) -> bool:
        """Whether the address itself is what a reader sees."""
        return self.label == self.target


Span = Text | Code | Link
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines without a blank one between them."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    line: Line


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list: `number` is None for a bullet, `depth` counts from 0."""

    depth: int
    number: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, its nested lists included, in reading order."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A code block without its last line end; `language` is "" when none was named."""

    text: str
    language: str = ""


Simple = Paragraph | Heading | Listing | CodeBlock


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words quoted."""

    blocks: tuple[Simple, ...]


Block = Simple | Quote
Document = tuple[Block, ...]


def text_of(line: Iterable[Span]) -> str:
    """The words of a line; a link gives its label."""
    return "".join(span.label if isinstance(span, Link) else span.text for span in line)


def plain_text(document: Document) -> str:
    """Every word of a document in one line."""
    return " ".join(" ".join(_words(block) for block in document).split())


def _words(block: Block) -> str:
    match block:
        case Paragraph(lines):
            return " ".join(text_of(line) for line in lines)
        case Heading(_, line):
            return text_of(line)
        case Listing(entries):
            return " ".join(text_of(line) for entry in entries for line in entry.lines)
        case CodeBlock(text):
            return text
        case Quote(blocks):
            return " ".join(_words(inner) for inner in blocks)
