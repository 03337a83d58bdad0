"""``/desk report``: the numbers of teams, for their leads and the desk's admins alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatdesk.contract import sentences
from chatdesk.contract.ports import Accepted, Answer, Refused
from chatdesk.contract.sentences import Markup
from chatdesk.desk import standing
from chatdesk.desk.act import Act, ToBeRead, refuse
from chatdesk.desk.numbers import report
from chatdesk.desk.numbers_shown import code_block, shown
from chatdesk.desk.refusing import unknown
from chatdesk.domain.local_time import zone_of
from chatdesk.domain.metrics import By, Period
from chatdesk.domain.organisation import Organisation, Team
from chatdesk.domain.permissions import Deed, Role, may
from chatdesk.store.numbers import count_since
from chatdesk.store.transaction import Transaction

Arguments = Mapping[str, str]

USUAL = timedelta(days=30)
LONGEST = timedelta(days=366)
MOST_TICKETS = 5000
"""As many as are reckoned well within the three seconds that platforms wait for an answer."""
USAGE = "/desk report 30d support by category"

_BACK = re.compile(r"(\d{1,4})\s?(h|d|w)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_BY = re.compile(r"(?:^|\s)by\s+(\S+)$")


@dataclass(frozen=True, slots=True)
class _Asked:
    """``teams``: whose tickets alone; None: all of the desk's."""

    since: timedelta
    teams: tuple[str, ...] | None
    whose: str
    by: By | None


def numbers(act: Act, arguments: Arguments) -> Answer:
    """Checked here; reckoned by a reader, since it may take longer than anybody who writes should wait."""
    asked = _asked(act, _told_apart(arguments))
    now = act.now
    raise ToBeRead(lambda tx: _answer(tx, asked, now))


def _answer(tx: Transaction, asked: _Asked, now: datetime) -> Answer:
    period = Period(now - asked.since, now)
    count = count_since(tx, period.start, asked.teams)
    if count > MOST_TICKETS:
        return Refused(sentences.NUMBERS_TOO_MANY.say(count=count))
    reckoned = report(tx, period, asked.by, asked.teams)
    return Accepted(
        sentences.NUMBERS_OF.say(
            whose=asked.whose,
            start=day(tx.organisation, period.start),
            end=day(tx.organisation, period.end),
            table=Markup(code_block(shown(reckoned))),
        )
    )


def day(organisation: Organisation, when: datetime) -> str:
    return when.astimezone(zone_of(organisation)).strftime("%d %b %Y")


def _told_apart(arguments: Arguments) -> Arguments:
    """What was typed in one go, ``30d support by category``, by its parts."""
    rest = arguments.get("text", "").strip()
    found: dict[str, str] = {}
    if by := _BY.search(rest):
        found["by"], rest = by[1], rest[: by.start()].strip()
    if back := _BACK.match(rest):
        found["since"], rest = back[0], rest[back.end() :].strip()
    if rest:
        found["team"] = rest
    return {**found, **{name: value for name, value in arguments.items() if name != "text"}}


def _asked(act: Act, arguments: Arguments) -> _Asked:
    place = standing.standing_of(act.tx, act.person)
    roles = {Role.LEAD} if place.leads else set()
    if place.is_admin:
        roles.add(Role.ADMIN)
    if not may(frozenset(roles), Deed.REPORT):
        raise refuse(sentences.NOT_ALLOWED_HERE.say(who="A lead or an admin"))
    organisation = act.tx.organisation
    allowed = [team for team in organisation.teams if place.is_admin or team.key in place.leads]
    team = _team(organisation, allowed, arguments.get("team"))
    of_all = place.is_admin and team is None
    chosen = [team] if team is not None else allowed
    return _Asked(
        since=_since(arguments.get("since")),
        teams=None if of_all else tuple(one.key for one in chosen),
        whose=organisation.name if of_all else ", ".join(one.name for one in chosen),
        by=_by(arguments.get("by")),
    )


def _team(organisation: Organisation, allowed: list[Team], typed: str | None) -> Team | None:
    if not typed:
        return None
    wanted = typed.replace("\\", "").strip().casefold()
    found = next((one for one in organisation.teams if wanted in (one.key, one.name.casefold())), None)
    if found is None:
        raise unknown("team", typed, [one.key for one in allowed], USAGE)
    if found not in allowed:
        raise refuse(sentences.NOT_ALLOWED_HERE.say(who=f"A lead of {found.name} or an admin"))
    return found


def _since(typed: str | None) -> timedelta:
    if not typed:
        return USUAL
    found = _BACK.fullmatch(typed.strip().casefold())
    since = int(found[1]) * _UNITS[found[2]] if found else timedelta()
    if not timedelta() < since <= LONGEST:
        raise refuse(sentences.NUMBERS_SINCE.say(typed=typed[:40]))
    return since


def _by(typed: str | None) -> By | None:
    if not typed:
        return None
    wanted = typed.strip().casefold()
    if wanted not in list(By):
        raise unknown("way to tell tickets apart", typed, [one.value for one in By], USAGE)
    return By(wanted)
