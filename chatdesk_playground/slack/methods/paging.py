"""Cursors: https://docs.slack.dev/apis/web-api/pagination"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from chatdesk_playground.slack.webapi import ApiError, Call

Item = TypeVar("Item")


def page(
    call: Call, items: Sequence[Item], default: int = 100, most: int = 1000, ceiling: int = 0
) -> tuple[Sequence[Item], str]:
    """The items that this call's cursor and limit ask for, and the cursor of the next ones.

    A limit above `most` is refused; one above `ceiling`, unless that is 0, is quietly lowered to it.
    """
    limit = call.whole("limit", default) or default
    if limit < 0 or limit > most:
        raise ApiError("invalid_limit")
    limit = min(limit, ceiling) if ceiling else limit
    start = _offset(call.text("cursor"))
    end = start + limit
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], following


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word == "next":
            return int(number)
    except (binascii.Error, ValueError) as broken:
        raise ApiError("invalid_cursor") from broken
    raise ApiError("invalid_cursor")
