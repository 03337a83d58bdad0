"""What an organisation decided: its teams, routes, priorities, categories. The meaning of ``desk.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chatdesk.contract.outbound import Visibility
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.domain.assignment import Strategy
from chatdesk.domain.assistance import Assistant
from chatdesk.domain.calendar import Calendar
from chatdesk.domain.knowledge import Knowledge
from chatdesk.domain.macros import Macro
from chatdesk.domain.on_call import Rota
from chatdesk.domain.references import ChannelReference as ChannelReference
from chatdesk.domain.resolution import ResolutionCode
from chatdesk.domain.rules import RoutingRule, Rule
from chatdesk.domain.satisfaction import Satisfaction
from chatdesk.domain.sla_policy import Policy
from chatdesk.domain.triage_policy import Triage
from chatdesk.domain.weekly import Weekly


class StaffSourceKind(StrEnum):
    PERSON = "person"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class StaffSource:
    """Where staff come from: one person, a Slack user group or Discord role, a private channel's members."""

    platform: Platform
    kind: StaffSourceKind
    id: str

    @property
    def key(self) -> str:
        """As adapters name it in MembersSeen, such as ``group:S123``."""
        return f"{self.kind}:{self.id}"


class ThreadMode(StrEnum):
    """What agents write in the team thread: goes to the customer, or stays inside, unless marked."""

    REPLY = "reply"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    name: str
    homes: tuple[ChannelReference, ...]
    members: tuple[StaffSource, ...] = ()
    leads: tuple[StaffSource, ...] = ()
    mode: ThreadMode = ThreadMode.REPLY
    escalates_to: str | None = None
    acknowledge_within: timedelta = timedelta(minutes=30)
    answer_within: timedelta = timedelta(hours=4)
    """What a requester is told to expect when a ticket is escalated to this team."""
    assignment: tuple[Strategy, ...] = ()
    """How its new tickets are given to somebody; the first that finds one counts."""
    capacity: int | None = None
    """How many tickets one of its agents works on at most before no more are given to them."""
    hours: str | None = None
    """The calendar in which its people work; None: nothing is known of it."""
    on_call: Rota | None = None
    escalate_after_reopens: int | None = None
    """How often a ticket may be reopened before the next level is asked."""
    digest: Weekly | None = None
    """When its numbers of the week are told in its home channels; never without it."""


@dataclass(frozen=True, slots=True)
class Route:
    """Messages in a channel belong to a team, and answers stand in threads of this visibility."""

    channel: ChannelReference
    team: str
    visibility: Visibility = Visibility.PUBLIC
    mode: ThreadMode | None = None
    every_message: bool = False
    """Every message in the channel is a ticket, without anybody asking."""
    category: str | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class Priority:
    """``mark`` is the coloured sign on cards; ``colour`` is 0xRRGGBB. Lists go from lowest to highest."""

    key: str
    name: str
    mark: str
    colour: int


