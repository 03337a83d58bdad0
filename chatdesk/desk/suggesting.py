"""What a ticket may be about, for staff alone: others like it, articles, its requester's mood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chatdesk.contract import sentences_triage as sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.contract.views import Button
from chatdesk.desk import duplicates, guessing
from chatdesk.desk.act import Act, ToBeRead
from chatdesk.desk.mood import mood
from chatdesk.desk.standing import require
from chatdesk.domain.alike import most_alike
from chatdesk.domain.classifier import Guess
from chatdesk.domain.duplicates import Likely
from chatdesk.domain.knowledge import Readers, asked_words
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.permissions import Deed
from chatdesk.domain.text import plain_text, shortened
from chatdesk.domain.ticket import Ticket
from chatdesk.store import articles, classifiers, likeness, tickets

MOST_ARTICLES = 3
MOST_SOLVED = 3
LONGEST_RESOLUTION = 160


def suggest(act: Act, ticket: Ticket, arguments: Mapping[str, str]) -> Answer:
    """Everything that comes to mind about a ticket, to the actor alone."""
    require(act, ticket, Deed.ASSIST)
    raise ToBeRead(lambda tx: _suggestions(replace(act, tx=tx), ticket))


def _suggestions(act: Act, ticket: Ticket) -> Answer:
    guesses, same = guessing.of_ticket(act.tx, ticket), duplicates.found(act, ticket)
    parts = (
        *_looks(act, guesses),
        *_mood(act, ticket),
        *_alike(act, same),
        *_solved(act, ticket),
        *_articles(act, ticket),
    )
    if not parts:
        has_model = classifiers.model(act.tx) is not None
        why = Markup(sentences.NOT_SURE if has_model else sentences.NOT_TRAINED)
        return Accepted(sentences.NOTHING_SUGGESTED.say(number=ticket.number, why=why))
    found = Markup("".join(parts).rstrip())
    text = sentences.SUGGESTIONS.say(number=ticket.number, title=ticket.title, found=found)
    return Accepted(text, controls=_buttons(act, ticket, guesses, same))


def _buttons(
    act: Act, ticket: Ticket, guesses: Sequence[Guess], same: Sequence[Likely]
) -> tuple[Button, ...]:
    """What can be done with it at once, while somebody works the ticket."""
    if ticket.status not in WORKING:
        return ()
    organisation = act.tx.organisation
    news = [one for one in guesses if guessing.is_news(organisation, ticket, one)]
    known = guessing.buttons(organisation, ticket.number, news)
    return (*known, *duplicates.buttons(ticket.number, same))


def _looks(act: Act, guesses: Sequence[Guess]) -> Iterator[str]:
    for one in guesses:
        yield sentences.LOOKS_LIKE.say(what=Markup(guessing.in_words(act.tx.organisation, one)))


def _mood(act: Act, ticket: Ticket) -> Iterator[str]:
    signs = mood(act.tx, ticket)
    if signs:
        yield sentences.UNHAPPY.say(words=signs)


def _alike(act: Act, same: Sequence[Likely]) -> Iterator[str]:
    for one in same:
        other = tickets.load(act.tx, one.number)
        title = other.title if other is not None else ""
        yield sentences.ALIKE.say(number=one.number, title=title, because=one.because)


def _solved(act: Act, ticket: Ticket) -> Iterator[str]:
    """Tickets about the same that are over, with what was done."""
    known = [one for one in likeness.finished(act.tx) if one.number != ticket.number]
    for number in most_alike(f"{ticket.title} {ticket.description}", known, MOST_SOLVED):
        other = tickets.load(act.tx, number)
        if other is not None:
            done = shortened(" ".join(plain_text(other.resolution or "").split()), LONGEST_RESOLUTION)
            yield sentences.SOLVED.say(number=number, title=other.title, done=f": {done}" if done else "")


def _articles(act: Act, ticket: Ticket) -> Iterator[str]:
    if act.tx.organisation.knowledge is None:
        return
    asked = asked_words(f"{ticket.title} {ticket.description}")
    for one in articles.search(act.tx, asked, list(Readers))[:MOST_ARTICLES]:
        yield sentences.ARTICLE.say(title=one.title, article=Markup(one.key))
