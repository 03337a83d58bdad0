"""The language of message bodies, CommonMark, and the small document that every dialect can be written from.

`read` and `write` are the CommonMark side; the Slack and Discord folders hold their own readers and writers.
A dialect's reader makes a `Document`, another dialect's writer says it again.
"""

from adapters.commonmark.read import read
from adapters.commonmark.tree import plain_text
from adapters.commonmark.write import write

__all__ = ["plain", "read", "write"]


def plain(body: str) -> str:
    """A body's words in one line, without any markup: for titles and notices."""
    return plain_text(read(body))
