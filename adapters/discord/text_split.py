"""Cutting a Discord text into messages."""

import re

from adapters.commonmark.shape import clean
from adapters.commonmark.split import Rules
from adapters.commonmark.split import split as cut

_RULES = Rules(
    encoding="utf-16-le",
    unit=2,
    most=2000,
    whole=re.compile(
        r"\\[^0-9A-Za-z\s]|<[^<>\n]{1,400}>|``[^\n]+?``|`[^`\n]+`|\|\|[^|\n]{1,500}\|\||\[[^\[\]\n]{1,500}\]\([^\s()]{1,500}\)|https?://[^\s<>]+"
    ),
    atom=re.compile(r"\\[^0-9A-Za-z\s]|[<@]\u200b@?"),
    quote="> ",
)


def split(text: str) -> list[str]:
    """Parts of at most 2,000 characters, counted in UTF-16 so that no way of counting finds more."""
    return cut(clean(text), _RULES)
