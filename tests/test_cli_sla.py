"""``chatdesk sla replay``: promises reckoned from what was done to tickets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from chatdesk.store.tables import history, tickets
from tests.test_cli import DESK, Terminal, connection, terminal

__all__ = ["connection", "terminal"]

PROMISES = f"{DESK}slas:\n  all:\n    targets: {{first_response: 1h, next_response: 2h, resolution: 2d}}\n"


def _past(connection: Connection) -> None:
    """A ticket that was answered after half an hour, once; the next question has waited for three hours."""
    began = datetime.now(UTC) - timedelta(hours=5)
    connection.execute(
        insert(tickets).values(
            desk="acme", number=1, title="t", description="", requester="p", status="open", team="support",
            priority="normal", created_at=began, tags=[], fields=[], escalation_level=0, mode="reply",
            reopens=0, unread=False, version=0,
        )
    )  # fmt: skip
    happened = (
        (0, "created", {"priority": "normal", "team": "support"}),
        (30, "post", {"side": "team", "audience": "everyone"}),
        (120, "post", {"side": "customer", "audience": "party"}),
    )
    for minutes, kind, data in happened:
        connection.execute(
            insert(history).values(
                desk="acme", id=f"h{minutes:03}", ticket=1, kind=kind, means="command",
                at=began + timedelta(minutes=minutes), data=data,
            )
        )  # fmt: skip
    connection.commit()


def test_what_a_file_would_promise_is_reckoned_and_nothing_is_changed(
    terminal: Terminal, connection: Connection
) -> None:
    _past(connection)
    assert terminal.run("sla", "replay").out == (
        "desk acme: 1 ticket of the last 30d\nnothing would have been promised\n"
    )
    (terminal.folder / "new.yaml").write_text(PROMISES, encoding="utf-8")
    lines = terminal.run("sla", "replay", "--since", "1d", "--desk-file", "new.yaml").out.splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "desk acme: 1 ticket of the last 1d",
        "promise what kept late still open kept of those decided",
        "all first reply 1 0 0 100.0 %",
        "all next reply 0 1 0 0.0 %",
        "all resolution 0 0 1 –",
    ]
    assert terminal.run("config", "plan").out == "desk acme: nothing to change\n"
    assert terminal.run("sla", "replay", "--since", "soon").status == 2


def test_other_promises_are_shown_beside_those_applied(terminal: Terminal, connection: Connection) -> None:
    _past(connection)
    assert terminal.run("rules", "replay").out.splitlines() == [
        "desk acme: 1 ticket of the last 30d",
        "no rule would have done anything",
    ]
    (terminal.folder / "desk.yaml").write_text(PROMISES, encoding="utf-8")
    assert terminal.run("config", "apply").status == 0
    other = PROMISES.replace(
        "first_response: 1h, next_response: 2h", "first_response: 10m, next_response: 8h"
    )
    (terminal.folder / "new.yaml").write_text(other, encoding="utf-8")
    lines = terminal.run("rules", "replay", "--desk-file", "new.yaml").out.splitlines()[2:]
    shown = [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "T", " ".join(line.split())) for line in lines]
    assert shown == [
        "ticket promise as applied would be",
        "#1 first reply all: kept all: late since T",
        "#1 next reply all: late since T all: open until T",
        "1 promise: late instead of kept",
        "1 promise: open instead of late",
    ]
