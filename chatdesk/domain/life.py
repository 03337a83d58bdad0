"""A ticket's history as numbers need it: when it began, what it was and when, who answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from chatdesk.domain.lifecycle import OVER, Status
from chatdesk.domain.sla_case import Wrote, who_wrote
from chatdesk.domain.ticket import HistoryEntry


@dataclass(frozen=True, slots=True)
class Spell:
    """Time that a ticket spent in one status, which may be none; ``end`` is None while it is in it."""

    status: Status
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Life:
    """``began_at``: it was a ticket since then, and no draft. None: it never was more than a draft."""

    began_at: datetime | None
    spells: tuple[Spell, ...] = ()
    first_response_at: datetime | None = None
    answers: tuple[datetime, ...] = ()
    """When staff wrote something that the requester reads."""
    reopened_at: tuple[datetime, ...] = ()
    deflected_at: datetime | None = None
    """An article was the answer, before it was more than a draft."""

    @property
    def resolved_at(self) -> tuple[datetime, ...]:
        """Each time that it was resolved."""
        return tuple(spell.start for spell in self.spells if spell.status is Status.RESOLVED)


@dataclass(slots=True)
class _Told:
    """What was gathered while the entries are gone through."""

    began_at: datetime | None = None
    turns: list[tuple[Status, datetime]] = field(default_factory=list)
    first_response_at: datetime | None = None
    answers: list[datetime] = field(default_factory=list)
    reopened_at: list[datetime] = field(default_factory=list)
    deflected_at: datetime | None = None

    def take(self, entry: HistoryEntry) -> None:
        values = dict(entry.data)
        match entry.kind:
            case "created" | "submitted":
                self.began_at, self.turns = entry.at, [(Status.NEW, entry.at)]
            case "status" if values.get("before") == Status.DRAFT:
                self.began_at, self.turns = None, []
            case "status":
                self.turns.append((Status(values["after"]), entry.at))
            case "reopened":
                self._reopen(entry.at, values.get("before"))
            case "deflected":
                self.deflected_at = entry.at
            case "first_response" if "rule" not in values:
                self.first_response_at = self.first_response_at or entry.at
            case "post" if who_wrote(entry.kind, values) is Wrote.DESK:
                self.answers.append(entry.at)

    def _reopen(self, at: datetime, before: str | None) -> None:
        if self.began_at is None:
            self.began_at = at
        elif before in (Status.RESOLVED, *OVER):
            self.reopened_at.append(at)
        self.turns.append((Status.OPEN, at))


def life_of(history: Iterable[HistoryEntry], is_draft: bool) -> Life:
    """What a ticket's history, oldest first, says of it. ``is_draft``: it still is one."""
    told = _Told()
    for entry in history:
        told.take(entry)
    if is_draft or told.began_at is None:
        return Life(None, deflected_at=told.deflected_at)
    ends = [at for _, at in told.turns[1:]]
    spells = tuple(
        Spell(status, start, end) for (status, start), end in zip(told.turns, [*ends, None], strict=True)
    )
    return Life(
        began_at=told.began_at,
        spells=spells,
        first_response_at=told.first_response_at,
        answers=tuple(told.answers),
        reopened_at=tuple(told.reopened_at),
        deflected_at=told.deflected_at,
    )
