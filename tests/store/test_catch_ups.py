"""Which places are to be read: found by indexes, however many tickets there ever were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import event

from chatdesk.store import catch_ups
from chatdesk.store.catch_ups import Threads
from tests.store.support import NOW, PLATFORMS, SLACK, database, transaction


def test_open_tickets_threads_and_what_is_due_are_found_by_indexes(tmp_path: Path) -> None:
    engine = database(tmp_path)
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, text: str, values: Any, *_rest: object) -> None:
        asked.append((text, values))

    event.listen(engine, "before_cursor_execute", note)
    with engine.begin() as connection:
        catch_ups.want_threads(transaction(connection), SLACK, Threads(NOW, NOW, holds=True), NOW)
        catch_ups.due(connection, PLATFORMS, NOW, 10)
        event.remove(engine, "before_cursor_execute", note)
        plans = [
            [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]
            for text, values in asked
        ]
    engine.dispose()
    steps = [step for plan in plans for step in plan]
    assert "SEARCH thread USING INDEX ix_thread_desk_ticket (desk=? AND ticket=?)" in steps
    assert "SEARCH catch_up USING INDEX ix_catch_up_urgency_active_at (urgency=?)" in steps
    assert not any(step.startswith("SCAN") or "TEMP B-TREE FOR ORDER BY" in step for step in steps), steps
