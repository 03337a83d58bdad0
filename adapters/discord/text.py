"""Discord's markdown to CommonMark and back.

Rules are those of "Markdown Text 101" (support.discord.com) and of "Message Formatting" (Discord's developer
documentation). What could ping is parted by a zero-width space, which does not show.
"""

from collections.abc import Mapping

from adapters.commonmark import plain as plain_body
from adapters.commonmark import read as read_body
from adapters.commonmark import write as write_body
from adapters.commonmark.shape import clean
from adapters.discord.text_read import read
from adapters.discord.text_split import split
from adapters.discord.text_write import escape, write

__all__ = ["escape", "from_commonmark", "plain", "split", "to_commonmark"]


def to_commonmark(text: str, names: Mapping[str, str] = {}) -> str:
    """A Discord message's `content` as a message body.

    `names` says what the ids in mentions are called (users, roles, channels); an id without a name shows
    itself.
    """
    return write_body(read(clean(text), names))


def from_commonmark(body: str, people: Mapping[str, str | None] = {}) -> str:
    """A message body as the `content` of a Discord message.

    `people` maps a mention's target (`person:slack/U1`, `place:discord/7`) to the id on this server
    that it becomes; a target that is absent, or None, becomes its name and pings nobody.
    """
    return write(read_body(body), people)


def plain(text: str) -> str:
    """The words of a Discord text in one line, without markup; a body has `adapters.commonmark.plain`."""
    return plain_body(to_commonmark(text))
