"""In which ways a desk's tickets are solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResolutionCode:
    """One of the ways in which tickets of a desk are solved. Only staff see it."""

    key: str
    name: str


def code_named(codes: Sequence[ResolutionCode], typed: str) -> ResolutionCode | None:
    """The code that somebody means by its key or its name."""
    folded = _folded(typed)
    return next((one for one in codes if folded in (_folded(one.key), _folded(one.name))), None)


def split_code(codes: Sequence[ResolutionCode], text: str) -> tuple[ResolutionCode | None, str]:
    """A code before a colon, as in ``fixed: a new toner``, and the words behind it; or the code alone."""
    before, _, after = text.partition(":")
    code = code_named(codes, before)
    return (code, after.strip()) if code is not None else (None, text)


def _folded(typed: str) -> str:
    return " ".join(typed.replace("\\", "").replace("_", " ").replace("-", " ").casefold().split())
