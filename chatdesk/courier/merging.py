"""A long backlog in fewer messages: posts that have waited in one lane share one, under a heading each.

Which posts share is recorded as a step of the first one's delivery before it is tried, so that every try
shows the same. Each post keeps copies of its own, which name the shared message; so an edit or a deletion of
one of them finds it, and the message is drawn anew from all that share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from chatdesk.contract.outbound import Author, Content, Copy
from chatdesk.contract.sentences import MERGED_POST, Markup
from chatdesk.contract.vocabulary import AudienceKind
from chatdesk.courier import contents
from chatdesk.courier.pace import Pace
from chatdesk.courier.showing import Request
from chatdesk.domain.audience import may_see
from chatdesk.domain.effects import PostWritten
from chatdesk.domain.ticket import Post, Thread
from chatdesk.store import copies, deliveries, desks, posts, threads
from chatdesk.store.deliveries import DeliveryRow
from chatdesk.store.transaction import Transaction

STEP = "merged"
"""Holds the ids of the deliveries whose posts share the message; empty where the post is to stand alone."""

_HEADING = 60
"""Characters that a heading takes at most, for reckoning how much fits."""


def may_have_company(row: DeliveryRow, pace: Pace, now: datetime) -> bool:
    """Whether it is worth looking at what waits behind: the post has waited for long and was never tried."""
    return (
        isinstance(row.effect, PostWritten) and row.attempts == 1 and now - row.created_at >= pace.merge_after
    )


def company(connection: Connection, row: DeliveryRow, room: int, least: int) -> Sequence[str]:
    """The deliveries behind this one whose posts can share its message; none where they are too few.

    ``room``: the characters that one message holds.
    """
    organisation = desks.load(connection, row.desk)
    if organisation is None or row.thread is None:
        return ()
    tx = Transaction(connection, row.desk, organisation)
    thread = threads.load(tx, row.thread)
    first = _plain(tx, row, thread) if thread is not None else None
    if thread is None or first is None:
        return ()
    left = room - _length(first)
    found = []
    for other in deliveries.behind(connection, row):
        post = _plain(tx, other, thread)
        if post is None or not _alike(first, post) or _length(post) > left:
            break
        left -= _length(post)
        found.append(other.id)
    return found if len(found) + 1 >= least else ()


def together(request: Request, thread: Thread, company: str) -> tuple[tuple[Post, ...], tuple[str, ...]]:
    """The posts that share a message with the request's, itself first, and the others' deliveries.

    Those that somebody has given up meanwhile are left out.
    """
    shared, others = [], []
    for each in company.split():
        row = deliveries.load(request.tx.connection, request.row.desk, each)
        if row is not None and row.state in deliveries.PENDING and isinstance(row.effect, PostWritten):
            others.append(row.id)
            shared.append(row.effect.post)
    first = request.row.effect.post if isinstance(request.row.effect, PostWritten) else ""
    return _loaded(request.tx, [first, *shared]), tuple(others)


def part(connection: Connection, row: DeliveryRow, now: datetime) -> bool:
    """The shared message was refused, perhaps for one of the posts: from now on each is tried alone.

    False if there was none.
    """
    company = deliveries.steps(connection, row.desk, row.id).get(STEP)
    if not company:
        return False
    for each in (row.id, *company.split()):
        deliveries.record_step(connection, row.desk, each, STEP, "")
    deliveries.retry_later(connection, row, now, uncertain=False, counted=True)
    return True


def sharing(tx: Transaction, thread: Thread, standing: Sequence[Copy]) -> tuple[Post, ...]:
    """The posts that stand in these messages of a thread, where they are several."""
    ids = copies.sharing(tx, thread, standing)
    return _loaded(tx, ids) if len(ids) > 1 else ()


def content(request: Request, thread: Thread, shared: Sequence[Post]) -> Content | None:
    """Those of the posts that may be read there, as one; None where none is left."""
    shown = [
        (post, contents.content(request, post))
        for post in shared
        if post.deleted_at is None and may_see(post.audience, thread.side, thread.party)
    ]
    if not shown:
        return None
    bodies = [_with_heading(post, each) for post, each in shown]
    people = {link: user for _, each in shown for link, user in each.people.items()}
    first = shown[0][1]
    return Content(
        first.post, _author([each for _, each in shown]), "\n\n".join(bodies), (), first.internal, people
    )


def _with_heading(post: Post, shown: Content) -> str:
    when = post.created_at.strftime("%d %b %H:%M UTC")
    return MERGED_POST.say(author=shown.author.name, when=when, body=Markup(shown.body))


def _author(shown: Sequence[Content]) -> Author:
    """All of them by name; with a picture where there is but one."""
    names = list(dict.fromkeys(each.author.name for each in shown))
    return shown[0].author if len(names) == 1 else Author(", ".join(names))


def _plain(tx: Transaction, row: DeliveryRow, thread: Thread) -> Post | None:
    """The post of a delivery if it can share a message: never tried, mere words, and to be read there."""
    if not isinstance(row.effect, PostWritten) or row.attempts > 1 or row.uncertain:
        return None
    if STEP in deliveries.steps(tx.connection, row.desk, row.id):
        return None
    post = posts.load(tx, row.effect.post)
    if post is None or post.deleted_at is not None or any(not one.gone for one in post.attachments):
        return None
    stands_there = copies.of_post(tx, post.id, thread)
    return post if not stands_there and may_see(post.audience, thread.side, thread.party) else None


def _alike(one: Post, other: Post) -> bool:
    """A note is never put under one roof with what its requester reads."""
    internal = AudienceKind.INTERNAL
    return (one.audience.kind is internal) == (other.audience.kind is internal)


def _length(post: Post) -> int:
    return len(post.body) + _HEADING


def _loaded(tx: Transaction, ids: Sequence[str]) -> tuple[Post, ...]:
    found = (posts.load(tx, one) for one in dict.fromkeys(ids))
    return tuple(sorted((one for one in found if one is not None), key=lambda post: post.position))
