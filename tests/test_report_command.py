"""``chatdesk report`` as an operator meets it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.command_line import desk_in, given
from tests.desk.humans import ANA, CLEO
from tests.desk.organisation import PUBLIC


@pytest.fixture
async def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket that was answered."""
    world = await desk_in(tmp_path, monkeypatch)
    world.clock.time = datetime.now(UTC) - timedelta(hours=2)
    number = await world.ticket_from(CLEO, PUBLIC)
    world.clock.advance(hours=1)
    await world.post(ANA, world.team(number), "Turn it off")
    await world.close()


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    return given(capsys, "report", *arguments)


@pytest.mark.usefixtures("_desk")
def test_numbers_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    status, table = report(capsys)
    assert status == 0 and "desk acme, " in table
    assert "Came in                       1" in table and ["First", "reply", "1h00m"] in [
        line.split()[:3] for line in table.splitlines()
    ]
    rows = list(csv.reader(io.StringIO(report(capsys, "--by", "team", "--format", "csv")[1])))
    assert rows[0] == ["desk", "group", "figure", "unit", "value", "of"]
    assert ["acme", "Support", "volume", "count", "1", "1"] in rows
    assert ["acme", "", "first_response_median", "seconds", "3600", "1"] in rows
    [desk] = json.loads(report(capsys, "--by", "channel", "--format", "json")[1])
    assert desk["total"]["backlog"] == {"value": 1, "unit": "count", "of": 1}
    assert [group["name"] for group in desk["groups"]] == ["discord:public-help"]
    status, said = report(capsys, "--since", "soon")
    assert status == 2 and "is no duration" in said


@pytest.mark.usefixtures("_desk")
def test_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    assert "a picture needs --output FILE" in report(capsys, "--format", "png")[1]
    assert report(capsys, "--format", "png", "--by", "team", "--output", "week.png") == (0, "")
    assert Path("week.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("_desk")
def test_a_picture_without_matplotlib(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    status, said = report(capsys, "--format", "png", "--output", "week.png")
    assert status != 0 and "pip install 'chatdesk[report]'" in said and not Path("week.png").exists()


@pytest.mark.usefixtures("_desk")
def test_a_month_and_a_team_while_the_desk_writes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A report may take a minute, and must not keep the desk from its work."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    asked = ("--since", f"{tomorrow - timedelta(days=7)}", "--until", f"{tomorrow}", "--format", "json")
    with sqlite3.connect(tmp_path / "desk.db", isolation_level=None) as desk:
        desk.execute("BEGIN IMMEDIATE")
        volumes = [
            json.loads(report(capsys, "--team", team, *asked)[1])[0]["total"]["volume"]["value"]
            for team in ("support", "The Managers")
        ]
        desk.execute("ROLLBACK")
    assert volumes == [1, 0]
    assert json.loads(report(capsys, *asked)[1])[0]["until"] == f"{tomorrow}T00:00:00+00:00"
    for arguments, said in (
        (("--team", "suport"), 'there is no team "suport"; there are: support, billing, managers'),
        (("--until", "soon"), '"soon" is no date'),
        (("--since", f"{tomorrow}"), "is no time before the end"),
    ):
        status, told = report(capsys, *arguments)
        assert status == 2 and said in " ".join(told.replace("│", " ").split())
