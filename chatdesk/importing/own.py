"""chatdesk's own export as JSON Lines: a folder with tickets, posts, history and people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatdesk.contract.vocabulary import (
    EVERYONE,
    INTERNAL,
    Audience,
    AudienceKind,
    IdentityId,
    Platform,
    Side,
)
from chatdesk.domain.erasure import ERASED_PERSON
from chatdesk.domain.lifecycle import Status
from chatdesk.importing.records import NotTaken, OwnHistory, OwnPost, OwnTicket, Record, Source, SourceRefused
from chatdesk.importing.values import Unreadable, Values, objects, without_nul

NAME = "chatdesk"
LARGEST_NUMBER = 999_999_999
_Key = tuple[str, int]
_LONGEST = {"id": 20, "person": 20, "desk": 40, "kind": 40, "means": 10, "platform": 20, "identity": 60}


@dataclass(slots=True)
class _Rows:
    """Where the rows of each ticket stand in a file; they are read again when their ticket's turn comes."""

    file: Path
    at: dict[_Key, list[int]] = field(default_factory=dict)
    broken: list[NotTaken] = field(default_factory=list)

    def index(self) -> None:
        if not self.file.exists():
            return
        with self.file.open("rb") as opened:
            offset = 0
            for number, line in enumerate(opened, 1):
                here, offset = offset, offset + len(line)
                if not line.strip():
                    continue
                key = _key_of(line)
                if key is None:
                    where = f"{self.file.name} line {number}"
                    self.broken.append(NotTaken(where, "line", "it is no row of an export, or cut off"))
                else:
                    self.at.setdefault(key, []).append(here)

    def of(self, key: _Key) -> list[Values]:
        offsets = self.at.pop(key, [])
        if not offsets:
            return []
        with self.file.open("rb") as opened:
            found = []
            for offset in offsets:
                opened.seek(offset)
                found.append(Values(json.loads(opened.readline())))
            return found

    def orphans(self) -> Iterator[NotTaken]:
        """Rows of tickets that are not in the export."""
        for (desk, number), offsets in self.at.items():
            what = f"{len(offsets)} of {self.file.name}"
            yield NotTaken(
                f"ticket {desk}#{number}", what, "their ticket could not be taken, or is not there"
            )


def _key_of(line: bytes) -> _Key | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("ticket"), int):
        return None
    return str(found.get("desk")), found["ticket"]


def read(path: Path) -> Source:
    """Raises SourceRefused."""
    folder = path if path.is_dir() else path.parent
    tickets = folder / "tickets.jsonl"
    if not tickets.is_file():
        raise SourceRefused(
            f"there is no tickets.jsonl in {folder}; `chatdesk export DIR --format jsonl` makes one"
        )
    if not path.is_dir() and path.name != tickets.name:
        raise SourceRefused(f"give the folder of the export, not {path.name} alone")
    found = list(objects(tickets))
    if found and not any(isinstance(one, Values) and "requester" in one.given for one in found):
        raise SourceRefused(f"{tickets} holds no tickets of a chatdesk export")
    return Source(NAME, len(found), _records(folder, found))


def _records(folder: Path, found: Sequence[Values | NotTaken]) -> Iterator[Record]:
    posts, history = _Rows(folder / "posts.jsonl"), _Rows(folder / "history.jsonl")
    posts.index()
    history.index()
    people, broken = _people(folder / "people.jsonl")
    yield from (*broken, *posts.broken, *history.broken)
    for one in found:
        if isinstance(one, NotTaken):
            yield one
            continue
        label = str(one.given.get("number"))
        try:
            key = (one.text("desk"), one.whole("number"))
            yield _ticket(one, posts.of(key), history.of(key), people)
        except Unreadable as error:
            yield NotTaken(f"ticket {label}", "ticket", str(error))
    yield from posts.orphans()
    yield from history.orphans()


def _people(file: Path) -> tuple[Mapping[str, tuple[Values, ...]], list[NotTaken]]:
    """Every account of everybody, by the person."""
    known: dict[str, tuple[Values, ...]] = {}
    broken: list[NotTaken] = []
    for one in objects(file) if file.exists() else ():
        if isinstance(one, NotTaken):
            broken.append(one)
        elif one.has("person") and one.has("platform") and one.has("id"):
            person = str(one.given["person"])
            known[person] = (*known.get(person, ()), one)
    return known, broken


