"""What a measurement comes to: a row of the table and of the results file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "latest.json"

NAMES = (
    "ack-default-bolt",
    "ack-bare-bolt",
    "intake-1",
    "intake-64",
    "intake-vs-django-helpdesk",
    "mirror",
    "drain-slack-1",
    "drain-slack-10",
    "drain-discord",
    "growth-intake",
    "growth-card",
    "growth-list",
    "growth-search",
    "growth-sweep",
    "memory-idle",
    "memory-busy",
    "calendar",
    "report",
)
"""Every name that the results file has, in its order."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``ratio`` is value to baseline; ``met`` is None where the row has no target.

    A row without a value could not be measured, and its ``target`` says why.
    """

    name: str
    size: int
    engine: str
    value: float | None
    unit: str
    baseline: float | None
    ratio: float | None
    target: str | None
    met: bool | None


def compared(name: str, size: int, engine: str, value: float, unit: str, baseline: float) -> Row:
    """A figure beside its baseline, without a target of its own."""
    return Row(name, size, engine, _short(value), unit, _short(baseline), _ratio(value, baseline), None, None)


def at_most(row: Row, most: float) -> Row:
    """The row with a target: its ratio is at most this."""
    assert row.ratio is not None
    return _with_target(row, f"ratio <= {most:g}", row.ratio <= most)


def at_least(row: Row, least: float) -> Row:
    """The row with a target: its ratio is at least this."""
    assert row.ratio is not None
    return _with_target(row, f"ratio >= {least:g}", row.ratio >= least)


def above_by_at_most(row: Row, most: float) -> Row:
    """The row with a target: its value is above the baseline by at most this, in its unit."""
    assert row.value is not None and row.baseline is not None
    return _with_target(row, f"value - baseline <= {most:g}", row.value - row.baseline <= most)


def value_at_most(row: Row, most: float) -> Row:
    """The row with a target: its value is at most this."""
    assert row.value is not None
    return _with_target(row, f"value <= {most:g}", row.value <= most)


def not_measured(name: str, size: int, engine: str, unit: str, reason: str) -> Row:
    return Row(name, size, engine, None, unit, None, None, f"not measured: {reason}", None)


def _with_target(row: Row, target: str, met: bool) -> Row:
    return Row(
        row.name, row.size, row.engine, row.value, row.unit, row.baseline, row.ratio, target, met
    )  # fmt: skip


def _short(value: float) -> float:
    return round(value, 3)


def _ratio(value: float, baseline: float) -> float | None:
    return round(value / baseline, 3) if baseline else None


def keep(rows: Sequence[Row], path: Path = RESULTS) -> None:
    """Write rows into the results file, in place of what it said under the same names."""
    fresh = {row.name for row in rows}
    old = [row for row in read(path) if row.name not in fresh]
    ordered = sorted([*old, *rows], key=lambda row: (NAMES.index(row.name), row.engine, row.size, row.unit))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in ordered], indent=1) + "\n")


def read(path: Path = RESULTS) -> Sequence[Row]:
    """The rows of a results file; none where there is no file yet."""
    if not path.exists():
        return ()
    return [Row(**one) for one in json.loads(path.read_text())]


def table(rows: Iterable[Row]) -> str:
    """The rows as a table for people."""
    head = ("name", "size", "engine", "value", "baseline", "unit", "ratio", "target", "met")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[row.met]
    return (
        row.name, str(row.size), row.engine, _shown(row.value), _shown(row.baseline), row.unit,
        _shown(row.ratio), row.target or "", met,
    )  # fmt: skip


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:,.6g}"
