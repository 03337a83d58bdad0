"""A desk that has been at work for years: its database with as many tickets as a measurement wants.

Written by the database itself in a few statements, so that a million tickets take a minute. One ticket in ten
is still worked on, at least forty, and those are the newest; ten tickets are one person's, and in one of ten
somebody else takes part. Each ticket has a thread on Slack for its team and one on Discord for its customer,
a post from either side, the copies of both, and a history; the newest tenth also has what was delivered for
it within the month that is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    case,
    cast,
    insert,
    literal,
    null,
    select,
    text,
    update,
)

from chatdesk.contract.vocabulary import IdentityId, Installation, Platform
from chatdesk.domain.organisation import ChannelReference, Organisation, StaffSource, StaffSourceKind, Team
from chatdesk.store import desks, tables, tables_inbound, tables_outbox, word_index
from chatdesk.store.tables import Instant
from chatdesk.store.tables_search import post_words
from chatdesk.store.transaction import Transaction

SLACK = Platform("slack")
DISCORD = Platform("discord")
WORKSPACE = Installation(SLACK, "T1")
SERVER = Installation(DISCORD, "900")
LONG_AGO = datetime(2025, 6, 1, 9, 0, tzinfo=UTC)
CHANNEL = "C1"
"""The team's home channel in Slack."""
AGENTS = tuple(f"U{number:04}" for number in range(20))
PER_PERSON = 10
"""How many tickets one requester has."""

FEWEST_OPEN = 40

RARE, RARE_IN = "gramophone", (7, 77)
"""A word that stands in two old tickets alone."""

_FIRST_ID = 10**17
_TOPICS = ("printer", "invoice", "password", "delivery", "network", "account", "refund", "update")


def organisation(name: str = "bench") -> Organisation:
    """One team of twenty in Slack, customers on Discord."""
    members = tuple(StaffSource(SLACK, StaffSourceKind.PERSON, agent) for agent in AGENTS)
    home = ChannelReference(SLACK, CHANNEL)
    return Organisation(
        desk=name,
        name="Bench",
        teams=(Team("support", "Support", (home,), members=members), Team("second", "Second", ())),
    )


