"""Which team a request belongs to, and how its answers are to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from chatdesk.contract.outbound import Visibility
from chatdesk.domain.organisation import Category, Organisation, Route, Team, ThreadMode
from chatdesk.domain.rules import RoutingRule


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a request goes, and the reason in a word for the history: rule, category, channel or default."""

    team: Team
    because: str
    mode: ThreadMode
    visibility: Visibility
    category: str | None
    priority: str


def routed(
    organisation: Organisation,
    route: Route | None,
    category: Category | None,
    rule: RoutingRule | None = None,
) -> Routed:
    """A rule that holds comes first, then a category's team, the channel's, the first team there is."""
    own_category = category or organisation.category(route.category if route else None)
    team, because = _team(organisation, route, own_category)
    by_rule = organisation.team(rule.team) if rule else None
    if rule is not None and by_rule is not None:
        team, because = by_rule, "rule"
        own_category = own_category or organisation.category(rule.category)
    mode = route.mode if route and route.mode is not None else team.mode
    return Routed(
        team=team,
        because=because,
        mode=mode,
        visibility=route.visibility if route else Visibility.PRIVATE,
        category=own_category.key if own_category else None,
        priority=(route.priority if route else None) or organisation.default_priority,
    )


def _team(organisation: Organisation, route: Route | None, category: Category | None) -> tuple[Team, str]:
    named = organisation.team(category.team if category else None)
    if named is not None:
        return named, "category"
    by_channel = organisation.team(route.team if route else None)
    if by_channel is not None:
        return by_channel, "channel"
    return organisation.teams[0], "default"


def missing_fields(organisation: Organisation, category: str | None, service: str | None) -> tuple[str, ...]:
    """Mandatory fields that a request lacks, where there is something to choose from."""
    lacking = {
        "category": category is None and bool(organisation.categories),
        "service": service is None and bool(organisation.services),
    }
    return tuple(name for name in organisation.required if lacking.get(name, False))
