"""``chatdesk backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatdesk.backup.making import make_backup
from chatdesk.backup.restoring import restore_backup
from chatdesk.backup.tape import Manifest
from chatdesk.clocks import SystemClock
from chatdesk.commands.context import complain, say, surroundings
from chatdesk.courier.files import StorageAway, readable_size
from chatdesk.errors import ChatdeskError


def backup(
    file: Annotated[
        Path, typer.Argument(help="Where the backup goes; must not be there yet.", dir_okay=False)
    ],
) -> None:
    """Copy the database and all files into one file, while the desk runs on."""
    try:
        made = make_backup(surroundings().settings, file, SystemClock().now())
    except StorageAway as away:
        raise ChatdeskError(f"CHATDESK_FILES__URL: the storage does not answer: {away}") from None
    say(f"{file}: {_told(made)}, {readable_size(file.stat().st_size)}")
    if made.missing:
        complain(f"{len(made.missing)} files were not to be found; the backup's manifest names them")


def restore(
    file: Annotated[Path, typer.Argument(help="What `chatdesk backup` made.", dir_okay=False)],
) -> None:
    """Make database and files from a backup, where the settings say and nothing is yet."""
    settings = surroundings().settings
    try:
        done = restore_backup(settings, file)
    except StorageAway as away:
        raise ChatdeskError(f"CHATDESK_FILES__URL: the storage does not answer: {away}") from None
    say(f"restored to {settings.database_shown}: {_told(done)}, as of {done.made_at}")


def _told(manifest: Manifest) -> str:
    files = "1 file" if len(manifest.files) == 1 else f"{len(manifest.files)} files"
    return f"database at revision {manifest.revision}, {files}"
