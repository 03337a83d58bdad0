"""Bringing what a reader found into the document's one shape, so that equal meaning is an equal document."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

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
    Simple,
    Span,
    Style,
    Text,
)

DEEPEST = 5
INDENT_MOST = 40
LINK_SCHEMES = ("http:", "https:", "mailto:", "tel:")
TOKEN_SCHEMES = ("person:", "place:", "time:", "spoiler:")

_SURROGATE = re.compile("[\ud800-\udfff\0]")
_UNSAFE_IN_TARGET = re.compile(r'[\x00-\x20\x7f<>|\\`"\s]')
BARE_ADDRESS = re.compile(r"https?://[^\s<>|\\`\"]*[^\s<>|\\`\"*_~.,:;!?'()\[\]{}]", re.IGNORECASE)
_LEADING_SPACE = re.compile(r"\s*")


def clean(text: str) -> str:
    """One kind of line end, and nothing that cannot be encoded as UTF-8."""
    return _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def safe_target(target: str) -> str:
    """An address that no dialect can be made to end early: what could do so is percent-encoded."""
    return _UNSAFE_IN_TARGET.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), target.strip()
    )


def link(label: str, target: str, style: Style = Style.PLAIN) -> Span:
    """A link, or its words alone where the address has a scheme that we do not pass on."""
    address = safe_target(target)
    words = " ".join(label.split())
    if label.strip() == target.strip():
        words = address
    if address.lower().startswith(LINK_SCHEMES + TOKEN_SCHEMES) and not address.endswith(":"):
        return Link(words or address, address, style)
    if address == "spoiler:" and words:
        return Link(words, address, style)
    return Text(words if words == address or not words else f"{words} ({address})", style)


def lines_of(spans: Iterable[Span]) -> tuple[Line, ...]:
    """Spans cut into lines at their line ends, each line in its one shape; blank lines are empty."""
    lines: list[list[Span]] = [[]]
    for span in spans:
        if not isinstance(span, Text):
            lines[-1].append(span)
            continue
        first, *rest = span.text.split("\n")
        lines[-1].append(Text(first, span.style))
        lines.extend([Text(piece, span.style)] for piece in rest)
    return tuple(_line(spans) for spans in lines)


def line_of(spans: Iterable[Span]) -> Line:
    """Spans as one line without leading space: for headings and list entries."""
    joined = [
        Text(span.text.replace("\n", " "), span.style) if isinstance(span, Text) else span for span in spans
    ]
    return unindented(_line(joined))


def unindented(line: Line) -> Line:
    """A line without its leading space."""
    if line and isinstance(line[0], Text):
        return merged((Text(line[0].text.lstrip(), line[0].style), *line[1:]))
    return line


def merged(spans: Iterable[Span]) -> Line:
    """Neighbouring words, or code, of one style as one span, and no empty ones."""
    out: list[Span] = []
    pieces: list[str] = []
    for span in spans:
        if isinstance(span, Link):
            _settle(out, pieces)
            out.append(span)
        elif span.text or isinstance(span, Code):
            last = out[-1] if out else None
            if type(last) is not type(span) or last.style != span.style:
                _settle(out, pieces)
                out.append(span)
            pieces.append(span.text)
    _settle(out, pieces)
    return tuple(out)


def _settle(out: list[Span], pieces: list[str]) -> None:
    last = out[-1] if out else None
    if len(pieces) > 1 and isinstance(last, Text | Code):
        out[-1] = replace(last, text="".join(pieces))
    pieces.clear()


def unstyled(line: Line) -> Line:
    """The same words without a style."""
    return merged(_restyled(span, Style.PLAIN) for span in line)


def _restyled(span: Span, style: Style) -> Span:
    match span:
        case Text(text):
            return Text(text, style)
        case Code(text):
            return Code(text, style)
        case Link(label, target):
            return Link(label, target, style)


def _line(spans: Sequence[Span]) -> Line:
    linked = merged(piece for span in merged(spans) for piece in _with_addresses(span))
    return _trimmed(merged(_spaces_restyled(linked)))


def _with_addresses(span: Span) -> Iterator[Span]:
    """Addresses typed into the words become links, as every chat shows them."""
    if not isinstance(span, Text):
        yield span
        return
    end = 0
    for found in BARE_ADDRESS.finditer(span.text):
        yield Text(span.text[end : found.start()], span.style)
        yield Link(found.group(), found.group(), span.style)
        end = found.end()
    yield Text(span.text[end:], span.style)


def _spaces_restyled(line: Line) -> Iterator[Span]:
    """Space at a span's edge has only the styles of both neighbours: no dialect can mark it otherwise."""
    pieces = [piece for span in line for piece in _edges(span)]
    following = Style.PLAIN
    right: list[Style] = []
    for piece in reversed(pieces):
        right.append(following)
        if not _blank(piece):
            following = piece.style
    left = Style.PLAIN
    for piece, after in zip(pieces, reversed(right), strict=True):
        if _blank(piece):
            yield _restyled(piece, piece.style & left & after)
        else:
            left = piece.style
            yield piece


