"""Articles offered: to a requester before their request is anybody's work, to agents as an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatdesk.contract import sentences
from chatdesk.contract import sentences_knowledge as said
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup, literal
from chatdesk.contract.views import Button, Control, Menu, Option, Style
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import article_asked, speaking, telling
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.article_rights import named
from chatdesk.desk.article_shown import fitting
from chatdesk.desk.standing import require
from chatdesk.domain.article_editing import mark_of
from chatdesk.domain.knowledge import Article, Readers, asked_words
from chatdesk.domain.languages import language_of
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.lines import Line, markup, words
from chatdesk.domain.permissions import Deed
from chatdesk.domain.text import shortened
from chatdesk.domain.ticket import Ticket
from chatdesk.store import article_gaps, article_uses, articles, memory, tickets
from chatdesk.store.article_uses import Opinion, Verdict, Way

Arguments = Mapping[str, str]

MOST_OFFERED = 3
_LONGEST_LABEL = 60


def suggested(act: Act, requester: str, text: str, most: int = 1) -> Sequence[Article]:
    """The articles that may answer a request, if the desk shows its requesters any.

    Only who asks for themselves is shown one: somebody else who made the ticket knew better.
    """
    known = act.tx.organisation.knowledge
    if known is None or not known.suggest or act.person != requester:
        return []
    return articles.likely(act.tx, asked_words(text), [Readers.PUBLIC], most=most, language=language_of(text))


def offer(act: Act, ticket: Ticket, article: Article) -> None:
    """The first answer to a request is an article; the ticket waits for what its requester says of it."""
    article_uses.note_shown(act.tx, ticket.number, article.key, act.now)
    act.record(ticket.number, "article_shown", article=article.key)
    minutes = int(act.tx.organisation.draft_after.total_seconds() // 60)
    gaps = (
        words("title", article.title),
        markup("body", fitting(article.body)),
        words("number", ticket.number),
        words("minutes", minutes),
    )
    telling.say(act, ticket.number, Line("article", gaps), (Side.CUSTOMER,), answers_to(ticket))


def answers_to(ticket: Ticket) -> tuple[Control, ...]:
    """What a requester can say of the article that they are shown."""
    return (
        Button("Yes, solved", RunVerb("solved", ticket.number), Style.PRIMARY),
        Button("No, open the ticket", RunVerb("submit", ticket.number)),
    )


def told_at_once(act: Act, ticket: Ticket) -> Answer | None:
    """The article that a new ticket waits for, to whoever made it; None where it waits for none."""
    key = article_uses.open_use(act.tx, ticket.number) if ticket.status is Status.DRAFT else None
    one = articles.load(act.tx, key) if key else None
    if one is None:
        return None
    begun = sentences.OPENED_WITH_ARTICLE.say(number=ticket.number)
    article = said.MAY_BE_ANSWERED_ONE.say(title=one.title, body=Markup(fitting(one.body)))
    return Accepted(f"{begun}\n\n{article}", controls=answers_to(ticket))


def hint(act: Act, ticket: Ticket) -> None:
    """The team of a new ticket is told which articles may help, internal ones included.

    Where none may be shown to its requester, it is remembered what was asked.
    """
    if act.tx.organisation.knowledge is None:
        return
    text = f"{ticket.title} {ticket.description}"
    found = articles.likely(
        act.tx, asked_words(text), list(Readers), most=MOST_OFFERED, language=language_of(text)
    )
    if not any(one.readers is Readers.PUBLIC for one in found):
        article_asked.note_ticket(act, ticket)
    if found:
        shown = article_uses.shown_on(act.tx, ticket.number)
        told = ", ".join(_told(one, shown) for one in found)
        controls = _for_agents(ticket, found, shown)
        telling.say(
            act, ticket.number, Line("articles_help", (markup("articles", told),)), (Side.TEAM,), controls
        )


def _told(one: Article, shown: Sequence[str]) -> str:
    lock = "🔒 " if one.readers is Readers.INTERNAL else ""
    seen = f" {said.SEEN_BY_REQUESTER}" if one.key in shown else ""
    return f"{lock}**{literal(one.title)}** (`{one.key}`){seen}"


def _for_agents(ticket: Ticket, found: Sequence[Article], shown: Sequence[str]) -> tuple[Control, ...]:
    """To answer with those that the requester may read and has not been shown, and to read any."""
    sending = tuple(
        Button(
            shortened(f"Send: {one.title}", _LONGEST_LABEL),
            RunVerb("send-article", ticket.number, mark_of(one.key)),
        )
        for one in found
        if one.readers is Readers.PUBLIC and one.key not in shown
    )
    options = tuple(Option(shortened(one.title, 75), mark_of(one.key)) for one in found)
    return (*sending, Menu("Read", RunVerb("article-show", ticket.number), options))


def send_marked(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Answer a requester with an article, by its button."""
    found = articles.with_mark(act.tx, arguments.get("value", ""))
    return send(act, ticket, {"article": found.key if found else ""})


def send(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Answer a requester with an article, once. Raises Refusal for one that they may not read."""
    require(act, ticket, Deed.NOTE)
    require(act, ticket, Deed.WRITE)
    one = named(act, arguments, "/kb send #1042 vpn/locked").article
    if one.readers is not Readers.PUBLIC:
        raise refuse(said.NOT_FOR_REQUESTERS.say(title=one.title))
    if not memory.first_time(act.tx, f"article-sent:{ticket.number}:{one.key}", act.now):
        raise refuse(said.SENT_ALREADY.say(number=ticket.number, title=one.title))
    speaking.reply(act, ticket, {"text": f"**{literal(one.title)}**\n\n{one.body}"})
    article_uses.note_view(act.tx, Way.SENT, one.key, act.person, act.now, ticket=ticket.number)
    article_gaps.withdraw(act.tx, ticket.number)
    act.record(ticket.number, "article_sent", article=one.key)
    return Accepted(said.SENT_ARTICLE.say(number=ticket.number, title=one.title))


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


def before_sending(found: Sequence[Article]) -> str:
    """What may answer a request, as it is shown in the form before it is sent."""
    return said.MAY_BE_ANSWERED.say(
        articles=Markup(
            "\n\n".join(
                said.MAY_BE_ANSWERED_ONE.say(
                    title=one.title, body=Markup(fitting(one.body, LONGEST_IN_FORM // len(found)))
                )
                for one in found
            )
        )
    )


LONGEST_IN_FORM = 2400
"""Characters of articles that are shown in a form together."""


def note_opened_anyway(act: Act, ticket: Ticket, shown: Sequence[str]) -> None:
    """A ticket is made although its requester was shown articles before."""
    for view in shown:
        article = article_uses.settle(act.tx, view, Opinion.ANYWAY, act.now, ticket.number)
        act.record(ticket.number, "article_judged", article=article, verdict=Verdict.NOT)
