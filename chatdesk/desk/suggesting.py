"""What a ticket may be about, for staff alone: others like it, articles, its requester's mood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatdesk.contract import sentences_triage as sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.desk import duplicates, guessing
from chatdesk.desk.act import Act
from chatdesk.desk.mood import mood
from chatdesk.desk.standing import require
from chatdesk.domain.knowledge import Readers, asked_words
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Ticket
from chatdesk.store import articles, classifiers, tickets

MOST_ARTICLES = 3


def suggest(act: Act, ticket: Ticket, arguments: Mapping[str, str]) -> Answer:
    """Everything that comes to mind about a ticket, to the actor alone."""
    require(act, ticket, Deed.ASSIST)
    organisation = act.tx.organisation
    guesses = guessing.of_ticket(act.tx, ticket)
    looks = (sentences.LOOKS_LIKE.say(what=Markup(guessing.in_words(organisation, one))) for one in guesses)
    found = "".join((*looks, *_mood(act, ticket), *_alike(act, ticket), *_articles(act, ticket)))
    if not found:
        has_model = classifiers.about(act.tx) is not None
        why = Markup(sentences.NOT_SURE if has_model else sentences.NOT_TRAINED)
        return Accepted(sentences.NOTHING_SUGGESTED.say(number=ticket.number, why=why))
    text = sentences.SUGGESTIONS.say(number=ticket.number, title=ticket.title, found=Markup(found.rstrip()))
    news = [one for one in guesses if guessing.is_news(organisation, ticket, one)]
    working = news if ticket.status in WORKING else []
    return Accepted(text, controls=guessing.buttons(organisation, ticket.number, working))


def _mood(act: Act, ticket: Ticket) -> Iterator[str]:
    signs = mood(act.tx, ticket)
    if signs:
        yield sentences.UNHAPPY.say(words=signs)


def _alike(act: Act, ticket: Ticket) -> Iterator[str]:
    for one in duplicates.found(act, ticket):
        other = tickets.load(act.tx, one.number)
        title = other.title if other is not None else ""
        yield sentences.ALIKE.say(number=one.number, title=title, because=one.because)


def _articles(act: Act, ticket: Ticket) -> Iterator[str]:
    if act.tx.organisation.knowledge is None:
        return
    asked = asked_words(f"{ticket.title} {ticket.description}")
    for one in articles.search(act.tx, asked, list(Readers))[:MOST_ARTICLES]:
        yield sentences.ARTICLE.say(title=one.title, article=Markup(one.key))
