"""Slack's mrkdwn and rich text, as HTML.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

from emoji import emojize

from chatdesk_playground.page.html import Html, joined, link, safe, tag
from chatdesk_playground.slack.state import Workspace
from chatdesk_playground.slack.wire import JsonObject, child, children, flag, text, whole

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<angle>[^<>\n]+)>"
    r"|(?<!\w):(?P<emoji>[a-z0-9_+'\-]+(?:::skin-tone-\d)?):(?!\w)"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)
_TAGS = {"bold": "strong", "italic": "em", "strike": "s"}


def emoji_of(name: str) -> str:
    """The character of a name such as ``tada``; the name between colons where there is none."""
    return emojize(f":{name.partition('::')[0]}:", language="alias")


def mrkdwn(workspace: Workspace, words: str) -> Html:
    """What stands in a text object or in a message without blocks."""
    parts: list[Html] = []
    position = 0
    for fence in _FENCE.finditer(words):
        parts.append(_lines(workspace, words[position : fence.start()].strip("\n")))
        parts.append(tag("pre", unescape(fence.group(1))))
        position = fence.end()
    rest = words[position:]
    parts.append(_lines(workspace, rest.strip("\n") if position else rest))
    return joined(parts)


def plain(words: str) -> Html:
    """A plain text object, whose emoji names Slack shows as characters."""
    return safe(emojize(words, language="alias"))


def _lines(workspace: Workspace, words: str) -> Html:
    if not words:
        return Html("")
    found: list[Html] = []
    quoted: list[Html] = []
    for line in words.split("\n"):
        if line.startswith("&gt;"):
            quoted.append(inline(workspace, line.removeprefix("&gt;").removeprefix(" ")))
            continue
        if quoted:
            found.append(tag("blockquote", joined(quoted, "<br>")))
            quoted = []
        found.append(Html(f"{inline(workspace, line)}<br>"))
    if quoted:
        found.append(tag("blockquote", joined(quoted, "<br>")))
    return Html(joined(found).removesuffix("<br>"))


def inline(workspace: Workspace, words: str) -> Html:
    found: list[Html] = []
    position = 0
    for match in _INLINE.finditer(words):
        found.append(safe(unescape(words[position : match.start()])))
        found.append(_piece(workspace, match))
        position = match.end()
    found.append(safe(unescape(words[position:])))
    return joined(found)


def _piece(workspace: Workspace, match: re.Match[str]) -> Html:
    kind = match.lastgroup or ""
    value = match.group(kind)
    match kind:
        case "code":
            return tag("code", unescape(value))
        case "emoji":
            return safe(emoji_of(value))
        case "angle":
            return _angle(workspace, value)
    return tag(_TAGS[kind], inline(workspace, value))


def _angle(workspace: Workspace, value: str) -> Html:
    """``<@U…>``, ``<#C…|name>``, ``<!here>``, ``<!subteam^S…|@handle>``, ``<!date^…|…>``, ``<url|label>``."""
    target, _, label = value.partition("|")
    label = unescape(label)
    for sign, shown in (("@", person_name), ("#", channel_name)):
        if target.startswith(sign):
            return mention(sign + shown(workspace, target[1:]))
    if target.startswith("!subteam^"):
        return mention(label or "@" + group_handle(workspace, target.removeprefix("!subteam^")))
    if target.startswith("!date^"):
        return safe(label)
    if target.startswith("!"):
        return mention(f"@{target[1:]}")
    return link(unescape(target), label or unescape(target))


def mention(words: str) -> Html:
    return tag("span", words, class_="mention")


def person_name(workspace: Workspace, user: str) -> str:
    known = workspace.users.get(user)
    return known.shown_name if known else user


def channel_name(workspace: Workspace, channel: str) -> str:
    known = workspace.channels.get(channel)
    return known.name if known else channel


def group_handle(workspace: Workspace, group: str) -> str:
    known = workspace.usergroups.get(group)
    return known.handle if known else group


def rich_text(workspace: Workspace, block: JsonObject) -> Html:
    """https://docs.slack.dev/reference/block-kit/blocks/rich-text-block"""
    return joined(_passage(workspace, element) for element in children(block, "elements"))


def _passage(workspace: Workspace, element: JsonObject) -> Html:
    inner = children(element, "elements")
    match text(element, "type"):
        case "rich_text_list":
            items = [tag("li", _passage(workspace, item)) for item in inner]
            ordered = text(element, "style") == "ordered"
            return tag("ol" if ordered else "ul", *items)
        case "rich_text_preformatted":
            return tag("pre", joined(_element(workspace, one) for one in inner))
        case "rich_text_quote":
            return tag("blockquote", joined(_element(workspace, one) for one in inner))
    return tag("div", joined(_element(workspace, one) for one in inner))


_MENTIONS: dict[str, tuple[str, str, Callable[[Workspace, str], str]]] = {
    "user": ("@", "user_id", person_name),
    "channel": ("#", "channel_id", channel_name),
    "usergroup": ("@", "usergroup_id", group_handle),
}


def _element(workspace: Workspace, element: JsonObject) -> Html:
    kind = text(element, "type")
    if kind in _MENTIONS:
        sign, key, shown = _MENTIONS[kind]
        return mention(sign + shown(workspace, text(element, key)))
    match kind:
        case "emoji":
            return safe(emoji_of(text(element, "name")))
        case "broadcast":
            return mention(f"@{text(element, 'range')}")
        case "link":
            return link(text(element, "url"), text(element, "text") or text(element, "url"))
        case "date":
            moment = datetime.fromtimestamp(whole(element, "timestamp"), UTC)
            return safe(text(element, "fallback") or f"{moment:%d %b %Y %H:%M} UTC")
    return _styled(child(element, "style"), text(element, "text"))


def _styled(style: JsonObject, words: str) -> Html:
    shown = Html(safe(words).replace("\n", "<br>"))
    for key, name in (("code", "code"), ("bold", "strong"), ("italic", "em"), ("strike", "s")):
        if flag(style, key):
            shown = tag(name, shown)
    return shown
