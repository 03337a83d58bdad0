"""``chatdesk import``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import complain, opened, say, surroundings
from chatdesk.domain.organisation import Organisation
from chatdesk.errors import ChatdeskError
from chatdesk.importing import discord_tickets, modmail, own, zendesk
from chatdesk.importing.cryptr import KEY_VARIABLE, Reader
from chatdesk.importing.files import LocalFiles
from chatdesk.importing.people import People, read_people
from chatdesk.importing.records import Source, SourceRefused
from chatdesk.importing.report import Report
from chatdesk.importing.running import Advanced, Importing, run
from chatdesk.settings import Settings
from chatdesk.storage import open_files
from chatdesk.store import desks
from chatdesk.store.engine import for_reading

SHOWN = 20
"""So many of what was not taken are shown; --report has them all."""
INCOMPLETE = 1


class Format(StrEnum):
    JSONL = "jsonl"
    ZENDESK = "zendesk"
    DISCORD_TICKETS = "discord-tickets"
    MODMAIL = "modmail"


Shape = Annotated[
    Format, typer.Argument(metavar="FORMAT", help="jsonl, zendesk, discord-tickets or modmail.")
]
Where = Annotated[Path, typer.Argument(metavar="SOURCE", help="The export: a file, or a folder of files.")]
Desk = Annotated[str | None, typer.Option(help="Which desk takes them, where there are several.")]
Trial = Annotated[bool, typer.Option("--dry-run", help="Read everything and report, and keep nothing.")]
Told = Annotated[Path | None, typer.Option("--report", help="A new file for everything that was not taken.")]
Who = Annotated[
    Path | None,
    typer.Option("--people", help="Lines of who somebody is here: ana@acme.example,slack:U024BE7LH"),
]
Files = Annotated[Path | None, typer.Option("--files", help="A folder of attachments, named by their ids.")]


def import_(
    shape: Shape,
    source: Where,
    desk: Desk = None,
    dry_run: Trial = False,
    report: Told = None,
    people: Who = None,
    files: Files = None,
) -> None:
    """Take in tickets of another help desk, or those that chatdesk exported.

    The desk may run meanwhile. Nobody is told and nothing is posted: imported tickets rest until somebody
    takes them up. Run it again to go on where it was stopped; what is there already is not taken twice.
    Ends with status 1 where anything could not be taken.
    """
    settings = surroundings().settings
    if report is not None and report.exists():
        raise ChatdeskError(f"{report} is there already, and nothing is written over")
    with opened(settings) as engine:
        organisation = _desk(engine, desk)
        try:
            found = _read(shape, source)
            named = People(read_people(people) if people else {})
            kept = _files(settings, organisation, source, files)
            importing = Importing(engine, organisation, SystemClock().now(), named, kept, is_trial=dry_run)
            with _progress(found.total) as advanced:
                done = run(importing, found, advanced)
        except SourceRefused as refused:
            raise ChatdeskError(str(refused)) from None
        except DBAPIError as error:
            reason = " ".join(str(error.orig).split())
            raise ChatdeskError(
                f"the database failed: {reason}; the same command goes on from here"
            ) from None
        except OSError as error:
            raise ChatdeskError(f"{error.filename} cannot be read: {error.strerror}") from None
        except KeyboardInterrupt:
            raise ChatdeskError("stopped; the same command goes on from here") from None
    _tell(done, report, is_trial=dry_run)
    if done.lost:
        raise typer.Exit(INCOMPLETE)


def _desk(engine: Engine, wanted: str | None) -> Organisation:
    with for_reading(engine).connect() as connection:
        known = desks.listed(connection)
    found = [one for one in known if wanted in (None, one.desk)]
    if not found:
        raise ChatdeskError(
            f"there is no desk {wanted}" if wanted else "there is no desk yet; `chatdesk config apply`"
        )
    if len(found) > 1:
        raise ChatdeskError(f"say which desk with --desk: {', '.join(one.desk for one in found)}")
    return found[0]


def _read(shape: Format, path: Path) -> Source:
    if not path.exists():
        raise SourceRefused(f"there is no {path}")
    match shape:
        case Format.JSONL:
            return own.read(path)
        case Format.ZENDESK:
            return zendesk.read(path)
        case Format.DISCORD_TICKETS:
            return discord_tickets.read(path, Reader(os.environ.get(KEY_VARIABLE) or None))
        case Format.MODMAIL:
            return modmail.read(path)


def _files(
    settings: Settings, organisation: Organisation, source: Path, given: Path | None
) -> LocalFiles | None:
    """The folder that was named, else one called ``files`` beside or in the export."""
    if given is not None and not given.is_dir():
        raise ChatdeskError(f"there is no folder {given}")
    folder = given or (source if source.is_dir() else source.parent) / "files"
    return LocalFiles(folder, open_files(settings), organisation.max_file_bytes) if folder.is_dir() else None


@contextmanager
def _progress(total: int) -> Iterator[Advanced]:
    """With a bar, where there is a terminal."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Importing", total=total)
        yield lambda count: shown.advance(task, count)


def _tell(done: Report, file: Path | None, *, is_trial: bool) -> None:
    would = "would be " if is_trial else ""
    say(
        f"{done.taken} {'ticket' if done.taken == 1 else 'tickets'} of {done.source} {would}taken, "
        f"with {done.posts} posts and {done.files} files; {done.known} were here already"
    )
    if done.open:
        say(f"{done.open} of them are not over; they rest until somebody takes them up (`/ticket info`)")
    if done.united:
        say(f"{done.united} people who were here already {would or 'are '}one with those that --people names")
    if done.forgotten:
        complain(
            f"{done.forgotten} were closed longer ago than `forget_closed_after` in desk.yaml keeps words: "
            "the running desk forgets theirs within the hour"
        )
    _say_words(done)
    for one in done.lost[:SHOWN]:
        complain(_printable(f"not taken: {one.record}: {one.what}: {one.reason}"))
    if len(done.lost) > SHOWN:
        complain(f"not taken: {len(done.lost) - SHOWN} more" + ("" if file else "; --report FILE lists them"))
    if file is not None:
        file.write_text("".join(f"{line}\n" for line in done.as_lines()), encoding="utf-8")
        say(f"{file}: the whole report")


def _say_words(done: Report) -> None:
    if done.taken and done.statuses:
        say("meanings: " + ", ".join(f"{theirs} → {ours}" for theirs, ours in done.statuses))
    for word, count in sorted(done.words.items(), key=lambda item: (item[0].kind, item[0].theirs)):
        if not word.was_known:
            words = f"the desk has no {word.kind} “{word.theirs}”: {word.ours} instead ({count} times)"
            say(_printable(words))


def _printable(text: str) -> str:
    """What stands in an export does not steer a terminal."""
    return "".join(one if one.isprintable() else "?" for one in text)
