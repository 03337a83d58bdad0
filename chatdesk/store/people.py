"""People, their identities on platforms, and who is staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, bindparam, delete, insert, or_, select, update

from chatdesk.contract.vocabulary import Actor, IdentityId, Installation, Platform, Profile
from chatdesk.domain.erasure import ERASED_PERSON
from chatdesk.store import turns
from chatdesk.store.ids import new_id
from chatdesk.store.tables import (
    escalations,
    history,
    identities,
    link_codes,
    people,
    posts,
    staff,
    ticket_people,
    tickets,
)
from chatdesk.store.tables_assistance import assistant_requests
from chatdesk.store.tables_closing import close_requests, ratings
from chatdesk.store.tables_inbound import choices, forms
from chatdesk.store.tables_knowledge import article_drafts, article_gaps, article_versions, article_views
from chatdesk.store.tables_on_call import on_call, watches
from chatdesk.store.transaction import Transaction

_IDENTITY = select(identities).where(
    identities.c.desk == bindparam("desk"),
    identities.c.platform == bindparam("platform"),
    identities.c.id == bindparam("id"),
)
_IDENTITIES_OF = (
    select(identities)
    .where(identities.c.desk == bindparam("desk"), identities.c.person == bindparam("person"))
    .order_by(identities.c.platform, identities.c.id)
)
_STAFF_SOURCES_OF = select(staff.c.source).where(
    staff.c.desk == bindparam("desk"),
    staff.c.platform == bindparam("platform"),
    staff.c.identity == bindparam("identity"),
)


@dataclass(frozen=True, slots=True)
class Identity:
    """How a platform knows a person, with what it last said about them."""

    id: IdentityId
    person: str
    installation: str | None
    name: str | None
    avatar_url: str | None
    handle: str | None
    profiled_at: datetime | None


def meet(tx: Transaction, actor: Actor, installation: Installation | None, now: datetime) -> str:
    """The person behind an identity, created at first sight; the profile is noted where one came along."""
    known = identity(tx, actor.identity)
    if known is None:
        return _add(tx, actor, installation, now)
    if actor.profile is not None and _differs(known, actor.profile):
        note_profile(tx, actor.identity, actor.profile, now)
    where = _own(installation, actor.identity)
    if known.installation is None and where is not None:
        tx.connection.execute(update(identities).where(*_is(tx, actor.identity)).values(installation=where))
    return known.person


def _add(tx: Transaction, actor: Actor, installation: Installation | None, now: datetime) -> str:
    person = new_id()
    tx.connection.execute(insert(people).values(desk=tx.desk, id=person, created_at=now))
    profile = actor.profile
    tx.connection.execute(
        insert(identities).values(
            desk=tx.desk,
            platform=actor.identity.platform,
            id=actor.identity.id,
            person=person,
            installation=_own(installation, actor.identity),
            name=profile.name if profile else None,
            avatar_url=profile.avatar_url if profile else None,
            handle=profile.handle if profile else None,
            profiled_at=now if profile else None,
        )
    )
    return person


def _own(installation: Installation | None, who: IdentityId) -> str | None:
    """Where an identity was met, unless it was named on another platform than its own."""
    return installation.id if installation and installation.platform == who.platform else None


def _differs(known: Identity, profile: Profile) -> bool:
    return (known.name, known.avatar_url, known.handle) != (
        profile.name,
        profile.avatar_url,
        profile.handle,
    )


def note_profile(tx: Transaction, who: IdentityId, profile: Profile, now: datetime) -> None:
    tx.connection.execute(
        update(identities)
        .where(*_is(tx, who))
        .values(name=profile.name, avatar_url=profile.avatar_url, handle=profile.handle, profiled_at=now)
    )


def _is(tx: Transaction, who: IdentityId) -> tuple[ColumnElement[bool], ...]:
    return (identities.c.desk == tx.desk, identities.c.platform == who.platform, identities.c.id == who.id)


def identity(tx: Transaction, who: IdentityId) -> Identity | None:
    asked = {"desk": tx.desk, "platform": who.platform, "id": who.id}
    row = tx.connection.execute(_IDENTITY, asked).one_or_none()
    return None if row is None else _identity(row._mapping)


def identities_of(tx: Transaction, person: str) -> Sequence[Identity]:
    """All identities of a person, in the order they were met."""
    rows = tx.connection.execute(_IDENTITIES_OF, {"desk": tx.desk, "person": person})
    return [_identity(row._mapping) for row in rows]


def identity_on(tx: Transaction, person: str, platform: Platform) -> Identity | None:
    """The person's identity on a platform, the first if there are several."""
    return next((one for one in identities_of(tx, person) if one.id.platform == platform), None)


def name_of(tx: Transaction, person: str, platform: Platform | None = None) -> str:
    """The best name we have, by preference the one on ``platform``; never empty."""
    known = identities_of(tx, person)
    here = [one for one in known if one.id.platform == platform]
    for one in [*here, *known]:
        if one.name or one.handle:
            return one.name or one.handle or ""
    return "Someone" if known or not _is_there(tx, person) else ERASED_PERSON


