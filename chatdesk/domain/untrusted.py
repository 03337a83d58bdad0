"""Text that a machine wrote: cut to length, and with nothing in it that leads anywhere or calls anybody."""

from __future__ import annotations

import re
import unicodedata

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatdesk.domain.text import is_blank, shortened

_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]+`)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(\s*<?([^\s()<>]*)>?[^()\n]*\)")
_AUTOLINK = re.compile(r"<([a-z][a-z0-9+.-]*:[^\s<>]*)>", re.IGNORECASE)
_ADDRESS = re.compile(
    r"((?:[a-z][a-z0-9+.-]*://|www\.|(?:[\w-]+\.)+[a-z]{2,}/)[^\s`<>()\[\]]*[^\s`<>()\[\].,;:!?'\"*_])",
    re.IGNORECASE,
)
_ACTIVE = re.compile(r"(?<!\\)(?:\\\\)*(?:<(?=\S)|\](?=[(\[:]))")
_JOINER = "\u200d"


def inert(text: str, limit: int) -> str:
    """CommonMark of at most ``limit`` characters, its addresses as code and no link in it; "" if blank."""
    clean = _readable(text)
    if is_blank(clean):
        return ""
    length = limit
    while True:
        length = length * 3 // 4
        made = _made_inert(shortened(clean, length))
        if len(made) <= limit:
            return made


def _readable(text: str) -> str:
    """Without characters that are not seen or turn the writing's direction."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        one for one in kept if one in ("\n", "\t", _JOINER) or unicodedata.category(one)[0] != "C"
    ).strip()


def _made_inert(text: str) -> str:
    made = "".join(
        part if number % 2 else _without_links(part) for number, part in enumerate(_CODE.split(text))
    )
    return made if _leads_nowhere(made) else _as_code(text)


def _without_links(text: str) -> str:
    """What is no code: labels and targets side by side, targets as code."""
    unlinked = _AUTOLINK.sub(r"\1", _LINK.sub(_label_and_target, text))
    return "".join(
        f"`{part}`" if number % 2 else _ACTIVE.sub(_escaped, part)
        for number, part in enumerate(_ADDRESS.split(unlinked))
    )


def _label_and_target(found: re.Match[str]) -> str:
    label, target = found.groups()
    shown = f"({target})" if target and target != label else ""
    return f"{label} {shown}".strip()


def _escaped(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\\{found[0][-1]}"


def _as_code(text: str) -> str:
    return "```\n" + text.replace("`", "'") + "\n```"


def _leads_nowhere(text: str) -> bool:
    """Whether CommonMark itself finds no link, picture or address in it outside of code."""
    return all(_is_inert(token) for token in MarkdownIt("commonmark").parse(text))


def _is_inert(token: Token) -> bool:
    if token.type in ("link_open", "image", "html_block", "html_inline"):
        return False
    if token.type == "text" and _ADDRESS.search(token.content):
        return False
    return all(_is_inert(one) for one in token.children or ())
