"""Where files are kept, as the settings say."""

from __future__ import annotations

from chatdesk.courier.files import FileStore
from chatdesk.settings import Settings


def open_files(settings: Settings) -> FileStore:
    """Raises SettingsError where the address of a storage cannot be used. Nothing is connected to yet."""
    if settings.files.url is None:
        return FileStore(settings.data_dir)
    from chatdesk.object_storage import open_archive

    return FileStore(settings.data_dir, open_archive(settings.files.url, settings.files))
