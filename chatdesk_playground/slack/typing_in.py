"""What Slack makes of a human's typing: wire text, and the rich_text block that goes with it.

https://docs.slack.dev/messaging/formatting-message-text and
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from chatdesk_playground.slack.state import Workspace
from chatdesk_playground.slack.wire import JsonObject, JsonValue

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_BULLET = re.compile(r"^( *)[-•] +(.*)$")
_NUMBERED = re.compile(r"^( *)(\d+)\. +(.*)$")
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<target>https?://[^\s)]+)\)"
    r"|(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"*_~])"
    r"|@(?P<mention>[\w.\-]+)"
    r"|#(?P<channel>[\w\-]+)"
    r"|(?<!\w):(?P<emoji>[a-z0-9_+\-]+):(?!\w)"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)
# The client turns emoji that are typed as characters into their names.
_NAMES = {
    "👍": "+1", "👎": "-1", "✅": "white_check_mark", "👀": "eyes", "🎫": "ticket", "🚨": "rotating_light",
    "🎉": "tada", "😀": "grinning", "😄": "smile", "🙏": "pray", "🔥": "fire", "❤️": "heart", "🔒": "lock",
    "🔓": "unlock", "😂": "joy", "👋": "wave", "🙌": "raised_hands", "⚠️": "warning", "🤔": "thinking_face",
}  # fmt: skip
_EMOJI = re.compile("|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True)))
_MARKS = {"bold": "*", "italic": "_", "strike": "~"}


@dataclass(frozen=True, slots=True)
class Typed:
    """A piece of typing: how it goes over the wire, and as rich text elements."""

    text: str
    elements: tuple[JsonObject, ...]


def escaped(words: str) -> str:
    """The three characters that Slack escapes."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(workspace: Workspace, words: str) -> tuple[str, list[JsonObject]]:
    """Wire text and blocks for what a human typed."""
    if not words.strip():
        return "", []
    words = _EMOJI.sub(lambda found: f":{_NAMES[found.group()]}:", words)
    texts: list[str] = []
    elements: list[JsonObject] = []
    position = 0
    for fence in _FENCE.finditer(words):
        _take(_passages(workspace, words[position : fence.start()].strip("\n")), texts, elements)
        code = fence.group(1)
        texts.append(f"```{escaped(code)}```")
        elements.append({"type": "rich_text_preformatted", "elements": [_text(code)], "border": 0})
        position = fence.end()
    _take(_passages(workspace, words[position:].strip("\n") if position else words), texts, elements)
    block: JsonObject = {
        "type": "rich_text",
        "block_id": secrets.token_urlsafe(4)[:5],
        "elements": elements,
    }
    return "\n".join(texts), [block]


def typed_arguments(workspace: Workspace, words: str, escape: bool) -> str:
    """The text of a slash command: mentions become ids only where the command asks for it."""
    if not escape:
        return words

    def mention(found: re.Match[str]) -> str:
        wire = _mention(workspace, found.group(1)).text
        return re.sub(
            r"<@(\w+)>", lambda known: f"<@{known.group(1)}|{workspace.users[known.group(1)].name}>", wire
        )

    words = re.sub(r"@([\w.\-]+)", mention, words)
    return re.sub(r"#([\w\-]+)", lambda found: _channel(workspace, found.group(1)).text, words)


def _take(passages: Iterable[tuple[str, JsonObject]], texts: list[str], elements: list[JsonObject]) -> None:
    for text, element in passages:
        texts.append(text)
        elements.append(element)


def _passages(workspace: Workspace, words: str) -> list[tuple[str, JsonObject]]:
    """The paragraphs, quotes and lists in some lines."""
    found: list[tuple[str, JsonObject]] = []
    if not words:
        return found
    run: list[str] = []
    kind = ""
    for line in words.split("\n"):
        here = _line_kind(line)
        if run and here != kind:
            found.append(_passage(workspace, kind, run))
            run = []
        kind = here
        run.append(line)
    found.append(_passage(workspace, kind, run))
    return found


def _line_kind(line: str) -> str:
    if line.startswith(">"):
        return "quote"
    if _BULLET.match(line):
        return "bullet"
    return "ordered" if _NUMBERED.match(line) else "section"


