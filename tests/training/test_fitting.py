"""A classifier trained on tickets that are made from templates with noise, and its table (shown by -s)."""

from __future__ import annotations

import os

import pytest

from chatdesk.commands.context import out
from chatdesk.commands.triage import figures
from chatdesk.domain.classifier import Target, guesses
from chatdesk.domain.triage_measures import Example
from chatdesk.training.fitting import Trained, trained
from tests.triage_data import tickets

THRESHOLD = 0.8


@pytest.fixture(scope="module")
def learned() -> Trained:
    return trained(tickets(int(os.environ.get("CHATDESK_TICKETS", "600"))), THRESHOLD, "normal")


def test_it_is_right_where_it_is_sure_and_better_than_the_most_usual(learned: Trained) -> None:
    out().print("\n", figures(learned.measured))
    by_target = {one.target: one for one in learned.measured}
    for target, precision, coverage in (
        (Target.CATEGORY, 0.85, 0.45),
        (Target.PRIORITY, 0.8, 0.08),
        (Target.TEAM, 0.85, 0.55),
    ):
        found = by_target[target]
        assert not found.refused and found.all.precision is not None
        assert found.all.precision >= precision, target
        assert found.all.coverage >= coverage, target
    category = by_target[Target.CATEGORY]
    assert category.all.precision is not None and category.all.precision > category.usual + 0.4


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Please refnud the money, the lamp was returned", "billing/refund"),
        ("Der Druckr hat einen Papierstau", "hardware/printer"),
        ("VPN: kein Zugriff auf das Laufwerk", "network/vpn"),
    ],
)
def test_mistyped_and_mixed_requests(learned: Trained, text: str, category: str) -> None:
    guess = next(one for one in guesses(learned.model, text, 0.5) if one.target is Target.CATEGORY)
    assert guess.value == category and guess.reasons


def test_words_of_one_person_and_numbers_are_not_learned(learned: Trained) -> None:
    known = [one for one in learned.model.rarity if one.startswith("=")]
    assert "=printer" in known and "=drucker" in known
    assert not any(letter.isdigit() for one in learned.model.rarity for letter in one)
    own = [*tickets(80), *(Example(900 + at, "p1", "Schrödinger", "a", "b", "c") for at in range(5))]
    assert not any("rodinger" in one for one in trained(own, THRESHOLD, "normal").model.rarity)


@pytest.mark.parametrize(
    ("count", "why"),
    [(0, "0 of the older tickets have one"), (70, "56 of the older tickets have one, and 60 are the fewest")],
)
def test_too_few_tickets_teach_nothing(count: int, why: str) -> None:
    found = trained(tickets(count), THRESHOLD, "normal")
    assert not found.model.targets
    assert all(one.refused.startswith(why) for one in found.measured)
