"""Cutting a Discord text into messages."""

import re

from adapters.commonmark.shape import clean
from adapters.commonmark.split import Measure
from adapters.commonmark.split import split as cut

_MEASURE = Measure("utf-16-le", 2, 2000)
_WHOLE = re.compile(
    r"\\[^0-9A-Za-z\s]|<[^<>\n]{1,400}>|``[^\n]+?``|`[^`\n]+`|\[[^\[\]\n]+\]\([^\s()]+\)|https?://[^\s<>]+"
)
_ATOM = re.compile(r"\\[^0-9A-Za-z\s]|[<@]\u200b@?")


def split(text: str) -> list[str]:
    """Parts of at most 2,000 characters, counted in UTF-16 so that no way of counting finds more."""
    return cut(clean(text), _MEASURE, _WHOLE, _ATOM)