def _is_there(tx: Transaction, person: str) -> bool:
    """Whether a person is kept: without any identity, only one who was erased is."""
    statement = select(people.c.id).where(people.c.desk == tx.desk, people.c.id == person)
    return tx.connection.execute(statement).first() is not None


def _identity(values: RowMapping) -> Identity:
    return Identity(
        id=IdentityId(Platform(values["platform"]), values["id"]),
        person=values["person"],
        installation=values["installation"],
        name=values["name"],
        avatar_url=values["avatar_url"],
        handle=values["handle"],
        profiled_at=values["profiled_at"],
    )


def set_staff(tx: Transaction, platform: Platform, source: str, members: Iterable[IdentityId]) -> None:
    """Everybody who is now in a source of staff."""
    tx.connection.execute(
        delete(staff).where(staff.c.desk == tx.desk, staff.c.platform == platform, staff.c.source == source)
    )
    rows = [
        {"desk": tx.desk, "platform": platform, "source": source, "identity": member.id} for member in members
    ]
    if rows:
        tx.connection.execute(insert(staff), rows)


def staff_sources_of(tx: Transaction, who: IdentityId) -> frozenset[str]:
    """The keys of the sources of staff that an identity is in."""
    asked = {"desk": tx.desk, "platform": who.platform, "identity": who.id}
    return frozenset(tx.connection.execute(_STAFF_SOURCES_OF, asked).scalars())


def staff_in(tx: Transaction, platform: Platform, source: str) -> Sequence[IdentityId]:
    statement = select(staff.c.identity).where(
        staff.c.desk == tx.desk, staff.c.platform == platform, staff.c.source == source
    )
    return [IdentityId(platform, one) for one in tx.connection.execute(statement).scalars()]


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A one-time code by which an identity proves that it is a person known elsewhere."""

    digest: str
    person: str
    identity: IdentityId
    expires_at: datetime


def add_link_code(tx: Transaction, code: LinkCode) -> None:
    tx.connection.execute(
        delete(link_codes).where(link_codes.c.desk == tx.desk, link_codes.c.person == code.person)
    )
    tx.connection.execute(
        insert(link_codes).values(
            desk=tx.desk,
            digest=code.digest,
            person=code.person,
            platform=code.identity.platform,
            identity=code.identity.id,
            expires_at=code.expires_at,
            attempts=0,
        )
    )


def take_link_code(tx: Transaction, digest: str, now: datetime) -> LinkCode | None:
    """Use up a code. None if there is none such or it has expired."""
    statement = (
        delete(link_codes)
        .where(link_codes.c.desk == tx.desk, link_codes.c.digest == digest)
        .returning(link_codes)
    )
    row = tx.connection.execute(statement).one_or_none()
    if row is None or row.expires_at <= now:
        return None
    who = IdentityId(Platform(row.platform), row.identity)
    return LinkCode(row.digest, row.person, who, row.expires_at)


_PERSON_COLUMNS = (
    identities.c.person, tickets.c.requester, tickets.c.assignee, posts.c.author, history.c.actor,
    escalations.c.asked_by, escalations.c.answered_by, forms.c.person, choices.c.person, link_codes.c.person,
    ratings.c.person, close_requests.c.asked_by, assistant_requests.c.person,
    article_versions.c.person, article_drafts.c.person, article_views.c.person, article_gaps.c.person,
    on_call.c.person, watches.c.who,
)  # fmt: skip


def become_one(tx: Transaction, kept: str, other: str) -> None:
    """Two persons turn out to be one: everything of ``other`` is ``kept``'s from now on."""
    if kept == other:
        return
    for column in _PERSON_COLUMNS:
        tx.connection.execute(
            update(column.table)
            .where(column.table.c.desk == tx.desk, column == other)
            .values({column.name: kept})
        )
    takes_part = select(ticket_people.c.ticket).where(
        ticket_people.c.desk == tx.desk, ticket_people.c.person == kept
    )
    others = (ticket_people.c.desk == tx.desk, ticket_people.c.person == other)
    tx.connection.execute(
        delete(ticket_people).where(*others, ticket_people.c.ticket.in_(takes_part.scalar_subquery()))
    )
    tx.connection.execute(update(ticket_people).where(*others).values(person=kept))
    asked_for = select(tickets.c.number).where(tickets.c.desk == tx.desk, tickets.c.requester == kept)
    tx.connection.execute(
        delete(ticket_people).where(
            ticket_people.c.desk == tx.desk,
            ticket_people.c.person == kept,
            ticket_people.c.ticket.in_(asked_for.scalar_subquery()),
        )
    )
    turns.become_one(tx, kept, other)
    tx.connection.execute(delete(people).where(people.c.desk == tx.desk, people.c.id == other))


def named_like(tx: Transaction, text: str, limit: int = 25) -> Sequence[Identity]:
    """Identities whose name or handle begins with the text, whatever its case."""
    pattern = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    statement = (
        select(identities)
        .where(
            identities.c.desk == tx.desk,
            or_(
                identities.c.name.ilike(pattern, escape="\\"),
                identities.c.handle.ilike(pattern, escape="\\"),
            ),
        )
        .order_by(identities.c.name)
        .limit(limit)
    )
    return [_identity(row._mapping) for row in tx.connection.execute(statement)]
