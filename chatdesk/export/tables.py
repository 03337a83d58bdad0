"""Rows as CSV or JSON Lines, a file for each kind."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TextIO

from chatdesk.export.rows import HistoryRow, PersonRow, PostRow, Row, TicketRow

KINDS: Mapping[type[Row], str] = {
    TicketRow: "tickets",
    PostRow: "posts",
    HistoryRow: "history",
    PersonRow: "people",
}

Write = Callable[[Row], None]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute."""


@contextmanager
def csv_files(folder: Path) -> Iterator[Write]:
    """Write rows to ``tickets.csv``, ``posts.csv``, ``history.csv``, ``people.csv``, with a header each."""
    with ExitStack() as stack:
        writers = {}
        for kind, name in KINDS.items():
            file = stack.enter_context(_opened(folder / f"{name}.csv"))
            writers[kind] = csv.writer(file)
            writers[kind].writerow(names(kind))
        yield lambda row: writers[type(row)].writerow([_cell(getattr(row, one)) for one in names(type(row))])


@contextmanager
def jsonl_files(folder: Path) -> Iterator[Write]:
    """Write rows to ``tickets.jsonl`` and those like it, an object a line."""
    with ExitStack() as stack:
        files = {kind: stack.enter_context(_opened(folder / f"{name}.jsonl")) for kind, name in KINDS.items()}

        def write(row: Row) -> None:
            values = {name: getattr(row, name) for name in names(type(row))}
            files[type(row)].write(json.dumps(values, ensure_ascii=False) + "\n")

        yield write


def names(kind: type[Row]) -> list[str]:
    """The columns, in their order."""
    return [one.name for one in fields(kind)]


def _opened(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", newline="")


def _cell(value: object) -> str:
    """As a spreadsheet takes it for what it is: lists and objects as JSON, words never as a formula."""
    if value is None:
        return ""
    if isinstance(value, tuple | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return str(value)
