"""A document to mrkdwn."""

import re
from collections.abc import Iterable, Iterator, Mapping

from adapters.commonmark.chat import FENCE, LONG_CODE, fence_broken, joined
from adapters.commonmark.pairing import with_style
from adapters.commonmark.shape import LINK_SCHEMES, clean, merged, without_code
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
    text_of,
)
from adapters.commonmark.weave import Mark, faithful, weave
from adapters.slack.text_read import read_line

_MARKERS = {Style.BOLD: "*", Style.ITALIC: "_", Style.STRIKE: "~"}
_ENTITY_OF = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BULLETS = ("•", "◦", "▪")
_LITERAL_START = re.compile(r"^( *)(?=&gt;|[＞•◦▪‣⁃]|\d+\. )")
_ID = re.compile(r"[A-Z0-9]{1,40}")
_SOFT_HYPHEN = "\u00ad"
_JOINT = "\u200b"
_GRAVE_ACCENT = "ˋ"


def write(blocks: Document, people: Mapping[str, str | None]) -> str:
    """A document as mrkdwn; `people` as for `from_commonmark`."""
    return joined(tuple(_said(blocks, people)), _block)


def escape(name: str) -> str:
    """An untrusted name, to be put into mrkdwn: one line that reads literally and pings nobody."""
    words = " ".join(clean(name).split()).replace("`", _GRAVE_ACCENT)
    return _LITERAL_START.sub(rf"\1{_SOFT_HYPHEN}", _entities(_hyphenated(words, "*_~")))


def _said(blocks: Iterable[Block], people: Mapping[str, str | None]) -> Iterator[Block]:
    """The blocks as Slack has them: no code within quotes, headings in bold, mentions resolved."""
    for block in blocks:
        match block:
            case Quote(inner):
                yield from without_code(Quote(tuple(_simple(simple, people) for simple in inner)))
            case _:
                yield _simple(block, people)


def _simple(block: Simple, people: Mapping[str, str | None]) -> Simple:
    match block:
        case Paragraph(lines):
            return Paragraph(tuple(_resolved(line, people) for line in lines))
        case Heading(_, line):
            return Paragraph((tuple(with_style(span, Style.BOLD) for span in _resolved(line, people)),))
        case Listing(entries):
            return Listing(tuple(_resolved_entry(entry, people) for entry in entries))
        case _:
            return block


def _resolved_entry(entry: Entry, people: Mapping[str, str | None]) -> Entry:
    return Entry(entry.depth, entry.number, tuple(_resolved(line, people) for line in entry.lines))


def _resolved(line: Line, people: Mapping[str, str | None]) -> Line:
    return merged(_resolved_span(span, people) for span in line)


def _resolved_span(span: Span, people: Mapping[str, str | None]) -> Span:
    """A mention as Slack's own, or as its name; what Slack cannot link is words."""
    if not isinstance(span, Link):
        return span
    scheme, _, rest = span.target.partition(":")
    match scheme.lower():
        case "person" | "place":
            known = people.get(span.target) or ""
            sign = "@" if scheme.lower() == "person" else "#"
            return (
                Link("", sign + known, span.style) if _ID.fullmatch(known) else Text(span.label, span.style)
            )
        case "spoiler":
            return Text(f"||{span.label}||", span.style)
        case "time":
            return Link(span.label, f"!date^{rest}^{{date_num}} {{time}}", span.style)
        case _ if span.target.lower().startswith(LINK_SCHEMES):
            return span
    return Text(span.label, span.style)


def _block(block: Block) -> str:
    match block:
        case Paragraph(lines):
            return "\n".join(_LITERAL_START.sub(rf"\1{_SOFT_HYPHEN}", _line(line)) for line in lines)
        case Heading(_, line):
            return _line(line)
        case Listing(entries):
            return "\n".join(_entry(entry) for entry in entries)
        case CodeBlock(text):
            return f"{FENCE}\n{_entities(fence_broken(text))}\n{FENCE}"
        case Quote(blocks):
            return "\n".join(f"&gt; {line}".rstrip(" ") for line in joined(blocks, _block).split("\n"))


def _entry(entry: Entry) -> str:
    marker = f"{entry.number}. " if entry.number is not None else _BULLETS[min(entry.depth, 2)] + " "
    indent = "    " * entry.depth
    first, *rest = (_line(line) for line in entry.lines)
    more = (f"{indent}   {_LITERAL_START.sub(_SOFT_HYPHEN, line)}" for line in rest)
    return "\n".join((f"{indent}{marker}{first}", *more))


def _line(line: Line) -> str:
    return faithful(line, _woven, read_line)


def _woven(line: Line) -> str:
    words = text_of(line)
    busy = "".join(
        marker
        for style, marker in _MARKERS.items()
        if marker in words and (_could_pair(line, marker) or any(style in span.style for span in line))
    )
    ticks = words.count("`") > 1 or any(isinstance(span, Code) for span in line)
    marks = weave(line, _MARKERS, lambda span: _span(span, busy, ticks))
    return "".join(_with_joints(marks))


def _could_pair(line: Line, marker: str) -> bool:
    """Whether one of these markers, meant literally, could open a style and a later one close it."""
    opened = False
    for span in line:
        text = span.label if isinstance(span, Link) else span.text
        for found in re.finditer(re.escape(marker), text):
            before, after = (
                text[max(found.start() - 1, 0) : found.start()],
                text[found.end() : found.end() + 1],
            )
            if opened and not before.isspace() and not after.isalnum():
                return True
            opened = opened or (not before.isalnum() and not after.isspace())
    return False


def _with_joints(marks: list[Mark]) -> Iterator[str]:
    """Slack takes a marker for one only at a word's edge: a zero-width space makes an edge inside a word."""
    for index, mark in enumerate(marks):
        before = marks[index - 1].text[-1:] if index else ""
        after = marks[index + 1].text[:1] if index + 1 < len(marks) else ""
        lead = _JOINT if mark.opens and (before.isalnum() or before in mark.text) and before else ""
        tail = _JOINT if mark.closes and (after.isalnum() or after in mark.text) and after else ""
        yield lead + mark.text + tail


def _span(span: Span, busy: str, ticks: bool) -> str:
    match span:
        case Text(text):
            quiet = text.replace("`", _GRAVE_ACCENT) if ticks else text
            return _entities(_hyphenated(quiet, busy))
        case Code(text) if "`" in text or len(text) > LONG_CODE:
            return f"{FENCE}\n{_entities(fence_broken(text))}\n{FENCE}"
        case Code(text):
            return f"`{_entities(text)}`"
        case Link(label, target):
            shown = "" if not label or span.bare else "|" + _entities(_hyphenated(label, busy))
            return f"<{_entities(target)}{shown}>"


def _entities(text: str) -> str:
    return re.sub("[&<>]", lambda found: _ENTITY_OF[found.group()], text)


def _hyphenated(text: str, busy: str) -> str:
    """The text with soft hyphens around each of these markers, where it could begin or end a style."""
    if not busy:
        return text
    return re.sub(f"[{busy}]", lambda found: _hyphenated_one(text, found.start()), text)


def _hyphenated_one(text: str, index: int) -> str:
    before = text[index - 1] if index else ""
    after = text[index + 1] if index + 1 < len(text) else ""
    within_word = before.isalnum() and after.isalnum()
    alone = before == " " and after == " "
    return text[index] if within_word or alone else f"{_SOFT_HYPHEN}{text[index]}{_SOFT_HYPHEN}"
