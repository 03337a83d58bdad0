"""Finding which markers in a chat line open and close a style, in one pass."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from adapters.commonmark.tree import Code, Link, Span, Style, Text


@dataclass(frozen=True, slots=True)
class Kind:
    """What a marker of this size can do where it stands."""

    size: int
    style: Style
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class Delimiter:
    """A run of one marker character; `kinds` go from the longest marker to the shortest."""

    text: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class LineEnd:
    """A line end that no style crosses."""


@dataclass(frozen=True, slots=True)
class _Switch:
    style: Style
    on: bool


@dataclass(frozen=True, slots=True)
class _Open:
    marker: str
    kind: Kind
    place: int


Token = Span | Delimiter | LineEnd
_Piece = Span | _Switch


def paired(tokens: Iterable[Token]) -> list[Span]:
    """Tokens as spans: what is opened and closed is a style, every other marker is itself."""
    pieces: list[_Piece] = []
    stack: list[_Open] = []
    for token in tokens:
        match token:
            case Delimiter():
                _take(token, pieces, stack)
            case LineEnd():
                stack.clear()
                pieces.append(Text("\n"))
            case _:
                pieces.append(token)
    return _applied(pieces)


def _take(run: Delimiter, pieces: list[_Piece], stack: list[_Open]) -> None:
    left = len(run.text)
    while left:
        closing = _closed_by(run, left, len(pieces), stack)
        opening = None if closing is not None else _opened_by(run, left, stack)
        if closing is not None:
            opened = _opening_of(closing, pieces, stack)
            pieces[opened.place] = _Switch(opened.kind.style, on=True)
            pieces.append(_Switch(opened.kind.style, on=False))
            left -= opened.kind.size
        elif opening is not None:
            marker = run.text[: opening.size]
            stack.append(_Open(marker, opening, len(pieces)))
            pieces.append(Text(marker))
            left -= opening.size
        else:
            pieces.append(Text(run.text[:left]))
            left = 0


def _closed_by(run: Delimiter, left: int, place: int, stack: list[_Open]) -> int | None:
    """The innermost open marker that this run closes. A pair is not two single markers."""
    for index in range(len(stack) - 1, -1, -1):
        opened = stack[index]
        size = opened.kind.size
        if opened.marker[0] != run.text[0] or size > left or (size == 1 and left == 2):
            continue
        if opened.place + 1 < place and any(kind.size == size and kind.closes for kind in run.kinds):
            return index
    return None


def _opening_of(closing: int, pieces: list[_Piece], stack: list[_Open]) -> _Open:
    """Takes the open marker off the stack with all that opened after it; `***` opens in either order."""
    opened, *later = stack[closing:]
    del stack[closing:]
    if len(later) != 1 or later[0].place != opened.place + 1 or later[0].marker[0] != opened.marker[0]:
        return opened
    outer = replace(later[0], place=opened.place)
    pieces[outer.place] = Text(outer.marker)
    stack.append(outer)
    return replace(opened, place=opened.place + 1)


def _opened_by(run: Delimiter, left: int, stack: list[_Open]) -> Kind | None:
    for kind in run.kinds:
        if kind.opens and kind.size <= left and all(known.marker != run.text[: kind.size] for known in stack):
            return kind
    return None


def _applied(pieces: Iterable[_Piece]) -> list[Span]:
    active: list[Style] = []
    style = Style.PLAIN
    spans: list[Span] = []
    for piece in pieces:
        if isinstance(piece, _Switch):
            if piece.on:
                active.append(piece.style)
            else:
                active.remove(piece.style)
            style = Style.PLAIN
            for one in active:
                style |= one
        else:
            spans.append(with_style(piece, style))
    return spans


def with_style(span: Span, style: Style) -> Span:
    """The span with these styles added to its own."""
    match span:
        case Text(text, own):
            return Text(text, own | style)
        case Code(text, own):
            return Code(text, own | style)
        case Link(label, target, own):
            return Link(label, target, own | style)
