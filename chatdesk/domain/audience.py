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
    return audience.party is not None and audience.party == party


def reaction_may_show(set_on: Side, side: Side) -> bool:
    """Whether a reaction set on one side may show on another: an asked team's reach no customer."""
    return set_on is not Side.ESCALATION or side.is_internal
