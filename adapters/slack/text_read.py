"""mrkdwn, as it comes on the wire, to a document."""

import re
from collections.abc import Iterator, Mapping

from adapters.commonmark.chat import Dialect, ListGrowth, blocks_of, fence_mended, moment
from adapters.commonmark.pairing import Delimiter, Kind, LineEnd, Token, paired
from adapters.commonmark.shape import (
    BARE_ADDRESS,
    LINK_SCHEMES,
    document,
    line_of,
    lines_of,
    link,
    merged,
    without_code,
)
from adapters.commonmark.tree import (
    Block,
    Code,
    CodeBlock,
    Document,
    Line,
    Link,
    Paragraph,
    Quote,
    Span,
    Style,
    Text,
)
from adapters.slack.emoji import with_unicode

_STYLE_OF = {"*": Style.BOLD, "_": Style.ITALIC, "~": Style.STRIKE}
_TOKEN = re.compile(
    rf"(?P<angle><[^<>\n]*>)|`(?P<code>[^`\n]+)`|{BARE_ADDRESS.pattern}|[*_~\n]", re.IGNORECASE
)
_ANGLE = re.compile(r"<([^<>\n]*)>")
_ENTITY = re.compile(r"&(lt|gt|amp);")
_CHAR_OF = {"lt": "<", "gt": ">", "amp": "&"}
_QUOTED = re.compile(r"(?:&gt;|>) ?")
_QUOTED_REST = re.compile(r"(?:&gt;|>){3} ?")
_LIST_LINE = re.compile(
    r"(?P<indent>[ \t]*)"
    r"(?:(?P<bullet>[•◦▪‣⁃]\ufe0e?)|(?P<number>0|[1-9]\d{0,5})\.|(?P<letter>[a-z]|[ivx]{2,5})\.)"
    r"[ \t]+(?=\S)"
)
_MARKER_HYPHENS = re.compile(r"(?<![\u00ad\u200b])[\u00ad\u200b]+(?=[*_~])|(?<=[*_~])[\u00ad\u200b]+")
_START_HYPHENS = re.compile(r"^([ \t]*)\u00ad+(?=&gt;|[>＞•◦▪‣⁃\d])", re.MULTILINE)


def read(text: str, names: Mapping[str, str]) -> Document:
    """A Slack text as a document; never raises."""

    def prose(piece: str) -> list[Block]:
        return list(_prose(piece, names))

    blocks = blocks_of(text, Dialect(_unquoted, _unquoted_rest, prose, _code_block))
    return document(
        piece for block in blocks for piece in (without_code(block) if isinstance(block, Quote) else (block,))
    )


def inline(text: str, names: Mapping[str, str]) -> list[Span]:
    """The spans of a text that holds no blocks."""
    literal = _START_HYPHENS.sub(r"\1", text)
    return [_tidied(span) for span in merged(paired(_without_joints(list(_tokens(literal, names)))))]


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
    return CodeBlock(fence_mended(_literal(inside.removeprefix("\n").removesuffix("\n"))))


def _literal(text: str) -> str:
    """Code as it was typed: Slack links addresses even there."""
    return _unescaped(_ANGLE.sub(lambda found: _shown(found.group(1)), text))


def _shown(inside: str) -> str:
    address, _, label = inside.partition("|")
    return label or address


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda found: _CHAR_OF[found.group(1)], text)


def _prose(text: str, names: Mapping[str, str]) -> Iterator[Block]:
    words: list[str] = []
    growth = ListGrowth()
    for line in text.split("\n"):
        found = _LIST_LINE.match(line)
        number = _number(found, growth) if found else None
        if found and (found["bullet"] or number is not None):
            yield from _paragraphs(words, names)
            growth.add(_indent(found), number, line_of(inline(line[found.end() :], names)))
        elif growth.entries and line.startswith(("  ", "\t")) and line.strip():
            growth.go_on(line_of(inline(line.strip(), names)))
        else:
            yield from growth.done()
            words.append(line)
    yield from growth.done()
    yield from _paragraphs(words, names)


