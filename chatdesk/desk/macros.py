"""Macros: shown to the agent alone first, then done in the agent's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatdesk.contract import sentences, sentences_assistant
from chatdesk.contract.actions import FormKind, RunVerb
from chatdesk.contract.ports import Accepted, Answer, Refused
from chatdesk.contract.sentences import Markup
from chatdesk.contract.views import Button, Menu, Option, Style
from chatdesk.desk import facts, speaking, steps
from chatdesk.desk.act import Act, FormWanted, refuse
from chatdesk.desk.refusing import unknown
from chatdesk.desk.standing import require
from chatdesk.domain.macros import Macro
from chatdesk.domain.permissions import Deed
from chatdesk.domain.rules import effect
from chatdesk.domain.steps import ME, Step, StepKind, answer_in, verbatim
from chatdesk.domain.text import shortened
from chatdesk.domain.ticket import Ticket
from chatdesk.store import memory, tickets
from chatdesk.store.ids import new_id

Arguments = Mapping[str, str]

MOST_OPTIONS = 25


def preview(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Show what a macro would do, with buttons to do it or not; without a name, those there are."""
    require(act, ticket, Deed.NOTE)
    typed = arguments.get("macro", "").strip()
    if not typed:
        return _which(act, ticket)
    macro = _named(act, typed)
    wanted = _effective(act, ticket, macro)
    shown = "\n".join(f"- {steps.described(act, ticket, step)}" for step in wanted)
    text = sentences.MACRO_PREVIEW.say(name=macro.name, number=ticket.number, steps=Markup(shown))
    if not wanted:
        raise refuse(sentences.MACRO_CHANGES_NOTHING.say(name=macro.name, number=ticket.number))
    shown_as = f"{macro.key}:{new_id()}"
    edit = Button("Edit", RunVerb("edit-macro", ticket.number, shown_as))
    return Accepted(
        text,
        controls=(
            Button("Send", RunVerb("send-macro", ticket.number, shown_as), Style.PRIMARY),
            *((edit,) if answer_in(wanted) else ()),
            Button("Cancel", RunVerb("discard", ticket.number)),
        ),
    )


def _which(act: Act, ticket: Ticket) -> Answer:
    known = act.tx.organisation.macros
    if not known:
        raise refuse(sentences.NO_MACROS.say())
    options = tuple(Option(shortened(one.name, 75), one.key) for one in known[:MOST_OPTIONS])
    menu = Menu("Macro", RunVerb("macro", ticket.number), options)
    return Accepted(sentences.WHICH_MACRO.say(number=ticket.number), controls=(menu,))


def _named(act: Act, typed: str) -> Macro:
    """By its key or its name. Raises Refusal with the macros there are."""
    folded = typed.replace("\\", "").casefold()
    known = act.tx.organisation.macros
    for macro in known:
        if folded in (macro.key.casefold(), macro.name.casefold()):
            return macro
    raise unknown("macro", typed, [macro.name for macro in known], "/ticket macro refund")


def edit(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Open a form with the answer that was shown; sending it does the rest, too."""
    require(act, ticket, Deed.NOTE)
    key, _, shown = arguments.get("macro", "").partition(":")
    macro = _named(act, key)
    answer = answer_in(_effective(act, ticket, macro))
    if answer is None or not shown or memory.was_handled(act.tx, f"macro:{shown}"):
        raise refuse(sentences.CHOICE_GONE.say())
    filled = {"text": steps.said(act, ticket, answer.text), "macro": arguments["macro"]}
    raise FormWanted(Refused(sentences_assistant.EDIT_HERE.say()), FormKind.MACRO, ticket.number, filled)


def send(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    """Do what was shown, once; with ``text`` instead of the answer where its agent changed it."""
    require(act, ticket, Deed.NOTE)
    key, _, shown = arguments.get("macro", "").partition(":")
    macro = _named(act, key)
    if not shown or not memory.first_time(act.tx, f"macro:{shown}", act.now):
        raise refuse(sentences.CHOICE_GONE.say())
    edited = arguments.get("text")
    wanted = _effective(act, ticket, macro)
    answer = answer_in(wanted) if edited else None
    if edited and answer is None:
        raise refuse(sentences.CHOICE_GONE.say())
    act.record(ticket.number, "macro", macro=macro.key, edited="yes" if edited else None)
    for step in wanted:
        _do(act, ticket.number, replace(step, text=verbatim(edited)) if edited and step is answer else step)
    return Accepted(sentences.MACRO_DONE.say(name=macro.name, number=ticket.number))


def discard(act: Act, ticket: Ticket, arguments: Arguments) -> Answer:
    return Accepted(sentences.DISCARDED.say())


def _effective(act: Act, ticket: Ticket, macro: Macro) -> Sequence[Step]:
    """Those of its steps that change something."""
    own = [_mine(act, step) for step in macro.steps]
    priorities = [one.key for one in act.tx.organisation.priorities]
    return effect(own, facts.facts_of(act.tx, ticket, act.now), priorities)[0]


def _mine(act: Act, step: Step) -> Step:
    if step.kind is StepKind.ASSIGN and step.value == ME and act.identity is not None:
        return replace(step, value=f"{act.identity.platform}:{act.identity.id}")
    return step


def _do(act: Act, number: int, step: Step) -> None:
    ticket = tickets.load(act.tx, number)
    if ticket is None:
        return
    match step.kind:
        case StepKind.REPLY:
            speaking.reply(act, ticket, {"text": steps.said(act, ticket, step.text)})
        case StepKind.NOTE:
            speaking.note(act, ticket, {"text": steps.said(act, ticket, step.text)})
        case _:
            steps.take(act, number, step)
