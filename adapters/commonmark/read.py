"""CommonMark to a document, by way of markdown-it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.commonmark.pairing import with_style
from adapters.commonmark.shape import clean, document, goes_on, line_of, lines_of, link, merged
from adapters.commonmark.tree import (
    Block,
    Code,
    CodeBlock,
    Document,
    Entry,
    Heading,
    Line,
    Listing,
    Paragraph,
    Quote,
    Simple,
    Span,
    Style,
    Text,
)

RULE = "———"
_NESTING_MOST = 30
_STYLE_OF = {"strong": Style.BOLD, "em": Style.ITALIC, "s": Style.STRIKE}


class _Parser(MarkdownIt):
    """markdown-it with addresses left exactly as written; which schemes are let through is decided by us."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


def read(body: str) -> Document:
    """A CommonMark body as a document. HTML and tables are words; images are links; never raises."""
    text = clean(body)
    tokens = _parser().parse(text)
    if any(token.level >= _NESTING_MOST - 2 for token in tokens):
        return document([Paragraph(lines_of([Text(text)]))])
    builder = _Builder()
    for token in tokens:
        builder.take(token)
    return document(builder.blocks)


def read_line(body: str) -> tuple[Line, ...]:
    """Inline CommonMark as lines."""
    return lines_of(_spans(_parser().parseInline(body)[0].children or ()))


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": False, "maxNesting": _NESTING_MOST})
    return parser.enable("strikethrough").disable("reference")


@dataclass(slots=True)
class _Level:
    ordered: bool
    number: int
    fresh: bool = False


@dataclass(slots=True)
class _Builder:
    """Walks the block tokens. What a list item cannot hold in chat (code, quotes) is said right after it."""

    blocks: list[Block] = field(default_factory=list)
    quoted: list[Simple] | None = None
    quotes: int = 0
    levels: list[_Level] = field(default_factory=list)
    outside: list[list[_Level]] = field(default_factory=list)
    heading: int = 0

    def take(self, token: Token) -> None:
        match token.type:
            case "blockquote_open":
                self._enter_quote()
            case "blockquote_close":
                self._leave_quote()
            case "bullet_list_open" | "ordered_list_open":
                start = int(token.attrGet("start") or 1) if token.type[0] == "o" and token.attrs else 1
                self.levels.append(_Level(token.type[0] == "o", start - 1))
            case "bullet_list_close" | "ordered_list_close":
                self.levels.pop()
            case "list_item_open":
                self.levels[-1].number += 1
                self.levels[-1].fresh = True
            case "heading_open":
                self.heading = int(token.tag[1:])
            case "heading_close":
                self.heading = 0
            case "inline":
                self._words(token)
            case "fence" | "code_block":
                self._put(CodeBlock(token.content.removesuffix("\n"), _language(token.info)))
            case "hr":
                self._put(Paragraph(((Text(RULE),),)))

    def _enter_quote(self) -> None:
        if self.quotes == 0:
            self.quoted = []
        self.quotes += 1
        self.outside.append(self.levels)
        self.levels = []

    def _leave_quote(self) -> None:
        self.quotes -= 1
        self.levels = self.outside.pop()
        for level in self.levels:
            level.fresh = False
        if self.quotes == 0 and self.quoted is not None:
            self.blocks.append(Quote(tuple(self.quoted)))
            self.quoted = None

    def _put(self, block: Simple) -> None:
        if self.levels and not isinstance(block, Listing):
            self._open_entries()
        if self.quoted is None:
            self.blocks.append(block)
        else:
            self.quoted.append(block)

    def _open_entries(self) -> None:
        for level in self.levels:
            level.fresh = False

    def _words(self, token: Token) -> None:
        spans = tuple(_spans(token.children or ()))
        if self.levels and self.levels[-1].fresh:
            level = self.levels[-1]
            level.fresh = False
            shown = _emboldened(spans) if self.heading else spans
            entry = Entry(len(self.levels) - 1, level.number if level.ordered else None, lines_of(shown))
            self._add_entry(entry)
        elif self.heading and not self.levels:
            self._put(Heading(self.heading, line_of(spans)))
        else:
            self._continue(lines_of(_emboldened(spans) if self.heading else spans))

    def _add_entry(self, entry: Entry) -> None:
        here: list[Block] | list[Simple] = self.blocks if self.quoted is None else self.quoted
        last = here[-1] if here else None
        if isinstance(last, Listing) and (entry.depth > 0 or goes_on(last.entries, entry)):
            here[-1] = Listing((*last.entries, entry))
        else:
            here.append(Listing((entry,)))

    def _continue(self, lines: tuple[Line, ...]) -> None:
        here: list[Block] | list[Simple] = self.blocks if self.quoted is None else self.quoted
        last = here[-1] if here else None
        depth = len(self.levels) - 1
        if self.levels and isinstance(last, Listing) and last.entries[-1].depth == depth:
            entry = last.entries[-1]
            grown = Entry(entry.depth, entry.number, entry.lines + lines)
            here[-1] = Listing((*last.entries[:-1], grown))
        else:
            here.append(Paragraph(lines))


def _emboldened(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(with_style(span, Style.BOLD) for span in spans)


def _language(info: str) -> str:
    word = info.split()[0] if info.split() else ""
    return word if all(char.isascii() and (char.isalnum() or char in "_+-.#") for char in word) else ""


def _spans(tokens: Sequence[Token]) -> Iterator[Span]:
    """Inline tokens as spans. A link's label is words alone, in the style that all of it has."""
    styles: list[Style] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        style = _combined(styles)
        if token.type == "link_open":
            end = _closing(tokens, index)
            inner = merged(_spans(tokens[index + 1 : end]))
            yield _labelled(inner, str(token.attrGet("href") or ""), style)
            index = end
        elif token.type == "image":
            yield link(token.content, str(token.attrGet("src") or ""), style)
        elif token.type == "code_inline":
            yield Code(token.content, style)
        elif token.type in ("softbreak", "hardbreak"):
            yield Text("\n", style)
        elif token.type.endswith("_open"):
            styles.append(_STYLE_OF[token.type.removesuffix("_open")])
        elif token.type.endswith("_close"):
            styles.pop()
        else:
            yield Text(token.content, style)
        index += 1


def _labelled(inner: Line, target: str, style: Style) -> Span:
    shared = Style.BOLD | Style.ITALIC | Style.STRIKE if inner else Style.PLAIN
    for span in inner:
        shared &= span.style
    return link("".join(_label(span) for span in inner), target, style | shared)


def _label(span: Span) -> str:
    return span.text if isinstance(span, (Text, Code)) else span.label


def _closing(tokens: Sequence[Token], index: int) -> int:
    depth = 0
    for position in range(index, len(tokens)):
        depth += tokens[position].nesting if tokens[position].type.startswith("link") else 0
        if depth == 0:
            return position
    return len(tokens) - 1


def _combined(styles: Iterable[Style]) -> Style:
    combined = Style.PLAIN
    for style in styles:
        combined |= style
    return combined
