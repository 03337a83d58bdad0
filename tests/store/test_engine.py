"""A transaction on SQLite is one: nothing of it is seen before its commit, savepoints included."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from chatdesk.store.engine import for_reading, open_engine


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path / 'new' / 'chatdesk.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE thing (name TEXT)"))
    return engine


def names(engine: Engine) -> list[str]:
    with for_reading(engine).connect() as connection:
        return list(connection.execute(text("SELECT name FROM thing ORDER BY name")).scalars())


def test_nothing_is_visible_before_the_commit(engine: Engine) -> None:
    with engine.connect() as connection, connection.begin():
        with connection.begin_nested():
            connection.execute(text("INSERT INTO thing VALUES ('inside a released savepoint')"))
        assert names(engine) == []
    assert names(engine) == ["inside a released savepoint"]


def test_a_rolled_back_transaction_takes_its_released_savepoints_along(engine: Engine) -> None:
    with engine.connect() as connection:
        transaction = connection.begin()
        with connection.begin_nested():
            connection.execute(text("INSERT INTO thing VALUES ('gone')"))
        transaction.rollback()
    assert names(engine) == []


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO thing VALUES ('unseen')"))
        assert names(engine) == []


def test_the_database_is_durable_and_checks_references(engine: Engine) -> None:
    with engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert asked == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_postgresql_is_told_by_its_address() -> None:
    pytest.importorskip("psycopg")
    assert open_engine("postgresql+psycopg://somebody@127.0.0.1/none").dialect.name == "postgresql"
