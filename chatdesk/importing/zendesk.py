"""Zendesk's exports: one ticket a line, as its JSON export is, or pages as its API gives them.

A folder may hold several files: tickets with their comments in them, and apart from these users, groups and
comments. Which is which is told by what an object has.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from chatdesk.contract.vocabulary import IdentityId, Platform
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.text import headline
from chatdesk.importing.people import EMAIL
from chatdesk.importing.records import (
    NotTaken,
    Record,
    Source,
    SourceFile,
    SourcePerson,
    SourcePost,
    SourceRating,
    SourceRefused,
    SourceTicket,
)
from chatdesk.importing.values import LONGEST_ID, Unreadable, Values, document, objects, without_nul

NAME = "zendesk"
STATUSES: Mapping[str, Status] = {
    "new": Status.NEW,
    "open": Status.OPEN,
    "pending": Status.PENDING,
    "hold": Status.ON_HOLD,
    "solved": Status.RESOLVED,
    "closed": Status.CLOSED,
}
SCORES: Mapping[str, int] = {"good": 5, "bad": 1}
WORDS = (
    *((theirs, ours.value) for theirs, ours in STATUSES.items()),
    ("deleted", "not taken"),
    ("public: false", "internal"),
    ("good, bad", "5, 1"),
)
_STAFF = frozenset({"agent", "admin"})
_ENDINGS = frozenset({".json", ".jsonl", ".ndjson"})
_PAGES = ("tickets", "users", "groups", "comments")


@dataclass(slots=True)
class _Known:
    """What stands apart from the tickets, by the source's ids."""

    users: dict[str, Values] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    comments: dict[str, list[Values]] = field(default_factory=dict)
    tickets: int = 0
    broken: list[NotTaken] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    """How many objects of each file are nothing that is taken in."""


def read(path: Path) -> Source:
    """Raises SourceRefused."""
    found = sorted(one for one in path.iterdir() if one.suffix in _ENDINGS) if path.is_dir() else [path]
    if not found:
        raise SourceRefused(f"there is no .json, .jsonl or .ndjson file in {path}")
    known = _Known()
    for file in found:
        for kind, one in _kinds(file):
            _remember(known, kind, one, file)
    if not known.tickets:
        raise SourceRefused(
            f"there is no ticket of Zendesk in {path}: one has an id, a status, and requester_id or requester"
        )
    return Source(NAME, known.tickets, _records(found, known), WORDS)


def _remember(known: _Known, kind: str, one: Values | NotTaken, file: Path) -> None:
    """All but the tickets is kept: it is needed by tickets that come later."""
    if isinstance(one, NotTaken):
        known.broken.append(one)
        return
    key = str(one.given.get("id"))
    match kind:
        case "tickets":
            known.tickets += 1
        case "users":
            known.users[key] = one
        case "groups":
            known.groups[key] = str(one.given.get("name") or "")
        case "comments":
            known.comments.setdefault(str(one.given.get("ticket_id")), []).append(one)
        case _:
            known.others[file.name] += 1


def _records(files: Sequence[Path], known: _Known) -> Iterator[Record]:
    yield from known.broken
    for name, count in known.others.items():
        yield NotTaken(name, f"{count} objects", "they are neither tickets, comments, users nor groups")
    for file in files:
        for kind, one in _kinds(file):
            if kind == "tickets" and isinstance(one, Values):
                yield _record(one, known)


def _kinds(file: Path) -> Iterator[tuple[str, Values | NotTaken]]:
    """What each object of a file is, and the object."""
    for one in _objects(file):
        if isinstance(one, NotTaken):
            yield "", one
            continue
        pages = [name for name in _PAGES if isinstance(one.given.get(name), list)]
        if not pages or "requester_id" in one.given or "requester" in one.given:
            yield _kind(one), one
            continue
        for name in pages:
            for inner in _as_list(one.given[name]):
                yield name, Values(inner) if isinstance(inner, dict) else _no_object(file)


def _as_list(found: object) -> Iterable[object]:
    return found if isinstance(found, list) else ()


def _no_object(file: Path) -> NotTaken:
    return NotTaken(file.name, "entry", "it is no object")


def _kind(one: Values) -> str:
    names = one.given.keys()
    if "status" in names and ("requester_id" in names or "requester" in names):
        return "tickets"
    if "ticket_id" in names and ("author_id" in names or "body" in names):
        return "comments"
    if "role" in names or "email" in names:
        return "users"
    return "groups" if "name" in names and "id" in names else ""


def _objects(file: Path) -> Iterator[Values | NotTaken]:
    """A file of lines, or one document: an object or a list of objects."""
    try:
        with file.open(encoding="utf-8-sig", errors="replace") as opened:
            beginning = list(islice(opened, 2))
    except OSError as error:
        raise SourceRefused(f"{file} cannot be read: {error.strerror}") from None
    if any(_is_object(line) for line in beginning):
        yield from objects(file)
        return
    found = document(file)
    for one in found if isinstance(found, list) else [found]:
        yield Values(one) if isinstance(one, dict) else _no_object(file)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _record(ticket: Values, known: _Known) -> Record:
    label = str(ticket.given.get("id") or "?")
    try:
        return _ticket(ticket, known)
    except Unreadable as error:
        return NotTaken(f"ticket {label}", "ticket", str(error))


