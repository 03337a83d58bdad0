"""Rules decided: what sets them off, what they come to, and that deciding always ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.domain.assignment import Candidate, Strategy, chosen
from chatdesk.domain.conditions import Condition, Facts, holds
from chatdesk.domain.languages import language_of
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.rules import Happening, Rule, plan
from chatdesk.domain.sentiment import is_unhappy
from chatdesk.domain.steps import Step, StepKind, filled, unknown_variables

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
PRIORITIES = ("low", "normal", "high", "urgent")
NEW = Facts(status=Status.NEW, priority="normal", team="support")
CREATED, UPDATED, STATUS = Happening.CREATED, Happening.UPDATED, Happening.STATUS


def step(kind: str, value: str = "") -> Step:
    return Step(StepKind(kind), value)


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        (Condition(), Facts("new", "low"), True),
        (Condition(status=("new", "open")), Facts("open", "low"), True),
        (Condition(status=("new",), priority=("high",)), Facts("new", "low"), False),
        (Condition(category=("billing",)), Facts("new", "low", category="billing/refund"), True),
        (Condition(category=("bill",)), Facts("new", "low", category="billing/refund"), False),
        (Condition(tag=("a", "b")), Facts("new", "low", tags=("b", "c")), True),
        (Condition(words=("money back",)), Facts("new", "low", text="I want my MONEY\n back!"), True),
        (Condition(words=("art",)), Facts("new", "low", text="Start"), False),
        (Condition(words=("c++",)), Facts("new", "low", text="about C++."), True),
        (Condition(assigned=False), Facts("new", "low"), True),
        (Condition(outage=True), Facts("new", "low"), False),
        (Condition(fields=(("paid_by", "Card"),)), Facts("new", "low", fields=(("paid_by", "card"),)), True),
        (
            Condition(due_within=timedelta(days=1)),
            Facts("new", "low", deadline=NOW + timedelta(hours=3)),
            True,
        ),
        (Condition(due_within=timedelta(days=1)), Facts("new", "low"), False),
    ],
)
def test_conditions(condition: Condition, facts: Facts, expected: bool) -> None:
    assert holds(condition, facts, NOW) is expected


def test_a_rule_does_only_what_changes_something() -> None:
    rule = Rule("r", (step("priority", "normal"), step("tag", "a"), step("raise", "1")), (CREATED,))
    (firing,) = plan([rule], {CREATED}, NEW, PRIORITIES, NOW).firings
    assert firing.steps == (step("tag", "a"), step("priority", "high"))


def test_at_least_never_lowers() -> None:
    rule = Rule("r", (step("at_least", "high"),), (CREATED,))
    urgent = Facts("new", "urgent")
    assert plan([rule], {CREATED}, urgent, PRIORITIES, NOW).firings == ()


def test_what_a_rule_does_sets_off_others_once() -> None:
    first = Rule("first", (step("tag", "vip"),), (CREATED,))
    second = Rule("second", (step("priority", "urgent"),), (UPDATED,), condition=Condition(tag=("vip",)))
    planned = plan([second, first], {CREATED}, NEW, PRIORITIES, NOW)
    assert [firing.rule for firing in planned.firings] == ["first", "second"]
    assert planned.stopped == ()


def test_rules_against_each_other_are_stopped_and_named() -> None:
    up = Rule("up", (step("priority", "high"),), (CREATED, UPDATED))
    down = Rule("down", (step("priority", "low"),), (UPDATED,))
    planned = plan([up, down], {CREATED}, NEW, PRIORITIES, NOW)
    assert [firing.rule for firing in planned.firings] == ["up", "down"]
    assert planned.stopped == ("up",)


def test_a_rule_that_saw_what_an_earlier_one_did_is_not_stopped_for_it() -> None:
    first = Rule("first", (step("tag", "vip"),), (CREATED,))
    second = Rule("second", (step("raise", "1"),), (CREATED, UPDATED))
    planned = plan([first, second], {CREATED}, NEW, PRIORITIES, NOW)
    assert [firing.rule for firing in planned.firings] == ["first", "second"]
    assert planned.stopped == ()


def test_drafts_and_what_fired_once_are_left_alone() -> None:
    rule = Rule("r", (step("tag", "a"),), (CREATED,), once=True)
    assert not plan([rule], {CREATED}, Facts("draft", "low"), PRIORITIES, NOW).firings
    assert not plan([rule], {CREATED}, Facts("new", "low", fired=frozenset({"r"})), PRIORITIES, NOW).firings


def test_a_closed_ticket_is_changed_by_no_rule() -> None:
    steps = (step("priority", "high"), step("assign", "auto"), step("status", "open"))
    facts = Facts("cancelled", "low")
    assert [
        one.steps for one in plan([Rule("r", steps, (STATUS,))], {STATUS}, facts, PRIORITIES, NOW).firings
    ] == [(step("status", "open"),)]


STEPS = st.one_of(
    st.builds(step, st.just("priority"), st.sampled_from(PRIORITIES)),
    st.builds(step, st.sampled_from(["raise"]), st.sampled_from("12")),
    st.builds(step, st.sampled_from(["tag", "untag"]), st.sampled_from("ab")),
    st.builds(step, st.just("status"), st.sampled_from(["open", "pending", "on_hold"])),
    st.builds(step, st.just("team"), st.sampled_from(["support", "billing"])),
    st.builds(step, st.just("assign"), st.sampled_from(["auto", "nobody", "slack:U1"])),
    st.sampled_from([step("reply"), step("note"), step("resolve"), step("close"), step("escalate", "next")]),
)
RULES = st.lists(
    st.builds(
        Rule,
        st.uuids().map(str),
        st.lists(STEPS, min_size=1, max_size=4).map(tuple),
        st.lists(st.sampled_from(Happening), min_size=1, max_size=4).map(tuple),
        condition=st.builds(Condition, tag=st.sampled_from([(), ("a",), ("b",)])),
        once=st.booleans(),
    ),
    max_size=8,
)


@given(RULES, st.sets(st.sampled_from(Happening)))
def test_whatever_the_rules_it_ends_and_none_fires_twice(rules: list[Rule], set_off: set[Happening]) -> None:
    planned = plan(rules, set_off, NEW, PRIORITIES, NOW)
    fired = [firing.rule for firing in planned.firings]
    assert len(fired) == len(set(fired)) <= len(rules)
    assert set(planned.stopped) <= set(fired)
    assert all(firing.steps for firing in planned.firings)


def test_variables() -> None:
    assert filled("Hello {requester}, {{so}}", {"requester": "Ana"}) == "Hello Ana, {so}"
    assert list(unknown_variables("{requester} {nobody} {title!r}")) == ["nobody", "title"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("My printer is on fire and I can not print", "en"),
        ("Ich kann nicht drucken, der Drucker ist kaputt", "de"),
        ("Je ne peux pas imprimer, le site est en panne", "fr"),
        ("VPN", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_unhappy_words() -> None:
    assert (
        is_unhappy("This is UNACCEPTABLE")
        and is_unhappy("hello???!")
        and is_unhappy("it is pants", ("pants",))
    )
    assert not is_unhappy("Thank you, it works! VPN and SSO are fine.")


def test_whose_turn_it_is() -> None:
    ana = Candidate("ana", load=3, skills=frozenset({"vpn"}))
    ben = Candidate("ben", load=1, last_given=NOW)
    cat = Candidate("cat", load=0, away=True)
    dan = Candidate("dan", load=2, capacity=2)
    team = [ana, ben, cat, dan]

    def who(*strategies: Strategy, previous: str | None = None) -> str | None:
        found = chosen(strategies, team, frozenset({"vpn", "en"}), previous)
        return found.person if found else None

    assert who(Strategy.LEAST_LOADED) == "ben"
    assert who(Strategy.ROUND_ROBIN) == "ana"
    assert who(Strategy.BY_SKILL) == "ana"
    assert who(Strategy.PREVIOUS_AGENT, Strategy.LEAST_LOADED, previous="cat") == "ben"
    assert who(Strategy.PREVIOUS_AGENT, previous="ana") == "ana"
    assert who(Strategy.MANUAL, Strategy.LEAST_LOADED) is None
    assert chosen((Strategy.ROUND_ROBIN,), [cat, dan], frozenset(), None) is None
