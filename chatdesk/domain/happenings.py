"""What a ticket's history says happened, as rules know it, and from when on they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from chatdesk.contract.vocabulary import AudienceKind, Side
from chatdesk.domain.rules import Happening, Since
from chatdesk.domain.sla_case import Wrote
from chatdesk.domain.ticket import HistoryEntry

RULE = "rule"
"""What the history calls the rule by which something was done."""

_KINDS: Mapping[str, Happening] = {
    "created": Happening.CREATED,
    "submitted": Happening.CREATED,
    "priority": Happening.UPDATED,
    "category": Happening.UPDATED,
    "service": Happening.UPDATED,
    "tag_added": Happening.UPDATED,
    "tag_removed": Happening.UPDATED,
    "claimed": Happening.UPDATED,
    "released": Happening.UPDATED,
    "assigned": Happening.UPDATED,
    "moved": Happening.UPDATED,
    "status": Happening.STATUS,
    "reopened": Happening.REOPENED,
    "escalated": Happening.ESCALATED,
    "outage": Happening.OUTAGE,
    "sla_warning": Happening.DUE_SOON,
    "sla_breach": Happening.LATE,
}


def by_ticket(entries: Sequence[HistoryEntry]) -> Mapping[int, Sequence[HistoryEntry]]:
    """What was recorded, for each ticket apart, in its order."""
    found: dict[int, list[HistoryEntry]] = {}
    for entry in entries:
        found.setdefault(entry.ticket, []).append(entry)
    return found


def happening(entry: HistoryEntry) -> Happening | None:
    """What set rules off by this; None where it is nothing to them."""
    if entry.kind != "post":
        return _KINDS.get(entry.kind)
    values = dict(entry.data)
    if values.get("audience") == AudienceKind.INTERNAL:
        return None
    by_requester = values.get("side") == Side.CUSTOMER and values.get("by") != Wrote.DESK
    return Happening.MESSAGE if by_requester else Happening.ANSWER


def happened(entries: Sequence[HistoryEntry]) -> frozenset[Happening]:
    """Everything that happened at once. The words that a ticket is made of are no message of their own."""
    found = {one for entry in entries if (one := happening(entry)) is not None}
    return frozenset(found - {Happening.MESSAGE} if Happening.CREATED in found else found)


def rules_in(entries: Sequence[HistoryEntry]) -> frozenset[str]:
    """The rules that did something."""
    return frozenset(value for entry in entries for name, value in entry.data if name == RULE)


def counted_from(since: Since, entries: Sequence[HistoryEntry], deadline: datetime | None) -> datetime | None:
    """From when on a rule's time runs; None while it does not."""
    match since:
        case Since.CREATED:
            return _last(entries, Happening.CREATED)
        case Since.STATUS:
            changes = [_last(entries, one) for one in _STATUSES]
            return max((at for at in changes if at is not None), default=None)
        case Since.DEADLINE:
            return deadline
    wanted = Happening.MESSAGE if since is Since.MESSAGE else Happening.ANSWER
    words = (entry for entry in reversed(entries) if happening(entry) in _WORDS)
    last = next(words, None)
    return last.at if last is not None and happening(last) is wanted else None


_STATUSES = (Happening.CREATED, Happening.STATUS, Happening.REOPENED)
_WORDS = frozenset({Happening.MESSAGE, Happening.ANSWER})


def _last(entries: Sequence[HistoryEntry], wanted: Happening) -> datetime | None:
    return next((entry.at for entry in reversed(entries) if happening(entry) is wanted), None)
