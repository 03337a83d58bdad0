"""chatdesk's own export: what comes in of it goes out of it again, word for word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete

from chatdesk.contract.vocabulary import FileRef
from chatdesk.domain.erasure import ERASED_PERSON
from chatdesk.domain.organisation import Organisation
from chatdesk.export import rows, tables
from chatdesk.export.rows import HistoryRow, PersonRow, PostRow, Row, TicketRow, Wanted
from chatdesk.importing import own
from chatdesk.importing.records import NotTaken
from chatdesk.store import desks, erasing, people
from chatdesk.store.engine import for_reading, open_engine
from chatdesk.store.tables import metadata
from chatdesk.store.transaction import Transaction
from tests.desk.humans import ANA, CLEO, DAN, SAM
from tests.desk.organisation import ACME, PUBLIC, SERVER
from tests.desk.world import World
from tests.importing.support import take

OTHER = replace(ACME, desk="other")
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def export(engine: Engine, desk: Organisation, folder: Path) -> Path:
    """What ``chatdesk export`` writes."""
    folder.mkdir()
    with for_reading(engine).connect() as connection, tables.jsonl_files(folder) as write:
        [reader] = rows.readers(connection, Wanted(desk.desk))
        for number in rows.numbers(reader, Wanted(desk.desk)):
            for row in rows.rows_of(reader, number):
                write(row)
        for person in rows.people_of(reader):
            write(person)
    return folder


def content(folder: Path) -> dict[str, list[dict[str, object]]]:
    """The export, whatever desk it is of."""
    return {name: _lines(folder / f"{name}.jsonl") for name in tables.KINDS.values()}


def _lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) | {"desk": ""} for line in file.read_text().split("\n") if line]


async def test_a_desk_that_was_worked_in_goes_out_and_in_again(on_each_engine: World, tmp_path: Path) -> None:
    world = on_each_engine
    number = await world.ticket_from(CLEO, PUBLIC, "Printer <b>burns</b> 🔥")
    file = FileRef(SERVER, "f1", "smoke.txt", 4, "text/plain")
    await world.post(CLEO, world.customer(number), f"see {SAM.mention}", files=(file,))
    await world.post(ANA, world.team(number), "note: he is a VIP")
    await world.post(ANA, world.team(number), "Pour water over it")
    await world.type(ANA, world.team(number), f"people add {DAN.mention}")
    await world.type(ANA, world.team(number), "tag fire")
    await world.type(ANA, world.team(number), "close extinguished")
    await world.type(CLEO, world.customer(number), "rate 4 fine")
    follow = await world.ticket_from(CLEO, PUBLIC, "It burns again")
    await world.type(ANA, world.team(follow), "claim")

    first = export(world.engine, ACME, tmp_path / "first")
    await world.writer.run(lambda connection: desks.apply(connection, OTHER, NOW))
    report = await asyncio.to_thread(take, world.engine, OTHER, own.read(first), NOW)
    assert (report.taken, report.open) == (2, 1)
    assert [one.what for one in report.lost] == ["file smoke.txt"]
    second = export(world.engine, OTHER, tmp_path / "second")
    assert content(second) == content(first)
    again = await asyncio.to_thread(take, world.engine, OTHER, own.read(first), NOW)
    assert (again.taken, again.known) == (0, 2)
    home = await asyncio.to_thread(take, world.engine, ACME, own.read(first), NOW)
    assert (home.taken, home.known) == (0, 2)


async def test_who_was_erased_is_not_brought_back_by_others_tickets(world: World, tmp_path: Path) -> None:
    number = await world.ticket_from(CLEO, PUBLIC)
    await world.type(ANA, world.team(number), "claim")
    await world.post(ANA, world.team(number), "Pour water over it")
    out = export(world.engine, ACME, tmp_path / "out")

    def erased(connection: Connection) -> None:
        desks.apply(connection, OTHER, NOW)
        erasing.note(Transaction(connection, OTHER.desk, OTHER), [ANA.identity], NOW)

    await world.writer.run(erased)
    report = await asyncio.to_thread(take, world.engine, OTHER, own.read(out), NOW)
    assert [(one.what, one.reason) for one in report.lost] == [("post 2", "who wrote it was erased here")]
    there = World.beside(world.engine, OTHER)
    assert there.look(lambda tx: people.identity(tx, ANA.identity)) is None
    assert there.ticket(number).assignee is None
    [claimed] = [one for one in there.history(number) if one.kind == "claimed"]
    assert there.look(lambda tx: people.name_of(tx, claimed.actor or "")) == ERASED_PERSON


async def test_numbers_that_are_taken_become_others(world: World, tmp_path: Path) -> None:
    await world.ticket_from(CLEO, PUBLIC, "the first one here")
    folder = tmp_path / "export"
    folder.mkdir()
    ticket = asdict(ticket_row(1, "p1")) | {"merged_into": 9, "follows": 7}
    broken = asdict(post_row("b" * 20, 1, 1, "p1")) | {"audience": "everybody"}
    lines = {
        "tickets": [ticket, ticket | {"number": 5, "status": "draft"}, ticket | {"number": 6, "follows": 1}],
        "posts": [asdict(post_row("a" * 20, 1, 1, "p1")), broken, asdict(post_row("c" * 20, 8, 1, "p1"))],
        "history": [],
        "people": [],
    }
    for name, found in lines.items():
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in found))
    with (folder / "posts.jsonl").open("a") as opened:
        opened.write('{"desk": "old", "ticket": 1, "pos')
    report = await asyncio.to_thread(take, world.engine, ACME, own.read(folder), NOW)
    assert [(one.number, one.follows, one.title) for one in world.tickets()] == [
        (1, None, "the first one here"), (2, None, "Title"), (6, 2, "Title"),
    ]  # fmt: skip
    assert report.lost == [
        NotTaken("posts.jsonl line 4", "line", "it is no row of an export, or cut off"),
        NotTaken("ticket 1", "post 2", "its audience is 'everybody', which is neither public nor internal"),
        NotTaken("ticket 1", "number", "#1 is another ticket's here; it is #2"),
        NotTaken("ticket 1", "follows", "#7 was not imported before it"),
        NotTaken("ticket 1", "merge", "it was merged into #9; merges are not taken"),
        NotTaken("ticket 5", "ticket", "it is a draft, which nobody could fill in any more"),
        NotTaken("ticket 6", "merge", "it was merged into #9; merges are not taken"),
        NotTaken("ticket old#8", "1 of posts.jsonl", "their ticket could not be taken, or is not there"),
    ]


def ticket_row(number: int, requester: str) -> TicketRow:
    return TicketRow(
        desk="old", number=number, title="Title", description="", status="closed", priority="normal",
        type=None, category=None, service=None, team="support", tags=(), fields={}, requester=requester,
        requester_name="Rita", assignee=None, assignee_name=None, escalation_level=0, platform=None,
        created_at="2025-01-01T00:00:00+00:00", first_response_at=None, resolved_at=None, closed_at=None,
        last_post_at=None, reopens=0, resolution_code=None, resolution=None, follow_up=None, follows=None,
        merged_into=None, rating=None, rating_comment=None, link=None, rated_at=None, follow_up_at=None,
        participants={},
    )  # fmt: skip


def post_row(key: str, ticket: int, position: int, author: str) -> PostRow:
    return PostRow(
        desk="old", ticket=ticket, position=position, id=key, author=author, author_name="Rita",
        platform="discord", side="customer", audience="public", party=1,
        created_at="2025-01-01T00:00:00+00:00", edited_at=None, deleted_at=None, body="words", files=(),
        identity=f"at-{author}", last_party=None,
    )  # fmt: skip


PEOPLE = ("p1", "p2", "p3")
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
some_words = st.none() | words.filter(bool)
times = st.integers(0, 10**8).map(
    lambda seconds: (datetime(2022, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()
)
perhaps = st.none() | times


@st.composite
def exports(draw: st.DrawFn) -> list[Row]:
    """Whatever an export may hold, as long as it hangs together."""
    found: list[Row] = [PersonRow("old", one, "discord", f"at-{one}", one.upper(), None) for one in PEOPLE]
    keys = iter(range(10**6))
    for number in sorted(draw(st.sets(st.integers(1, 40), max_size=4))):
        found.append(draw(_tickets(number)))
        count = draw(st.integers(0, 3))
        found += [draw(_posts(number, one, f"{next(keys):020d}")) for one in range(1, count + 1)]
        found += [draw(_entries(number, f"{next(keys):020d}")) for _ in range(draw(st.integers(0, 3)))]
    return found


@st.composite
def _tickets(draw: st.DrawFn, number: int) -> TicketRow:
    rated_at = draw(perhaps)
    requester, other = draw(st.permutations(PEOPLE))[:2]
    assignee = draw(st.sampled_from([None, other]))
    return replace(
        ticket_row(number, requester),
        title=draw(words),
        description=draw(words),
        status=draw(
            st.sampled_from(["new", "open", "pending", "on_hold", "resolved", "closed", "cancelled"])
        ),
        priority=draw(st.sampled_from(["low", "urgent"])),
        type=draw(st.sampled_from([None, "incident"])),
        category=draw(st.sampled_from([None, "account/password"])),
        service=draw(some_words),
        tags=tuple(draw(st.lists(words, max_size=3))),
        fields=draw(st.dictionaries(words, words, max_size=2)),
        requester_name=requester.upper(),
        assignee=assignee,
        assignee_name=assignee.upper() if assignee else None,
        escalation_level=draw(st.integers(0, 3)),
        platform=draw(st.sampled_from([None, "slack"])),
        created_at=draw(times),
        first_response_at=draw(perhaps),
        resolved_at=draw(perhaps),
        closed_at=draw(perhaps),
        last_post_at=draw(perhaps),
        reopens=draw(st.integers(0, 9)),
        resolution=draw(some_words),
        rating=draw(st.integers(1, 5)) if rated_at else None,
        rating_comment=draw(some_words) if rated_at else None,
        rated_at=rated_at,
        link=draw(some_words),
        participants=draw(st.sampled_from([{}, {other: 1}])),
    )


@st.composite
def _posts(draw: st.DrawFn, ticket: int, position: int, key: str) -> PostRow:
    deleted_at = draw(perhaps)
    author = draw(st.sampled_from(PEOPLE))
    party = draw(st.sampled_from([None, 1, 2]))
    audience = draw(st.sampled_from(["public", "internal"]))
    return replace(
        post_row(key, ticket, position, author),
        author_name=author.upper(),
        side=draw(st.sampled_from(["customer", "team", "escalation"])),
        audience=audience,
        party=party,
        last_party=3 if party and audience == "public" and draw(st.booleans()) else None,
        created_at=draw(times),
        edited_at=draw(perhaps),
        deleted_at=deleted_at,
        body="" if deleted_at else draw(words),
        files=() if deleted_at else tuple(draw(st.lists(words.filter(bool), max_size=2, unique=True))),
    )


@st.composite
def _entries(draw: st.DrawFn, ticket: int, key: str) -> HistoryRow:
    actor = draw(st.sampled_from([None, *PEOPLE]))
    return HistoryRow(
        desk="old",
        ticket=ticket,
        id=key,
        at=draw(times),
        kind=draw(st.sampled_from(["tagged", "claimed", "words_forgotten"])),
        actor=actor,
        actor_name=actor.upper() if actor else None,
        platform=draw(st.sampled_from([None, "slack"])),
        means="command",
        data=draw(st.dictionaries(words, words | st.sampled_from(PEOPLE), max_size=2)),
    )


def _named(row: Row) -> set[str | None]:
    """Whom a row names."""
    match row:
        case TicketRow():
            return {row.requester, row.assignee, *row.participants}
        case PostRow():
            return {row.author}
        case HistoryRow():
            return {row.actor}
    return set()


@pytest.fixture(scope="module")
def two_desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('own') / 'chatdesk.db'}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exports())
def test_what_comes_in_goes_out_as_it_was(
    two_desks: Engine, tmp_path_factory: pytest.TempPathFactory, found: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("export")
    with two_desks.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(delete(table))
        for organisation in (ACME, OTHER):
            desks.apply(connection, organisation, NOW)
    given_ = folder / "given"
    given_.mkdir()
    with tables.jsonl_files(given_) as write:
        for row in found:
            write(row)
    first = take(two_desks, ACME, own.read(given_), NOW)
    assert {one.what.partition(" ")[0] for one in first.lost} <= {"file"}
    out = export(two_desks, ACME, folder / "first")
    wanted = content(given_)
    told = {person for row in found for person in _named(row)}
    wanted["people"] = [one for one in wanted["people"] if one["person"] in told]
    assert content(out) == wanted
    take(two_desks, OTHER, own.read(out), NOW)
    assert content(export(two_desks, OTHER, folder / "second")) == wanted
