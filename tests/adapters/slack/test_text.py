"""What is Slack's own: tokens on the wire, emoji names, parts."""

import pytest

from adapters.slack.emoji import name_of, unicode_of, with_unicode
from adapters.slack.text import escape, from_commonmark, plain, split, to_commonmark

NAMES = {"U1": "Ana", "C1": "support", "S1": "ops"}


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        ("<@U1>", "[@Ana](person:slack/U1)"),
        ("<@U2|bo>", "[@bo](person:slack/U2)"),
        ("<@U2>", "[@U2](person:slack/U2)"),
        ("<#C1>", "[#support](place:slack/C1)"),
        ("<#C2|general>", "[#general](place:slack/C2)"),
        ("<!here> <!channel>", "@here @channel"),
        ("<!subteam^S1> <!subteam^S2|@x>", "@ops @x"),
        ("<!date^1392734382^{date_short}^https://x.y|Feb 18>", "[Feb 18](time:1392734382)"),
        ("<http://x.y|x.y>", "[x.y](http://x.y)"),
        ("<mailto:a@b.c|a@b.c>", "[a@b.c](mailto:a@b.c)"),
        ("<person:slack/U9|me>", "me"),
        ("[@Ana](person:slack/U1)", "\\[@Ana\\](person:slack/U1)"),
        ("`see <https://x.y|x.y>`", "`see x.y`"),
        ("```<https://x.y>\n<@U1>```", "```\nhttps://x.y\n@U1\n```"),
        (":tada: :wave::skin-tone-2: :nope: 12:30:45", "🎉 👋🏻 :nope: 12:30:45"),
        ("`:tada:`", "`:tada:`"),
        ("*two\nlines*", "\\*two\nlines\\*"),
        ("*a*b", "\\*a\\*b"),
        ("&gt;&gt;&gt; all\nof it", "> all\n> of it"),
        ("1. a\n    a. b\n    b. c\n2. d", "1. a\n   1. b\n   2. c\n2. d"),
        ("1. a\n1. b", "1. a\n\n1\\. b"),
        ("- x\n+ y\n* z", "\\- x\n\\+ y\n\\* z"),
        ("say ```x``` here", "say\n\n```\nx\n```\n\nhere"),
    ],
)
def test_from_the_wire(wire: str, body: str) -> None:
    assert to_commonmark(wire, NAMES) == body


def test_only_known_people_are_mentioned() -> None:
    body = "[@Ana](person:discord/1), [@Bo](person:discord/2), [@Cy](person:discord/3)"
    people = {"person:discord/1": "U1", "person:discord/2": None, "person:discord/3": "U3> <!here"}
    assert from_commonmark(body, people) == "<@U1>, @Bo, @Cy"


def test_a_name_reads_literally() -> None:
    assert escape("<!here> *x*\n> y") == "&lt;!here&gt; \u00ad*\u00adx\u00ad*\u00ad &gt; y"
    assert plain(f"*{escape('`a` _b_')}*") == "*ˋaˋ _b_*"


@pytest.mark.parametrize(
    ("name", "char"),
    [("eyes", "👀"), ("white_check_mark", "✅"), ("rotating_light", "🚨"), ("ticket", "🎫"), ("+1", "👍"),
     ("heart", "❤️"), ("wave::skin-tone-6", "👋🏿"), ("flag-at", "🇦🇹"), ("de", "🇩🇪"), ("saluting_face", "🫡")],
)  # fmt: skip
def test_reaction_names_go_both_ways(name: str, char: str) -> None:
    assert unicode_of(name) == char
    assert name_of(char) == name


def test_emoji_that_are_not_known() -> None:
    assert unicode_of("party-parrot") is None
    assert name_of("x") is None
    assert unicode_of("thumbsup") == "👍"
    assert name_of("❤") == "heart"
    assert with_unicode(":a:x:tada:") == "🅰️x🎉"


def test_parts_end_with_paragraphs() -> None:
    paragraph = "word " * 300
    parts = split("\n\n".join([paragraph.strip()] * 5))
    assert parts == ["\n\n".join([paragraph.strip()] * 2)] * 2 + [paragraph.strip()]


def test_parts_are_counted_as_escaped_bytes() -> None:
    parts = split(from_commonmark("<" * 3000))
    assert [len(part) for part in parts] == [3896, 3896, 3896, 312]
    assert all(part.replace("&lt;", "") == "" for part in parts)


def test_a_cut_code_block_is_closed_and_opened_again() -> None:
    parts = split("```\n" + "line of code\n" * 600 + "```")
    assert len(parts) == 3
    assert all(part.startswith("```\nline of code") and part.endswith("code\n```") for part in parts)
    assert "".join(parts).count("line of code") == 600


def test_nothing_makes_no_part() -> None:
    assert split(" \n ") == []
