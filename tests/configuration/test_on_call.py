"""Rotas and working hours in ``desk.yaml``: read, checked with lines, compared, doubted, written again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from chatdesk.configuration.doubts import doubts
from chatdesk.configuration.export import export
from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.plan import plan
from chatdesk.configuration.reading import read_desks
from chatdesk.configuration.rotas import watches_of
from chatdesk.domain.on_call import Handover, Rota, Shift
from chatdesk.domain.organisation import Organisation
from chatdesk.errors import ConfigurationError
from chatdesk.store.desks import Usage

WHOLE = """\
desk: acme
time_zone: Europe/Zurich
calendars: {office: {hours: {mon-fri: 09:00-17:00}}}
teams:
  support:
    home: slack:#support
    members: [slack:U1, slack:U2]
    hours: office
    escalates_to: billing
    escalate_after_reopens: 2
    on_call:
      rotation: [slack:U1, slack:U2]
      handover: Fri 17:30
      every: 2w
      from: 2026-01-05
      until: 2026-12-31
      hours: office
      shifts:
        - {who: slack:U2, from: 2026-12-24 18:00, to: 2026-12-26}
        - {who: slack:U3, from: 2026-12-25 0:00, to: "2026-12-25 12:00"}
  billing:
    home: slack:#billing
    members: slack:U4
    on_call: {zone: UTC, handover: 8:00, every: 1d, rotation: slack:U4, from: 2026-01-05}
agents:
  - {who: slack:U1, hours: office}
