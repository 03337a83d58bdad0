"""An article as it is shown to somebody, and what they say of it."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract import sentences
from chatdesk.contract import sentences_knowledge as said
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import literal
from chatdesk.contract.views import Button, Control, Style
from chatdesk.contract.vocabulary import Side
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.article_rights import is_staff, readers_of
from chatdesk.domain.article_editing import mark_of
from chatdesk.domain.knowledge import Article, Readers
from chatdesk.domain.text import headline
from chatdesk.store import article_uses, articles, threads
from chatdesk.store.article_uses import Opinion, Way

Arguments = Mapping[str, str]

LONGEST_SHOWN = 1400
"""Characters of an article that fit into one message of every platform, with what is said around them."""
LONGEST_READ = 6000
"""Of one that somebody asked to read; a few messages."""


def fitting(body: str, longest: int = LONGEST_SHOWN) -> str:
    """Cut at a paragraph's end, so that no list or code is torn."""
    if len(body) <= longest:
        return body
    kept = ""
    for paragraph in body.split("\n\n"):
        if len(kept) + len(paragraph) > longest:
            break
        kept += paragraph + "\n\n"
    return (kept.strip() or headline(body, longest)) + "\n\n…"


def shown(act: Act, one: Article) -> Answer:
    """An article to one person alone, whole as far as it fits. A requester can say whether it helped."""
    text = f"**{literal(one.title)}**\n\n{fitting(one.body, LONGEST_READ)}"
    if is_staff(act):
        return Accepted(text, controls=_for_staff(act, one))
    view = article_uses.note_view(act.tx, Way.READ, one.key, act.person, act.now)
    controls: tuple[Control, ...] = (
        Button("👍 Helpful", RunVerb("article-helpful", 0, view)),
        Button("👎 Not helpful", RunVerb("article-not-helpful", 0, view)),
    )
    return Accepted(text, controls=controls)


def _for_staff(act: Act, one: Article) -> tuple[Control, ...]:
    """To change it and, in a ticket's thread, to answer with it."""
    here = threads.at_place(act.tx, act.where.place) if act.where is not None else ()
    sending = tuple(
        Button(
            f"Send on #{each.ticket}", RunVerb("send-article", each.ticket, mark_of(one.key)), Style.PRIMARY
        )
        for each in here
        if each.side is Side.TEAM and each.state in threads.LIVE and one.readers is Readers.PUBLIC
    )
    return (*sending[:1], Button("Change it", RunVerb("article-edit", 0, mark_of(one.key))))


def marked(act: Act, arguments: Arguments) -> Answer:
    """The article of a menu's option, if its reader may read it."""
    one = articles.with_mark(act.tx, arguments.get("value", ""))
    if one is None or one.readers not in readers_of(act):
        raise refuse(sentences.CHOICE_GONE.say())
    return shown(act, one)


def helpful(act: Act, arguments: Arguments) -> Answer:
    return _said(act, arguments, Opinion.HELPFUL, said.THANKS_HELPFUL.say())


def not_helpful(act: Act, arguments: Arguments) -> Answer:
    return _said(act, arguments, Opinion.NOT, said.THANKS_NOT.say())


def _said(act: Act, arguments: Arguments, opinion: Opinion, thanks: str) -> Answer:
    """Counted once for a showing; who changes their mind is counted as they say last."""
    key = article_uses.say(act.tx, arguments.get("value", ""), act.person, opinion, act.now)
    if key is None:
        raise refuse(sentences.SELF_ONLY.say())
    again = Button("Read it again", RunVerb("article-show", 0, mark_of(key)))
    return Accepted(thanks, controls=(again,))
