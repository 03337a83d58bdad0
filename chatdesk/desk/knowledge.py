"""Articles looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdesk.contract import sentences
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup, literal
from chatdesk.contract.views import Menu, Option
from chatdesk.desk import article_asked
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.article_rights import readers_of, typed_key
from chatdesk.desk.article_shown import shown
from chatdesk.domain.article_editing import mark_of
from chatdesk.domain.knowledge import Article, Readers, asked_words
from chatdesk.domain.text import headline, is_blank, shortened
from chatdesk.store import articles

Arguments = Mapping[str, str]

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
        article_asked.note_search(act, typed)
        return Accepted(sentences.NO_ARTICLE.say(typed=typed[:60]))
    return _listed(found)


def newest(act: Act, arguments: Arguments) -> Answer:
    """The articles that were changed last."""
    readers = readers_of(act)
    known = [one.article for one in articles.listed(act.tx) if one.article.readers in readers]
    if not known:
        return Accepted(sentences.NO_ARTICLES.say())
    return _listed(known[:MOST_LISTED])


def options(act: Act) -> Sequence[Option]:
    """The articles that somebody may read, to choose one, those changed last first."""
    readers = readers_of(act)
    known = (one.article for one in articles.listed(act.tx))
    return [
        Option(shortened(f"{one.key}: {one.title}", 75), one.key)
        for one in known
        if one.readers in readers and len(one.key) <= LONGEST_CHOICE
    ]


def show(act: Act, arguments: Arguments) -> Answer:
    """One article, by its key or by what it is about."""
    typed = typed_key(arguments)
    if is_blank(typed):
        raise refuse(sentences.MISSING_TEXT.say(usage=Markup("/kb show vpn/locked")))
    readers = readers_of(act)
    exact = articles.load(act.tx, typed)
    found = [exact] if exact else articles.search(act.tx, asked_words(typed), readers)
    if not found or found[0].readers not in readers:
        raise refuse(sentences.NO_ARTICLE.say(typed=typed[:60]))
    return shown(act, found[0])


def _listed(found: Sequence[Article]) -> Answer:
    """Articles in a list, with a menu to read one."""
    marks = tuple(Option(shortened(one.title, 75), mark_of(one.key)) for one in found)
    menu = Menu("Read", RunVerb("article-show", 0), marks)
    return Accepted("\n".join(_in_list(one) for one in found), controls=(menu,))


def _in_list(one: Article) -> str:
    lock = "🔒 " if one.readers is Readers.INTERNAL else ""
    return f"- {lock}**{literal(one.title)}** (`{one.key}`): {literal(headline(one.body, 120))}"
