"""Commands, however they came: typed, picked, pressed. One table says which use case a verb is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chatdesk.contract import sentences
from chatdesk.contract.inbound import CommandGiven, CommandTyped
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.contract.vocabulary import Actor, Means, PlaceKind
from chatdesk.desk import (
    article_offers,
    asking,
    assisting,
    close_requests,
    closing,
    drafts,
    escalation,
    kb_commands,
    linking,
    lists,
    macros,
    merged,
    merging,
    moving,
    on_call,
    opening,
    participants,
    presence,
    relating,
    reporting,
    retrying,
    satisfaction,
    searching,
    sla_explaining,
    snoozing,
    speaking,
    splitting,
    standing,
    suggesting,
    taking_up,
    ticket_info,
    triage,
)
from chatdesk.desk.act import Act, Refusal, act_of, refuse
from chatdesk.desk.expecting import which_ticket
from chatdesk.domain.lifecycle import OVER
from chatdesk.domain.text import is_blank
from chatdesk.domain.ticket import Ticket
from chatdesk.domain.verbs import COMMANDS, Typed, nearest, parse, verb_named
from chatdesk.store import memory, threads, tickets
from chatdesk.store.transaction import Transaction

Arguments = Mapping[str, str]
OnTicket = Callable[[Act, Ticket, Arguments], Answer]
WithoutTicket = Callable[[Act, Arguments], Answer]

ON_TICKET: Mapping[str, OnTicket] = {
    "claim": triage.claim,
    "release": triage.release,
    "assign": triage.assign,
    "priority": triage.priority,
    "status": closing.status,
    "category": drafts.category,
    "service": drafts.service,
    "submit": drafts.submit,
    "solved": article_offers.solved,
    "send-article": article_offers.send_marked,
    "tag": triage.tag,
    "resolve": closing.resolve,
    "close": closing.close,
    "reopen": closing.reopen,
    "close-request": close_requests.ask,
    "accept": close_requests.accept,
    "decline": close_requests.decline,
    "snooze": snoozing.snooze,
    "rate": satisfaction.rate,
    "cancel": closing.cancel,
    "escalate": escalation.escalate,
    "acknowledge": escalation.acknowledge,
    "takeover": escalation.take_over,
    "sendback": escalation.send_back,
    "quote": escalation.quote,
    "note": speaking.note,
    "reply": speaking.reply,
    "move": moving.move,
    "people": participants.change,
    "info": ticket_info.info,
    "sla": sla_explaining.sla,
    "macro": macros.preview,
    "send-macro": macros.send,
    "edit-macro": macros.edit,
    "discard": macros.discard,
    "suggest": suggesting.suggest,
    "summary": assisting.summary,
    "draft": assisting.draft,
    "send-proposal": assisting.send,
    "edit-proposal": assisting.edit,
    "discard-proposal": assisting.discard,
    "merge": merging.merge,
    "unmerge": merging.unmerge,
    "split": splitting.split,
    "relate": relating.relate,
    "take-up": taking_up.take_up,
    "update-all": relating.update_all,
    "resolve-children": relating.resolve_children,
}

WITHOUT_TICKET: Mapping[str, WithoutTicket] = {
    "list": lists.list_tickets,
    "find": searching.find,
    "retry": retrying.retry,
    "post-report": reporting.post,
    **kb_commands.BUTTONS,
}

ON_ASSIST: Mapping[str, OnTicket] = {
    "suggest": suggesting.suggest,
    "summary": assisting.summary,
    "draft": assisting.draft,
}

ON_DESK: Mapping[str, WithoutTicket] = {
    "link": linking.link,
    "panel": lists.panel,
    "away": presence.away,
    "back": presence.back,
    "oncall": on_call.oncall,
    "outage": presence.outage,
    "report": reporting.numbers,
}


@dataclass(frozen=True, slots=True)
class _Given:
    """A command told apart, whichever way it came."""

    command: str
    verb: str
    ticket: int | None
    arguments: Arguments


def command_typed(tx: Transaction, event: CommandTyped, now: datetime) -> Answer:
    """Execute or refuse what was typed; a command that came before is not executed again."""
    if not memory.first_time(tx, event.key, now):
        return Accepted()
    act = act_of(tx, event.actor, event.where, event.means, now)
    command, text = _command_in(event)
    typed = parse(command, text, _team_words(tx))
    about = typed.ticket
    if about is None and event.reply_to is not None:
        about = asking.ticket_of_line(tx, event.reply_to.place.platform, event.reply_to.id)
    if typed.verb == "split":
        typed = replace(typed, arguments={**typed.arguments, **splitting.pointed_at(tx, event.reply_to)})
    return _run(act, event.actor, _told_apart(command, typed, about))


def _command_in(event: CommandTyped) -> tuple[str, str]:
    """A mention can name another of our commands, as ``@chatdesk kb search vpn``."""
    word, _, rest = event.text.strip().partition(" ")
    if event.means is Means.MENTION and word.casefold() in COMMANDS:
        return word.casefold(), rest
    return event.command, event.text


def _told_apart(command: str, typed: Typed, about: int | None) -> _Given:
    return _Given(command, typed.verb, about, typed.arguments)


def _team_words(tx: Transaction) -> tuple[str, ...]:
    return tuple(word.casefold() for team in tx.organisation.teams for word in (team.key, team.name))


def command_given(tx: Transaction, event: CommandGiven, now: datetime) -> Answer:
    """Execute or refuse a command whose arguments are told apart already."""
    if not memory.first_time(tx, event.key, now):
        return Accepted()
    act = act_of(tx, event.actor, event.where, event.means, now)
    arguments = {name: value for name, value in event.arguments.items() if name != "ticket"}
    given = _Given(event.command, event.verb, _number(event.arguments.get("ticket")), arguments)
    return _run(act, event.actor, given)


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    digits = text.strip().lstrip("#").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise refuse(sentences.NOT_FOUND.say(number=digits or "?"))
    return int(digits)


def _run(act: Act, actor: Actor, given: _Given) -> Answer:
    verb = verb_named(given.command, given.verb)
    if verb is None:
        raise _unknown_verb(given)
    if verb.name == "help":
        without = kb_commands.not_for(act) if given.command == "kb" else ()
        return lists.help_text(given.command, without)
    if given.command == "kb":
        if verb.needs_ticket:
            return run_on(act, verb.name, _ticket(act, given), given.arguments, kb_commands.ON_TICKET)
        return kb_commands.VERBS[verb.name](act, given.arguments)
    if given.command == "desk":
        return ON_DESK[verb.name](act, given.arguments)
    if given.command == "assist":
        return run_on(act, verb.name, _ticket(act, given), given.arguments, ON_ASSIST)
    if verb.name == "open":
        return _open(act, actor, given.arguments)
    if verb.name in WITHOUT_TICKET:
        return WITHOUT_TICKET[verb.name](act, given.arguments)
    return run_on(act, verb.name, _ticket(act, given), given.arguments)


def run_on(
    act: Act, verb: str, ticket: Ticket, arguments: Arguments, verbs: Mapping[str, OnTicket] = ON_TICKET
) -> Answer:
    """Run a verb on a ticket that its actor may know of, also for a form that was filled in."""
    answer = merged.run(act, verb, ticket, arguments)
    if answer is None:
        ticket = taking_up.before(act, verb, ticket)
        answer = verbs[verb](act, ticket, arguments)
        taking_up.afterwards(act, ticket)
    return answer


def _unknown_verb(given: _Given) -> Refusal:
    allowed = [verb.name for verb in COMMANDS.get(given.command, ()) if not verb.hidden]
    like = nearest(given.verb, allowed)
    hint = sentences.NEAREST.say(word=like) if like else ""
    text = sentences.UNKNOWN_VERB.say(typed=given.verb[:40], nearest=Markup(hint), allowed=", ".join(allowed))
    return refuse(text)


def _ticket(act: Act, given: _Given) -> Ticket:
    """The ticket that is named, else that of the thread, else the person's only open one in a DM."""
    if given.ticket is not None:
        return standing.visible(act, given.ticket)
    found = ticket_here(act)
    if found is None:
        raise which_ticket(act, f"/{given.command} {given.verb}")
    return standing.visible(act, found)


