"""Articles grow old: those to be looked through, and a weekly reminder to whoever owns them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from chatdesk.contract import sentences_knowledge as sentences
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import CHOICE_GONE, Markup, literal
from chatdesk.contract.views import Menu, Option
from chatdesk.contract.vocabulary import IdentityId, Platform
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.apart import each_desk
from chatdesk.desk.article_rights import require_publisher, require_writer, team_of
from chatdesk.desk.article_telling import tell_person, tell_team
from chatdesk.desk.article_writing import today
from chatdesk.domain.article_editing import mark_of
from chatdesk.domain.article_reviews import USUAL, is_time_to_remind
from chatdesk.domain.knowledge import Article
from chatdesk.domain.lines import Line, markup
from chatdesk.domain.local_time import zone_of
from chatdesk.domain.organisation import Organisation, StaffSource, StaffSourceKind
from chatdesk.domain.staff import read_staff
from chatdesk.domain.text import shortened
from chatdesk.store import article_reviews, articles, people
from chatdesk.store.article_reviews import Due
from chatdesk.store.transaction import Transaction, in_turn

MOST = 25
_SHOWN = 15


def listed(act: Act, arguments: Mapping[str, str]) -> Answer:
    """What is to be looked through, with menus to say that it is still right, or to change it."""
    require_writer(act)
    known = act.tx.organisation.knowledge
    found = article_reviews.due(act.tx, today(act), known.review_after if known else None)[:MOST]
    if not found:
        return Accepted(sentences.NOTHING_DUE.say())
    options = tuple(Option(shortened(one.article.title, 75), mark_of(one.article.key)) for one in found)
    controls = (
        Menu("Still right", RunVerb("article-keep", 0), options),
        Menu("Change it", RunVerb("article-edit", 0), options),
    )
    return Accepted(sentences.DUE.say(articles=Markup(_told(act.tx, found[:_SHOWN]))), controls=controls)


def _told(tx: Transaction, found: Sequence[Due]) -> str:
    return "".join(
        sentences.DUE_ONE.say(
            title=one.article.title,
            key=Markup(one.article.key),
            date=one.since.isoformat(),
            owner=Markup(_owned(tx, one.article)),
        )
        for one in found
    )


def _owned(tx: Transaction, one: Article) -> str:
    if not one.owner:
        return ""
    who = _person(one.owner)
    known = people.identity(tx, who) if who is not None else None
    name = people.name_of(tx, known.person) if known is not None else one.owner
    return sentences.OWNED.say(owner=name)


def keep(act: Act, arguments: Mapping[str, str]) -> Answer:
    """Somebody who may change it says that an article is still right."""
    require_publisher(act)
    one = articles.with_mark(act.tx, arguments.get("value", ""))
    if one is None:
        raise refuse(CHOICE_GONE.say())
    article_reviews.note_looked_through(act.tx, one.key, today(act))
    known = act.tx.organisation.knowledge
    again = today(act) + ((known.review_after if known else None) or USUAL)
    return Accepted(sentences.STILL_RIGHT.say(key=Markup(one.key), date=again.isoformat()))


def remind(connection: Connection, now: datetime) -> int:
    """Tell the owners of articles that are due, each once a week and in working hours."""
    return each_desk(connection, now, _of_desk)


def _of_desk(connection: Connection, organisation: Organisation, now: datetime) -> int:
    zone = zone_of(organisation)
    if not is_time_to_remind(now, zone):
        return 0
    known = organisation.knowledge
    after = known.review_after if known else None
    day = now.astimezone(zone).date()
    looking = Transaction(connection, organisation.desk, organisation)
    if not article_reviews.to_remind(article_reviews.due(looking, day, after), now):
        return 0
    tx = in_turn(connection, organisation)
    waiting = article_reviews.to_remind(article_reviews.due(tx, day, after), now)
    by_owner: dict[str, list[Due]] = {}
    for one in waiting:
        by_owner.setdefault(_reminded(tx, one.article), []).append(one)
        article_reviews.note_reminded(tx, one.article.key, now)
    for owner, theirs in by_owner.items():
        _tell(tx, owner, theirs, now)
    return len(waiting)


def _reminded(tx: Transaction, one: Article) -> str:
    """Who is told: the owner, where we know them as a person, else the team whose article it is."""
    who = _person(one.owner) if one.owner else None
    known = people.identity(tx, who) if who is not None else None
    return str(who) if known is not None else team_of(tx.organisation, one).key


def _person(owner: str) -> IdentityId | None:
    """Somebody's account, written as in ``desk.yaml``."""
    if ":" not in owner:
        return None
    try:
        source: StaffSource = read_staff(owner)
    except KeyError:
        return None
    return IdentityId(source.platform, source.id) if source.kind is StaffSourceKind.PERSON else None


def _tell(tx: Transaction, owner: str, theirs: Sequence[Due], now: datetime) -> None:
    told = "".join(f"- **{literal(one.article.title)}** (`{one.article.key}`)\n" for one in theirs[:_SHOWN])
    line = Line("articles_due", (markup("articles", told),))
    team = tx.organisation.team(owner)
    if team is not None:
        tell_team(tx, team, line, now)
        return
    platform, _, account = owner.partition("/")
    tell_person(tx, IdentityId(Platform(platform), account), line, now)
