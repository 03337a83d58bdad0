"""HTML that is safe by construction: whatever is not ``Html`` already is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_EMPTY = frozenset({"br", "hr", "img", "input"})


class Html(str):
    """Text that may stand in a page as it is."""

    __slots__ = ()


def safe(text: str) -> Html:
    """Somebody's words, to be read exactly so."""
    return text if isinstance(text, Html) else Html(escape(text, quote=True))


def joined(parts: Iterable[str | None], separator: str = "") -> Html:
    return Html(separator.join(safe(part) for part in parts if part))


def tag(name: str, *children: str | None, **attributes: str | bool | None) -> Html:
    """An element. In attributes ``_`` stands for ``-``, ``class_`` is ``class``; None and False are none."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _EMPTY:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{joined(children)}</{name}>")


def _attribute(key: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(value, quote=True)}"'


def web_address(url: str) -> str | None:
    """An address that a link or a picture may have; None for anything else, such as a script."""
    return url if url.startswith(("http://", "https://", "mailto:")) else None


def link(url: str, label: str) -> Html:
    """A link that opens in a tab of its own; its label alone where the address is none."""
    target = web_address(url)
    if target is None:
        return safe(label)
    return tag("a", label, href=target, target="_blank", rel="noopener noreferrer")
