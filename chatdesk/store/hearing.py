"""Until when each installation was heard."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    insert,
    select,
    update,
)

from chatdesk.contract.vocabulary import Installation
from chatdesk.store.tables_inbound import heard
from chatdesk.store.transaction import Transaction


def heard_until(tx: Transaction, installation: Installation) -> datetime | None:
    """Until when nothing that happened there can have been missed; None if it was never heard."""
    return tx.connection.execute(
        select(heard.c.until).where(
            heard.c.desk == tx.desk,
            heard.c.platform == installation.platform,
            heard.c.installation == installation.id,
        )
    ).scalar_one_or_none()


def note_heard(tx: Transaction, installation: Installation, until: datetime) -> None:
    """Nothing that happened there until then was missed, or will be once what is wanted has been read."""
    here = (
        heard.c.desk == tx.desk,
        heard.c.platform == installation.platform,
        heard.c.installation == installation.id,
    )
    done = tx.connection.execute(update(heard).where(*here).values(until=until))
    if done.rowcount == 0:
        tx.connection.execute(
            insert(heard).values(
                desk=tx.desk, platform=installation.platform, installation=installation.id, until=until
            )
        )
