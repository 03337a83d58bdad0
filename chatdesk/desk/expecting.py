"""Whether something about a message that we do not know may be about one of ours that is still to come."""

from __future__ import annotations

from chatdesk.contract import sentences
from chatdesk.contract.inbound import MessageEdited, ReactionSet
from chatdesk.contract.ports import Refused
from chatdesk.contract.sentences import Markup
from chatdesk.contract.vocabulary import Place, PlaceKind
from chatdesk.desk.act import Act, Refusal, TooEarly, refuse
from chatdesk.store import channels, early, threads
from chatdesk.store.transaction import Transaction


def edit_may_come_early(tx: Transaction, event: MessageEdited) -> bool:
    """In a ticket's thread, a DM, and a channel whose every message is a ticket."""
    where = event.where
    return (
        where.kind is PlaceKind.DM
        or bool(threads.at_place(tx, where.place))
        or _every_message(tx, where.channel)
        or early.is_expected(tx, where)
    )


def reaction_may_come_early(tx: Transaction, event: ReactionSet) -> bool:
    """Also in any channel that we work in: not every platform says in which thread a message stands."""
    where = event.where
    return (
        where.kind is PlaceKind.DM
        or _is_ours(tx, where.channel)
        or bool(threads.at_place(tx, where.place))
        or early.is_expected(tx, where)
    )


def reply_may_come_early(tx: Transaction, where: Place) -> bool:
    """A reply in a channel whose every message is a ticket may come before what it replies to."""
    return _every_message(tx, where)


def which_ticket(act: Act, command: str) -> Refusal:
    """The refusal of a command that names no ticket, in a place that is no ticket's, or not yet.

    People see a thread as soon as it is there, which is before we know it.
    """
    text = sentences.WHICH_TICKET.say(verb=Markup(command))
    if act.where is not None and early.may_be_opening(act.tx, act.where):
        return TooEarly(Refused(text))
    return refuse(text)


def _every_message(tx: Transaction, channel: Place) -> bool:
    routes = tx.organisation.routes
    return any(route.every_message and channels.matches(tx, route.channel, channel) for route in routes)


def _is_ours(tx: Transaction, channel: Place) -> bool:
    organisation = tx.organisation
    homes = [home for team in organisation.teams for home in team.homes]
    references = [*homes, *(route.channel for route in organisation.routes)]
    return any(channels.matches(tx, reference, channel) for reference in references)
