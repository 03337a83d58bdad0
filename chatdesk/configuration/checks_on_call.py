"""What in working hours and rotas must fit together with the rest of the file."""

from __future__ import annotations

from collections.abc import Iterator

from chatdesk.configuration.file import DeskFile
from chatdesk.configuration.file_on_call import OnCallFile
from chatdesk.configuration.nearest import known_are
from chatdesk.configuration.problems import subject
from chatdesk.configuration.source import Step

Finding = tuple[tuple[Step, ...], str]


def findings(file: DeskFile) -> Iterator[Finding]:
    """Where, and what is wrong there."""
    named: list[tuple[tuple[Step, ...], str | None]] = []
    for key, team in file.teams.items():
        path: tuple[Step, ...] = ("teams", key)
        named.append(((*path, "hours"), team.hours))
        if team.escalate_after_reopens is not None and team.escalates_to is None:
            where = (*path, "escalate_after_reopens")
            yield where, f"team {key}: escalate_after_reopens needs a team to escalate to: escalates_to"
        if team.on_call is not None:
            named.append(((*path, "on_call", "hours"), team.on_call.hours))
            yield from _rota((*path, "on_call"), team.on_call)
    named += [(("agents", index, "hours"), agent.hours) for index, agent in enumerate(file.agents)]
    for path, calendar in named:
        if calendar is not None and calendar not in file.calendars:
            about, rest = subject(path)
            allowed = known_are("calendars", calendar, file.calendars)
            yield path, f'{about}: {" ".join(map(str, rest))}: "{calendar}" is not known; {allowed}'


def _rota(path: tuple[Step, ...], rota: OnCallFile) -> Iterator[Finding]:
    about = f"{subject(path)[0]}: on_call"
    if not rota.rotation and not rota.shifts:
        yield path, f"{about} names nobody; it needs a rotation or shifts"
    if rota.rotation and rota.from_ is None:
        yield path, f"{about} needs from: the date from which on the first of the rotation is on call"
    if rota.from_ is not None and rota.until is not None and rota.until < rota.from_:
        yield (*path, "until"), f"{about}: until is before from"
    for index, shift in enumerate(rota.shifts):
        if shift.to <= shift.from_:
            yield (*path, "shifts", index), f"{about}: shift {index + 1} ends before it begins"
