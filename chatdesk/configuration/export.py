"""The applied configuration as a ``desk.yaml``, without what is the default anyway."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from io import StringIO

from ruamel.yaml import YAML

from chatdesk.configuration.export_automation import automation
from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.file_assistant import written_assistant
from chatdesk.configuration.file_endings import written_satisfaction
from chatdesk.configuration.file_knowledge import written_knowledge
from chatdesk.configuration.file_triage import written_triage
from chatdesk.configuration.meaning import readable
from chatdesk.configuration.meaning_on_call import written_rota
from chatdesk.configuration.meaning_sla import written_calendar, written_policy
from chatdesk.configuration.plan import written_staff
from chatdesk.configuration.values import write_colour, write_duration, write_size
from chatdesk.domain.organisation import (
    DEFAULT_PRIORITIES,
    Category,
    CategoryField,
    Organisation,
    Route,
    StaffSource,
    Team,
)

Written = dict[str, object]


def export(organisation: Organisation) -> str:
    """YAML that reads back as the same organisation."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 110
    text = StringIO()
    yaml.dump(_desk(organisation), text)
    return text.getvalue()


def _desk(organisation: Organisation) -> Written:
    written: Written = {
        "desk": organisation.desk,
        "name": organisation.name,
        "installations": [f"{each.platform}:{each.id}" for each in organisation.installations],
        "teams": {team.key: _team(team) for team in organisation.teams},
        "admins": _staff(organisation.admins),
        "routes": [_route(route) for route in organisation.routes],
    }
    if organisation.priorities != DEFAULT_PRIORITIES:
        written["priorities"] = [
            {"key": each.key, "name": each.name, "mark": each.mark, "colour": write_colour(each.colour)}
            for each in organisation.priorities
        ]
    written |= {
        "default_priority": organisation.default_priority,
        "categories": _tree(organisation.categories),
        "types": list(organisation.types),
        "services": list(organisation.services),
        "required": list(organisation.required),
        "statuses": dict(organisation.status_names),
        "draft_after": write_duration(organisation.draft_after),
        "reopen_grace": write_duration(organisation.reopen_grace),
        "time_zone": organisation.time_zone,
        "resolution_codes": {code.key: code.name for code in organisation.resolution_codes},
        "resolution_required": list(organisation.resolution_required),
        "close_resolved_after": _patience(organisation.close_resolved_after),
        "remind_pending_after": _patience(organisation.remind_pending_after),
        "close_pending_after": _patience(organisation.close_pending_after),
        "forget_closed_after": _patience(organisation.forget_closed_after),
        "satisfaction": written_satisfaction(organisation.satisfaction) if organisation.satisfaction else {},
        "knowledge": written_knowledge(organisation.knowledge) if organisation.knowledge else {},
        "triage": written_triage(organisation.triage) if organisation.triage else {},
        "assistant": written_assistant(organisation.assistant) if organisation.assistant else {},
        "duplicates_within": write_duration(organisation.duplicates_within),
        "collision_window": write_duration(organisation.collision_window),
        "max_file": write_size(organisation.max_file_bytes),
        "refuse_files": list(organisation.refuse_files),
    }
    written |= automation(organisation)
    written["calendars"] = {each.key: written_calendar(each) for each in organisation.calendars}
    written["slas"] = {each.key: written_policy(each) for each in organisation.slas}
    return _without_defaults(written)


_DEFAULTED = (
    "default_priority",
    "time_zone",
    "types",
    "draft_after",
    "reopen_grace",
    "duplicates_within",
    "collision_window",
    "max_file",
)


def _without_defaults(written: Written) -> Written:
    """``types`` may be empty by decision; every other empty value says nothing."""
    usual = {name: DeskFile.model_fields[name].default for name in _DEFAULTED}
    return {
        name: value
        for name, value in written.items()
        if value != usual.get(name) and (name == "types" or value not in ([], {}, None))
    }


def _team(team: Team) -> Written:
    usual = Team(team.key, readable(team.key), team.homes)
    written: Written = {"name": team.name, "home": [str(home) for home in team.homes]}
    if team.members:
        written["members"] = _staff(team.members)
    if team.leads:
        written["leads"] = _staff(team.leads)
    if team.mode is not usual.mode:
        written["mode"] = team.mode.value
    if team.escalates_to:
        written["escalates_to"] = team.escalates_to
    if team.acknowledge_within != usual.acknowledge_within:
        written["acknowledge_within"] = write_duration(team.acknowledge_within)
    if team.answer_within != usual.answer_within:
        written["answer_within"] = write_duration(team.answer_within)
    if team.assignment:
        written["assignment"] = [one.value for one in team.assignment]
    if team.capacity is not None:
        written["capacity"] = team.capacity
    if team.hours is not None:
        written["hours"] = team.hours
    if team.on_call is not None:
        written["on_call"] = written_rota(team.on_call)
    if team.escalate_after_reopens is not None:
        written["escalate_after_reopens"] = team.escalate_after_reopens
    if team.digest is not None:
        written["digest"] = str(team.digest)
    return written


def _patience(after: timedelta | None) -> str | None:
    return None if after is None else write_duration(after)


def _staff(sources: Iterable[StaffSource]) -> list[str]:
    return [written_staff(source) for source in sources]


def _route(route: Route) -> Written:
    written: Written = {"channel": str(route.channel), "team": route.team, "threads": route.visibility.value}
    if route.mode is not None:
        written["mode"] = route.mode.value
    if route.every_message:
        written["every_message"] = True
    if route.category is not None:
        written["category"] = route.category
    if route.priority is not None:
        written["priority"] = route.priority
    return written


def _tree(categories: Iterable[Category]) -> Written:
    """The flattened tree as a tree again, without what a node inherits."""
    known = {category.key: category for category in categories}
    nodes: dict[str, Written] = {}
    roots: Written = {}
    for key, category in known.items():
        above, _, own = key.rpartition("/")
        nodes[key] = _category(category, known.get(above))
        if above in nodes:
            below = nodes[above].setdefault("sub", {})
            assert isinstance(below, dict)
            below[own] = nodes[key]
        else:
            roots[own] = nodes[key]
    return roots


def _category(category: Category, above: Category | None) -> Written:
    written: Written = {"name": category.names[-1]}
    if category.team != (above.team if above else None):
        written["team"] = category.team
    inherited = above.fields if above else ()
    asked = {each.key: _field(each) for each in category.fields if each not in inherited}
    if asked:
        written["fields"] = asked
    return written


def _field(field: CategoryField) -> Written:
    written: Written = {"label": field.label}
    if field.required:
        written["required"] = True
    if field.choices:
        written["choices"] = list(field.choices)
    return written
