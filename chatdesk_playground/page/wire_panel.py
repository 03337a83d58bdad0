"""What goes over the wire, newest first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from nicegui import ui

from chatdesk_playground.page.html import Html, tag
from chatdesk_playground.page.keyed import KeyedList
from chatdesk_playground.page.model import WireLine
from chatdesk_playground.page.side import Side

MOST = 80
_COPY = "navigator.clipboard.writeText(this.nextElementSibling.innerText)"


class WirePanel:
    """Lists the requests of the app and what it was sent, of both platforms."""

    def __init__(self, sides: Sequence[Side]) -> None:
        self._sides = sides
        self._lines: list[tuple[Side, WireLine]] = []
        self._after = dict.fromkeys((side.look for side in sides), 0)
        self._wanted = ""

    def build(self) -> None:
        filter_ = ui.input("Filter", on_change=lambda event: self._filter(str(event.value or "")))
        filter_.props("dense outlined clearable").classes("w-full")
        container = ui.element("div").classes("wire").props('role="log" aria-label="What goes over the wire"')
        self._list = KeyedList(container)

    def refresh(self) -> None:
        new: list[tuple[Side, WireLine]] = []
        for side in self._sides:
            lines = side.sight.wire(self._after[side.look])
            self._after[side.look] += len(lines)
            new += [(side, line) for line in lines]
        if new:
            self._lines += sorted(new, key=lambda line: line[1].at)
            self._show()

    def _filter(self, wanted: str) -> None:
        self._wanted = wanted.casefold()
        self._show()

    def _show(self) -> None:
        fitting = [one for one in reversed(self._lines) if self._wanted in _searched(*one)][:MOST]
        self._list.show([(f"{side.look}-{line.number}", _line(side, line)) for side, line in fitting])


def _searched(side: Side, line: WireLine) -> str:
    return f"{side.look} {line.title} {line.status}".casefold()


def _line(side: Side, line: WireLine) -> Html:
    at = datetime.fromtimestamp(line.at).astimezone()
    took = f"{line.milliseconds:.0f} ms" if line.milliseconds else ""
    detail = json.dumps(line.detail, indent=1, ensure_ascii=False, default=str)
    failed = (line.out and not line.status.startswith("2")) or (" " in line.status and line.out)
    summary = tag(
        "summary",
        tag("span", f"{at:%H:%M:%S}", class_="small"),
        tag("span", "→" if line.out else "←", title="from the app" if line.out else "to the app"),
        tag("span", line.title, class_="wire-title"),
        tag("span", line.status, class_="wire-status failed" if failed else "wire-status"),
        tag("span", took, class_="small"),
    )
    copy = tag("button", "Copy", type="button", class_="control", onclick=_COPY)
    return tag("details", summary, copy, tag("pre", detail, tabindex="0"), class_=f"wire-line {side.look}")
