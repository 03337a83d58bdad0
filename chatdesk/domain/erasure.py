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
    ReportSaid,
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
UNMISTAKABLE = 20
"""Words of so many characters are theirs wherever they stand."""

Says = CardMoved | LineReplaced | LineSaid | PersonTold | ThreadWanted | Whispered
"""Effects with words in them."""


def fingerprint(desk: str, who: IdentityId) -> str:
    """By which an erased identity is known again without being kept."""
    return hashlib.sha256(f"{desk}/{who}".encode()).hexdigest()


class Traces:
    """Finds a person in what the desk said: by id, by name, and by the words that they gave.

    ``near`` are the tickets that they had to do with: there every word of theirs goes. Elsewhere only what is
    too long to be somebody else's by chance, as two people may well have asked for a "New password".
    """

    def __init__(
        self,
        person: str,
        identities: Collection[IdentityId],
        words: Collection[str],
        near: Collection[int],
    ) -> None:
        self._person = person
        self._identities = frozenset(identities)
        self._near = frozenset(near)
        self._here = _any_of([one for one in words if len(one.strip()) >= SHORTEST_NAME])
        self._anywhere = _any_of([one for one in words if len(one.strip()) >= UNMISTAKABLE])
        who = "|".join(re.escape(str(one)) for one in identities)
        self._mention = re.compile(rf"\[[^\[\]]*\]\(\s*<?person:(?:{who})>?\s*\)|person:(?:{who})(?![\w-])")

    def names(self, line: Line, ticket: int | None) -> bool:
        """Whether a line said on a ticket shows the person's name or words."""
        return any(self._tells(gap, ticket) for gap in line.gaps)

    def without(self, effect: Says, ticket: int | None) -> Says:
        """The effect with what the person said, and who they are, taken out; names come from their id."""
        if isinstance(effect, ThreadWanted):
            return replace(
                effect,
                title=ERASED if self._has_words(effect.title, ticket) else effect.title,
                opening=self._cleared(effect.opening, ticket),
                members=tuple(one for one in effect.members if one not in self._identities),
            )
        return replace(effect, line=self._cleared(effect.line, ticket))

    def is_to(self, effect: Effect) -> bool:
        """Whether it concerned the person alone."""
        match effect:
            case Whispered(to) | PersonTold(to) | MemberChanged(to):
                return to in self._identities
            case ReportSaid(to=IdentityId() as to):
                return to in self._identities
        return False

    def unmentioned(self, body: str) -> str:
        """Somebody else's words without the mention of the person."""
        return self._mention.sub(ERASED, body)

    def _cleared(self, line: Line, ticket: int | None) -> Line:
        return replace(line, gaps=tuple(self._cleared_gap(gap, ticket) for gap in line.gaps))

    def _cleared_gap(self, gap: Gap, ticket: int | None) -> Gap:
        if gap.kind in (GapKind.PERSON, GapKind.MENTION):
            return gap
        return replace(gap, value=ERASED) if self._has_words(gap.value, ticket) else gap

    def _tells(self, gap: Gap, ticket: int | None) -> bool:
        if gap.kind in (GapKind.PERSON, GapKind.MENTION):
            return gap.value == self._person
        return self._has_words(gap.value, ticket)

    def _has_words(self, text: str, ticket: int | None) -> bool:
        if self._mention.search(text):
            return True
        words = self._here if ticket in self._near else self._anywhere
        return words is not None and words.search(text) is not None


def _any_of(words: Collection[str]) -> re.Pattern[str] | None:
    """Finds the longest of these where it stands by itself."""
    wanted = sorted({one.strip() for one in words}, key=len, reverse=True)
    said = "|".join(re.escape(one) for one in wanted)
    return re.compile(rf"(?<!\w)(?:{said})(?!\w)") if said else None
