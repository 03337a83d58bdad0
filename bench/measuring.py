"""Statistics, and where measurements keep their files."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

__all__ = ["BUILD", "median", "milliseconds_of", "p99", "workplace"]

BUILD = Path(__file__).resolve().parent.parent / "build" / "bench"
"""On the disk of the checkout, so that a commit costs what it costs there."""


def p99(values: Sequence[float]) -> float:
    """The value that one in a hundred exceeds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def milliseconds_of(work: Callable[[], object]) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


@contextmanager
def workplace(name: str) -> Iterator[Path]:
    """An empty folder, gone at the end."""
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
