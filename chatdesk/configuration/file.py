"""The shape of ``desk.yaml``. Its JSON schema is what ``chatdesk config schema`` prints."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from chatdesk.configuration.file_assistant import AssistantFile
from chatdesk.configuration.file_automation import (
    AgentFile,
    MacroFile,
    PriorityRuleFile,
    RoutingFile,
    RuleFile,
    TierFile,
    WebhookFile,
)
from chatdesk.configuration.file_endings import Codes, EveryWeek, ResolutionPart, SatisfactionFile, Zone
from chatdesk.configuration.file_knowledge import KnowledgeFile
from chatdesk.configuration.file_on_call import OnCallFile
from chatdesk.configuration.file_sla import CalendarFile, SlaFile
from chatdesk.configuration.file_triage import TriageFile
from chatdesk.configuration.values import (
    CalendarKey,
    CategoryPath,
    Channel,
    Colour,
    Duration,
    FileKind,
    Key,
    OneOrMore,
    PriorityKey,
    Size,
    Staff,
    TeamKey,
    Workspace,
)
from chatdesk.contract.outbound import Visibility
from chatdesk.domain.assignment import Strategy
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import DEFAULT_PRIORITIES, DEFAULT_TYPES, ThreadMode

_DEFAULTS = {priority.key: priority for priority in DEFAULT_PRIORITIES}
_NO_MARK, _NO_COLOUR = "⚪", 0x95A5A6


class Section(BaseModel):
    """Anything that is not described here is a mistake.

    Defaults are given as they are written in the file, so that the schema shows them so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def _written(default: str, description: str) -> Any:
    """A default as the file would say it; what the field holds is what it means."""
    return Field(default=default, description=description)


def _empty(value: object) -> object:
    """``support:`` with nothing below it."""
    return {} if value is None else value


def _keyed(value: object) -> object:
    return {"key": value} if isinstance(value, str) else value


def _labelled(value: object) -> object:
    return {"label": value} if isinstance(value, str) else _empty(value)


class TeamFile(Section):
    """People who work tickets, and the channel they do it in."""

    name: str | None = Field(default=None, description="As people read it; else made of its key")
    home: OneOrMore[Channel] = Field(
        min_length=1, description="Where its cards and the threads under them appear"
    )
    members: OneOrMore[Staff] = Field(default=[], description="Who works its tickets")
    leads: OneOrMore[Staff] = Field(
        default=[],
        description="Who is told of breaches and low ratings; given tickets only if they are members, too",
    )
    mode: ThreadMode = Field(
        default=ThreadMode.REPLY,
        description="reply: what agents write in the team's thread goes to the customer unless marked; "
        "internal: it stays inside unless marked",
    )
    escalates_to: TeamKey | None = Field(
        default=None, description="Who is asked next; the levels must end somewhere"
    )
    acknowledge_within: Duration = _written("30m", "When the next level is asked if nobody here says a word")
    answer_within: Duration = _written(
        "4h", "What a requester is told to expect when it is escalated to this team"
    )
    assignment: OneOrMore[Strategy] = Field(
        default=[], description="How new tickets are given to somebody; the first that finds one counts"
    )
    capacity: int | None = Field(
        default=None, ge=1, description="How many open tickets an agent has at most because of it"
    )
    hours: CalendarKey | None = Field(
        default=None, description="When its people work; what it is asked is counted in these hours"
    )
    on_call: OnCallFile | None = Field(default=None, description="Who is told at any hour")
    escalate_after_reopens: int | None = Field(
        default=None, ge=1, description="How often a ticket is reopened until the next level is asked"
    )
    digest: EveryWeek | None = Field(
        default=None, description="When the week's numbers are posted in the home channel"
    )


class RouteFile(Section):
    """What is asked in a channel belongs to a team."""

    channel: Channel = Field(description="Where it is asked")
    team: TeamKey = Field(description="Whose it is")
    threads: Visibility = Field(default=Visibility.PUBLIC, description="Where answers stand")
    mode: ThreadMode | None = Field(default=None, description="Instead of the team's")
    every_message: bool = Field(
        default=False, description="Every message is a ticket, without anybody asking"
    )
    category: CategoryPath | None = Field(default=None, description="Given to tickets that have none")
    priority: PriorityKey | None = Field(default=None, description="Instead of default_priority")


class PriorityFile(Section):
    """How urgent a ticket may be."""

    key: Key = Field(description="Its key; low, normal, high and urgent have names and colours of their own")
    name: str | None = Field(default=None, description="As people read it")
    mark: str | None = Field(default=None, description="The coloured sign on cards")
    colour: Colour | None = Field(default=None, description="In quotes, since # begins a comment")

    def shown(self) -> tuple[str, str, int]:
        """Name, mark and colour, with those of our own priority of this key where none are given."""
        own = _DEFAULTS.get(self.key)
        name = self.name or (own.name if own else self.key.replace("_", " ").capitalize())
        mark = self.mark or (own.mark if own else _NO_MARK)
        colour = self.colour if self.colour is not None else (own.colour if own else _NO_COLOUR)
        return name, mark, colour


class FieldFile(Section):
    """A question that a category asks."""

    label: str | None = Field(default=None, description="The question; else made of its key")
    required: bool = Field(default=False, description="A ticket without an answer stays a draft and asks")
    choices: OneOrMore[str] = Field(default=[], max_length=25, description="The answers there are; else any")


