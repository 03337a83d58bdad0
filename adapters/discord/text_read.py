"""Discord's markdown to a document."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from adapters.commonmark.chat import Dialect, ListGrowth, blocks_of, fence_mended, moment
from adapters.commonmark.pairing import Delimiter, Kind, Token, paired
from adapters.commonmark.shape import BARE_ADDRESS, document, line_of, lines_of, link, merged
from adapters.commonmark.tree import (
    Block,
    Code,
    CodeBlock,
    Document,
    Heading,
    Line,
    Link,
    Paragraph,
    Span,
    Style,
    Text,
    text_of,
)

_LANGUAGE = re.compile(r"([A-Za-z0-9_+\-.#]+)\n")
_QUOTED = re.compile(r" *> ")
_QUOTED_REST = re.compile(r" *>>> ?")
_HEADING = re.compile(r"(#{1,3})\s+(?=\S)")
_SUBTEXT = re.compile(r"-#\s+(?=\S)")
_LIST_LINE = re.compile(r"(?P<indent> *)(?:[-*]|(?P<number>0|[1-9]\d{0,5})\.) +(?=\S)")
_BROKEN_PING = re.compile("(?<=<)\u200b+(?=@)|(?<=@)\u200b+(?=everyone|here)")
_ESCAPED = r"\\(?P<escaped>[^0-9A-Za-z\s])"
_MASKED = (
    r"\[(?P<label>(?:\\[^\n]|[^\[\]\\\n])+)\]"
    r"\((?:<(?P<enclosed>https?://[^\s<>]+)>|(?P<address>https?://[^\s<>()]+))(?: +\"[^\"\n]*\")?\)"
)
_ANGLE = (
    r"@[!&]?[0-9]{1,20}|#[0-9]{1,20}|a?:[A-Za-z0-9_]{1,40}:[0-9]{1,20}|t:-?[0-9]{1,10}(?::[A-Za-z])?"
    r"|/[^<>:\n]{1,200}:[0-9]{1,20}|https?://[^\s<>]+"
)
_TOKEN = re.compile(rf"{_ESCAPED}|<(?P<angle>{_ANGLE})>|{_MASKED}|{BARE_ADDRESS.pattern}|`+|\*+|_+|~~|\|\|")
_RUN = re.compile("`+")
_BACKTICK_SPACE = re.compile("^ (?= *`)|(?P<kept>` *) $")


def read(text: str, names: Mapping[str, str]) -> Document:
    """A Discord text as a document; never raises."""

    def prose(piece: str) -> list[Block]:
        return list(_prose(piece, names))

    return document(blocks_of(text, Dialect(_unquoted, _unquoted_rest, prose, _code_block)))


def inline(text: str, names: Mapping[str, str]) -> list[Span]:
    """The spans of a text that holds no blocks."""
    spans = merged(paired(_tokens(text, names)))
    return [_mended(span) for span in _spoilers(spans)]


def read_line(text: str) -> tuple[Line, ...]:
    """A written line, read back."""
    return lines_of(inline(text, {}))


def _unquoted(line: str) -> str | None:
    found = _QUOTED.match(line)
    return line[found.end() :] if found else None


def _unquoted_rest(line: str) -> str | None:
    found = _QUOTED_REST.match(line)
    return line[found.end() :] if found else None


def _code_block(inside: str) -> CodeBlock:
    found = _LANGUAGE.match(inside)
    if found and inside[found.end() :].strip():
        return CodeBlock(fence_mended(inside[found.end() :].removesuffix("\n")), found[1])
    return CodeBlock(fence_mended(inside.removeprefix("\n").removesuffix("\n")))


def _prose(text: str, names: Mapping[str, str]) -> Iterator[Block]:
    words: list[str] = []
    growth = ListGrowth()
    for line in text.split("\n"):
        listed = _LIST_LINE.match(line)
        heading = _HEADING.match(line)
        if listed:
            yield from _paragraphs(words, names)
            indent = len(listed["indent"])
            growth.add(indent, _number(listed, growth), line_of(inline(line[listed.end() :], names)))
        elif growth.entries and line.startswith("  ") and line.strip():
            growth.go_on(line_of(inline(line.strip(), names)))
        elif heading:
            yield from growth.done()
            yield from _paragraphs(words, names)
            yield Heading(len(heading[1]), line_of(inline(line[heading.end() :], names)))
        else:
            yield from growth.done()
            words.append(_SUBTEXT.sub("", line) if _SUBTEXT.match(line) else line)
    yield from growth.done()
    yield from _paragraphs(words, names)


def _paragraphs(words: list[str], names: Mapping[str, str]) -> Iterator[Paragraph]:
    if words:
        yield Paragraph(lines_of(inline("\n".join(words), names)))
        words.clear()


def _number(listed: re.Match[str], growth: ListGrowth) -> int | None:
    """The number that Discord shows: it counts on from a list's first number, whatever is typed after."""
    if not listed["number"]:
        return None
    before = growth.number_before(len(listed["indent"]))
    return int(listed["number"]) if before is None else before + 1


