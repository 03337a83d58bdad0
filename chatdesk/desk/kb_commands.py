"""Which use case a verb behind ``/kb`` is, and what the buttons beside articles do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chatdesk.contract.ports import Answer
from chatdesk.desk import (
    article_asked,
    article_drafts,
    article_offers,
    article_reviews,
    article_shown,
    article_writing,
    knowledge,
)
from chatdesk.desk.act import Act
from chatdesk.desk.article_rights import is_staff
from chatdesk.domain.ticket import Ticket

Arguments = Mapping[str, str]

VERBS: Mapping[str, Callable[[Act, Arguments], Answer]] = {
    "search": knowledge.search,
    "show": knowledge.show,
    "list": knowledge.newest,
    "new": article_writing.new,
    "edit": article_writing.edit,
    "retire": article_writing.retire,
    "history": article_writing.history,
    "drafts": article_drafts.listed,
    "review": article_reviews.listed,
    "gaps": article_asked.gaps,
    "stats": article_asked.stats,
}

ON_TICKET: Mapping[str, Callable[[Act, Ticket, Arguments], Answer]] = {
    "send": article_offers.send,
}

BUTTONS: Mapping[str, Callable[[Act, Arguments], Answer]] = {
    "article-edit": article_writing.edit_marked,
    "article-review": article_drafts.review,
    "article-change": article_drafts.change,
    "article-publish": article_drafts.publish_draft,
    "article-drop": article_drafts.drop,
    "article-keep": article_reviews.keep,
    "article-show": article_shown.marked,
    "article-helpful": article_shown.helpful,
    "article-not-helpful": article_shown.not_helpful,
}
"""Hidden behind ``/ticket``, where every button's verb is; they need no ticket."""

_FOR_READERS = frozenset({"search", "show", "list"})


def not_for(act: Act) -> frozenset[str]:
    """The verbs that somebody need not know of."""
    return frozenset() if is_staff(act) else frozenset({*VERBS, *ON_TICKET}) - _FOR_READERS
