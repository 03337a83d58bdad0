"""What people ask that no article answers, brought together by its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from chatdesk.domain.article_editing import without_names
from chatdesk.domain.knowledge import asked_words

MOST_WORDS = 8
"""Of a question that are remembered."""
MOST_SHOWN = 6
ALIKE = 72
"""How similar words have to be, of 100, to be asking the same."""


class Way(StrEnum):
    SEARCH = "search"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question without an answer. ``by`` tells people apart and names nobody."""

    words: tuple[str, ...]
    way: Way
    by: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that are alike: the words that most of them have, and how many people asked."""

    words: tuple[str, ...]
    searches: int
    tickets: int

    @property
    def times(self) -> int:
        return self.searches + self.tickets


def gap_words(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """What of a question is remembered: a few words that say what it is about, no name and no number."""
    known = asked_words(without_names(text, names))
    return tuple(word for word in known if not any(letter.isdigit() for letter in word))[:MOST_WORDS]


def grouped(asked: Iterable[Asked]) -> Sequence[Gap]:
    """The gaps there are, what most people miss first. Who asks the same again counts once."""
    groups: list[list[Asked]] = []
    heads: list[str] = []
    for one in asked:
        joined = " ".join(one.words)
        at = next((at for at, head in enumerate(heads) if _are_alike(head, joined)), None)
        if at is None:
            heads.append(joined)
            groups.append([one])
        else:
            groups[at].append(one)
    return sorted((_gap(group) for group in groups), key=lambda gap: (-gap.times, gap.words))


def _are_alike(one: str, other: str) -> bool:
    return one == other or fuzz.token_set_ratio(one, other) >= ALIKE


def _gap(group: Sequence[Asked]) -> Gap:
    counted = Counter(word for one in group for word in one.words)
    common = [word for word, times in counted.most_common(MOST_SHOWN) if times * 2 > len(group)]
    return Gap(
        words=tuple(common or group[0].words[:MOST_SHOWN]),
        searches=len({one.by for one in group if one.way is Way.SEARCH}),
        tickets=len({one.by for one in group if one.way is Way.TICKET}),
    )
