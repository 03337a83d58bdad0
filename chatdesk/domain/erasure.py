"""What of other people's rows tells of a person who is erased, and what stands there afterwards."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import replace

from chatdesk.contract.vocabulary import IdentityId
from chatdesk.domain.effects import (
    CardMoved,
    Effect,
    LineReplaced,
    LineSaid,
    MemberChanged,
    PersonTold,
    ThreadWanted,
    Whispered,
)
from chatdesk.domain.lines import Gap, GapKind, Line

ERASED = "(erased)"
"""What stands where words were."""
ERASED_PERSON = "Somebody erased"
"""What a person is called of whom nothing is kept."""
NEVER_NEWER = "~"
"""The version of a post that was erased: every edit's is older, so that none brings its words back."""
SHORTEST_NAME = 2

Says = CardMoved | LineReplaced | LineSaid | PersonTold | ThreadWanted | Whispered
"""Effects with words in them."""


def fingerprint(desk: str, who: IdentityId) -> str:
    """By which an erased identity is known again without being kept."""
    return hashlib.sha256(f"{desk}/{who}".encode()).hexdigest()


class Traces:
    """Finds a person in what the desk said: by id, by name, and by the words that they gave."""

    def __init__(self, person: str, identities: Collection[IdentityId], words: Collection[str]) -> None:
        self._person = person
        self._identities = frozenset(identities)
        wanted = sorted({one.strip() for one in words if len(one.strip()) >= SHORTEST_NAME}, key=len)
        said = "|".join(re.escape(one) for one in reversed(wanted))
        self._words = re.compile(rf"(?<!\w)(?:{said})(?!\w)") if said else None
        who = "|".join(re.escape(str(one)) for one in identities)
        self._mention = re.compile(rf"\[[^\[\]]*\]\(\s*<?person:(?:{who})>?\s*\)|person:(?:{who})(?![\w-])")

    def names(self, line: Line) -> bool:
        """Whether the line says the person's name or words when it is shown."""
        return any(self._tells(gap) for gap in line.gaps)

    def without(self, effect: Says) -> Says:
        """The effect with what the person said, and who they are, taken out; names come from their id."""
        if isinstance(effect, ThreadWanted):
            return replace(
                effect,
                title=ERASED if self._has_words(effect.title) else effect.title,
                opening=self._cleared(effect.opening),
                members=tuple(one for one in effect.members if one not in self._identities),
            )
        return replace(effect, line=self._cleared(effect.line))

    def is_to(self, effect: Effect) -> bool:
        """Whether it concerned the person alone."""
        match effect:
            case Whispered(to) | PersonTold(to) | MemberChanged(to):
                return to in self._identities
        return False

    def unmentioned(self, body: str) -> str:
        """Somebody else's words without the mention of the person."""
        return self._mention.sub(ERASED, body)

    def _cleared(self, line: Line) -> Line:
        return replace(line, gaps=tuple(self._cleared_gap(gap) for gap in line.gaps))

    def _cleared_gap(self, gap: Gap) -> Gap:
        if gap.kind is GapKind.PERSON:
            return gap
        return replace(gap, value=ERASED) if self._has_words(gap.value) else gap

    def _tells(self, gap: Gap) -> bool:
        if gap.kind is GapKind.PERSON:
            return gap.value == self._person
        return self._has_words(gap.value)

    def _has_words(self, text: str) -> bool:
        if self._mention.search(text):
            return True
        return self._words is not None and self._words.search(text) is not None
