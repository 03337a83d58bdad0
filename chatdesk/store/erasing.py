"""Taking a person out of the rows so that numbers and times stay.

The person's own row stays, an id that nothing leads to any more, so that every count is what it was.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, update

from chatdesk.contract.vocabulary import IdentityId, PlaceKind, Side
from chatdesk.domain.erasure import ERASED, NEVER_NEWER, fingerprint
from chatdesk.domain.ticket import AttachmentState, Post, ThreadState
from chatdesk.store import assistance, posts, search
from chatdesk.store.deliveries import DeliveryState
from chatdesk.store.personal import reacted, written_by
from chatdesk.store.tables import (
    attachments,
    channels,
    copies,
    escalations,
    identities,
    link_codes,
    reactions,
    threads,
    tickets,
)
from chatdesk.store.tables import posts as post_rows
from chatdesk.store.tables_automation import away, turns, webhook_calls
from chatdesk.store.tables_closing import close_requests, ratings
from chatdesk.store.tables_erasure import erasures
from chatdesk.store.tables_inbound import catch_ups, choices, early_events, forms, handled, quarantine
from chatdesk.store.tables_on_call import on_call, watches
from chatdesk.store.tables_outbox import deliveries, delivery_steps, effects
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Mirrored:
    """An emoji of theirs that we carried from one thread to others."""

    post: str
    emoji: str
    thread: str


def note(tx: Transaction, who: Iterable[IdentityId], now: datetime) -> None:
    """Remember that they were erased, without who they were."""
    for one in who:
        mark = fingerprint(tx.desk, one)
        tx.connection.execute(
            delete(erasures).where(erasures.c.desk == tx.desk, erasures.c.fingerprint == mark)
        )
        tx.connection.execute(insert(erasures).values(desk=tx.desk, fingerprint=mark, at=now))


def erased_at(tx: Transaction, who: IdentityId) -> datetime | None:
    """When an identity was last erased."""
    statement = select(erasures.c.at).where(
        erasures.c.desk == tx.desk, erasures.c.fingerprint == fingerprint(tx.desk, who)
    )
    return tx.connection.execute(statement).scalar_one_or_none()


def blank_post(tx: Transaction, post: Post, now: datetime) -> None:
    """A post of theirs is empty and deleted; the message it came from stays known, so that it is not taken in
    anew."""
    posts.save(
        tx,
        replace(
            post,
            body="",
            identity=IdentityId(post.identity.platform, ERASED),
            version=NEVER_NEWER,
            deleted_at=post.deleted_at or now,
        ),
    )


def blank_files(tx: Transaction, person: str) -> frozenset[str]:
    """Their files are nameless and gone; the digests of what we held."""
    return _blank_files(tx, written_by(tx, person))


def forget_words(tx: Transaction, number: int, now: datetime) -> None:
    """All that was said on a ticket goes, and what was attached; who said it and when stays."""
    for post in posts.of_ticket(tx, number):
        posts.save(tx, replace(post, body="", version=NEVER_NEWER, deleted_at=post.deleted_at or now))
    here = select(post_rows.c.id).where(post_rows.c.desk == tx.desk, post_rows.c.ticket == number)
    _blank_files(tx, here)
    _blank_tickets(tx, tickets.c.number == number)
    for table, words in (
        (escalations, {"question": ERASED, "outcome": None}),
        (ratings, {"comment": None}),
        (close_requests, {"resolution": None}),
    ):
        tx.connection.execute(
            update(table).where(table.c.desk == tx.desk, table.c.ticket == number).values(words)
        )


def _blank_files(tx: Transaction, written: Select[str]) -> frozenset[str]:
    mine = (attachments.c.desk == tx.desk, attachments.c.post.in_(written))
    held = select(attachments.c.digest).where(*mine, attachments.c.digest.is_not(None))
    digests = frozenset(tx.connection.execute(held).scalars())
    tx.connection.execute(
        update(attachments)
        .where(*mine)
        .values(
            file=ERASED,
            name=ERASED,
            digest=None,
            state=AttachmentState.FAILED,
            reason=ERASED,
            gone=True,
        )
    )
    return digests


def blank_tickets(tx: Transaction, person: str) -> None:
    """All words on the tickets that they asked for, and what they asked, answered and commented on others."""
    connection = tx.connection
    _blank_tickets(tx, tickets.c.requester == person)
    connection.execute(
        update(escalations)
        .where(escalations.c.desk == tx.desk, escalations.c.asked_by == person)
        .values(question=ERASED)
    )
    connection.execute(
        update(escalations)
        .where(
            escalations.c.desk == tx.desk,
            escalations.c.answered_by == person,
            escalations.c.outcome.is_not(None),
        )
        .values(outcome=ERASED)
    )
    connection.execute(
        update(ratings).where(ratings.c.desk == tx.desk, ratings.c.person == person).values(comment=None)
    )
    connection.execute(
        update(close_requests)
        .where(close_requests.c.desk == tx.desk, close_requests.c.asked_by == person)
        .values(resolution=None)
    )


def _blank_tickets(tx: Transaction, which: ColumnElement[bool]) -> None:
    connection = tx.connection
    mine = (tickets.c.desk == tx.desk, which)
    connection.execute(
        update(tickets)
        .where(*mine)
        .values(
            title=ERASED,
            description="",
            fields=[],
            origin_link=None,
            follow_up_at=None,
            version=tickets.c.version + 1,
        )
    )
    for number in connection.execute(select(tickets.c.number).where(*mine)).scalars().all():
        search.retitled(tx, number, "")
        assistance.forget_of_ticket(tx, number)
        connection.execute(
            update(webhook_calls)
            .where(webhook_calls.c.desk == tx.desk, webhook_calls.c.ticket == number)
            .values(body="", due_at=None, reason=ERASED)
        )
    for column in (tickets.c.resolution, tickets.c.follow_up):
        connection.execute(update(tickets).where(*mine, column.is_not(None)).values({column.name: ERASED}))


def take_reactions(tx: Transaction, who: Iterable[IdentityId]) -> Sequence[Mirrored]:
    """Forget what they reacted; what of it stands elsewhere in our name."""
    found: list[Mirrored] = []
    for one in who:
        mine = (reactions.c.desk == tx.desk, *reacted(one))
        rows = tx.connection.execute(select(reactions).where(*mine, reactions.c.present))
        found += [Mirrored(row.post, row.emoji, row.thread) for row in rows]
        tx.connection.execute(delete(reactions).where(*mine))
    return found


def forget_person(tx: Transaction, person: str, who: Iterable[IdentityId]) -> None:
    """What leads to them: identities, open forms and questions, turns, keys, events that wait."""
    assistance.forget_all(tx)
    for table in (identities, forms, choices, link_codes, turns, away, on_call):
        tx.connection.execute(delete(table).where(table.c.desk == tx.desk, table.c.person == person))
    accounts = list(who)
    names = [person, *(f"{one.platform}:{one.id}" for one in accounts)]
    tx.connection.execute(delete(watches).where(watches.c.desk == tx.desk, watches.c.who.in_(names)))
    _forget_forms_about(tx, person)
    for one in accounts:
        _forget_keys(tx, one)
        _forget_events(tx, one)


def close_directs(tx: Transaction, person: str) -> None:
    """Their direct messages with us are nobody's any more, and where they stood is forgotten."""
    wrote_in = select(post_rows.c.thread).where(post_rows.c.desk == tx.desk, post_rows.c.author == person)
    asked_for = select(tickets.c.number).where(tickets.c.desk == tx.desk, tickets.c.requester == person)
    statement = select(threads.c.id, threads.c.platform, threads.c.place).where(
        threads.c.desk == tx.desk,
        threads.c.kind == PlaceKind.DM,
        threads.c.side == Side.CUSTOMER,
        or_(
            threads.c.id.in_(wrote_in),
            threads.c.ticket.in_(asked_for) & (func.coalesce(threads.c.party, 1) == 1),
        ),
    )
    for thread in tx.connection.execute(statement).all():
        _close_direct(tx, thread.id, thread.platform, thread.place)


