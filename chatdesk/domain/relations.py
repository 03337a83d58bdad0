"""How tickets of one desk belong together, and what such ties are called from either end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tie(StrEnum):
    """What one ticket is to another, written from the first to the second."""

    RELATES = "relates"
    BLOCKS = "blocks"
    CAUSED_BY = "caused_by"
    CHILD_OF = "child_of"
    SPLIT_FROM = "split_from"


@dataclass(frozen=True, slots=True)
class Relation:
    ticket: int
    tie: Tie
    other: int


_LABELS: dict[Tie, tuple[str, str]] = {
    Tie.RELATES: ("relates to", "relates to"),
    Tie.BLOCKS: ("blocks", "blocked by"),
    Tie.CAUSED_BY: ("caused by", "causes"),
    Tie.CHILD_OF: ("child of", "parent of"),
    Tie.SPLIT_FROM: ("split from", "split into"),
}

_TYPED: dict[str, tuple[Tie, bool]] = {
    "relates": (Tie.RELATES, False),
    "related": (Tie.RELATES, False),
    "blocks": (Tie.BLOCKS, False),
    "blocked by": (Tie.BLOCKS, True),
    "caused by": (Tie.CAUSED_BY, False),
    "causes": (Tie.CAUSED_BY, True),
    "child of": (Tie.CHILD_OF, False),
    "parent of": (Tie.CHILD_OF, True),
    "child": (Tie.CHILD_OF, True),
    "parent": (Tie.CHILD_OF, False),
}
"""As people type it, and whether it is then said from the other ticket's end.

``#5 child`` names a child, ``child of #5`` says of which ticket this one is a child.
"""

TYPED = ("relates", "blocks", "blocked by", "caused by", "causes", "child", "parent")


def related(ticket: int, typed: str, other: int) -> Relation | None:
    """What somebody means who types ``relate #other typed`` on a ticket; None for an unknown word."""
    folded = " ".join(typed.casefold().replace("_", " ").replace("-", " ").split())
    meant = _TYPED.get(folded.removesuffix(" to") or "relates")
    if meant is None:
        return None
    tie, reversed_ = meant
    one, two = (other, ticket) if reversed_ else (ticket, other)
    if tie is Tie.RELATES:
        one, two = min(one, two), max(one, two)
    return Relation(one, tie, two)


def seen_from(relation: Relation, ticket: int) -> tuple[str, int]:
    """What a tie is called at one of its ends, and which ticket is at the other."""
    ahead, back = _LABELS[relation.tie]
    return (ahead, relation.other) if relation.ticket == ticket else (back, relation.ticket)


def described(relations: tuple[Relation, ...], ticket: int) -> str:
    """All of a ticket's ties in a line, such as ``blocks #4 · parent of #5, #6``."""
    by_label: dict[str, list[int]] = {}
    for relation in relations:
        label, other = seen_from(relation, ticket)
        by_label.setdefault(label, []).append(other)
    return " · ".join(
        f"{label} {', '.join(f'#{number}' for number in sorted(others))}"
        for label, others in by_label.items()
    )
