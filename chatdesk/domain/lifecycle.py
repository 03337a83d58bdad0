"""A ticket's statuses and the one table of transitions between them."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    DRAFT = "draft"
    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    """Waits for the requester."""
    ON_HOLD = "on_hold"
    """Waits for a third party."""
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.NEW, Status.CANCELLED}),
    Status.NEW: frozenset({Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.RESOLVED, Status.CANCELLED}),
    Status.OPEN: frozenset({Status.PENDING, Status.ON_HOLD, Status.RESOLVED, Status.CANCELLED}),
    Status.PENDING: frozenset({Status.OPEN, Status.ON_HOLD, Status.RESOLVED, Status.CANCELLED}),
    Status.ON_HOLD: frozenset({Status.OPEN, Status.PENDING, Status.RESOLVED, Status.CANCELLED}),
    Status.RESOLVED: frozenset({Status.OPEN, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.OPEN}),
    Status.CANCELLED: frozenset({Status.OPEN}),
}

WORKING = frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD})
"""Somebody still has to do something, or is waited for."""

OVER = frozenset({Status.CLOSED, Status.CANCELLED})


def may_become(now: Status, then: Status) -> bool:
    return then in TRANSITIONS[now]
