"""The SQLite database of the bot discord-tickets, version 4: tickets, archived messages, feedback.

Topics, messages, names and reasons are encrypted there with the operator's key.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from chatdesk.contract.vocabulary import IdentityId, Platform
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.text import headline
from chatdesk.importing.cryptr import Locked, Reader
from chatdesk.importing.discord_words import readable
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
from chatdesk.importing.values import Unreadable, Values

NAME = "discord-tickets"
DISCORD = Platform("discord")
WORDS = (("open", "open"), ("closed", "closed"), ("messages of bots", "not taken"))
NEEDED: Mapping[str, frozenset[str]] = {
    "tickets": frozenset({"id", "number", "guildId", "open", "createdAt", "createdById", "topic"}),
    "archivedMessages": frozenset({"id", "ticketId", "authorId", "content", "createdAt"}),
    "archivedUsers": frozenset({"ticketId", "userId", "username", "displayName", "bot"}),
    "categories": frozenset({"id", "name"}),
    "feedback": frozenset({"ticketId", "rating", "comment", "createdAt"}),
    "questions": frozenset({"id", "label"}),
    "questionAnswers": frozenset({"ticketId", "questionId", "value"}),
}


def read(path: Path, reader: Reader) -> Source:
    """Raises SourceRefused."""
    try:
        with closing(_opened(path)) as database:
            _require_tables(database, path)
            [total] = database.execute("SELECT count(*) FROM tickets").fetchone()
            _try_key(database, reader)
    except sqlite3.DatabaseError as error:
        raise SourceRefused(f"{path} is no SQLite database: {error}") from None
    return Source(NAME, total, _records(path, reader), WORDS)


def _require_tables(database: sqlite3.Connection, path: Path) -> None:
    for table, needed in NEEDED.items():
        there = {row["name"] for row in database.execute(f'PRAGMA table_info("{table}")')}
        if not needed <= there:
            lacks = f"no {', '.join(sorted(needed - there))}" if there else "no such table"
            raise SourceRefused(
                f"{path} is no database of discord-tickets 4, or of another version: {table}: {lacks}"
            )


def _opened(path: Path) -> sqlite3.Connection:
    """For reading alone, also while the bot runs."""
    database = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    return database


def _try_key(database: sqlite3.Connection, reader: Reader) -> None:
    """A key that does not fit is found out before anything is taken in."""
    row = database.execute("SELECT content FROM archivedMessages LIMIT 1").fetchone()
    if reader.key is None or row is None:
        return
    try:
        reader.read(row["content"])
    except Locked as error:
        raise SourceRefused(f"the messages cannot be read: {error}") from None


def _records(path: Path, reader: Reader) -> Iterator[Record]:
    with closing(_opened(path)) as database:
        for row in database.execute("SELECT * FROM tickets ORDER BY createdAt, number").fetchall():
            given = Values(dict(row))
            label = str(row["number"])
            try:
                yield _Ticket(database, reader, given, label).read()
            except (Unreadable, sqlite3.DatabaseError) as error:
                yield NotTaken(f"ticket {label}", "ticket", str(error))


@dataclass(slots=True)
class _Ticket:
    """One ticket while it is read. ``lost`` gathers what of it could not be."""

    database: sqlite3.Connection
    reader: Reader
    given: Values
    label: str
    lost: list[NotTaken] = field(default_factory=list)
    people: dict[str, SourcePerson] = field(default_factory=dict)
    bots: set[str] = field(default_factory=set)

    def read(self) -> SourceTicket:
        given = self.given
        number, created = given.whole("number"), given.time("createdAt")
        self._meet()
        requester = self._person(given.short("createdById"))
        claimed, is_open = given.optional("claimedById"), given.truth("open")
        answers = self._answers()
        posts = self._posts(requester)
        first = next((one.body for one in posts if one.author == requester and one.body), "")
        description = "\n\n".join(f"**{label}**: {value}" for label, value in answers) or first
        topic = self._unlocked(given, "topic", "topic")
        closed = (
            None if is_open else given.optional_time("closedAt") or max([created, *(p.at for p in posts)])
        )
        return SourceTicket(
            key=f"{given.short('guildId')}/{number}",
            label=self.label,
            title=topic or headline(description) or f"Ticket {number}",
            description=description,
            requester=requester,
            status=Status.OPEN if is_open else Status.CLOSED,
            created_at=created,
            posts=tuple(posts),
            priority=given.optional("priority"),
            category=self._category(),
            assignee=self._person(claimed) if claimed else None,
            first_response_at=given.optional_time("firstResponseAt"),
            resolved_at=closed,
            closed_at=closed,
            resolution=self._unlocked(given, "closedReason", "reason for closing"),
            rating=self._rating(),
            not_taken=tuple(self.lost),
        )

    def _rows(self, statement: str) -> Sequence[Values]:
        return [Values(dict(row)) for row in self.database.execute(statement, (self.given.text("id"),))]

    def _meet(self) -> None:
        """Who is known of this ticket; a name that cannot be read is lost once, not with every message."""
        for row in self._rows("SELECT * FROM archivedUsers WHERE ticketId = ?"):
            user = row.short("userId")
            if row.truth("bot"):
                self.bots.add(user)
            shown = self._unlocked(row, "displayName", f"name of {user}")
            self.people[user] = SourcePerson(IdentityId(DISCORD, user), shown)

    def _person(self, user: str) -> SourcePerson:
        return self.people.get(user) or SourcePerson(IdentityId(DISCORD, user))

    def _unlocked(self, row: Values, name: str, what: str) -> str | None:
        written = row.optional(name)
        if written is None:
            return None
        try:
            return self.reader.read(written)
        except Locked as error:
            self._lose(what, str(error))
            return None

    def _lose(self, what: str, reason: str) -> None:
        self.lost.append(NotTaken(f"ticket {self.label}", what, reason))

    def _category(self) -> str | None:
        category = self.given.optional("categoryId")
        row = self.database.execute("SELECT name FROM categories WHERE id = ?", (category,)).fetchone()
        return None if row is None else str(row["name"])

    def _answers(self) -> list[tuple[str, str]]:
        found = []
        for row in self._rows(
            'SELECT a.value AS value, q.label AS label FROM "questionAnswers" a JOIN questions q '
            "ON q.id = a.questionId WHERE a.ticketId = ? ORDER BY a.id"
        ):
            label = row.text("label")
            value = self._unlocked(row, "value", f"answer to {label!r}")
            if value:
                found.append((label, value))
        return found

    def _posts(self, requester: SourcePerson) -> list[SourcePost]:
        found = []
        rows = self._rows(
            'SELECT * FROM "archivedMessages" WHERE ticketId = ? ORDER BY createdAt, length(id), id'
        )
        told = [row for row in rows if row.given["authorId"] not in self.bots]
        self.reader.prepare([str(row.given["content"]) for row in told])
        for row in told:
            try:
                post = self._post(row, self._person(row.short("authorId")), requester)
            except Unreadable as error:
                self._lose(f"message {row.given['id']}", str(error))
                continue
            if post is not None:
                found.append(post)
        return found

    def _post(self, row: Values, author: SourcePerson, requester: SourcePerson) -> SourcePost | None:
        """None for a message that cannot be read or was deleted."""
        what = f"message {row.text('id')}"
        if row.truth("deleted"):
            self._lose(what, "it was deleted there")
            return None
        written = self._unlocked(row, "content", what)
        if written is None:
            return None
        try:
            content = json.loads(written)
        except ValueError:
            self._lose(what, "its content is no JSON")
            return None
        message = Values(content if isinstance(content, dict) else {})
        return SourcePost(
            author=author,
            at=row.time("createdAt"),
            body=readable(
                message.optional("content") or "", {one: who.name for one, who in self.people.items()}
            ),
            by_desk=author.identity != requester.identity,
            files=tuple(_file(one) for one in message.each("attachments")),
            edited=row.truth("edited"),
        )

    def _rating(self) -> SourceRating | None:
        rows = self._rows("SELECT * FROM feedback WHERE ticketId = ?")
        if not rows or not 1 <= rows[0].whole("rating") <= 5:
            return None
        comment = self._unlocked(rows[0], "comment", "comment of the rating")
        return SourceRating(rows[0].whole("rating"), comment, rows[0].time("createdAt"))


def _file(given: Values) -> SourceFile:
    return SourceFile(
        given.text("id"),
        given.optional("name") or "file",
        given.size("size"),
        given.optional("contentType") or "application/octet-stream",
    )
