"""What in tiers, macros, rules and routing must fit together with the rest of the file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.file_automation import ConditionFile, RuleFile, StepsFile
from chatdesk.configuration.nearest import known_are
from chatdesk.configuration.problems import subject
from chatdesk.configuration.source import Step
from chatdesk.domain.languages import LANGUAGES
from chatdesk.domain.lifecycle import OVER, Status
from chatdesk.domain.steps import AUTO, ME, NEXT, VARIABLES, unknown_variables

Finding = tuple[tuple[Step, ...], str]

_TEXTS = ("note", "reply", "resolve", "close")
_SETTABLE = sorted({*Status} - OVER - {Status.DRAFT, Status.NEW, Status.RESOLVED})


@dataclass(frozen=True, slots=True)
class _Known:
    """What the file knows, by the setting that may name it."""

    names: Mapping[str, Collection[str]]

    def unknown(self, path: tuple[Step, ...], setting: str, values: Collection[str]) -> Iterator[Finding]:
        known = self.names[setting]
        for value in values:
            if value not in known:
                about, _ = subject(path)
                allowed = known_are(_PLURAL[setting], value, known)
                yield path, f'{about}: {path[-1]}: "{value}" is not known; {allowed}'


_PLURAL = {
    "status": "statuses", "priority": "priorities", "category": "categories", "team": "teams",
    "type": "types", "service": "services", "tier": "tiers", "language": "languages",
    "open": "calendars", "closed": "calendars", "webhook": "webhooks",
}  # fmt: skip


def findings(file: DeskFile, categories: Collection[str]) -> Iterator[Finding]:
    """Where, and what is wrong there. ``categories``: all of the tree's by their paths."""
    known = _Known(
        {
            "status": [one.value for one in Status if one is not Status.DRAFT],
            "priority": [one.key for one in file.priorities],
            "category": categories,
            "team": list(file.teams),
            "type": file.types,
            "service": file.services,
            "tier": list(file.tiers),
            "language": LANGUAGES,
            "open": list(file.calendars),
            "closed": list(file.calendars),
            "webhook": list(file.webhooks),
        }
    )
    for key, macro in file.macros.items():
        yield from _steps(("macros", key, "do"), macro.do, known)
    for key, rule in file.rules.items():
        yield from _rule(("rules", key), rule, known)
    for key, raising in file.priority_rules.items():
        path: tuple[Step, ...] = ("priority_rules", key)
        yield from _conditions(path, raising, known)
        if (raising.raise_ is None) == (raising.at_least is None):
            yield path, f"{subject(path)[0]} needs either raise or at_least"
        yield from known.unknown((*path, "at_least"), "priority", _given(raising.at_least))
        if key in file.rules:
            yield path, f'{subject(path)[0]}: a rule is called "{key}", too; each needs a name of its own'
    for key, routing in file.routing.items():
        path = ("routing", key)
        yield from _conditions(path, routing, known)
        yield from known.unknown((*path, "team"), "team", [routing.team])
        yield from known.unknown((*path, "category"), "category", _given(routing.category))


def _given(value: str | None) -> list[str]:
    return [] if value is None else [value]


def _rule(path: tuple[Step, ...], rule: RuleFile, known: _Known) -> Iterator[Finding]:
    about, _ = subject(path)
    if bool(rule.when) == (rule.after is not None):
        yield path, f"{about} needs either when (something happens) or after (some time)"
    yield from _conditions(path, rule, known)
    yield from _steps((*path, "then"), rule.then, known)
    if rule.then.assign == ME:
        yield (*path, "then", "assign"), f"{about}: nobody uses a rule, so me is nobody; write {AUTO}"


def _conditions(path: tuple[Step, ...], rule: BaseModel, known: _Known) -> Iterator[Finding]:
    for name in ("if", "unless"):
        asked = getattr(rule, "if_" if name == "if" else name, None)
        if isinstance(asked, ConditionFile):
            for setting in ConditionFile.model_fields.keys() & _PLURAL.keys():
                yield from known.unknown((*path, name, setting), setting, getattr(asked, setting))


def _steps(path: tuple[Step, ...], steps: StepsFile, known: _Known) -> Iterator[Finding]:
    about, _ = subject(path)
    if not steps.model_fields_set:
        yield path, f"{about} does nothing"
    yield from known.unknown((*path, "category"), "category", _given(steps.category))
    yield from known.unknown((*path, "team"), "team", _given(steps.team))
    yield from known.unknown((*path, "priority"), "priority", _given(steps.priority))
    yield from known.unknown((*path, "at_least"), "priority", _given(steps.at_least))
    yield from known.unknown((*path, "webhook"), "webhook", steps.webhook)
    if steps.escalate != NEXT:
        yield from known.unknown((*path, "escalate"), "team", _given(steps.escalate))
    if steps.status is not None and steps.status not in _SETTABLE:
        allowed = known_are("statuses to set", steps.status, _SETTABLE)
        yield (*path, "status"), f'{about}: status: "{steps.status}" cannot be set; {allowed}'
    for name in _TEXTS:
        yield from _text((*path, name), getattr(steps, name))


def _text(path: tuple[Step, ...], text: str | None) -> Iterator[Finding]:
    about, _ = subject(path)
    try:
        unknown = list(unknown_variables(text or ""))
    except ValueError:
        yield path, f"{about}: {path[-1]}: braces do not match; write {{{{ for one that is meant"
        return
    for name in unknown:
        known = known_are("variables", name, VARIABLES)
        yield path, f'{about}: {path[-1]}: "{{{name}}}" is no variable; {known}'
