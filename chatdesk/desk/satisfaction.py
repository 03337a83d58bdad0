"""Asking requesters how satisfied they are, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.actions import FormKind, OpenForm, RunVerb
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.views import Button, Control
from chatdesk.desk import merged, reaching, telling
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.standing import require
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, markup, person, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.satisfaction import Satisfaction, is_left_alone, is_sampled, score_in
from chatdesk.domain.text import is_blank
from chatdesk.domain.ticket import Ticket
from chatdesk.store import merges, ratings, tickets
from chatdesk.store.ratings import Rating

Arguments = Mapping[str, str]

SCALE = ("😡 1", "🙁 2", "😐 3", "🙂 4", "😍 5")


def ask(act: Act, ticket: Ticket) -> None:
    """Ask the requester of a ticket that has just been closed, and those of what was merged into it."""
    if act.tx.organisation.satisfaction is None or ticket.first_response_at is None:
        return
    for number in (ticket.number, *_merged_into(act, ticket.number)):
        one = tickets.load(act.tx, number)
        if one is not None and _may_be_asked(act, one, act.tx.organisation.satisfaction):
            _ask(act, one)


def _merged_into(act: Act, number: int) -> Iterator[int]:
    for made in merges.into(act.tx, number):
        yield made.source
        yield from _merged_into(act, made.source)


def _may_be_asked(act: Act, ticket: Ticket, settings: Satisfaction) -> bool:
    """Whether the ticket is in the sample and its requester was not asked lately."""
    asked_at = ratings.last_asked(act.tx, ticket.requester)
    return is_sampled(act.tx.desk, ticket.number, settings.share) and not is_left_alone(
        asked_at, settings.cool_down, act.now
    )


def _ask(act: Act, ticket: Ticket) -> None:
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
    status = merged.as_known(act.tx, ticket).status
    if status not in (Status.RESOLVED, Status.CLOSED):
        name = act.tx.organisation.status_name(status)
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
    main = tickets.load(act.tx, merges.main_of(act.tx, ticket.number)) or ticket
    telling.say(act, main.number, Line("rated", gaps), telling.STAFF)
    telling.refresh_card(act, main.number)
    settings, team = act.tx.organisation.satisfaction, act.tx.organisation.team(main.team)
    low = settings.low if settings else 0
    is_news = comment is not None or before.score is None or before.score > low
    if team is not None and rating.score is not None and rating.score <= low and is_news:
        reopen = Button("Reopen", RunVerb("reopen", main.number))
        reaching.tell_leads(act, team, Line("rated_low", gaps), main.number, (reopen,))


def _quoted(comment: str) -> str:
    return "\n> ".join(comment.splitlines())
