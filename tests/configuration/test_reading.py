from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.reading import read_desks
from chatdesk.contract.outbound import Visibility
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.domain.organisation import (
    CategoryField,
    ChannelReference,
    Organisation,
    StaffSource,
    StaffSourceKind,
    ThreadMode,
)
from chatdesk.errors import ConfigurationError
from chatdesk.resources import resource

PLATFORMS = ("slack", "discord")
SLACK, DISCORD = Platform("slack"), Platform("discord")

WHOLE = """\
desk: acme
name: Acme Ltd
installations: [slack:T1, "discord:42"]
teams:
  support:
    name: First line
    home: slack:#support
    members: [slack:U1, "slack:group:@agents", discord:role:agents, "slack:channel:#staff"]
    leads: slack:U2
    escalates_to: billing
    acknowledge_within: 1h30m
  billing:
    home: ["slack:T1/#billing", "discord:12345"]
    mode: internal
    answer_within: 2d
admins: slack:U9
routes:
  - {channel: "discord:#help", team: support, threads: private, mode: internal}
  - {channel: "slack:#help", team: support, every_message: true, category: money/refund, priority: high}
priorities: [low, {key: high, name: Höchst, mark: "🔺", colour: "#FF0000"}]
default_priority: low
categories:
  money:
    team: billing
    fields:
      order: Order number
      kind: {required: true, choices: [card, cash]}
    sub:
      refund: {fields: {order: {label: Which order, required: true}}}
      invoice:
services: [Shop]
required: category
statuses: {on_hold: waiting for others}
draft_after: 5m
max_file: 10MiB
"""


def _read(folder: Path, text: str) -> Organisation:
    path = folder / "desk.yaml"
    path.write_text(text, encoding="utf-8")
    (organisation,) = read_desks(path, PLATFORMS)
    return organisation


def _problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        _read(folder, text)
    return caught.value.problems


def test_everything_that_may_be_said(tmp_path: Path) -> None:
    acme = _read(tmp_path, WHOLE)
    assert (acme.desk, acme.name) == ("acme", "Acme Ltd")
    assert acme.installations == (Installation(SLACK, "T1"), Installation(DISCORD, "42"))
    support, billing = acme.teams
    assert support.name == "First line"
    assert support.homes == (ChannelReference(SLACK, "#support"),)
    assert [source.key for source in support.members] == [
        "person:U1",
        "group:agents",
        "group:agents",
        "channel:staff",
    ]
    assert support.leads == (StaffSource(SLACK, StaffSourceKind.PERSON, "U2"),)
    assert (support.escalates_to, support.acknowledge_within) == ("billing", timedelta(minutes=90))
    assert billing.name == "Billing"
    assert billing.homes == (ChannelReference(SLACK, "#billing", "T1"), ChannelReference(DISCORD, "12345"))
    assert (billing.mode, billing.answer_within) == (ThreadMode.INTERNAL, timedelta(days=2))
    assert [route.visibility for route in acme.routes] == [Visibility.PRIVATE, Visibility.PUBLIC]
    assert acme.routes[1].every_message
    low, high = acme.priorities
    assert (low.name, low.mark) == ("Low", "⚪")
    assert (high.name, high.mark, high.colour) == ("Höchst", "🔺", 0xFF0000)
    assert acme.status_name("on_hold") == "waiting for others"
    assert (acme.draft_after, acme.max_file_bytes) == (timedelta(minutes=5), 10 * 1024**2)


def test_a_category_hands_its_team_and_questions_down(tmp_path: Path) -> None:
    acme = _read(tmp_path, WHOLE)
    assert [category.key for category in acme.categories] == ["money", "money/refund", "money/invoice"]
    refund = acme.category("money/refund")
    assert refund is not None
    assert (refund.label, refund.team) == ("Money › Refund", "billing")
    assert refund.fields == (
        CategoryField("kind", "Kind", True, ("card", "cash")),
        CategoryField("order", "Which order", True),
    )


def test_the_least_that_must_be_said(tmp_path: Path) -> None:
    acme = _read(tmp_path, "desk: acme\nteams:\n  support: {home: 'slack:#support'}\n")
    assert acme.name == "Acme"
    assert [priority.key for priority in acme.priorities] == ["low", "normal", "high", "urgent"]
    assert acme.max_file_bytes == 25 * 1024 * 1024


def test_the_example_that_everybody_begins_with_is_fine() -> None:
    (acme,) = read_desks(resource("desk.example.yaml"), PLATFORMS)
    assert acme.desk == "acme"


