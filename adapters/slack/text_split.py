"""Cutting mrkdwn into messages."""

import re

from adapters.commonmark.shape import clean
from adapters.commonmark.split import Rules
from adapters.commonmark.split import split as cut

_RULES = Rules(
    encoding="utf-8",
    unit=1,
    most=3900,
    whole=re.compile(r"<[^<>\n]*>|`[^`\n]+`|&(?:lt|gt|amp);"),
    atom=re.compile(r"&(?:lt|gt|amp);"),
    quote="&gt; ",
)


def split(text: str) -> list[str]:
    """Parts of at most 3,900 bytes: `chat.update` refuses more than 4,000, and posting splits there."""
    return cut(clean(text), _RULES)
