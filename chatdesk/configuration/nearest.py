"""What is allowed, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_CUTOFF = 60


def known_are(what: str, given: str, known: Iterable[str]) -> str:
    """``teams are support, billing (did you mean support?)``"""
    names = list(known)
    if not names:
        return f"there are no {what}"
    return f"{what} are {', '.join(names)}{did_you_mean(given, names)}"


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """`` (did you mean support?)``, or nothing where nothing is near."""
    found = process.extractOne(given, list(known), scorer=fuzz.ratio, score_cutoff=_CUTOFF)
    return f" (did you mean {found[0]}?)" if found else ""
