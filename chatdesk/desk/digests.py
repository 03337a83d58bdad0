"""Once a week a team reads in its home channel how it works."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from chatdesk.desk.apart import each_desk
from chatdesk.domain.effects import ReportSaid
from chatdesk.domain.local_time import zone_of
from chatdesk.domain.organisation import Organisation, Team
from chatdesk.domain.weekly import WEEK
from chatdesk.store import channels, digests, outbox
from chatdesk.store.transaction import Transaction, in_turn


def send_digests(connection: Connection, now: datetime) -> int:
    """Teams whose moment has come since they were told last. One that was missed comes late, and alone."""
    return each_desk(connection, now, _of_desk)


def _of_desk(connection: Connection, organisation: Organisation, now: datetime) -> int:
    if not _has_something_to_do(connection, organisation, now):
        return 0
    tx = in_turn(connection, organisation)
    told, sent = digests.told(connection, organisation.desk), 0
    for team in organisation.teams:
        due = _due(organisation, team, now)
        known = told.get(team.key)
        if due is None:
            digests.forget(connection, organisation.desk, team.key)
        elif known is None:
            # What is asked for today begins with the next such moment, not with the one before.
            digests.put(connection, organisation.desk, team.key, now)
        elif known < due and _send(tx, team, due, now):
            digests.put(connection, organisation.desk, team.key, due)
            sent += 1
    return sent


def _has_something_to_do(connection: Connection, organisation: Organisation, now: datetime) -> bool:
    told = digests.told(connection, organisation.desk)
    wanted = {team.key: _due(organisation, team, now) for team in organisation.teams}
    return any(
        key in told if due is None else key not in told or told[key] < due for key, due in wanted.items()
    )


def _due(organisation: Organisation, team: Team, now: datetime) -> datetime | None:
    return None if team.digest is None else team.digest.last(now, zone_of(organisation))


def _send(tx: Transaction, team: Team, due: datetime, now: datetime) -> bool:
    """False while none of the team's channels is known."""
    found = [home for one in team.homes if (home := channels.resolve(tx, one)) is not None]
    if not found:
        return False
    effect = ReportSaid("digest", due - WEEK, due, (team.key,))
    for home in found:
        outbox.write_at(tx, effect, home.installation, home.id, f"place:{home.platform}:{home.id}", now)
    return True
