"""What the desk does without being asked: reports on deliveries, and what time brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chatdesk.clockwork import Sweep
from chatdesk.courier.reports import Reports
from chatdesk.desk.article_reviews import remind
from chatdesk.desk.digests import send_digests
from chatdesk.desk.ending_sweeps import begin_waiting, forget_words, remind_and_close, wake
from chatdesk.desk.handovers import hand_over
from chatdesk.desk.on_call_sweeps import call_next, escalate_unanswered
from chatdesk.desk.pauses import installation_paused, installation_resumed
from chatdesk.desk.reports import delivery_failed, delivery_recovered, delivery_slow, file_failed
from chatdesk.desk.rule_sweep import time_for_rules
from chatdesk.desk.sla_sweep import watch_promises
from chatdesk.desk.sweeps import end_drafts, escalate_silence, mark_slow, prune
from chatdesk.desk.turn_sweep import give_what_waits


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
        Sweep("calls", timedelta(seconds=5), call_next),
        Sweep("handovers", timedelta(minutes=1), hand_over),
        Sweep("unanswered", timedelta(seconds=5), escalate_unanswered),
        Sweep("silence", timedelta(seconds=5), remind_and_close),
        Sweep("snoozes", timedelta(seconds=5), wake),
        Sweep("waiting", timedelta(hours=1), begin_waiting),
        Sweep("forgetting", timedelta(hours=1), forget_words),
        Sweep("sla", timedelta(seconds=5), watch_promises),
        Sweep("rules", timedelta(seconds=5), time_for_rules),
        Sweep("turns", timedelta(seconds=30), give_what_waits),
        Sweep("article reviews", timedelta(minutes=5), remind),
        Sweep("digests", timedelta(minutes=1), send_digests),
        Sweep("slow deliveries", timedelta(seconds=2), mark_slow),
        Sweep("pruning", timedelta(hours=1), prune),
    )