def _tokens(text: str, names: Mapping[str, str]) -> Iterator[Token]:
    runs = _runs(text)
    place = 0
    while found := _TOKEN.search(text, place):
        yield Text(text[place : found.start()])
        place = found.end()
        piece = found.group()
        if found["escaped"]:
            yield Text(found["escaped"])
        elif found["angle"]:
            yield _angle(found["angle"], names)
        elif found["label"]:
            yield _masked(found["label"], found["enclosed"] or found["address"])
        elif piece[0] == "`":
            stop = _closing(runs, place, len(piece))
            yield Text(piece) if stop is None else _code(text[place:stop])
            place = place if stop is None else stop + len(piece)
        elif piece[0] in "*_~|":
            yield _delimiter(
                piece, text[max(found.start() - 1, 0) : found.start()] or " ", text[place : place + 1] or " "
            )
        else:
            yield link(piece, piece)
    yield Text(text[place:])


def _runs(text: str) -> dict[int, list[int]]:
    runs: dict[int, list[int]] = {}
    for found in _RUN.finditer(text):
        runs.setdefault(len(found.group()), []).append(found.start())
    return runs


def _closing(runs: Mapping[int, Sequence[int]], place: int, size: int) -> int | None:
    places = runs.get(size, ())
    index = bisect_left(places, place + 1)
    return places[index] if index < len(places) else None


def _code(inside: str) -> Code:
    return Code(
        fence_mended(_BACKTICK_SPACE.sub(lambda found: found["kept"] or "", inside).replace("\n", " "))
    )


def _delimiter(run: str, before: str, after: str) -> Delimiter:
    match run[0]:
        case "*":
            single = Kind(1, Style.ITALIC, not after.isspace(), not before.isspace())
            return Delimiter(run, (Kind(2, Style.BOLD, True, True), single))
        case "_":
            single = Kind(1, Style.ITALIC, not _wordy(before), not _wordy(after))
            return Delimiter(run, (Kind(2, Style.ITALIC, True, True), single))
        case "~":
            return Delimiter(run, (Kind(2, Style.STRIKE, True, True),))
    return Delimiter(run, (Kind(2, Style.HIDDEN, True, True),))


def _wordy(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def _angle(inside: str, names: Mapping[str, str]) -> Span:
    number = inside.lstrip("@!&#")
    match inside[0]:
        case "@" if inside[1] == "&":
            return Text(_named("@", names.get(number, "role")))
        case "@":
            return Link(_named("@", names.get(number, number)), f"person:discord/{number}")
        case "#":
            return Link(_named("#", names.get(number, number)), f"place:discord/{number}")
        case "/":
            return Text(inside.partition(":")[0])
        case "t":
            seconds = inside.split(":")[1]
            return link(moment(seconds) or "", f"time:{seconds}")
        case "h":
            return link(inside, inside)
    return Text(f":{inside.split(':')[1]}:")


def _named(sign: str, name: str) -> str:
    return sign + (" ".join(name.split()).removeprefix(sign) or "?")


def _masked(label: str, address: str) -> Span:
    spans = merged(paired(_tokens(label, {})))
    shared = Style.BOLD | Style.ITALIC | Style.STRIKE if spans else Style.PLAIN
    for span in spans:
        shared &= span.style
    return link(text_of(spans), address, shared)


def _spoilers(spans: Sequence[Span]) -> Iterator[Span]:
    """Hidden words as `spoiler:` links, line by line; what holds a link itself keeps its bars in sight."""
    group: list[Span] = []
    for span in (*spans, Text("")):
        if Style.HIDDEN in span.style:
            group.append(span)
            continue
        yield from _spoiler(group)
        group = []
        yield span


def _spoiler(group: Sequence[Span]) -> Iterator[Span]:
    if not group:
        return
    bared = [_bared(span) for span in group]
    if any(isinstance(span, Link) for span in group):
        yield from (Text("||"), *bared, Text("||"))
        return
    for index, words in enumerate(text_of(bared).split("\n")):
        if index:
            yield Text("\n")
        if words.strip():
            yield link(words, "spoiler:")


def _bared(span: Span) -> Span:
    style = span.style & ~Style.HIDDEN
    match span:
        case Text(text):
            return Text(text, style)
        case Code(text):
            return Code(text, style)
        case Link(label, target):
            return Link(label, target, style)


def _mended(span: Span) -> Span:
    return Text(_BROKEN_PING.sub("", span.text), span.style) if isinstance(span, Text) else span
