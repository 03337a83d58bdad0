from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.domain.organisation import Category, ChannelReference, Organisation, Team
from chatdesk.store import desks
from chatdesk.store.engine import open_engine
from chatdesk.store.tables import tickets

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
WORKSPACE = Installation(Platform("slack"), "T1")
SERVER = Installation(Platform("discord"), "42")
ACME = Organisation(
    desk="acme",
    name="Acme",
    teams=(Team("support", "Support", (ChannelReference(Platform("slack"), "#support"),)),),
    categories=(Category("billing/refund", ("Billing", "Refund")),),
)
BETA = replace(ACME, desk="beta", name="Beta", installations=(SERVER,))


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _ticket(connection: Connection, number: int, **values: object) -> None:
    connection.execute(
        insert(tickets).values(
            {
                "desk": "acme", "number": number, "title": "t", "description": "", "requester": "p",
                "status": "open", "priority": "normal", "created_at": NOW, "team": "support", "tags": [],
                "fields": [], "escalation_level": 0, "mode": "reply", "reopens": 0, "unread": False,
                "version": 0, **values,
            }
        )
    )  # fmt: skip


def test_what_was_applied_is_loaded_whole(connection: Connection) -> None:
    assert desks.apply(connection, ACME, NOW) == 1
    assert desks.load(connection, "acme") == ACME
    assert desks.load(connection, "nobody") is None


def test_a_generation_counts_changes_not_applications(connection: Connection) -> None:
    desks.apply(connection, ACME, NOW)
    assert desks.apply(connection, ACME, NOW) == 1
    assert desks.apply(connection, replace(ACME, name="Acme Ltd"), NOW) == 2
    assert desks.generation(connection, "acme") == 2
    assert desks.generation(connection, "nobody") == 0


def test_a_desk_alone_takes_every_installation_unless_it_names_some(connection: Connection) -> None:
    assert desks.desk_of_installation(connection, WORKSPACE) is None
    desks.apply(connection, ACME, NOW)
    assert desks.desk_of_installation(connection, WORKSPACE) == ACME
    desks.apply(connection, replace(ACME, installations=(SERVER,)), NOW)
    assert desks.desk_of_installation(connection, WORKSPACE) is None


def test_with_several_desks_an_installation_belongs_to_the_one_that_names_it(connection: Connection) -> None:
    desks.apply(connection, ACME, NOW)
    desks.apply(connection, BETA, NOW)
    assert desks.desk_of_installation(connection, SERVER) == BETA
    assert desks.desk_of_installation(connection, WORKSPACE) is None


def test_a_retired_desk_is_out_of_service_until_it_is_applied_again(connection: Connection) -> None:
    desks.apply(connection, ACME, NOW)
    desks.retire(connection, "acme", NOW)
    assert desks.listed(connection) == ()
    assert desks.load(connection, "acme") is None
    assert desks.apply(connection, ACME, NOW) == 2
    assert desks.listed(connection) == (ACME,)


def test_usage_counts_what_is_not_over(connection: Connection) -> None:
    _ticket(connection, 1, category="billing/refund")
    _ticket(connection, 2, status="resolved", priority="high")
    _ticket(connection, 3, status="closed", category="billing/refund")
    _ticket(connection, 4, desk="beta")
    usage = desks.usage(connection, "acme")
    assert usage.tickets == 2
    assert usage.teams == {"support": 2}
    assert usage.categories == {"billing/refund": 1}
    assert usage.priorities == {"normal": 1, "high": 1}
