"""What is Discord's own: tokens, its rules for styles, parts."""

import pytest

from adapters.discord.text import escape, from_commonmark, plain, split, to_commonmark

NAMES = {"1": "Ana", "5": "mods", "7": "help"}


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<@1> <@!1>", "[@Ana](person:discord/1) [@Ana](person:discord/1)"),
        ("<@2>", "[@2](person:discord/2)"),
        ("<@&5> <@&6>", "@mods @role"),
        ("<#7>", "[#help](place:discord/7)"),
        ("<:tada:1> <a:dance:2>", ":tada: :dance:"),
        ("</ticket open:9>", "/ticket open"),
        ("<t:0:R>", "[1970-01-01 00:00 UTC](time:0)"),
        ("<id:guide>", "\\<id:guide>"),
        ("`<@1>`", "`<@1>`"),
        ("[@Ana](person:slack/U1)", "\\[@Ana\\](person:slack/U1)"),
        ("__under__ _it_ *it*", "*under* *it* *it*"),
        ("||hidden||", "[hidden](spoiler:)"),
        ("||see https://x.y||", "||see <https://x.y>||"),
        ("**a\nb**", "**a**\n**b**"),
        ("**a\n\nb**", "**a**\n\n**b**"),
        ("***a** b*", "***a** b*"),
        ("2 ** 3", "2 \\*\\* 3"),
        ("\\*a\\*", "\\*a\\*"),
        ("-# small", "small"),
        ("#nothing", "#nothing"),
        ("#### nothing", "\\#### nothing"),
        (">nothing", "\\>nothing"),
        (">>> a\n\nb", "> a\n>\n> b"),
        ("1. a\n5. b", "1. a\n2. b"),
        ("* a\n  * b", "- a\n  - b"),
        ("```py\nx = 1\n```", "```py\nx = 1\n```"),
        ("```just words```", "```\njust words\n```"),
        ("``a`b``", "``a`b``"),
        ("<https://x.y/a>", "<https://x.y/a>"),
        ('[a](https://x.y "title")', "[a](https://x.y)"),
    ],
)
def test_from_discord(content: str, body: str) -> None:
    assert to_commonmark(content, NAMES) == body


def test_only_known_people_are_mentioned() -> None:
    body = "[@Ana](person:slack/U1), [@Bo](person:slack/U2), [@Cy](person:slack/U3)"
    people = {"person:slack/U1": "1", "person:slack/U2": None, "person:slack/U3": "3> @everyone"}
    assert from_commonmark(body, people) == "<@1>, @Bo, @Cy"


def test_a_name_reads_literally() -> None:
    assert escape("@everyone <@1>\n# *x*") == "@\u200beveryone <\u200b@1> # \\*x\\*"
    assert plain(f"**{escape('`a` _b_')}**") == "`a` _b_"


def test_an_address_pings_nobody() -> None:
    assert from_commonmark("https://x.y/@everyone/@ana") == "https://x.y/%40everyone/@ana"


def test_a_fence_within_code_does_not_end_it() -> None:
    body = "````\na\n```\n@everyone\n````"
    said = from_commonmark(body)
    assert said.count("```") == 2
    assert to_commonmark(said) == body


def test_parts_end_with_paragraphs() -> None:
    paragraph = ("word " * 150).strip()
    assert split("\n\n".join([paragraph] * 3)) == ["\n\n".join([paragraph] * 2), paragraph]


def test_parts_are_counted_as_discord_may_count() -> None:
    parts = split("😀" * 3000)
    assert "".join(parts) == "😀" * 3000
    assert all(len(part.encode("utf-16-le")) // 2 <= 2000 for part in parts)


def test_a_cut_code_block_keeps_its_language() -> None:
    parts = split("before\n```py\n" + "x = 1\n" * 500 + "```\nafter")
    assert parts[0].startswith("before\n```py\nx = 1") and parts[0].endswith("x = 1\n```")
    assert parts[1].startswith("```py\nx = 1") and parts[1].endswith("\n```\nafter")


def test_a_cut_quote_goes_on_as_one() -> None:
    parts = split("> " + "word " * 600)
    assert len(parts) == 2
    assert parts[1].startswith("> word")
