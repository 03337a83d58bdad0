"""Cutting mrkdwn into messages."""

import re

from adapters.commonmark.shape import clean
from adapters.commonmark.split import Measure
from adapters.commonmark.split import split as cut

_MEASURE = Measure("utf-8", 1, 3900)
_WHOLE = re.compile(r"<[^<>\n]*>|`[^`\n]+`|&(?:lt|gt|amp);")
_ATOM = re.compile(r"&(?:lt|gt|amp);")


def split(text: str) -> list[str]:
    """Parts of at most 3,900 bytes: `chat.update` refuses more than 4,000, and posting splits there."""
    return cut(clean(text), _MEASURE, _WHOLE, _ATOM)
