"""Every audience in every place, written out."""

from __future__ import annotations

import pytest

from chatdesk.contract.vocabulary import EVERYONE, INTERNAL, Audience, AudienceKind, Side
from chatdesk.domain.audience import may_see

FIRST = Audience(AudienceKind.PARTY, 1)
NOBODYS = Audience(AudienceKind.PARTY, None)


@pytest.mark.parametrize(
    ("audience", "side", "party", "seen"),
    [
        (INTERNAL, Side.TEAM, None, True),
        (INTERNAL, Side.ESCALATION, None, True),
        (INTERNAL, Side.CUSTOMER, 1, False),
        (INTERNAL, Side.CUSTOMER, None, False),
        (EVERYONE, Side.TEAM, None, True),
        (EVERYONE, Side.ESCALATION, None, True),
        (EVERYONE, Side.CUSTOMER, 1, True),
        (EVERYONE, Side.CUSTOMER, 2, True),
        (FIRST, Side.TEAM, None, True),
        (FIRST, Side.ESCALATION, None, True),
        (FIRST, Side.CUSTOMER, 1, True),
        (FIRST, Side.CUSTOMER, 2, False),
        (FIRST, Side.CUSTOMER, None, False),
        (NOBODYS, Side.CUSTOMER, None, False),
        (NOBODYS, Side.CUSTOMER, 1, False),
    ],
)
def test_who_may_see_a_post(audience: Audience, side: Side, party: int | None, seen: bool) -> None:
    assert may_see(audience, side, party) is seen
