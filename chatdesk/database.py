"""Opening the database that the settings name, at the revision that this code needs."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from chatdesk.errors import ChatdeskError
from chatdesk.settings import Settings
from chatdesk.store import schema
from chatdesk.store.engine import open_engine


def open_database(settings: Settings) -> Engine:
    """For running: SQLite is brought to the newest revision; PostgreSQL has to be there already.

    Raises ChatdeskError where it cannot be opened, or is at a revision that this code cannot work with.
    """
    engine = connect(settings)
    return _prepared(settings, engine, upgrades=engine.dialect.name == "sqlite")


def open_as_it_is(settings: Settings) -> Engine:
    """For a command: an empty database is made ready, another's revision is left alone.

    Raises ChatdeskError as ``open_database`` does.
    """
    engine = connect(settings)
    return _prepared(settings, engine, upgrades=schema.current(engine) is None)


def _prepared(settings: Settings, engine: Engine, *, upgrades: bool) -> Engine:
    try:
        if upgrades:
            schema.upgrade(engine)
        elif not schema.check(engine):
            raise ChatdeskError(
                f"the database {settings.database_shown} is not at the newest revision; "
                "say `chatdesk db upgrade`"
            )
    except schema.SchemaTooNew as error:
        raise ChatdeskError(str(error)) from None
    except DBAPIError as error:
        raise ChatdeskError(_unreachable(settings, error)) from None
    return engine


def connect(settings: Settings) -> Engine:
    """The database as it is. Raises ChatdeskError where it cannot be reached."""
    try:
        engine = open_engine(settings.database)
        with engine.connect():
            return engine
    except DBAPIError as error:
        raise ChatdeskError(_unreachable(settings, error)) from None
    except (ImportError, OSError) as error:
        raise ChatdeskError(f"CHATDESK_DATABASE_URL: {settings.database_shown}: {error}") from None


def _unreachable(settings: Settings, error: DBAPIError) -> str:
    reason = " ".join(str(error.orig).split())
    return f"CHATDESK_DATABASE_URL: {settings.database_shown} cannot be opened: {reason}"
