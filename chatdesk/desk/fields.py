"""The fields of each form, from what the organisation decided and what was filled in so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdesk.contract import sentences, sentences_knowledge
from chatdesk.contract.actions import FormKind
from chatdesk.contract.inbound import FormOpened
from chatdesk.contract.ports import Refused
from chatdesk.contract.views import ChoiceField, Field, Form, Option, PersonField, TextField
from chatdesk.desk import completing, fields_article, fields_closing, fields_relations
from chatdesk.desk.act import Act, Refusal, refuse
from chatdesk.domain.organisation import CategoryField
from chatdesk.domain.text import headline, is_blank, shortened
from chatdesk.domain.ticket import Ticket
from chatdesk.store import people

MOST_OPTIONS = 25
LONGEST_TEXT = 3000

_TITLES = {
    FormKind.TICKET: ("New ticket", "Create"),
    FormKind.REPLY: ("Answer", "Send"),
    FormKind.NOTE: ("Internal note", "Save"),
    FormKind.ESCALATE: ("Escalate", "Escalate"),
    FormKind.RESOLVE: ("Resolve", "Resolve"),
    FormKind.ASSIGN: ("Assign", "Assign"),
    FormKind.MOVE: ("Move", "Move"),
    FormKind.CATEGORY: ("Category", "Set"),
    FormKind.TAG: ("Tag", "Save"),
    FormKind.PEOPLE: ("People", "Save"),
    FormKind.PROPOSAL: ("Answer", "Send"),
    FormKind.MACRO: ("Answer", "Send"),
    **fields_closing.TITLES,
    **fields_relations.TITLES,
    **fields_article.TITLES,
}

_NAMES: Mapping[FormKind, tuple[str, ...]] = {
    FormKind.REPLY: ("text",),
    FormKind.NOTE: ("text",),
    FormKind.ESCALATE: ("team", "reason"),
    FormKind.ASSIGN: ("agent",),
    FormKind.MOVE: ("team", "reason"),
    FormKind.CATEGORY: ("category",),
    FormKind.TAG: ("action", "tag"),
    FormKind.PEOPLE: ("action", "person"),
    FormKind.PROPOSAL: ("text", "proposal"),
    FormKind.MACRO: ("text", "macro"),
    **fields_closing.NAMES,
    **fields_relations.NAMES,
}


def names(kind: FormKind) -> tuple[str, ...]:
    return _NAMES[kind]


def arguments(kind: FormKind, values: Mapping[str, str]) -> Mapping[str, str]:
    """A form's values as its verb's arguments."""
    return {name: values[name] for name in _NAMES[kind] if values.get(name)}


def form(
    act: Act,
    form_id: str,
    event: FormOpened,
    ticket: Ticket | None,
    values: Mapping[str, str],
    capacity: int,
) -> Form:
    """The form with what was filled in so far, without optional fields that the platform has no room for."""
    title, submit = _TITLES[event.kind]
    shown = title if event.ticket is None else f"{title}: #{event.ticket}"
    wanted = _fields(act, event, ticket, values)
    _refuse_without_choice(wanted)
    return Form(form_id, shown[:24], submit, tuple(_fitting(wanted, capacity)), _note(event))


def _refuse_without_choice(wanted: Sequence[Field]) -> None:
    """Raises Refusal for a form that nobody could complete, such as a move where there is one team."""
    for one in wanted:
        if isinstance(one, ChoiceField) and one.required and not one.options:
            raise refuse(sentences.NOTHING_TO_CHOOSE.say(field=one.label.lower()))


def _note(event: FormOpened) -> str:
    if event.kind is FormKind.NOTE:
        return "🔒 Only staff can read this."
    if event.kind in (FormKind.REPLY, FormKind.PROPOSAL, FormKind.MACRO):
        return "The requester reads this."
    if event.kind is FormKind.ARTICLE and event.ticket is not None:
        return sentences_knowledge.FROM_TICKET_NOTE.say()
    return ""


def _fitting(wanted: Sequence[Field], capacity: int) -> Sequence[Field]:
    if len(wanted) <= capacity:
        return wanted
    needed = [one for one in wanted if one.required][:capacity]
    spare = capacity - len(needed)
    optional = [one for one in wanted if not one.required][:spare]
    return [one for one in wanted if one in needed or one in optional]


def _fields(act: Act, event: FormOpened, ticket: Ticket | None, values: Mapping[str, str]) -> Sequence[Field]:
    text = values.get("text", "")
    match event.kind:
        case FormKind.TICKET:
            return _ticket_fields(act, event, values)
        case FormKind.REPLY | FormKind.PROPOSAL | FormKind.MACRO:
            return [TextField("text", "Your answer", text, multiline=True)]
        case FormKind.NOTE:
            return [TextField("text", "Your note", text, multiline=True)]
        case FormKind.ESCALATE:
            reason = TextField("reason", "What do you ask of them?", values.get("reason", ""), multiline=True)
            return [_escalation_team(act, ticket, values), reason]
        case FormKind.RESOLVE | FormKind.CLOSE | FormKind.ASK_CLOSE:
            return fields_closing.resolution(act, values)
        case FormKind.SNOOZE:
            return fields_closing.snooze(values)
        case FormKind.RATING:
            return fields_closing.rating(act, ticket, values)
        case FormKind.MERGE | FormKind.SPLIT | FormKind.RELATE:
            return fields_relations.fields(event, values)
        case FormKind.ARTICLE:
            return fields_article.fields(act, values)
        case FormKind.ASSIGN:
            options = tuple(completing.agent_options(act))[:MOST_OPTIONS]
            return [ChoiceField("agent", "Agent", options, values.get("agent", ""))]
        case FormKind.MOVE:
            reason = TextField("reason", "Why?", values.get("reason", ""), required=False)
            return [ChoiceField("team", "Team", _teams(act, ticket), values.get("team", "")), reason]
        case FormKind.CATEGORY:
            return [ChoiceField("category", "Category", _categories(act), values.get("category", ""))]
        case FormKind.TAG:
            return [_add_or_remove(values), TextField("tag", "Tag", values.get("tag", ""), max_length=40)]
        case FormKind.PEOPLE:
            return [_add_or_remove(values), PersonField("person", "Person")]


def _add_or_remove(values: Mapping[str, str]) -> ChoiceField:
    options = (Option("Add", "add"), Option("Remove", "remove"))
    return ChoiceField("action", "Add or remove", options, values.get("action", "add"))


def _ticket_fields(act: Act, event: FormOpened, values: Mapping[str, str]) -> Sequence[Field]:
    organisation = act.tx.organisation
    body = event.source.body if event.source else ""
    description = values.get("description", shortened(body, LONGEST_TEXT))
    wanted: list[Field] = []
    category = values.get("category", "")
    if organisation.categories:
        required = "category" in organisation.required
        wanted.append(
            ChoiceField("category", "Category", _categories(act), category, required, refreshes=True)
        )
    wanted += [
        TextField("title", "Title", values.get("title", headline(body)), max_length=150),
        TextField("description", "Description", description, required=event.source is None, multiline=True),
    ]
    chosen = organisation.category(category)
    wanted += [_asked_by_category(one, values) for one in (chosen.fields if chosen else ())]
    priorities = tuple(Option(f"{one.mark} {one.name}", one.key) for one in organisation.priorities)
    default = values.get("priority", organisation.default_priority)
    wanted.append(
        ChoiceField("priority", "Priority", priorities, default, "priority" in organisation.required)
    )
    if organisation.services:
        services = tuple(Option(one, one) for one in organisation.services[:MOST_OPTIONS])
        required = "service" in organisation.required
        wanted.append(
            ChoiceField("service", "Affected service", services, values.get("service", ""), required)
        )
    return wanted


def _asked_by_category(asked: CategoryField, values: Mapping[str, str]) -> Field:
    name = f"field-{asked.key}"
    value = values.get(name, "")
    if asked.choices:
        options = tuple(Option(one, one) for one in asked.choices[:MOST_OPTIONS])
        return ChoiceField(name, asked.label, options, value, asked.required)
    return TextField(name, asked.label, value, asked.required)


def _categories(act: Act) -> tuple[Option, ...]:
    known = act.tx.organisation.categories[:MOST_OPTIONS]
    return tuple(Option(shortened(one.label, 75), one.key) for one in known)


def _teams(act: Act, ticket: Ticket | None) -> tuple[Option, ...]:
    own = ticket.team if ticket else None
    return tuple(Option(team.name, team.key) for team in act.tx.organisation.teams if team.key != own)[
        :MOST_OPTIONS
    ]


def _escalation_team(act: Act, ticket: Ticket | None, values: Mapping[str, str]) -> ChoiceField:
    organisation = act.tx.organisation
    own = organisation.team(ticket.team if ticket else None)
    options = _teams(act, ticket)
    policy = own.escalates_to if own and own.escalates_to else (options[0].value if options else "")
    return ChoiceField("team", "Team", options, values.get("team", policy))


def require_valid(shown: Form, values: Mapping[str, str]) -> None:
    """Raises Refusal with the errors by field: what is missing or too long."""
    errors: dict[str, str] = {}
    for one in shown.fields:
        value = values.get(one.name, "")
        if one.required and is_blank(value):
            errors[one.name] = sentences.REQUIRED.say()
        elif isinstance(one, ChoiceField) and value and value not in {option.value for option in one.options}:
            errors[one.name] = sentences.NOT_OFFERED.say()
        elif isinstance(one, TextField) and len(value) > one.max_length:
            errors[one.name] = sentences.TOO_LONG.say(length=len(value), limit=one.max_length)
    if errors:
        raise Refusal(Refused("; ".join(f"{name}: {text}" for name, text in errors.items()), errors))


def shown(act: Act, what: str, value: str) -> str:
    """A field's value as a person calls it."""
    if not value:
        return "nobody" if what == "assignee" else "none"
    organisation = act.tx.organisation
    match what:
        case "assignee":
            return people.name_of(act.tx, value, act.platform)
        case "status":
            return organisation.status_name(value)
        case "team":
            team = organisation.team(value)
            return team.name if team else value
        case "category":
            category = organisation.category(value)
            return category.label if category else value
    return value
