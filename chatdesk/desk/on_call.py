"""``/desk oncall``: who is on call now and next, and who is instead of whose turn it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chatdesk.contract import sentences, sentences_on_call
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.desk import finding, reaching, rota, standing
from chatdesk.desk.act import Act, refuse
from chatdesk.domain.lines import Line, markup, person, words
from chatdesk.domain.local_time import clock_time, zone_of
from chatdesk.domain.on_call import Shift, now_and_next
from chatdesk.domain.organisation import Team
from chatdesk.domain.permissions import Deed, Role, may
from chatdesk.domain.snooze import read_until
from chatdesk.store import on_call, people

Arguments = Mapping[str, str]

LONGEST = 300
"""Characters that are looked at of what was typed."""

USAGE = "/desk oncall @ana until tomorrow 9:00 billing"

_OFF = frozenset({"off", "end", "stop", "none"})
_PARTS = re.compile(
    r"(?P<agent>\[[^\]]*\]\([^)]*\)|.*?)(?:\s+from\s+(?P<from>.+?))?(?:\s+(?:until|till|to)\s+(?P<until>.+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed or picked. Without ``agent``: who is on call."""

    agent: str
    start: str
    until: str
    team: Team | None

    @property
    def is_off(self) -> bool:
        return _OFF.intersection({self.agent.casefold(), self.until.casefold()}) != set()


def oncall(act: Act, arguments: Arguments) -> Answer:
    """Show it, put somebody on call, or let the rota hold again."""
    if not may(_roles(act, None), Deed.SEE_ON_CALL):
        raise refuse(sentences.NOT_ALLOWED_HERE.say(who="Staff"))
    asked = _asked(act, arguments)
    if asked.is_off:
        return _off(act, _team(act, asked))
    if not asked.agent:
        return _shown(act, [asked.team] if asked.team else act.tx.organisation.teams)
    return _put(act, asked, _team(act, asked))


def _asked(act: Act, arguments: Arguments) -> _Asked:
    text = " ".join(arguments.get("text", "").replace("\\", "").split())[:LONGEST]
    named = arguments.get("team")
    if not named:
        text, named = _team_at_the_end(act, text)
    team = finding.team_named(act, named, USAGE) if named else None
    parts = _PARTS.fullmatch(text)
    typed = {name: value or "" for name, value in parts.groupdict().items()} if parts else {}
    given = {name: arguments.get(name, "").strip() or typed.get(name, "") for name in _NAMES}
    return _Asked(given["agent"].strip(), given["from"], given["until"], team)


_NAMES = ("agent", "from", "until")


def _team_at_the_end(act: Act, text: str) -> tuple[str, str]:
    """What was typed without the team that it ends with; a team's name may have several words."""
    folded = text.casefold()
    known = {word.casefold() for team in act.tx.organisation.teams for word in (team.key, team.name)}
    for word in sorted(known, key=len, reverse=True):
        if folded == word or folded.endswith(f" {word}"):
            rest = text[: len(text) - len(word)].rstrip()
            return re.sub(r"\s(?:for|of)$", "", rest), word
    return text, ""


def _roles(act: Act, team: Team | None) -> frozenset[Role]:
    """What somebody is to a team; to any of them where none is meant."""
    place = standing.standing_of(act.tx, act.person)
    held = {
        Role.COLLEAGUE: place.is_staff,
        Role.AGENT: team is not None and team.key in place.teams,
        Role.LEAD: team is not None and team.key in place.leads,
        Role.ADMIN: place.is_admin,
    }
    return frozenset(role for role, holds in held.items() if holds) or frozenset({Role.STRANGER})


def _team(act: Act, asked: _Asked) -> Team:
    """The team that is meant. Raises Refusal where that is none, or several, or nobody is on call for it."""
    if asked.team is not None:
        if asked.team.on_call is None:
            raise refuse(sentences_on_call.NO_ROTA_OF.say(team=asked.team.name))
        return asked.team
    place = standing.standing_of(act.tx, act.person)
    own = [
        team
        for team in act.tx.organisation.teams
        if team.on_call is not None and (place.is_admin or team.key in place.teams)
    ]
    if not own:
        raise refuse(sentences_on_call.NO_ROTA.say())
    if len(own) > 1:
        allowed = ", ".join(team.name for team in own)
        raise refuse(sentences_on_call.WHICH_ROTA.say(allowed=allowed, team=Markup(own[0].key)))
    return own[0]


