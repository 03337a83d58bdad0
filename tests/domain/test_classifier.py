"""A linear model is read in plain Python: what it says, how sure, and by which words."""

from __future__ import annotations

import pytest

from chatdesk.domain.classifier import (
    OTHER,
    Guess,
    Model,
    Target,
    Weights,
    as_known,
    features_of,
    guesses,
    is_at_or_below,
    words_of,
)
from chatdesk.domain.triage_measures import Example, measured

MODEL = Model(
    {"=refund": 2.0, "<ref": 1.0, "refu": 1.0, "=printer": 2.0, "=please": 0.5, "=odd": 2.0},
    {
        Target.CATEGORY: Weights(
            ("billing", "hardware", OTHER),
            (0.2, 0.0, 0.0),
            {
                "=refund": (4.0, -2.0, -2.0),
                "<ref": (1.0, 0.0, -1.0),
                "refu": (1.0, 0.0, -1.0),
                "=printer": (-2.0, 4.0, -2.0),
                "=odd": (-2.0, -2.0, 4.0),
            },
        )
    },
)


def test_a_text_is_guessed_by_its_words() -> None:
    [guess] = guesses(MODEL, "A refund, please!", 0.8)
    assert (guess.target, guess.value, guess.reasons) == (Target.CATEGORY, "billing", ("refund",))
    assert guess.confidence == pytest.approx(0.995, abs=0.005)
    assert guess.percent == 99


def test_a_mistyped_word_is_known_by_its_parts_and_said_as_others_write_it() -> None:
    [guess] = guesses(MODEL, "a refudn", 0.5)
    assert (guess.value, guess.reasons) == ("billing", ("refudn",))
    assert guess.confidence < 0.9
    assert as_known(MODEL, ["refudn", "schrödinger", "printer"]) == ["refund", "printer"]


@pytest.mark.parametrize("text", ["", "12345 !!", "nothing of this is known", "please", "something odd"])
def test_nothing_is_said_without_a_word_that_speaks_for_it_or_of_the_rest(text: str) -> None:
    assert not guesses(MODEL, text, 0.5)


def test_numbers_are_no_words_and_short_words_have_no_parts() -> None:
    assert words_of("Order 4711 of ACME-9, the VPN") == ["order", "acme", "vpn"]
    assert features_of("vpn") == ["=vpn"]
    assert features_of("toner") == ["=toner", "<ton", "tone", "oner", "ner>"]


def test_what_was_guessed_is_counted_where_it_was_sure_enough() -> None:
    held_out = [
        Example(number, "p", text, category, "normal", None)
        for number, (text, category) in enumerate(
            [("refund", "billing"), ("refund", "hardware"), ("printer", "hardware"), ("what", "billing")]
        )
    ]

    def guessed(text: str) -> Guess | None:
        return next(iter(guesses(MODEL, text, 0.8)), None)

    found = measured(Target.CATEGORY, 10, held_out, guessed)
    assert (found.all.held_out, found.all.said, found.all.right) == (4, 3, 2)
    assert found.all.coverage == 0.75 and found.all.precision == pytest.approx(2 / 3)
    by_value = {one.value: one for one in found.values}
    assert (by_value["billing"].precision, by_value["hardware"].precision) == (0.5, 1.0)
    assert not found.refused and found.usual == 0.5
    unsaid = measured(Target.CATEGORY, 10, held_out, guessed, unsaid="billing")
    assert (unsaid.all.said, [one.value for one in unsaid.values]) == (1, ["hardware"])
    assert "never sure" in measured(Target.CATEGORY, 10, held_out, lambda text: None).refused


def test_where_branches_are_as_likely_the_one_above_is_said() -> None:
    tree = Weights(
        ("billing/refund", "billing/invoice", "account"), (0.0, 0.0, 0.0),
        {"=money": (3.0, 3.0, -3.0), "=back": (3.0, -3.0, -3.0), "=login": (-3.0, -3.0, 3.0)},
    )  # fmt: skip
    model = Model({"=money": 1.0, "=back": 1.0, "=login": 1.0}, {Target.CATEGORY: tree})
    said = {text: guesses(model, text, 0.8) for text in ("my money", "my money back", "my login and money")}
    assert [(one.value, one.reasons) for one in said["my money"]] == [("billing", ("money",))]
    assert [(one.value, one.reasons) for one in said["my money back"]] == [
        ("billing/refund", ("money", "back"))
    ]
    assert not said["my login and money"]
    assert is_at_or_below("billing/refund", "billing") and not is_at_or_below("billing", "billing/refund")
