"""What is read of each format, and what is said of what cannot be."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatdesk.contract.vocabulary import IdentityId, Platform
from chatdesk.domain.lifecycle import Status
from chatdesk.importing import discord_tickets, modmail, own, zendesk
from chatdesk.importing.cryptr import Reader
from chatdesk.importing.discord_words import readable
from chatdesk.importing.records import NotTaken, Source, SourceRefused, SourceTicket
from chatdesk.importing.values import Unreadable, moment
from tests.importing import discord_database
from tests.importing.samples import ANA, CLEO, lines, modmail_log, zendesk_ticket

HOUR = datetime(2025, 3, 1, 9, tzinfo=UTC)


def read(source: Source) -> tuple[list[SourceTicket], list[NotTaken]]:
    found = list(source.records)
    return (
        [one for one in found if isinstance(one, SourceTicket)],
        [one for one in found if isinstance(one, NotTaken)],
    )


def test_a_line_of_zendesk(tmp_path: Path) -> None:
    source = zendesk.read(lines(tmp_path / "tickets.json", [zendesk_ticket(12)]))
    [ticket], lost = read(source)
    assert (source.total, lost) == (1, [])
    assert (ticket.key, ticket.label, ticket.title) == (
        "acme.zendesk.example/12", "12", "The teapot leaks (12)",
    )  # fmt: skip
    assert ticket.requester.identity == IdentityId(Platform("email"), "cleo@customer.example")
    assert ticket.assignee is not None and ticket.assignee.name == "Ana Agent"
    assert (ticket.status, ticket.priority, ticket.type, ticket.team) == (
        Status.CLOSED, "high", "question", "Billing",
    )  # fmt: skip
    assert (ticket.tags, ticket.fields) == (("teapot", "warranty"), (("zendesk_55", "T-1000"),))
    assert ticket.created_at == HOUR and ticket.closed_at == datetime(2025, 3, 2, 10, tzinfo=UTC)
    assert [(post.is_internal, post.by_desk) for post in ticket.posts] == [
        (False, False), (True, True), (False, True),
    ]  # fmt: skip
    assert [file.name for post in ticket.posts for file in post.files] == ["leak.txt"]
    assert ticket.rating is not None and (ticket.rating.score, ticket.rating.comment) == (5, "quick")


def test_pages_of_zendesks_api_with_users_and_comments_apart(tmp_path: Path) -> None:
    ticket = {
        "id": 3, "created_at": "2025-03-01T09:00:00Z", "updated_at": "2025-03-01T12:00:00Z",
        "status": "solved", "subject": "Lid", "description": "No lid", "requester_id": 901,
        "assignee_id": 902, "group_id": 7,
        "collaborator_ids": [903], "metric_set": {"solved_at": "2025-03-01T11:00:00Z"},
        "satisfaction_rating": {"score": "offered"}, "priority": None, "type": None,
    }  # fmt: skip
    users = [
        CLEO | {"role": "end-user"},
        ANA | {"role": "agent"},
        {"id": 903, "name": "Kim", "role": "end-user"},
    ]
    comments = [
        {"id": 2, "ticket_id": 3, "author_id": 903, "body": "Me too", "public": True,
         "created_at": "2025-03-01T10:00:00Z"},
        {"id": 1, "ticket_id": 3, "author_id": 901, "body": "No lid", "public": True,
         "created_at": "2025-03-01T09:00:00Z"},
        {"id": 4, "ticket_id": 3, "author_id": 902, "body": "Soon", "public": True,
         "created_at": "2025-03-01T10:30:00Z"},
        {"id": 6, "ticket_id": 3, "author_id": 902, "body": "for whom?",
         "created_at": "2025-03-01T10:40:00Z"},
        {"id": 5, "ticket_id": 3, "body": "by nobody", "created_at": "2025-03-01T10:30:00Z"},
    ]  # fmt: skip
    (tmp_path / "tickets.json").write_text(json.dumps({"tickets": [ticket], "next_page": None}, indent=1))
    (tmp_path / "users.json").write_text(
        json.dumps({"users": users, "groups": [{"id": 7, "name": "Support"}]})
    )
    lines(tmp_path / "comments.ndjson", comments)
    [found], _ = read(zendesk.read(tmp_path))
    assert [(post.body, post.by_desk) for post in found.posts] == [
        ("No lid", False), ("Me too", False), ("Soon", True), ("for whom?", True),
    ]  # fmt: skip
    assert [post.is_internal for post in found.posts] == [False, False, False, True]
    assert [one.name for one in found.participants] == ["Kim"]
    assert found.participants[0].identity == IdentityId(Platform("zendesk"), "903")
    assert (found.team, found.rating, found.resolved_at) == (
        "Support",
        None,
        datetime(2025, 3, 1, 11, tzinfo=UTC),
    )
    assert found.not_taken == (NotTaken("ticket 3", "comment 5", "it has no author"),)


def test_what_zendesk_cannot_mean(tmp_path: Path) -> None:
    file = tmp_path / "tickets.json"
    lines(
        file,
        [
            zendesk_ticket(1, status="deleted"),
            zendesk_ticket(2, status="parked"),
            zendesk_ticket(3, created_at="yesterday"),
            zendesk_ticket(4, requester=None),
            zendesk_ticket(5),
        ],
    )
    file.write_text(file.read_text() + '{"id": 6, "status": "op')
    tickets, lost = read(zendesk.read(file))
    assert [one.label for one in tickets] == ["5"]
    assert [one.reason for one in lost] == [
        "it is no JSON, or cut off",
        "it was deleted there",
        "its status is 'parked', which is none of Zendesk's",
        "its created_at is no time: 'yesterday'",
        "it has no requester",
    ]


def test_a_log_of_modmail(tmp_path: Path) -> None:
    still_open = modmail_log("c0ffee", open=True, closed_at=None, closer=None, close_message=None)
    strange = modmail_log("abad1dea")
    assert isinstance(strange["messages"], list)
    strange["messages"][1]["type"] = "telepathic"
    found = [modmail_log("beef", title="A liar"), still_open, strange]
    tickets, lost = read(modmail.read(lines(tmp_path / "logs.json", found)))
    assert [(one.label, one.status) for one in tickets] == [
        ("beef", Status.CLOSED), ("c0ffee", Status.OPEN), ("abad1dea", Status.CLOSED),
    ]  # fmt: skip
    closed = tickets[0]
    assert closed.requester.identity == IdentityId(Platform("discord"), "501")
    assert [(post.is_internal, post.by_desk) for post in closed.posts] == [
        (False, False), (True, True), (True, True), (False, True), (True, True), (True, True),
    ]  # fmt: skip
    assert [post.body for post in closed.posts[4:]] == ["Title: A liar", "Closed with: Unmuted."]
    assert closed.posts[3].shown_as == modmail.ANONYMOUS and closed.posts[3].author.name == "dora"
    assert (closed.title, closed.resolution) == ("Why was I muted?", None), "he may not have been told why"
    assert closed.assignee is None, "she answered without her name"
    assert len(tickets[2].posts) == 4 and "not known who may read it" in tickets[2].not_taken[0].reason
    assert not lost


def test_modmail_as_an_array_with_mongodbs_own_values(tmp_path: Path) -> None:
    log = modmail_log(
        "beef", _id={"$oid": "64"}, created_at={"$date": "2025-04-01T08:00:00Z"},
        closed_at={"$date": {"$numberLong": "1743508800000"}},
    )  # fmt: skip
    (tmp_path / "logs.json").write_text(json.dumps([log, 7]))
    [ticket], lost = read(modmail.read(tmp_path / "logs.json"))
    assert ticket.closed_at == datetime(2025, 4, 1, 12, tzinfo=UTC)
    assert [one.reason for one in lost] == ["it is no object"]


def test_a_database_of_discord_tickets(tmp_path: Path) -> None:
    file = discord_database.make(tmp_path / "database.db")
    [closed, opened], lost = read(
        discord_tickets.read(file, Reader(discord_database.KEY, discord_database.ROUNDS))
    )
    assert (closed.key, closed.label, closed.status, opened.status) == (
        "900/4",
        "4",
        Status.CLOSED,
        Status.OPEN,
    )
    assert (closed.title, closed.description) == ("The kettle whistles", "**Order number**: K-77")
    assert (closed.requester.name, closed.assignee and closed.assignee.name) == ("Cleo", "Dora")
    assert [(post.body, post.by_desk, post.edited) for post in closed.posts] == [
        ("It whistles at night", False, False), ("Try the other lid", True, True),
    ]  # fmt: skip
    assert [file.name for file in closed.posts[0].files] == ["kettle.png"]
    assert (closed.category, closed.priority, closed.resolution) == ("Billing", "MEDIUM", "Lid sent")
    assert closed.rating is not None and (closed.rating.score, closed.rating.comment) == (4, "friendly")
    assert closed.created_at == datetime(2025, 5, 1, 9, tzinfo=UTC)
    assert closed.not_taken == (NotTaken("ticket 4", "message m4", "it was deleted there"),)
    assert opened.title == "Ticket 5" and not lost


def test_discord_tickets_without_a_key_or_with_another(tmp_path: Path) -> None:
    file = discord_database.make(tmp_path / "database.db")
    [closed, _], _ = read(discord_tickets.read(file, Reader(None)))
    assert (closed.title, closed.posts, closed.category) == ("Ticket 4", (), "Billing")
    assert closed.rating is not None and closed.rating.score == 4
    whats = [one.what for one in closed.not_taken]
    assert "topic" in whats and "message m1" in whats and "reason for closing" in whats
    reasons = {one.reason for one in closed.not_taken if one.what != "message m4"}
    assert reasons == {"it is encrypted, and CHATDESK_IMPORT_ENCRYPTION_KEY is not set"}
    with pytest.raises(SourceRefused, match="is not the key it was encrypted with"):
        discord_tickets.read(file, Reader("another", discord_database.ROUNDS))
    assert "another" not in repr(Reader("another"))


def drop(column: str) -> Callable[[Path], None]:
    def made(file: Path) -> None:
        discord_database.make(file, seal=str)
        with closing(sqlite3.connect(file)) as database:
            database.execute(f"ALTER TABLE tickets DROP COLUMN {column}")

    return made


def locked(file: Path) -> Source:
    return discord_tickets.read(file, Reader(None))


def all_of_modmail(file: Path) -> object:
    return list(modmail.read(file).records)


def written(text: str) -> Callable[[Path], object]:
    return lambda file: file.write_text(text)


@pytest.mark.parametrize(
    ("read_it", "make", "said"),
    [
        (locked, drop("topic"), "another version: tickets: no topic"),
        (locked, written("x" * 200), "is no SQLite database"),
        (locked, Path.mkdir, "is no SQLite database"),
        (zendesk.read, written('{"tickets": [{"id": 1,'), "is no JSON, or cut off"),
        (zendesk.read, written('{"id": 1}\n'), "there is no ticket of Zendesk"),
        (zendesk.read, Path.mkdir, "there is no .json, .jsonl or .ndjson file"),
        (all_of_modmail, written('{"a": 1}\n'), "this is no log of Modmail"),
        (modmail.read, Path.mkdir, "give the file that mongoexport wrote"),
        (own.read, Path.mkdir, "there is no tickets.jsonl"),
        (own.read, written("{}"), "there is no tickets.jsonl"),
    ],
)
def test_what_is_something_else_is_refused_in_a_sentence(
    tmp_path: Path, read_it: Callable[[Path], object], make: Callable[[Path], object], said: str
) -> None:
    make(tmp_path / "export")
    with pytest.raises(SourceRefused, match=said):
        read_it(tmp_path / "export")


def test_what_people_wrote_on_discord() -> None:
    text = "<@501> see <#7>, <@&8> <:ok:9> at <t:1740819600:R>, not <b> or <@x>"
    assert readable(text, {"501": "C*leo"}) == (
        r"[@C\*leo](person:discord/501) see #channel, @role :ok: at 2025-03-01 09:00 UTC, not <b> or <@x>"
    )


def test_times_in_all_their_shapes() -> None:
    nine = datetime(2025, 3, 1, 9, tzinfo=UTC)
    for given in (
        "2025-03-01T09:00:00Z", "2025-03-01 09:00:00", "2025-03-01 10:00:00+01:00", "2025-03-01 09:00:00 UTC",
        1740819600, 1740819600000,
    ):  # fmt: skip
        assert moment(given) == nine
    wrongs: tuple[object, ...] = ("", "soon", None, True, 10**30, [], "2025-13-01")
    for wrong in wrongs:
        with pytest.raises(Unreadable):
            moment(wrong)
