"""What is known of a ticket, or of a request that is to become one, when rules are asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chatdesk.contract.vocabulary import Place, Side
from chatdesk.desk import standing
from chatdesk.domain.calendar import business_time
from chatdesk.domain.conditions import Condition, Facts
from chatdesk.domain.happenings import rules_in
from chatdesk.domain.languages import language_of
from chatdesk.domain.organisation import Organisation, Tier
from chatdesk.domain.rules import Rule
from chatdesk.domain.sentiment import is_unhappy
from chatdesk.domain.staff import read_channel
from chatdesk.domain.ticket import Ticket
from chatdesk.store import channels, escalations, history, outages, people, threads
from chatdesk.store.transaction import Transaction

DEADLINE = "deadline"
"""The key of the question whose answer is a ticket's deadline."""

_DATES = (
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d %b %Y",
    "%d %B %Y",
)


def facts_of(tx: Transaction, ticket: Ticket, now: datetime, message: str = "") -> Facts:
    """``message``: what the requester wrote just now."""
    organisation = tx.organisation
    text = "\n".join((ticket.title, ticket.description, message))
    tier = tier_of(tx, ticket.requester)
    return Facts(
        status=ticket.status,
        priority=ticket.priority,
        team=ticket.team,
        category=ticket.category,
        type=ticket.type,
        service=ticket.service,
        tags=ticket.tags,
        tier=tier.key if tier else None,
        language=language_of(text),
        channels=channels_among(tx, asked_in(organisation), _channel_of(tx, ticket)),
        calendars=calendars_at(tx.organisation, now),
        text=text,
        fields=ticket.fields,
        assigned=ticket.assignee is not None,
        assignee=_written(tx, ticket.assignee),
        escalated=escalations.live_of_ticket(tx, ticket.number) is not None,
        outage=ticket.service is not None and ticket.service in outages.known(tx),
        unhappy=is_unhappy(message or text, organisation.unhappy_words),
        deadline=deadline_of(ticket.fields),
        fired=rules_in(history.of_ticket(tx, ticket.number)),
    )


def calendars_at(organisation: Organisation, now: datetime) -> frozenset[str]:
    """The calendars in whose hours it is, of those that conditions name."""
    named = {key for one in asked_in(organisation) for key in (*one.open, *one.closed)}
    return frozenset(
        calendar.key
        for calendar in organisation.calendars
        if calendar.key in named and business_time(calendar, now, now + timedelta(seconds=1))
    )


def facts_of_request(
    tx: Transaction, known: Facts, requester: str, place: Place | None, now: datetime
) -> Facts:
    """What else is known of a request that is to become a ticket."""
    tier = tier_of(tx, requester)
    return replace(
        known,
        tier=tier.key if tier else None,
        language=language_of(known.text),
        channels=channels_among(tx, asked_in(tx.organisation), place),
        calendars=calendars_at(tx.organisation, now),
        outage=known.service is not None and known.service in outages.known(tx),
        unhappy=is_unhappy(known.text, tx.organisation.unhappy_words),
        deadline=deadline_of(known.fields),
    )


def asked_in(organisation: Organisation) -> Sequence[Condition]:
    """Every condition of the desk."""
    rules: Sequence[Rule] = (*organisation.rules, *organisation.priority_rules)
    own = [rule.condition for rule in rules] + [rule.condition for rule in organisation.routing]
    return [*own, *(rule.unless for rule in rules if rule.unless is not None)]


def tier_of(tx: Transaction, person: str) -> Tier | None:
    """The first tier that somebody belongs to."""
    if not tx.organisation.tiers:
        return None
    return next((tier for tier in tx.organisation.tiers if standing.is_among(tx, person, tier.members)), None)


def deadline_of(answers: Collection[tuple[str, str]]) -> datetime | None:
    """The date that was answered to the question of the deadline, if it can be read."""
    written = dict(answers).get(DEADLINE, "").strip()
    for form in _DATES:
        try:
            return datetime.strptime(written, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def channels_among(tx: Transaction, conditions: Sequence[Condition], place: Place | None) -> frozenset[str]:
    """Those of the channels that the conditions name which a place is."""
    named = {written for condition in conditions for written in condition.channel}
    if place is None:
        return frozenset()
    return frozenset(one for one in named if channels.matches(tx, read_channel(one), place))


def _channel_of(tx: Transaction, ticket: Ticket) -> Place | None:
    """The channel that the requester's thread stands in."""
    for thread in threads.of_ticket(tx, ticket.number):
        if thread.side is Side.CUSTOMER:
            return Place(thread.installation, thread.parent)
    return ticket.origin


def _written(tx: Transaction, person: str | None) -> frozenset[str]:
    """A person's accounts as ``desk.yaml`` writes them."""
    known = people.identities_of(tx, person) if person else []
    return frozenset(f"{one.id.platform}:{one.id.id}" for one in known)