TEAMS = "teams:\n  support: {home: 'slack:#support'}\n  billing: {home: 'slack:#billing'}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            f"desk: acme\n{TEAMS}routes:\n  - {{channel: 'slack:#a', team: support}}\n"
            "  - channel: slack:#b\n    team: suport\n",
            'desk.yaml:8: route 2 names the team "suport"; teams are support, billing '
            "(did you mean support?)",
        ),
        (
            f"desk: acme\n{TEAMS}categories:\n  a:\n    sub:\n      b: {{team: sales}}\n",
            'desk.yaml:8: category a/b names the team "sales"; teams are support, billing',
        ),
        (
            f"desk: acme\n{TEAMS}nmae: Acme\n",
            f'desk.yaml:5: "nmae" is not known here; settings are {", ".join(DeskFile.model_fields)} '
            "(did you mean name?)",
        ),
        ("name: Acme\nteams:\n  a: {home: 'slack:#a'}\n", "desk.yaml:1: the file needs desk"),
        ("desk: acme\nteams: {}\n", "desk.yaml:2: teams: must not be empty"),
        ("desk: acme\nteams:\n  support:\n    name: x\n", "desk.yaml:3: team support needs home"),
        (
            "desk: acme\nteams:\n  support:\n    home: slack:#s\n    mode: repli\n",
            'desk.yaml:5: team support: mode: "repli" is not allowed; allowed are reply, internal '
            "(did you mean reply?)",
        ),
        (
            "desk: acme\nteams:\n  support:\n    home: slak:#s\n",
            'desk.yaml:4: team support: home: "slak:#s" names the platform "slak"; '
            "platforms are slack, discord (did you mean slack?)",
        ),
        (
            "desk: acme\nteams:\n  support:\n    home: '#support'\n",
            'desk.yaml:4: team support: home: "#support" names no platform; '
            "write it as slack:#support or discord:1234567890",
        ),
        (
            "desk: acme\nteams:\n  support:\n    home: slack:#s\n    members:\n      - slack:U1\n"
            "      - slack:gruop:x\n",
            'desk.yaml:7: team support: members: "slack:gruop:x" names the source "gruop"; '
            "sources are person, group, role, channel (did you mean group?)",
        ),
        (
            "desk: acme\nteams:\n  support:\n    home: slack:#s\n    acknowledge_within: 30\n",
            'desk.yaml:5: team support: acknowledge_within: "30" is no duration; '
            "write it with units, such as 30m, 4h, 2d or 1h30m",
        ),
        (
            "desk: acme\nteams:\n  a: {home: 'slack:#a', escalates_to: b}\n"
            "  b: {home: 'slack:#b', escalates_to: a}\n",
            "desk.yaml:3: teams escalate in a circle: a → b → a",
        ),
        (
            f"desk: acme\n{TEAMS}default_priority: hihg\n",
            'desk.yaml:5: default_priority is "hihg"; priorities are low, normal, high, urgent '
            "(did you mean high?)",
        ),
        (
            f"desk: acme\n{TEAMS}statuses:\n  opne: x\n",
            'desk.yaml:6: statuses opne: "opne" is not allowed; allowed are draft, new, open, pending, '
            "on_hold, resolved, closed, cancelled (did you mean open?)",
        ),
        (f"desk: acme\n{TEAMS}max_file: huge\n", 'desk.yaml:5: max_file: "huge" is no size; '
         "write it with a unit, such as 25MB or 10MiB"),
        (f"desk: acme\n{TEAMS}required: [category]\n",
         "desk.yaml:5: a category is required, but there are no categories"),
        (
            f"desk: acme\n{TEAMS}routes:\n  - {{channel: 'slack:#a', team: support}}\n"
            "  - {channel: 'slack:#a', team: billing}\n",
            "desk.yaml:7: route 2 is for slack:#a, and so is route 1; one channel, one route",
        ),
        ("desk: acme\nteams:\n  - support\n", "desk.yaml:2: teams: must be a mapping (name: value)"),
        ("desk: [\n", "desk.yaml:2: is not YAML: expected the node content, but found '<stream end>'"),
        ("desk: a\ndesk: b\n", 'desk.yaml:2: is not YAML: found duplicate key "desk" with value "b" '
         '(original value: "a")'),
        ("", "desk.yaml: is empty; begin with a copy of desk.example.yaml"),
        ("- a\n", "desk.yaml:1: must be a mapping (name: value)"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert _problems(tmp_path, text) == (problem,)


def test_all_problems_of_a_file_are_told_at_once_in_its_order(tmp_path: Path) -> None:
    problems = _problems(tmp_path, "desk: Acme Ltd\nteams:\n  a: {mode: x}\nstatuses: {foo: bar}\n")
    assert [problem.split(":")[1] for problem in problems] == ["1", "3", "3", "4"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"there is no such file; begin with a copy of"):
        read_desks(tmp_path / "desk.yaml", PLATFORMS)


def test_a_folder_holds_a_desk_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"desk: a\ninstallations: slack:T1\n{TEAMS}")
    (tmp_path / "b.yaml").write_text(f"desk: b\ninstallations: slack:T2\n{TEAMS}")
    assert [organisation.desk for organisation in read_desks(tmp_path, PLATFORMS)] == ["a", "b"]


def test_several_desks_share_neither_key_nor_installation(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"desk: a\ninstallations: slack:T1\n{TEAMS}")
    (tmp_path / "b.yaml").write_text(f"desk: b\n{TEAMS}")
    (tmp_path / "c.yaml").write_text(f"desk: a\ninstallations: [slack:T2]\n{TEAMS}")
    (tmp_path / "d.yaml").write_text(f"desk: d\ninstallations: [slack:T1]\n{TEAMS}")
    with pytest.raises(ConfigurationError) as caught:
        read_desks(tmp_path, PLATFORMS)
    assert caught.value.problems == (
        "b.yaml:1: with several desks each must name its installations, as slack:T0123",
        'c.yaml:1: desk "a" is also in a.yaml',
        'd.yaml:2: slack:T1 belongs to desk "a"',
    )


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"holds no \*\.yaml"):
        read_desks(tmp_path, PLATFORMS)
