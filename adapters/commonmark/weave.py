"""Styles written around spans, and found again: what the dialects have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from adapters.commonmark.shape import unstyled
from adapters.commonmark.tree import Line, Link, Span, Style


@dataclass(frozen=True, slots=True)
class Mark:
    """One piece of a written line: a style that opens or closes, or the words of a span."""

    text: str
    opens: bool = False
    closes: bool = False


def weave(line: Line, markers: Mapping[Style, str], say: Callable[[Span], str]) -> list[Mark]:
    """A line as pieces in order, every style opened and closed like brackets."""
    pieces: list[Mark] = []
    active: list[Style] = []
    for index, span in enumerate(line):
        wanted = [style for style in markers if style in span.style]
        keep = 0
        while keep < len(active) and active[keep] in wanted:
            keep += 1
        pieces.extend(Mark(markers[style], closes=True) for style in reversed(active[keep:]))
        del active[keep:]
        missing = [style for style in wanted if style not in active]
        missing.sort(key=lambda style: -_reach(line, index, style))
        pieces.extend(Mark(markers[style], opens=True) for style in missing)
        active.extend(missing)
        pieces.append(Mark(say(span)))
    pieces.extend(Mark(markers[style], closes=True) for style in reversed(active))
    return pieces


def _reach(line: Line, index: int, style: Style, furthest: int = 8) -> int:
    reach = 0
    for span in line[index : index + furthest]:
        if style not in span.style:
            break
        reach += 1
    return reach


def faithful(line: Line, write: Callable[[Line], str], read: Callable[[str], Sequence[Line]]) -> str:
    """A line that reads back the same; where a dialect cannot say its styles there, without them."""
    written = write(line)
    if all(span.style == Style.PLAIN for span in line):
        return written
    read_back = [tuple(_outline(span) for span in again) for again in read(written)]
    return written if read_back == [tuple(_outline(span) for span in line)] else write(unstyled(line))


def _outline(span: Span) -> Span:
    """A token's name and address are each dialect's own: what can be compared is that it is there."""
    return Link("", "", span.style) if isinstance(span, Link) else span
