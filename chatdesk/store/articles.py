"""A desk's articles: as they are now, how they come from files and from chat, and how they are found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from chatdesk.domain.article_editing import mark_of
from chatdesk.domain.knowledge import Article, Readers, corrected, is_likely, plain_words
from chatdesk.store import article_versions, full_text
from chatdesk.store.article_rows import article_of, columns_of
from chatdesk.store.article_versions import Change, Origin, Version
from chatdesk.store.tables_knowledge import article_drafts, articles
from chatdesk.store.tables_knowledge import article_versions as article_version_rows
from chatdesk.store.transaction import Transaction

MOST = 10
LOOKED_AT = 6
"""Of what is found for a request so many are looked at more closely."""


class Conflict(StrEnum):
    """What was done in chat to an article that files know differently."""

    EDITED = "edited in chat"
    RETIRED = "retired in chat"
    FILE_GONE = "edited in chat, and its file is gone"


class OnConflict(StrEnum):
    KEEP = "keep"
    """What was done in chat stays."""
    TAKE_FILES = "take files"


class Unresolved(Exception):
    """What was done in chat would be lost, and nobody said that it may be."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of articles, by what applying a folder does to them.

    ``only_here`` were written in chat and are in no file; they stay.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    conflicts: tuple[tuple[str, Conflict], ...] = ()
    only_here: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """An article as it stands in the desk."""

    article: Article
    version: int
    changed_at: datetime
    origin: Origin = Origin.FILE


def changes(tx: Transaction, wanted: Sequence[Article]) -> Changes:
    """What applying these articles would do."""
    known = {one.article.key: one for one in listed(tx)}
    retired = article_versions.retired_in_chat(tx)
    files = {one.key: one for one in wanted}
    differing = [key for key, one in files.items() if key in known and known[key].article != one]
    here = [key for key in known if key not in files and known[key].origin is Origin.DESK]
    abandoned = [key for key in here if _was_in_a_file(tx, key)]
    edited = [key for key in differing if known[key].origin is Origin.DESK]
    return Changes(
        added=tuple(key for key in files if key not in known and key not in retired),
        changed=tuple(key for key in differing if key not in edited),
        removed=tuple(key for key in known if key not in files and key not in here),
        conflicts=(
            *((key, Conflict.EDITED) for key in edited),
            *((key, Conflict.RETIRED) for key in files if key not in known and key in retired),
            *((key, Conflict.FILE_GONE) for key in abandoned),
        ),
        only_here=tuple(key for key in here if key not in abandoned),
    )


def _was_in_a_file(tx: Transaction, key: str) -> bool:
    return any(one.origin is Origin.FILE for one in article_versions.of_article(tx, key))


def apply(
    tx: Transaction, wanted: Sequence[Article], now: datetime, on_conflict: OnConflict | None = None
) -> Changes:
    """These are the desk's articles now, besides those that were written in chat alone.

    Raises Unresolved where files and chat differ and nobody said which counts. What became of removed
    articles is still counted, and what they said is kept.
    """
    made = changes(tx, wanted)
    if made.conflicts and on_conflict is None:
        raise Unresolved
    taken = [key for key, _ in made.conflicts if on_conflict is OnConflict.TAKE_FILES]
    for one in wanted:
        if one.key in (*made.added, *made.changed, *taken):
            put(tx, one, Origin.FILE, None, now)
    files = {one.key for one in wanted}
    for key in (*made.removed, *(key for key in taken if key not in files)):
        remove(tx, key, Origin.FILE, None, now)
    _know_as_files(tx, wanted)
    return made


def _know_as_files(tx: Transaction, wanted: Sequence[Article]) -> None:
    """What was written in chat and stands in a file, word for word, is the file's from now on."""
    known = {one.article.key: one for one in listed(tx) if one.origin is Origin.DESK}
    for one in wanted:
        if one.key in known and known[one.key].article == one:
            tx.connection.execute(update(articles).where(*_is(tx, one.key)).values(origin=Origin.FILE))


def put(tx: Transaction, one: Article, origin: Origin, person: str | None, now: datetime) -> int:
    """Make this what the article says; which version that is."""
    before = applied(tx, one.key)
    version = _next_version(tx, one.key, before)
    plain = plain_words(one)
    values = columns_of(one) | {
        "plain_title": plain.title,
        "plain_keywords": plain.keywords,
        "plain_body": plain.body,
        "version": version,
        "changed_at": now,
        "origin": origin,
        "reminded_at": None,
        "looked_through_on": None,
    }
    if before is None:
        tx.connection.execute(insert(articles).values(desk=tx.desk, key=one.key, **values))
    else:
        tx.connection.execute(update(articles).where(*_is(tx, one.key)).values(values))
    full_text.put(tx, one.key, plain)
    article_versions.note(tx, Version(one, version, Change.WRITTEN, origin, person, now))
    return version


