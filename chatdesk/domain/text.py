"""Small pure things about text that people wrote."""

from __future__ import annotations

import re
import unicodedata

_LINK = re.compile(r"!?\[((?:[^\[\]\\]|\\.){0,500})\]\([^()\s]{0,2000}\)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARKS = re.compile(r"[*_~`>#]+")
_UNSEEN_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that are drawn as nothing."""


def is_blank(text: str) -> bool:
    """Whether nothing would be seen of it: spaces, zero-width characters, fillers."""
    return all(_is_unseen(character) for character in text)


def _is_unseen(character: str) -> bool:
    is_variation = "\ufe00" <= character <= "\ufe0f"
    return unicodedata.category(character) in _UNSEEN_CATEGORIES or character in _UNSEEN or is_variation


def headline(body: str, limit: int = 80) -> str:
    """The first line with words in it, without markup, cut at a word's end."""
    for line in body.splitlines():
        plain = " ".join(plain_text(line).split())
        if not is_blank(plain):
            return shortened(plain, limit)
    return ""


def one_line(text: str, limit: int = 150) -> str:
    """Plain words that were typed for one line, as they are; "" where nothing would be seen of them."""
    return "" if is_blank(text) else shortened(" ".join(text.split()), limit)


def plain_text(body: str) -> str:
    """CommonMark as a person would read it aloud; for titles and lists, not for showing posts."""
    unlinked = _LINK.sub(lambda match: match.group(1), body)
    kept: list[str] = []
    position = 0
    for match in _ESCAPE.finditer(unlinked):
        kept.append(_MARKS.sub("", unlinked[position : match.start()]))
        kept.append(match.group(1))
        position = match.end()
    kept.append(_MARKS.sub("", unlinked[position:]))
    return "".join(kept)


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut at a word's end with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > limit // 2 else cut) + "…"
