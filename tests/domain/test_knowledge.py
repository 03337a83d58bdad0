"""What articles are written, found and missed by."""

from __future__ import annotations

import pytest

from chatdesk.domain.article_editing import LONGEST_BODY, drafted, key_for, keywords_in, without_names
from chatdesk.domain.article_gaps import Asked, Gap, Way, gap_words, grouped
from chatdesk.domain.knowledge import asked_words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hello Ana Maria, it's Cleo", "Hello …, it's …"),
        ("ana, cleo@example.org wrote", "…, … wrote"),
        ("Ask [@Bo](person:slack/U1) or @Ana!", "Ask … or …!"),
        ("The analysis of Cleopatra stays", "The analysis of Cleopatra stays"),
    ],
)
def test_names_are_taken_out_and_words_that_only_begin_so_stay(text: str, told: str) -> None:
    assert without_names(text, ["Ana Maria", "Cleo", ""]) == told


def test_a_draft_fits_into_a_form_and_keeps_the_last_answers() -> None:
    answers = [f"Answer {number} " + "x" * 900 for number in range(5)]
    text = drafted("q" * 5000, answers, "Answer 4 " + "x" * 900, [])
    assert len(text) <= LONGEST_BODY and "Answer 4" in text and "Answer 0" not in text
    assert text.count("Answer 4") == 1
    assert len(drafted("", ["y" * 9000], "", [])) <= LONGEST_BODY


def test_keys_are_new_and_keywords_are_each_there_once() -> None:
    assert key_for("Größe ändern!", []) == "große-andern".replace("ß", "ss")
    assert key_for("A", ["a", "a-2"]) == "a-3"
    assert key_for("…", []) == "article"
    assert keywords_in(" vpn, token ,, vpn") == ("vpn", "token")


def test_gaps_are_brought_together_and_who_asks_again_counts_once() -> None:
    def asked(text: str, by: str, way: Way = Way.SEARCH) -> Asked:
        return Asked(gap_words(text, ["Cleo"]), way, by)

    found = grouped(
        [
            asked("reset the coffee machine", "1"),
            asked("coffee machines", "1"),
            asked("Coffee machine of Cleo broken 4711", "2"),
            asked("coffee machine", "#7", Way.TICKET),
            asked("parking permit", "3"),
        ]
    )
    assert found == [Gap(("coffee", "machine"), 2, 1), Gap(("parking", "permit"), 1, 0)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How do I get the VPN tokens?", ["vpn", "token"]),
        ("Wie kann ich den Drucker für Gäste einrichten", ["drucker", "gaste", "einrichten"]),
        ("Comment installer le VPN sur mon poste", ["installer", "vpn", "poste"]),
        ("打印机 脱机", ["打印", "印机", "脱机"]),
    ],
)
def test_what_a_question_is_about(text: str, words: list[str]) -> None:
    assert asked_words(text) == words
