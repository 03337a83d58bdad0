"""What the desk wants shown as Slack's text and blocks. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.slack.blocks import (
    BLOCKS_LIMIT,
    Block,
    Object,
    action_rows,
    context,
    fields,
    header,
    section,
    sections,
    shorten,
)
from adapters.slack.ids import SLACK, spot
from adapters.slack.text import escape, from_commonmark, split
from chatdesk.contract.outbound import Author, Content
from chatdesk.contract.sentences import MISSING_FILE
from chatdesk.contract.views import Card, Control, Home, HomeSection, Panel, TicketLine
from chatdesk.contract.vocabulary import Place

INTERNAL_MARK = "🔒"
_NAME_LIMIT = 80
_SPOKEN_NAME_LIMIT = 18
_FALLBACK_LIMIT = 300
_HOME_BLOCKS_LIMIT = 100
_LINES_A_BLOCK = 10
_NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of ours: text, which is also what notifications say, and blocks where it has controls."""

    text: str
    blocks: tuple[Block, ...] = ()

    def arguments(self) -> dict[str, object]:
        """As arguments of a Web API method; an empty list takes away the blocks that a message had."""
        return {"text": self.text, "blocks": list(self.blocks)}


def line(words: str, controls: Sequence[Control] = (), people: Mapping[str, str] = _NOBODY) -> Shown:
    """A line of the desk's own (CommonMark), with its buttons."""
    text = from_commonmark(words, people) or " "
    if not controls:
        return Shown(text)
    blocks = [*sections(text), *action_rows(controls)]
    return Shown(shorten(text, _FALLBACK_LIMIT), tuple(blocks[:BLOCKS_LIMIT]))


def card(shown: Card) -> Shown:
    """A ticket's state in its team channel."""
    title = f"{shown.mark} *#{shown.number} {_bold(shown.title)}*".strip()
    facts = [f"*{escape(fact.label)}*\n{escape(fact.value) or '–'}" for fact in shown.facts]
    blocks: list[Block] = [section(f"{title}\n{escape(shown.status)}"), *fields(facts)]
    if shown.summary:
        blocks.extend(sections(from_commonmark(shown.summary, _NOBODY)))
    if shown.warning:
        blocks.append(section(f"⚠️ {escape(shown.warning)}"))
    if shown.source_link:
        blocks.append(context(f"<{_address(shown.source_link)}|↗ Source>"))
    rows = action_rows(shown.controls)
    fallback = f"{shown.mark} #{shown.number} {escape(shown.title)} · {escape(shown.status)}".strip()
    return Shown(shorten(fallback, _FALLBACK_LIMIT), (*blocks[: BLOCKS_LIMIT - len(rows)], *rows))


def panel(shown: Panel) -> Shown:
    """A message with the button that opens the new-ticket form."""
    text = from_commonmark(shown.text, _NOBODY)
    blocks = [section(f"*{_bold(shown.title)}*"), *sections(text), *action_rows(shown.controls)]
    return Shown(escape(shown.title), tuple(blocks[:BLOCKS_LIMIT]))


def home(shown: Home, workspace_url: str) -> Object:
    """A person's own page, as a view."""
    blocks = [*action_rows(shown.controls)]
    for part in shown.sections:
        blocks.extend(_home_section(part, workspace_url))
    return {"type": "home", "blocks": blocks[:_HOME_BLOCKS_LIMIT]}


def parts(content: Content) -> list[str]:
    """A post's words as one or more messages; none where it has only files."""
    body = from_commonmark(content.body, content.people)
    missing = "\n".join(
        from_commonmark(MISSING_FILE.say(name=name), _NOBODY) for name in content.missing_files
    )
    words = "\n\n".join(part for part in (body, missing) if part.strip())
    if words:
        return split(words)
    return [] if content.files else ["…"]


def author_name(author: Author, internal: bool) -> str:
    """The name that a post appears under; an internal one begins with the mark."""
    name = shorten(" ".join(author.name.split()) or "?", _NAME_LIMIT - 2)
    return f"{INTERNAL_MARK} {name}" if internal else name


def spoken_by(author: Author, internal: bool) -> str:
    """Who speaks, for what Slack shows under the bot's own name: files, and on some days edits.

    Short enough to stand before a part of a split text without making it too long for an edit.
    """
    mark = f"{INTERNAL_MARK} " if internal else ""
    name = shorten(" ".join(author.name.split()) or "?", _SPOKEN_NAME_LIMIT)
    return f"{mark}*{_bold(name)}:*"


def _bold(words: str) -> str:
    """Somebody's words to stand between asterisks: Slack ends the bold at an asterisk within."""
    return escape(words.replace("*", "∗"))


def _home_section(shown: HomeSection, workspace_url: str) -> list[Block]:
    lines = [_ticket_line(ticket, workspace_url) for ticket in shown.tickets]
    groups = [lines[start : start + _LINES_A_BLOCK] for start in range(0, len(lines), _LINES_A_BLOCK)]
    body = [section("\n".join(group)) for group in groups] or [section(f"_{escape(shown.empty) or '–'}_")]
    return [header(shown.title), *body]


def _ticket_line(ticket: TicketLine, workspace_url: str) -> str:
    title = f"#{ticket.number} {_bold(shorten(ticket.title, 120))}"
    link = _link_to(ticket.thread, workspace_url)
    named = f"<{link}|{title.replace('|', '¦')}>" if link else f"*{title}*"
    said = [ticket.mark, named, escape(ticket.status), escape(shorten(ticket.detail, 80))]
    return " · ".join(part for part in (" ".join(said[:2]).strip(), *said[2:]) if part)


def _link_to(place: Place | None, workspace_url: str) -> str | None:
    if place is None or place.platform != SLACK:
        return None
    stands = spot(place)
    message = f"/p{stands.thread.replace('.', '')}" if stands.thread else ""
    return f"{workspace_url}archives/{stands.channel}{message}"


def _address(url: str) -> str:
    """An address to stand in a link."""
    return url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
