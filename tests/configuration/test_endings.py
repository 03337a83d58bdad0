"""How tickets end in ``desk.yaml``: read, checked with lines, compared and written again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chatdesk.configuration.export import export
from chatdesk.configuration.plan import plan
from chatdesk.configuration.reading import read_desks
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.resolution import ResolutionCode
from chatdesk.domain.satisfaction import Satisfaction
from chatdesk.errors import ConfigurationError
from chatdesk.store.desks import Usage

BASE = "desk: acme\nteams: {support: {home: 'slack:#support'}}\n"
WHOLE = (
    BASE
    + """\
time_zone: Europe/Zurich
resolution_codes: {fixed: , no_fault: Nothing was wrong}
resolution_required: code
close_resolved_after: 3d
remind_pending_after: 2d
close_pending_after: 1w
satisfaction: {share: 50, low: 1}
"""
)


def _read(folder: Path, text: str) -> Organisation:
    path = folder / "desk.yaml"
    path.write_text(text, encoding="utf-8")
    (found,) = read_desks(path, ("slack", "discord"))
    return found


def test_all_of_it_is_read_and_written_again(tmp_path: Path) -> None:
    acme = _read(tmp_path, WHOLE)
    assert acme.resolution_codes == (
        ResolutionCode("fixed", "Fixed"),
        ResolutionCode("no_fault", "Nothing was wrong"),
    )
    assert (acme.time_zone, acme.resolution_required) == ("Europe/Zurich", ("code",))
    assert (acme.close_resolved_after, acme.close_pending_after) == (timedelta(days=3), timedelta(days=7))
    assert acme.satisfaction == Satisfaction(50, timedelta(days=14), 1)
    assert _read(tmp_path, export(acme)) == acme


def test_nothing_of_it_is_the_default(tmp_path: Path) -> None:
    acme = _read(tmp_path, BASE)
    assert (acme.resolution_codes, acme.close_resolved_after, acme.satisfaction) == ((), None, None)
    assert "satisfaction" not in export(acme)
    assert _read(tmp_path, BASE + "satisfaction: {}\n").satisfaction == Satisfaction()
    keys = _read(tmp_path, BASE + "resolution_codes: [a, b_c]\n").resolution_codes
    assert [one.name for one in keys] == ["A", "B c"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("resolution_required: [text, code]", "3: a code is required, but there are no resolution_codes"),
        (
            "remind_pending_after: 7d\nclose_pending_after: 7d",
            "4: close_pending_after must be longer than remind_pending_after; both count from when it waits",
        ),
        (
            "time_zone: Mars/Phobos",
            '3: time_zone: "Mars/Phobos" is no time zone; write it as Europe/Zurich or UTC',
        ),
        (
            "satisfaction: {shares: 3}",
            '3: "shares" is not known here; settings are share, cool_down, low (did you mean share?)',
        ),
        ("close_resolved_after: soon", '"soon" is no duration; write it with units'),
        ("satisfaction: {share: 200}", "3: satisfaction share"),
        ("resolution_required: [words]", '3: resolution_required: "words" is not allowed'),
    ],
)
def test_mistakes_name_their_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _read(tmp_path, BASE + text + "\n")
    (found,) = caught.value.problems
    assert problem in found


def test_a_plan_says_what_changes(tmp_path: Path) -> None:
    acme = _read(tmp_path, WHOLE)
    other = replace(acme, resolution_codes=acme.resolution_codes[:1], close_resolved_after=None)
    shown = str(plan(acme, replace(other, satisfaction=None), Usage()))
    assert "~ resolution_codes: −no_fault" in shown
    assert "~ close_resolved_after: 3d → none" in shown
    assert "~ satisfaction: 50 of 100 tickets, a person every 2w, low up to 1 → none" in shown
