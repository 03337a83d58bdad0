"""What the desk wants shown, as Discord's embeds, components, names and text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import discord
from discord import ui

from adapters.discord.forms import LONGEST_OPTION, LONGEST_PLACEHOLDER, MOST_OPTIONS, cut
from adapters.discord.text import escape, from_commonmark, split
from chatdesk.contract.actions import encode
from chatdesk.contract.outbound import Content
from chatdesk.contract.views import Button, Card, Control, Menu, Panel, Style

LONGEST_MESSAGE = 2000
LONGEST_THREAD_NAME = 100
_LONGEST_EMBED = 6000
_LONGEST_EMBED_TITLE = 256
_LONGEST_DESCRIPTION = 4096
_LONGEST_FACT = 1024
_LONGEST_FACT_NAME = 256
_MOST_FACTS = 25
_MOST_ROWS = 5
_BUTTONS_IN_A_ROW = 5
_LONGEST_BUTTON = 80
_LONGEST_NAME = 80

_STYLES = {
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.DANGER: discord.ButtonStyle.danger,
}
_REFUSED_IN_NAMES = re.compile("discord|clyde", re.IGNORECASE)
_REFUSED_NAMES = frozenset({"everyone", "here", "system message"})
_NARROW_SPACE = "\u200a"
NOBODY = "Somebody"
INTERNAL_MARK = "🔒"


@dataclass(frozen=True, slots=True)
class ShownCard:
    embed: discord.Embed
    view: ui.View


def shown_card(card: Card) -> ShownCard:
    return ShownCard(_card_embed(card), view_of(card.controls))


def card_number(card: Card) -> str:
    """How a card's title begins: what stays the same while the rest of the card changes."""
    return f"#{card.number} "


def _card_embed(card: Card) -> discord.Embed:
    title = f"{card_number(card)}{card.mark} {escape(card.title)}"
    embed = discord.Embed(
        colour=card.colour, title=cut(title, _LONGEST_EMBED_TITLE), url=card.source_link or None
    )
    text = from_commonmark(card.summary)
    if card.warning:
        text = f"⚠️ {escape(card.warning)}\n\n{text}"
    embed.description = cut(text, _LONGEST_DESCRIPTION) or None
    embed.add_field(name="Status", value=_fact(card.status))
    for fact in card.facts[: _MOST_FACTS - 1]:
        name = cut(escape(fact.label), _LONGEST_FACT_NAME)
        value = _fact(fact.value)
        if len(embed) + len(name) + len(value) > _LONGEST_EMBED:
            break
        embed.add_field(name=name, value=value)
    return embed


def _fact(value: str) -> str:
    return cut(escape(value), _LONGEST_FACT) or "–"


def panel_embed(panel: Panel) -> discord.Embed:
    return discord.Embed(
        title=cut(escape(panel.title), _LONGEST_EMBED_TITLE),
        description=cut(from_commonmark(panel.text), _LONGEST_DESCRIPTION),
    )


def view_of(controls: Sequence[Control]) -> ui.View:
    """The controls in rows. Finished before it is sent, so that discord.py keeps nothing of it."""
    view = ui.View(timeout=None)
    for row, together in enumerate(_rows(_once_each(controls))):
        if row == _MOST_ROWS:
            break
        for control in together:
            view.add_item(_component(control, row))
    view.stop()
    return view


def _once_each(controls: Sequence[Control]) -> list[Control]:
    """Discord refuses two components with one id in a message."""
    return list({encode(control.action): control for control in reversed(controls)}.values())[::-1]


def _rows(controls: Sequence[Control]) -> Iterator[list[Control]]:
    """A menu fills a row; buttons that follow one another share one."""
    row: list[Control] = []
    for control in controls:
        if isinstance(control, Menu):
            if row:
                yield row
                row = []
            if control.options:
                yield [control]
            continue
        if len(row) == _BUTTONS_IN_A_ROW:
            yield row
            row = []
        row.append(control)
    if row:
        yield row


def _component(control: Control, row: int) -> ui.Item[ui.View]:
    match control:
        case Button():
            return ui.Button(
                label=cut(control.label, _LONGEST_BUTTON),
                style=_STYLES[control.style],
                custom_id=encode(control.action),
                row=row,
            )
        case Menu():
            return ui.Select(
                custom_id=encode(control.action),
                placeholder=cut(control.label, LONGEST_PLACEHOLDER),
                row=row,
                options=[
                    discord.SelectOption(
                        label=cut(option.label, LONGEST_OPTION),
                        value=option.value,
                        default=option.value == control.chosen,
                    )
                    for option in control.options[:MOST_OPTIONS]
                ],
            )


def line(text: str, people: Mapping[str, str] | None = None) -> str:
    """A line of the desk's own, in one message."""
    return cut(from_commonmark(text, people or {}), LONGEST_MESSAGE) or "…"


def post_parts(content: Content, named: bool) -> list[str]:
    """A post's text in messages that Discord takes; none where it is files alone.

    ``named``: the author stands in the text, because the message cannot show another author.
    """
    text = from_commonmark(content.body, content.people)
    missing = "\n".join(f"📎 {escape(name)} could not be fetched" for name in content.missing_files)
    text = "\n".join(part for part in (text, missing) if part.strip())
    if not text.strip() and content.files:
        return []
    if named:
        text = f"{author_prefix(content)}{text}"
    return split(text) or ["…"]


def author_prefix(content: Content) -> str:
    mark = f"{INTERNAL_MARK} " if content.internal else ""
    return f"{mark}**{escape(content.author.name)}:** "


def file_caption(content: Content) -> str:
    """Beside a file, where the message cannot show another author."""
    return author_prefix(content).rstrip()


def author_name(content: Content) -> str:
    """The name that a webhook posts under."""
    name = webhook_name(content.author.name)
    return cut(f"{INTERNAL_MARK} {name}", _LONGEST_NAME) if content.internal else name


def webhook_name(name: str) -> str:
    """A name that Discord takes for a webhook: it refuses its own names, and what looks like a ping."""
    clean = " ".join(name.replace("@", "＠").replace("```", "'''").split())
    clean = _REFUSED_IN_NAMES.sub(lambda found: found.group()[:3] + _NARROW_SPACE + found.group()[3:], clean)
    clean = cut(clean, _LONGEST_NAME)
    if clean.lower().lstrip("＠") in _REFUSED_NAMES:
        return f"“{clean}”"
    return clean or NOBODY


def thread_name(title: str) -> str:
    return cut(" ".join(title.split()), LONGEST_THREAD_NAME) or "…"