def fill(connection: Connection, tickets: int, now: datetime) -> None:
    """Make a desk with so many tickets in an empty database, ``now`` being the time of the newest."""
    made = organisation()
    desks.apply(connection, made, now)
    connection.execute(update(tables.desks).where(tables.desks.c.id == made.desk).values(last_ticket=tickets))
    _installations(connection, now)
    requesters = max(tickets // PER_PERSON, 1)
    _people(connection, requesters)
    _tickets(connection, tickets, requesters, now)
    _taking_part(connection, tickets, requesters)
    _threads(connection, tickets)
    _posts(connection, tickets, requesters)
    _words(connection, tickets)
    _history(connection, tickets)
    _delivered(connection, tickets, now)
    connection.execute(text("ANALYZE"))


def opened_from(tickets: int) -> int:
    """The oldest ticket that is still worked on; all after it are too."""
    return tickets - max(tickets // 10, min(tickets, FEWEST_OPEN)) + 1


def thread_ts(ticket: int) -> str:
    """The first message of a ticket's thread in Slack."""
    return f"1700000000.{1_000_000 + ticket}"


def customer_place(ticket: int) -> str:
    return str(1_000_000_000 + ticket)


def who(agent: int) -> IdentityId:
    return IdentityId(SLACK, AGENTS[agent % len(AGENTS)])


class _Counted:
    """The whole numbers from 1, as rows to select from, and text made of them."""

    def __init__(self, until: int) -> None:
        first = select(literal(1, BigInteger).label("n")).cte("counted", recursive=True)
        self._cte = first.union_all(select(first.c.n + 1).where(first.c.n < until))
        self.n: ColumnElement[int] = self._cte.c.n

    def into(self, connection: Connection, table: Table, values: Mapping[str, object]) -> None:
        """A row of the table for each number."""
        columns = [
            (value if isinstance(value, ColumnElement) else _constant(table, name, value)).label(name)
            for name, value in values.items()
        ]
        rows = select(*columns).select_from(self._cte)
        connection.execute(insert(table).from_select(list(values), rows))

    def id(self, prefix: str, number: ColumnElement[int] | None = None) -> ColumnElement[str]:
        """An id that sorts as its number does, and before every new one."""
        return prefix + _text((self.n if number is None else number) + _FIRST_ID)

    def text(self, prefix: str, plus: int = 0) -> ColumnElement[str]:
        return literal(prefix, String) + _text(self.n + plus)


def _text(number: ColumnElement[int]) -> ColumnElement[str]:
    return cast(number, String)


def _constant(table: Table, name: str, value: object) -> ColumnElement[Any]:
    column_type = table.c[name].type
    if value is None:
        return cast(null(), column_type)
    if isinstance(column_type, JSON):
        return literal(value, JSON)
    if isinstance(column_type, Integer | Boolean | Instant):
        return literal(value, column_type)
    return literal(str(value), String)


def _installations(connection: Connection, now: datetime) -> None:
    connection.execute(
        insert(tables.installations),
        [
            {"desk": "bench", "platform": one.platform, "id": one.id, "name": one.id, "bot": "UBOT",
             "connected_at": now}
            for one in (WORKSPACE, SERVER)
        ],
    )  # fmt: skip


def _people(connection: Connection, requesters: int) -> None:
    everybody = [(f"00a{number + 100:017}", agent) for number, agent in enumerate(AGENTS)]
    connection.execute(
        insert(tables.people),
        [{"desk": "bench", "id": person, "created_at": LONG_AGO} for person, _ in everybody],
    )
    connection.execute(
        insert(tables.identities),
        [
            {"desk": "bench", "platform": SLACK, "id": agent, "person": person, "installation": "T1",
             "name": f"Agent {agent}", "handle": agent.lower(), "profiled_at": LONG_AGO}
            for person, agent in everybody
        ],
    )  # fmt: skip
    rows = _Counted(requesters)
    rows.into(connection, tables.people, {"desk": "bench", "id": rows.id("0p"), "created_at": LONG_AGO})
    rows.into(
        connection,
        tables.identities,
        {"desk": "bench", "platform": DISCORD, "id": rows.text("", 5_000_000), "person": rows.id("0p"),
         "installation": "900", "name": rows.text("Customer "), "handle": rows.text("customer"),
         "profiled_at": LONG_AGO},
    )  # fmt: skip


def _tickets(connection: Connection, tickets: int, requesters: int, now: datetime) -> None:
    rows = _Counted(tickets)
    is_open = rows.n >= opened_from(tickets)
    agent = literal("00a" + "0" * 14) + _text(rows.n % len(AGENTS) + 100)
    values: dict[str, object] = {column.name: None for column in tables.tickets.c}
    title = "The " + _topic(rows) + rows.text(" does not work, case ")
    values |= {
        "desk": "bench", "number": rows.n, "title": title,
        "description": "Since this morning, whatever we try.", "requester": _requester(rows, requesters),
        "status": case((is_open, "open"), else_="closed"), "priority": "normal",
        "created_at": LONG_AGO, "team": "support", "tags": [], "fields": [], "escalation_level": 0,
        "mode": "reply", "first_response_at": LONG_AGO, "reopens": 0, "last_post_at": LONG_AGO,
        "unread": False, "version": 3, "assignee": case((is_open & (rows.n % 3 != 0), agent)),
        "closed_at": case((is_open, cast(null(), Instant)), else_=literal(LONG_AGO, Instant)),
    }  # fmt: skip
    rows.into(connection, tables.tickets, values)


def _topic(rows: _Counted) -> ColumnElement[str]:
    often = case(dict(enumerate(_TOPICS)), value=rows.n % len(_TOPICS))
    return case((rows.n.in_(RARE_IN), RARE), else_=often)


def _taking_part(connection: Connection, tickets: int, requesters: int) -> None:
    rows = _Counted(max(tickets // 10, 1))
    rows.into(
        connection,
        tables.ticket_people,
        {"desk": "bench", "ticket": rows.n * 10 - 9, "person": rows.id("0p", rows.n % requesters + 1),
         "party": 1, "added_at": LONG_AGO},
    )  # fmt: skip


def _requester(rows: _Counted, requesters: int) -> ColumnElement[str]:
    return rows.id("0p", rows.n % requesters + 1)


def _threads(connection: Connection, tickets: int) -> None:
    rows = _Counted(tickets)
    common: dict[str, object] = {column.name: None for column in tables.threads.c}
    common |= {
        "desk": "bench", "ticket": rows.n, "kind": "thread", "state": "open", "opened_at": LONG_AGO,
        "catching_up": False, "missed": False,
    }  # fmt: skip
    ts = rows.text("1700000000.", 1_000_000)
    team = {
        "id": rows.id("0t"), "side": "team", "platform": SLACK, "installation": "T1", "parent": CHANNEL,
        "place": CHANNEL + "/" + ts, "card": CHANNEL + "/" + ts, "team": "support",
    }  # fmt: skip
    customer = {
        "id": rows.id("0u"), "side": "customer", "platform": DISCORD, "installation": "900",
        "parent": "800", "place": rows.text("", 1_000_000_000), "party": 1,
    }  # fmt: skip
    for side in (team, customer):
        rows.into(connection, tables.threads, common | side)


def _posts(connection: Connection, tickets: int, requesters: int) -> None:
    rows = _Counted(tickets)
    common: dict[str, object] = {column.name: None for column in tables.posts.c}
    common |= {"desk": "bench", "ticket": rows.n, "audience": "party", "party": 1, "created_at": LONG_AGO,
               "version": ""}  # fmt: skip
    asked = {
        "id": rows.id("0q"), "position": 1, "author": _requester(rows, requesters), "platform": DISCORD,
        "identity": rows.text("", 5_000_000), "body": "Since this morning, whatever we try.",
        "side": "customer", "thread": rows.id("0u"), "source_installation": "900",
        "source_place": rows.text("", 1_000_000_000), "source": rows.text("7/", 10**15),
    }  # fmt: skip
    answered = {
        "id": rows.id("0r"), "position": 2, "author": f"00a{100:017}", "platform": SLACK,
        "identity": AGENTS[0], "body": "Please switch it off and on again.", "side": "team",
        "thread": rows.id("0t"), "source_installation": "T1",
        "source_place": rows.text(CHANNEL + "/1700000000.", 1_000_000),
        "source": rows.text(CHANNEL + "/1700000001.", 1_000_000),
    }  # fmt: skip
    for post in (asked, answered):
        rows.into(connection, tables.posts, common | post)
    copy = {"desk": "bench", "part": "0", "position": 0}
    there = copy | {
        "thread": rows.id("0t"), "post": rows.id("0q"), "platform": SLACK,
        "place": rows.text(CHANNEL + "/1700000000.", 1_000_000),
        "message": rows.text(CHANNEL + "/1700000002.", 1_000_000),
    }  # fmt: skip
    back = copy | {
        "thread": rows.id("0u"), "post": rows.id("0r"), "platform": DISCORD,
        "place": rows.text("", 1_000_000_000), "message": rows.text("8/", 10**15),
    }  # fmt: skip
    for one in (there, back):
        rows.into(connection, tables.copies, one)


def _words(connection: Connection, tickets: int) -> None:
    """Of two posts a ticket, the answer's after the question's."""
    rows = _Counted(tickets)
    title = literal(" the ", String) + _topic(rows) + rows.text(" does not work case ") + " "
    for after, prefix, body in (
        (1, "0q", " since this morning whatever we try "),
        (0, "0r", " please switch it off and on again "),
    ):
        rows.into(
            connection,
            post_words,
            {"desk": "bench", "number": rows.n * 2 - after, "post": rows.id(prefix), "ticket": rows.n,
             "title": title, "body": body},
        )  # fmt: skip
    tx = Transaction(connection, "bench", organisation())
    for number in range(0, tickets * 2 + 1, word_index.AT_ONCE)[1:]:
        word_index.put(tx, number)


def _history(connection: Connection, tickets: int) -> None:
    rows = _Counted(tickets)
    for prefix, kind in (("0h", "opened"), ("0i", "post"), ("0j", "status")):
        rows.into(
            connection,
            tables.history,
            {"desk": "bench", "id": rows.id(prefix), "ticket": rows.n, "kind": kind, "means": "message",
             "at": LONG_AGO, "data": []},
        )  # fmt: skip


def _delivered(connection: Connection, tickets: int, now: datetime) -> None:
    """What the newest tenth had delivered within the month that is remembered."""
    rows = _Counted(max(tickets // 10, 1))
    for prefix, lane, platform, installation in (
        ("0e", rows.id("thread:0t"), SLACK, "T1"),
        ("0f", rows.id("thread:0u"), DISCORD, "900"),
    ):
        rows.into(
            connection,
            tables_outbox.effects,
            {"desk": "bench", "id": rows.id(prefix), "ticket": rows.n + opened_from(tickets) - 1,
             "kind": "post", "payload": {"post": "x"}, "created_at": now},
        )  # fmt: skip
        rows.into(
            connection,
            tables_outbox.deliveries,
            {"desk": "bench", "id": rows.id(prefix), "effect": rows.id(prefix), "lane": lane,
             "platform": platform, "installation": installation, "state": "done", "attempts": 1,
             "uncertain": False, "created_at": now, "next_at": now, "done_at": now, "marked": ""},
        )  # fmt: skip
    rows.into(
        connection,
        tables_inbound.handled,
        {"desk": "bench", "key": rows.text("given:"), "at": now},
    )
