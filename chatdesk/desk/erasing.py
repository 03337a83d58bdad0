"""A person is erased: their words, files, names and accounts go, here and from the platforms' copies.

What stands on platforms in our name is taken away by the courier, as everything else is shown by it: copies
of their posts are deleted, lines and cards that said their name are said anew. Numbers and times stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

from sqlalchemy import func, select, update

from chatdesk.contract.inbound import Inbound, ReactionSet
from chatdesk.contract.vocabulary import IdentityId, Platform
from chatdesk.desk import telling
from chatdesk.desk.act import act_of_clock
from chatdesk.desk.standing import standing_of
from chatdesk.domain.effects import (
    CardMoved,
    LineReplaced,
    LineSaid,
    MemberChanged,
    PostChanged,
    PostReacted,
    ReportSaid,
    ThreadWanted,
)
from chatdesk.domain.erasure import Says, Traces
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.lines import Line
from chatdesk.domain.ticket import Post, Thread, ThreadState
from chatdesk.store import (
    article_drafts,
    article_gaps,
    articles,
    copies,
    effect_rows,
    erasing,
    outbox,
    people,
    personal,
    posts,
    threads,
    tickets,
)
from chatdesk.store.deliveries import PENDING, DeliveryState
from chatdesk.store.personal import Survey
from chatdesk.store.tables import posts as post_rows
from chatdesk.store.tables_outbox import deliveries, effects
from chatdesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Known:
    """A person as they are known to a desk, and what there is of them."""

    person: str
    name: str
    identities: tuple[IdentityId, ...]
    is_staff: bool
    has: Survey
    standing: Mapping[Platform, int]
    """Messages that they wrote themselves and that stand on platforms."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased. ``files`` are digests that none of their posts needs any more."""

    files: frozenset[str]
    effects: int
    """How many changes the courier has to make on platforms."""


def find(tx: Transaction, who: IdentityId) -> Known | None:
    """The person behind an identity. None if the desk knows nobody by it."""
    known = people.identity(tx, who)
    if known is None:
        return None
    mine = tuple(one.id for one in people.identities_of(tx, known.person))
    return Known(
        person=known.person,
        name=people.name_of(tx, known.person, who.platform),
        identities=mine,
        is_staff=standing_of(tx, known.person).is_staff,
        has=personal.survey(tx, known.person, mine),
        standing=personal.standing_sources(tx, known.person),
    )


def erase(tx: Transaction, who: Known, now: datetime) -> Erased:
    """Take a person's data out of the desk, and write to the outbox what has to go from platforms."""
    touched = personal.tickets_touched(tx, who.person)
    traces = Traces(who.person, who.identities, personal.words_of(tx, who.person), touched)
    said = list(_said(tx))
    _release(tx, who.person, touched, now)
    _take_back_posts(tx, personal.post_ids(tx, who.person), now)
    _take_back_reactions(tx, who.identities, now)
    _unmention(tx, who.identities, traces, now)
    files = erasing.blank_files(tx, who.person)
    erasing.blank_tickets(tx, who.person)
    erasing.close_directs(tx, who.person)
    erasing.forget_person(tx, who.person, who.identities)
    article_drafts.forget_requests_of(tx, who.person)
    article_gaps.forget_person(tx, who.person)
    articles.disown(tx, [f"{one.platform}:{one.id}" for one in who.identities])
    erasing.note(tx, who.identities, now)
    _unsay(tx, said, traces, now)
    act = act_of_clock(tx, now)
    for number in touched:
        act.record(number, "person_erased")
        telling.refresh_card(act, number)
    return Erased(files, _written_now(tx, now))


def is_erased_past(tx: Transaction, event: Inbound) -> bool:
    """Whether what a place's past brought up was done by somebody before they were erased."""
    actor = getattr(event, "actor", None)
    if actor is None:
        return False
    erased = erasing.erased_at(tx, actor.identity)
    if erased is None:
        return False
    return isinstance(event, ReactionSet) or event.at <= erased


def _written_now(tx: Transaction, now: datetime) -> int:
    statement = (
        select(func.count())
        .select_from(deliveries)
        .where(deliveries.c.desk == tx.desk, deliveries.c.created_at == now)
    )
    return int(tx.connection.execute(statement).scalar_one())


def _release(tx: Transaction, person: str, touched: Sequence[int], now: datetime) -> None:
    """Nobody waits for somebody who is not there any more."""
    for number in touched:
        ticket = tickets.load(tx, number)
        if ticket is not None and ticket.assignee == person and ticket.status in WORKING:
            act_of_clock(tx, now).record(number, "released", agent=person)
            tickets.save(tx, replace(ticket, assignee=None))


def _take_back_posts(tx: Transaction, written: Sequence[str], now: datetime) -> None:
    """Empty what they wrote; copies of it go from platforms."""
    for post in filter(None, (posts.load(tx, one) for one in written)):
        erasing.blank_post(tx, post, now)
        targets = _showing(tx, post.id)
        if targets:
            outbox.write(tx, PostChanged(post.id), targets, now)