def _edges(span: Span) -> Iterator[Span]:
    if not isinstance(span, Text):
        yield span
        return
    core = span.text.strip()
    start = span.text.find(core) if core else len(span.text)
    yield Text(span.text[:start], span.style)
    yield Text(core, span.style)
    yield Text(span.text[start + len(core) :], span.style)


def _blank(span: Span) -> bool:
    return isinstance(span, Text) and not span.text.strip()


def _trimmed(line: Line) -> Line:
    """No space at the end; leading space as plain spaces, since pasted code often comes without a fence."""
    spans = list(line)
    if spans and isinstance(last := spans[-1], Text):
        spans[-1] = Text(last.text.rstrip(), last.style)
    if spans and isinstance(first := spans[0], Text):
        found = _LEADING_SPACE.match(first.text)
        lead = found.group() if found else ""
        if lead:
            spans[0] = Text(
                " " * min(len(lead.expandtabs(4)), INDENT_MOST) + first.text[len(lead) :], first.style
            )
    return merged(spans)


def paragraphs(lines: Iterable[Line]) -> Iterator[Paragraph]:
    """Lines as paragraphs, cut at the blank ones."""
    group: list[Line] = []
    for line in lines:
        if line:
            group.append(line)
        elif group:
            yield Paragraph(tuple(group))
            group = []
    if group:
        yield Paragraph(tuple(group))


def document(blocks: Iterable[Block]) -> Document:
    """Blocks without empty ones, neighbouring lists joined where they read as one."""
    out: list[Block] = []
    for block in blocks:
        match block:
            case Quote(inner):
                kept = tuple(simple for simple in document(inner) if not isinstance(simple, Quote))
                if kept:
                    out.append(Quote(kept))
            case _:
                _append(out, block)
    return tuple(out)


def _append(out: list[Block], block: Simple) -> None:
    match block:
        case Paragraph(lines):
            out.extend(paragraphs(lines))
        case Heading(_, line):
            if line:
                out.append(block)
        case CodeBlock(text):
            if text.strip():
                out.append(block)
        case Listing(entries):
            for kept in _lists(_levelled(entries)):
                last = out[-1] if out else None
                if isinstance(last, Listing) and goes_on(last.entries, kept[0]):
                    out[-1] = Listing(last.entries + kept)
                else:
                    out.append(Listing(kept))


def _lists(entries: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
    """Entries cut where bullets turn into numbers, or numbers do not go on."""
    group: list[Entry] = []
    for entry in entries:
        if group and entry.depth == 0 and not goes_on(group, entry):
            yield tuple(group)
            group = []
        group.append(entry)
    if group:
        yield tuple(group)


def _levelled(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    out: list[Entry] = []
    for entry in entries:
        lines = tuple(stripped for line in entry.lines if (stripped := unindented(line)))
        if lines:
            deepest = min(out[-1].depth + 1, DEEPEST) if out else 0
            out.append(Entry(min(entry.depth, deepest), entry.number, lines))
    return tuple(out)


def goes_on(entries: Sequence[Entry], following: Entry) -> bool:
    """Whether a list reads as one with an entry that comes after it."""
    top = next((entry for entry in reversed(entries) if entry.depth == 0), entries[-1])
    if top.number is None or following.number is None:
        return top.number is following.number
    return following.number == top.number + 1


def without_code(quote: Quote) -> Iterator[Block]:
    """A quote cut at its code blocks, which stand between the pieces: for where a quote cannot hold any."""
    group: list[Simple] = []
    for block in quote.blocks:
        if not isinstance(block, CodeBlock):
            group.append(block)
            continue
        if group:
            yield Quote(tuple(group))
            group = []
        yield block
    if group:
        yield Quote(tuple(group))
