"""Who is to read a message, by its first words; a note must not get out for a slip of the finger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.domain.markers import Marker, is_thanks, read_marker


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("note: he is lying", "he is lying"),
        ("Note: he is lying", "he is lying"),
        ("NOTE: he is lying", "he is lying"),
        ("nOtE:he is lying", "he is lying"),
        ("  \n note:   he is lying", "he is lying"),
        ("note:\nhe is lying\nand rude", "he is lying\nand rude"),
        ("🔒 he is lying", "he is lying"),
        ("🔒he is lying", "he is lying"),
        ("🔒\ufe0f he is lying", "he is lying"),
        ("note:", ""),
    ],
)
def test_a_note_is_a_note_whatever_its_case(text: str, body: str) -> None:
    marked = read_marker(text)
    assert (marked.marker, marked.body) == (Marker.NOTE, body)


@pytest.mark.parametrize("text", ["reply: hello", "Reply: hello", "REPLY:hello", " reply:  hello"])
def test_a_reply_is_a_reply_whatever_its_case(text: str) -> None:
    marked = read_marker(text)
    assert (marked.marker, marked.body) == (Marker.REPLY, "hello")


@pytest.mark.parametrize(
    "text",
    [
        "note : x",
        "note  : x",
        "note :x",
        "note; x",
        "note- x",
        "note – x",
        "note — x",
        "note x",
        "note\nx",
        "Note",
        "NOTE x",
        "Notes: x",
        "note. x",
        "note, x",
        "note=x",
        "note>x",
        "note|x",
        "note：x",
        "nоte: x",
        "nоte:x",
        "nοte: x",
        "ｎｏｔｅ： x",
        "ｎｏｔｅ: x",
        "nòte: x",
        "no\u0301te: x",
        "no\u200bte: x",
        "\u200bnote: x",
        "\u200e\u200fnote: x",
        "no\u00adte: x",
        "note\u200b: x",
        "\ufeffnote: x",
        "**note:** x",
        "**note**: x",
        "*note:* x",
        "_note:_ x",
        "__note__: x",
        "_note_ x",
        "~~note:~~ x",
        "`note:` x",
        "> note: x",
        "> 🔒 x",
        ">note: x",
        "- note: x",
        "• note: x",
        "1. note: x",
        "# note: x",
        "/note x",
        "\\note: x",
        "/ note x",
        "!note x",
        "[note] x",
        "(note) x",
        "{note} x",
        "<note> x",
        '"note": x',
        "“note: x",
        "«note» x",
        "nto: x",
        "not: x",
        "noet: x",
        "ntoe: x",
        "onte: x",
        "noote: x",
        "nnote: x",
        "nte: x",
        "ote: x",
        "noye: x",
        "nore: x",
        "notr: x",
        "nlte: x",
        "notew: x",
        "neto: x",
        "🔓 x",
        "🔏 x",
        "🔐 x",
        "👉🔒 x",
        "*🔒* x",
        "🤫 x",
        "㊙ x",
        "🗝️ x",
        ":lock: x",
        ":closed_lock_with_key: x",
        "internal: x",
        "Internal x",
        "INTERNAL - x",
        "private: x",
        "intern: x",
        "staff only: x",
        "secret: x",
        "[@ben](person:slack/ben) note: x",
        "[@ben](person:slack/ben), [@lea](person:slack/lea) 🔒 x",
        "[@ben](person:slack/ben): note x",
        "@chatdesk note x",
        "@here note: x",
        "&gt; note: x",
    ],
)
def test_what_looks_like_a_note_is_asked_about(text: str) -> None:
    assert read_marker(text).marker is Marker.NEAR_MISS


@pytest.mark.parametrize(
    "text", ["repyl: x", "relpy: x", "reply ; x", "replay: x", "**reply:** x", "Replies: x", "reply – x"]
)
def test_what_looks_like_a_reply_is_told_apart(text: str) -> None:
    assert read_marker(text).marker is Marker.NEAR_REPLY


@pytest.mark.parametrize(
    "text",
    [
        "Hello, have you tried turning it off and on again?",
        "Nothing to worry about: it is fixed",
        "No: that is not how it works",
        "North: sunny",
        "Please note that we are closed tomorrow",
        "I noted it down: thanks",
        "Another thing: restart it",
        "replying to your mail: yes",
        "Reply to the mail and attach the file",
        "Done: please try again",
        "The key is under the mat",
        "👍 done",
        "",
        "   ",
        "1. Open the app\n2. note: restart",
        "x\nnote: y",
        "[@cleo](person:discord/cleo) please try again",
    ],
)
def test_ordinary_words_are_no_marker(text: str) -> None:
    marked = read_marker(text)
    assert (marked.marker, marked.body) == (Marker.NONE, text)


@given(st.text(max_size=200))
def test_reading_a_marker_never_fails_and_never_adds_words(text: str) -> None:
    marked = read_marker(text)
    assert text.endswith(marked.body)
    if marked.marker not in (Marker.NOTE, Marker.REPLY):
        assert marked.body == text


_NOISE = st.text(alphabet="*_~`>#-•\u200b\u200e \t(['\"", max_size=6)


@given(_NOISE, st.sampled_from(["note", "Note", "NOTE", "nоte", "ｎｏｔｅ", "n\u200bote"]), _NOISE)
def test_decoration_never_lets_a_note_pass(before: str, word: str, after: str) -> None:
    assert read_marker(f"{before}{word}{after}: secret").marker in (Marker.NOTE, Marker.NEAR_MISS)


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "Thanks!",
        "THANKS!!!",
        "thank you",
        "Thank you so much!",
        "thx",
        "ty",
        "Many thanks",
        "thanks a lot 🙏",
        "ok thanks",
        "Great, thanks!",
        "Perfect, thank you very much.",
        "Thank you, it works now!",
        "thanks, works",
        "cheers",
        "👍",
        "🙏🙏",
        "👍🏽",
        "❤️",
        ":+1:",
        ":pray: :tada:",
        "Danke schön!",
        "merci beaucoup",
        "thanks for your help",
        "Thanks for the quick help!",
        "thanks :slightly_smiling_face:",
        "**Thanks!**",
        "it works now, thanks",
        "that worked, thank you",
        "solved, thanks!",
    ],
)
def test_bare_thanks(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "thanks but it is still broken",
        "Thanks, can you also fix the other one?",
        "thanks?",
        "?",
        "???",
        "...",
        "no",
        "it does not work",
        "😡",
        "👎",
        "thank you, one more thing: the scanner",
        "👍 but it is still slow",
        "1",
        "thanks for nothing, it is broken",
        ":-1:",
        "works not",
    ],
)
def test_more_than_thanks(text: str) -> None:
    assert not is_thanks(text)


@given(st.text(max_size=300))
def test_thanks_never_fail(text: str) -> None:
    is_thanks(text)
