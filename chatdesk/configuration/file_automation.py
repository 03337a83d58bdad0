"""The shape of what ``desk.yaml`` lets chatdesk do by itself: customer tiers, steps, macros, rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from chatdesk.configuration.source import Step
from chatdesk.configuration.values import Channel, Duration, OneOrMore, Staff, parse_staff
from chatdesk.domain.organisation import StaffSourceKind
from chatdesk.domain.rules import Happening, Since
from chatdesk.domain.steps import ASSIGNEE, AUTO, LEADS, ME, NOBODY


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, populate_by_name=True)


def _assignee(value: str, info: ValidationInfo) -> str:
    if value not in (ME, NOBODY, AUTO) and parse_staff(value, info).kind is not StaffSourceKind.PERSON:
        raise ValueError(f'"{value}" is no person; write me, nobody, auto, or one person as slack:U0123')
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+(?:/\S*)?", value):
        raise ValueError(f'"{value}" must be an address such as https://crm.example/hook')
    return value


def _notified(value: str, info: ValidationInfo) -> str:
    if value not in (ASSIGNEE, LEADS):
        parse_staff(value, info)
    return value


class TierFile(_Section):
    """Customers who are treated alike, such as VIPs."""

    name: str | None = None
    members: OneOrMore[Staff] = Field(min_length=1, description="Written like a team's members")


class StepsFile(_Section):
    """What is done, in this order whatever the order in the file."""

    category: str | None = None
    team: str | None = Field(default=None, description="Move the ticket to this team")
    priority: str | None = None
    at_least: str | None = Field(default=None, description="Raise the priority to this one, never lower it")
    raise_: int | None = Field(
        default=None, alias="raise", ge=1, le=25, description="Raise the priority by so many"
    )
    tag: OneOrMore[str] = Field(default=[], description="Add these tags")
    untag: OneOrMore[str] = Field(default=[], description="Take these tags away")
    assign: Annotated[str, AfterValidator(_assignee)] | None = Field(
        default=None, description="me (macros), nobody, auto (whose turn it is), or a person: slack:U1"
    )
    note: str | None = Field(default=None, description="Only staff read it; with variables")
    reply: str | None = Field(default=None, description="The requester reads it; with variables")
    status: str | None = Field(default=None, description="open, pending or on_hold")
    resolve: str | None = Field(default=None, description="Resolve it; what was done, with variables")
    close: str | None = Field(default=None, description="Close it; what was done, with variables")
    escalate: str | None = Field(default=None, description="A team, or next")
    notify: OneOrMore[Annotated[str, AfterValidator(_notified)]] = Field(
        default=[], description="assignee, leads, or people: slack:U1, discord:role:leads"
    )
    webhook: OneOrMore[str] = Field(default=[], description="Call these of webhooks")


class WebhookFile(_Section):
    """An address of another program that rules and macros may call."""

    url: Annotated[str, AfterValidator(_address)] = Field(description="https://crm.example/hooks/chatdesk")


class MacroFile(_Section):
    """An answer and steps that agents give again and again."""

    name: str | None = None
    do: StepsFile


class ConditionFile(_Section):
    """Everything that is asked must hold; of several values, any."""

    status: OneOrMore[str] = []
    priority: OneOrMore[str] = []
    category: OneOrMore[str] = Field(default=[], description="By path; holds for what is below, too")
    team: OneOrMore[str] = []
    type: OneOrMore[str] = []
    service: OneOrMore[str] = []
    tag: OneOrMore[str] = []
    tier: OneOrMore[str] = []
    language: OneOrMore[str] = Field(default=[], description="en, de, fr, es, it, pt or nl")
    channel: OneOrMore[Channel] = Field(default=[], description="Where it was asked")
    words: OneOrMore[str] = Field(default=[], description="Whole words or phrases, in any case")
    fields: dict[str, str] = Field(default={}, description="Answers to what a category asked")
    open: OneOrMore[str] = Field(default=[], description="It is within the hours of one of these calendars")
    closed: OneOrMore[str] = Field(default=[], description="It is out of the hours of one of these calendars")
    assigned: bool | None = None
    escalated: bool | None = None
    outage: bool | None = Field(default=None, description="Its service is out of order: /desk outage")
    unhappy: bool | None = Field(default=None, description="The requester's words say so")
    due_within: Duration | None = Field(
        default=None, description="So near is the date that the category's field deadline was answered with"
    )


class RuleFile(_Section):
    """What is done by itself, when something happens or some time after it."""

    when: OneOrMore[Happening] = []
    after: Duration | None = None
    since: Since = Field(default=Since.CREATED, description="From when on after is counted")
    if_: ConditionFile = Field(default=ConditionFile(), alias="if")
    unless: ConditionFile | None = None
    then: StepsFile
    once: bool = Field(default=False, description="Once for each ticket, for ever")


class PriorityRuleFile(_Section):
    """What raises a priority, once for each ticket."""

    if_: ConditionFile = Field(alias="if")
    unless: ConditionFile | None = None
    raise_: int | None = Field(default=None, alias="raise", ge=1, le=25)
    at_least: str | None = None


class RoutingFile(_Section):
    """What sends a request to a team, before its category and channel are asked."""

    if_: ConditionFile = Field(alias="if")
    team: str
    category: str | None = Field(default=None, description="Given to it if it has none")


class AgentFile(_Section):
    """What is known of somebody who works tickets."""

    who: OneOrMore[Staff] = Field(min_length=1, description="Their accounts: slack:U1")
    skills: OneOrMore[str] = Field(
        default=[], description="Categories, services, tags, languages that they know about"
    )
    capacity: int | None = Field(default=None, ge=1, description="Instead of their team's")


_SECTIONS: dict[str, type[BaseModel]] = {
    "tiers": TierFile,
    "macros": MacroFile,
    "rules": RuleFile,
    "priority_rules": PriorityRuleFile,
    "routing": RoutingFile,
    "agents": AgentFile,
    "webhooks": WebhookFile,
}
_BELOW: dict[str, type[BaseModel]] = {
    "do": StepsFile,
    "then": StepsFile,
    "if": ConditionFile,
    "unless": ConditionFile,
}


def section_at(path: Sequence[Step]) -> type[BaseModel] | None:
    """The section whose settings a path is about, if it is one of these."""
    if len(path) < 3 or path[0] not in _SECTIONS:
        return None
    return _BELOW.get(str(path[2]), _SECTIONS[str(path[0])]) if len(path) > 3 else _SECTIONS[str(path[0])]


def settings_of(section: type[BaseModel]) -> list[str]:
    """A section's settings as they are written."""
    return [field.alias or name for name, field in section.model_fields.items()]
