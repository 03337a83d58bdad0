"""Modmail's logs: the collection ``logs`` of its MongoDB, as mongoexport writes it, one document a line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from chatdesk.contract.vocabulary import IdentityId, Platform
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.text import headline
from chatdesk.importing.discord_words import readable
from chatdesk.importing.records import (
    NotTaken,
    Record,
    Source,
    SourceFile,
    SourcePerson,
    SourcePost,
    SourceRefused,
    SourceTicket,
)
from chatdesk.importing.values import Unreadable, Values, count_lines, document, objects

NAME = "modmail"
DISCORD = Platform("discord")
SHOWN_TO_BOTH = frozenset({"thread_message", "anonymous"})
INTERNAL = frozenset({"internal", "system", "note"})
ANONYMOUS = SourcePerson(IdentityId(Platform(NAME), "anonymous"), "The team")
WORDS = (
    ("open", "open"),
    ("closed", "closed"),
    ("thread_message", "public"),
    ("anonymous", "public, without who it was"),
    ("internal, system", "internal"),
)


def read(path: Path) -> Source:
    """Raises SourceRefused."""
    if path.is_dir():
        raise SourceRefused(f"{path} is a folder; give the file that mongoexport wrote of the logs")
    with_array = path.open("rb").read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    if with_array:
        found = document(path)
        assert isinstance(found, list)
        listed = [Values(one) if isinstance(one, dict) else _no_object(number)
                  for number, one in enumerate(found, 1)]  # fmt: skip
        return Source(NAME, len(listed), _records(iter(listed)), WORDS)
    return Source(NAME, count_lines(path), _records(objects(path)), WORDS)


def _no_object(number: int) -> NotTaken:
    return NotTaken(f"entry {number}", "entry", "it is no object")


def _records(found: Iterator[Values | NotTaken]) -> Iterator[Record]:
    seen = False
    for one in found:
        if isinstance(one, NotTaken):
            yield one
            continue
        if not seen and not (one.has("recipient") and "messages" in one.given):
            raise SourceRefused(
                "this is no log of Modmail: it has no recipient and no messages; export the collection logs"
            )
        seen = True
        yield _record(one)


def _record(log: Values) -> Record:
    key = str(log.given.get("key") or log.given.get("_id") or "?")[:140]
    try:
        return _ticket(log, log.short("key", 140))
    except Unreadable as error:
        return NotTaken(f"log {key}", "ticket", str(error))


def _ticket(log: Values, key: str) -> SourceTicket:
    recipient, closer = log.inner("recipient"), log.inner("closer")
    if recipient is None:
        raise Unreadable("it has no recipient")
    requester = _person(recipient)
    posts: list[SourcePost] = []
    lost: list[NotTaken] = []
    for number, message in enumerate(log.each("messages"), 1):
        try:
            posts.append(_post(message, requester))
        except Unreadable as error:
            lost.append(NotTaken(f"log {key}", f"message {number}", str(error)))
    posts.sort(key=lambda post: post.at)
    first = next((post for post in posts if not post.is_internal and post.author == requester), None)
    created = log.time("created_at")
    is_open = log.truth("open")
    others = {post.author.identity: post.author for post in posts if not post.by_desk}
    others.pop(requester.identity, None)
    closed = (
        None if is_open else (log.optional_time("closed_at") or max([created, *(one.at for one in posts)]))
    )
    body = first.body if first else ""
    by = _person(closer) if closer and closer.truth("mod") else None
    posts += _kept_inside(log, by, closed or max([created, *(one.at for one in posts)]))
    hidden = any(post.shown_as is not None and by is not None and post.author == by for post in posts)
    return SourceTicket(
        key=key,
        label=key,
        title=headline(body) or f"Modmail {key}",
        description=body,
        requester=requester,
        status=Status.OPEN if is_open else Status.CLOSED,
        created_at=created,
        posts=tuple(posts),
        assignee=None if hidden else by,
        participants=tuple(others.values()),
        resolved_at=closed,
        closed_at=closed,
        not_taken=tuple(lost),
    )


def _kept_inside(log: Values, by: SourcePerson | None, at: datetime) -> Iterator[SourcePost]:
    """What staff called the log, and closed it with: nothing there says that its recipient was told."""
    for label, name in (("Title", "title"), ("Closed with", "close_message")):
        said = log.optional(name)
        if said is not None:
            yield SourcePost(by or ANONYMOUS, at, f"{label}: {said}", is_internal=True, by_desk=True)


def _post(message: Values, requester: SourcePerson) -> SourcePost:
    kind = message.optional("type") or "thread_message"
    if kind not in SHOWN_TO_BOTH | INTERNAL:
        raise Unreadable(f"its type is {kind!r}, of which it is not known who may read it")
    author = message.inner("author")
    if author is None:
        raise Unreadable("it has no author")
    who = _person(author)
    by_desk = author.truth("mod")
    return SourcePost(
        author=requester if who.identity == requester.identity else who,
        at=message.time("timestamp"),
        body=readable(message.optional("content") or "", {}),
        is_internal=kind in INTERNAL,
        by_desk=by_desk,
        files=tuple(_file(one) for one in message.each("attachments")),
        edited=message.truth("edited"),
        shown_as=ANONYMOUS if kind == "anonymous" and by_desk else None,
    )


def _file(given: Values) -> SourceFile:
    return SourceFile(given.text("id"), given.optional("filename") or "file", given.size("size"))


def _person(given: Values) -> SourcePerson:
    name = given.optional("name")
    return SourcePerson(IdentityId(DISCORD, given.short("id")), name, name)
