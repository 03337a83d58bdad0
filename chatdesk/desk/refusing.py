"""Refusals of values that are missing or unknown: what is allowed, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatdesk.contract import sentences
from chatdesk.contract.sentences import Markup
from chatdesk.desk.act import Refusal, refuse
from chatdesk.domain.verbs import nearest


def unknown(kind: str, typed: str | None, allowed: Iterable[str], usage: str) -> Refusal:
    """The refusal of a value that is missing or is not one of those allowed."""
    names: Sequence[str] = list(allowed)
    shown = ", ".join(names[:25]) or "none yet"
    if not (typed or "").strip():
        return refuse(
            sentences.MISSING_VALUE.say(kind=kind, usage=Markup(f"Such as `{usage}`"), allowed=shown)
        )
    like = nearest(typed or "", names)
    hint = sentences.NEAREST.say(word=like) if like else ""
    text = sentences.UNKNOWN_VALUE.say(
        kind=kind, typed=(typed or "")[:60], nearest=Markup(hint), allowed=shown
    )
    return refuse(text)
