"""Articles that answer what people ask again and again, and the words that find them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rapidfuzz import fuzz, process

from chatdesk.domain.languages import SMALL_WORDS

MOST_WORDS = 40
"""Of a request that an article is looked for."""
TYPO = 80
"""How like a known word an unknown one has to be, of 100, to be read as it."""
SHORTEST_MISTYPED = 3
"""Letters of a word that is taken as it stands."""
LIKELY_HITS = 2
"""Words of a request that must stand in an article's title or keywords before it is suggested."""


class Readers(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"
    """Staff alone."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Where a desk's articles are, as a folder beside its file, and whether requesters are shown them."""

    folder: str = "knowledge"
    suggest: bool = True
    review_after: timedelta | None = None
    """How long after it was published or looked through an article is to be looked through."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article. ``key`` is its file's path without its ending; ``body`` is CommonMark."""

    key: str
    title: str
    body: str
    readers: Readers = Readers.PUBLIC
    category: str | None = None
    language: str = "en"
    keywords: tuple[str, ...] = ()
    owner: str | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """An article's words as they are searched: without accents and capital letters."""

    title: str
    keywords: str
    body: str


_WORD = re.compile(r"\w+")
_SAY_NOTHING = frozenset(
    _WORD.findall(
        "a an and any are at be but by can cannot could do does for from get has have hello help hi how i if "
        "in is it its like me my no not now of on or our please that the their there they this to up us was "
        "we what when where which why will with work working works would you your aber als am auf bei bin "
        "bitte das dem den der des die ein eine einen er es fur geht habe hat hallo ich im ist kann man mein "
        "meine mich mir mit nicht noch oder sie sind so und uns von wenn wie wir zu zum zur"
    )
)


_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
"""Runs of Han and kana, in which no space says where a word ends."""


def _in_pairs(run: re.Match[str]) -> str:
    """Each two signs that follow each other, which is as near to words as one comes without a dictionary."""
    signs = run[0]
    pairs = [signs[at : at + 2] for at in range(len(signs) - 1)] or [signs]
    return f" {' '.join(pairs)} "


def _told_apart(text: str) -> str:
    """Plain words, of scripts without spaces too."""
    return " ".join(_WITHOUT_SPACES.sub(_in_pairs, plain(text)).split())


def plain(text: str) -> str:
    """Without accents, capital letters and anything that is no word."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    visible = "".join(one for one in folded if not unicodedata.combining(one))
    return " ".join(_WORD.findall(visible.replace("_", " ")))


_SMALL_PLAIN = frozenset(plain(word) for word in SMALL_WORDS)


def _says_nothing(word: str) -> bool:
    return word in _SAY_NOTHING or word in _SMALL_PLAIN


def plain_words(article: Article) -> Plain:
    return Plain(
        _told_apart(article.title), _told_apart(" ".join(article.keywords)), _told_apart(article.body)
    )


def asked_words(text: str) -> Sequence[str]:
    """The words of a question that say what it is about, each once."""
    found = (_stem(word) for word in _told_apart(text).split() if len(word) > 1 and not _says_nothing(word))
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _stem(word: str) -> str:
    """Words are found by their beginning, so that a plural's ending only hinders."""
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def corrected(words: Sequence[str], known: Collection[str]) -> Sequence[str]:
    """The same words, with those that nothing known begins with read as the known word they are most like."""
    in_order = sorted(known)
    return list(dict.fromkeys(_meant(word, in_order) for word in words))


def _meant(word: str, known: Sequence[str]) -> str:
    """``known`` is in order. A word that is mistyped is as long as it should be, or nearly so."""
    following = bisect_left(known, word)
    begins_one = following < len(known) and known[following].startswith(word)
    if len(word) <= SHORTEST_MISTYPED or begins_one:
        return word
    like = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=TYPO)
    return str(like[0]) if like else word


def is_likely(words: Sequence[str], article: Plain) -> bool:
    """Whether an article is about what was asked, so that it may be shown unasked."""
    head = f"{article.title} {article.keywords}".split()
    hits = sum(any(one.startswith(word) for one in head) for word in words)
    return hits >= LIKELY_HITS
