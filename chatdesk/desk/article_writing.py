"""Articles written, changed and taken away in chat; every version is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher

from chatdesk.contract import sentences_knowledge as sentences
from chatdesk.contract.actions import FormKind, OpenForm, RunVerb
from chatdesk.contract.ports import Accepted, Answer, Refused
from chatdesk.contract.sentences import Markup
from chatdesk.contract.views import Button, Style
from chatdesk.desk.act import Act, FormWanted, refuse
from chatdesk.desk.article_rights import named, require_publisher, require_writer, typed_key
from chatdesk.desk.article_shown import LONGEST_READ, fitting
from chatdesk.domain.article_editing import LONGEST_BODY, LONGEST_TITLE, key_for, mark_of
from chatdesk.domain.knowledge import Article
from chatdesk.domain.local_time import clock_time, zone_of
from chatdesk.domain.text import one_line
from chatdesk.store import article_versions, articles, people
from chatdesk.store.article_versions import Change, Origin, Version

Arguments = Mapping[str, str]


def new(act: Act, arguments: Arguments) -> Answer:
    """A form for an article."""
    require_writer(act)
    button = Button("Write it", OpenForm(FormKind.ARTICLE), Style.PRIMARY)
    refused = Refused(sentences.WRITE_IN_FORM.say(), controls=(button,))
    title = one_line(arguments.get("text", ""), LONGEST_TITLE)
    raise FormWanted(refused, FormKind.ARTICLE, None, {"title": title} if title else {})


def edit(act: Act, arguments: Arguments) -> Answer:
    """A form with an article as it is."""
    require_writer(act)
    one = named(act, arguments, "/kb edit vpn/locked")
    key, body = one.article.key, one.article.body
    if len(body) > LONGEST_BODY:
        raise refuse(sentences.TOO_LONG_TO_EDIT.say(key=Markup(key), length=len(body), limit=LONGEST_BODY))
    button = Button("Change it", RunVerb("article-edit", 0, mark_of(key)), Style.PRIMARY)
    values = {**as_values(one.article), "article": key, "version": str(one.version)}
    raise FormWanted(
        Refused(sentences.WRITE_IN_FORM.say(), controls=(button,)), FormKind.ARTICLE, None, values
    )


def edit_marked(act: Act, arguments: Arguments) -> Answer:
    """The same, by a button."""
    found = articles.with_mark(act.tx, arguments.get("value", ""))
    return edit(act, {"article": found.key if found else ""})


def as_values(one: Article) -> Mapping[str, str]:
    """An article as it stands in the form."""
    return {
        "title": one.title,
        "text": one.body,
        "keywords": ", ".join(one.keywords),
        "category": one.category or "",
        "readers": one.readers.value,
    }


def publish(act: Act, wanted: Article) -> Answer:
    """Make this an article; one without a key gets one. Raises Refusal for who may not."""
    require_publisher(act)
    taken = {*articles.keys(act.tx), *article_versions.keys(act.tx)}
    one = replace(wanted, key=wanted.key or key_for(wanted.title, taken))
    before = articles.load(act.tx, one.key)
    if before == one:
        return Accepted(sentences.NOTHING_CHANGED.say(key=Markup(one.key)))
    version = articles.put(act.tx, _to_be_reviewed(act, one), Origin.DESK, act.person, act.now)
    also = sentences.OVER_A_FILE.say() if _is_in_a_file(act, one.key) else ""
    return Accepted(
        sentences.PUBLISHED.say(title=one.title, key=Markup(one.key), version=version, also=Markup(also))
    )


def _to_be_reviewed(act: Act, one: Article) -> Article:
    """Whoever publishes an article has looked it through."""
    return replace(one, review_on=next_review(act) or one.review_on)


def next_review(act: Act) -> date | None:
    """When an article that is looked through today is to be looked through again."""
    known = act.tx.organisation.knowledge
    if known is None or known.review_after is None:
        return None
    return today(act) + known.review_after


def today(act: Act) -> date:
    return act.now.astimezone(zone_of(act.tx.organisation)).date()


def _is_in_a_file(act: Act, key: str) -> bool:
    return any(one.origin is Origin.FILE for one in article_versions.of_article(act.tx, key))


def retire(act: Act, arguments: Arguments) -> Answer:
    """Let nobody find an article any more."""
    require_publisher(act)
    key = named(act, arguments, "/kb retire vpn/locked").article.key
    also = sentences.FILE_BRINGS_BACK.say() if _is_in_a_file(act, key) else ""
    articles.remove(act.tx, key, Origin.DESK, act.person, act.now)
    return Accepted(sentences.RETIRED.say(key=Markup(key), also=Markup(also)))


def history(act: Act, arguments: Arguments) -> Answer:
    """An article's versions, or one of them as it read."""
    require_writer(act)
    key, _, typed = typed_key(arguments).partition(" ")
    number = arguments.get("version", typed)
    known = article_versions.of_article(act.tx, key) or _only_version(act, key)
    if not known:
        named(act, {"article": key}, "/kb history vpn/locked")
    if number.strip():
        return _version(act, key, number.strip(), known)
    told = "".join(
        sentences.VERSION.say(
            version=one.version,
            time=clock_time(act.tx.organisation, one.at),
            who=_by(act, one),
            what=_what(one, known[at + 1] if at + 1 < len(known) else None),
        )
        for at, one in enumerate(known[:15])
    )
    title = known[0].article.title
    return Accepted(sentences.HISTORY.say(title=title, key=Markup(key), versions=Markup(told)))


def _only_version(act: Act, key: str) -> Sequence[Version]:
    """Of an article that was applied before versions were kept."""
    one = articles.applied(act.tx, key)
    if one is None:
        return ()
    return (Version(one.article, one.version, Change.WRITTEN, one.origin, None, one.changed_at),)


def _version(act: Act, key: str, number: str, known: Sequence[Version]) -> Answer:
    one = next((one for one in known if str(one.version) == number), None)
    if one is None:
        raise refuse(sentences.NO_VERSION.say(key=Markup(key), version=number[:10]))
    return Accepted(
        sentences.VERSION_SHOWN.say(
            title=one.article.title,
            key=Markup(key),
            version=one.version,
            time=clock_time(act.tx.organisation, one.at),
            who=_by(act, one),
            body=Markup(fitting(one.article.body, LONGEST_READ)),
        )
    )


def _by(act: Act, one: Version) -> str:
    return people.name_of(act.tx, one.person, act.platform) if one.person else sentences.BY_A_FILE


def _what(one: Version, before: Version | None) -> Markup:
    """What a version changed, in short."""
    if one.change is Change.RETIRED:
        return Markup(sentences.TAKEN_AWAY)
    if before is None:
        return Markup(sentences.FIRST)
    old, new = before.article.body.splitlines(), one.article.body.splitlines()
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    others = [
        name
        for name in ("title", "readers", "category", "keywords", "owner", "language")
        if getattr(one.article, name) != getattr(before.article, name)
    ]
    more = sum(end - start for tag, _, _, start, end in steps if tag != "equal")
    fewer = sum(end - start for tag, start, end, _, _ in steps if tag != "equal")
    lines = [sentences.LINES_CHANGED.say(more=more, fewer=fewer)] if more or fewer else []
    return Markup(", ".join([*lines, *others]))
