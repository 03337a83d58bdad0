"""Asking requesters how satisfied they are, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.actions import FormKind, OpenForm, RunVerb
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.views import Button, Control
from chatdesk.desk import reaching, telling
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.standing import require
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, markup, person, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.satisfaction import is_left_alone, is_sampled, score_in
from chatdesk.domain.text import is_blank
from chatdesk.domain.ticket import Ticket
from chatdesk.store import ratings
from chatdesk.store.ratings import Rating

Arguments = Mapping[str, str]

SCALE = ("😡 1", "🙁 2", "😐 3", "🙂 4", "😍 5")


def ask(act: Act, ticket: Ticket) -> None:
    """Ask the requester of a ticket that has just been closed, unless they are to be left alone."""
    settings = act.tx.organisation.satisfaction
    if settings is None or ticket.first_response_at is None:
        return
    if not is_sampled(act.tx.desk, ticket.number, settings.share):
        return
    if is_left_alone(ratings.last_asked(act.tx, ticket.requester), settings.cool_down, act.now):
        return
    theirs = reaching.threads_of_requester(act, ticket)
    if not theirs:
        return
    known = ratings.of_ticket(act.tx, ticket.number) or Rating(ticket.number, ticket.requester, act.now)
    ratings.put(act.tx, replace(known, person=ticket.requester, asked_at=act.now))
    act.record(ticket.number, "rating_asked")
    telling.say_in(act, Line("rating_asked", (words("number", ticket.number),)), theirs, _scale(ticket))


def _scale(ticket: Ticket) -> tuple[Control, ...]:
    return tuple(
        Button(label, RunVerb("rate", ticket.number, str(score))) for score, label in enumerate(SCALE, 1)
    )


def rate(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """A requester's rating, which they may change; what they say of it."""
    require(act, ticket, Deed.RATE)
    if ticket.status not in (Status.RESOLVED, Status.CLOSED):
        name = act.tx.organisation.status_name(ticket.status)
        raise refuse(sentences.RATED_TOO_EARLY.say(number=ticket.number, status=name))
    score, typed = score_in(arguments.get("value", ""))
    if score is None:
        raise refuse(sentences.NO_RATING.say(number=ticket.number))
    words_given = arguments.get("comment", "").strip() or typed
    comment = None if is_blank(words_given) else words_given
    before = ratings.of_ticket(act.tx, ticket.number) or Rating(ticket.number, act.person, act.now)
    if before.score == score and comment in (None, before.comment):
        return _thanks(ticket, score)
    rating = replace(before, score=score, comment=comment or before.comment, rated_at=act.now)
    ratings.put(act.tx, rating)
    act.record(ticket.number, "rated", before=before.score, after=score)
    _tell_staff(act, ticket, before, rating, comment)
    telling.refresh_card(act, ticket.number)
    return _thanks(ticket, score)


def _thanks(ticket: Ticket, score: int) -> Answer:
    button = Button("Add a comment", OpenForm(FormKind.RATING, ticket.number))
    return Accepted(sentences.RATED.say(number=ticket.number, score=score), controls=(button,))


def _tell_staff(act: Act, ticket: Ticket, before: Rating, rating: Rating, comment: str | None) -> None:
    gaps = (
        person("actor", act.person),
        words("number", ticket.number),
        words("title", ticket.title),
        words("score", rating.score or 0),
        markup("comment", f"\n\n> {_quoted(comment)}" if comment else ""),
    )
    telling.say(act, ticket.number, Line("rated", gaps), telling.STAFF)
    settings, team = act.tx.organisation.satisfaction, act.tx.organisation.team(ticket.team)
    low = settings.low if settings else 0
    is_news = comment is not None or before.score is None or before.score > low
    if team is not None and rating.score is not None and rating.score <= low and is_news:
        reopen = Button("Reopen", RunVerb("reopen", ticket.number))
        reaching.tell_leads(act, team, Line("rated_low", gaps), ticket.number, (reopen,))


def _quoted(comment: str) -> str:
    return "\n> ".join(comment.splitlines())
