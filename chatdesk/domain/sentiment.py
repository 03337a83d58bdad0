"""Whether a requester's words say that they are angry or at a loss: a list of words, and shouting."""

from __future__ import annotations

import re

from chatdesk.domain.conditions import words_in

UNHAPPY = (
    "unacceptable", "angry", "furious", "ridiculous", "outrageous", "useless", "terrible", "horrible",
    "awful", "disappointed", "frustrated", "frustrating", "fed up", "worst", "incompetent",
    "complaint", "lawyer",
    "cancel my", "still waiting", "nobody answers", "nobody cares", "third time", "again and again",
    "unverschämt", "inakzeptabel", "wütend", "sauer", "enttäuscht", "frustriert", "unmöglich", "katastrophe",
    "beschwerde", "anwalt", "frechheit", "niemand antwortet", "seit tagen", "seit wochen",
)  # fmt: skip

_SHOUTED = re.compile(r"[!?]{3,}|(?:\b[A-ZÄÖÜ]{4,}\b\W+){2}\b[A-ZÄÖÜ]{4,}\b")


def is_unhappy(text: str, more: tuple[str, ...] = ()) -> bool:
    """``more``: words besides our own by which a desk's unhappy requesters are known."""
    return bool(unhappy_signs(text, more))


def unhappy_signs(text: str, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What of a text says so: the words of the list that stand in it, and what is shouted."""
    shouted = _SHOUTED.search(text)
    return (*words_in((*UNHAPPY, *more), text), *((shouted.group().strip(),) if shouted else ()))
