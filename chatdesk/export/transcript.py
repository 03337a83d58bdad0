"""One ticket to read: what happened, as a page or as Markdown, with its files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt

from chatdesk.contract.sentences import literal
from chatdesk.contract.vocabulary import AudienceKind, IdentityId, Platform
from chatdesk.domain.files import plain_name
from chatdesk.domain.ticket import AttachmentState, Post
from chatdesk.export.rows import Reader
from chatdesk.store import people

_MENTION = re.compile(r"\[([^\[\]]*)\]\(\s*<?(?:person|place):[^\s()<>]+>?\s*\)")
LONGEST_STEM = 40
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
dl { display: grid; grid-template-columns: max-content auto; gap: .2rem 1rem; }
dt { color: #555; } dd { margin: 0; }
article { border: 1px solid #ccc; border-radius: .5rem; padding: .5rem 1rem; margin: 1rem 0; }
article.internal { background: #fff6d8; border-color: #d9b94a; }
article.deleted { color: #777; }
header { font-size: .9rem; color: #555; } header b { color: #111; }
pre, blockquote { overflow-x: auto; }
blockquote { border-left: 3px solid #ccc; margin-left: 0; padding-left: 1rem; }
@media print { article { break-inside: avoid; } }
"""


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a post: its digest, and the path that the transcript links to."""

    digest: str
    path: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A post as it is read. ``missing`` are names of files that we do not hold."""

    author: str
    at: datetime
    body: str
    is_internal: bool
    is_edited: bool
    is_deleted: bool
    documents: tuple[Document, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """``facts`` are label and value."""

    heading: str
    facts: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    zone: ZoneInfo

    @property
    def documents(self) -> Iterator[Document]:
        return (document for entry in self.entries for document in entry.documents)


def transcript(reader: Reader, number: int, folder: str, *, public: bool) -> Transcript | None:
    """A ticket's conversation; ``public`` leaves out what is internal. Its files are to be in ``folder``."""
    ticket = reader.ticket(number)
    if ticket is None:
        return None
    organisation = reader.tx.organisation
    zone = ZoneInfo(organisation.time_zone)
    team = organisation.team(ticket.team)
    facts = [
        ("Requester", reader.name(ticket.requester)),
        ("Status", ticket.status),
        ("Priority", ticket.priority),
        ("Category", ticket.category or ""),
        ("Team", team.name if team else ""),
        ("Assignee", reader.name(ticket.assignee) if ticket.assignee else ""),
        ("Tags", "" if public else ", ".join(ticket.tags)),
        ("Opened", _time(ticket.created_at, zone)),
        ("Resolved", _time(ticket.resolved_at, zone) if ticket.resolved_at else ""),
        ("Closed", _time(ticket.closed_at, zone) if ticket.closed_at else ""),
        ("Resolution", ticket.resolution or ""),
    ]
    shown = [
        post
        for post in reader.posts(number)
        if not (public and (post.audience.kind is AudienceKind.INTERNAL or post.deleted_at is not None))
    ]
    return Transcript(
        heading=f"#{number} {ticket.title}",
        facts=tuple((label, value) for label, value in facts if value),
        entries=tuple(_entry(reader, post, folder) for post in shown),
        zone=zone,
    )


def _entry(reader: Reader, post: Post, folder: str) -> Entry:
    is_deleted = post.deleted_at is not None
    attached = [] if is_deleted else [one for one in post.attachments if not one.gone]
    return Entry(
        author=_author(reader, post),
        at=post.created_at,
        body="" if is_deleted else _MENTION.sub(lambda found: literal(found[1]), post.body),
        is_internal=post.audience.kind is AudienceKind.INTERNAL,
        is_edited=post.edited_at is not None,
        is_deleted=is_deleted,
        documents=tuple(
            Document(one.digest, f"{folder}/{post.position}-{index}-{_short(one.ref.name)}")
            for index, one in enumerate(attached, 1)
            if one.state is AttachmentState.STORED and one.digest
        ),
        missing=tuple(
            plain_name(one.ref.name) for one in attached if one.state is not AttachmentState.STORED
        ),
    )


def _short(name: str) -> str:
    """A name that every file system takes: few enough characters, however many bytes each has."""
    plain = PurePosixPath(plain_name(name))
    ending = plain.suffix[:10]
    return plain.name.removesuffix(plain.suffix)[:LONGEST_STEM] + ending


def _author(reader: Reader, post: Post) -> str:
    """As whom they wrote."""
    identity = IdentityId(Platform(post.identity.platform), post.identity.id)
    known = people.identity(reader.tx, identity)
    return (known and (known.name or known.handle)) or reader.name(post.author)


def as_html(made: Transcript) -> str:
    """A page without scripts that loads nothing from elsewhere."""
    facts = "\n".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in made.facts)
    entries = "\n".join(_article(entry, made.zone) for entry in made.entries)
    heading = escape(made.heading)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{heading}</h1>
<dl>
{facts}
</dl>
{entries}
</body>
</html>
"""


def _article(entry: Entry, zone: ZoneInfo) -> str:
    classes = " ".join(
        name for name, holds in (("internal", entry.is_internal), ("deleted", entry.is_deleted)) if holds
    )
    notes = "".join(f" · {note}" for note in _notes(entry))
    files = "".join(
        f'<p>📎 <a href="{escape(quote(one.path))}">{escape(_file_name(one))}</a></p>'
        for one in entry.documents
    )
    missing = "".join(f"<p>📎 {escape(name)} (not kept)</p>" for name in entry.missing)
    return (
        f'<article class="{classes}">\n<header><b>{escape(entry.author)}</b> · '
        f"{escape(_time(entry.at, zone))}{notes}</header>\n"
        f"{_rendered(entry.body)}{files}{missing}\n</article>"
    )


def as_markdown(made: Transcript) -> str:
    """CommonMark; what people wrote is quoted, so that it cannot pass for the transcript's own words."""
    lines = [f"# {literal(made.heading)}", ""]
    lines += [f"- {label}: {literal(value)}" for label, value in made.facts]
    for entry in made.entries:
        notes = "".join(f" · {note}" for note in _notes(entry))
        lines += ["", f"**{literal(entry.author)}** · {_time(entry.at, made.zone)}{notes}", ""]
        lines += [f"> {line}".rstrip() for line in entry.body.splitlines()]
        files = [f"- 📎 [{literal(_file_name(one))}](<{quote(one.path)}>)" for one in entry.documents]
        files += [f"- 📎 {literal(name)} (not kept)" for name in entry.missing]
        lines += ["", *files] if files else []
    return "\n".join(lines) + "\n"


def _notes(entry: Entry) -> Sequence[str]:
    found = (
        ("🔒 internal note", entry.is_internal),
        ("edited", entry.is_edited),
        ("deleted", entry.is_deleted),
    )
    return [note for note, holds in found if holds]


def _file_name(document: Document) -> str:
    return document.path.rpartition("/")[2].split("-", 2)[2]


def _rendered(body: str) -> str:
    """CommonMark as HTML: tags in it are words, pictures are not loaded, links lead to web and mail alone."""
    return MarkdownIt("commonmark", {"html": False}).disable("image").render(body) if body else ""


def _time(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
