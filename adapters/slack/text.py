"""Slack's mrkdwn to CommonMark and back.

Rules are those of "Formatting text for app surfaces" (docs.slack.dev). mrkdwn has no escape character:
a marker that is meant literally stands between soft hyphens, which neither show nor let it mark anything.
"""

from collections.abc import Mapping

from adapters.commonmark import plain as plain_body
from adapters.commonmark import read as read_body
from adapters.commonmark import write as write_body
from adapters.commonmark.shape import clean
from adapters.slack.text_read import read
from adapters.slack.text_split import split
from adapters.slack.text_write import escape, write

__all__ = ["escape", "from_commonmark", "plain", "split", "to_commonmark"]


def to_commonmark(text: str, names: Mapping[str, str] = {}) -> str:
    """A Slack event's `text` as a message body.

    `names` says what the ids in mentions are called (users, channels, user groups); an id without a name
    shows the label on the wire, else itself.
    """
    return write_body(read(clean(text), names))


def from_commonmark(body: str, people: Mapping[str, str | None] = {}) -> str:
    """A message body as mrkdwn for `chat.postMessage`'s `text`.

    `people` maps a mention's target (`person:discord/42`, `place:slack/C1`) to the id in this workspace
    that it becomes; a target that is absent, or None, becomes its name and pings nobody.
    """
    return write(read_body(body), people)


def plain(text: str) -> str:
    """The words of a Slack text in one line, without markup; a body has `adapters.commonmark.plain`."""
    return plain_body(to_commonmark(text))
