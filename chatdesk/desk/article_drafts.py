"""Articles that wait: kept as drafts, looked through by somebody else, published by a button."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract import sentences_knowledge as sentences
from chatdesk.contract.actions import FormKind, RunVerb
from chatdesk.contract.inbound import FormOpened
from chatdesk.contract.ports import Accepted, Answer, Refused
from chatdesk.contract.sentences import Markup
from chatdesk.contract.views import Button, Control, Menu, Option, Style
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import article_from_ticket, telling
from chatdesk.desk.act import Act, FormWanted, refuse
from chatdesk.desk.article_rights import may_publish, require_publisher, require_writer, team_of
from chatdesk.desk.article_telling import tell_person, tell_team
from chatdesk.desk.article_writing import as_values, publish
from chatdesk.domain.article_editing import Written
from chatdesk.domain.knowledge import Article, Readers
from chatdesk.domain.languages import language_of
from chatdesk.domain.lines import Line, markup, person, words
from chatdesk.domain.text import shortened
from chatdesk.domain.ticket import Ticket
from chatdesk.store import article_drafts, articles, people
from chatdesk.store.article_drafts import Draft
from chatdesk.store.ids import new_id

Arguments = Mapping[str, str]


def prefilled(act: Act, event: FormOpened, ticket: Ticket | None) -> Mapping[str, str]:
    """What stands in the form when it is opened. Raises Refusal for who may not write articles."""
    require_writer(act)
    if ticket is not None and not event.prefill:
        return article_from_ticket.values(act, ticket)
    return event.prefill


def submitted(act: Act, ticket: int | None, values: Arguments, opened: Arguments) -> Answer:
    """The form was sent: who may publishes, everybody else keeps a draft; of a ticket it is always one.

    ``opened``: what the form was opened with, which says what it is about.
    """
    require_writer(act)
    key, draft_id = opened.get("article", ""), opened.get("draft", "")
    one = _written(act, values, key, draft_id)
    before = articles.applied(act.tx, key) if key else None
    if key and not draft_id and (before is None or str(before.version) != opened.get("version")):
        _keep(act, Draft(new_id(), one, act.person, act.now))
        return Accepted(sentences.CHANGED_SINCE.say(key=Markup(key), title=one.title))
    if ticket is None and not draft_id and may_publish(act):
        return publish(act, one)
    known = article_drafts.load(act.tx, draft_id) if draft_id else None
    if draft_id and known is None:
        raise refuse(sentences.DRAFT_GONE.say())
    author, about = (known.person, known.ticket) if known else (act.person, ticket)
    return _keep(act, Draft(draft_id or new_id(), one, author, act.now, about))


def _written(act: Act, values: Arguments, key: str, draft_id: str) -> Article:
    draft = article_drafts.load(act.tx, draft_id) if draft_id else None
    before = draft.article if draft else (articles.load(act.tx, key) if key else None)
    owner = f"{act.identity.platform}:{act.identity.id}" if act.identity else None
    language = language_of(f"{values.get('title', '')} {values.get('text', '')}") or "en"
    blank = Article(key=key, title="", body="", owner=owner, language=language)
    return Written(
        title=values.get("title", ""),
        body=values.get("text", ""),
        keywords=values.get("keywords", ""),
        category=values.get("category") or None,
        readers=Readers(values.get("readers") or Readers.INTERNAL),
    ).on(before or blank)


def _keep(act: Act, draft: Draft) -> Answer:
    is_new = article_drafts.load(act.tx, draft.id) is None
    article_drafts.put(act.tx, draft)
    if is_new:
        _tell_team(act, draft)
    said = sentences.DRAFT_KEPT.say(
        title=draft.article.title, readers=sentences.READERS[draft.article.readers]
    )
    return Accepted(said, controls=_controls(act, draft))


def _controls(act: Act, draft: Draft) -> tuple[Control, ...]:
    number = draft.ticket or 0
    change = Button("Change it", RunVerb("article-change", number, draft.id))
    drop = Button("Drop it", RunVerb("article-drop", number, draft.id), Style.DANGER)
    send = Button("Publish", RunVerb("article-publish", number, draft.id), Style.PRIMARY)
    return (send, change, drop) if may_publish(act) else (change, drop)


def _tell_team(act: Act, draft: Draft) -> None:
    """In the ticket's thread, else in the channel of the team whose article it is."""
    line = Line("article_drafted", (person("actor", act.person), words("title", draft.article.title)))
    look = Button("Look through", RunVerb("article-review", draft.ticket or 0, draft.id), Style.PRIMARY)
    if draft.ticket is not None and telling.say(act, draft.ticket, line, (Side.TEAM,), (look,)):
        return
    tell_team(act.tx, team_of(act.tx.organisation, draft.article), line, act.now, (look,))


