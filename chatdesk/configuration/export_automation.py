"""What chatdesk does by itself, as ``desk.yaml`` writes it."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

from chatdesk.configuration.values import write_duration
from chatdesk.domain.conditions import ALWAYS, Condition
from chatdesk.domain.organisation import Agent, Organisation, Tier
from chatdesk.domain.rules import RoutingRule, Rule, Since
from chatdesk.domain.staff import written_staff
from chatdesk.domain.steps import WITH_TEXT, Step, StepKind

Written = dict[str, object]

_LISTS = frozenset({StepKind.TAG, StepKind.UNTAG, StepKind.NOTIFY, StepKind.WEBHOOK})


def automation(organisation: Organisation) -> Written:
    """The sections of the file that say what happens by itself."""
    return {
        "tiers": {tier.key: _tier(tier) for tier in organisation.tiers},
        "agents": [_agent(agent) for agent in organisation.agents],
        "webhooks": {hook.key: {"url": hook.url} for hook in organisation.webhooks},
        "macros": {
            macro.key: {"name": macro.name, "do": _steps(macro.steps)} for macro in organisation.macros
        },
        "rules": {rule.key: _rule(rule) for rule in organisation.rules},
        "priority_rules": {rule.key: _priority_rule(rule) for rule in organisation.priority_rules},
        "routing": {rule.key: _routing(rule) for rule in organisation.routing},
        "unhappy_words": list(organisation.unhappy_words),
    }


def _tier(tier: Tier) -> Written:
    return {"name": tier.name, "members": [written_staff(one) for one in tier.members]}


def _agent(agent: Agent) -> Written:
    written: Written = {"who": [written_staff(one) for one in agent.who]}
    if agent.skills:
        written["skills"] = list(agent.skills)
    if agent.capacity is not None:
        written["capacity"] = agent.capacity
    if agent.hours is not None:
        written["hours"] = agent.hours
    return written


def _rule(rule: Rule) -> Written:
    written: Written = {}
    if rule.when:
        written["when"] = [one.value for one in rule.when]
    if rule.after is not None:
        written["after"] = write_duration(rule.after)
    if rule.since is not Since.CREATED:
        written["since"] = rule.since.value
    written |= _conditions(rule)
    written["then"] = _steps(rule.steps)
    return written | ({"once": True} if rule.once else {})


def _priority_rule(rule: Rule) -> Written:
    return {"if": _condition(rule.condition), **_conditions(rule), **_steps(rule.steps)}


def _routing(rule: RoutingRule) -> Written:
    written: Written = {"if": _condition(rule.condition), "team": rule.team}
    return written | ({"category": rule.category} if rule.category else {})


def _conditions(rule: Rule) -> Written:
    written: Written = {}
    if rule.condition != ALWAYS:
        written["if"] = _condition(rule.condition)
    if rule.unless is not None:
        written["unless"] = _condition(rule.unless)
    return written


def _condition(condition: Condition) -> Written:
    asked = {one.name: getattr(condition, one.name) for one in fields(Condition)}
    written = {name: value for name, value in asked.items() if value != getattr(ALWAYS, name)}
    return {name: _value(name, value) for name, value in written.items()}


def _value(name: str, value: object) -> object:
    if isinstance(value, timedelta):
        return write_duration(value)
    if isinstance(value, tuple):
        return dict(value) if name == "fields" else list(value)
    return value


def _steps(steps: tuple[Step, ...]) -> Written:
    written: Written = {}
    for step in steps:
        if step.kind in _LISTS:
            listed = written.setdefault(step.kind.value, [])
            assert isinstance(listed, list)
            listed.append(step.value)
        elif step.kind is StepKind.RAISE:
            written[step.kind.value] = int(step.value)
        else:
            written[step.kind.value] = step.text if step.kind in WITH_TEXT else step.value
    return written
