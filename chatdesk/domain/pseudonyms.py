"""Roles where names were, so that what strangers are told of a conversation names nobody who is known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

CUSTOMER = "Customer"
"""The first of this kind, the requester, has no number."""
SOMEBODY = "Somebody"
"""Who is mentioned and not known."""
SHORTEST_PART = 3
"""Letters that a part of a name must have to be looked for by itself."""

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_MENTION = re.compile(r"\[[^\[\]]*\]\(\s*<?person:([^\s()<>]+)>?\s*\)|person:([\w-]+/[\w.-]+)")
_PLACE = re.compile(r"\[([^\[\]]*)\]\(\s*<?place:[^\s()<>]+>?\s*\)")
_RAW_MENTION = re.compile(r"<[@#][!&]?\w+(?:\|[^<>]*)?>")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may be named: what they are, what they are called, and their accounts (``slack/U1``)."""

    person: str
    kind: str
    names: tuple[str, ...]
    accounts: tuple[str, ...]


class Roles:
    """Gives everybody a role, in the order in which they are met: Customer, Customer 2, Agent 1.

    A name that is nobody's here, or that is misspelt, is not recognised.
    """

    def __init__(self, known: Sequence[Known]) -> None:
        self._kinds = {one.person: one.kind for one in known}
        self._accounts = {account: one.person for one in known for account in one.accounts}
        self._ids = {account.partition("/")[2]: one.person for one in known for account in one.accounts}
        self._whole: dict[str, str] = {}
        self._parts: dict[str, str] = {}
        for one in known:
            self._learn(one)
        self._names = _any_of(self._whole, re.IGNORECASE)
        self._pieces = _any_of(self._parts)
        self._numbers = _any_of(self._ids)
        self._given: dict[str, str] = {}

    def _learn(self, one: Known) -> None:
        for name in one.names:
            plain = unicodedata.normalize("NFC", name).strip().lstrip("@")
            if len(plain) < 2:
                continue
            self._whole.setdefault(plain.casefold(), one.person)
            for part in re.findall(r"\w+", plain):
                if len(part) >= SHORTEST_PART:
                    self._parts.setdefault(part[0].upper() + part[1:], one.person)

    @property
    def given(self) -> Mapping[str, str]:
        """The roles of those who were met, by person."""
        return self._given

    def of(self, person: str) -> str:
        """Somebody's role, the same each time."""
        if person not in self._given:
            kind = self._kinds.get(person, SOMEBODY)
            count = sum(self._kinds.get(each, SOMEBODY) == kind for each in self._given) + 1
            self._given[person] = kind if kind == CUSTOMER and count == 1 else f"{kind} {count}"
        return self._given[person]

    def hide(self, text: str) -> str:
        """CommonMark as plain words in which nobody is named."""
        plain = unicodedata.normalize("NFC", _ESCAPE.sub(r"\1", text))
        plain = _MENTION.sub(lambda found: self._by(self._accounts, found[1] or found[2]), plain)
        plain = _PLACE.sub(r"\1", plain)
        plain = _RAW_MENTION.sub(SOMEBODY, plain)
        plain = _ADDRESS.sub("(address)", plain)
        plain = self._without(self._names, self._whole, plain)
        plain = self._without(self._pieces, self._parts, plain)
        return self._without(self._numbers, self._ids, plain)

    def _without(self, pattern: re.Pattern[str] | None, known: Mapping[str, str], text: str) -> str:
        if pattern is None:
            return text
        return pattern.sub(lambda found: self._by(known, found[0].lstrip("@")), text)

    def _by(self, known: Mapping[str, str], found: str) -> str:
        person = known.get(found) or known.get(found.casefold())
        return SOMEBODY if person is None else self.of(person)


def _any_of(words: Collection[str], flags: int = 0) -> re.Pattern[str] | None:
    """Finds the longest of these where it stands by itself."""
    said = "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)@?(?:{said})(?!\w)", flags) if said else None
