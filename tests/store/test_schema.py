"""Migrations: from empty, twice, equal to the tables; a database of a newer chatdesk is refused."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from chatdesk.store import schema
from chatdesk.store.engine import open_engine
from chatdesk.store.tables import metadata
from chatdesk.store.tables_knowledge import FULL_TEXT
from chatdesk.store.tables_search import WORD_INDEX
from tests.engines import ENGINES, Postgres


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'chatdesk.db'}")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        engine = open_engine(server.empty())
    yield engine
    engine.dispose()


def test_an_empty_database_is_brought_to_the_newest_revision_and_stays_there(engine: Engine) -> None:
    assert schema.current(engine) is None
    assert not schema.check(engine)
    assert schema.upgrade(engine) == (None, schema.head())
    assert schema.upgrade(engine) == (schema.head(), schema.head())
    assert schema.current(engine) == schema.head()
    assert schema.check(engine)


def test_the_migrated_schema_is_what_the_tables_say(engine: Engine) -> None:
    schema.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_no_index_of_words}
        )
        assert compare_metadata(context, metadata) == []
        inspector = inspect(connection)
        for table in metadata.sorted_tables:
            assert inspector.get_pk_constraint(table.name)["constrained_columns"] == [
                column.name for column in table.primary_key
            ], table.name


def is_no_index_of_words(name: str | None, kind: str, parents: object) -> bool:
    """SQLite keeps an index of words in tables of its own, which no metadata describes; nor PostgreSQL's."""
    return name is None or not name.startswith((FULL_TEXT, WORD_INDEX))


def test_a_newer_database_is_refused_and_left_alone(engine: Engine) -> None:
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'f00d'"))
    for ask in (schema.upgrade, schema.check):
        with pytest.raises(schema.SchemaTooNew, match=r"newer than this chatdesk.*f00d"):
            ask(engine)
    assert schema.current(engine) == "f00d"


def test_a_failing_upgrade_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE delivery_step (name TEXT)"))
    with pytest.raises(Exception, match="delivery_step"):
        schema.upgrade(engine)
    assert inspect(engine).get_table_names() == ["delivery_step"]
    assert schema.current(engine) is None


def test_two_processes_that_upgrade_at_once_do_it_one_after_the_other(engine: Engine) -> None:
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(lambda _: schema.upgrade(engine), range(2)))
    assert sorted(both, key=lambda pair: pair[0] is not None) == [
        (None, schema.head()),
        (schema.head(), schema.head()),
    ]
