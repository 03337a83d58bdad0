"""Who may read a post: the one place that decides, asked at intake, at every delivery, and by people."""

from __future__ import annotations

from chatdesk.contract.vocabulary import Audience, AudienceKind, Side


def may_see(audience: Audience, side: Side, party: int | None) -> bool:
    """Whether a post for this audience may stand in a place of this side (and, for customers, party).

    Staff sides see everything. An internal post has no path to a customer side. What is public to one
    party is shown to that party's places alone.
    """
    if side.is_internal:
        return True
    if audience.kind is AudienceKind.INTERNAL:
        return False
    if audience.kind is AudienceKind.EVERYONE:
        return True
    if audience.party is None or party is None:
        return False
    return audience.party <= party <= (audience.last or audience.party)


def closed_to_newcomers(audience: Audience, parties: int) -> Audience:
    """The same readers, where a ticket that has had this many parties is about to get more."""
    if audience.kind is not AudienceKind.EVERYONE:
        return audience
    return Audience(AudienceKind.PARTY, 1, parties if parties > 1 else None)


def moved_by(audience: Audience, base: int, parties: int) -> Audience:
    """The same readers, where a ticket's parties become those behind number ``base`` of another ticket."""
    if audience.kind is AudienceKind.INTERNAL:
        return Audience(audience.kind, (audience.party or 1) + base)
    known = closed_to_newcomers(audience, parties)
    return Audience(known.kind, (known.party or 1) + base, known.last and known.last + base)


def moved_back(audience: Audience, base: int) -> Audience:
    """What ``moved_by`` began with, for the parties that are the ticket's own again."""
    return Audience(audience.kind, (audience.party or 1) - base, audience.last and audience.last - base)


def reaction_may_show(set_on: Side, side: Side) -> bool:
    """Whether a reaction set on one side may show on another: an asked team's reach no customer."""
    return set_on is not Side.ESCALATION or side.is_internal
