"""What people are told of deliveries that take long or do not get through: never nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from chatdesk.contract.actions import RunVerb
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import MessageRef, Side
from chatdesk.desk import telling
from chatdesk.desk.act import Act, act_of_clock
from chatdesk.domain.effects import (
    CardMoved,
    Effect,
    LineReplaced,
    MemberChanged,
    PersonTold,
    PostChanged,
    PostReacted,
    PostWritten,
    ReportSaid,
    SourceMarked,
    ThreadEnded,
    Whispered,
)
from chatdesk.domain.erasure import NEVER_NEWER
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.ticket import Post, Thread
from chatdesk.store import desks, outbox, posts, threads
from chatdesk.store.deliveries import DeliveryRow, Mark, failed_of_ticket
from chatdesk.store.transaction import in_turn

SLOW = "⏳"
FAILED = "⚠️"

_ELSE: Mapping[type[Effect], str] = {
    PostReacted: "A reaction",
    LineReplaced: "A change of a line",
    CardMoved: "That the ticket was moved",
    ThreadEnded: "The end of a thread",
    MemberChanged: "A change of members",
    PersonTold: "A direct message",
}
"""What else can fail, in words. A card that cannot be refreshed has nobody to tell but the list."""


def _act(connection: Connection, desk: str, now: datetime) -> Act | None:
    organisation = desks.load(connection, desk)
    if organisation is None:
        return None
    return act_of_clock(in_turn(connection, organisation), now)


def delivery_slow(connection: Connection, row: DeliveryRow, now: datetime) -> None:
    """A post has been waiting for a while: ⏳ where it was written."""
    act = _act(connection, row.desk, now)
    post = _post(act, row) if act else None
    if act is not None and post is not None:
        _mark(act, post, SLOW, present=True)


def delivery_recovered(connection: Connection, row: DeliveryRow, now: datetime) -> None:
    """It got through after all: the marks go, once nothing else of the post is in trouble."""
    act = _act(connection, row.desk, now)
    post = _post(act, row) if act else None
    if act is None or post is None:
        return
    if row.marked is not Mark.FAILED:
        _mark(act, post, SLOW, present=False)
        return
    still = [one for one in failed_of_ticket(connection, row.desk, post.ticket) if _is_about(one, post)]
    if not still:
        _mark(act, post, FAILED, present=False)
    telling.refresh_card(act, post.ticket)


def delivery_failed(connection: Connection, row: DeliveryRow, now: datetime) -> None:
    """It will not get through: ⚠️ where it was written, the reason and a retry button for the staff."""
    act = _act(connection, row.desk, now)
    if act is not None and isinstance(row.effect, Whispered) and row.effect.about is not None:
        _mark_message(act, row.effect.about, FAILED, present=True, ticket=row.ticket)
    if act is not None and isinstance(row.effect, ReportSaid):
        _tell_who_asked(act, row, row.effect)
    if act is None or row.ticket is None:
        return
    act.record(row.ticket, "delivery_failed", delivery=row.id, thread=row.thread)
    post = _post(act, row)
    if post is not None and post.version == NEVER_NEWER:
        _tell_else(act, row, row.ticket, "That somebody was erased")
    elif post is not None:
        _mark(act, post, SLOW, present=False)
        _mark(act, post, FAILED, present=True)
        _tell(act, row, post)
    elif (what := _ELSE.get(type(row.effect))) is not None:
        _tell_else(act, row, row.ticket, what)
    telling.refresh_card(act, row.ticket)


def file_failed(connection: Connection, desk: str, attachment: str, now: datetime) -> None:
    """A file cannot be had: its readers see which in the post; those who sent it are told why."""
    act = _act(connection, desk, now)
    post = posts.with_attachment(act.tx, attachment) if act else None
    source = threads.load(act.tx, post.thread) if act and post and post.thread else None
    if act is None or post is None or source is None or source.state not in threads.LIVE:
        return
    file = next(one for one in post.attachments if one.id == attachment)
    gaps = (words("name", file.ref.name), words("reason", file.reason or "it could not be fetched"))
    telling.say_in(act, Line("file_failed", gaps), [source])


def _tell(act: Act, row: DeliveryRow, post: Post) -> None:
    target = threads.load(act.tx, row.thread) if row.thread else None
    gaps = (
        person("author", post.author),
        words("target", _called(act, target)),
        words("reason", row.reason or "unknown"),
    )
    retry = Button("Try again", RunVerb("retry", post.ticket, row.id))
    staff = [
        one
        for one in telling.on_sides(act, post.ticket, (Side.TEAM,))
        if target is None or one.id != target.id
    ]
    telling.say_in(act, Line("delivery_failed", gaps), staff, (retry,))
    if post.side is Side.CUSTOMER and post.thread is not None:
        source = threads.load(act.tx, post.thread)
        if source is not None and source.state in threads.LIVE:
            telling.say_in(
                act, Line("delivery_failed_customer", (words("reason", row.reason or "unknown"),)), [source]
            )


def _tell_who_asked(act: Act, row: DeliveryRow, effect: ReportSaid) -> None:
    """Numbers did not reach somebody in their direct messages."""
    place = effect.asked_in
    if effect.to is None or place is None:
        return
    line = Line("report_failed", (words("reason", row.reason or "unknown"),))
    lane = f"whisper:{place.platform}:{place.id}:{effect.to.id}"
    told = Whispered(effect.to, line, internal=True)
    outbox.write_at(act.tx, told, place.installation, place.id, lane, act.now)


def _tell_else(act: Act, row: DeliveryRow, ticket: int, what: str) -> None:
    """What is no message failed: the staff are told, wherever else they are."""
    target = threads.load(act.tx, row.thread) if row.thread else None
    gaps = (
        words("what", what),
        words("target", _called(act, target)),
        words("reason", row.reason or "unknown"),
    )
    staff = [one for one in telling.on_sides(act, ticket, telling.STAFF) if one.id != row.thread]
    telling.say_in(act, Line("effect_failed", gaps), staff)


def _called(act: Act, target: Thread | None) -> str:
    """Whom the thread speaks to, in a word."""
    if target is None:
        return "its reader"
    if target.side is Side.CUSTOMER:
        return "the requester"
    team = act.tx.organisation.team(target.team)
    return team.name if team else "the team"


def _post(act: Act | None, row: DeliveryRow) -> Post | None:
    if act is None or not isinstance(row.effect, PostWritten | PostChanged):
        return None
    return posts.load(act.tx, row.effect.post)


def _is_about(row: DeliveryRow, post: Post) -> bool:
    return isinstance(row.effect, PostWritten | PostChanged) and row.effect.post == post.id


def _mark(act: Act, post: Post, emoji: str, *, present: bool) -> None:
    if post.source is not None and post.thread is not None:
        _mark_message(act, post.source, emoji, present=present, ticket=post.ticket)


def _mark_message(act: Act, ref: MessageRef, emoji: str, *, present: bool, ticket: int | None) -> None:
    outbox.mark(act.tx, SourceMarked(ref, emoji, present), act.now, ticket)
