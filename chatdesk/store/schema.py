"""The database's shape: which revision it has, and bringing it to the newest.

The migrations stand beside the package in a checkout, and inside it in an installed wheel.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from chatdesk.store.engine import for_reading, one_at_a_time

_PACKAGE = Path(__file__).resolve().parent.parent


class SchemaTooNew(Exception):
    """The database was upgraded by a newer chatdesk than this one."""

    def __init__(self, revision: str, newest_known: str) -> None:
        super().__init__(
            f"the database is newer than this chatdesk: it is at revision {revision}, "
            f"and the newest known here is {newest_known}; install a newer chatdesk, or restore a backup"
        )
        self.revision = revision


def migrations_folder() -> Path:
    """Where the migrations are. Raises FileNotFoundError where the installation is incomplete."""
    for folder in (_PACKAGE / "migrations", _PACKAGE.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise FileNotFoundError(f"no migrations in {_PACKAGE / 'migrations'} nor beside the package")


def head() -> str:
    """The newest revision that this code knows."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None, "there is at least one migration"
    return newest


def current(engine: Engine) -> str | None:
    """The database's revision, or None if it is empty. Waits for nobody who writes."""
    with for_reading(engine).connect() as connection:
        return _revision(connection)


def check(engine: Engine) -> bool:
    """Whether the database is at the newest revision. Raises SchemaTooNew if it is beyond it."""
    revision = current(engine)
    refuse_unknown(revision)
    return revision == head()


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Bring the database to the newest revision; from which to which. Raises SchemaTooNew.

    All in one transaction: it is upgraded whole or not at all, and two processes do it one after the other.
    """
    newest = head()
    with engine.begin() as connection:
        one_at_a_time(connection)
        before = _revision(connection)
        if before != newest:
            refuse_unknown(before)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    return before, newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def refuse_unknown(revision: str | None) -> None:
    if revision is None:
        return
    scripts = ScriptDirectory.from_config(_config())
    if revision not in {script.revision for script in scripts.walk_revisions()}:
        raise SchemaTooNew(revision, head())
