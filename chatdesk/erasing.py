"""Erasing a person from the database, from our files, and from what the database leaves on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from chatdesk.contract.vocabulary import IdentityId
from chatdesk.courier.files import FileStore
from chatdesk.desk import erasing
from chatdesk.desk.erasing import Known
from chatdesk.domain.organisation import Organisation
from chatdesk.store import attachments, desks
from chatdesk.store.engine import compact, for_reading, many_processes, tell_others
from chatdesk.store.ids import new_id
from chatdesk.store.transaction import Transaction, in_turn

_LONG_AGO = datetime.max.replace(tzinfo=UTC)
"""However lately a file was used, it goes."""


@dataclass(frozen=True, slots=True)
class Found:
    """A person in one desk."""

    organisation: Organisation
    known: Known


@dataclass(frozen=True, slots=True)
class Report:
    """What was done. ``kept``: files that other posts need. ``compact``: nothing is left in unused pages."""

    effects: int
    files: int
    kept: int
    compact: bool


def find(engine: Engine, who: IdentityId, desk: str | None) -> Sequence[Found]:
    """The person behind an identity in every desk that knows them, or in that one."""
    with for_reading(engine).connect() as connection:
        found = []
        for organisation in desks.listed(connection):
            if desk in (None, organisation.desk):
                known = erasing.find(Transaction(connection, organisation.desk, organisation), who)
                if known is not None:
                    found.append(Found(organisation, known))
        return found


def erase(engine: Engine, store: FileStore, found: Collection[Found], now: datetime) -> Report:
    """Erase a person, all desks in one transaction, and then their files. Raises StorageAway."""
    effects, digests = 0, frozenset[str]()
    with engine.begin() as connection:
        for one in found:
            done = erasing.erase(in_turn(connection, one.organisation), one.known, now)
            effects += done.effects
            digests |= done.files
        kept = attachments.needed(connection, digests)
    if many_processes(engine):
        tell_others(engine, new_id())
    asyncio.run(_remove(store, digests - kept))
    return Report(effects, len(digests - kept), len(kept), compact(engine))


async def _remove(store: FileStore, digests: Collection[str]) -> None:
    for digest in digests:
        store.remove_here(digest, _LONG_AGO)
        if store.archive is not None:
            await store.archive.remove(digest, _LONG_AGO)