Question = Annotated[FieldFile, BeforeValidator(_labelled, json_schema_input_type=FieldFile | str | None)]


class CategoryFile(Section):
    """A node of the tree."""

    name: str | None = Field(default=None, description="As people read it; else made of its key")
    team: TeamKey | None = Field(
        default=None, description="Whose tickets of this category are, and of those below"
    )
    fields: dict[Key, Question] = Field(
        default={}, description="Asked in the form, here and below; a label alone will do"
    )
    sub: dict[Key, Node] = Field(default={}, description="The categories below")


Node = Annotated[CategoryFile, BeforeValidator(_empty, json_schema_input_type=CategoryFile | None)]


class DeskFile(Section):
    """One desk: what a support organisation decided."""

    desk: Key = Field(description="The desk's key, for ever: tickets belong to it")
    name: str | None = Field(default=None, description="As people read it; else made of the key")
    installations: OneOrMore[Workspace] = Field(
        default=[], description="The workspaces and servers that are this desk's; needed with several desks"
    )
    teams: dict[Key, TeamFile] = Field(
        min_length=1, description="The first takes what no route and no category sends elsewhere"
    )
    admins: OneOrMore[Staff] = Field(default=[], description="Staff who may do everything")
    routes: list[RouteFile] = Field(default=[], description="What is asked where belongs to whom")
    priorities: list[
        Annotated[PriorityFile, BeforeValidator(_keyed, json_schema_input_type=PriorityFile | str)]
    ] = Field(
        default_factory=lambda: [PriorityFile(key=key) for key in _DEFAULTS],
        min_length=1,
        max_length=25,
        description="From lowest to highest; a key alone will do",
    )
    default_priority: PriorityKey = _written("normal", "What a ticket has that says nothing else")
    categories: dict[Key, Node] = Field(default={}, description="A tree: area, sub-area, topic")
    types: OneOrMore[str] = Field(
        default=list(DEFAULT_TYPES), max_length=25, description="What kinds of requests there are"
    )
    services: OneOrMore[str] = Field(default=[], max_length=25, description="What can be affected")
    required: OneOrMore[Literal["category", "priority", "service"]] = Field(
        default=[], description="What a ticket must have; without it stays a draft and asks"
    )
    statuses: dict[Status, str] = Field(default={}, description="Your names for them; else their keys")
    draft_after: Duration = _written(
        "10m", "When a draft becomes a ticket without what it lacks, rather than being lost"
    )
    reopen_grace: Duration = _written(
        "1w", "How long after closing a requester's message still belongs to the old ticket"
    )
    time_zone: Zone = _written("UTC", "In which clock times are typed (/ticket snooze 9:00) and shown")
    resolution_codes: Codes = Field(
        default={}, max_length=25, description="How tickets are solved, by key; only staff see it"
    )
    resolution_required: OneOrMore[ResolutionPart] = Field(
        default=[], description="What agents must say when they resolve, close or ask to close"
    )
    close_resolved_after: Duration | None = Field(
        default=None, description="When a resolved ticket is closed; without it, never"
    )
    remind_pending_after: Duration | None = Field(
        default=None, description="When the requester is told that we wait for them; without it, never"
    )
    close_pending_after: Duration | None = Field(
        default=None, description="When a pending ticket is closed; without it, never"
    )
    forget_closed_after: Duration | None = Field(
        default=None,
        description="How long after closing words and files of a ticket are kept here, 31d at least; "
        "without it, for ever",
    )
    satisfaction: SatisfactionFile | None = Field(
        default=None, description="Ask requesters how it was; without it nobody is, {} is all defaults"
    )
    knowledge: KnowledgeFile | None = Field(default=None, description="Articles; without it there are none")
    triage: TriageFile | None = Field(
        default=None, description="Guesses of the classifier; without it staff may only ask for them"
    )
    assistant: AssistantFile | None = Field(
        default=None, description="A language model that staff may ask; without it nothing is told to any"
    )
    duplicates_within: Duration = _written(
        "1w",
        "How old an open ticket may be for a new one to be called the same (same requester, similar words, "
        "an open incident of the same service), with a button that merges; 0s: never",
    )
    collision_window: Duration = _written(
        "5m", "Within which a second agent who answers is told of the first"
    )
    max_file: Size = _written("25MiB", "Larger files are named, not copied")
    refuse_files: OneOrMore[FileKind] = Field(
        default=[], description="Files that are named, not copied, by their endings or media types"
    )
    tiers: dict[Key, TierFile] = Field(
        default={}, description="Customers who are treated alike; who is in several belongs to the first"
    )
    agents: list[AgentFile] = Field(default=[], description="Where there is something to say of somebody")
    webhooks: dict[Key, WebhookFile] = Field(default={}, description="Other programs that may be called")
    macros: dict[Key, MacroFile] = Field(default={}, description="What agents say and do again and again")
    rules: dict[Key, RuleFile] = Field(default={}, description="What is done by itself")
    priority_rules: dict[Key, PriorityRuleFile] = Field(
        default={}, description="What raises a priority; all that hold, in this order"
    )
    routing: dict[Key, RoutingFile] = Field(
        default={}, description="What sends a request to a team; the first that holds"
    )
    calendars: dict[Key, CalendarFile] = Field(default={}, description="When work is done")
    slas: dict[Key, SlaFile] = Field(default={}, description="What is promised; the first that fits counts")
    unhappy_words: OneOrMore[str] = Field(
        default=[], description="By which an angry requester is known, besides our own list"
    )
