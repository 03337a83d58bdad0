"""Whatever was answered is on the disk when the power goes, and the database is whole."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import power

EVENTS = 120
CUTS = 150
SEED = 7

pytestmark = [pytest.mark.power_cut, pytest.mark.timeout(300)]


def cut_at_random(folder: Path, calls: Sequence[power.Call], *, torn: bool, seed: int = SEED) -> list[str]:
    """Cut the power at random points; what is wrong with what is found then."""
    chance = random.Random(seed)
    first = next(number for number, call in enumerate(calls) if call.file == power.ANSWERS)
    points = set(chance.choices(range(first, len(calls)), k=CUTS))
    problems: list[str] = []
    disk = power.Disk()
    for number, call in enumerate(calls):
        disk.do(call)
        if number in points:
            image = folder / f"cut-{number}"
            image.mkdir()
            disk.image(image, chance if torn else None)
            problems += [f"call {number}: {problem}" for problem in _wrong(image, disk.answered)]
    return problems


def _wrong(image: Path, answered: Sequence[str]) -> list[str]:
    """What is wrong with the database in a folder."""
    try:
        with closing(sqlite3.connect(image / power.DATABASE)) as connection:
            checked = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            bodies = {row[0] for row in connection.execute("SELECT body FROM post")}
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [
        *(line for line in checked if line != "ok"),
        *(f"{word} was answered and is gone" for word in answered if word not in bodies),
    ]


@pytest.mark.parametrize("torn", [False, True], ids=["synced alone", "some of the rest"])
def test_every_answer_survives_and_the_database_is_whole(tmp_path: Path, torn: bool) -> None:
    calls = power.record(tmp_path, EVENTS)
    assert sum(call.name == "fdatasync" for call in calls) > EVENTS / 10
    assert sum(call.file == power.DATABASE for call in calls) > 100, "no checkpoint was cut off"
    assert not cut_at_random(tmp_path, calls, torn=torn)


def test_it_would_show_if_sqlite_did_not_sync(tmp_path: Path) -> None:
    calls = power.record(tmp_path, EVENTS, syncs=False)
    problems = cut_at_random(tmp_path, calls, torn=False)
    assert len(problems) > CUTS / 2
