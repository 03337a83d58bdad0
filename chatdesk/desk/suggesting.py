"""What a ticket may be about, for staff alone: others like it, articles, its requester's mood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatdesk.contract import sentences_triage as sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.desk import duplicates
from chatdesk.desk.act import Act
from chatdesk.desk.standing import require
from chatdesk.domain.knowledge import Readers, asked_words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.sentiment import unhappy_signs
from chatdesk.domain.ticket import Ticket
from chatdesk.store import articles, tickets

MOST_ARTICLES = 3


def suggest(act: Act, ticket: Ticket, arguments: Mapping[str, str]) -> Answer:
    """Everything that comes to mind about a ticket, to the actor alone."""
    require(act, ticket, Deed.ASSIST)
    found = "".join((*_mood(act, ticket), *_alike(act, ticket), *_articles(act, ticket)))
    if not found:
        why = Markup(sentences.NOT_TRAINED)
        return Accepted(sentences.NOTHING_SUGGESTED.say(number=ticket.number, why=why))
    return Accepted(
        sentences.SUGGESTIONS.say(number=ticket.number, title=ticket.title, found=Markup(found.rstrip()))
    )


def _mood(act: Act, ticket: Ticket) -> Iterator[str]:
    signs = unhappy_signs(f"{ticket.title}\n{ticket.description}", act.tx.organisation.unhappy_words)
    if signs:
        yield sentences.UNHAPPY.say(words=", ".join(signs))


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
