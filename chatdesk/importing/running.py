"""An import from end to end: batches, each in one transaction, so that it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.courier.files import FileRefused, StorageAway
from chatdesk.domain.lifecycle import OVER
from chatdesk.domain.organisation import Organisation
from chatdesk.importing import own_taking, taking
from chatdesk.importing.files import NOT_THERE, LocalFiles
from chatdesk.importing.mapping import Translator
from chatdesk.importing.people import People
from chatdesk.importing.records import NotTaken, OwnTicket, Record, Source, SourceTicket
from chatdesk.importing.report import Report
from chatdesk.importing.taking import NO_FILES, StoredFiles, Taking
from chatdesk.store import imports, installations
from chatdesk.store.engine import for_reading, worth_repeating
from chatdesk.store.transaction import Transaction, in_turn

AT_ONCE = 50
POSTS_AT_ONCE = 500
"""Records in one transaction, and posts in them: a desk that runs meanwhile waits for no more than these."""
TIMES = 8
"""How often a batch is done that collides with somebody else's work every time."""

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
    forgotten: int = 0
    lost: list[NotTaken] = field(default_factory=list)


def run(importing: Importing, source: Source, advanced: Advanced) -> Report:
    """Take in all that can be. Raises SourceRefused where the source turns out to be something else."""
    report = Report(source.name, source.words)
    translator = Translator(importing.organisation)
    report.united = _unite(importing, source.name)
    for records in _batches(source.records, importing.at_once):
        done = _take_batch(importing, source.name, translator, records)
        report.taken += done.taken
        report.posts += done.posts
        report.files += done.files
        report.known += done.known
        report.open += done.open
        report.forgotten += done.forgotten
        report.lost += done.lost
        advanced(len(records))
    report.words = translator.used
    return report


def _unite(importing: Importing, source: str) -> int:
    if not importing.people.named:
        return 0
    with importing.engine.connect() as connection, connection.begin() as whole:
        tx = in_turn(connection, importing.organisation)
        united = importing.people.unite(tx, source, importing.now)
        if importing.is_trial:
            whole.rollback()
    return united


def _batches(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) >= size or sum(map(_weight, batch)) >= POSTS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _weight(record: Record) -> int:
    return 0 if isinstance(record, NotTaken) else len(record.posts)


def _take_batch(
    importing: Importing, source: str, translator: Translator, records: Sequence[Record]
) -> _Batch:
    """All of them in one transaction, done again where it collides with what a running desk does."""
    files = _kept_before(importing, source, records)
    for left in range(TIMES - 1, -1, -1):
        used = translator.used.copy()
        try:
            return _try_batch(importing, source, translator, records, files)
        except DBAPIError as error:
            translator.used = used
            if not left or not worth_repeating(error):
                raise
    raise AssertionError("the last time returns or raises")


def _try_batch(
    importing: Importing,
    source: str,
    translator: Translator,
    records: Sequence[Record],
    files: Mapping[str, StoredFiles],
) -> _Batch:
    importing.people.forget()
    done = _Batch()
    with importing.engine.connect() as connection, connection.begin() as whole:
        tx = in_turn(connection, importing.organisation)
        here = _installations(connection, tx.desk)
        context = Taking(source, translator, importing.people, here, importing.now)
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
    except (DataError, IntegrityError) as error:
        context.people.forget()
        done.lost.append(NotTaken(name, "ticket", f"the database refuses it: {_reason(error)}"))
        return
    except OverflowError:
        context.people.forget()
        done.lost.append(NotTaken(name, "ticket", "a number or a time in it is too large"))
        return
    done.taken += 1
    done.posts += len(record.posts)
    done.files += len(files.held)
    done.open += record.status not in OVER
    done.forgotten += _is_forgotten(tx, record, context.now)
    done.lost += [*record.not_taken, *lost]


def _is_forgotten(tx: Transaction, record: SourceTicket | OwnTicket, now: datetime) -> bool:
    """Whether the desk keeps no words of what was closed so long ago."""
    kept = tx.organisation.forget_closed_after
    return kept is not None and record.closed_at is not None and record.closed_at <= now - kept


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
    if importing.files is None:
        return StoredFiles(
            {}, [(file.name, "there is no folder of files beside the export") for file in wanted]
        )
    if importing.is_trial:
        there = [file for file in wanted if importing.files.is_there(file)]
        lost_names = [(file.name, NOT_THERE) for file in wanted if file not in there]
        return StoredFiles({file.id: ("0" * 64, file.size) for file in there}, lost_names)
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
