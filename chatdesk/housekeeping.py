"""What the desk does without being asked: reports on deliveries, and what time brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chatdesk.clockwork import Sweep
from chatdesk.courier.reports import Reports
from chatdesk.desk.pauses import installation_paused, installation_resumed
from chatdesk.desk.reports import delivery_failed, delivery_recovered, delivery_slow, file_failed
from chatdesk.desk.sweeps import end_drafts, escalate_silence, mark_slow, prune


def reports() -> Reports:
    """Whom the courier tells of deliveries in trouble."""
    return Reports(
        slow=delivery_slow,
        failed=delivery_failed,
        recovered=delivery_recovered,
        paused=installation_paused,
        resumed=installation_resumed,
        file_failed=file_failed,
    )


def sweeps() -> Sequence[Sweep]:
    """Everything that the clockwork does, and how often it looks."""
    return (
        Sweep("drafts", timedelta(seconds=5), end_drafts),
        Sweep("escalations", timedelta(seconds=5), escalate_silence),
        Sweep("slow deliveries", timedelta(seconds=2), mark_slow),
        Sweep("pruning", timedelta(hours=1), prune),
    )
