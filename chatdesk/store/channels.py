"""The channels we have heard of, so that ``desk.yaml`` can call them by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from chatdesk.contract.inbound import ChannelSeen
from chatdesk.contract.vocabulary import Installation, Place, Platform
from chatdesk.domain.organisation import ChannelReference
from chatdesk.store.tables import channels, installations
from chatdesk.store.transaction import Transaction


def note(tx: Transaction, seen: Sequence[ChannelSeen], now: datetime) -> None:
    """Channels as they are called now."""
    for channel in seen:
        place = channel.place
        tx.connection.execute(
            delete(channels).where(
                channels.c.desk == tx.desk,
                channels.c.platform == place.platform,
                channels.c.id == place.id,
            )
        )
        tx.connection.execute(
            insert(channels).values(
                desk=tx.desk,
                platform=place.platform,
                id=place.id,
                installation=place.installation.id,
                name=channel.name,
                kind=channel.kind,
                seen_at=now,
            )
        )


def name_of(tx: Transaction, place: Place) -> str | None:
    statement = select(channels.c.name).where(
        channels.c.desk == tx.desk,
        channels.c.platform == place.platform,
        channels.c.id == place.id,
    )
    return tx.connection.execute(statement).scalar_one_or_none()


def resolve(tx: Transaction, reference: ChannelReference) -> Place | None:
    """The place that a channel reference means, or None while we have not heard of it."""
    column = channels.c.name if reference.name is not None else channels.c.id
    statement = select(channels.c.installation, channels.c.id).where(
        channels.c.desk == tx.desk,
        channels.c.platform == reference.platform,
        column == (reference.name or reference.channel),
    )
    if reference.installation is not None:
        statement = statement.where(channels.c.installation == reference.installation)
    row = tx.connection.execute(statement.order_by(channels.c.id)).first()
    if row is not None:
        return Place(Installation(reference.platform, row.installation), row.id)
    return None if reference.name is not None else _by_id(tx, reference)


def _by_id(tx: Transaction, reference: ChannelReference) -> Place | None:
    """A channel given by id needs no directory if it is plain which installation it stands in."""
    if reference.installation is not None:
        return Place(Installation(reference.platform, reference.installation), reference.channel)
    only = _only_installation(tx, reference.platform)
    return None if only is None else Place(only, reference.channel)


def _only_installation(tx: Transaction, platform: Platform) -> Installation | None:
    statement = select(installations.c.id).where(
        installations.c.desk == tx.desk, installations.c.platform == platform
    )
    found = list(tx.connection.execute(statement).scalars())
    return Installation(platform, found[0]) if len(found) == 1 else None


def matches(tx: Transaction, reference: ChannelReference, place: Place) -> bool:
    """Whether a channel is the one that a reference means."""
    if reference.platform != place.platform:
        return False
    if reference.installation not in (None, place.installation.id):
        return False
    return reference.channel == place.id if reference.name is None else name_of(tx, place) == reference.name
