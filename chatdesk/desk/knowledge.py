"""Articles looked up, and shown to a requester before their ticket is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup, literal
from chatdesk.contract.views import Button, Option, Style
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import telling
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.article_rights import readers_of
from chatdesk.desk.standing import require
from chatdesk.domain.knowledge import Article, Readers, asked_words
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, markup, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.text import headline, is_blank, shortened
from chatdesk.domain.ticket import Ticket
from chatdesk.store import article_uses, articles, tickets
from chatdesk.store.article_uses import Verdict

Arguments = Mapping[str, str]

LONGEST_SHOWN = 1400
"""Characters of an article that fit into one message of every platform, with what is said around them."""
MOST_LISTED = 10
LONGEST_CHOICE = 75
"""Characters of a key that can be chosen from a list."""


def search(act: Act, arguments: Arguments) -> Answer:
    """The articles about something, the best first."""
    typed = arguments.get("text", "").strip()
    if is_blank(typed):
        raise refuse(sentences.MISSING_TEXT.say(usage=Markup("/kb search what it is about")))
    found = articles.search(act.tx, asked_words(typed), readers_of(act))
    if not found:
        return Accepted(sentences.NO_ARTICLE.say(typed=typed[:60]))
    return Accepted("\n".join(_listed(one) for one in found))


def newest(act: Act, arguments: Arguments) -> Answer:
    """The articles that were changed last."""
    readers = readers_of(act)
    known = [one.article for one in articles.listed(act.tx) if one.article.readers in readers]
    if not known:
        return Accepted(sentences.NO_ARTICLES.say())
    return Accepted("\n".join(_listed(one) for one in known[:MOST_LISTED]))


def show(act: Act, arguments: Arguments) -> Answer:
    """One article, by its key or by what it is about."""
    typed = arguments.get("article", "").replace("\\", "").strip()
    if is_blank(typed):
        raise refuse(sentences.MISSING_TEXT.say(usage=Markup("/kb show vpn/locked")))
    readers = readers_of(act)
    exact = articles.load(act.tx, typed)
    found = [exact] if exact else articles.search(act.tx, asked_words(typed), readers)
    if not found or found[0].readers not in readers:
        raise refuse(sentences.NO_ARTICLE.say(typed=typed[:60]))
    return Accepted(f"**{literal(found[0].title)}**\n\n{_shortened(found[0].body)}")


def options(act: Act) -> Sequence[Option]:
    """The articles that somebody may read, to choose one, those changed last first."""
    readers = readers_of(act)
    known = (one.article for one in articles.listed(act.tx))
    return [
        Option(shortened(f"{one.key}: {one.title}", 75), one.key)
        for one in known
        if one.readers in readers and len(one.key) <= LONGEST_CHOICE
    ]


def _listed(one: Article) -> str:
    lock = "🔒 " if one.readers is Readers.INTERNAL else ""
    return f"- {lock}**{literal(one.title)}** (`{one.key}`): {literal(headline(one.body, 120))}"


def _shortened(body: str) -> str:
    """Cut at a paragraph's end, so that no list or code is torn."""
    if len(body) <= LONGEST_SHOWN:
        return body
    kept = ""
    for paragraph in body.split("\n\n"):
        if len(kept) + len(paragraph) > LONGEST_SHOWN:
            break
        kept += paragraph + "\n\n"
    return (kept.strip() or headline(body, LONGEST_SHOWN)) + "\n\n…"


def suggested(act: Act, requester: str, text: str) -> Article | None:
    """The article that may answer a request, if the desk shows its requesters any.

    Only who asks for themselves is shown one: somebody else who made the ticket knew better.
    """
    known = act.tx.organisation.knowledge
    if known is None or not known.suggest or act.person != requester:
        return None
    return next(iter(articles.likely(act.tx, asked_words(text), [Readers.PUBLIC])), None)


def offer(act: Act, ticket: Ticket, article: Article) -> None:
    """The first answer to a request is an article; the ticket waits for what its requester says of it."""
    article_uses.note_shown(act.tx, ticket.number, article.key, act.now)
    act.record(ticket.number, "article_shown", article=article.key)
    minutes = int(act.tx.organisation.draft_after.total_seconds() // 60)
    gaps = (
        words("title", article.title),
        markup("body", _shortened(article.body)),
        words("number", ticket.number),
        words("minutes", minutes),
    )
    controls = (
        Button("Yes, solved", RunVerb("solved", ticket.number), Style.PRIMARY),
        Button("No, open the ticket", RunVerb("submit", ticket.number)),
    )
    telling.say(act, ticket.number, Line("article", gaps), (Side.CUSTOMER,), controls)


def hint(act: Act, ticket: Ticket) -> None:
    """The team of a new ticket is told which article may help them, internal ones included."""
    if act.tx.organisation.knowledge is None:
        return
    asked = asked_words(f"{ticket.title} {ticket.description}")
    found = next(iter(articles.likely(act.tx, asked, list(Readers))), None)
    if found is not None:
        gaps = (words("title", found.title), markup("article", found.key))
        telling.say(act, ticket.number, Line("article_hint", gaps), (Side.TEAM,))


def solved(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """The article was the answer: the ticket is ended before it reached anybody."""
    require(act, ticket, Deed.FILL)
    if ticket.status is not Status.DRAFT or article_uses.open_use(act.tx, ticket.number) is None:
        raise refuse(sentences.CHOICE_GONE.say())
    article = article_uses.judge(act.tx, ticket.number, Verdict.HELPFUL, act.now)
    act.record(ticket.number, "status", before=ticket.status, after=Status.CANCELLED)
    act.record(ticket.number, "deflected", article=article)
    ended = replace(ticket, status=Status.CANCELLED, closed_at=act.now, draft_until=None, unread=False)
    tickets.save(act.tx, ended)
    line = Line("deflected", (words("number", ticket.number),))
    telling.say(act, ticket.number, line, (Side.CUSTOMER,))
    return Accepted(sentences.GLAD.say())


def opened_anyway(act: Act, ticket: Ticket) -> None:
    """A ticket is sent although its requester was shown an article, if they were."""
    verdict = Verdict.NOT if act.person else Verdict.IGNORED
    article = article_uses.judge(act.tx, ticket.number, verdict, act.now)
    if article is not None:
        act.record(ticket.number, "article_judged", article=article, verdict=verdict)