@dataclass(frozen=True, slots=True)
class CategoryField:
    """A question that a category asks in the form."""

    key: str
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the tree, flattened: ``key`` is its path, such as ``billing/refund``."""

    key: str
    names: tuple[str, ...]
    team: str | None = None
    fields: tuple[CategoryField, ...] = ()

    @property
    def label(self) -> str:
        return " › ".join(self.names)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address of another program that rules may tell something."""

    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Tier:
    """Customers who are treated alike, such as VIPs."""

    key: str
    name: str
    members: tuple[StaffSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Agent:
    """What is known of somebody who works tickets, by each of their accounts."""

    who: tuple[StaffSource, ...]
    skills: tuple[str, ...] = ()
    capacity: int | None = None
    """Instead of their team's."""
    hours: str | None = None
    """The calendar in which they work, instead of their team's."""


DEFAULT_PRIORITIES = (
    Priority("low", "Low", "⚪", 0x95A5A6),
    Priority("normal", "Normal", "🔵", 0x3498DB),
    Priority("high", "High", "🟠", 0xE67E22),
    Priority("urgent", "Urgent", "🔴", 0xE74C3C),
)

DEFAULT_TYPES = (
    "incident", "service request", "bug report", "inquiry", "complaint", "change", "problem",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Organisation:
    """One desk's decisions. The first team takes what no route or category sends elsewhere."""

    desk: str
    name: str
    teams: tuple[Team, ...]
    installations: tuple[Installation, ...] = ()
    """Named where several desks share a process; a desk alone takes every installation."""
    admins: tuple[StaffSource, ...] = ()
    routes: tuple[Route, ...] = ()
    priorities: tuple[Priority, ...] = DEFAULT_PRIORITIES
    default_priority: str = "normal"
    categories: tuple[Category, ...] = ()
    types: tuple[str, ...] = DEFAULT_TYPES
    services: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    """Fields that a ticket must have: ``category``, ``priority``, ``service``."""
    status_names: tuple[tuple[str, str], ...] = ()
    draft_after: timedelta = timedelta(minutes=10)
    reopen_grace: timedelta = timedelta(days=7)
    """How long after closing a requester's message still belongs to the old ticket."""
    time_zone: str = "UTC"
    """In which clock times are typed and shown."""
    resolution_codes: tuple[ResolutionCode, ...] = ()
    resolution_required: tuple[str, ...] = ()
    """What agents must say when they resolve: ``text``, ``code``."""
    close_resolved_after: timedelta | None = None
    remind_pending_after: timedelta | None = None
    close_pending_after: timedelta | None = None
    """Never sooner after the reminder than was said in it."""
    forget_closed_after: timedelta | None = None
    """How long after a ticket is closed what was said on it is kept; None: for ever."""
    satisfaction: Satisfaction | None = None
    """Nobody is asked without it."""
    knowledge: Knowledge | None = None
    triage: Triage | None = None
    """Without it the classifier is only asked by hand."""
    assistant: Assistant | None = None
    """Nothing is told to a language model without it."""
    duplicates_within: timedelta = timedelta(days=7)
    """How old an open ticket may be that a new one is taken for the same as; zero: nobody is told."""
    collision_window: timedelta = timedelta(minutes=5)
    max_file_bytes: int = 25 * 1024 * 1024
    refuse_files: tuple[str, ...] = ()
    """Endings and media types of files that are not passed on."""
    tiers: tuple[Tier, ...] = ()
    """Who is in several belongs to the first."""
    agents: tuple[Agent, ...] = ()
    macros: tuple[Macro, ...] = ()
    rules: tuple[Rule, ...] = ()
    priority_rules: tuple[Rule, ...] = ()
    routing: tuple[RoutingRule, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    unhappy_words: tuple[str, ...] = ()
    """Words by which an unhappy requester is known, besides our own."""
    calendars: tuple[Calendar, ...] = ()
    slas: tuple[Policy, ...] = ()
    """The first that fits a ticket is what is promised."""

    def team(self, key: str | None) -> Team | None:
        return next((team for team in self.teams if team.key == key), None)

    def priority(self, key: str | None) -> Priority | None:
        return next((priority for priority in self.priorities if priority.key == key), None)

    def rank(self, key: str) -> int:
        """A priority's position, lowest first; an unknown one ranks lowest."""
        return next((rank for rank, priority in enumerate(self.priorities) if priority.key == key), 0)

    def category(self, key: str | None) -> Category | None:
        return next((category for category in self.categories if category.key == key), None)

    def webhook(self, key: str) -> str | None:
        """The address of another program."""
        return next((hook.url for hook in self.webhooks if hook.key == key), None)

    def macro(self, key: str | None) -> Macro | None:
        return next((macro for macro in self.macros if macro.key == key), None)

    def status_name(self, status: str) -> str:
        return dict(self.status_names).get(status, status.replace("_", " "))
