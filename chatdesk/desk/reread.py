"""What the history of a message says about its reactions, compared with what we know of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from chatdesk.contract.inbound import Reaction, ReactionSet, ReactionsSeen
from chatdesk.contract.vocabulary import TICKET_EMOJI, Actor, IdentityId
from chatdesk.desk.changes import VERB_EMOJI, standing_keys
from chatdesk.store import memory, posts
from chatdesk.store.tables import copies, reactions
from chatdesk.store.transaction import Transaction

_Who = tuple[str, str]
"""An emoji and an identity's id."""


def differences(tx: Transaction, seen: ReactionsSeen) -> Sequence[ReactionSet]:
    """What was reacted, or taken back, that we did not hear of."""
    known = _known(tx, seen)
    there: Mapping[_Who, Reaction] = {
        (one.emoji, one.actor.identity.id): one for one in seen.by if one.emoji != TICKET_EMOJI
    }
    added = [_set(seen, one, present=True) for who, one in there.items() if who not in known]
    gone = (
        []
        if _is_in_parts(tx, seen)
        else [
            _set(seen, Reaction(Actor(IdentityId(seen.ref.place.platform, who[1])), who[0]), present=False)
            for who in sorted(known)
            if who not in there and who[0] not in seen.partly
        ]
    )
    return [*added, *gone]


def _set(seen: ReactionsSeen, one: Reaction, present: bool) -> ReactionSet:
    return ReactionSet(seen.ref, seen.where, one.actor, one.emoji, present, seen.version, seen.at)


def _is_in_parts(tx: Transaction, seen: ReactionsSeen) -> bool:
    """Whether the post stands in several messages there: who reacted to another of them still does."""
    copied = posts.by_copy(tx, seen.ref.place.platform, seen.ref.id)
    if copied is None:
        return False
    post, thread = copied
    statement = select(copies.c.message).where(
        copies.c.desk == tx.desk, copies.c.post == post.id, copies.c.thread == thread
    )
    return len(set(tx.connection.execute(statement).scalars())) > 1


def _known(tx: Transaction, seen: ReactionsSeen) -> frozenset[_Who]:
    """Who reacts to this message as far as we know: to a post there, or to have something done."""
    platform, message = seen.ref.place.platform, seen.ref.id
    start = standing_keys(seen.ref)
    found = set(_standing(memory.keys_beginning(tx, start), start))
    copied = posts.by_copy(tx, platform, message)
    post = copied[0] if copied else posts.by_source(tx, platform, message)
    if post is not None:
        thread = copied[1] if copied else post.thread or ""
        statement = select(reactions.c.emoji, reactions.c.identity).where(
            reactions.c.desk == tx.desk,
            reactions.c.post == post.id,
            reactions.c.platform == platform,
            reactions.c.thread == thread,
            reactions.c.present,
        )
        found |= {(row.emoji, row.identity) for row in tx.connection.execute(statement)}
    return frozenset(found)


def _standing(keys: Sequence[str], start: str) -> Iterator[_Who]:
    for key in keys:
        emoji, _, who = key.removeprefix(start).partition(":")
        if emoji in VERB_EMOJI:
            yield emoji, who