"""


def _read(folder: Path, text: str) -> Organisation:
    path = folder / "desk.yaml"
    path.write_text(text, encoding="utf-8")
    return read_desks(path, ("slack", "discord"))[0]


def test_it_is_read_fits_the_schema_and_is_written_again(tmp_path: Path) -> None:
    acme = _read(tmp_path, WHOLE)
    support, billing = acme.teams
    assert support.on_call == Rota(
        "Europe/Zurich",
        ("slack:U1", "slack:U2"),
        Handover(4, 1050),
        14,
        date(2026, 1, 5),
        date(2026, 12, 31),
        "office",
        (
            Shift("slack:U2", datetime(2026, 12, 24, 17, tzinfo=UTC), datetime(2026, 12, 26, 23, tzinfo=UTC)),
            Shift("slack:U3", datetime(2026, 12, 24, 23, tzinfo=UTC), datetime(2026, 12, 25, 11, tzinfo=UTC)),
        ),
    ), "a day alone is its beginning, or its end"
    assert billing.on_call == Rota("UTC", ("slack:U4",), Handover(None, 480), 1, date(2026, 1, 5))
    assert (support.hours, support.escalate_after_reopens, acme.agents[0].hours) == ("office", 2, "office")
    assert _read(tmp_path, export(acme)) == acme
    written = YAML(typ="safe").load(WHOLE)
    dated = YAML(typ="safe").load(str(written).replace("datetime.date(", "[").replace(")", "]"))
    for team in dated["teams"].values():
        rota = team["on_call"]
        rota |= {name: "2026-01-05" for name in ("from", "until") if name in rota}
        for shift in rota.get("shifts", ()):
            shift |= {"from": "2026-12-24", "to": "2026-12-26"}
    jsonschema.validate(dated, DeskFile.model_json_schema(by_alias=True))


@pytest.mark.parametrize(
    ("given", "instead", "said"),
    [
        ("Fri 17:30", "noon", 'desk.yaml:13: team support: on_call handover: "noon" is no time to hand over'),
        ("every: 2w", "every: 36h", "team support: on_call every: must be whole days, such as 1d, 1w or 2w"),
        ("rotation: [slack:U1", "rotation: [slack:group:g", '"slack:group:g" is not one person; write it as'),
        ("from: 2026-01-05\n      until", "until", "on_call needs from: the date from which on the first"),
        ("until: 2026-12-31", "until: 2025-12-31", "yaml:16: team support: on_call: until is before from"),
        ("until: 2026-12-31", "until: 9999-12-31", 'on_call until: "9999-12-31" is too far away'),
        ("to: 2026-12-26", "to: 9999-12-31", "is too far away"),
        ("to: 2026-12-26", "to: 2026-12-23", "yaml:19: team support: on_call: shift 1 ends before"),
        ("2026-12-24 18:00", "tonight", '"tonight" is no local time; write it as 2026-12-24 18:00'),
        ("{who: slack:U3, from", "{who: slack:U3, form", '"form" is not known here; settings are who, from'),
        ("      every: 2w", "      evry: 2w", '"evry" is not known here; settings are zone, rotation'),
        ("    hours: office\n    esc", "    hours: offic\n    esc", 'support: hours: "offic" is not known'),
        ("U1, hours: office", "U1, hours: home", 'agent 1: hours: "home" is not known; calendars are office'),
        ("    escalates_to: billing\n", "", "escalate_after_reopens needs a team to escalate to"),
        (
            "{zone: UTC, handover: 8:00, every: 1d, rotation: slack:U4, from: 2026-01-05}",
            "{zone: UTC}",
            "team billing: on_call names nobody; it needs a rotation or shifts",
        ),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_line(tmp_path: Path, given: str, instead: str, said: str) -> None:
    assert given in WHOLE
    with pytest.raises(ConfigurationError) as caught:
        _read(tmp_path, WHOLE.replace(given, instead))
    assert said in str(caught.value)


def test_what_is_hardly_meant_is_a_warning(tmp_path: Path) -> None:
    acme = _read(tmp_path, WHOLE)
    assert list(doubts(acme, datetime(2026, 11, 21, tzinfo=UTC))) == [
        "team support: on_call: slack:U3 is neither a member nor a lead of the team",
        "team support: on_call: the shift of slack:U2 from 2026-12-24 18:00 and the shift of slack:U3 from "
        "2026-12-25 00:00 overlap; the first counts",
        "team support: on_call: nobody is on call from 2027-01-01 00:00",
    ]
    assert [one for one in doubts(acme, datetime(2026, 1, 1, tzinfo=UTC)) if "from 2026-01-01" in one] == [
        "team support: on_call: nobody is on call from 2026-01-01 01:00 until 2026-01-09 17:30",
        "team billing: on_call: nobody is on call from 2026-01-01 00:00 until 2026-01-05 08:00",
    ]


def test_who_is_on_call_is_printed_by_the_rotas_clock(tmp_path: Path) -> None:
    start = datetime(2026, 12, 24, 12, tzinfo=UTC)
    lines = list(watches_of(_read(tmp_path, WHOLE), start, start + timedelta(days=2)))
    assert lines == [
        "team support (Europe/Zurich):",
        "  Thu 2026-12-24 13:00 – Thu 2026-12-24 17:00  slack:U1",
        "  Thu 2026-12-24 17:00 – Thu 2026-12-24 18:00  nobody",
        "  Thu 2026-12-24 18:00 – Sat 2026-12-26 13:00  slack:U2",
        "team billing (UTC):",
        "  Thu 2026-12-24 12:00 – Sat 2026-12-26 12:00  slack:U4",
    ]


def test_a_plan_says_what_changes(tmp_path: Path) -> None:
    acme = _read(tmp_path, WHOLE)
    support, billing = acme.teams
    assert billing.on_call is not None
    rota = replace(billing.on_call, rotation=("slack:U4", "slack:U5"))
    new = replace(acme, teams=(support, replace(billing, on_call=rota)))
    assert str(plan(acme, new, Usage())) == (
        "desk acme:\n  ~ team billing: on_call (slack:U4 by turns of 1d at 8:00 from 2026-01-05; UTC) → "
        "(slack:U4, slack:U5 by turns of 1d at 8:00 from 2026-01-05; UTC)"
    )
    without = replace(acme, teams=(support, replace(billing, on_call=None)))
    assert plan(acme, without, Usage(calls={"billing": 1})).takes_away, "somebody waits for an answer"
    assert not plan(acme, without, Usage(calls={"support": 1})).takes_away
