"""Opening S3-compatible storage. Imported only where the settings name one, since obstore takes five MiB."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from chatdesk.courier.archive import ObjectArchive
from chatdesk.errors import SettingsError
from chatdesk.settings import FilesSettings

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config


def open_archive(url: str, settings: FilesSettings) -> ObjectArchive:
    """Raises SettingsError where the address cannot be used. Nothing is connected to yet."""
    try:
        return ObjectArchive(_opened(url, settings))
    except (BaseError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:300]
        raise SettingsError(f"CHATDESK_FILES__URL: cannot be used: {reason}") from None


def _opened(url: str, settings: FilesSettings) -> ObjectStore:
    if url.startswith("file://"):
        return from_url(url, mkdir=True)
    if not url.startswith("s3://"):
        return from_url(url, client_options=_client(plain=False), retry_config=_retries())
    plain = bool(settings.endpoint and settings.endpoint.startswith("http://"))
    return from_url(url, config=_s3(settings), client_options=_client(plain=plain), retry_config=_retries())


def _client(*, plain: bool) -> ClientConfig:
    return {"allow_http": plain, "connect_timeout": "5s", "timeout": "120s"}


def _retries() -> RetryConfig:
    """Few: the courier tries again, and meanwhile its lane waits."""
    return {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


def _s3(settings: FilesSettings) -> S3Config:
    """What is given here goes before what the usual variables say."""
    given: S3Config = {}
    if settings.endpoint:
        given["endpoint"] = settings.endpoint
    if settings.region:
        given["region"] = settings.region
    if settings.access_key and settings.secret_key:
        given["access_key_id"] = settings.access_key.get_secret_value()
        given["secret_access_key"] = settings.secret_key.get_secret_value()
    return given
