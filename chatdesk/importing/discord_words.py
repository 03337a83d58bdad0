"""What people wrote on Discord as CommonMark: mentions, emoji and times are made readable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from chatdesk.contract.sentences import literal

_MARK = re.compile(
    r"<@!?(?P<person>\d{1,20})>|<@&(?P<role>\d{1,20})>|<#(?P<channel>\d{1,20})>"
    r"|<a?:(?P<emoji>\w{1,40}):\d{1,20}>|<t:(?P<time>-?\d{1,12})(?::[tTdDfFR])?>"
)


def readable(text: str, names: Mapping[str, str | None]) -> str:
    """``names`` are those of people by their ids, where they are known."""

    def said(found: re.Match[str]) -> str:
        person, emoji, time = found["person"], found["emoji"], found["time"]
        if person:
            return f"[@{literal(names.get(person) or 'somebody')}](person:discord/{person})"
        if emoji:
            return f":{emoji}:"
        if time:
            return _time(int(time)) or found[0]
        return "@role" if found["role"] else "#channel"

    return _MARK.sub(said, text)


def _time(seconds: int) -> str | None:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return None
