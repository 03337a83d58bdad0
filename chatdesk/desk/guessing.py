"""What the desk's classifier makes of a ticket: said to staff, and by setting filled in where nobody did."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from chatdesk.contract import sentences_triage as sentences
from chatdesk.contract.actions import RunVerb
from chatdesk.contract.sentences import literal
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import telling
from chatdesk.desk.act import Act, act_of_clock
from chatdesk.domain import classifier
from chatdesk.domain.classifier import Guess, Target
from chatdesk.domain.lifecycle import WORKING
from chatdesk.domain.lines import Line, markup
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.text import shortened
from chatdesk.domain.ticket import Post, Ticket
from chatdesk.domain.triage_policy import Mode, Triage
from chatdesk.store import classifiers, examples, history
from chatdesk.store.guesses_said import SUGGESTED, TRIAGED
from chatdesk.store.transaction import Transaction

LONGEST_LABEL = 70
"""Characters that fit on a button everywhere."""
LONGEST_VALUE = 60
"""Of a button's value; longer ones are set by command."""

_APPLIED = (Target.CATEGORY, Target.PRIORITY)


def applied(tx: Transaction, text: str, open_ones: Collection[Target]) -> Sequence[Guess]:
    """What is to be filled in of a request where nobody said anything, if the desk wants that."""
    triage = tx.organisation.triage
    if triage is None or triage.mode is not Mode.APPLY:
        return ()
    return [one for one in sure(tx, text) if one.target in _APPLIED and one.target in open_ones]


def record_applied(act: Act, number: int, filled: Sequence[Guess]) -> None:
    """Nobody in person did that."""
    for one in filled:
        _record(act, number, TRIAGED, one)


def _record(act: Act, number: int, kind: str, guess: Guess) -> None:
    act_of_clock(act.tx, act.now).record(
        number,
        kind,
        target=guess.target,
        value=guess.value,
        confidence=guess.percent,
        words=", ".join(guess.reasons) or None,
    )


def sure(tx: Transaction, text: str) -> Sequence[Guess]:
    """Those guesses that are sure enough and mean something in the desk as it is now."""
    triage = tx.organisation.triage or Triage()
    model = classifiers.model(tx)
    if model is None or triage.mode is Mode.OFF:
        return ()
    return [
        replace(one, reasons=tuple(classifier.as_known(model, one.reasons)))
        for one in classifier.guesses(model, text, triage.threshold)
        if one.target in triage.targets and name_of(tx.organisation, one)
    ]


def of_ticket(tx: Transaction, ticket: Ticket) -> Sequence[Guess]:
    """The sure guesses about a ticket, by what its requester said of it."""
    return sure(tx, examples.text_of(tx, ticket))


def name_of(organisation: Organisation, guess: Guess) -> str | None:
    """What the guessed value is called; None where there is no such thing any more."""
    match guess.target:
        case Target.CATEGORY:
            category = organisation.category(guess.value)
            return category.label if category else None
        case Target.PRIORITY:
            priority = organisation.priority(guess.value)
            return priority.name if priority else None
        case Target.TEAM:
            team = organisation.team(guess.value)
            return team.name if team else None


def is_news(organisation: Organisation, ticket: Ticket, guess: Guess) -> bool:
    """Whether a guess says other than what the ticket has. A priority that was raised is left alone."""
    match guess.target:
        case Target.CATEGORY:
            return not f"{ticket.category}/".startswith(f"{guess.value}/")
        case Target.PRIORITY:
            return ticket.priority == organisation.default_priority != guess.value
        case Target.TEAM:
            return ticket.team != guess.value


def tell(act: Act, ticket: Ticket) -> None:
    """The team of a new ticket is told what it looks like, and what was filled in by itself."""
    if not _is_told(act.tx.organisation):
        return
    found = of_ticket(act.tx, ticket)
    known = _known(act.tx, ticket.number) if found else {}
    _say(act, ticket, "triaged", [one for one in found if known.get(_key(one)) == TRIAGED], ())
    _tell_news(act, ticket, found, known)


def heard(act: Act, ticket: Ticket, post: Post) -> None:
    """A request is often a greeting first: its requester's next words may say what it is about."""
    is_early = 1 < post.position <= examples.FIRST_POSTS
    is_theirs = post.author == ticket.requester and ticket.status in WORKING
    if is_early and is_theirs and _is_told(act.tx.organisation):
        found = of_ticket(act.tx, ticket)
        _tell_news(act, ticket, found, _known(act.tx, ticket.number) if found else {})


def _is_told(organisation: Organisation) -> bool:
    return organisation.triage is not None and organisation.triage.mode is not Mode.OFF


def _tell_news(
    act: Act, ticket: Ticket, found: Sequence[Guess], known: Mapping[tuple[str, str], str]
) -> None:
    """Nothing is said twice."""
    organisation = act.tx.organisation
    news = [one for one in found if is_news(organisation, ticket, one) and _key(one) not in known]
    _say(act, ticket, "suggested", news, buttons(organisation, ticket.number, news))
    for one in news:
        _record(act, ticket.number, SUGGESTED, one)


def _known(tx: Transaction, number: int) -> Mapping[tuple[str, str], str]:
    """What was said or filled in before, by target and value."""
    entries = [one for one in history.of_ticket(tx, number) if one.kind in KINDS]
    found = {}
    for entry in entries:
        data = dict(entry.data)
        found[data["target"], data["value"]] = entry.kind
    return found


def _key(guess: Guess) -> tuple[str, str]:
    return guess.target, guess.value


def _say(
    act: Act, ticket: Ticket, sentence: str, found: Sequence[Guess], controls: tuple[Button, ...]
) -> None:
    if found:
        said = "; ".join(in_words(act.tx.organisation, one) for one in found)
        telling.say(act, ticket.number, Line(sentence, (markup("what", said),)), (Side.TEAM,), controls)


def in_words(organisation: Organisation, guess: Guess) -> str:
    """As CommonMark: ``category **Billing**, 91 % (refund, invoice)``."""
    name = literal(name_of(organisation, guess) or guess.value)
    why = f" ({literal(', '.join(guess.reasons))})" if guess.reasons else ""
    return f"{sentences.TARGETS[guess.target]} **{name}**, {guess.percent} %{why}"


def buttons(organisation: Organisation, number: int, found: Sequence[Guess]) -> tuple[Button, ...]:
    """One for each guess, which does what the command would."""
    return tuple(
        Button(
            shortened(f"{sentences.BUTTONS[one.target]}: {name_of(organisation, one)}", LONGEST_LABEL),
            RunVerb(_VERBS[one.target], number, one.value),
        )
        for one in found
        if len(one.value) <= LONGEST_VALUE
    )


_VERBS = {Target.CATEGORY: "category", Target.PRIORITY: "priority", Target.TEAM: "move"}

KINDS = frozenset({SUGGESTED, TRIAGED})


def in_history(values: Mapping[str, str]) -> str:
    """Such as ``category billing/refund, 91 % (refund, invoice)``."""
    words = f" ({values['words']})" if values.get("words") else ""
    return f"{values['target']} {values['value']}, {values['confidence']} %{words}"
