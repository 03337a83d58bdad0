"""Articles as people write them in chat: their keys, and what a ticket that was solved says to others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2s

from chatdesk.domain.knowledge import Article, Readers, plain
from chatdesk.domain.text import is_blank, one_line

LONGEST_BODY = 3000
"""Characters of an article that can be written in a form of every platform."""
LONGEST_TITLE = 150
LONGEST_KEYWORDS = 300
_LONGEST_KEY = 60
_SHORTEST_NAME = 3
_SOMEBODY = "…"

_MENTION = re.compile(r"@?\[[^\[\]]*\]\(\s*<?person:[^()\s]*>?\s*\)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"\w+")


def mark_of(key: str) -> str:
    """A key in twelve letters and digits, for the id of a button, which has room for a hundred."""
    return blake2s(key.encode(), digest_size=6).hexdigest()


def key_for(title: str, taken: Collection[str]) -> str:
    """A key of an article that is written in chat, unlike those there are."""
    begun = "-".join(plain(title).split())[:_LONGEST_KEY].strip("-") or "article"
    known = frozenset(taken)
    if begun not in known:
        return begun
    return next(key for number in range(2, len(known) + 3) if (key := f"{begun}-{number}") not in known)


def keywords_in(typed: str) -> tuple[str, ...]:
    """Keywords as they are typed in one line, with commas between them."""
    return tuple(dict.fromkeys(word for one in typed.split(",") if (word := one_line(one, 60))))


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody filled in. ``category`` may be missing."""

    title: str
    body: str
    keywords: str
    category: str | None
    readers: Readers

    def on(self, before: Article) -> Article:
        """The article with these words."""
        return replace(
            before,
            title=one_line(self.title, LONGEST_TITLE),
            body="\n".join(self.body.strip().splitlines()),
            keywords=keywords_in(self.keywords),
            category=self.category,
            readers=self.readers,
        )


def without_names(text: str, names: Iterable[str]) -> str:
    """A text without the names of those who were there, without mentions and mail addresses."""
    cleared = _MAIL.sub(_SOMEBODY, _MENTION.sub(_SOMEBODY, text))
    for name in sorted(set(_parts_of(names)), key=len, reverse=True):
        cleared = re.sub(rf"(?<!\w)@?{re.escape(name)}(?!\w)", _SOMEBODY, cleared, flags=re.IGNORECASE)
    return cleared


def _parts_of(names: Iterable[str]) -> Iterable[str]:
    """Whole names, and each word of them that is long enough to be one."""
    for name in names:
        if not is_blank(name):
            yield name.strip()
            yield from (word for word in _WORD.findall(name) if len(word) >= _SHORTEST_NAME)


def drafted(question: str, answers: Sequence[str], resolution: str, names: Collection[str]) -> str:
    """The text of an article that a solved ticket gives, as far as it fits into a form.

    What is kept is the question's beginning and, of the answers, the last, which are most likely right.
    """
    asked = without_names(question, names).strip()
    told = [without_names(one, names).strip() for one in (*answers, resolution)]
    kept = list(dict.fromkeys(one for one in told if not is_blank(one)))
    shown = asked[: LONGEST_BODY // 3]
    while kept and len(_laid_out(shown, kept)) > LONGEST_BODY:
        kept = kept[1:] if len(kept) > 1 else [kept[0][: LONGEST_BODY - len(shown) - 50]]
    return _laid_out(shown, kept)


def _laid_out(asked: str, told: Sequence[str]) -> str:
    question = f"## Question\n\n{asked}" if asked else ""
    answer = "## Answer\n\n" + "\n\n".join(told) if told else ""
    return "\n\n".join(part for part in (question, answer) if part)
