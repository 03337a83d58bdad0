"""The shape of ``desk.yaml``. Its JSON schema is what ``chatdesk config schema`` prints."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

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
from chatdesk.configuration.file_sla import CalendarFile, SlaFile
from chatdesk.configuration.values import (
    Channel,
    Colour,
    Duration,
    FileKind,
    Key,
    OneOrMore,
    Size,
    Staff,
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


def _written(default: str) -> Any:
    """A default as the file would say it; what the field holds is what it means."""
    return Field(default=default)


def _empty(value: object) -> object:
    """``support:`` with nothing below it."""
    return {} if value is None else value


def _keyed(value: object) -> object:
    return {"key": value} if isinstance(value, str) else value


def _labelled(value: object) -> object:
    return {"label": value} if isinstance(value, str) else _empty(value)


class TeamFile(Section):
    """People who work tickets, and the channel they do it in."""

    name: str | None = None
    home: OneOrMore[Channel] = Field(min_length=1, description="Where cards appear: slack:#support")
    members: OneOrMore[Staff] = Field(
        default=[], description="slack:U1, slack:group:agents, discord:role:agents, slack:channel:#staff"
    )
    leads: OneOrMore[Staff] = Field(default=[], description="Written like members")
    mode: ThreadMode = Field(
        default=ThreadMode.REPLY,
        description="reply: what agents write goes to the customer unless marked; internal: it stays inside",
    )
    escalates_to: str | None = Field(default=None, description="The team that is asked next")
    acknowledge_within: Duration = _written("30m")
    answer_within: Duration = _written("4h")
    assignment: OneOrMore[Strategy] = Field(
        default=[], description="How new tickets are given to somebody; the first that finds one counts"
    )
    capacity: int | None = Field(default=None, ge=1, description="How many tickets an agent has at most")
    digest: EveryWeek | None = Field(default=None, description="Numbers in the home channel: monday 9:00")


class RouteFile(Section):
    """What is asked in a channel belongs to a team."""

    channel: Channel
    team: str
    threads: Visibility = Field(default=Visibility.PUBLIC, description="Where answers stand")
    mode: ThreadMode | None = None
    every_message: bool = Field(default=False, description="Every message is a ticket, unasked")
    category: str | None = None
    priority: str | None = None


class PriorityFile(Section):
    key: Key
    name: str | None = None
    mark: str | None = Field(default=None, description="The coloured sign on cards")
    colour: Colour | None = Field(default=None, description='"#RRGGBB"')

    def shown(self) -> tuple[str, str, int]:
        """Name, mark and colour, with those of our own priority of this key where none are given."""
        own = _DEFAULTS.get(self.key)
        name = self.name or (own.name if own else self.key.replace("_", " ").capitalize())
        mark = self.mark or (own.mark if own else _NO_MARK)
        colour = self.colour if self.colour is not None else (own.colour if own else _NO_COLOUR)
        return name, mark, colour


class FieldFile(Section):
    """A question that a category asks."""

    label: str | None = None
    required: bool = False
    choices: OneOrMore[str] = Field(default=[], max_length=25)


Question = Annotated[FieldFile, BeforeValidator(_labelled, json_schema_input_type=FieldFile | str | None)]


class CategoryFile(Section):
    """A node of the tree. A team and questions hold for what is below, too."""

    name: str | None = None
    team: str | None = None
    fields: dict[Key, Question] = {}
    sub: dict[Key, Node] = {}


Node = Annotated[CategoryFile, BeforeValidator(_empty, json_schema_input_type=CategoryFile | None)]


class DeskFile(Section):
    """One desk: what a support organisation decided."""

    desk: Key = Field(description="The desk's key, for ever; tickets belong to it")
    name: str | None = None
    installations: OneOrMore[Workspace] = Field(
        default=[], description="Where several desks share a process: slack:T1, discord:123"
    )
    teams: dict[Key, TeamFile] = Field(min_length=1, description="The first takes what no route sends on")
    admins: OneOrMore[Staff] = Field(default=[], description="May do everything; written like members")
    routes: list[RouteFile] = []
    priorities: list[
        Annotated[PriorityFile, BeforeValidator(_keyed, json_schema_input_type=PriorityFile | str)]
    ] = Field(
        default_factory=lambda: [PriorityFile(key=key) for key in _DEFAULTS],
        min_length=1,
        max_length=25,
        description="From lowest to highest",
    )
    default_priority: str = "normal"
    categories: dict[Key, Node] = {}
    types: OneOrMore[str] = Field(default=list(DEFAULT_TYPES), max_length=25)
    services: OneOrMore[str] = Field(default=[], max_length=25)
    required: OneOrMore[Literal["category", "priority", "service"]] = Field(
        default=[], description="What a ticket must have before it is new"
    )
    statuses: dict[Status, str] = Field(default={}, description="Your names for them")
    draft_after: Duration = _written("10m")
    reopen_grace: Duration = _written("1w")
    time_zone: Zone = Field(default="UTC", description="In which clock times are typed and shown")
    resolution_codes: Codes = Field(default={}, max_length=25, description="How tickets are solved, by key")
    resolution_required: OneOrMore[ResolutionPart] = Field(
        default=[], description="What agents must say when they resolve"
    )
    close_resolved_after: Duration | None = None
    remind_pending_after: Duration | None = None
    close_pending_after: Duration | None = None
    forget_closed_after: Duration | None = Field(
        default=None, description="How long words and files of closed tickets are kept"
    )
    satisfaction: SatisfactionFile | None = None
    knowledge: KnowledgeFile | None = None
    duplicates_within: Duration = _written("1w")
    collision_window: Duration = _written("5m")
    max_file: Size = _written("25MiB")
    refuse_files: OneOrMore[FileKind] = Field(
        default=[], description="Endings (exe) or media types (video/mp4, video/*) that are not passed on"
    )
    tiers: dict[Key, TierFile] = Field(default={}, description="Customers who are treated alike: vip")
    agents: list[AgentFile] = []
    webhooks: dict[Key, WebhookFile] = Field(default={}, description="Other programs that may be called")
    macros: dict[Key, MacroFile] = {}
    rules: dict[Key, RuleFile] = {}
    priority_rules: dict[Key, PriorityRuleFile] = {}
    routing: dict[Key, RoutingFile] = {}
    calendars: dict[Key, CalendarFile] = Field(default={}, description="When work is done")
    slas: dict[Key, SlaFile] = Field(default={}, description="What is promised; the first that fits counts")
    unhappy_words: OneOrMore[str] = Field(default=[], description="Besides our own")
