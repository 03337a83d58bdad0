"""What in service levels must fit together with the rest of the file."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.file_sla import SlaFile, paused_that_never_run
from chatdesk.configuration.nearest import known_are
from chatdesk.configuration.source import Step

Finding = tuple[tuple[Step, ...], str]


def findings(file: DeskFile, categories: Collection[str]) -> Iterator[Finding]:
    """Where, and what is wrong there. ``categories``: all of the tree's by their paths."""
    priorities = [one.key for one in file.priorities]
    for key, sla in file.slas.items():
        named: list[tuple[str, Collection[str], str, Collection[str]]] = [
            ("priority", sla.priority, "priorities", priorities),
            ("category", sla.category, "categories", categories),
            ("team", sla.team, "teams", list(file.teams)),
            ("tier", sla.tier, "tiers", list(file.tiers)),
            ("by_priority", sla.by_priority, "priorities", priorities),
            ("calendar", [sla.calendar] if sla.calendar else [], "calendars", list(file.calendars)),
            ("tell_in", [sla.tell_in] if sla.tell_in else [], "calendars", list(file.calendars)),
        ]
        for setting, values, what, known in named:
            for value in values:
                if value not in known:
                    text = f'sla {key}: {setting}: "{value}" is not known; {known_are(what, value, known)}'
                    yield ("slas", key, setting), text
        yield from _statuses(key, sla)


def _statuses(key: str, sla: SlaFile) -> Iterator[Finding]:
    for text in paused_that_never_run(sla.pause):
        yield ("slas", key, "pause"), f"sla {key}: pause: {text}"
