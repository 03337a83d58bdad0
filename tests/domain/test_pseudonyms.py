"""Roles stand where names were, wherever and however somebody who is known is named."""

from __future__ import annotations

import pytest

from chatdesk.domain.pseudonyms import Known, Roles

PEOPLE = (
    Known("p1", "Customer", ("Cleo Müller", "cleo_m"), ("discord/421421421421421421",)),
    Known("p2", "Agent", ("Ana",), ("slack/U0ANA",)),
    Known("p3", "Agent", ("Will Ng",), ("slack/U0WILL",)),
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I am Cleo Müller", "I am Customer"),
        ("cleo müller, @cleo_m, Cleo and Müller's", "Customer, Customer, Customer and Customer's"),
        ("Mu\u0308ller", "Customer"),
        ("[@Ana](person:slack/U0ANA) and [x](<person:discord/7>)", "Agent 1 and Somebody"),
        ("<@U0ANA>, U0ANA, 421421421421421421", "Somebody, Agent 1, Customer"),
        ("mail a.b+c@mail.example.org please", "mail (address) please"),
        ("Anatomy, and it will do", "Anatomy, and it will do"),
        ("ask Will", "ask Agent 1"),
        ("in [#help](place:slack/T1/C1)", "in #help"),
        ("cleo\\_m said", "Customer said"),
    ],
)
def test_what_is_told(text: str, told: str) -> None:
    roles = Roles(PEOPLE)
    roles.of("p1")
    assert roles.hide(text) == told


def test_everybody_keeps_a_role() -> None:
    roles = Roles(PEOPLE)
    assert [roles.of(one) for one in ("p1", "p3", "p2", "p3", "unknown")] == [
        *("Customer", "Agent 1", "Agent 2", "Agent 1", "Somebody 1")
    ]
