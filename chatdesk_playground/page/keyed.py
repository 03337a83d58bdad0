"""A list of written HTML on the page, of which only what changed is sent."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui
from nicegui.element import Element

from chatdesk_playground.page.html import Html


class KeyedList:
    """Keeps an element for each key, in the order in which they are given."""

    def __init__(self, container: Element) -> None:
        self._container = container
        self._shown: dict[str, tuple[Html, ui.html]] = {}

    def show(self, lines: Sequence[tuple[str, Html]]) -> bool:
        """Show these and nothing else. Whether there is a new one."""
        wanted = dict(lines)
        for key in [one for one in self._shown if one not in wanted]:
            self._shown.pop(key)[1].delete()
        new = False
        for position, (key, html) in enumerate(wanted.items()):
            known = self._shown.get(key)
            if known is None:
                new = True
                with self._container:
                    element = ui.html(html, sanitize=False)
                if position < len(self._shown):
                    element.move(self._container, position)
                self._shown[key] = (html, element)
            elif known[0] != html:
                known[1].set_content(html)
                self._shown[key] = (html, known[1])
        return new

    def clear(self) -> None:
        self._container.clear()
        self._shown.clear()
