"""Discord's Markdown, as HTML: https://docs.discord.com/developers/reference#message-formatting"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from markdown_it import MarkdownIt

from chatdesk_playground.discord.state import World
from chatdesk_playground.page.html import Html, safe, tag

_MENTION = re.compile(
    r"<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|#(?P<channel>\d+)|t:(?P<time>\d+)(?::[tTdDfFRsS])?"
    r"|a?:(?P<emoji>\w+):\d+|/(?P<command>[^:>\n]+):\d+)>|(?P<all>@everyone|@here)\b"
)
_MARK = re.compile("\ue000(\\d+)\ue001")
_SMALL = re.compile(r"(<p>|<br />\n|<br>\n)-# (.*?)(?=<br|</p>)", re.DOTALL)
_SPOILER = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)


def markdown(world: World, words: str) -> Html:
    """A message's content, an embed's texts, a text display."""
    mentions: list[Html] = []

    def put_aside(found: re.Match[str]) -> str:
        mentions.append(_mention(world, found))
        return f"\ue000{len(mentions) - 1}\ue001"

    clean = words.replace("\ue000", "").replace("\ue001", "")
    rendered = str(_reader().render(_MENTION.sub(put_aside, clean))).strip()
    rendered = _SMALL.sub(r"\1<small>\2</small>", rendered)
    rendered = _SPOILER.sub(r'<span class="spoiler" tabindex="0">\1</span>', rendered)
    return Html(_MARK.sub(lambda mark: mentions[int(mark.group(1))], rendered))


def _mention(world: World, found: re.Match[str]) -> Html:
    kind = found.lastgroup or ""
    value = found.group(kind)
    match kind:
        case "user":
            user = world.users.get(value)
            return _marked("@" + ((user.global_name or user.username) if user else value))
        case "role":
            role = world.roles.get(value)
            return _marked("@" + (role.name if role else value))
        case "channel":
            channel = world.channels.get(value)
            return _marked("#" + (channel.name if channel else value))
        case "time":
            return tag("span", f"{datetime.fromtimestamp(int(value), UTC):%d %b %Y %H:%M} UTC", class_="time")
        case "emoji":
            return safe(f":{value}:")
        case "command":
            return _marked(f"/{value}")
    return _marked(value)


def _marked(words: str) -> Html:
    return tag("span", words, class_="mention")


def _reader() -> MarkdownIt:
    reader = (
        MarkdownIt("commonmark", {"breaks": True, "html": False}).enable("strikethrough").disable("image")
    )
    for rule, before in (("strong_open", "<"), ("strong_close", "</")):
        reader.add_render_rule(rule, _underlined(before))
    reader.add_render_rule("link_open", _link_open)
    return reader


def _underlined(before: str) -> Callable[..., str]:
    """Discord underlines what stands between ``__``; CommonMark has it bold."""

    def render(_: object, tokens: Sequence[Any], index: int, *rest: object) -> str:
        return f"{before}{'u' if tokens[index].markup == '__' else 'strong'}>"

    return render


def _link_open(renderer: Any, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer")
    return str(renderer.renderToken(tokens, index, options, env))
