"""Effects as rows: a short kind and the effect as JSON."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter

from chatdesk.domain.effects import (
    CardChanged,
    CardMoved,
    CatchUpWanted,
    Effect,
    LineReplaced,
    LineSaid,
    MemberChanged,
    PersonTold,
    PostChanged,
    PostReacted,
    PostWritten,
    ReportSaid,
    SourceMarked,
    ThreadEnded,
    ThreadWanted,
    Whispered,
)

KINDS: dict[str, type[Effect]] = {
    "card": CardChanged,
    "card_moved": CardMoved,
    "thread": ThreadWanted,
    "catch_up": CatchUpWanted,
    "post": PostWritten,
    "post_changed": PostChanged,
    "post_reacted": PostReacted,
    "line": LineSaid,
    "line_replaced": LineReplaced,
    "whisper": Whispered,
    "person_told": PersonTold,
    "report": ReportSaid,
    "source_marked": SourceMarked,
    "thread_ended": ThreadEnded,
    "member": MemberChanged,
}
"""Kinds stand in databases: one may be added, none renamed."""

_NAMES: dict[type[Effect], str] = {effect: kind for kind, effect in KINDS.items()}


def kind_of(effect: type[Effect]) -> str:
    return _NAMES[effect]


def post_of(effect: Effect) -> str | None:
    """The post that an effect is about, if it is about one."""
    return effect.post if isinstance(effect, PostWritten | PostChanged | PostReacted) else None


def written(effect: Effect) -> object:
    """The effect as a JSON value."""
    return _adapter(kind_of(type(effect))).dump_python(effect, mode="json")


def parsed(kind: str, payload: object) -> Effect:
    """The effect that ``written`` wrote. Raises KeyError or ValueError for what it did not write."""
    return _adapter(kind).validate_python(payload)


@cache
def _adapter(kind: str) -> TypeAdapter[Effect]:
    return TypeAdapter(KINDS[kind])