def remove(tx: Transaction, key: str, origin: Origin, person: str | None, now: datetime) -> None:
    """Nobody finds it any more. What it said is kept among its versions."""
    before = applied(tx, key)
    if before is None:
        return
    version = _next_version(tx, key, before)
    article_versions.note(tx, Version(before.article, version, Change.RETIRED, origin, person, now))
    tx.connection.execute(delete(articles).where(*_is(tx, key)))
    full_text.remove(tx, key)


def _next_version(tx: Transaction, key: str, before: Applied | None) -> int:
    """Versions are counted on. What was applied before versions were kept is kept first."""
    newest = article_versions.newest_number(tx, key)
    if before is not None and before.version > newest:
        was = Version(before.article, before.version, Change.WRITTEN, before.origin, None, before.changed_at)
        article_versions.note(tx, was)
        newest = before.version
    return newest + 1


def disown(tx: Transaction, owners: Collection[str]) -> None:
    """Somebody is erased, by their accounts as ``desk.yaml`` writes them: no article is theirs any more."""
    for table in (articles, article_version_rows, article_drafts):
        theirs = (table.c.desk == tx.desk, table.c.owner.in_(owners))
        tx.connection.execute(update(table).where(*theirs).values(owner=None))


def listed(tx: Transaction) -> Sequence[Applied]:
    """All of a desk's articles, those changed last first."""
    statement = (
        select(articles)
        .where(articles.c.desk == tx.desk)
        .order_by(articles.c.changed_at.desc(), articles.c.key)
    )
    return [_from_row(row) for row in tx.connection.execute(statement)]


def applied(tx: Transaction, key: str) -> Applied | None:
    row = tx.connection.execute(select(articles).where(*_is(tx, key))).one_or_none()
    return None if row is None else _from_row(row)


def load(tx: Transaction, key: str) -> Article | None:
    found = applied(tx, key)
    return None if found is None else found.article


def keys(tx: Transaction) -> Sequence[str]:
    """Of all articles there are."""
    return list(tx.connection.execute(select(articles.c.key).where(articles.c.desk == tx.desk)).scalars())


def with_mark(tx: Transaction, mark: str) -> Article | None:
    """The article that a button means."""
    key = next((key for key in keys(tx) if mark_of(key) == mark), None)
    return None if key is None else load(tx, key)


def search(tx: Transaction, words: Sequence[str], readers: Sequence[Readers]) -> Sequence[Article]:
    """Articles about these words for these readers, the best first, of two as good the newer.

    Those with all of the words as they were typed; else with all as they were probably meant; else with any
    of them, at last with words that stand in no title and no keywords read as those that stand in texts.
    """
    for meant, every in _readings(tx, words):
        found = full_text.find(tx, meant, every=every, most=MOST)
        loaded = [(one.score, known) for one in found if (known := applied(tx, one.key)) is not None]
        loaded.sort(key=lambda one: (round(one[0], 6), one[1].changed_at), reverse=True)
        fitting = [known.article for _, known in loaded if known.article.readers in readers]
        if fitting:
            return fitting
    return []


def _readings(tx: Transaction, words: Sequence[str]) -> Iterable[tuple[Sequence[str], bool]]:
    yield words, True
    meant = corrected(words, _vocabulary(tx, (articles.c.plain_title, articles.c.plain_keywords)))
    yield meant, True
    yield meant, False
    yield corrected(meant, _vocabulary(tx, (articles.c.plain_body,))), False


def likely(
    tx: Transaction,
    words: Sequence[str],
    readers: Sequence[Readers],
    *,
    most: int = 1,
    language: str | None = None,
) -> Sequence[Article]:
    """The articles for these readers that most likely answer a request, the likeliest first.

    Those in the language that was asked in come before others.
    """
    meant = corrected(words, _vocabulary(tx, (articles.c.plain_title, articles.c.plain_keywords)))
    found = full_text.find(tx, meant, every=False, most=LOOKED_AT)
    loaded = [article for one in found if (article := load(tx, one.key)) is not None]
    fitting = [one for one in loaded if one.readers in readers and is_likely(meant, plain_words(one))]
    return sorted(fitting, key=lambda one: language is not None and one.language != language)[:most]


def _vocabulary(tx: Transaction, columns: Sequence[ColumnElement[str]]) -> frozenset[str]:
    """The words that mistyped ones are read as."""
    statement = select(*columns).where(articles.c.desk == tx.desk)
    return frozenset(
        word for row in tx.connection.execute(statement) for text in row for word in text.split()
    )


def _is(tx: Transaction, key: str) -> tuple[ColumnElement[bool], ...]:
    return (articles.c.desk == tx.desk, articles.c.key == key)


def _from_row(row: Row[tuple[object, ...]]) -> Applied:
    values = row._mapping
    origin = Origin(values["origin"] or Origin.FILE)
    return Applied(article_of(values), values["version"], values["changed_at"], origin)
