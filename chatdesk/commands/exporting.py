"""``chatdesk export``."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import track
from sqlalchemy import Connection

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import complain, opened, say, surroundings
from chatdesk.configuration.values import parse_duration
from chatdesk.courier.files import FileStore, StorageAway
from chatdesk.errors import ChatdeskError
from chatdesk.export import rows, tables
from chatdesk.export.rows import Reader, Wanted
from chatdesk.export.transcript import Transcript, as_html, as_markdown, transcript
from chatdesk.storage import open_files
from chatdesk.store.engine import for_reading

T = TypeVar("T")


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    HTML = "html"
    MARKDOWN = "markdown"


_TO_READ = {Format.HTML: as_html, Format.MARKDOWN: as_markdown}
_TABLES = {Format.CSV: tables.csv_files, Format.JSONL: tables.jsonl_files}

Target = Annotated[Path, typer.Argument(metavar="DIR|FILE", help="A folder; for a transcript, a new file.")]
Shape = Annotated[
    Format | None, typer.Option("--format", help="csv if left out; html where --ticket is given.")
]
TicketNumber = Annotated[int | None, typer.Option(min=1, help="Only this ticket.")]
Since = Annotated[str | None, typer.Option(help="Only tickets made or written on since then, such as 30d.")]
Desk = Annotated[str | None, typer.Option(help="Only those of a desk.")]
Public = Annotated[bool, typer.Option("--public", help="A transcript without internal notes.")]


def export(
    target: Target,
    shape: Shape = None,
    ticket: TicketNumber = None,
    since: Since = None,
    desk: Desk = None,
    public: Public = False,
) -> None:
    """Write tickets, posts and history as tables, or one ticket as a page with its files.

    The desk may run meanwhile. csv and jsonl make tickets, posts and history in a folder; html and markdown
    make one file for one ticket, and a folder beside it for what was attached. Nothing is written over.
    """
    chosen = shape or (Format.CSV if ticket is None else Format.HTML)
    settings = surroundings().settings
    with opened(settings) as engine, for_reading(engine).connect() as connection:
        wanted = Wanted(desk, ticket, _since(since))
        if chosen in _TO_READ:
            try:
                _write_transcript(connection, wanted, target, chosen, open_files(settings), public=public)
            except StorageAway as away:
                raise ChatdeskError(f"CHATDESK_FILES__URL: the storage does not answer: {away}") from None
        elif public:
            raise ChatdeskError("--public is for transcripts (html, markdown): tables hold everything")
        else:
            _write_tables(connection, wanted, target, chosen)


def _since(given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        back: timedelta = parse_duration(given)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None
    return SystemClock().now() - back


def _write_tables(connection: Connection, wanted: Wanted, folder: Path, shape: Format) -> None:
    if folder.exists() and not folder.is_dir():
        raise ChatdeskError(f"{folder} is a file; tables are written to a folder")
    there = [name for kind in tables.KINDS.values() if (folder / (name := f"{kind}.{shape}")).exists()]
    if there:
        raise ChatdeskError(f"{folder / there[0]} is there already, and nothing is written over")
    found = [
        (reader, number) for reader in _readers(connection, wanted) for number in rows.numbers(reader, wanted)
    ]
    if not found and wanted.ticket is not None:
        raise ChatdeskError(f"there is no ticket #{wanted.ticket}")
    folder.mkdir(parents=True, exist_ok=True)
    with _TABLES[shape](folder) as write:
        for reader, number in _progress(found):
            for row in rows.rows_of(reader, number):
                write(row)
        for reader in {id(one): one for one, _ in found}.values():
            for person in rows.people_of(reader):
                write(person)
    say(f"{folder}: {len(found)} {'ticket' if len(found) == 1 else 'tickets'}, as {shape}")


def _write_transcript(
    connection: Connection, wanted: Wanted, file: Path, shape: Format, store: FileStore, *, public: bool
) -> None:
    if wanted.ticket is None:
        raise ChatdeskError(f"{shape} is one ticket's transcript: say which with --ticket")
    folder = file.with_name(f"{file.stem}-files")
    for path in (file, folder):
        if path.exists():
            raise ChatdeskError(f"{path} is there already, and nothing is written over")
    if not file.parent.is_dir():
        raise ChatdeskError(f"there is no folder {file.parent}")
    made = _only(connection, wanted, folder.name, public=public)
    missing = asyncio.run(_copy_files(made, store, file.parent))
    file.write_text(_TO_READ[shape](made), encoding="utf-8")
    documents = len(list(made.documents)) - len(missing)
    say(f"{file}: {len(made.entries)} posts" + (f", {documents} files in {folder}" if documents else ""))
    for name in missing:
        complain(f"{name} could not be found in the storage")


def _only(connection: Connection, wanted: Wanted, folder: str, *, public: bool) -> Transcript:
    """The ticket of that number. Raises ChatdeskError where none or several desks have one."""
    number = wanted.ticket or 0
    made = [transcript(one, number, folder, public=public) for one in _readers(connection, wanted)]
    found = [one for one in made if one is not None]
    if not found:
        raise ChatdeskError(f"there is no ticket #{number}")
    if len(found) > 1:
        raise ChatdeskError(f"several desks have a ticket #{number}: say which with --desk")
    return found[0]


def _readers(connection: Connection, wanted: Wanted) -> Iterable[Reader]:
    found = rows.readers(connection, wanted)
    if not found and wanted.desk is not None:
        raise ChatdeskError(f"there is no desk {wanted.desk}")
    return found


async def _copy_files(made: Transcript, store: FileStore, beside: Path) -> list[str]:
    """Copy what was attached; which of it is not to be found. Raises StorageAway."""
    missing = []
    for document in made.documents:
        if not await store.bring(document.digest):
            missing.append(document.path)
            continue
        path = beside / document.path
        path.parent.mkdir(exist_ok=True)
        shutil.copyfile(store.path(document.digest), path)
    return missing


def _progress(items: list[T]) -> Iterator[T]:
    """With a bar, where there is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    yield from track(items, description="Exporting", console=Console(stderr=True), transient=True)
