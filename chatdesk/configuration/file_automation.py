"""The shape of what ``desk.yaml`` lets chatdesk do by itself: customer tiers, steps, macros, rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from chatdesk.configuration.source import Step
from chatdesk.configuration.values import (
    CalendarKey,
    CategoryPath,
    Channel,
    Duration,
    OneOrMore,
    PriorityKey,
    Staff,
    TeamKey,
    TierKey,
    parse_staff,
)
from chatdesk.configuration.written import Written
from chatdesk.domain.organisation import StaffSourceKind
from chatdesk.domain.rules import Happening, Since
from chatdesk.domain.steps import ASSIGNEE, AUTO, LEADS, ME, NOBODY, ON_CALL


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
    if value not in (ASSIGNEE, LEADS, ON_CALL):
        parse_staff(value, info)
    return value


Assigned = Annotated[
    str, AfterValidator(_assignee), Written("me, nobody, auto or a person", ("me", "auto", "slack:U0123ABCD"))
]
Notified = Annotated[
    str,
    AfterValidator(_notified),
    Written("assignee, leads, on_call or staff", ("assignee", "leads", "slack:group:support-leads")),
]
Address = Annotated[
    str, AfterValidator(_address), Written("address", ("https://crm.example/hooks/chatdesk",))
]


class TierFile(_Section):
    """Customers who are treated alike, such as VIPs."""

    name: str | None = Field(default=None, description="As staff read it; else made of its key")
    members: OneOrMore[Staff] = Field(min_length=1, description="Who they are, written like a team's members")


class StepsFile(_Section):
    """What is done, in this order whatever the order in the file."""

    category: CategoryPath | None = Field(default=None, description="Set it")
    team: TeamKey | None = Field(default=None, description="Move the ticket to this team")
    priority: PriorityKey | None = Field(default=None, description="Set it")
    at_least: PriorityKey | None = Field(
        default=None, description="Raise the priority to this one, never lower it"
    )
    raise_: int | None = Field(
        default=None, alias="raise", ge=1, le=25, description="Raise the priority by so many"
    )
    tag: OneOrMore[str] = Field(default=[], description="Add these tags")
    untag: OneOrMore[str] = Field(default=[], description="Take these tags away")
    assign: Assigned | None = Field(
        default=None,
        description="me (macros alone), nobody, auto (as the team's assignment says), or a person",
    )
    note: str | None = Field(default=None, description="A note that only staff read")
    reply: str | None = Field(default=None, description="An answer that the requester reads")
    status: str | None = Field(default=None, description="open, pending or on_hold")
    resolve: str | None = Field(
        default=None, description="Resolve it; what was done, which the requester reads"
    )
    close: str | None = Field(default=None, description="Close it; what was done, which the requester reads")
    escalate: str | None = Field(default=None, description="To a team, or next")
    notify: OneOrMore[Notified] = Field(default=[], description="Tell them in direct messages")
    webhook: OneOrMore[str] = Field(default=[], description="Call these of webhooks")


class WebhookFile(_Section):
    """An address of another program that rules and macros may call."""

    url: Address = Field(description="Where it listens")


class MacroFile(_Section):
    """An answer and steps that agents give again and again."""

    name: str | None = Field(default=None, description="As agents read it; else made of its key")
    do: StepsFile = Field(description="What it does")


class ConditionFile(_Section):
    """Everything that is asked must hold; of several values, any."""

    status: OneOrMore[str] = Field(default=[], description="It has one of these statuses")
    priority: OneOrMore[PriorityKey] = Field(default=[], description="It has one of these priorities")
    category: OneOrMore[CategoryPath] = Field(default=[], description="By path; holds for what is below, too")
    team: OneOrMore[TeamKey] = Field(default=[], description="It belongs to one of these teams")
    type: OneOrMore[str] = Field(default=[], description="It is one of these types")
    service: OneOrMore[str] = Field(default=[], description="It is about one of these services")
    tag: OneOrMore[str] = Field(default=[], description="It has one of these tags")
    tier: OneOrMore[TierKey] = Field(default=[], description="Its requester belongs to one of these tiers")
    language: OneOrMore[str] = Field(
        default=[], description="It is written in one of these: en, de, fr, es, it, pt or nl"
    )
    channel: OneOrMore[Channel] = Field(default=[], description="Where it was asked")
    words: OneOrMore[str] = Field(
        default=[],
        description="Whole words or phrases, in any case, of the request or the message that came",
    )
    fields: dict[str, str] = Field(default={}, description="Answers to what a category asked")
    open: OneOrMore[CalendarKey] = Field(
        default=[], description="It is within the hours of one of these calendars"
    )
    closed: OneOrMore[CalendarKey] = Field(
        default=[], description="It is out of the hours of one of these calendars"
    )
    assigned: bool | None = Field(default=None, description="Somebody has it, or nobody")
    escalated: bool | None = Field(default=None, description="It is escalated, or not")
    outage: bool | None = Field(default=None, description="Its service is out of order: /desk outage")
    unhappy: bool | None = Field(default=None, description="The requester's words say so")
    due_within: Duration | None = Field(
        default=None, description="So near is the date that the category's field deadline was answered with"
    )


class RuleFile(_Section):
    """What is done by itself, when something happens or some time after it."""

    when: OneOrMore[Happening] = Field(default=[], description="What sets it off")
    after: Duration | None = Field(default=None, description="Instead of when: so long after since")
    since: Since = Field(default=Since.CREATED, description="From when on after is counted")
    if_: ConditionFile = Field(default=ConditionFile(), alias="if", description="What must hold")
    unless: ConditionFile | None = Field(default=None, description="What must not hold")
    then: StepsFile = Field(description="What is done")
    once: bool = Field(default=False, description="Once for each ticket, for ever")


class PriorityRuleFile(_Section):
    """What raises a priority, once for each ticket."""

    if_: ConditionFile = Field(alias="if", description="What must hold")
    unless: ConditionFile | None = Field(default=None, description="What must not hold")
    raise_: int | None = Field(default=None, alias="raise", ge=1, le=25, description="By so many")
    at_least: PriorityKey | None = Field(default=None, description="To this one, if it is lower")


class RoutingFile(_Section):
    """What sends a request to a team, before its category and channel are asked."""

    if_: ConditionFile = Field(alias="if", description="What must hold")
    team: TeamKey = Field(description="Whose it is then")
    category: CategoryPath | None = Field(default=None, description="Given to it if it has none")


class AgentFile(_Section):
    """What is known of somebody who works tickets."""

    who: OneOrMore[Staff] = Field(min_length=1, description="All accounts of one person")
    skills: OneOrMore[str] = Field(
        default=[], description="Categories, services, tags, languages that they know about"
    )
    capacity: int | None = Field(
        default=None,
        ge=1,
        description="How many open tickets they have at most, instead of what their team says",
    )
    hours: CalendarKey | None = Field(
        default=None, description="When they work, instead of what their team says"
    )


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