def ticket_here(act: Act) -> int | None:
    """The ticket of the thread that somebody acts in; in a DM, their only open one."""
    if act.where is None:
        return None
    here = threads.at_place(act.tx, act.where.place)
    live = [thread for thread in here if thread.state in threads.LIVE] or here
    if act.where.kind is not PlaceKind.DM:
        return merged.number_for(act, live[0]) if live else None
    numbers = {merged.number_for(act, thread) for thread in live}
    loaded = [ticket for number in sorted(numbers) if (ticket := tickets.load(act.tx, number))]
    working = [one.number for one in loaded if merged.as_known(act.tx, one).status not in OVER]
    return working[0] if len(working) == 1 else None


def _open(act: Act, actor: Actor, arguments: Arguments) -> Answer:
    text = arguments.get("text") or arguments.get("title") or ""
    if is_blank(text):
        raise refuse(sentences.MISSING_TEXT.say(usage=Markup("/ticket open what it is about")))
    request = opening.Request(
        requester=replace(actor, installation=act.installation),
        description=text,
        title=arguments.get("title", ""),
        category=_category(act, arguments.get("category")),
        priority=_priority(act, arguments.get("priority")),
        where=act.where,
    )
    ticket = opening.open_ticket(act, request)
    return article_offers.told_at_once(act, ticket) or Accepted(opened_text(act, ticket))


def _category(act: Act, typed: str | None) -> str | None:
    return None if typed is None else triage.category_named(act, typed).key


def _priority(act: Act, typed: str | None) -> str | None:
    return None if typed is None else triage.priority_named(act, typed).key


def opened_text(act: Act, ticket: Ticket) -> str:
    """What the person who made a ticket is told."""
    return lists.opened_text(act, ticket)
