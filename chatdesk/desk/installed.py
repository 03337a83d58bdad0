"""Whose an event is: the installation it happened in, and the desk that is installed there."""

from __future__ import annotations

from sqlalchemy import Connection, select

from chatdesk.contract.inbound import (
    ChannelsSeen,
    ChoiceMade,
    CommandGiven,
    CommandTyped,
    Connected,
    FormChanged,
    FormDismissed,
    FormOpened,
    FormSubmitted,
    Inbound,
    MembersSeen,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceGone,
    ReactionSet,
    TicketAsked,
)
from chatdesk.contract.vocabulary import Actor, Installation
from chatdesk.domain.organisation import Organisation
from chatdesk.store import desks
from chatdesk.store.tables import identities


def installation_of(connection: Connection, event: Inbound) -> Installation | None:
    """Where the event happened; None where it says nothing and its actor is known nowhere."""
    said = said_by(event)
    if said is None and isinstance(event, FROM_ACTORS):
        return _of_actor(connection, event.actor)
    return said


def said_by(event: Inbound) -> Installation | None:
    """Where the event itself says that it happened."""
    match event:
        case MessagePosted() | MessageEdited() | ReactionSet() | CommandTyped():
            return event.where.place.installation
        case MessageDeleted():
            return event.ref.place.installation
        case TicketAsked():
            return event.source.where.place.installation
        case Connected() | ChannelsSeen() | MembersSeen():
            return event.installation
        case PlaceGone():
            return event.place.installation
        case CommandGiven() | FormOpened() | ChoiceMade():
            return event.where.place.installation if event.where else event.actor.installation
        case FormChanged() | FormSubmitted() | FormDismissed():
            return event.actor.installation


FROM_ACTORS = (CommandGiven, FormOpened, ChoiceMade, FormChanged, FormSubmitted, FormDismissed)
"""What may come from somewhere that is not said: a modal, a home page."""


def _of_actor(connection: Connection, actor: Actor) -> Installation | None:
    known = select(identities.c.installation).where(
        identities.c.platform == actor.identity.platform, identities.c.id == actor.identity.id
    )
    found = connection.execute(known).scalars().first()
    return None if found is None else Installation(actor.identity.platform, found)


def organisation_for(connection: Connection, where: Installation | None) -> Organisation | None:
    """The desk that is installed there; a desk alone takes what says nothing."""
    if where is not None:
        return desks.desk_of_installation(connection, where)
    known = desks.listed(connection)
    return known[0] if len(known) == 1 else None
