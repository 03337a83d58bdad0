"""Who may write articles and who may publish them; and the article that somebody means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdesk.contract import sentences_knowledge as sentences
from chatdesk.contract.sentences import NOT_ALLOWED_HERE, Markup
from chatdesk.desk import standing
from chatdesk.desk.act import Act, refuse
from chatdesk.desk.refusing import unknown
from chatdesk.domain.knowledge import Article, Readers
from chatdesk.domain.organisation import Organisation, Team
from chatdesk.domain.permissions import Deed, Role, may
from chatdesk.store import articles
from chatdesk.store.articles import Applied


def _roles(act: Act) -> frozenset[Role]:
    place = standing.standing_of(act.tx, act.person)
    holds = {Role.COLLEAGUE: place.is_staff, Role.LEAD: bool(place.leads), Role.ADMIN: place.is_admin}
    return frozenset(role for role, held in holds.items() if held)


def may_publish(act: Act) -> bool:
    return may(_roles(act), Deed.ARTICLES)


def require_publisher(act: Act) -> None:
    """Raises Refusal, naming who can, unless the person may publish articles."""
    if not may_publish(act):
        raise refuse(NOT_ALLOWED_HERE.say(who=sentences.WHO_PUBLISHES))


def require_writer(act: Act) -> None:
    """Raises Refusal unless the person may write drafts and read what only staff may."""
    if not may(_roles(act), Deed.DRAFT_ARTICLE):
        raise refuse(NOT_ALLOWED_HERE.say(who=sentences.WHO_WRITES))


def is_staff(act: Act) -> bool:
    return standing.standing_of(act.tx, act.person).is_staff


def readers_of(act: Act) -> Sequence[Readers]:
    """The audiences that somebody belongs to: internal articles are for staff alone."""
    return list(Readers) if is_staff(act) else [Readers.PUBLIC]


def named(act: Act, arguments: Mapping[str, str], usage: str) -> Applied:
    """The article with the key that staff typed. Raises Refusal with those there are."""
    typed = typed_key(arguments)
    found = articles.applied(act.tx, typed) if typed else None
    if found is None:
        known = articles.keys(act.tx)
        if not typed:
            shown = ", ".join(known[:25]) or "none yet"
            raise refuse(sentences.WHICH_ARTICLE.say(usage=Markup(f"Such as `{usage}`"), allowed=shown))
        raise unknown("article", typed, known, usage)
    return found


def typed_key(arguments: Mapping[str, str]) -> str:
    return arguments.get("article", "").replace("\\", "").strip().strip("`")


def team_of(organisation: Organisation, article: Article) -> Team:
    """Whose article it is: its owner's, where that is a team, else its category's, else the first."""
    category = organisation.category(article.category)
    found = (organisation.team(article.owner), organisation.team(category.team if category else None))
    return next((team for team in found if team is not None), organisation.teams[0])
