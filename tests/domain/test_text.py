from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.contract.catalogue import LINES
from chatdesk.contract.sentences import Markup, Sentence, literal
from chatdesk.domain.text import headline, one_line, plain_text, shortened


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("The printer is on fire", "The printer is on fire"),
        ("\n\n  **The** `printer`\nis on fire", "The printer"),
        ("# Help\nme", "Help"),
        ("> quoted", "quoted"),
        ("[@ana](person:slack/U1) please look", "@ana please look"),
        ("see [the page](https://example.org/a_b)", "see the page"),
        (r"5 \* 3 \_is\_ 15", "5 * 3 _is_ 15"),
        ("***\n---", "---"),
        ("", ""),
        ("\u200b \u2060\nwords", "words"),
        ("\u3164\u200b\ufe0f", ""),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_a_headline_is_the_first_line_with_words(body: str, title: str) -> None:
    assert headline(body) == title


def test_a_headline_ends_with_a_word() -> None:
    assert headline("word " * 40) == "word " * 14 + "word…"
    assert headline("w" * 100) == "w" * 79 + "…"


@given(st.text(), st.integers(1, 100))
def test_shortened_text_fits(text: str, limit: int) -> None:
    cut = shortened(text, limit)
    assert len(cut) <= limit
    assert cut == text or cut.endswith("…")


@given(st.text(max_size=2000))
def test_reading_text_aloud_never_fails(text: str) -> None:
    plain_text(text)
    assert "\n" not in headline(text)


def test_text_full_of_brackets_is_read_in_reasonable_time() -> None:
    assert len(plain_text("[" * 50_000)) == 50_000
    assert plain_text("[a](" * 12_000)


@given(st.text())
def test_somebodys_words_stay_their_words_in_a_sentence(name: str) -> None:
    said = Sentence("{actor} claimed this ticket").say(actor=name)
    assert said == f"{literal(name)} claimed this ticket"
    assert "\n" not in said


def test_markup_goes_into_a_sentence_as_it_is() -> None:
    assert Sentence("{a} {b}").say(a=Markup("**x**"), b="**x**") == r"**x** \*\*x\*\*"


@pytest.mark.parametrize("name", ["<!channel>", "<@U1>", "[x](person:slack/U1)"])
def test_names_never_ping(name: str) -> None:
    assert name not in Sentence("{actor} claimed this ticket").say(actor=name)


def test_every_line_says_something() -> None:
    assert all(sentence.template.strip() for sentence in LINES.values())


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("C# with snake_case > 3 * 4", "C# with snake_case > 3 * 4"),
        ("  two\n lines ", "two lines"),
        ("\u200b", ""),
        ("a" * 151, "a" * 149 + "…"),
    ],
)
def test_a_typed_title_stays_as_it_was_typed(typed: str, title: str) -> None:
    assert one_line(typed) == title
