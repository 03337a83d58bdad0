"""From the file's shape to the domain's ``Organisation``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatdesk.configuration.file import CategoryFile, DeskFile, FieldFile, RouteFile, TeamFile
from chatdesk.configuration.file_endings import codes_of
from chatdesk.configuration.meaning_automation import priority_rule, routing_rule, rule, steps
from chatdesk.configuration.meaning_on_call import rota
from chatdesk.configuration.meaning_sla import calendar, policy
from chatdesk.domain.macros import Macro
from chatdesk.domain.organisation import (
    Agent,
    Category,
    CategoryField,
    Organisation,
    Priority,
    Route,
    Team,
    Tier,
    Webhook,
)


def organisation(file: DeskFile) -> Organisation:
    return Organisation(
        desk=file.desk,
        name=file.name or readable(file.desk),
        teams=tuple(_team(key, team, file.time_zone) for key, team in file.teams.items()),
        installations=tuple(file.installations),
        admins=tuple(file.admins),
        routes=tuple(_route(route) for route in file.routes),
        priorities=tuple(Priority(priority.key, *priority.shown()) for priority in file.priorities),
        default_priority=file.default_priority,
        categories=tuple(_categories(file.categories, None)),
        types=tuple(file.types),
        services=tuple(file.services),
        required=tuple(file.required),
        status_names=tuple((status.value, name) for status, name in file.statuses.items()),
        draft_after=file.draft_after,
        reopen_grace=file.reopen_grace,
        time_zone=file.time_zone,
        resolution_codes=codes_of(file.resolution_codes),
        resolution_required=tuple(file.resolution_required),
        close_resolved_after=file.close_resolved_after,
        remind_pending_after=file.remind_pending_after,
        close_pending_after=file.close_pending_after,
        forget_closed_after=file.forget_closed_after,
        satisfaction=file.satisfaction.meaning() if file.satisfaction else None,
        knowledge=file.knowledge.meaning() if file.knowledge else None,
        triage=file.triage.meaning() if file.triage else None,
        assistant=file.assistant.meaning() if file.assistant else None,
        duplicates_within=file.duplicates_within,
        collision_window=file.collision_window,
        max_file_bytes=file.max_file,
        refuse_files=tuple(file.refuse_files),
        tiers=tuple(
            Tier(key, tier.name or readable(key), tuple(tier.members)) for key, tier in file.tiers.items()
        ),
        agents=tuple(
            Agent(tuple(one.who), tuple(one.skills), one.capacity, one.hours) for one in file.agents
        ),
        webhooks=tuple(Webhook(key, hook.url) for key, hook in file.webhooks.items()),
        macros=tuple(
            Macro(key, macro.name or readable(key), steps(macro.do)) for key, macro in file.macros.items()
        ),
        rules=tuple(rule(key, one) for key, one in file.rules.items()),
        priority_rules=tuple(priority_rule(key, one) for key, one in file.priority_rules.items()),
        routing=tuple(routing_rule(key, one) for key, one in file.routing.items()),
        calendars=tuple(
            calendar(key, readable(key), one, file.time_zone) for key, one in file.calendars.items()
        ),
        slas=tuple(
            policy(key, readable(key), one, [priority.key for priority in file.priorities])
            for key, one in file.slas.items()
        ),
        unhappy_words=tuple(file.unhappy_words),
    )


def readable(key: str) -> str:
    """A name for what was given none: ``tier_two`` reads ``Tier two``."""
    return key.replace("_", " ").replace("-", " ").capitalize()


def _team(key: str, file: TeamFile, zone: str) -> Team:
    return Team(
        key=key,
        name=file.name or readable(key),
        homes=tuple(file.home),
        members=tuple(file.members),
        leads=tuple(file.leads),
        mode=file.mode,
        escalates_to=file.escalates_to,
        acknowledge_within=file.acknowledge_within,
        answer_within=file.answer_within,
        assignment=tuple(file.assignment),
        capacity=file.capacity,
        hours=file.hours,
        on_call=rota(file.on_call, zone) if file.on_call else None,
        escalate_after_reopens=file.escalate_after_reopens,
        digest=file.digest,
    )


def _route(file: RouteFile) -> Route:
    return Route(
        channel=file.channel,
        team=file.team,
        visibility=file.threads,
        mode=file.mode,
        every_message=file.every_message,
        category=file.category,
        priority=file.priority,
    )


def _categories(tree: Mapping[str, CategoryFile], above: Category | None) -> Iterator[Category]:
    """The tree flattened, parents first; a team and questions are handed down."""
    for key, node in tree.items():
        inherited = above.fields if above else ()
        own = tuple(_field(name, question) for name, question in node.fields.items())
        replaced = {question.key for question in own}
        category = Category(
            key=f"{above.key}/{key}" if above else key,
            names=(*(above.names if above else ()), node.name or readable(key)),
            team=node.team or (above.team if above else None),
            fields=(*(question for question in inherited if question.key not in replaced), *own),
        )
        yield category
        yield from _categories(node.sub, category)


def _field(key: str, file: FieldFile) -> CategoryField:
    return CategoryField(key, file.label or readable(key), file.required, tuple(file.choices))
