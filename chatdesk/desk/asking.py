"""Questions that the desk asks with buttons, and the messages it holds back until they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from chatdesk.contract import codec
from chatdesk.contract.actions import ChooseOption
from chatdesk.contract.inbound import MessageEdited, MessagePosted
from chatdesk.contract.views import Button, Style
from chatdesk.contract.vocabulary import MessageRef, Platform, Side
from chatdesk.desk import telling
from chatdesk.desk.act import Act
from chatdesk.domain.lines import Line, person, words
from chatdesk.domain.ticket import Post, Ticket
from chatdesk.store import memory, tickets
from chatdesk.store.ids import new_id
from chatdesk.store.memory import AskedChoice
from chatdesk.store.tables_inbound import choices
from chatdesk.store.tables_outbox import deliveries, effects
from chatdesk.store.transaction import Transaction

MESSAGE = "message"
"""A message is held back: who is it for, or which ticket is it about."""
EDIT = "edit"
"""An edit is held back."""


@dataclass(frozen=True, slots=True)
class _Option:
    key: str
    label: str
    style: Style = Style.PLAIN


_WHO = (
    _Option("inside", "🔒 Only staff", Style.PRIMARY),
    _Option("send", "Send to the requester"),
    _Option("discard", "Discard"),
)
_COLLISION = (
    _Option("send", "Send anyway", Style.PRIMARY),
    _Option("inside", "🔒 Keep inside"),
    _Option("discard", "Discard"),
)
_EDIT = (
    _Option("inside", "🔒 Take it back from the requester", Style.PRIMARY),
    _Option("send", "Send the edit"),
    _Option("discard", "Leave as it was"),
)


def who_is_it_for(act: Act, event: MessagePosted, ticket: Ticket, side: Side) -> None:
    """A near miss of an internal marker, written on this side."""
    _hold(act, event, ticket.number, Line("held_near_miss"), _WHO, side)


def whether_it_goes_out(act: Act, event: MessagePosted, ticket: Ticket) -> None:
    """A near miss of ``reply:`` where posts stay inside."""
    _hold(act, event, ticket.number, Line("held_near_reply"), _WHO, Side.TEAM)


def whether_to_send(act: Act, event: MessagePosted, ticket: Ticket, other: Post) -> None:
    """A colleague has just answered."""
    minutes = max(1, int((act.now - other.created_at).total_seconds() // 60))
    line = Line("held_collision", (person("other", other.author), words("minutes", minutes)))
    _hold(act, event, ticket.number, line, _COLLISION, Side.TEAM)


def which_ticket(act: Act, event: MessagePosted, candidates: Sequence[int]) -> None:
    """A DM that could belong to several tickets."""
    options = []
    for number in candidates[:4]:
        ticket = tickets.load(act.tx, number)
        if ticket is not None:
            options.append(_Option(f"ticket-{number}", f"#{number} {ticket.title}"[:75]))
    options.append(_Option("new", "A new ticket"))
    _hold(act, event, None, Line("held_which"), options, Side.CUSTOMER)


def about_edit(act: Act, event: MessageEdited, post: Post, ticket: Ticket) -> None:
    """An edit made an internal marker of a public post's beginning."""
    data: dict[str, object] = {"event": codec.dump(event), "post": post.id}
    line = Line("held_edit", (person("requester", ticket.requester),))
    asked = AskedChoice(new_id(), EDIT, data, act.now, act.person, ticket.number)
    _ask(act, asked, event.ref, line, _EDIT, post.side)


def _hold(
    act: Act, event: MessagePosted, ticket: int | None, line: Line, options: Sequence[_Option], side: Side
) -> None:
    memory.first_time(act.tx, _held_key(event.ref), act.now)
    data: dict[str, object] = {"event": codec.dump(event), "message": _held_key(event.ref)}
    asked = AskedChoice(new_id(), MESSAGE, data, act.now, act.person, ticket)
    _ask(act, asked, event.ref, line, options, side)


def _ask(
    act: Act, choice: AskedChoice, about: MessageRef, line: Line, options: Sequence[_Option], side: Side
) -> None:
    memory.add_choice(act.tx, choice)
    controls = tuple(
        Button(option.label, ChooseOption(choice.id, option.key), option.style) for option in options
    )
    telling.whisper(act, line, about.place, internal=side.is_internal, controls=controls, about=about)


def _held_key(ref: MessageRef) -> str:
    return f"held:{ref.place.platform}:{ref.id}"


def is_held(tx: Transaction, ref: MessageRef) -> bool:
    """Whether a message is held back, or was, so that it does not come in a second time."""
    return memory.was_handled(tx, _held_key(ref))


def held_at(tx: Transaction, ref: MessageRef) -> AskedChoice | None:
    """The unanswered question about a message that is held back."""
    if not is_held(tx, ref):
        return None
    statement = select(choices.c.id, choices.c.data).where(
        choices.c.desk == tx.desk, choices.c.kind == MESSAGE, choices.c.answered_at.is_(None)
    )
    for row in tx.connection.execute(statement):
        if row.data.get("message") == _held_key(ref):
            return memory.choice(tx, row.id)
    return None


def held_edited(tx: Transaction, held: AskedChoice, event: MessageEdited) -> None:
    """A message that is held back was edited: what is asked about is what it says now."""
    posted = codec.load(document(held))
    if isinstance(posted, MessagePosted):
        changed = replace(posted, body=event.body, files=event.files)
        memory.change_choice(tx, held.id, {**held.data, "event": codec.dump(changed)})


def ticket_of_line(tx: Transaction, platform: Platform, message: str) -> int | None:
    """The ticket that a line of ours was about, for a reply to it in a DM."""
    statement = (
        select(effects.c.ticket)
        .join(deliveries, (deliveries.c.desk == effects.c.desk) & (deliveries.c.effect == effects.c.id))
        .where(
            deliveries.c.desk == tx.desk,
            deliveries.c.platform == platform,
            deliveries.c.message == message,
        )
    )
    return tx.connection.execute(statement).scalars().first()


def document(choice: AskedChoice) -> dict[str, object]:
    document = choice.data["event"]
    if not isinstance(document, dict):
        raise TypeError("a held event is written as an object")
    return document