def _ticket(ticket: Values, known: _Known) -> SourceTicket:
    label, created = ticket.short("id", 50), ticket.time("created_at")
    status = _status(ticket)
    requester = _person(ticket, "requester", known)
    if requester is None:
        raise Unreadable("it has no requester")
    others = [one for one in (_user(each, known) for each in _copied(ticket)) if one != requester]
    posts, lost = _posts(ticket, known, requester, others)
    changed = ticket.optional_time("updated_at") or created
    metrics = ticket.inner("metric_set") or Values({})
    is_solved = status in (Status.RESOLVED, Status.CLOSED)
    description = ticket.optional("description") or (posts[0].body if posts else "")
    group = ticket.inner("group")
    return SourceTicket(
        key=f"{_host(ticket)}/{label}",
        label=label,
        title=ticket.optional("subject") or headline(description) or f"Zendesk {label}",
        description=description,
        requester=requester,
        status=status,
        created_at=created,
        posts=tuple(posts),
        priority=ticket.optional("priority"),
        type=ticket.optional("type"),
        team=(group.optional("name") if group else None)
        or known.groups.get(str(ticket.given.get("group_id"))),
        tags=ticket.texts("tags"),
        fields=_fields(ticket),
        assignee=_person(ticket, "assignee", known),
        participants=tuple(others),
        resolved_at=(metrics.optional_time("solved_at") or changed) if is_solved else None,
        closed_at=changed if status is Status.CLOSED else None,
        rating=_rating(ticket, changed),
        not_taken=tuple(lost),
    )


def _status(ticket: Values) -> Status:
    given = ticket.text("status").casefold()
    if given == "deleted":
        raise Unreadable("it was deleted there")
    if given not in STATUSES:
        raise Unreadable(f"its status is {given!r}, which is none of Zendesk's")
    return STATUSES[given]


def _host(ticket: Values) -> str:
    """Whose ticket it is: numbers are unique in one account alone."""
    return (urlsplit(ticket.optional("url") or "").hostname or NAME)[:100]


def _copied(ticket: Values) -> Sequence[str]:
    named = (*ticket.texts("collaborator_ids"), *ticket.texts("email_cc_ids"))
    return list(dict.fromkeys(named))


def _person(given: Values, name: str, known: _Known) -> SourcePerson | None:
    """Somebody who stands in the object itself, or is named by id."""
    inner = given.inner(name)
    if inner is not None:
        return _known_as(inner)
    user = given.optional(f"{name}_id")
    return None if user is None else _user(user, known)


def _user(user: str, known: _Known) -> SourcePerson:
    found = known.users.get(user)
    return _known_as(found) if found else SourcePerson(IdentityId(Platform(NAME), user), f"Zendesk {user}")


def _known_as(user: Values) -> SourcePerson:
    email = (user.optional("email") or "").strip().casefold()
    by_email = email if "@" in email and len(email) <= LONGEST_ID else None
    who = IdentityId(EMAIL, by_email) if by_email else IdentityId(Platform(NAME), user.short("id"))
    keys = (email, user.optional("id") or "")
    return SourcePerson(who, user.optional("name"), None, tuple(key for key in keys if key))


def _posts(
    ticket: Values, known: _Known, requester: SourcePerson, others: Sequence[SourcePerson]
) -> tuple[list[SourcePost], list[NotTaken]]:
    label = ticket.text("id")
    given = [*ticket.each("comments"), *known.comments.get(label, ())]
    if not given and ticket.has("description"):
        return [SourcePost(requester, ticket.time("created_at"), ticket.text("description"))], []
    posts, lost = [], []
    for number, comment in enumerate(given, 1):
        try:
            posts.append(_post(comment, known, requester, others))
        except Unreadable as error:
            lost.append(NotTaken(f"ticket {label}", f"comment {number}", str(error)))
    return sorted(posts, key=lambda post: post.at), lost


def _post(
    comment: Values, known: _Known, requester: SourcePerson, others: Sequence[SourcePerson]
) -> SourcePost:
    author = _person(comment, "author", known)
    if author is None:
        raise Unreadable("it has no author")
    is_customer = author == requester or author in others
    is_internal = not comment.truth("public", otherwise=is_customer)
    user = known.users.get(comment.optional("author_id") or "")
    role = user.optional("role") if user else None
    by_desk = is_internal or (role in _STAFF if role else not is_customer)
    body = comment.optional("plain_body") or comment.optional("body") or ""
    files = [
        SourceFile(
            one.text("id"),
            one.optional("file_name") or "file",
            one.size("size"),
            one.optional("content_type") or "application/octet-stream",
        )
        for one in comment.each("attachments")
    ]
    return SourcePost(author, comment.time("created_at"), body, is_internal, by_desk, tuple(files))


def _fields(ticket: Values) -> tuple[tuple[str, str], ...]:
    """Answers to the account's own fields; those without one are left out."""
    return tuple(
        (f"zendesk_{one.text('id')}", without_nul(_answer(value)))
        for one in ticket.each("custom_fields")
        if (value := one.given.get("value")) not in (None, "", [], False)
    )


def _answer(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _rating(ticket: Values, changed: datetime) -> SourceRating | None:
    given = ticket.inner("satisfaction_rating")
    score = SCORES.get((given.optional("score") or "").casefold()) if given else None
    return None if given is None or score is None else SourceRating(score, given.optional("comment"), changed)
