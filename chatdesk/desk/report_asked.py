"""What somebody asks for behind ``/desk report``, and whether they may have it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chatdesk.contract import sentences, sentences_reports
from chatdesk.desk import standing
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.refusing import unknown
from chatdesk.desk.standing import Standing
from chatdesk.domain.metrics import By
from chatdesk.domain.organisation import Organisation, Team
from chatdesk.domain.permissions import Deed, Role, may

Arguments = Mapping[str, str]

USUAL = timedelta(days=30)
LONGEST = timedelta(days=366)
USAGE = "/desk report 30d support by category here"

_BACK = re.compile(r"(\d{1,4})\s?(h|d|w)(?=\s|$)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_BY = re.compile(r"(?:^|\s)by\s+(\S+)$")
_HERE = re.compile(r"(?:^|\s)here$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """``teams``: whose tickets alone; None: all of the desk's. ``here``: for everybody who reads this place.

    ``leads``: whoever asks leads all of these. ``team`` is the one that was named.
    """

    since: timedelta
    teams: tuple[str, ...] | None
    by: By | None
    here: bool
    leads: bool
    team: str | None = None

    def again(self) -> str:
        """What a button carries that asks for the same; ``arguments_again`` reads it."""
        hours = self.since // timedelta(hours=1)
        return f"{hours}h/{self.team or ''}/{self.by or ''}"


def arguments_again(written: str) -> Arguments:
    given = dict(zip(("since", "team", "by"), written.split("/"), strict=False))
    return {name: value for name, value in given.items() if value}


def asked_for(act: Act, arguments: Arguments) -> Asked:
    """Raises Refusal for what cannot be told apart, or is not for them."""
    arguments = _told_apart(arguments)
    place = standing.standing_of(act.tx, act.person)
    if not may(_roles(place), Deed.REPORT):
        raise refuse(sentences.NOT_ALLOWED_HERE.say(who="Staff"))
    by = _by(arguments.get("by"))
    allowed = _allowed(act.tx.organisation, place, by)
    team = _team(act.tx.organisation, allowed, arguments.get("team"))
    here = arguments.get("here", "no") != "no"
    if here and by is By.AGENT:
        raise refuse(sentences_reports.NOT_HERE_OF_AGENTS.say())
    of_all = place.is_admin and team is None
    chosen = [team] if team is not None else allowed
    return Asked(
        since=_since(arguments.get("since")),
        teams=None if of_all else tuple(one.key for one in chosen),
        by=by,
        here=here,
        leads=place.is_admin or all(one.key in place.leads for one in chosen),
        team=team.key if team is not None else None,
    )


def _roles(place: Standing) -> frozenset[Role]:
    holds = {Role.AGENT: bool(place.teams), Role.LEAD: bool(place.leads), Role.ADMIN: place.is_admin}
    return frozenset(role for role, held in holds.items() if held)


def _allowed(organisation: Organisation, place: Standing, by: By | None) -> Sequence[Team]:
    """The teams whose numbers somebody may see: their own, of single agents those that they lead."""
    if place.is_admin:
        return organisation.teams
    if by is not By.AGENT:
        return [team for team in organisation.teams if team.key in place.teams]
    if not may(_roles(place), Deed.REPORT_PEOPLE):
        raise refuse(sentences.NOT_ALLOWED_HERE.say(who="A lead or an admin"))
    return [team for team in organisation.teams if team.key in place.leads]


def _told_apart(arguments: Arguments) -> Arguments:
    """What was typed in one go, ``30d support by category here``, by its parts."""
    rest = arguments.get("text", "").strip()
    found: dict[str, str] = {}
    if here := _HERE.search(rest):
        found["here"], rest = "yes", rest[: here.start()].strip()
    if by := _BY.search(rest):
        found["by"], rest = by[1], rest[: by.start()].strip()
    if back := _BACK.match(rest):
        found["since"], rest = back[0], rest[back.end() :].strip()
    if rest:
        found["team"] = rest
    return {**found, **{name: value for name, value in arguments.items() if name != "text"}}


def _team(organisation: Organisation, allowed: Sequence[Team], typed: str | None) -> Team | None:
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
        raise refuse(sentences_reports.SINCE.say(typed=typed[:40]))
    return since


def _by(typed: str | None) -> By | None:
    if not typed:
        return None
    wanted = typed.strip().casefold()
    if wanted not in list(By):
        raise unknown("way to tell tickets apart", typed, [one.value for one in By], USAGE)
    return By(wanted)