def _passage(workspace: Workspace, kind: str, lines: list[str]) -> tuple[str, JsonObject]:
    if kind in ("bullet", "ordered"):
        return _list(workspace, kind, lines)
    if kind == "quote":
        inner = _inline(workspace, "\n".join(line[1:].removeprefix(" ") for line in lines), {})
        text = "\n".join(f"&gt; {line}" for line in inner.text.split("\n"))
        return text, {"type": "rich_text_quote", "elements": list(inner.elements)}
    inner = _inline(workspace, "\n".join(lines), {})
    return inner.text, {"type": "rich_text_section", "elements": list(inner.elements)}


def _list(workspace: Workspace, kind: str, lines: list[str]) -> tuple[str, JsonObject]:
    texts = []
    sections: list[JsonValue] = []
    for number, line in enumerate(lines, start=1):
        match = (_BULLET if kind == "bullet" else _NUMBERED).match(line)
        inner = _inline(workspace, match.group(match.lastindex or 0) if match else line, {})
        texts.append(f"• {inner.text}" if kind == "bullet" else f"{number}. {inner.text}")
        sections.append({"type": "rich_text_section", "elements": list(inner.elements)})
    element: JsonObject = {
        "type": "rich_text_list",
        "elements": sections,
        "style": kind,
        "indent": 0,
        "border": 0,
    }
    return "\n".join(texts), element


def _inline(workspace: Workspace, words: str, style: JsonObject) -> Typed:
    texts: list[str] = []
    elements: list[JsonObject] = []
    position = 0
    for found in _INLINE.finditer(words):
        piece = _piece(workspace, found, style)
        if piece is None:
            continue
        between = words[position : found.start()]
        if between:
            texts.append(escaped(between))
            elements.append(_text(between, style))
        texts.append(piece.text)
        elements += piece.elements
        position = found.end()
    if words[position:]:
        texts.append(escaped(words[position:]))
        elements.append(_text(words[position:], style))
    return Typed("".join(texts), tuple(elements))


def _piece(workspace: Workspace, found: re.Match[str], style: JsonObject) -> Typed | None:
    kind = found.lastgroup or ""
    value = found.group(kind)
    if kind == "code":
        return Typed(f"`{escaped(value)}`", (_text(value, {**style, "code": True}),))
    if kind == "target":
        label = found.group("label")
        link: JsonObject = {"type": "link", "url": value, "text": label}
        return Typed(f"<{escaped(value)}|{escaped(label)}>", (link,))
    if kind == "url":
        return Typed(f"<{escaped(value)}>", ({"type": "link", "url": value},))
    if kind == "emoji":
        return Typed(f":{value}:", ({"type": "emoji", "name": value},))
    if kind == "mention":
        piece = _mention(workspace, value)
        return piece if piece.elements else None
    if kind == "channel":
        piece = _channel(workspace, value)
        return piece if piece.elements else None
    inner = _inline(workspace, value, {**style, kind: True})
    return Typed(f"{_MARKS[kind]}{inner.text}{_MARKS[kind]}", inner.elements)


def _mention(workspace: Workspace, name: str) -> Typed:
    if name in ("here", "channel", "everyone"):
        return Typed(f"<!{name}>", ({"type": "broadcast", "range": name},))
    for group in workspace.usergroups.values():
        if group.handle == name:
            element: JsonObject = {"type": "usergroup", "usergroup_id": group.id}
            return Typed(f"<!subteam^{group.id}|@{group.handle}>", (element,))
    trailing = name[len(name.rstrip(".-")) :]
    bare = name.rstrip(".-")
    for user in workspace.users.values():
        if bare.casefold() in (user.name.casefold(), user.display_name.casefold(), user.id.casefold()):
            elements: tuple[JsonObject, ...] = ({"type": "user", "user_id": user.id},)
            return Typed(f"<@{user.id}>{trailing}", elements + ((_text(trailing),) if trailing else ()))
    return Typed(f"@{name}", ())


def _channel(workspace: Workspace, name: str) -> Typed:
    for channel in workspace.channels.values():
        if channel.name == name and channel.kind in ("channel", "group"):
            element: JsonObject = {"type": "channel", "channel_id": channel.id}
            return Typed(f"<#{channel.id}|{channel.name}>", (element,))
    return Typed(f"#{name}", ())


def _text(words: str, style: JsonObject | None = None) -> JsonObject:
    element: dict[str, JsonValue] = {"type": "text", "text": words}
    if style:
        element["style"] = style
    return element
