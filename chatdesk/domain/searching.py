"""Words that tickets are looked for by, and what is shown of the text they stand in."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk.domain.knowledge import plain
from chatdesk.domain.text import plain_text, shortened

MOST_WORDS = 8
"""Of a search; what follows is not looked for."""
LONGEST_WORD = 40
LONGEST_TEXT = 20_000
"""Characters of a post that are searched."""
LONGEST_EXCERPT = 90
_BEFORE = 4
_AFTER = 10


def wanted_words(typed: str) -> Sequence[str]:
    """The words of a search as they are compared, each once. The last may be the beginning of one."""
    return list(dict.fromkeys(_words(typed)))[:MOST_WORDS]


def searched(text: str) -> str:
    """A text's words as they are compared, with a space before and behind each; "" where it has none."""
    words = _words(plain_text(text[:LONGEST_TEXT]))
    return f" {' '.join(words)} " if words else ""


def _words(text: str) -> Sequence[str]:
    return [word[:LONGEST_WORD] for word in plain(text).split()]


def standing_in(words: Sequence[str]) -> Sequence[str]:
    """What of searched texts has to stand in one that is found: whole words, and the last one's beginning."""
    return [*(f" {word} " for word in words[:-1]), f" {words[-1]}"]


def has_all(words: Sequence[str], text: str) -> bool:
    """Whether a searched text has every one of the words."""
    return all(piece in text for piece in standing_in(words))


def has_any(words: Sequence[str], text: str) -> bool:
    """Whether a word of a searched text begins with one of the words."""
    return any(f" {word}" in text for word in words)


def excerpt(body: str, words: Sequence[str]) -> str:
    """A few words of a body around the first that was looked for; "" where none of them stands there."""
    pieces = plain_text(body[:LONGEST_TEXT]).split()
    hit = next((place for place, piece in enumerate(pieces) if _is_hit(piece, words)), None)
    if hit is None:
        return ""
    first = max(hit - _BEFORE, 0)
    before = "…" if first else ""
    after = "…" if hit + _AFTER < len(pieces) else ""
    return shortened(before + " ".join(pieces[first : hit + _AFTER]) + after, LONGEST_EXCERPT)


def _is_hit(piece: str, words: Sequence[str]) -> bool:
    return any(part.startswith(word) for part in _words(piece) for word in words)
