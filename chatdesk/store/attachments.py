"""What became of attachments: fetched into our own storage, or not to be had."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from chatdesk.domain.erasure import ERASED
from chatdesk.domain.ticket import AttachmentState
from chatdesk.store.tables import attachments


def stored(connection: Connection, desk: str, attachment: str, digest: str, size: int) -> None:
    """We hold its bytes, under their SHA-256."""
    _set(connection, desk, attachment, state=AttachmentState.STORED, digest=digest, size=size, reason=None)


def failed(connection: Connection, desk: str, attachment: str, reason: str) -> None:
    """It cannot be had; ``reason`` is a clause that a person can read."""
    _set(connection, desk, attachment, state=AttachmentState.FAILED, reason=reason)


def state_of(connection: Connection, desk: str, attachment: str) -> AttachmentState | None:
    found = connection.execute(
        select(attachments.c.state).where(attachments.c.desk == desk, attachments.c.id == attachment)
    ).scalar_one_or_none()
    return None if found is None else AttachmentState(found)


def needed(connection: Connection, digests: Collection[str]) -> frozenset[str]:
    """Which of these stored files an attachment of any desk names."""
    return frozenset(
        connection.execute(
            select(attachments.c.digest).where(attachments.c.digest.in_(digests)).distinct()
        ).scalars()
    )


def _set(connection: Connection, desk: str, attachment: str, **values: object) -> None:
    """A file whose owner was erased while it was fetched stays erased."""
    connection.execute(
        update(attachments)
        .where(
            attachments.c.desk == desk,
            attachments.c.id == attachment,
            attachments.c.reason.is_distinct_from(ERASED),
        )
        .values(values)
    )
