"""Links to places in what the desk answers: each adapter knows the addresses of its own platform's places."""

from __future__ import annotations

import re
from collections.abc import Callable

from chatdesk.contract.vocabulary import Installation, Place, Platform

_LINK = re.compile(r"\[([^\[\]]{1,40})\]\(thread:([a-z0-9_-]+)/([A-Za-z0-9_-]+)/([A-Za-z0-9_./-]+)\)")
_ID = re.compile(r"[A-Za-z0-9_./-]+")


def to_place(label: str, place: Place | None) -> str:
    """CommonMark that leads to a place; only the label where there is none."""
    if place is None or not _ID.fullmatch(place.id):
        return label
    home = place.installation
    return f"[{label}](thread:{home.platform}/{home.id}/{place.id})"


def with_addresses(text: str, address_of: Callable[[Place], str | None]) -> str:
    """An answer whose links to places are addresses; what has none is only its label."""

    def resolved(found: re.Match[str]) -> str:
        label, platform, installation, place = found.groups()
        address = address_of(Place(Installation(Platform(platform), installation), place))
        return f"[{label}]({address})" if address else label

    return _LINK.sub(resolved, text)
