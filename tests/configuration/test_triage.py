"""``triage`` of desk.yaml: read, refused line by line, planned and written again."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatdesk.configuration.export import export
from chatdesk.configuration.plan import plan
from chatdesk.configuration.reading import read_desks
from chatdesk.domain.classifier import Target
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.triage_policy import Mode, Triage
from chatdesk.errors import ConfigurationError
from chatdesk.store.desks import Usage

BASE = "desk: acme\nteams:\n  support:\n    home: slack:#s\n"


def read(folder: Path, text: str) -> Organisation:
    file = folder / "desk.yaml"
    file.write_text(BASE + text)
    [organisation] = read_desks(file, {"slack"})
    return organisation


def test_it_is_read_planned_and_written_again(tmp_path: Path) -> None:
    without = read(tmp_path, "")
    assert without.triage is None
    assert read(tmp_path, "triage: {}\n").triage == Triage()
    wanted = read(tmp_path, "triage: {mode: apply, threshold: 0.9, targets: category}\n")
    assert wanted.triage == Triage(Mode.APPLY, 0.9, (Target.CATEGORY,))
    assert "~ triage: none → apply from 90% on: category" in str(plan(without, wanted, Usage()))
    (tmp_path / "desk.yaml").write_text(export(wanted))
    assert read_desks(tmp_path / "desk.yaml", {"slack"}) == (wanted,)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("triage: {mode: maybe}\n", 'desk.yaml:5: triage mode: "maybe" is not allowed'),
        ("triage: {threshold: 80}\n", 'desk.yaml:5: triage threshold: "80" '),
        ("triage:\n  targets: [category, mood]\n", 'desk.yaml:6: triage targets: "mood" is not allowed'),
        (
            "triage: {treshold: 0.8}\n",
            '"treshold" is not known here; settings are mode, threshold, targets (did you mean threshold?)',
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read(tmp_path, text)
    assert problem in str(raised.value)
