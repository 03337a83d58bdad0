"""An import from end to end: batches, each in one transaction, so that it goes on where it stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.courier.files import FileRefused, StorageAway
from chatdesk.domain.lifecycle import OVER
from chatdesk.domain.organisation import Organisation
from chatdesk.importing import own_taking, taking
from chatdesk.importing.files import LocalFiles
from chatdesk.importing.mapping import Translator
from chatdesk.importing.people import People
from chatdesk.importing.records import NotTaken, OwnTicket, Record, Source, SourceTicket
from chatdesk.importing.report import Report
from chatdesk.importing.taking import NO_FILES, StoredFiles, Taking
from chatdesk.store import imports, installations
from chatdesk.store.engine import for_reading
from chatdesk.store.transaction import Transaction, in_turn

AT_ONCE = 50
"""Records in one transaction: a desk that runs meanwhile waits for no more than these."""

Advanced = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Importing:
    """``files``: where attachments lie, if they lie anywhere. ``is_trial``: nothing is kept."""

    engine: Engine
    organisation: Organisation
    now: datetime
    people: People
    files: LocalFiles | None = None
    is_trial: bool = False
    at_once: int = AT_ONCE


@dataclass(slots=True)
class _Batch:
    """What a transaction did, which counts only once it is committed."""

    taken: int = 0
    posts: int = 0
    files: int = 0
    known: int = 0
    open: int = 0
    lost: list[NotTaken] = field(default_factory=list)


def run(importing: Importing, source: Source, advanced: Advanced) -> Report:
    """Take in all that can be. Raises SourceRefused where the source turns out to be something else."""
    started = time.monotonic()
    report = Report(source.name, source.words)
    translator = Translator(importing.organisation)
    for records in _batches(source.records, importing.at_once):
        done = _take_batch(importing, source.name, translator, records)
        report.taken += done.taken
        report.posts += done.posts
        report.files += done.files
        report.known += done.known
        report.open += done.open
        report.lost += done.lost
        advanced(len(records))
    report.words = translator.used
    report.seconds = time.monotonic() - started
    return report


def _batches(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    while batch := list(islice(records, size)):
        yield batch


def _take_batch(
    importing: Importing, source: str, translator: Translator, records: Sequence[Record]
) -> _Batch:
    importing.people.forget()
    done = _Batch()
    files = _kept_before(importing, source, records)
    with importing.engine.connect() as connection, connection.begin() as whole:
        tx = in_turn(connection, importing.organisation)
        context = Taking(
            source, translator, importing.people, _installations(connection, tx.desk), importing.now
        )
        for record in records:
            _take(tx, context, record, files, done)
        if importing.is_trial:
            whole.rollback()
    return done


def _installations(connection: Connection, desk: str) -> Mapping[Platform, Installation]:
    """Where people of a platform are met who come without a place: where the desk is, if in one alone."""
    found: dict[Platform, list[Installation]] = {}
    for one in installations.of_desk(connection, desk):
        found.setdefault(one.platform, []).append(one)
    return {platform: places[0] for platform, places in found.items() if len(places) == 1}


def _take(
    tx: Transaction, context: Taking, record: Record, kept: Mapping[str, StoredFiles], done: _Batch
) -> None:
    """One record in a savepoint: what cannot be taken in undoes nothing else."""
    if isinstance(record, NotTaken):
        done.lost.append(record)
        return
    name = f"ticket {record.label}"
    if imports.by_key(tx, context.source, record.key) is not None:
        done.known += 1
        return
    lost: Sequence[NotTaken]
    try:
        with tx.connection.begin_nested():
            match record:
                case OwnTicket():
                    if own_taking.is_here(tx, record):
                        done.known += 1
                        return
                    if own_taking.was_erased(tx, record, record.requester):
                        done.lost.append(NotTaken(name, "ticket", "its requester was erased here"))
                        return
                    _, lost = own_taking.take(tx, context, record)
                    files = NO_FILES
                case SourceTicket():
                    if context.people.was_erased(tx, record.requester):
                        done.lost.append(NotTaken(name, "ticket", "its requester was erased here"))
                        return
                    files = kept.get(record.key, NO_FILES)
                    _, lost = taking.take(tx, context, record, files)
    except DBAPIError as error:
        context.people.forget()
        done.lost.append(NotTaken(name, "ticket", f"the database refuses it: {_reason(error)}"))
        return
    done.taken += 1
    done.posts += len(record.posts)
    done.files += len(files.held)
    done.open += record.status not in OVER
    done.lost += [*record.not_taken, *lost]


def _reason(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())[:200]


def _kept_before(importing: Importing, source: str, records: Sequence[Record]) -> Mapping[str, StoredFiles]:
    """The files of what is new, kept while nobody waits for us, by the keys of their tickets."""
    with for_reading(importing.engine).connect() as connection:
        tx = Transaction(connection, importing.organisation.desk, importing.organisation)
        new = [
            one
            for one in records
            if isinstance(one, SourceTicket) and imports.by_key(tx, source, one.key) is None
        ]
    return {one.key: _files(importing, one) for one in new if any(post.files for post in one.posts)}


def _files(importing: Importing, record: SourceTicket) -> StoredFiles:
    wanted = [file for post in record.posts for file in post.files]
    if importing.files is None or importing.is_trial:
        reason = "a trial keeps none" if importing.files else "there is no folder of files beside the export"
        return StoredFiles({}, [(file.name, reason) for file in wanted])
    held: dict[str, tuple[str, int]] = {}
    lost: list[tuple[str, str]] = []
    for file in wanted:
        try:
            stored = importing.files.take(file)
            held[file.id] = (stored.digest, stored.size)
        except FileRefused as error:
            lost.append((file.name, str(error)))
        except StorageAway as error:
            lost.append((file.name, f"our storage does not take it: {error}"))
    return StoredFiles(held, lost)