def listed(act: Act, arguments: Arguments) -> Answer:
    """The drafts there are, with a menu to look through one."""
    require_writer(act)
    known = article_drafts.listed(act.tx)
    if not known:
        return Accepted(sentences.NO_DRAFTS.say())
    told = "".join(
        sentences.DRAFT_LISTED.say(
            title=one.article.title,
            readers=sentences.READERS[one.article.readers],
            about=_about(one),
            author=people.name_of(act.tx, one.person, act.platform),
        )
        for one in known
    )
    options = tuple(Option(shortened(one.article.title, 75), one.id) for one in known)
    menu = Menu("Look through", RunVerb("article-review", 0), options)
    return Accepted(sentences.DRAFTS.say(drafts=Markup(told)), controls=(menu,))


def _about(draft: Draft) -> Markup:
    key = sentences.DRAFT_ABOUT.say(key=Markup(draft.article.key)) if draft.article.key else ""
    ticket = sentences.DRAFT_OF_TICKET.say(number=draft.ticket) if draft.ticket else ""
    return Markup(key + ticket)


def review(act: Act, arguments: Arguments) -> Answer:
    """A draft as it would read, with what can be done to it."""
    require_writer(act)
    draft = _draft(act, arguments)
    said = sentences.DRAFT_SHOWN.say(
        title=draft.article.title,
        readers=sentences.READERS[draft.article.readers],
        about=_about(draft),
        author=people.name_of(act.tx, draft.person, act.platform),
        body=Markup(draft.article.body),
    )
    return Accepted(said, controls=_controls(act, draft))


def change(act: Act, arguments: Arguments) -> Answer:
    """A form with a draft as it is."""
    require_writer(act)
    draft = _draft(act, arguments)
    values = {**as_values(draft.article), "article": draft.article.key, "draft": draft.id}
    raise FormWanted(Refused(sentences.WRITE_IN_FORM.say()), FormKind.ARTICLE, None, values)


def publish_draft(act: Act, arguments: Arguments) -> Answer:
    """A draft becomes an article."""
    require_publisher(act)
    draft = _draft(act, arguments)
    answer = publish(act, draft.article)
    article_drafts.remove(act.tx, draft.id)
    _say_published(act, draft)
    return answer


def _say_published(act: Act, draft: Draft) -> None:
    """Where the draft was told of: in its ticket's thread, else to whoever wrote it."""
    one = draft.article
    key = one.key or next((each.article.key for each in articles.listed(act.tx)[:1]), "")
    line = Line(
        "article_published",
        (person("actor", act.person), words("title", one.title), markup("key", key)),
    )
    if draft.ticket is not None:
        telling.say(act, draft.ticket, line, (Side.TEAM,))
    elif draft.person != act.person:
        for known in people.identities_of(act.tx, draft.person)[:1]:
            tell_person(act.tx, known.id, line, act.now)


def drop(act: Act, arguments: Arguments) -> Answer:
    """Nobody wants a draft: its author may drop it, and who could publish it."""
    require_writer(act)
    draft = _draft(act, arguments)
    if draft.person != act.person:
        require_publisher(act)
    article_drafts.remove(act.tx, draft.id)
    return Accepted(sentences.DROPPED.say())


def _draft(act: Act, arguments: Arguments) -> Draft:
    found = article_drafts.load(act.tx, arguments.get("value", ""))
    if found is None:
        raise refuse(sentences.DRAFT_GONE.say())
    return found
