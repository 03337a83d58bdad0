"""``/ticket sla``: what was promised, how its time was counted, and when the next limit is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chatdesk.contract import sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup, literal
from chatdesk.desk.act import Act
from chatdesk.desk.sla import NAMES, Standing, standing_of
from chatdesk.desk.standing import require
from chatdesk.domain.calendar import ALWAYS
from chatdesk.domain.local_time import zone_of
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.permissions import Deed
from chatdesk.domain.sla import Clock, Limit, Promise, State
from chatdesk.domain.sla_intervals import Interval, Why, intervals
from chatdesk.domain.sla_policy import Measure
from chatdesk.domain.ticket import Ticket

MOST_INTERVALS = 10
"""Of one clock; the last ones are shown."""


def sla(act: Act, ticket: Ticket, arguments: Mapping[str, str]) -> Answer:
    """Explain to staff how a ticket stands to what was promised."""
    require(act, ticket, Deed.SLA)
    standing = standing_of(act.tx, ticket, act.now)
    shown = _shown(standing) if standing else []
    if standing is None or not shown:
        return Accepted(sentences.NOTHING_PROMISED.say(number=ticket.number))
    explaining = _Explaining(act.tx.organisation, standing, act.now)
    lines = [f"**#{ticket.number}** {literal(ticket.title)}", "", explaining.next_limit()]
    for clock in shown:
        lines += ["", *explaining.of(clock)]
    return Accepted("\n".join(lines))


def _shown(standing: Standing) -> list[Clock]:
    """Every clock for which something is promised; of the next replies the last."""
    promised = [one for one in standing.clocks if one.target is not None]
    latest = max((one.cycle for one in promised if one.measure is Measure.NEXT_RESPONSE), default=0)
    return [one for one in promised if one.measure is not Measure.NEXT_RESPONSE or one.cycle == latest]


@dataclass(frozen=True, slots=True)
class _Explaining:
    organisation: Organisation
    standing: Standing
    now: datetime

    def of(self, clock: Clock) -> Iterator[str]:
        promise, target = clock.promise, clock.target
        if promise is None or target is None:
            return
        zone = self._zone(promise)
        yield f"**{NAMES[clock.measure]}**: {self._state(clock, zone)}"
        yield sentences.SLA_USED.say(
            used=length(clock.used), target=length(target), policy=promise.policy.name, how=self._how(promise)
        )
        yield ""
        found = intervals(self.standing.case, self.standing.book, clock.measure, clock.cycle, self.now)
        if len(found) > MOST_INTERVALS:
            yield f"- {sentences.SLA_EARLIER.say(count=len(found) - MOST_INTERVALS)}"
        yield from (f"- {self._interval(one, zone)}" for one in found[-MOST_INTERVALS:])

    def next_limit(self) -> str:
        ahead = [
            (limit.at, clock, limit)
            for clock in self.standing.clocks
            for limit in clock.limits
            if limit.at > self.now and clock.breached_at is None
        ]
        if not ahead:
            return sentences.SLA_NO_LIMIT.say()
        at, clock, limit = min(ahead, key=lambda one: one[0])
        zone = self._zone(clock.promise) if clock.promise else zone_of(self.organisation)
        return sentences.SLA_NEXT_LIMIT.say(what=_named(clock, limit), time=moment(at, zone))

    def _state(self, clock: Clock, zone: ZoneInfo) -> str:
        if clock.breached_at is not None:
            return sentences.SLA_LATE.say(time=moment(clock.breached_at, zone))
        if clock.state is State.ENDED:
            return sentences.SLA_KEPT.say()
        if clock.state is State.PAUSED:
            return sentences.SLA_PAUSED.say(left=length(clock.left or timedelta()))
        if clock.due_at is None:
            return sentences.SLA_NEVER.say()
        return sentences.SLA_DUE.say(time=moment(clock.due_at, zone), left=length(clock.left or timedelta()))

    def _how(self, promise: Promise) -> str:
        calendar = promise.table.calendar
        return calendar.name if calendar is ALWAYS else f"{calendar.name}, {calendar.zone}"

    def _interval(self, one: Interval, zone: ZoneInfo) -> str:
        return sentences.SLA_INTERVAL.say(
            start=moment(one.start, zone), end=_end(one, zone), length=length(one.length), why=self._why(one)
        )

    def _why(self, one: Interval) -> Markup:
        match one.why:
            case Why.COUNTED:
                return Markup(sentences.SLA_COUNTED.say())
            case Why.PAUSED:
                name = self.organisation.status_name(one.detail)
                return Markup(sentences.SLA_NOT_WHILE.say(status=name))
            case Why.HOLIDAY:
                return Markup(sentences.SLA_NOT_ON.say(holiday=one.detail))
            case Why.NO_PROMISE:
                return Markup(sentences.SLA_NOTHING_THEN.say())
            case Why.CLOSED:
                return Markup(
                    sentences.SLA_NOT_OPEN.say(calendar=self.standing.book.calendar(one.calendar).name)
                )

    def _zone(self, promise: Promise) -> ZoneInfo:
        calendar = promise.table.calendar
        return zone_of(self.organisation) if calendar is ALWAYS else ZoneInfo(calendar.zone)


def _named(clock: Clock, limit: Limit) -> str:
    what = NAMES[clock.measure].lower()
    return f"{what} due" if limit.notice is None else f"warning ({limit.notice}) of the {what}"


def _end(one: Interval, zone: ZoneInfo) -> str:
    same_day = one.start.astimezone(zone).date() == one.end.astimezone(zone).date()
    return one.end.astimezone(zone).strftime("%H:%M") if same_day else moment(one.end, zone)


def moment(when: datetime, zone: ZoneInfo) -> str:
    return when.astimezone(zone).strftime("%a %d %b %H:%M %Z")


def length(how_long: timedelta) -> str:
    """In hours and minutes, which is how working time is spoken of."""
    minutes, seconds = divmod(int(how_long.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if not hours and not minutes:
        return f"{seconds} s"
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part
    )
