"""Tickets are found by words: in the newest posts, and in the index behind them, on both engines alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, insert

from chatdesk.contract.vocabulary import EVERYONE, Side
from chatdesk.domain.searching import wanted_words
from chatdesk.domain.ticket import Post
from chatdesk.store import desks, posts, schema, search, tables, word_index
from chatdesk.store.engine import open_engine
from chatdesk.store.ids import new_id
from chatdesk.store.transaction import Transaction
from tests.desk.humans import CLEO
from tests.desk.organisation import ACME
from tests.engines import ENGINES, Postgres

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
HOSTILE = (
    '"', "'", '"a" OR "b"', "NEAR(a b)", "title:a", "a*", "*", "a AND", "NOT", "^a", "-a", "a & !b", "a:*",
    "a <-> b", "\\", "%", "_", "x" * 5000, "a " * 3000, "½ ﷽ 中文 नमस्ते", "\u0345",
    "); DROP TABLE post;", "\x00",
)  # fmt: skip


@pytest.fixture
def index_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Posts are put into the index four at a time, and few of the newest are read without it."""
    monkeypatch.setattr(word_index, "AT_ONCE", 4)
    monkeypatch.setattr(search, "NEWEST", 4)


def write(tx: Transaction, ticket: int, body: str, title: str = "") -> Post:
    post = Post(
        desk=tx.desk,
        id=new_id(),
        ticket=ticket,
        position=posts.next_position(tx, ticket),
        author="p1",
        identity=CLEO.identity,
        body=body,
        audience=EVERYONE,
        side=Side.CUSTOMER,
        thread=None,
        source=None,
        created_at=NOW,
    )
    posts.add(tx, post)
    search.add(tx, post, title)
    return post


def found(tx: Transaction, typed: str) -> list[int]:
    return [one.ticket for one in search.find(tx, wanted_words(typed), 10)]


def test_all_words_must_stand_in_title_or_post_and_the_last_may_begin_one(tx: Transaction) -> None:
    write(tx, 1, "It is **on fire**, see [here](https://example.com/secret)", "Printer")
    write(tx, 2, "It prints nothing", "Scanner")
    assert found(tx, "printer fire") == [1]
    assert found(tx, "PRINTER fi") == [1]
    assert found(tx, "print fire") == []
    assert found(tx, "it prin") == [2, 1]
    assert found(tx, "secret") == []


def test_a_title_comes_first_and_then_what_is_newest(tx: Transaction) -> None:
    write(tx, 1, "nothing", "The printer")
    for ticket in (2, 3, 2):
        write(tx, ticket, "about a printer", "Help")
    assert found(tx, "printer") == [1, 2, 3]


def test_accents_and_capital_letters_make_no_difference(tx: Transaction) -> None:
    write(tx, 1, "Das Gerät Straße Ελλάδα")
    assert found(tx, "gerat") == found(tx, "GERÄT") == found(tx, "strasse") == found(tx, "ελλαδα") == [1]


@pytest.mark.usefixtures("index_alone")
def test_what_is_old_is_found_by_the_index_as_it_stands_now(tx: Transaction) -> None:
    old = [write(tx, number, f"word{number} common", f"Title{number}") for number in range(1, 11)]
    assert found(tx, "word1 common") == [1]
    assert (found(tx, "wor"), found(tx, "common wo"), found(tx, "titl")[-1:]) == (
        list(range(10, 0, -1)),
        found(tx, "common word")[:4],
        [1],
    )
    assert found(tx, "common") == list(range(10, 0, -1))
    posts.save(tx, replace(old[0], body="other common"))
    posts.save(tx, replace(old[1], deleted_at=NOW))
    assert (found(tx, "word1"), found(tx, "other"), found(tx, "word2")) == ([10], [1], [])
    assert found(tx, "title2") == [2]
    posts.save(tx, replace(old[9], body="newest"))
    search.retitled(tx, 3, "Renamed")
    search.moved(tx, old[3].id, 5)
    assert (found(tx, "title3"), found(tx, "renamed"), found(tx, "word4")) == ([], [3], [5])
    for number in range(11, 15):
        write(tx, number, "much later")
    assert (found(tx, "newest"), found(tx, "word10"), found(tx, "common word9")) == ([10], [], [9])


@pytest.mark.usefixtures("index_alone")
def test_desks_find_their_own(tx: Transaction) -> None:
    desks.apply(tx.connection, replace(ACME, desk="other"), NOW)
    other = Transaction(tx.connection, "other", replace(ACME, desk="other"))
    for number in range(1, 9):
        write(tx, number, "ours")
        write(other, number, "theirs")
    assert (len(found(tx, "ours")), found(tx, "theirs"), len(found(other, "theirs"))) == (8, [], 8)


@pytest.mark.usefixtures("index_alone")
def test_whatever_is_typed_nothing_breaks(tx: Transaction) -> None:
    for number, typed in enumerate(HOSTILE, start=1):
        write(tx, number, typed.replace("\x00", ""), "Title")
    write(tx, 99, "y" * 1_500_000 + " end")
    for typed in HOSTILE:
        if wanted_words(typed):
            found(tx, typed)
    assert found(tx, "x" * 5000) == [HOSTILE.index("x" * 5000) + 1]


@pytest.fixture(params=ENGINES)
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database as it was before there was a search."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'chatdesk.db'}")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        engine = open_engine(server.empty())
    config = Config()
    config.set_main_option("script_location", str(schema.migrations_folder()))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0011")
    yield engine
    engine.dispose()


def test_the_upgrade_fills_in_what_is_there(before: Engine) -> None:
    rows = [
        {"desk": "acme", "id": f"{number:020}", "ticket": number, "position": 1, "author": "p1",
         "platform": "discord", "identity": "cleo", "body": f"Word{number}!", "audience": "everyone",
         "side": "customer", "created_at": NOW, "version": ""}
        for number in range(1, 301)
    ]  # fmt: skip
    with before.begin() as connection:
        connection.execute(insert(tables.posts), rows)
    schema.upgrade(before)
    with before.connect() as connection:
        tx = Transaction(connection, "acme", ACME)
        numbers = word_index.numbers(tx, ["word7"], 1000)
        assert connection.execute(numbers.select()).scalars().all() == [*range(79, 69, -1), 7]
        assert (found(tx, "word300"), found(tx, "word1 word1")) == ([300], [*range(199, 189, -1)])