def _close_direct(tx: Transaction, thread: str, platform: str, place: str | None) -> None:
    connection = tx.connection
    connection.execute(
        update(threads)
        .where(threads.c.desk == tx.desk, threads.c.id == thread)
        .values(state=ThreadState.DEAD, place=None, parent="", last_copy=None, catching_up=False)
    )
    connection.execute(delete(copies).where(copies.c.desk == tx.desk, copies.c.thread == thread))
    connection.execute(
        update(deliveries)
        .where(deliveries.c.desk == tx.desk, deliveries.c.thread == thread)
        .values(place=None, message=None)
    )
    if place is None:
        return
    for table, column in ((channels, channels.c.id), (catch_ups, catch_ups.c.place)):
        connection.execute(
            delete(table).where(table.c.desk == tx.desk, table.c.platform == platform, column == place)
        )
    connection.execute(
        update(tickets)
        .where(
            tickets.c.desk == tx.desk,
            tickets.c.origin_platform == platform,
            tickets.c.origin_place == place,
        )
        .values(origin_place=ERASED)
    )


def forget_effects(tx: Transaction, effect_ids: Collection[str]) -> None:
    """What was said to them alone."""
    for effect in effect_ids:
        mine = (deliveries.c.desk == tx.desk, deliveries.c.effect == effect)
        sent = select(deliveries.c.id).where(*mine)
        tx.connection.execute(
            delete(delivery_steps).where(
                delivery_steps.c.desk == tx.desk, delivery_steps.c.delivery.in_(sent.scalar_subquery())
            )
        )
        tx.connection.execute(delete(deliveries).where(*mine))
        tx.connection.execute(delete(effects).where(effects.c.desk == tx.desk, effects.c.id == effect))


