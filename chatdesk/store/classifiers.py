"""A desk's classifier: numbers in a row. Every replica reads the newest, and none runs foreign code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

import structlog
from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, insert, select

from chatdesk.domain.classifier import NO_MODEL, Model
from chatdesk.domain.triage_measures import Measured
from chatdesk.store.ids import new_id
from chatdesk.store.tables_triage import classifiers
from chatdesk.store.transaction import Transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """How a classifier did on tickets that were held out, at this threshold."""

    held_out: int
    threshold: float
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Classifier:
    """When a desk's classifier was trained, and on what. ``since``: no ticket is older."""

    trained_at: datetime
    since: datetime
    tickets: int
    report: Report


_OF_DESK = classifiers.c.desk == bindparam("desk")
_VERSION = select(classifiers.c.id).where(_OF_DESK)
_MODEL = select(classifiers.c.model).where(_OF_DESK)
_ABOUT = select(
    classifiers.c.trained_at, classifiers.c.since, classifiers.c.tickets, classifiers.c.report
).where(_OF_DESK)


def put(tx: Transaction, about: Classifier, model: Model) -> None:
    """This is the desk's classifier now."""
    forget(tx)
    tx.connection.execute(
        insert(classifiers).values(
            desk=tx.desk,
            id=new_id(),
            trained_at=about.trained_at,
            since=about.since,
            tickets=about.tickets,
            report=_reports().dump_python(about.report, mode="json"),
            model=_models().dump_json(model).decode(),
        )
    )


def forget(tx: Transaction) -> bool:
    """False if there was none."""
    gone = tx.connection.execute(delete(classifiers).where(classifiers.c.desk == tx.desk))
    return gone.rowcount == 1


def about(tx: Transaction) -> Classifier | None:
    row = tx.connection.execute(_ABOUT, {"desk": tx.desk}).one_or_none()
    if row is None:
        return None
    return Classifier(row.trained_at, row.since, row.tickets, _reports().validate_python(row.report))


def model(tx: Transaction) -> Model | None:
    """The desk's classifier as it was last trained, by whichever process. Parsed once by each."""
    asked = {"desk": tx.desk}
    version = tx.connection.execute(_VERSION, asked).scalar_one_or_none()
    if version is None:
        return None
    read = _place_of(version)
    if not read:
        read.append(_parsed(tx.desk, tx.connection.execute(_MODEL, asked).scalar_one()))
    return read[0]


def _parsed(desk: str, text: str) -> Model:
    """What cannot be read guesses nothing: a ticket must be made whatever another version wrote."""
    try:
        found = _models().validate_json(text)
    except ValueError:
        found = None
    if found is None or not found.is_sound:
        log.warning("the classifier cannot be read and is not used; train it again", desk=desk)
        return NO_MODEL
    return found


@lru_cache(maxsize=64)
def _place_of(version: str) -> list[Model]:
    """Where the model of a version is kept, by whoever reads it first."""
    return []


@cache
def _models() -> TypeAdapter[Model]:
    return TypeAdapter(Model)


@cache
def _reports() -> TypeAdapter[Report]:
    return TypeAdapter(Report)
