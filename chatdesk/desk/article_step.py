"""A step between a form and its ticket: articles that may be the answer, where a second form can be shown."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.contract import sentences
from chatdesk.contract import sentences_knowledge as said
from chatdesk.contract.inbound import FormOpened
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.views import ChoiceField, Form, Option
from chatdesk.desk import article_offers
from chatdesk.desk.act import Act
from chatdesk.domain.text import shortened
from chatdesk.store import article_uses, memory
from chatdesk.store.article_uses import Opinion, Way
from chatdesk.store.memory import OpenedForm

Values = Mapping[str, str]

_SAID, _SHOWN = "solved", "articles_shown"
_NOT = "no"


def before_sending(
    act: Act, form: OpenedForm, original: FormOpened, values: Values, text: str
) -> Answer | None:
    """What comes before the ticket: articles, or thanks where one was enough; None: the ticket itself."""
    if not original.steps or (original.source and original.source.author.identity != act.identity):
        return None
    if _SAID not in values:
        return _asked(act, form, values, text)
    chosen = values[_SAID]
    if chosen not in shown_in(form):
        return None
    article_uses.settle(act.tx, chosen, Opinion.SOLVED, act.now)
    return Accepted(sentences.GLAD.say())


def shown_in(form: OpenedForm) -> tuple[str, ...]:
    """The showings of the articles that were offered in a form, as we remember them."""
    return tuple(form.values.get(_SHOWN, "").split())


def _asked(act: Act, form: OpenedForm, values: Values, text: str) -> Answer | None:
    found = article_offers.suggested(act, act.person, text, article_offers.MOST_OFFERED)
    if not found:
        return None
    views = [article_uses.note_view(act.tx, Way.FORM, one.key, act.person, act.now) for one in found]
    memory.keep_form_values(act.tx, form.id, {**values, _SHOWN: " ".join(views)})
    solved = (
        Option(shortened(said.SOLVED_BY.say(title=one.title).replace("\\", ""), 75), view)
        for one, view in zip(found, views, strict=True)
    )
    options = (Option(said.NOT_SOLVED, _NOT), *solved)
    choice = ChoiceField(_SAID, said.ASKED_SOLVED, options, _NOT)
    return Accepted(
        form=Form(form.id, said.STEP_TITLE, said.STEP_SUBMIT, (choice,), article_offers.before_sending(found))
    )
