"""Tickets by words: staff search what the desk has, requesters what they may read of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatdesk.contract import sentences
from chatdesk.contract.links import to_place
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup, literal
from chatdesk.contract.vocabulary import Side
from chatdesk.desk import merged, standing
from chatdesk.desk.act import Act, refuse
from chatdesk.domain.audience import may_see
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.permissions import Deed, Role, may
from chatdesk.domain.searching import excerpt, has_all, has_any, searched, wanted_words
from chatdesk.domain.text import shortened
from chatdesk.domain.ticket import Thread, Ticket
from chatdesk.store import merges, parties, posts, search, threads, tickets

MOST = 10
"""Tickets that are shown."""
OWN_TICKETS = 100
"""Of a requester's newest tickets so many are searched, and so many posts of these."""
OWN_POSTS = 2000
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class _Hit:
    """``post`` has some of the words; whoever searches may read it, and be in ``thread``."""

    ticket: Ticket
    post: str | None
    thread: Thread | None


def find(act: Act, arguments: Mapping[str, str]) -> Answer:
    """Up to ten tickets, the best first."""
    words = wanted_words(arguments.get("words", ""))
    if not words:
        raise refuse(sentences.MISSING_WORDS.say(usage=Markup("/ticket find the words")))
    is_staff = standing.standing_of(act.tx, act.person).is_staff
    sees_all = is_staff and may(frozenset({Role.COLLEAGUE}), Deed.SEE)
    hits = _anywhere(act, words) if sees_all else _among_own(act, words)
    if not hits:
        return Accepted(sentences.NOTHING_FOUND.say(words=shortened(" ".join(words), LONGEST_TITLE)))
    return Accepted("\n".join(f"- {_line(act, hit, words)}" for hit in hits))


def _anywhere(act: Act, words: Sequence[str]) -> Sequence[_Hit]:
    found = ((tickets.load(act.tx, one.ticket), one.post) for one in search.find(act.tx, words, MOST))
    return [
        _Hit(ticket, post, _nearest(act, ticket.number, Side.TEAM))
        for ticket, post in found
        if ticket is not None
    ]


def _nearest(act: Act, holder: int, side: Side, party: int | None = None) -> Thread | None:
    """A thread of a ticket's side to lead to: the newest, if it may be on the platform where it is asked."""
    known = [
        one
        for one in threads.of_ticket(act.tx, holder)
        if one.side is side and one.place is not None and (party is None or (one.party or 1) == party)
    ]
    return max(known, key=lambda one: (one.installation.platform == act.platform, one.id), default=None)


def _among_own(act: Act, words: Sequence[str]) -> Sequence[_Hit]:
    """What somebody asked for or takes part in, by its title and by the posts that they may read."""
    own = tickets.of_person(act.tx, act.person, list(Status), OWN_TICKETS)
    held = _held(act, own)
    read = _readable(act, held)
    found = [
        one
        for one in own
        if has_all(words, searched(one.title) + "".join(post.words for post in read[one.number]))
    ]
    best = sorted(found, key=lambda one: not has_all(words, searched(one.title)))[:MOST]
    return [
        _Hit(
            merged.as_known(act.tx, one),
            next((post.post for post in read[one.number] if has_any(words, post.words)), None),
            _nearest(act, held[one.number][0], Side.CUSTOMER, held[one.number][1]),
        )
        for one in best
    ]


def _held(act: Act, own: Sequence[Ticket]) -> Mapping[int, tuple[int, int]]:
    """By ticket, as its people know it: which holds its conversation, and which party of that they are."""
    went = frozenset(merges.of_person(act.tx, act.person))
    party_of = parties.parties_of_person(act.tx, act.person)
    holders: dict[int, tuple[int, int]] = {}
    for ticket in own:
        party = party_of.get(ticket.number, 1)
        is_merged = ticket.number in went
        holders[ticket.number] = (
            merges.holder_of(act.tx, ticket.number, party) if is_merged else (ticket.number, party)
        )
    return holders


def _readable(act: Act, holders: Mapping[int, tuple[int, int]]) -> Mapping[int, Sequence[search.Searched]]:
    """The posts that this person may read, wherever they are kept now."""
    kept: dict[int, list[search.Searched]] = {}
    for post in search.of_tickets(act.tx, {holder for holder, _ in holders.values()}, OWN_POSTS):
        kept.setdefault(post.ticket, []).append(post)
    return {
        number: [one for one in kept.get(holder, ()) if may_see(one.audience, Side.CUSTOMER, party)]
        for number, (holder, party) in holders.items()
    }


def _line(act: Act, hit: _Hit, words: Sequence[str]) -> str:
    organisation, ticket = act.tx.organisation, hit.ticket
    priority, team = organisation.priority(ticket.priority), organisation.team(ticket.team)
    mark = f"{priority.mark} " if priority and priority.mark else ""
    title = literal(shortened(ticket.title, LONGEST_TITLE))
    number = to_place(f"#{ticket.number}", hit.thread.at if hit.thread else None)
    said = [f"{mark}**{number}** {title}", literal(organisation.status_name(ticket.status))]
    if team is not None:
        said.append(literal(team.name))
    post = posts.load(act.tx, hit.post) if hit.post else None
    around = excerpt(post.body, words) if post and post.deleted_at is None else ""
    return " · ".join(said) + (f": “{literal(around)}”" if around else "")
