"""``chatdesk db``: upgrade, current."""

from __future__ import annotations

import typer

from chatdesk import database
from chatdesk.commands.context import say, surroundings
from chatdesk.errors import ChatdeskError
from chatdesk.store import schema

app = typer.Typer(help="The database's shape.", no_args_is_help=True)


@app.command(epilog="Example: chatdesk db upgrade")
def upgrade() -> None:
    """Bring the database to the newest revision. SQLite is brought there at every start anyway."""
    settings = surroundings().settings
    engine = database.connect(settings)
    try:
        before, after = schema.upgrade(engine)
    except schema.SchemaTooNew as error:
        raise ChatdeskError(str(error)) from None
    finally:
        engine.dispose()
    done = "was there already" if before == after else f"was at {before or 'nothing'}"
    say(f"{settings.database_shown}: at revision {after} ({done})")


@app.command(epilog="Example: chatdesk db current")
def current() -> None:
    """Print the database's revision and the newest one that this version knows."""
    settings = surroundings().settings
    engine = database.connect(settings)
    try:
        revision = schema.current(engine)
    finally:
        engine.dispose()
    say(f"{settings.database_shown}: at revision {revision or 'none (empty)'}; the newest is {schema.head()}")
