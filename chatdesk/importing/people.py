"""People of a source as people of the desk, by their accounts or by a table of the operator's."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from chatdesk.contract.vocabulary import Actor, IdentityId, Installation, Platform, Profile
from chatdesk.importing.records import SourcePerson, SourceRefused
from chatdesk.store import erasing, people
from chatdesk.store.transaction import Transaction

EMAIL = Platform("email")


def read_people(file: Path) -> Mapping[str, IdentityId]:
    """Lines such as ``ana@acme.example,slack:U024BE7LH``. Raises SourceRefused."""
    found: dict[str, IdentityId] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for number, row in enumerate(csv.reader(opened), 1):
                cells = [cell.strip() for cell in row]
                if not any(cells):
                    continue
                platform, _, account = cells[1].partition(":") if len(cells) == 2 else ("", "", "")
                if not cells[0] or not platform or not account:
                    raise SourceRefused(
                        f"{file} line {number}: write who they are there and here, such as "
                        "ana@acme.example,slack:U024BE7LH"
                    )
                found[cells[0].casefold()] = IdentityId(Platform(platform), account)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceRefused(f"{file} cannot be read: {error}") from None
    return found


@dataclass(slots=True)
class People:
    """Finds or makes people of one desk. What a database keeps is asked for once in a transaction."""

    named: Mapping[str, IdentityId]
    """By e-mail or by the id that the source knows them by, in lower case."""
    _known: dict[IdentityId, str] = field(default_factory=dict)
    _erased: dict[IdentityId, bool] = field(default_factory=dict)

    def forget(self) -> None:
        """What was looked up may not have been committed."""
        self._known.clear()
        self._erased.clear()

    def here(self, who: SourcePerson) -> IdentityId:
        """Under which account they are known here."""
        keys = (*who.keys, who.identity.id, f"{who.identity.platform}:{who.identity.id}")
        found = (self.named.get(key.casefold()) for key in keys)
        return next((one for one in found if one is not None), who.identity)

    def unite(self, tx: Transaction, source: str, now: datetime) -> int:
        """Make one of those who came in before the table said who they are; how many were two people."""
        united = 0
        for key, account in self.named.items():
            platform, _, rest = key.partition(":")
            for who in (
                IdentityId(EMAIL, key),
                IdentityId(Platform(source), key),
                IdentityId(Platform(platform), rest),
            ):
                known = people.identity(tx, who) if who != account else None
                if known is not None:
                    kept = people.meet(tx, Actor(account), None, now)
                    united += kept != known.person
                    people.become_one(tx, kept, known.person)
        return united

    def was_erased(self, tx: Transaction, who: SourcePerson) -> bool:
        """Whether what they wrote must not come in again."""
        if who.identity not in self._erased:
            asked = {who.identity, self.here(who)}
            self._erased[who.identity] = any(erasing.erased_at(tx, one) is not None for one in asked)
        return self._erased[who.identity]

    def meet(
        self, tx: Transaction, who: SourcePerson, where: Mapping[Platform, Installation], now: datetime
    ) -> str:
        """Their person, made at first sight. What a platform says of them itself is not written over."""
        account = self.here(who)
        if account not in self._known:
            known = people.identity(tx, account)
            profile = Profile(who.name, None, who.handle) if who.name and known is None else None
            installation = where.get(account.platform)
            self._known[account] = people.meet(tx, Actor(account, profile), installation, now)
        return self._known[account]
