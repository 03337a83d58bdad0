"""What the aggregates promise beyond what the desk's own tests use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chatdesk.contract.inbound import ChannelSeen
from chatdesk.contract.vocabulary import Actor, IdentityId, Place, PlaceKind, Profile
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.organisation import ChannelReference
from chatdesk.domain.ticket import Ticket
from chatdesk.store import channels, memory, parties, people, tickets
from chatdesk.store.transaction import Transaction
from tests.desk.organisation import DISCORD, PUBLIC, SERVER, SLACK, WORKSPACE

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def _ticket(tx: Transaction, requester: str = "p1") -> Ticket:
    ticket = Ticket(
        desk=tx.desk,
        number=tickets.next_number(tx),
        title="t",
        description="",
        requester=requester,
        status=Status.OPEN,
        priority="normal",
        created_at=NOW,
        team="support",
        tags=("a", "b"),
        fields=(("invoice", "7"),),
        origin=PUBLIC.place,
    )
    tickets.add(tx, ticket)
    return ticket


def test_a_ticket_is_loaded_as_it_was_saved(tx: Transaction) -> None:
    ticket = _ticket(tx)
    assert tickets.load(tx, ticket.number) == ticket
    saved = tickets.save(tx, replace(ticket, status=Status.PENDING, resolved_at=NOW))
    assert tickets.load(tx, ticket.number) == saved
    assert saved.version == 1


def test_a_stale_ticket_is_refused(tx: Transaction) -> None:
    ticket = _ticket(tx)
    tickets.save(tx, replace(ticket, title="first"))
    with pytest.raises(tickets.StaleTicket):
        tickets.save(tx, replace(ticket, title="second"))
    found = tickets.load(tx, ticket.number)
    assert found is not None and found.title == "first"


def test_a_requesters_earlier_tickets_are_counted(tx: Transaction) -> None:
    first, *_ = [_ticket(tx) for _ in range(3)]
    _ticket(tx, "p2")
    tickets.save(tx, replace(first, reopens=1))
    assert tickets.earlier_of(tx, "p1", 3) == (2, 1)
    assert tickets.earlier_of(tx, "p1", 1) == (0, 0)


def _meet(tx: Transaction, name: str, handle: str | None = None) -> str:
    who = IdentityId(SLACK, name.casefold())
    return people.meet(tx, Actor(who, Profile(name, handle=handle)), WORKSPACE, NOW)


def test_people_are_found_by_the_beginning_of_a_name_taken_literally(tx: Transaction) -> None:
    for name in ("Ana", "Ana Maria", "100%", "100_000", "Ben"):
        _meet(tx, name)
    assert [one.name for one in people.named_like(tx, "ANA")] == ["Ana", "Ana Maria"]
    assert [one.name for one in people.named_like(tx, "100%")] == ["100%"]
    assert [one.name for one in people.named_like(tx, "100_")] == ["100_000"]
    assert people.named_like(tx, "\\") == []


def test_meeting_somebody_again_notes_their_new_name_and_keeps_it_where_none_is_said(tx: Transaction) -> None:
    person = _meet(tx, "Ana")
    who = IdentityId(SLACK, "ana")
    assert people.meet(tx, Actor(who, Profile("Ana B.")), WORKSPACE, NOW) == person
    assert people.meet(tx, Actor(who), WORKSPACE, NOW) == person
    assert people.name_of(tx, person) == "Ana B."
    assert people.name_of(tx, "nobody") == "Someone"


def test_somebody_who_was_only_named_has_no_installation_of_another_platform(tx: Transaction) -> None:
    who = IdentityId(DISCORD, "zoe")
    people.meet(tx, Actor(who), WORKSPACE, NOW)
    known = people.identity(tx, who)
    assert known is not None and known.installation is None
    people.meet(tx, Actor(who), SERVER, NOW)
    known = people.identity(tx, who)
    assert known is not None and known.installation == SERVER.id


def test_becoming_one_leaves_nobody_twice_on_a_ticket(tx: Transaction) -> None:
    kept, other = _meet(tx, "Ana"), _meet(tx, "Ben")
    number = _ticket(tx, kept).number
    shared = _ticket(tx).number
    parties.add(tx, number, other, 1, NOW)
    for person in (kept, other):
        parties.add(tx, shared, person, 1, NOW)
    people.become_one(tx, kept, other)
    assert parties.members(tx, number) == []
    assert parties.members(tx, shared) == [kept]
    assert [str(one.id) for one in people.identities_of(tx, kept)] == ["slack/ana", "slack/ben"]


def test_the_party_of_a_person(tx: Transaction) -> None:
    parties.add(tx, 1, "dan", 2, NOW)
    assert parties.party_of(tx, 1, "dan") == 2
    assert parties.party_of(tx, 2, "dan") == parties.party_of(tx, 1, "cleo") == 1
    assert not parties.add(tx, 1, "dan", 1, NOW)
    assert parties.remove(tx, 1, "dan")
    assert not parties.remove(tx, 1, "dan")


def test_a_key_is_new_once_in_its_desk(tx: Transaction) -> None:
    assert memory.first_time(tx, "k", NOW)
    assert not memory.first_time(tx, "k", NOW)
    assert memory.first_time(replace(tx, desk="beta"), "k", NOW)
    assert memory.forget_keys(tx.connection, NOW + timedelta(days=31)) == 0
    assert memory.forget_keys(tx.connection, NOW + timedelta(days=31, seconds=1)) == 2
    assert memory.first_time(tx, "k", NOW)


def test_channels_by_name_or_id(tx: Transaction) -> None:
    by_name, by_id = ChannelReference(SLACK, "#help"), ChannelReference(SLACK, "C9", "T1")
    assert channels.resolve(tx, by_name) is None
    assert channels.resolve(tx, ChannelReference(SLACK, "C9")) is None, "which workspace?"
    assert channels.resolve(tx, by_id) == Place(WORKSPACE, "C9")
    channels.note(tx, [ChannelSeen(Place(WORKSPACE, "C1"), "help", PlaceKind.CHANNEL)], NOW)
    assert channels.resolve(tx, by_name) == Place(WORKSPACE, "C1")
    assert channels.matches(tx, by_name, Place(WORKSPACE, "C1"))
    assert not channels.matches(tx, by_name, Place(SERVER, "C1"))
    assert not channels.matches(tx, by_id, Place(WORKSPACE, "C1"))
    channels.note(tx, [ChannelSeen(Place(WORKSPACE, "C1"), "renamed", PlaceKind.CHANNEL)], NOW)
    assert channels.resolve(tx, by_name) is None