def _paragraphs(words: list[str], names: Mapping[str, str]) -> Iterator[Paragraph]:
    if words:
        yield Paragraph(lines_of(inline("\n".join(words), names)))
        words.clear()


def _indent(found: re.Match[str]) -> int:
    return len(found["indent"].expandtabs(4))


def _number(found: re.Match[str], growth: ListGrowth) -> int | None:
    """The entry's number. Slack shows the digits that were typed, so only a sequence is a list."""
    before = growth.number_before(_indent(found))
    if found["number"]:
        number = int(found["number"])
        return number if before is None or number == before + 1 else None
    if not found["letter"] or not growth.entries or growth.depth_at(_indent(found)) == 0:
        return None
    if before is None:
        return 1 if found["letter"] in ("a", "i") else None
    return before + 1


def _tokens(text: str, names: Mapping[str, str]) -> Iterator[Token]:
    place = 0
    for found in _TOKEN.finditer(text):
        if found.start() > place:
            yield Text(_unescaped(text[place : found.start()]))
        place = found.end()
        piece = found.group()
        if found["angle"]:
            yield _angle(piece[1:-1], names)
        elif found["code"]:
            yield Code(fence_mended(_literal(found["code"])))
        elif piece == "\n":
            yield LineEnd()
        elif piece in _STYLE_OF:
            yield _delimiter(text, found.start())
        else:
            yield link(_unescaped(piece), _unescaped(piece))
    yield Text(_unescaped(text[place:]))


def _delimiter(text: str, place: int) -> Token:
    char = text[place]
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if "\u00ad" in (before, after):
        return Text(char)
    opens = not before.isalnum() and not after.isspace() and char not in (before, after)
    closes = not before.isspace() and not after.isalnum() and char not in (before, after)
    return Delimiter(char, (Kind(1, _STYLE_OF[char], opens, closes),))


def _without_joints(tokens: list[Token]) -> Iterator[Token]:
    """Zero-width spaces beside a marker only make room for it."""
    for index, token in enumerate(tokens):
        if isinstance(token, Text):
            text = token.text
            if index and isinstance(tokens[index - 1], Delimiter):
                text = text.lstrip("\u200b")
            if index + 1 < len(tokens) and isinstance(tokens[index + 1], Delimiter):
                text = text.rstrip("\u200b")
            yield Text(text)
        else:
            yield token


def _tidied(span: Span) -> Span:
    if not isinstance(span, Text):
        return span
    return Text(with_unicode(_MARKER_HYPHENS.sub("", span.text)), span.style)


def _angle(inside: str, names: Mapping[str, str]) -> Span:
    address, _, label = inside.partition("|")
    label = with_unicode(_MARKER_HYPHENS.sub("", _unescaped(label)))
    kind, rest = address[:1], address[1:]
    match kind:
        case "@" if rest.isalnum():
            return Link(_named("@", names.get(rest) or label or rest), f"person:slack/{rest}")
        case "#" if rest.isalnum():
            return Link(_named("#", names.get(rest) or label or rest), f"place:slack/{rest}")
        case "!":
            return _special(rest, label, names)
    address = _unescaped(address)
    if address.lower().startswith(LINK_SCHEMES):
        return link(label or address, address)
    return Text(label or address)


def _named(sign: str, name: str) -> str:
    return sign + (" ".join(name.split()).removeprefix(sign) or "?")


def _special(rest: str, label: str, names: Mapping[str, str]) -> Span:
    name, *arguments = rest.split("^")
    if name == "subteam":
        group = arguments[0] if arguments else ""
        return Text(_named("@", names.get(group) or label or "group"))
    if name == "date":
        return _date(arguments[0] if arguments else "", label)
    return Text(_named("@", label or name))


def _date(seconds: str, label: str) -> Span:
    shown = moment(seconds)
    return link(label or shown, f"time:{seconds}") if shown else Text(label)