def _showing(tx: Transaction, post: str) -> Sequence[Thread]:
    """The threads in which copies of a post stand, or may come to stand any moment."""
    on_their_way = (
        select(deliveries.c.thread)
        .join(effects, (effects.c.desk == deliveries.c.desk) & (effects.c.id == deliveries.c.effect))
        .where(
            effects.c.desk == tx.desk,
            effects.c.post == post,
            deliveries.c.state.in_(PENDING),
            deliveries.c.thread.is_not(None),
        )
    )
    wanted = copies.threads_with(tx, post) | set(tx.connection.execute(on_their_way).scalars())
    found = (threads.load(tx, one) for one in sorted(wanted))
    return [one for one in found if one is not None and one.state is not ThreadState.DEAD]


def _take_back_reactions(tx: Transaction, who: Collection[IdentityId], now: datetime) -> None:
    for one in erasing.take_reactions(tx, who):
        post = posts.load(tx, one.post)
        if post is None or post.deleted_at is not None:
            continue
        carried = [each for each in threads.live_of_ticket(tx, post.ticket) if each.id != one.thread]
        if carried:
            outbox.write(tx, PostReacted(one.post, one.emoji), carried, now)


def _unmention(tx: Transaction, who: Collection[IdentityId], traces: Traces, now: datetime) -> None:
    """Other people's posts no longer name their accounts."""
    for one in who:
        statement = select(post_rows.c.id).where(
            post_rows.c.desk == tx.desk, post_rows.c.body.contains(f"person:{one}", autoescape=True)
        )
        found = tx.connection.execute(statement).scalars().all()
        for post in filter(None, (posts.load(tx, each) for each in found)):
            _rewrite_post(tx, post, traces.unmentioned(post.body), now)


def _rewrite_post(tx: Transaction, post: Post, body: str, now: datetime) -> None:
    if body == post.body:
        return
    posts.save(tx, replace(post, body=body))
    targets = _showing(tx, post.id)
    if targets:
        outbox.write(tx, PostChanged(post.id), targets, now)


@dataclass(frozen=True, slots=True)
class _Saying:
    """An effect with words in it, as it is in the outbox."""

    id: str
    effect: Says | MemberChanged | ReportSaid
    ticket: int | None


def _said(tx: Transaction) -> Iterator[_Saying]:
    """All that the desk said, as long as it is remembered."""
    wanted = (*get_args(Says), MemberChanged, ReportSaid)
    kinds = [kind for kind, effect in effect_rows.KINDS.items() if effect in wanted]
    statement = select(effects.c.id, effects.c.kind, effects.c.payload, effects.c.ticket).where(
        effects.c.desk == tx.desk, effects.c.kind.in_(kinds)
    )
    for row in tx.connection.execute(statement.order_by(effects.c.id)):
        effect = effect_rows.parsed(row.kind, row.payload)
        if isinstance(effect, Says | MemberChanged | ReportSaid):
            yield _Saying(row.id, effect, row.ticket)


def _unsay(tx: Transaction, said: Sequence[_Saying], traces: Traces, now: datetime) -> None:
    """What was said to them is forgotten; what told of them is said anew, where it can be."""
    erasing.forget_effects(tx, [one.id for one in said if traces.is_to(one.effect)])
    newest = {one.effect.effect: one.effect for one in said if isinstance(one.effect, LineReplaced)}
    for one in said:
        if traces.is_to(one.effect) or isinstance(one.effect, MemberChanged | ReportSaid):
            continue
        cleared = traces.without(one.effect, one.ticket)
        if cleared != one.effect:
            _rewrite(tx, one.id, cleared)
        replaced = newest.get(one.id)
        if traces.names(_line_of(replaced or one.effect), one.ticket):
            _say_anew(tx, one.id, cleared, replaced and traces.without(replaced, one.ticket), now)


def _line_of(effect: Says) -> Line:
    return effect.opening if isinstance(effect, ThreadWanted) else effect.line


def _say_anew(tx: Transaction, effect_id: str, cleared: Says, replaced: Says | None, now: datetime) -> None:
    """Lines that stand somewhere and show the person are replaced by what they say without them."""
    shown = _shown_in(tx, effect_id)
    if not shown:
        return
    match cleared:
        case CardMoved():
            outbox.write(tx, cleared, shown, now)
        case LineSaid():
            latest = replaced if isinstance(replaced, LineReplaced) else cleared
            outbox.write(tx, LineReplaced(effect_id, latest.line, latest.controls), shown, now)
        case ThreadWanted():
            outbox.write(tx, LineReplaced(effect_id, cleared.opening), shown, now)


def _shown_in(tx: Transaction, effect: str) -> Sequence[Thread]:
    """The threads in which an effect was shown that can still be changed."""
    statement = select(deliveries.c.thread).where(
        deliveries.c.desk == tx.desk,
        deliveries.c.effect == effect,
        deliveries.c.thread.is_not(None),
        deliveries.c.state.in_((DeliveryState.DONE, DeliveryState.IN_FLIGHT)),
    )
    found = (threads.load(tx, one) for one in sorted(set(tx.connection.execute(statement).scalars())))
    return [one for one in found if one is not None and one.place and one.state is not ThreadState.DEAD]


def _rewrite(tx: Transaction, effect_id: str, effect: Says) -> None:
    tx.connection.execute(
        update(effects)
        .where(effects.c.desk == tx.desk, effects.c.id == effect_id)
        .values(payload=effect_rows.written(effect))
    )