def _forget_keys(tx: Transaction, who: IdentityId) -> None:
    """The keys of what they did, which hold their id."""
    keys = select(handled.c.key).where(
        handled.c.desk == tx.desk, handled.c.key.contains(who.id, autoescape=True)
    )
    for key in tx.connection.execute(keys).scalars().all():
        if who.id in key.replace("/", ":").split(":"):
            tx.connection.execute(delete(handled).where(handled.c.desk == tx.desk, handled.c.key == key))


def _forget_events(tx: Transaction, who: IdentityId) -> None:
    """What they did that waits to be taken in, was set aside, or is in somebody's form or question."""
    for table, column in (
        (early_events, early_events.c.event),
        (quarantine, quarantine.c.event),
        (forms, forms.c.opened),
        (choices, choices.c.data),
    ):
        of_desk = [table.c.desk == tx.desk] if "desk" in table.c else []
        for row in tx.connection.execute(select(table.c.id, column).where(*of_desk)).all():
            if f'"{who.id}"' in json.dumps(row[1]):
                tx.connection.execute(delete(table).where(*of_desk, table.c.id == row[0]))


def _forget_forms_about(tx: Transaction, person: str) -> None:
    """Others' forms about tickets of theirs, and on drafts, where their words may stand filled in."""
    asked_for = select(tickets.c.number).where(tickets.c.desk == tx.desk, tickets.c.requester == person)
    theirs = frozenset(tx.connection.execute(asked_for).scalars())
    for row in tx.connection.execute(select(forms.c.id, forms.c.opened).where(forms.c.desk == tx.desk)).all():
        event = row.opened["event"]
        if event.get("ticket") in theirs or "draft" in event.get("prefill", ()):
            tx.connection.execute(delete(forms).where(forms.c.desk == tx.desk, forms.c.id == row.id))


def awaiting(tx: Transaction) -> tuple[int, int]:
    """Of all that was erased: how much is still to be taken off platforms, and how much could not be."""
    statement = (
        select(deliveries.c.state, func.count())
        .join(effects, (effects.c.desk == deliveries.c.desk) & (effects.c.id == deliveries.c.effect))
        .join(post_rows, (post_rows.c.desk == effects.c.desk) & (post_rows.c.id == effects.c.post))
        .where(
            deliveries.c.desk == tx.desk, post_rows.c.version == NEVER_NEWER, effects.c.kind == "post_changed"
        )
        .group_by(deliveries.c.state)
    )
    found = {row[0]: int(row[1]) for row in tx.connection.execute(statement)}
    waiting = found.get(DeliveryState.WAITING, 0) + found.get(DeliveryState.IN_FLIGHT, 0)
    return waiting, found.get(DeliveryState.FAILED, 0)
