"""Whoever comes on call is told, and who goes off call that they may sleep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from chatdesk.desk import reaching, rota
from chatdesk.desk.act import Act, act_of_clock
from chatdesk.desk.apart import each_desk
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.local_time import clock_time
from chatdesk.domain.on_call import now_and_next, on_call_at
from chatdesk.domain.organisation import Organisation, Team
from chatdesk.store import on_call
from chatdesk.store.transaction import Transaction, in_turn


def hand_over(connection: Connection, now: datetime) -> int:
    """Handovers since the last look; of several the last one is told. A new rota is told of at its next."""
    return each_desk(connection, now, _of_desk)


def _of_desk(connection: Connection, organisation: Organisation, now: datetime) -> int:
    tx = Transaction(connection, organisation.desk, organisation)
    if not _changed(act_of_clock(tx, now)):
        return 0
    act = act_of_clock(in_turn(connection, organisation), now)
    changed = _changed(act)
    told = on_call.told(act.tx)
    for team, who in changed.items():
        before = told.get(team.key)
        on_call.note_told(act.tx, team.key, who)
        if before is not None:
            _tell(act, team, who, before)
    return len(changed)


def _changed(act: Act) -> Mapping[Team, str]:
    """Teams for which somebody else is on call than was told last. Gaps in a rota change nobody."""
    teams = [team for team in act.tx.organisation.teams if team.on_call is not None]
    told = on_call.told(act.tx) if teams else {}
    now = {team: _who(act, team) for team in teams}
    return {team: who for team, who in now.items() if who is not None and told.get(team.key) != who}


def _who(act: Act, team: Team) -> str | None:
    known = rota.rota_of(act, team)
    return on_call_at(known, act.now, rota.table_of(act, known)) if known else None


def _tell(act: Act, team: Team, who: str, before: str) -> None:
    known = rota.rota_of(act, team)
    incoming, outgoing = rota.person_of(act, who), rota.person_of(act, before)
    if known is None or incoming == outgoing:
        return
    until = clock_time(act.tx.organisation, now_and_next(known, act.now, rota.table_of(act, known))[0].end)
    gaps = (words("team", team.name), words("until", until))
    reaching.tell_staff(act, team, incoming, Line("on_call_begins", gaps))
    over = (words("team", team.name), person("who", incoming))
    reaching.tell_staff(act, team, outgoing, Line("on_call_over", over))
