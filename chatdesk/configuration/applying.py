"""The configuration against the database: planned, and applied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from chatdesk.configuration.plan import Plan, plan, retirement, together
from chatdesk.domain.organisation import Organisation
from chatdesk.errors import RefusedPlan
from chatdesk.store import desks


def plans(connection: Connection, organisations: Sequence[Organisation]) -> tuple[Plan, ...]:
    """One for each desk that is configured, and for each that no longer is."""
    described = {organisation.desk for organisation in organisations}
    wanted = [
        plan(desks.load(connection, new.desk), new, desks.usage(connection, new.desk))
        for new in organisations
    ]
    gone = [old for old in desks.listed(connection) if old.desk not in described]
    return (*wanted, *(retirement(old, desks.usage(connection, old.desk)) for old in gone))


def apply_all(connection: Connection, organisations: Sequence[Organisation], now: datetime) -> None:
    """Make it so, whatever it takes away."""
    described = {organisation.desk for organisation in organisations}
    for organisation in organisations:
        desks.apply(connection, organisation, now)
    for old in desks.listed(connection):
        if old.desk not in described:
            desks.retire(connection, old.desk, now)


def apply_if_harmless(
    connection: Connection, organisations: Sequence[Organisation], now: datetime
) -> tuple[Plan, ...]:
    """As at every start. Raises RefusedPlan, changing nothing, where something in use is taken away."""
    wanted = plans(connection, organisations)
    if any(each.takes_away for each in wanted):
        raise RefusedPlan(
            f"{together([each for each in wanted if each.changes])}\n"
            "This takes away what is in use. Change the file, or say `chatdesk config apply` if it is meant."
        )
    apply_all(connection, organisations, now)
    return wanted
