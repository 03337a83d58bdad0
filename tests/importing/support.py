"""Imports into a desk of a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from chatdesk.contract.vocabulary import IdentityId
from chatdesk.courier.files import FileStore
from chatdesk.domain.organisation import Organisation
from chatdesk.importing.files import LocalFiles
from chatdesk.importing.people import People
from chatdesk.importing.records import Record, Source
from chatdesk.importing.report import Report
from chatdesk.importing.running import AT_ONCE, Importing, run
from tests.desk.world import World


def take(
    engine: Engine,
    organisation: Organisation,
    source: Source,
    now: datetime,
    named: Mapping[str, IdentityId] | None = None,
    files: Path | None = None,
    *,
    is_trial: bool = False,
    at_once: int = AT_ONCE,
) -> Report:
    kept = LocalFiles(files, FileStore(files.parent / "data"), 100) if files else None
    importing = Importing(engine, organisation, now, People(named or {}), kept, is_trial, at_once)
    return run(importing, source, lambda count: None)


def into(world: World, source: Source, named: Mapping[str, IdentityId] | None = None) -> Report:
    return take(world.engine, world.organisation, source, world.clock.now(), named)


def stopping(source: Source, after: int) -> Source:
    """The same, read by somebody who is interrupted after so many records."""

    def records() -> Iterator[Record]:
        for number, one in enumerate(source.records):
            if number == after:
                raise KeyboardInterrupt
            yield one

    return replace(source, records=records())
