"""Who is on call for a team: its rota, and what was said instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatdesk.contract.vocabulary import Actor, IdentityId
from chatdesk.desk import working_hours
from chatdesk.desk.act import Act
from chatdesk.domain.calendar import Timetable
from chatdesk.domain.on_call import Rota, order_at
from chatdesk.domain.organisation import Team
from chatdesk.domain.staff import read_staff
from chatdesk.store import on_call, people, turns


def rota_of(act: Act, team: Team) -> Rota | None:
    """None of a team for which nobody is on call."""
    if team.on_call is None:
        return None
    said = on_call.instead(act.tx, team.key, act.now)
    return replace(team.on_call, shifts=(*said, *team.on_call.shifts))


def table_of(act: Act, rota: Rota) -> Timetable | None:
    return working_hours.table_of(act.tx.organisation, rota.hours)


def order_now(act: Act, team: Team) -> Sequence[str]:
    """Who is on call and whose turns come next; those who are away only if all are."""
    rota = rota_of(act, team)
    if rota is None:
        return ()
    found = [person_of(act, who) for who in order_at(rota, act.now, table_of(act, rota))]
    away = turns.away_now(act.tx, act.now)
    return [one for one in dict.fromkeys(found) if one not in away] or found


def name_of(act: Act, who: str) -> str:
    """The name of whom a rota names, or what it says of them while we know none."""
    own = person_of(act, who)
    is_known = any(one.name or one.handle for one in people.identities_of(act.tx, own))
    return people.name_of(act.tx, own, act.platform) if is_known or ":" not in who else who


def person_of(act: Act, who: str) -> str:
    """The person whom a rota names, by an account or by their id."""
    if ":" not in who:
        return who
    source = read_staff(who)
    return people.meet(act.tx, Actor(IdentityId(source.platform, source.id)), None, act.now)
