"""A new ticket's team is told which others may be the same, each with a button that merges."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk.contract.actions import RunVerb
from chatdesk.contract.sentences import literal
from chatdesk.contract.views import Button
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import telling
from chatdesk.desk.act import Act
from chatdesk.domain.duplicates import Candidate, Likely, likely
from chatdesk.domain.lines import Line, markup
from chatdesk.domain.ticket import Ticket
from chatdesk.store import likeness, outages, tickets


def tell(act: Act, ticket: Ticket, apart_from: int | None = None) -> None:
    """``apart_from``: the ticket that this one was taken out of, which it is not the same as."""
    likeliest = found(act, ticket, apart_from)
    if not likeliest:
        return
    said = "; ".join(_said(act, one) for one in likeliest)
    line = Line("may_be_same", (markup("which", said),))
    telling.say(act, ticket.number, line, (Side.TEAM,), buttons(ticket.number, likeliest))


def buttons(number: int, likeliest: Sequence[Likely]) -> tuple[Button, ...]:
    """One for each of these, which merges the ticket into it."""
    return tuple(
        Button(f"Merge into #{one.number}", RunVerb("merge", number, str(one.number))) for one in likeliest
    )


def found(act: Act, ticket: Ticket, apart_from: int | None = None) -> Sequence[Likely]:
    """The tickets that one may be the same as."""
    within = act.tx.organisation.duplicates_within
    if not within:
        return ()
    known = likeness.worked_on(act.tx, ticket.number, act.now - within)
    new = Candidate(
        number=ticket.number,
        text=likeness.compared_text(ticket.title, ticket.description),
        requester=ticket.requester,
        service=ticket.service,
        is_incident=False,
        created_at=ticket.created_at,
        in_outage=ticket.service is not None and ticket.service in outages.known(act.tx),
    )
    return likely(new, (one for one in known if one.number != apart_from))


def _said(act: Act, one: Likely) -> str:
    other = tickets.load(act.tx, one.number)
    title = literal(other.title) if other is not None else ""
    return f"**#{one.number}** {title} ({one.because})"