def _shown(act: Act, teams: Sequence[Team]) -> Answer:
    lines = [line for team in teams if (line := _line(act, team)) is not None]
    if not lines:
        one = teams[0] if len(teams) == 1 else None
        no_rota = sentences_on_call.NO_ROTA_OF.say(team=one.name) if one else sentences_on_call.NO_ROTA.say()
        return Accepted(no_rota)
    return Accepted(sentences_on_call.ROTAS.say(teams=Markup("\n".join(lines))))


def _line(act: Act, team: Team) -> str | None:
    """``**Billing**: Bob until 23 Nov 09:00 UTC, then Bill``; None of a team without a rota."""
    known = rota.rota_of(act, team)
    if known is None:
        return None
    now, following = now_and_next(known, act.now, rota.table_of(act, known))
    is_instead = now.who is not None and ":" not in now.who
    return sentences_on_call.ROTA_NOW.say(
        team=team.name,
        who=_name(act, now.who),
        override=Markup(sentences_on_call.ROTA_OVERRIDE.say() if is_instead else ""),
        next=Markup(
            sentences_on_call.ROTA_NEXT.say(who=_name(act, following.who), start=_clock(act, following.start))
            if following is not None
            else ""
        ),
    )


def _name(act: Act, who: str | None) -> str:
    if who is None:
        return sentences_on_call.NOBODY
    return rota.name_of(act, who)


def _clock(act: Act, when: datetime) -> str:
    return clock_time(act.tx.organisation, when)


def _put(act: Act, asked: _Asked, team: Team) -> Answer:
    who = finding.agent_named(act, asked.agent)
    roles = _roles(act, team)
    if not may(roles, Deed.ON_CALL) and not (who == act.person and may(roles, Deed.TAKE_ON_CALL)):
        raise refuse(sentences.NOT_ALLOWED_HERE.say(who=f"A lead of {team.name} or an admin"))
    if not standing.is_among(act.tx, who, standing.staff_of(team)):
        name = people.name_of(act.tx, who, act.platform)
        raise refuse(sentences_on_call.NOT_OF_TEAM.say(person=name, team=team.name))
    start = _moment(act, asked.start, act.now) if asked.start else act.now
    end = _moment(act, asked.until, start) if asked.until else None
    on_call.put(act.tx, team.key, Shift(who, start, end), act.now)
    until = sentences_on_call.UNTIL.say(until=_clock(act, end)) if end else sentences_on_call.UNTIL_OFF.say()
    if start <= act.now:
        on_call.note_told(act.tx, team.key, who)
    if who != act.person:
        gaps = (person("actor", act.person), words("team", team.name), words("start", _clock(act, start)))
        told = Line("on_call_told", (*gaps, markup("until", until)))
        reaching.tell_staff(act, team, who, told)
    return Accepted(
        sentences_on_call.ON_CALL_SET.say(
            person=people.name_of(act.tx, who, act.platform),
            team=team.name,
            start=_clock(act, start),
            until=Markup(until),
        )
    )


def _moment(act: Act, typed: str, after: datetime) -> datetime:
    found = read_until(typed, after, zone_of(act.tx.organisation))
    if not isinstance(found, datetime):
        raise refuse(sentences_on_call.ON_CALL_WHEN.say(typed=typed[:60]))
    return found


def _off(act: Act, team: Team) -> Answer:
    """Whoever may put others on call may end it, and everybody their own."""
    said = on_call.instead(act.tx, team.key, act.now)
    roles = _roles(act, team)
    is_own = bool(said) and all(one.who == act.person for one in said)
    if not may(roles, Deed.ON_CALL) and not (is_own and may(roles, Deed.TAKE_ON_CALL)):
        raise refuse(sentences.NOT_ALLOWED_HERE.say(who=f"A lead of {team.name} or an admin"))
    on_call.clear(act.tx, team.key)
    if not said:
        raise refuse(sentences_on_call.ON_CALL_NOT_OVERRIDDEN.say(team=team.name))
    known = rota.rota_of(act, team)
    now = now_and_next(known, act.now, rota.table_of(act, known))[0].who if known else None
    return Accepted(sentences_on_call.ON_CALL_OFF.say(team=team.name, who=_name(act, now)))
