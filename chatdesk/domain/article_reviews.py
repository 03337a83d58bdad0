"""When articles are to be looked through, and who is reminded of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chatdesk.domain.knowledge import Article

REMIND_AGAIN = timedelta(weeks=1)
USUAL = timedelta(days=180)
"""After which an article is looked through again where the desk does not say."""
_OFFICE = range(8, 18)
_WORKDAYS = range(5)


def due_on(one: Article, looked_through: date | None, after: timedelta | None) -> date | None:
    """The day from which an article is to be looked through; None where nobody said that it ever is."""
    if one.review_on is None:
        return None
    if looked_through is None or looked_through < one.review_on:
        return one.review_on
    return looked_through + (after or USUAL)


def is_time_to_remind(now: datetime, zone: ZoneInfo) -> bool:
    """Nobody is reminded of articles at night or on a weekend."""
    local = now.astimezone(zone)
    return local.hour in _OFFICE and local.weekday() in _WORKDAYS
