"""Calendars and service levels in ``desk.yaml``: read, checked with lines, written again."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from chatdesk.configuration.export import export
from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.plan import plan
from chatdesk.configuration.reading import read_desks
from chatdesk.domain.calendar import ALWAYS, Hours
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.sla_policy import Amount, EscalateAt, Notice, Targets
from chatdesk.errors import ConfigurationError
from chatdesk.store.desks import Usage

PLATFORMS = ("slack", "discord")
BASE = """\
desk: acme
time_zone: Europe/Zurich
teams: {support: {home: "slack:#support"}}
tiers: {vip: {members: "slack:U7"}}
"""
WHOLE = (
    BASE
    + """\
calendars:
  office:
    hours:
      mon-thu: [09:00-12:30, 13:30-18:00]
      Friday, sun: 22:00-24:00
    holidays: [DE-BY, 2026-12-24]
  phone: {name: Hotline, zone: America/New_York, hours: always, holidays: US}
slas:
  vip:
    tier: vip
    channel: slack:#vip
    targets: {first_response: 10m, resolution: none}
    escalate: breach
  standard:
    name: Standard support
    calendar: office
    by_priority:
      urgent: {resolution: 1d4h}
    pause: pending
    warn: [50%, 30m]
    tell_in: office
"""
)


def _read(folder: Path, text: str) -> Organisation:
    path = folder / "desk.yaml"
    path.write_text(text, encoding="utf-8")
    return read_desks(path, PLATFORMS)[0]


def _minutes(count: int) -> Amount:
    return Amount(time=timedelta(minutes=count))


def test_calendars(tmp_path: Path) -> None:
    office, phone = _read(tmp_path, WHOLE).calendars
    lunch = (Hours(540, 750), Hours(810, 1080))
    late = (Hours(1320, 1440),)
    assert office.week == (lunch, lunch, lunch, lunch, late, (), late)
    assert (office.name, office.zone) == ("Office", "Europe/Zurich")
    assert (office.regions, office.dates) == (("DE-BY",), (date(2026, 12, 24),))
    assert (phone.name, phone.zone, phone.week) == ("Hotline", "America/New_York", ALWAYS.week)


def test_service_levels(tmp_path: Path) -> None:
    vip, standard = _read(tmp_path, WHOLE).slas
    assert vip.targets_of("low") == vip.targets_of("urgent") == Targets(_minutes(10), _minutes(10), None)
    assert (vip.calendar, vip.escalate, vip.tiers) == (None, EscalateAt.BREACH, ("vip",))
    assert [str(channel) for channel in vip.channels] == ["slack:#vip"]
    assert dict(standard.targets) == {
        "urgent": Targets(_minutes(15), _minutes(15), Amount(1, timedelta(hours=4))),
        "high": Targets(_minutes(60), _minutes(60), _minutes(480)),
        "normal": Targets(_minutes(240), _minutes(240), Amount(3)),
        "low": Targets(_minutes(1440), _minutes(1440), Amount(5)),
    }, "the desk's priorities from the highest on are P1 to P4"
    assert standard.pause_in == (Status.PENDING,)
    assert standard.warn_at == (Notice(share=50), Notice(before=_minutes(30)))
    assert (standard.name, standard.tell_in) == ("Standard support", "office")


def test_it_is_exported_as_it_was_read_and_fits_the_schema(tmp_path: Path) -> None:
    acme = _read(tmp_path, WHOLE)
    assert _read(tmp_path, export(acme)) == acme
    written = YAML(typ="safe").load(WHOLE.replace("2026-12-24", "'2026-12-24'"))
    jsonschema.validate(written, DeskFile.model_json_schema(by_alias=True))


def test_a_plan_says_what_changes(tmp_path: Path) -> None:
    old = _read(tmp_path, WHOLE)
    new = _read(tmp_path, WHOLE.replace("warn: [50%, 30m]", "warn: 50%").replace("  phone:", "  fon:"))
    assert str(plan(old, new, Usage())) == (
        "desk acme:\n  - calendar phone\n  + calendar fon\n  ~ sla standard: warn −30m"
    )


@pytest.mark.parametrize(
    ("given", "instead", "said"),
    [
        ("09:00-12:30", "9-12", 'desk.yaml:7: calendar office: hours: "9-12" are no hours; write them as'),
        ("22:00-24:00", "22:00-06:00", "over midnight, write 22:00-24:00 and then 00:00-06:00"),
        ("13:30-18:00", "12:00-18:00", "calendar office: hours: 09:00-12:30 and 12:00-18:00 overlap"),
        ("Friday, sun", "thu", "calendar office: hours: says the hours of thu twice"),
        ("Friday, sun", "Freitag", '"Freitag" names no days; write them as mon, mon-fri'),
        ("America/New_York", "America/Gotham", '"America/Gotham" is no time zone'),
        ("DE-BY", "DE-XX", 'desk.yaml:10: calendar office: holidays: "DE-XX" is no region with holidays'),
        ("hours: always", "hours: sometimes", "calendar phone: hours: must be always, or hours by day"),
        ("first_response: 10m", "first_response: soon", '"soon" is no time to promise'),
        ("first_response: 10m", "frist: 10m", '"frist" is not known here; settings are first_response'),
        ("warn: [50%, 30m]", "warn: 120%", '"120%" is no moment to warn at; write a share, 75%, or'),
        ("calendar: office", "calendar: offic", 'calendar: "offic" is not known; calendars are office'),
        ("tell_in: office", "tell_in: never", 'desk.yaml:25: sla standard: tell_in: "never" is not known'),
        ("urgent:", "p1:", 'sla standard: by_priority: "p1" is not known; priorities are low, normal'),
        ("tier: vip", "tier: gold", 'sla vip: tier: "gold" is not known; tiers are vip'),
        ("pause: pending", "pause: closed", 'pause: "closed" cannot pause; statuses that can are new'),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_line(tmp_path: Path, given: str, instead: str, said: str) -> None:
    assert given in WHOLE
    with pytest.raises(ConfigurationError) as caught:
        _read(tmp_path, WHOLE.replace(given, instead))
    assert said in str(caught.value)
