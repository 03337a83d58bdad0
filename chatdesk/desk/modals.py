"""Forms: what they ask, what is remembered while they are open, what a submission does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chatdesk.contract import codec, sentences
from chatdesk.contract.actions import FormKind
from chatdesk.contract.inbound import (
    CommandGiven,
    CommandTyped,
    FormChanged,
    FormDismissed,
    FormOpened,
    FormSubmitted,
    Inbound,
)
from chatdesk.contract.ports import Accepted, Answer, Refused
from chatdesk.contract.views import Form
from chatdesk.contract.vocabulary import Means, SourceMessage
from chatdesk.desk import (
    article_drafts,
    article_offers,
    article_step,
    commands,
    fields,
    opening,
    splitting,
    standing,
)
from chatdesk.desk.act import Act, FormWanted, Refusal, act_of, refuse
from chatdesk.desk.expecting import which_ticket
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.permissions import Deed
from chatdesk.domain.ticket import Ticket
from chatdesk.store import memory, threads, tickets
from chatdesk.store.ids import new_id
from chatdesk.store.memory import OpenedForm
from chatdesk.store.transaction import Transaction

VERBS: Mapping[FormKind, str] = {
    FormKind.REPLY: "reply",
    FormKind.NOTE: "note",
    FormKind.ESCALATE: "escalate",
    FormKind.RESOLVE: "resolve",
    FormKind.ASSIGN: "assign",
    FormKind.MOVE: "move",
    FormKind.CATEGORY: "category",
    FormKind.TAG: "tag",
    FormKind.PEOPLE: "people",
    FormKind.CLOSE: "close",
    FormKind.ASK_CLOSE: "close-request",
    FormKind.SNOOZE: "snooze",
    FormKind.RATING: "rate",
    FormKind.MERGE: "merge",
    FormKind.SPLIT: "split",
    FormKind.RELATE: "relate",
    FormKind.PROPOSAL: "send-proposal",
    FormKind.MACRO: "send-macro",
}

DEEDS: Mapping[FormKind, Deed] = {
    FormKind.REPLY: Deed.WRITE,
    FormKind.NOTE: Deed.NOTE,
    FormKind.ESCALATE: Deed.ESCALATE,
    FormKind.RESOLVE: Deed.RESOLVE,
    FormKind.ASSIGN: Deed.ASSIGN,
    FormKind.MOVE: Deed.MOVE,
    FormKind.CATEGORY: Deed.CATEGORY,
    FormKind.TAG: Deed.TAG,
    FormKind.PEOPLE: Deed.PEOPLE,
    FormKind.CLOSE: Deed.CLOSE,
    FormKind.ASK_CLOSE: Deed.ASK_CLOSE,
    FormKind.SNOOZE: Deed.SNOOZE,
    FormKind.RATING: Deed.RATE,
    FormKind.MERGE: Deed.MERGE,
    FormKind.SPLIT: Deed.MERGE,
    FormKind.RELATE: Deed.RELATE,
    FormKind.ARTICLE: Deed.DRAFT_ARTICLE,
    FormKind.PROPOSAL: Deed.ASSISTANT,
    FormKind.MACRO: Deed.NOTE,
}


_SHOWN_FORMS = (Means.COMMAND, Means.BUTTON)
FEWEST_FIELDS = 5
"""What every platform can show in one form."""


def form_opened(tx: Transaction, event: FormOpened, now: datetime) -> Answer:
    """Remember the form and say what it asks."""
    act = act_of(tx, event.actor, event.where, event.means, now)
    if event.kind is FormKind.TICKET:
        _refuse_if_made(act, event.source)
    ticket = _ticket(act, event)
    if ticket is not None:
        _require(act, event.kind, ticket)
        event = replace(event, ticket=ticket.number)
    if event.kind is FormKind.ARTICLE:
        event = replace(event, prefill=article_drafts.prefilled(act, event, ticket))
    opened = OpenedForm(
        id=new_id(),
        kind=event.kind,
        person=act.person,
        opened={"event": codec.dump(event), "seen": _seen(event.kind, ticket)},
        opened_at=now,
        ticket_version=ticket.version if ticket else None,
        values=event.prefill,
    )
    memory.add_form(tx, opened)
    return Accepted(form=_form(act, opened.id, event, event.prefill, event.capacity))


def form_instead(event: Inbound, wanted: FormWanted) -> FormOpened | None:
    """The form that a command lacks something for, where whoever gave it can be shown one at once."""
    if not isinstance(event, CommandTyped | CommandGiven) or event.means not in _SHOWN_FORMS:
        return None
    return FormOpened(
        key=event.key,
        actor=event.actor,
        where=event.where,
        kind=wanted.kind,
        means=event.means,
        at=event.at,
        capacity=FEWEST_FIELDS,
        ticket=wanted.ticket,
        prefill=wanted.prefill,
    )


def _ticket(act: Act, event: FormOpened) -> Ticket | None:
    """The ticket that the form is about. Raises Refusal if there must be one and it is not known."""
    if event.kind is FormKind.TICKET or (event.kind is FormKind.ARTICLE and event.ticket is None):
        return None
    if event.ticket is not None:
        return standing.visible(act, event.ticket)
    number = _pointed_at(act, event.source) if event.source is not None else None
    number = number or commands.ticket_here(act)
    if number is None:
        raise which_ticket(act, f"/ticket {VERBS[event.kind]}")
    return standing.visible(act, number)


def _pointed_at(act: Act, source: SourceMessage) -> int | None:
    """The ticket whose card or conversation a message is."""
    card = threads.with_card(act.tx, source.ref.place.platform, source.ref.id)
    return card.ticket if card else opening.made_of(act.tx, source)


def _require(act: Act, kind: FormKind, ticket: Ticket) -> None:
    """Raises Refusal before somebody fills in what they may not send."""
    is_draft = ticket.status is Status.DRAFT
    standing.require(act, ticket, Deed.FILL if kind is FormKind.CATEGORY and is_draft else DEEDS[kind])


def _form(act: Act, form_id: str, event: FormOpened, values: Mapping[str, str], capacity: int) -> Form:
    ticket = tickets.load(act.tx, event.ticket) if event.ticket is not None else None
    return fields.form(act, form_id, event, ticket, values, capacity)


def _seen(kind: FormKind, ticket: Ticket | None) -> dict[str, str]:
    """What the person saw of the ticket that the form is about to change."""
    if ticket is None:
        return {}
    match kind:
        case FormKind.RESOLVE | FormKind.CLOSE | FormKind.ASK_CLOSE:
            return {"status": ticket.status}
        case FormKind.ASSIGN:
            return {"assignee": ticket.assignee or ""}
        case FormKind.MOVE | FormKind.ESCALATE:
            return {"team": ticket.team or ""}
        case FormKind.CATEGORY:
            return {"category": ticket.category or ""}
    return {}


def form_changed(tx: Transaction, event: FormChanged, now: datetime) -> Answer:
    """A field that others depend on was changed, or the form is to be shown again as it was filled in."""
    opened, original = _opened(tx, event.form, event.values)
    act = act_of(tx, event.actor, original.where, Means.FORM, now)
    _require_own(act, opened)
    values = {**opened.values, **event.values}
    memory.keep_form_values(tx, opened.id, values)
    return Accepted(form=_form(act, opened.id, original, values, event.capacity))


def form_dismissed(tx: Transaction, event: FormDismissed, now: datetime) -> Answer:
    memory.end_form(tx, event.form, now)
    return Accepted()


def form_submitted(tx: Transaction, event: FormSubmitted, now: datetime) -> Answer:
    """Do what the form is for. A refusal keeps what was typed."""
    if not memory.first_time(tx, event.key, now):
        return Accepted()
    opened, original = _opened(tx, event.form, event.values)
    act = act_of(tx, event.actor, original.where, Means.FORM, now)
    _require_own(act, opened)
    values = {**opened.values, **event.values}
    memory.keep_form_values(tx, opened.id, values)
    attempt = tx.connection.begin_nested()
    try:
        answer = _submit(act, opened, original, values)
    except ChangedMeanwhile as refusal:
        attempt.rollback()
        tx.journal.clear()
        _note_as_seen(tx, opened, original)
        return refusal.answer
    except Refusal as refusal:
        attempt.rollback()
        tx.journal.clear()
        return refusal.answer
    attempt.commit()
    if not isinstance(answer, Accepted) or answer.form is None:
        memory.end_form(tx, opened.id, now)
    return answer


class ChangedMeanwhile(Refusal):
    """What the form changes is not what its person saw when it was opened."""


def _note_as_seen(tx: Transaction, opened: OpenedForm, original: FormOpened) -> None:
    """What changed meanwhile has been shown now, so that submitting again goes through."""
    ticket = tickets.load(tx, original.ticket) if original.ticket is not None else None
    memory.update_form_seen(tx, opened.id, {**opened.opened, "seen": _seen(original.kind, ticket)})


def _opened(tx: Transaction, form_id: str, values: Mapping[str, str]) -> tuple[OpenedForm, FormOpened]:
    opened = memory.form(tx, form_id)
    typed = " / ".join(value for value in values.values() if value)
    if opened is None or opened.ended_at is not None:
        raise refuse(sentences.FORM_GONE.say(text=typed[:1500] or "nothing"))
    document = opened.opened["event"]
    original = codec.load(document) if isinstance(document, dict) else None
    if not isinstance(original, FormOpened):
        raise refuse(sentences.FORM_GONE.say(text=typed[:1500] or "nothing"))
    return opened, original


def _require_own(act: Act, opened: OpenedForm) -> None:
    if opened.person != act.person:
        raise refuse(sentences.SELF_ONLY.say())


def _submit(act: Act, opened: OpenedForm, original: FormOpened, values: Mapping[str, str]) -> Answer:
    fields.require_valid(fields.form(act, opened.id, original, None, values, 99), values)
    if original.kind is FormKind.TICKET:
        return _open_ticket(act, opened, original, values)
    if original.kind is FormKind.ARTICLE:
        return article_drafts.submitted(act, original.ticket, values, original.prefill)
    if original.ticket is None:
        raise refuse(sentences.FORM_GONE.say(text=""))
    ticket = standing.visible(act, original.ticket)
    _refuse_if_changed(act, opened, original.kind, ticket)
    given = fields.arguments(original.kind, values)
    if original.kind is FormKind.SPLIT:
        source = original.source
        given = {**given, **splitting.pointed_at(act.tx, source.ref if source else None)}
    return commands.run_on(act, VERBS[original.kind], ticket, given)


def _refuse_if_changed(act: Act, opened: OpenedForm, kind: FormKind, ticket: Ticket) -> None:
    """Somebody changed what this form changes while it was open: show both, lose nothing."""
    then = opened.opened.get("seen")
    now = _seen(kind, ticket)
    if not isinstance(then, dict) or then == now:
        return
    what = next(name for name in now if then.get(name) != now[name])
    text = sentences.CHANGED_MEANWHILE.say(
        number=ticket.number,
        what=what,
        now=fields.shown(act, what, now[what]),
        then=fields.shown(act, what, str(then.get(what, ""))),
    )
    first = next(iter(fields.names(kind)))
    raise ChangedMeanwhile(Refused(text, {first: text}))


def _refuse_if_made(act: Act, source: SourceMessage | None) -> None:
    number = opening.made_of(act.tx, source) if source else None
    if number is not None:
        raise refuse(sentences.ALREADY_A_TICKET.say(number=number))


def _open_ticket(act: Act, opened: OpenedForm, original: FormOpened, values: Mapping[str, str]) -> Answer:
    source = original.source
    _refuse_if_made(act, source)
    asked = f"{values.get('title', '')} {values.get('description', '')}"
    before = article_step.before_sending(act, opened, original, values, asked)
    if before is not None:
        return before
    request = opening.Request(
        requester=source.author if source else replace(original.actor, installation=act.installation),
        description=values.get("description", "") or (source.body if source else ""),
        title=values.get("title", ""),
        category=values.get("category") or None,
        priority=values.get("priority") or None,
        service=values.get("service") or None,
        fields={
            name.removeprefix("field-"): value
            for name, value in values.items()
            if name.startswith("field-") and value
        },
        where=original.where,
        source=source,
        shown=article_step.shown_in(opened),
    )
    ticket = opening.open_ticket(act, request)
    return article_offers.told_at_once(act, ticket) or Accepted(commands.opened_text(act, ticket))
