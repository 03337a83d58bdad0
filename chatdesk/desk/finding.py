"""Whom or what somebody means by what they typed."""

from __future__ import annotations

import re

from chatdesk.contract import sentences
from chatdesk.contract.vocabulary import Actor, IdentityId, Platform
from chatdesk.desk import standing
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.refusing import unknown
from chatdesk.domain.organisation import Team
from chatdesk.store import people

_MENTION = re.compile(r"\[[^\]]*\]\(person:([a-z0-9_-]+)/([^)\s]+)\)")
_WRITTEN = re.compile(r"^([a-z0-9_-]+)/(\S+)$")


def identity_in(text: str) -> IdentityId | None:
    """The identity that a mention or ``platform/id`` names."""
    match = _MENTION.search(text) or _WRITTEN.match(text.strip())
    return None if match is None else IdentityId(Platform(match.group(1)), match.group(2))


def number_in(typed: str | None) -> int | None:
    """The ticket number that was typed or picked, such as ``#1042``."""
    found = re.fullmatch(r"\\?#?\s?([0-9]{1,9})", (typed or "").strip())
    return int(found.group(1)) if found else None


def person_named(act: Act, typed: str | None) -> str | None:
    """The person meant by a mention, by ``me``, or by a name that only one person has."""
    text = (typed or "").strip()
    if text.casefold() in ("me", "myself"):
        return act.person
    who = identity_in(text)
    if who is not None:
        return people.meet(act.tx, Actor(who), act.installation, act.now)
    name = text.replace("\\", "").removeprefix("@").casefold()
    if not name:
        return None
    named = {
        one.person
        for one in people.named_like(act.tx, name)
        if name in ((one.name or "").casefold(), (one.handle or "").casefold())
    }
    return next(iter(named)) if len(named) == 1 else None


def agent_named(act: Act, typed: str | None) -> str:
    """The agent that is meant. Raises Refusal if it is nobody, or somebody who is no agent."""
    found = person_named(act, typed)
    if found is None:
        raise unknown("agent", typed, agent_names(act), "/ticket assign @name")
    if not standing.standing_of(act.tx, found).is_staff:
        name = people.name_of(act.tx, found, act.platform)
        raise refuse(sentences.NOT_STAFF.say(person=name))
    return found


def agent_names(act: Act) -> list[str]:
    """The names of everybody who is staff, as far as we know them."""
    names: dict[str, None] = {}
    for who in standing.agents_of(act.tx, act.tx.organisation.teams):
        known = people.identity(act.tx, who)
        if known is not None and (known.name or known.handle):
            names[known.name or known.handle or ""] = None
    return sorted(names)


def team_named(act: Act, typed: str | None, usage: str) -> Team:
    """Raises Refusal with the teams there are."""
    teams = act.tx.organisation.teams
    folded = (typed or "").replace("\\", "").strip().casefold()
    for team in teams:
        if folded in (team.key.casefold(), team.name.casefold()):
            return team
    raise unknown("team", typed, [team.name for team in teams], usage)
