"""Telling of limits: before they are reached, and when they were passed; each once, in the hours for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chatdesk.contract.sentences_lines import LINES
from chatdesk.desk import calling, escalation, reaching, telling
from chatdesk.desk.act import Act, act_of_clock
from chatdesk.desk.sla import BREACH, NAMES, WARNING, Standing, standing_of
from chatdesk.domain.calendar import timetable
from chatdesk.domain.lines import Gap, Line, words
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.sla import Clock, Limit, Promise, State
from chatdesk.domain.sla_policy import EscalateAt
from chatdesk.domain.ticket import Because, Ticket
from chatdesk.store import escalations, sla_looks, tickets
from chatdesk.store.transaction import Transaction

CALLED_EARLY = "sla_called"
"""What the history calls it that whoever is on call was told of a limit before others may be."""


@dataclass(frozen=True, slots=True)
class _Passed:
    """A limit that was reached, and whose it is."""

    clock: Clock
    promise: Promise
    limit: Limit

    @property
    def kind(self) -> str:
        return BREACH if self.limit.notice is None else WARNING

    @property
    def known_as(self) -> tuple[tuple[str, str], ...]:
        """What tells it from the ticket's other limits. A breach is final, whatever the target becomes."""
        whose = (("measure", str(self.clock.measure)), ("cycle", str(self.clock.cycle)))
        if self.limit.notice is None:
            return whose
        target = int(self.clock.target.total_seconds()) if self.clock.target else 0
        return (*whose, ("limit", str(self.limit.notice)), ("target", str(target)))


def look(tx: Transaction, number: int, now: datetime) -> None:
    """Tell what is due to be told about a ticket, and note when to look again."""
    ticket = tickets.load(tx, number)
    standing = standing_of(tx, ticket, now) if ticket else None
    if ticket is None or standing is None:
        sla_looks.put(tx, number, None)
        return
    ahead: list[datetime] = []
    for clock in standing.clocks:
        passed = _passed(clock, now)
        ahead += [limit.at for limit in clock.limits if limit.at > now]
        if passed is None or _is_told(standing, passed):
            continue
        opens = _may_be_told(standing, passed, now)
        act = act_of_clock(tx, now)
        if opens is None or opens <= now:
            _tell(act, ticket, passed)
            if not _is_called(standing, passed):
                _call(act, ticket, passed)
            continue
        ahead.append(opens)
        if not _is_called(standing, passed) and calling.is_anybody_on_call(act, ticket):
            # Whoever is on call hears of it now, everybody else in the morning.
            act.record(ticket.number, CALLED_EARLY, of=passed.kind, **dict(passed.known_as))
            _call(act, ticket, passed, at_night=True)
    sla_looks.put(tx, number, min(ahead) if ahead else None)


def _passed(clock: Clock, now: datetime) -> _Passed | None:
    """The gravest limit that an open clock has passed: a breach, else the last warning."""
    if clock.state is State.ENDED or clock.promise is None:
        return None
    if clock.breached_at is not None:
        return _Passed(clock, clock.promise, Limit(clock.breached_at, None))
    reached = [limit for limit in clock.limits if limit.at <= now and limit.notice is not None]
    return _Passed(clock, clock.promise, reached[-1]) if reached else None


def _is_told(standing: Standing, passed: _Passed) -> bool:
    return _is_noted(standing, passed.kind, passed.known_as)


def _is_called(standing: Standing, passed: _Passed) -> bool:
    return _is_noted(standing, CALLED_EARLY, (("of", passed.kind), *passed.known_as))


def _is_noted(standing: Standing, kind: str, data: tuple[tuple[str, str], ...]) -> bool:
    wanted = set(data)
    return any(entry.kind == kind and wanted <= set(entry.data) for entry in standing.history)


def _may_be_told(standing: Standing, passed: _Passed, now: datetime) -> datetime | None:
    """From when on, if the policy says that it waits for somebody's hours."""
    key = passed.promise.policy.tell_in
    return None if key is None else timetable(standing.book.calendar(key)).next_open(now)


def _tell(act: Act, ticket: Ticket, passed: _Passed) -> None:
    policy = passed.promise.policy
    due = passed.clock.due_at or passed.limit.at
    act.record(ticket.number, passed.kind, policy=policy.key, due=due.isoformat(), **dict(passed.known_as))
    telling.say(act, ticket.number, Line(_sentence(passed), _gaps(act, passed)), telling.STAFF)
    _tell_people(act, ticket, _told(act, ticket, passed), passed)
    telling.refresh_card(act, ticket.number)
    _escalate(act, ticket, passed)


def _sentence(passed: _Passed) -> str:
    return "sla_breach" if passed.limit.notice is None else "sla_warning"


def _gaps(act: Act, passed: _Passed) -> tuple[Gap, ...]:
    due = passed.clock.due_at or passed.limit.at
    return (
        words("what", NAMES[passed.clock.measure]),
        words("time", clock_time(act.tx.organisation, due)),
        words("policy", passed.promise.policy.name),
    )


def _told(act: Act, ticket: Ticket, passed: _Passed) -> Line:
    """What a person is told, away from the ticket's threads."""
    return Line(f"{_sentence(passed)}_told", (*_gaps(act, passed), *_about(ticket)))


def _call(act: Act, ticket: Ticket, passed: _Passed, *, at_night: bool = False) -> None:
    current = tickets.load(act.tx, ticket.number) or ticket
    calling.of_limit(act, current, _because(passed), _told(act, ticket, passed), at_night=at_night)


def _because(passed: _Passed) -> Because:
    return Because.BREACH if passed.limit.notice is None else Because.WARNING


def _about(ticket: Ticket) -> tuple[Gap, ...]:
    return words("number", ticket.number), words("title", ticket.title)


def _tell_people(act: Act, ticket: Ticket, line: Line, passed: _Passed) -> None:
    """The assignee; of a breach the leads, too."""
    if ticket.assignee is not None:
        reaching.tell_person(act, ticket.assignee, line, ticket.number)
    team = act.tx.organisation.team(ticket.team)
    if team is not None and passed.limit.notice is None:
        reaching.tell_leads(replace(act, person=ticket.assignee or ""), team, line, ticket.number)


def _escalate(act: Act, ticket: Ticket, passed: _Passed) -> None:
    """Ask the next level, where the policy says so and nobody was asked yet."""
    wanted = passed.promise.policy.escalate
    if wanted is EscalateAt.NEVER or (wanted is EscalateAt.BREACH and passed.limit.notice is not None):
        return
    organisation = act.tx.organisation
    own = organisation.team(ticket.team)
    above = organisation.team(own.escalates_to if own else None)
    if above is None or escalations.live_of_ticket(act.tx, ticket.number) is not None:
        return
    current = tickets.load(act.tx, ticket.number) or ticket
    sentence = "sla_asked_breach" if passed.limit.notice is None else "sla_asked_warning"
    what = NAMES[passed.clock.measure].lower()
    escalation.ask(act, current, above, LINES[sentence].say(what=what), _because(passed))
