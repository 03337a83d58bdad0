"""Tiers, macros, rules, routing in ``desk.yaml``: read, checked with lines, written again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from chatdesk.configuration.export import export
from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.plan import plan
from chatdesk.configuration.reading import read_desks
from chatdesk.domain.assignment import Strategy
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.rules import Happening, Since
from chatdesk.domain.steps import Step, StepKind
from chatdesk.errors import ConfigurationError
from chatdesk.store.desks import Usage

PLATFORMS = ("slack", "discord")
BASE = """\
desk: acme
teams:
  support: {home: "slack:#support", assignment: [previous_agent, least_loaded], capacity: 5}
  billing: {home: "slack:#billing"}
categories: {billing: {sub: {refund: }}}
services: [Shop]
"""
WHOLE = (
    BASE
    + """\
calendars:
  office: {zone: Europe/Zurich, hours: {mon-fri: 09:00-17:00}}
webhooks:
  crm: {url: "https://crm.example/hook"}
tiers:
  vip: {name: VIP, members: ["slack:U7", "discord:role:Gold"]}
agents:
  - {who: ["slack:U1", "discord:42"], skills: [billing, de], capacity: 2}
macros:
  refund:
    name: Refund is on its way
    do:
      status: pending
      reply: Hello {requester}, {{really}}
      tag: [refund, money]
      assign: me
rules:
  vip_first:
    when: created
    if: {tier: vip, fields: {paid_by: card}, closed: office}
    then: {at_least: high, notify: [leads, "slack:U3"], webhook: crm}
  chase:
    after: 2d
    since: answer
    if: {status: pending}
    unless: {tag: waits}
    then: {reply: "Any news, {requester}?", raise: 1}
    once: true
priority_rules:
  soon: {if: {due_within: 1d}, at_least: urgent}
  outage: {if: {outage: true, service: Shop}, raise: 2}
routing:
  refunds:
    if: {words: [refund, money back], channel: "discord:#help", language: de}
    team: billing
    category: billing/refund
unhappy_words: [hopeless]
"""
)


def _read(folder: Path, text: str) -> Organisation:
    path = folder / "desk.yaml"
    path.write_text(text, encoding="utf-8")
    return read_desks(path, PLATFORMS)[0]


def test_everything_that_may_be_said(tmp_path: Path) -> None:
    acme = _read(tmp_path, WHOLE)
    assert acme.teams[0].assignment == (Strategy.PREVIOUS_AGENT, Strategy.LEAST_LOADED)
    assert (acme.teams[0].capacity, acme.agents[0].capacity) == (5, 2)
    refund = acme.macro("refund")
    assert refund is not None
    assert refund.steps == (
        Step(StepKind.TAG, "refund"),
        Step(StepKind.TAG, "money"),
        Step(StepKind.ASSIGN, "me"),
        Step(StepKind.REPLY, text="Hello {requester}, {{really}}"),
        Step(StepKind.STATUS, "pending"),
    )
    vip, chase = acme.rules
    assert (vip.when, str(vip.condition)) == ((Happening.CREATED,), "tier vip, closed office, paid_by card")
    assert (chase.after, chase.since, chase.once) == (timedelta(days=2), Since.ANSWER, True)
    assert str(chase.unless) == "tag waits"
    soon, _ = acme.priority_rules
    assert (soon.after, soon.since) == (-timedelta(days=1), Since.DEADLINE)
    assert acme.routing[0].condition.channel == ("discord:#help",)


def test_it_is_exported_as_it_was_read_and_fits_the_schema(tmp_path: Path) -> None:
    acme = _read(tmp_path, WHOLE)
    assert _read(tmp_path, export(acme)) == acme
    jsonschema.validate(YAML(typ="safe").load(WHOLE), DeskFile.model_json_schema(by_alias=True))


def test_a_plan_says_what_changes(tmp_path: Path) -> None:
    old, new = _read(tmp_path, WHOLE), _read(tmp_path, WHOLE.replace("raise: 2", "raise: 1"))
    assert str(plan(old, new, Usage())) == ("desk acme:\n  ~ priority rule outage: steps −raise 2 +raise 1")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "macros:\n  m: {do: {reply: 'Dear {requestor}'}}\n",
            'desk.yaml:8: macro m: reply: "{requestor}" is no variable; variables are requester, number, '
            "title, agent, assignee, team, category, priority, status, service, desk "
            "(did you mean requester?)",
        ),
        (
            "macros:\n  m: {do: {note: 'a } b'}}\n",
            "desk.yaml:8: macro m: note: braces do not match; write {{ for one that is meant",
        ),
        ("macros:\n  m: {do: {}}\n", "desk.yaml:8: macro m does nothing"),
        (
            "macros:\n  m:\n    do:\n      replly: x\n",
            'desk.yaml:10: macro m: "replly" is not known here; settings are category, team, priority, '
            "at_least, raise, tag, untag, assign, note, reply, status, resolve, close, escalate, notify, "
            "webhook (did you mean reply?)",
        ),
        (
            "rules:\n  r: {then: {tag: x}}\n",
            "desk.yaml:8: rule r needs either when (something happens) or after (some time)",
        ),
        (
            "rules:\n  r:\n    when: created\n    if: {team: suport}\n    then: {tag: x}\n",
            'desk.yaml:10: rule r: team: "suport" is not known; teams are support, billing '
            "(did you mean support?)",
        ),
        (
            "rules:\n  r: {when: created, then: {assign: me}}\n",
            "desk.yaml:8: rule r: nobody uses a rule, so me is nobody; write auto",
        ),
        (
            "rules:\n  r: {when: created, then: {status: closed}}\n",
            'desk.yaml:8: rule r: status: "closed" cannot be set; statuses to set are on_hold, open, pending',
        ),
        (
            "rules:\n  r: {when: created, then: {notify: [slak:U1]}}\n",
            'desk.yaml:8: rule r: then notify: "slak:U1" names the platform "slak"; platforms are slack, '
            "discord (did you mean slack?)",
        ),
        (
            "rules:\n  r: {when: created, then: {webhook: crm}}\n",
            'desk.yaml:8: rule r: webhook: "crm" is not known; there are no webhooks',
        ),
        (
            "webhooks:\n  crm: {url: 'ftp://crm'}\n",
            'desk.yaml:8: webhook crm: url: "ftp://crm" must be an address such as https://crm.example/hook',
        ),
        (
            "routing:\n  r: {if: {words: x}, team: sales}\n",
            'desk.yaml:8: routing rule r: team: "sales" is not known; teams are support, billing',
        ),
        ("priority_rules:\n  p: {if: {unhappy: true}}\n",
         "desk.yaml:8: priority rule p needs either raise or at_least"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _read(tmp_path, BASE + text)
    assert caught.value.problems == (problem,)
