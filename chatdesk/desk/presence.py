"""Who is away, and which services are out of order: what people tell the desk about the world."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chatdesk.contract import sentences, sentences_on_call
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup, literal
from chatdesk.desk import rota, standing, telling, working_hours
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.refusing import unknown
from chatdesk.domain.local_time import clock_time, zone_of
from chatdesk.domain.permissions import Deed, Role, may
from chatdesk.domain.snooze import read_until
from chatdesk.store import outages, people, turns

Arguments = Mapping[str, str]

_ON, _OFF = "on", "off"


def _require_staff(act: Act, deed: Deed) -> None:
    staff = standing.standing_of(act.tx, act.person).is_staff
    if not may(frozenset({Role.COLLEAGUE if staff else Role.STRANGER}), deed):
        raise refuse(sentences.NOT_ALLOWED_HERE.say(who="Staff"))


def away(act: Act, arguments: Arguments) -> Answer:
    """One is not given any tickets, until one is back or until a time; ``who`` shows who is away."""
    _require_staff(act, Deed.AWAY)
    typed = arguments.get("until", "").strip()
    if typed.casefold() == "who":
        return Accepted(_who(act))
    until = read_until(typed, act.now, zone_of(act.tx.organisation)) if typed else None
    if typed and not isinstance(until, datetime):
        raise refuse(sentences.AWAY_UNTIL_WHEN.say(typed=typed[:60]))
    moment = until if isinstance(until, datetime) else None
    turns.go_away(act.tx, act.person, act.now, moment)
    if moment is None:
        return Accepted(sentences.AWAY.say())
    return Accepted(sentences.AWAY_UNTIL.say(until=clock_time(act.tx.organisation, moment)))


def _who(act: Act) -> str:
    gone = turns.away_now(act.tx, act.now)
    lines = [
        f"- {literal(people.name_of(act.tx, person, act.platform))}"
        + (f": {literal(clock_time(act.tx.organisation, until))}" if until else "")
        for person, until in gone.items()
    ]
    lines += [
        sentences_on_call.OFF_WORK.say(
            who=rota.name_of(act, who), until=clock_time(act.tx.organisation, until)
        )
        for who, until in working_hours.off_now(act)
    ]
    lines += [
        sentences_on_call.OFF_WORK.say(who=team.name, until=clock_time(act.tx.organisation, until))
        for team, until in working_hours.teams_off_now(act)
    ]
    if not lines:
        return sentences.NOBODY_AWAY.say()
    return sentences.WHO_IS_AWAY.say(people=Markup("\n".join(lines)))


def back(act: Act, arguments: Arguments) -> Answer:
    _require_staff(act, Deed.AWAY)
    was_away = act.person in turns.away_now(act.tx, act.now)
    turns.come_back(act.tx, act.person)
    if not was_away:
        raise refuse(sentences.NOT_AWAY.say())
    return Accepted(sentences.BACK.say())


def outage(act: Act, arguments: Arguments) -> Answer:
    """A service is out of order, or works again; rules may raise what is affected."""
    _require_staff(act, Deed.OUTAGE)
    typed = arguments.get("service", "").strip()
    words = typed.split()
    state = arguments.get("state", "").casefold()
    if not state and words and words[-1].casefold() in (_ON, _OFF):
        state, typed = words[-1].casefold(), " ".join(words[:-1])
    if not typed:
        return Accepted(_known(act))
    services = act.tx.organisation.services
    service = next((one for one in services if one.casefold() == typed.casefold()), None)
    if service is None or state not in (_ON, _OFF, ""):
        raise unknown("service", typed, services, "/desk outage Shop on")
    return _works_again(act, service) if state == _OFF else _out_of_order(act, service)


def _known(act: Act) -> str:
    known = outages.known(act.tx)
    if not known:
        return sentences.NO_OUTAGES.say()
    lines = [f"- {literal(one)}: {literal(clock_time(act.tx.organisation, at))}" for one, at in known.items()]
    return sentences.OUTAGES.say(services=Markup("\n".join(lines)))


def _out_of_order(act: Act, service: str) -> Answer:
    if not outages.begin(act.tx, service, act.now):
        raise refuse(sentences.OUTAGE_KNOWN.say(service=service))
    affected = outages.affected(act.tx, service)
    for number in affected:
        act.record(number, "outage", service=service)
        telling.refresh_card(act, number)
    return Accepted(sentences.OUTAGE_BEGUN.say(service=service, count=len(affected)))


def _works_again(act: Act, service: str) -> Answer:
    if not outages.end(act.tx, service):
        raise refuse(sentences.NO_OUTAGE.say(service=service))
    for number in outages.affected(act.tx, service):
        act.record(number, "outage_over", service=service)
        telling.refresh_card(act, number)
    return Accepted(sentences.OUTAGE_OVER.say(service=service))
