"""A document to Discord's markdown."""

import re
from collections.abc import Iterator, Mapping

from adapters.commonmark.chat import FENCE, LONG_CODE, fence_broken, joined
from adapters.commonmark.shape import clean, lines_of, merged
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
from adapters.discord.text_read import read_line

_MARKERS = {Style.BOLD: "**", Style.ITALIC: "*", Style.STRIKE: "~~"}
_SPECIAL = re.compile(r"[\\`*_~|<\[\]]")
_PING = re.compile("(?<=<)(?=@)|(?<=@)(?=everyone|here)", re.IGNORECASE)
_ADDRESS_PING = re.compile("@(?=everyone|here)", re.IGNORECASE)
_LINE_START = re.compile(r"\A( *)(#{1,3}(?=\s)|-#|[-*+](?=\s)|>)")
_NUMBER_START = re.compile(r"\A( *\d+)(?=\.\s)")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_ID = re.compile(r"[0-9]{1,20}")
_BACKTICKS = re.compile("`+")
_DEEPEST_HEADING = 3
_JOINT = "\u200b"


def write(blocks: Document, people: Mapping[str, str | None]) -> str:
    """A document as Discord's markdown; `people` as for `from_commonmark`."""
    return joined(blocks, lambda block: _block(block, people))


def escape(name: str) -> str:
    """An untrusted name, to be put into a Discord text: one line that reads literally and pings nobody."""
    lines = lines_of([Text(" ".join(clean(name).split()))])
    return _said(lines[0], {}) if lines[0] else ""


def _block(block: Block, people: Mapping[str, str | None]) -> str:
    match block:
        case Paragraph(lines):
            return "\n".join(_said(line, people) for line in lines)
        case Heading(level, line):
            return "#" * min(level, _DEEPEST_HEADING) + " " + _line(line, people)
        case Listing(entries):
            return "\n".join(_entry(entry, people) for entry in entries)
        case CodeBlock(text, language):
            return f"{FENCE}{language}\n{fence_broken(text)}\n{FENCE}"
        case Quote(blocks):
            inner = joined(blocks, lambda inside: _block(inside, people))
            return "\n".join(f"> {line}" for line in inner.split("\n"))


def _entry(entry: Entry, people: Mapping[str, str | None]) -> str:
    marker = "- " if entry.number is None else f"{entry.number}. "
    indent = "  " * entry.depth
    first, *rest = entry.lines
    more = (f"{indent}  {_said(line, people)}" for line in rest)
    return "\n".join((f"{indent}{marker}{_line(first, people)}", *more))


def _said(line: Line, people: Mapping[str, str | None]) -> str:
    """A line of words: what would start another kind of block is escaped."""
    text = _line(line, people)
    if not isinstance(_resolved(line, people)[0], Text):
        return text
    return _NUMBER_START.sub(r"\1\\", _LINE_START.sub(r"\1\\\2", text))


def _line(line: Line, people: Mapping[str, str | None]) -> str:
    return faithful(_resolved(line, people), _woven, read_line)


def _resolved(line: Line, people: Mapping[str, str | None]) -> Line:
    return merged(piece for span in line for piece in _resolved_span(span, people))


def _resolved_span(span: Span, people: Mapping[str, str | None]) -> Iterator[Span]:
    """A mention as Discord's own, or as its name; what Discord cannot mask is shown beside its words."""
    if not isinstance(span, Link):
        yield span
        return
    scheme, _, rest = span.target.partition(":")
    match scheme.lower():
        case "person" | "place":
            known = people.get(span.target) or ""
            sign = "@" if scheme.lower() == "person" else "#"
            yield Link("", sign + known, span.style) if _ID.fullmatch(known) else Text(span.label, span.style)
        case "time" | "spoiler":
            yield span
        case "http" | "https":
            yield from _address(span)
        case _:
            yield Text(
                span.label if span.label in (rest, span.target) else f"{span.label} ({rest})", span.style
            )


def _address(span: Link) -> Iterator[Span]:
    target = _ADDRESS_PING.sub("%40", span.target)
    if span.bare:
        yield Link(target, target, span.style)
    elif _ADDRESS.search(span.label):
        yield from (
            Text(f"{span.label} (", span.style),
            Link(target, target, span.style),
            Text(")", span.style),
        )
    else:
        yield Link(span.label, target, span.style)


def _woven(line: Line) -> str:
    pieces = weave(line, _MARKERS, _span)
    out: list[str] = []
    for index, piece in enumerate(pieces):
        before = out[-1][-1:] if out else ""
        after = pieces[index + 1].text[:1] if index + 1 < len(pieces) else ""
        parted = _ADDRESS.match(piece.text) and (
            (not before.isspace() and before) or (not after.isspace() and after)
        )
        out.append(f"<{piece.text}>" if parted and " " not in piece.text else piece.text)
    return "".join(out)


def _span(span: Span) -> str:
    match span:
        case Text(text):
            return _escaped(text)
        case Code(text) if len(text) > LONG_CODE:
            return f"{FENCE}\n{fence_broken(text)}\n{FENCE}"
        case Code(text):
            return _code(text)
        case Link(label, target) if target.startswith("spoiler:"):
            return f"||{_escaped(label)}||"
        case Link(_, target) if target.startswith("time:"):
            return f"<t:{target.removeprefix('time:')}:f>"
        case Link("", target):
            return f"<{target}>"
        case Link(label, target):
            if span.bare:
                return target
            return f"[{_escaped(label)}]({f'<{target}>' if '(' in target or ')' in target else target})"


def _code(text: str) -> str:
    """A code span; Discord knows one or two backticks around it, three are a block."""
    runs = {len(run) for run in _BACKTICKS.findall(text)}
    whole = (
        text
        if len(runs) < 2 and runs <= {1, 2}
        else _BACKTICKS.sub(lambda run: _JOINT.join(run.group()), text)
    )
    fence = "``" if re.search("(?<!`)`(?!`)", whole) else "`"
    lead = " " if whole.lstrip(" ").startswith("`") else ""
    tail = " " if whole.rstrip(" ").endswith("`") else ""
    return f"{fence}{lead}{whole}{tail}{fence}"


def _escaped(text: str) -> str:
    """Words as they are, with whatever Discord would take for markup escaped and every ping broken."""
    literal = _SPECIAL.sub(lambda found: _escape_one(text, found.start()), text)
    return _PING.sub(_JOINT, literal)


def _escape_one(text: str, index: int) -> str:
    char = text[index]
    before = text[index - 1] if index else ""
    after = text[index + 1] if index + 1 < len(text) else ""
    match char:
        case "\\":
            harmless = bool(after) and (after.isspace() or (after.isascii() and after.isalnum()))
        case "*":
            harmless = before == " " and after == " "
        case "_":
            harmless = all(near.isascii() and near.isalnum() for near in (before, after)) and bool(
                before and after
            )
        case "~" | "|":
            harmless = bool(before and after) and char not in (before, after)
        case "<":
            harmless = after == "@" or after == " " or after.isdigit()
        case _:
            harmless = False
    return char if harmless else "\\" + char
