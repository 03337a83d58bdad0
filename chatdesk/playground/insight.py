"""What the desk itself knows, for the third pane: its tickets, and each with card, history and deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from chatdesk.desk.taking_turns import transaction_of
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.ticket import HistoryEntry, Ticket
from chatdesk.playground import tour
from chatdesk.store import history, people, tables_outbox, tickets
from chatdesk.store.transaction import Transaction
from chatdesk_playground.page.html import Html, joined, tag
from chatdesk_playground.page.model import Option, Step

NEWEST = 30


@dataclass(frozen=True, slots=True)
class DeskInsight:
    """Reads the database of the bot beside it."""

    engine: Engine
    desk: str

    @property
    def steps(self) -> Sequence[Step]:
        return tour.STEPS

    async def done(self) -> frozenset[str]:
        return await asyncio.to_thread(self._done)

    async def topics(self) -> Sequence[Option]:
        return await asyncio.to_thread(self._topics)

    async def shown(self, topic: str) -> Html:
        return await asyncio.to_thread(self._shown, int(topic))

    def _done(self) -> frozenset[str]:
        with self.engine.begin() as connection:
            tx = _transaction(connection, self.desk)
            newest = [one.number for one in tickets.latest(tx, NEWEST)]
            return tour.done([entry for number in newest for entry in history.of_ticket(tx, number)])

    def _topics(self) -> Sequence[Option]:
        with self.engine.begin() as connection:
            tx = _transaction(connection, self.desk)
            return [
                Option(f"#{one.number} {one.title}", str(one.number)) for one in tickets.latest(tx, NEWEST)
            ]

    def _shown(self, number: int) -> Html:
        with self.engine.begin() as connection:
            tx = _transaction(connection, self.desk)
            ticket = tickets.load(tx, number)
            if ticket is None:
                return tag("p", f"There is no ticket #{number}.")
            return joined(
                [
                    _facts(tx, ticket),
                    tag("h3", "Deliveries"),
                    _deliveries(connection, self.desk, number),
                    tag("h3", "History"),
                    _history(tx, history.of_ticket(tx, number)),
                ]
            )


def _transaction(connection: Connection, desk: str) -> Transaction:
    found = transaction_of(connection, desk)
    assert found is not None, "the desk's configuration is applied at the start"
    return found


def _facts(tx: Transaction, ticket: Ticket) -> Html:
    organisation: Organisation = tx.organisation
    team = organisation.team(ticket.team)
    facts = (
        ("Status", organisation.status_name(ticket.status)),
        ("Priority", ticket.priority),
        ("Team", team.name if team else "–"),
        ("Assignee", _name(tx, ticket.assignee) or "nobody"),
        ("Requester", _name(tx, ticket.requester)),
        ("Category", ticket.category or "–"),
        ("Tags", ", ".join(ticket.tags) or "–"),
    )
    rows = [tag("tr", tag("td", label, class_="small"), tag("td", value)) for label, value in facts]
    return joined([tag("h3", f"#{ticket.number} {ticket.title}"), tag("table", *rows)])


def _deliveries(connection: Connection, desk: str, number: int) -> Html:
    """Newest first: what was to be shown where, and how far it got."""
    effects, rows = tables_outbox.effects, tables_outbox.deliveries
    statement = (
        select(effects.c.kind, rows.c.platform, rows.c.state, rows.c.attempts, rows.c.reason, rows.c.id)
        .join(rows, (rows.c.desk == effects.c.desk) & (rows.c.effect == effects.c.id))
        .where(effects.c.desk == desk, effects.c.ticket == number)
        .order_by(rows.c.id.desc())
        .limit(NEWEST)
    )
    lines = [
        tag(
            "tr",
            tag("td", row.kind),
            tag("td", row.platform),
            tag("td", row.state, class_="failed" if row.state == "failed" else None),
            tag("td", f"{row.attempts}×" if row.attempts > 1 else "", row.reason or ""),
            data_delivery=row.state,
        )
        for row in connection.execute(statement)
    ]
    return tag("table", *lines)


def _history(tx: Transaction, entries: Sequence[HistoryEntry]) -> Html:
    lines = [
        tag(
            "tr",
            tag("td", f"{entry.at.astimezone():%H:%M:%S}", class_="small"),
            tag("td", entry.kind),
            tag("td", _name(tx, entry.actor)),
            tag("td", _said(entry), class_="small"),
        )
        for entry in reversed(entries)
    ]
    return tag("table", *lines)


def _said(entry: HistoryEntry) -> str:
    short = [f"{key}: {value}" for key, value in entry.data if value and key not in ("post", "by", "thread")]
    return ", ".join(short)


def _name(tx: Transaction, person: str | None) -> str:
    return people.name_of(tx, person) if person else ""
