"""What people ask that no article answers; and what became of those that were shown. For staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from chatdesk.contract import sentences_knowledge as sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.desk.act import Act, ToBeRead
from chatdesk.desk.article_rights import require_writer
from chatdesk.domain.article_gaps import Way, gap_words, grouped
from chatdesk.domain.text import is_blank, shortened
from chatdesk.domain.ticket import Ticket
from chatdesk.store import article_gaps, article_uses, articles, people
from chatdesk.store.article_uses import Counts
from chatdesk.store.transaction import Transaction

MOST_GAPS = 15
MOST_ARTICLES = 20
_WIDE = 26


def note_search(act: Act, typed: str) -> None:
    """Somebody found nothing."""
    article_gaps.note(act.tx, Way.SEARCH, gap_words(typed, _names(act, act.person)), act.person, act.now)


def note_ticket(act: Act, ticket: Ticket) -> None:
    """A ticket that no article could have answered."""
    if not is_blank(ticket.description):
        asked = gap_words(ticket.title, _names(act, ticket.requester))
        article_gaps.note(act.tx, Way.TICKET, asked, ticket.requester, act.now, ticket.number)


def _names(act: Act, who: str) -> Sequence[str]:
    known = people.identities_of(act.tx, who)
    return [name for one in known for name in (one.name, one.handle) if name]


def gaps(act: Act, arguments: Mapping[str, str]) -> Answer:
    """Found by a reader: it compares everything that was asked."""
    require_writer(act)
    now = act.now
    raise ToBeRead(lambda tx: _gaps(tx, now))


def _gaps(tx: Transaction, now: datetime) -> Answer:
    days = article_gaps.KEPT.days
    found = grouped(article_gaps.since(tx, now - article_gaps.KEPT))[:MOST_GAPS]
    if not found:
        return Accepted(sentences.NO_GAPS.say(days=days))
    told = "".join(
        sentences.GAP.say(
            times=one.times, words=" ".join(one.words), searches=one.searches, tickets=one.tickets
        )
        for one in found
    )
    return Accepted(sentences.GAPS.say(days=days, gaps=Markup(told)))


def stats(act: Act, arguments: Mapping[str, str]) -> Answer:
    """How often each article was shown, and what was said of it, those shown most often first."""
    require_writer(act)
    counted = article_uses.counts(act.tx)
    known = [(key, counted[key]) for key in articles.keys(act.tx) if key in counted]
    if not known:
        return Accepted(sentences.NO_STATS.say())
    known.sort(key=lambda pair: (-pair[1].shown, pair[0]))
    rows = [("", *sentences.STATS_COLUMNS), *(_row(key, one) for key, one in known[:MOST_ARTICLES])]
    table = "\n".join(
        first.ljust(_WIDE) + "".join(cell.rjust(max(len(name), 5) + 1) for cell, name in _with_heads(rest))
        for first, *rest in rows
    )
    return Accepted(sentences.STATS.say(table=Markup(f"```\n{table}\n```")))


def _row(key: str, one: Counts) -> tuple[str, ...]:
    told = (one.shown, one.solved, one.anyway, one.helpful, one.not_helpful, one.sent)
    return (shortened(key, _WIDE), *map(str, told))


def _with_heads(cells: Sequence[str]) -> Sequence[tuple[str, str]]:
    return list(zip(cells, sentences.STATS_COLUMNS, strict=True))
