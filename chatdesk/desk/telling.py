"""Telling those who read a ticket's threads what happened: lines, cards, posts into the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatdesk.contract.views import Control
from chatdesk.contract.vocabulary import AudienceKind, IdentityId, Installation, MessageRef, Place, Side
from chatdesk.desk.act import Act
from chatdesk.domain.audience import may_see
from chatdesk.domain.effects import CardChanged, LineSaid, PersonTold, PostWritten, Whispered
from chatdesk.domain.lines import Line
from chatdesk.domain.ticket import Post, Thread
from chatdesk.store import outbox, people, threads

STAFF = (Side.TEAM, Side.ESCALATION)
ALL = (Side.CUSTOMER, Side.TEAM, Side.ESCALATION)


def on_sides(act: Act, ticket: int, sides: Iterable[Side]) -> Sequence[Thread]:
    """The ticket's live threads of these sides."""
    wanted = set(sides)
    return [thread for thread in threads.live_of_ticket(act.tx, ticket) if thread.side in wanted]


def of_party(act: Act, ticket: int, party: int) -> Sequence[Thread]:
    """The live threads that speak to one party."""
    return [thread for thread in on_sides(act, ticket, (Side.CUSTOMER,)) if thread.party == party]


def say(
    act: Act, ticket: int, line: Line, sides: Iterable[Side], controls: tuple[Control, ...] = ()
) -> str | None:
    """Say a line in every live thread of these sides. The effect's id, unless nobody reads it."""
    return say_in(act, line, on_sides(act, ticket, sides), controls)


def say_in(act: Act, line: Line, targets: Sequence[Thread], controls: tuple[Control, ...] = ()) -> str | None:
    return outbox.write(act.tx, LineSaid(line, controls), targets, act.now) if targets else None


def refresh_card(act: Act, ticket: int) -> None:
    """Let every card of the ticket show its newest state."""
    refresh_cards_in(act, threads.live_of_ticket(act.tx, ticket))


def refresh_cards_in(act: Act, known: Iterable[Thread]) -> None:
    """The same, of a ticket whose threads are known."""
    targets = [thread for thread in known if thread.side in STAFF and thread.state in threads.LIVE]
    if targets:
        outbox.write(act.tx, CardChanged(), targets, act.now)


def show_post(act: Act, post: Post, targets: Iterable[Thread]) -> None:
    """Write a post to those of the threads that its audience may read and it was not written in."""
    readers = [thread for thread in targets if reads(post, thread)]
    if readers:
        outbox.write(act.tx, PostWritten(post.id), readers, act.now)


def reads(post: Post, thread: Thread) -> bool:
    """Whether a copy of the post belongs into the thread.

    What the escalated team writes among itself is not shown to the ticket's team unless it is quoted.
    """
    if thread.id == post.thread or not may_see(post.audience, thread.side, thread.party):
        return False
    among_themselves = post.side is Side.ESCALATION and post.audience.kind is AudienceKind.INTERNAL
    return not (among_themselves and thread.side is Side.TEAM)


def whisper(
    act: Act,
    line: Line,
    place: Place,
    internal: bool,
    controls: tuple[Control, ...] = (),
    about: MessageRef | None = None,
) -> None:
    """Say something to the actor alone, where they are."""
    if act.identity is None:
        return
    effect = Whispered(act.identity, line, internal, controls, about)
    lane = f"whisper:{place.platform}:{place.id}:{act.identity.id}"
    outbox.write_at(act.tx, effect, place.installation, place.id, lane, act.now)


def tell(
    act: Act, who: IdentityId, line: Line, ticket: int | None, controls: tuple[Control, ...] = ()
) -> None:
    """Say something to a person in a direct message, if we know where they are."""
    known = people.identity(act.tx, who)
    installation = act.installation
    if known is not None and known.installation is not None:
        installation = Installation(who.platform, known.installation)
    if installation is None or installation.platform != who.platform:
        return
    effect = PersonTold(who, line, controls)
    outbox.write_at(act.tx, effect, installation, None, outbox.person_lane(who), act.now, ticket)
