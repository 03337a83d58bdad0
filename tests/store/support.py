"""A desk in a real database file, as the tests of the store and the courier begin with it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from chatdesk.contract.vocabulary import Installation, PlaceKind, Platform, Side
from chatdesk.domain.organisation import Organisation, Team
from chatdesk.domain.ticket import Thread, ThreadState
from chatdesk.store import desks
from chatdesk.store.engine import open_engine
from chatdesk.store.transaction import Transaction
from tests.engines import sqlite_with_tables

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SLACK = Installation(Platform("slack"), "T1")
DISCORD = Installation(Platform("discord"), "900")
PLATFORMS = (SLACK.platform, DISCORD.platform)


def organisation(desk: str = "acme") -> Organisation:
    return Organisation(desk=desk, name="Acme", teams=(Team("support", "Support", homes=()),))


def database(folder: Path) -> Engine:
    """A new SQLite file with all tables and one desk."""
    return furnished(open_engine(sqlite_with_tables(folder / "chatdesk.db")))


def furnished(engine: Engine) -> Engine:
    """A database that has its tables gets a desk."""
    with engine.begin() as connection:
        desks.apply(connection, organisation(), NOW)
    return engine


def transaction(connection: Connection, desk: str = "acme") -> Transaction:
    return Transaction(connection, desk, organisation(desk))


def thread(
    thread_id: str,
    side: Side = Side.TEAM,
    installation: Installation = SLACK,
    place: str | None = None,
    ticket: int = 1,
    state: ThreadState = ThreadState.OPEN,
    party: int | None = None,
    kind: PlaceKind = PlaceKind.THREAD,
) -> Thread:
    return Thread(
        desk="acme",
        id=thread_id,
        ticket=ticket,
        side=side,
        installation=installation,
        parent="C1",
        place=place,
        kind=kind,
        state=state,
        opened_at=NOW,
        party=party,
        team="support" if side is Side.TEAM else None,
    )
