"""Buttons and menus inside a message's HTML; the pane listens for ``data-act`` (see ``pane.py``)."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk_playground.page.html import Html, joined, link, tag
from chatdesk_playground.page.model import Option

STYLES = frozenset({"primary", "secondary", "success", "danger"})


def button(name: str, label: str, style: str = "secondary", *, disabled: bool = False) -> Html:
    look = f"control {style if style in STYLES else 'secondary'}"
    return tag(
        "button", label, type="button", class_=look, data_act="press", data_name=name, disabled=disabled
    )


def link_button(url: str, label: str) -> Html:
    return tag("span", link(url, label), class_="control link")


def menu(
    name: str, label: str, options: Sequence[Option], chosen: str = "", *, disabled: bool = False
) -> Html:
    """A select whose first line says what it is for."""
    lines = [tag("option", label, value="", selected=not chosen, disabled=True)]
    lines += [tag("option", one.label, value=one.value, selected=one.value == chosen) for one in options]
    return tag(
        "select",
        joined(lines),
        class_="control",
        aria_label=label,
        data_act="choose",
        data_name=name,
        disabled=disabled,
    )