def _ticket(
    row: Values, posts: Sequence[Values], history: Sequence[Values], people: Mapping[str, tuple[Values, ...]]
) -> OwnTicket:
    desk, number = _short(row, "desk"), row.whole("number")
    if not 1 <= number <= LARGEST_NUMBER:
        raise Unreadable(f"its number is not from 1 to {LARGEST_NUMBER}")
    label = str(number)
    read_posts, lost = [], []
    for position, one in enumerate(posts, 1):
        try:
            read_posts.append(_post(one))
        except Unreadable as error:
            lost.append(NotTaken(f"ticket {label}", f"post {position}", str(error)))
    entries = []
    for position, one in enumerate(history, 1):
        try:
            entries.append(_entry(one))
        except Unreadable as error:
            lost.append(NotTaken(f"ticket {label}", f"entry {position} of its history", str(error)))
    status = row.text("status")
    if status not in {one.value for one in Status}:
        raise Unreadable(f"its status is {status!r}, which is none")
    if status == Status.DRAFT:
        raise Unreadable("it is a draft, which nobody could fill in any more")
    participants = _pairs(row, "participants")
    names = {one.text("author"): one.optional("author_name") for one in posts if one.has("author")}
    names |= {_short(row, "requester", "person"): row.optional("requester_name")}
    if row.has("assignee"):
        names[_short(row, "assignee", "person")] = row.optional("assignee_name")
    names |= {one.text("actor"): one.optional("actor_name") for one in history if one.has("actor")}
    named = (*(person for person, _ in participants), *(value for one in entries for _, value in one.data))
    names |= {person: None for person in named if person in people and person not in names}
    return OwnTicket(
        key=f"{desk}#{number}",
        label=label,
        number=number,
        title=row.optional("title") or "",
        description=row.optional("description") or "",
        status=Status(status),
        priority=row.text("priority"),
        type=row.optional("type"),
        category=row.optional("category"),
        service=row.optional("service"),
        team=row.optional("team"),
        tags=row.texts("tags"),
        fields=_pairs(row, "fields"),
        requester=_short(row, "requester", "person"),
        assignee=row.optional("assignee"),
        participants=tuple((person, int(party)) for person, party in participants if party.isdigit()),
        escalation_level=row.optional_whole("escalation_level") or 0,
        created_at=row.time("created_at"),
        first_response_at=row.optional_time("first_response_at"),
        resolved_at=row.optional_time("resolved_at"),
        closed_at=row.optional_time("closed_at"),
        last_post_at=row.optional_time("last_post_at"),
        reopens=row.optional_whole("reopens") or 0,
        resolution_code=row.optional("resolution_code"),
        resolution=row.optional("resolution"),
        follow_up=row.optional("follow_up"),
        follow_up_at=row.optional_time("follow_up_at"),
        follows=row.optional_whole("follows"),
        merged_into=row.optional_whole("merged_into"),
        rating=row.optional_whole("rating"),
        rating_comment=row.optional("rating_comment"),
        rated_at=row.optional_time("rated_at"),
        platform=row.optional("platform"),
        link=row.optional("link"),
        posts=tuple(read_posts),
        history=tuple(entries),
        accounts={person: _accounts(people.get(person, ()), person, name) for person, name in names.items()},
        not_taken=tuple(lost),
    )


def _accounts(
    known: Sequence[Values], person: str, name: str | None
) -> tuple[tuple[IdentityId, str | None, str | None], ...]:
    """Everything that somebody is known by; where the export does not say it, by their person's id.

    Who was erased there is known by nothing.
    """
    found = [
        (IdentityId(Platform(_short(one, "platform")), _short(one, "id", "identity")), one.optional("name"),
         one.optional("handle"))
        for one in known
    ]  # fmt: skip
    if not found and name == ERASED_PERSON:
        return ()
    return tuple(found) or ((IdentityId(Platform(NAME), person), name, None),)


def _post(row: Values) -> OwnPost:
    author = _short(row, "author", "person")
    return OwnPost(
        id=_short(row, "id"),
        position=row.whole("position"),
        author=author,
        identity=IdentityId(
            Platform(_short(row, "platform")), _short(row, "identity") if row.has("identity") else author
        ),
        side=_side(row),
        audience=_audience(row),
        created_at=row.time("created_at"),
        edited_at=row.optional_time("edited_at"),
        deleted_at=row.optional_time("deleted_at"),
        body=row.optional("body") or "",
        files=row.texts("files"),
    )


def _side(row: Values) -> Side:
    try:
        return Side(row.text("side"))
    except ValueError:
        raise Unreadable(f"its side is {row.text('side')!r}, which is none") from None


def _audience(row: Values) -> Audience:
    """Only what is said to be public is: anything else would be shown to the wrong people."""
    kind, party = row.text("audience"), row.optional_whole("party")
    if kind == "internal":
        return INTERNAL if party is None else Audience(AudienceKind.INTERNAL, party)
    if kind != "public":
        raise Unreadable(f"its audience is {kind!r}, which is neither public nor internal")
    if party is None:
        return EVERYONE
    return Audience(AudienceKind.PARTY, party, row.optional_whole("last_party"))


def _entry(row: Values) -> OwnHistory:
    data = _pairs(row, "data")
    if not data and row.has("data") and not isinstance(row.given["data"], dict):
        raise Unreadable("its data is no object")
    return OwnHistory(
        id=_short(row, "id"),
        at=row.time("at"),
        kind=_short(row, "kind"),
        actor=row.optional("actor"),
        platform=row.optional("platform"),
        means=_short(row, "means"),
        data=data,
    )


def _pairs(row: Values, name: str) -> tuple[tuple[str, str], ...]:
    found = row.given.get(name)
    if not isinstance(found, dict):
        return ()
    return tuple((without_nul(str(key)), without_nul(str(value))) for key, value in found.items())


def _short(row: Values, name: str, like: str | None = None) -> str:
    """An id or a key, which is short."""
    return row.short(name, _LONGEST[like or name])
