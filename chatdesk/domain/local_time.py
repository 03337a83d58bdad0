"""Moments as the people of a desk read them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from chatdesk.domain.organisation import Organisation


def zone_of(organisation: Organisation) -> ZoneInfo:
    return ZoneInfo(organisation.time_zone)


def clock_time(organisation: Organisation, when: datetime) -> str:
    """A moment in the desk's time zone, such as ``28 Nov 10:30 CET``."""
    return when.astimezone(zone_of(organisation)).strftime("%d %b %H:%M %Z")
