"""When a team is told its numbers, in ``desk.yaml``: read, checked with lines, compared and written again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chatdesk.configuration.export import export
from chatdesk.configuration.plan import plan
from chatdesk.configuration.reading import read_desks
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.weekly import Weekly
from chatdesk.errors import ConfigurationError
from chatdesk.store.desks import Usage


def _read(folder: Path, digest: str) -> Organisation:
    path = folder / "desk.yaml"
    path.write_text(
        f"desk: acme\nteams:\n  support:\n    home: slack:#support\n    digest: {digest}\n", "utf-8"
    )
    (found,) = read_desks(path, ("slack", "discord"))
    return found


def test_it_is_read_compared_and_written_again(tmp_path: Path) -> None:
    acme = _read(tmp_path, "Mon 09:00")
    assert acme.teams[0].digest == Weekly(0, 540)
    assert "digest: monday 9:00" in export(acme)
    later = replace(acme, teams=(replace(acme.teams[0], digest=Weekly(4, 990)),))
    [change] = plan(acme, later, Usage(0, {}, {}, {})).changes
    assert str(change) == "~ team support: digest monday 9:00 → friday 16:30"


@pytest.mark.parametrize("written", ["someday 9:00", "monday", "monday 24:00", "9"])
def test_what_is_no_moment_of_the_week_is_named_with_its_line(tmp_path: Path, written: str) -> None:
    with pytest.raises(ConfigurationError) as found:
        _read(tmp_path, written)
    assert f'"{written}" is no moment of the week; write it as monday 9:00' in str(found.value)
    assert ":5" in str(found.value)


def test_the_last_one_is_by_the_local_clock_of_that_week() -> None:
    zurich, mondays = ZoneInfo("Europe/Zurich"), Weekly(0, 540)
    # Clocks went back on Sunday, 25 October.
    assert mondays.last(datetime(2026, 10, 26, 7, 59, tzinfo=UTC), zurich) == datetime(
        2026, 10, 19, 7, tzinfo=UTC
    )
    assert mondays.last(datetime(2026, 10, 26, 8, 0, tzinfo=UTC), zurich) == datetime(
        2026, 10, 26, 8, tzinfo=UTC
    )
