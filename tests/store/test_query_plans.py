"""What runs at every event looks at what there is to do, not at everything that ever was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from chatdesk.contract.vocabulary import Place, PlaceKind, Where
from chatdesk.desk import asking
from chatdesk.domain.effects import CardChanged
from chatdesk.domain.lifecycle import WORKING, Status
from chatdesk.store import (
    article_uses,
    assistance,
    calls,
    deliveries,
    early,
    endings,
    escalations,
    lanes,
    numbers,
    outbox,
    ratings,
    sla_looks,
    tickets,
    timers,
)
from chatdesk.store.lanes import LaneRef
from chatdesk.store.tables import WORKED_ON
from tests.store.support import NOW, PLATFORMS, SLACK, database, organisation, thread, transaction

_HERE = Place(SLACK, "C1")
_PATIENT = replace(
    organisation(),
    close_resolved_after=timedelta(days=3),
    remind_pending_after=timedelta(days=2),
    close_pending_after=timedelta(days=7),
)


def _card_again(connection: Connection) -> None:
    outbox.write(transaction(connection), CardChanged(), [thread("t1")], NOW)


QUERIES: dict[str, tuple[Callable[[Connection], object], str]] = {
    "which articles a ticket's requester was shown": (
        lambda connection: article_uses.shown_on(transaction(connection), 1),
        "(desk=? AND ticket=?)",
    ),
    "what is due": (
        lambda connection: lanes.due(connection, PLATFORMS, NOW, 10),
        "delivery USING INDEX ix_delivery_pending",
    ),
    "a lane's head": (
        lambda connection: lanes.claim(connection, LaneRef("acme", "thread:t1"), PLATFORMS, NOW),
        "delivery USING INDEX ix_delivery_pending (desk=? AND lane=?)",
    ),
    "what is slow": (
        lambda connection: deliveries.unmarked_posts(connection, NOW),
        "delivery USING INDEX ix_delivery_pending",
    ),
    "a card that waits": (_card_again, "delivery USING INDEX ix_delivery_pending (desk=? AND lane=?)"),
    "what of a ticket failed": (
        lambda connection: deliveries.failed_of_ticket(connection, "acme", 1),
        "delivery USING INDEX ix_delivery_desk_effect (desk=? AND effect=?)",
    ),
    "whether something of ours may stand there": (
        lambda connection: early.is_expected(transaction(connection), Where(_HERE, PlaceKind.THREAD, _HERE)),
        "delivery USING INDEX ix_delivery_pending",
    ),
    "whether a thread may have just been opened": (
        lambda connection: early.may_be_opening(
            transaction(connection), Where(_HERE, PlaceKind.THREAD, _HERE)
        ),
        "delivery USING INDEX ix_delivery_pending",
    ),
    "a team's queue": (
        lambda connection: tickets.queue_of(transaction(connection), ["support"]),
        "ticket USING INDEX ix_ticket_queue (desk=? AND team=?)",
    ),
    "what somebody has to work on": (
        lambda connection: tickets.assigned_to(transaction(connection), "p1"),
        "ticket USING INDEX ix_ticket_assigned (desk=? AND assignee=?)",
    ),
    "what silence closes": (
        lambda connection: endings.to_close(connection, _PATIENT, NOW),
        "ticket USING INDEX ix_ticket_waits (desk=? AND status=? AND waits_since>? AND waits_since<?)",
    ),
    "whom to remind": (
        lambda connection: endings.to_remind(connection, _PATIENT, NOW),
        "ticket USING INDEX ix_ticket_waits (desk=? AND status=? AND waits_since>? AND waits_since<?)",
    ),
    "whose snooze is over": (
        lambda connection: endings.to_wake(connection, _PATIENT, NOW),
        "ticket USING INDEX ix_ticket_desk_snoozed_until (desk=? AND snoozed_until>? AND snoozed_until<?)",
    ),
    "of whose follow-up staff are reminded": (
        lambda connection: endings.to_follow_up(connection, _PATIENT, NOW),
        "ticket USING INDEX ix_ticket_desk_follow_up_at (desk=? AND follow_up_at>? AND follow_up_at<?)",
    ),
    "whose call nobody has acknowledged": (
        lambda connection: calls.overdue(connection, NOW),
        "call USING INDEX ix_call_due_at (due_at<?)",
    ),
    "who waits for an answer that was due": (
        lambda connection: escalations.unanswered(connection, NOW),
        "escalation USING INDEX ix_escalation_answer_by (answer_by<?)",
    ),
    "which promises are looked at": (
        lambda connection: sla_looks.due(connection, NOW),
        "sla_look USING INDEX ix_sla_look_at (at<?)",
    ),
    "what the assistant is to be asked": (
        lambda connection: assistance.count_due(connection, NOW),
        "assistant_request USING COVERING INDEX ix_assistant_request_due_at (due_at>? AND due_at<?)",
    ),
    "which rules are due": (
        lambda connection: timers.due(connection, NOW),
        "rule_timer USING INDEX ix_rule_timer_due_at (due_at>? AND due_at<?)",
    ),
    "which tickets came since then": (
        lambda connection: numbers.count_since(transaction(connection), NOW),
        "ticket USING INDEX ix_ticket_desk_created_at (desk=? AND created_at>?)",
    ),
    "which tickets were resolved since then": (
        lambda connection: numbers.count_since(transaction(connection), NOW, ["support"]),
        "ticket USING INDEX ix_ticket_desk_resolved_at (desk=? AND resolved_at>?)",
    ),
    "which tickets were rated since then": (
        lambda connection: numbers.count_since(transaction(connection), NOW),
        "rating USING INDEX ix_rating_desk_rated_at (desk=? AND rated_at>?)",
    ),
    "what a team has snoozed": (
        lambda connection: endings.snoozed_of(transaction(connection), ["support"], "p1"),
        "ticket USING INDEX ix_ticket_",
    ),
    "when somebody was last asked for a rating": (
        lambda connection: ratings.last_asked(transaction(connection), "p1"),
        "rating USING COVERING INDEX ix_rating_desk_person_asked_at (desk=? AND person=?)",
    ),
    "the ticket of a line of ours": (
        lambda connection: asking.ticket_of_line(transaction(connection), SLACK.platform, "1.1"),
        "delivery USING INDEX ix_delivery_desk_platform_message (desk=? AND platform=? AND message=?)",
    ),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_finds_its_deliveries_by_an_index(name: str, tmp_path: Path) -> None:
    ask, expected = QUERIES[name]
    engine = database(tmp_path)
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, text: str, values: Any, *_rest: object) -> None:
        if text.startswith("SELECT"):
            asked.append((text, values))

    event.listen(engine, "before_cursor_execute", note)
    with engine.begin() as connection:
        ask(connection)
        event.remove(engine, "before_cursor_execute", note)
        for text, values in asked:
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
            plan = [str(row[3]) for row in steps]
            whole = [
                step for step in plan if step == "SCAN delivery" or "autoindex_delivery_1 (desk=?)" in step
            ]
            assert not whole, plan
            assert any(expected in step for step in plan), plan
    engine.dispose()


def test_queues_hold_what_is_worked_on() -> None:
    named = {status for status in Status if f"'{status}'" in WORKED_ON}
    assert named == WORKING
