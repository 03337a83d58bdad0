"""What holds for every text that a human can type, on both platforms and between them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.commonmark import plain, read, write
from adapters.commonmark.shape import document, lines_of
from adapters.commonmark.tree import Code, CodeBlock, Document, Heading, Line, Listing, Paragraph, Quote, Text
from adapters.discord import text as discord
from adapters.slack import text as slack
from tests.properties.effort import EFFORT

EXAMPLES = 40 * EFFORT
"""How many texts each property is tried on."""

LENGTH = 6_000 if EFFORT == 1 else 24_000
SECONDS = LENGTH // 1_000
"""Ten times what such a text takes, and less than it would take by the square of its length."""

# fmt: off
FRAGMENTS = [
    *"*_~`|<>@#!&\\[]()-+.:/= \n\t1a0é太\u200b\u00ad\u00a0\u202e👍\ud800",
    "**", "__", "~~", "||", "```", "``", "```py\n", "\n```\n", "\n\n", "\n> ", "\n>>> ",
    "\n&gt; ", "\n- ", "\n  - ",
    "\n1. ", "\n2. ", "\n• ", "\n    ◦ ", "\n# ", "\n-# ", "\n---\n", "\n===\n", "    ",
    "| a | b |", "\r\n", "\0",
    "\x0b", "\u2028", "&amp;", "&lt;", "&gt;", "&nbsp;", "<@U1>", "<@U1|ana>", "<#C1|c>",
    "<!here>", "<!channel>",
    "<!subteam^S1|@x>", "<!date^1^{date}|f>", "<@1>", "<@!1>", "<@&1>", "<#1>", "<:n:1>",
    "<t:1:R>", "</c:1>",
    "@everyone", "@here", "everyone", "https://x.y/a_b", "<https://x.y/a|l>", "[l](https://x.y/a)",
    "[l](person:slack/U1)", "<person:slack/U1>", "![i](https://x.y/i.png)", "<b>", "\\*", "\\",
    ":tada:", "word",
    "two words",
]
CODE_FRAGMENTS = [
    *"*_~|<>@#!&\\[]()-+.:/ \t1aé太\u00ad\u202e👍", "`", "```", "~~~", "&amp;", "\n", "> ",
    "@everyone", "<@U1>",
    ":tada:", "https://x.y", "    x", "</b>",
]
LITERAL_FRAGMENTS = [
    *"*_~`|\\-+#><&[]().!= aé\n", "1.", "1)", "  ", "b2", "\n\n", "snake_case", "C:\\path", "<b>",
    "&amp;",
    "@everyone", "<@1>",
]
HOSTILE = [
    "*", "_", "~", "`", "``", "|", "||", "[", "]", "[a](", "<", "<@", ">", "> ", "- ", "1. ", "(",
    "\\", "&", "&lt;",
    "\u200b", "\u00ad", " ", "\t", "\n", ":", ":a", "*a", "a*", "*a ", "_a_", "[a", "![",
    "<https://x", "https://x.y ",
    "```", "```a", "**a** ", "a", "\n> ", "\n- a", "\n  ", "*a\n", "<@1>", "`a``b",
    "[a](https://x.y)", "\\*", "||a",
    "# ", "<t:1>", "a\u00ad", "` ", "```a```",
]
# fmt: on

texts = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=80),
    st.text(alphabet="*_~`|<@> \n-1.\\ab", max_size=40),
)
"""Any text, most of it made of what means something somewhere; half surrogates included."""


@dataclass(frozen=True, slots=True)
class Platform:
    name: str
    to_commonmark: Callable[[str], str]
    from_commonmark: Callable[[str], str]
    split: Callable[[str], list[str]]
    escape: Callable[[str], str]
    plain: Callable[[str], str]
    pings: re.Pattern[str]
    size: Callable[[str], int]
    most: int

    def __repr__(self) -> str:
        return self.name

    def without_code(self, text: str) -> str:
        return re.sub(r"(?s)```.*?```|(?<!\\)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)", "", text)


SLACK = Platform(
    "slack",
    slack.to_commonmark,
    slack.from_commonmark,
    slack.split,
    slack.escape,
    slack.plain,
    re.compile("<[@!#]"),
    lambda text: len(text.encode()),
    3900,
)
DISCORD = Platform(
    "discord",
    discord.to_commonmark,
    discord.from_commonmark,
    discord.split,
    discord.escape,
    discord.plain,
    re.compile("@everyone|@here|<@"),
    lambda text: len(text.encode("utf-16-le")) // 2,
    2000,
)

platforms = pytest.mark.parametrize("platform", [SLACK, DISCORD], ids=lambda platform: platform.name)
pairs = pytest.mark.parametrize(
    ("source", "target"),
    [(SLACK, DISCORD), (DISCORD, SLACK), (SLACK, SLACK), (DISCORD, DISCORD)],
    ids=lambda platform: platform.name,
)


@platforms
@given(text=texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_is_taken_and_can_be_sent(platform: Platform, text: str) -> None:
    for result in (platform.to_commonmark(text), platform.from_commonmark(text), platform.escape(text)):
        result.encode()
    assert "\n" not in platform.plain(text)
    assert "\n" not in platform.escape(text)


@platforms
@given(text=texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_body_has_one_spelling(platform: Platform, text: str) -> None:
    body = platform.to_commonmark(text)
    assert write(read(body)) == body


@platforms
@given(body=texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_second_round_changes_nothing(platform: Platform, body: str) -> None:
    once = platform.to_commonmark(platform.from_commonmark(body))
    assert platform.to_commonmark(platform.from_commonmark(once)) == once


@platforms
@given(text=texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_was_typed_there_comes_back_the_same(platform: Platform, text: str) -> None:
    body = platform.to_commonmark(platform.from_commonmark(platform.to_commonmark(text)))
    assert platform.to_commonmark(platform.from_commonmark(body)) == body


@pairs
@given(text=texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_nothing_pings(source: Platform, target: Platform, text: str) -> None:
    said = target.from_commonmark(source.to_commonmark(text))
    harmless = re.sub(r"<!date\^[^<>]*>", "", target.without_code(said))
    assert not target.pings.search(harmless), said


@platforms
@given(text=texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_name_pings_nobody_wherever_it_is_put(platform: Platform, text: str) -> None:
    name = platform.escape(text)
    assert not platform.pings.search(name)
    assert not platform.pings.search("**" + name + "**")


def codes(document: Document) -> list[str]:
    found: list[str] = []
    for block in document:
        match block:
            case Paragraph(lines):
                found += [code for line in lines for code in spans_of(line)]
            case Heading(_, line):
                found += spans_of(line)
            case Listing(entries):
                found += [code for entry in entries for line in entry.lines for code in spans_of(line)]
            case CodeBlock(text):
                found.append(text)
            case Quote(blocks):
                found += codes(blocks)
    return found


def spans_of(line: Line) -> list[str]:
    return [span.text for span in line if isinstance(span, Code)]


code_texts = st.lists(st.sampled_from(CODE_FRAGMENTS), min_size=1, max_size=15).map("".join).filter(str.strip)


@platforms
@given(code=code_texts, language=st.sampled_from(["", "py", "c++"]), where=st.sampled_from(["", "> ", "- "]))
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_code_block_is_never_altered(platform: Platform, code: str, language: str, where: str) -> None:
    fenced = write((CodeBlock(code, language),))
    indent = "  " if where == "- " else where
    body = "before\n\n" + "\n".join(
        (indent if index else where) + line for index, line in enumerate(fenced.split("\n"))
    )
    said = platform.from_commonmark(body)
    assert codes(read(platform.to_commonmark(said))) == codes(read(body))
    if where == "":
        assert codes(read(body)) == [code]


@platforms
@given(code=code_texts.map(lambda text: text.replace("\n", " ")).filter(str.strip))
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_code_span_is_never_altered(platform: Platform, code: str) -> None:
    body = write((Paragraph(((Text("word"), Code(code)),)),))
    assert codes(read(body)) == [code]
    assert codes(read(platform.to_commonmark(platform.from_commonmark(body)))) == [code]


@pairs
@given(words=st.lists(st.text("abcdefgäöü0123456789", min_size=1, max_size=8), max_size=12))
@settings(max_examples=EXAMPLES, deadline=None)
def test_plain_words_survive(source: Platform, target: Platform, words: list[str]) -> None:
    text = "\n".join(" ".join(words[index : index + 3]) for index in range(0, len(words), 3))
    assert target.plain(target.from_commonmark(source.to_commonmark(text))).split() == text.split()


literal = st.lists(st.sampled_from(LITERAL_FRAGMENTS), max_size=25).map("".join)


def words_alone(text: str) -> str:
    return re.sub(r"[\s\u200b\u00ad]+", "", text).replace("ˋ", "`")


@platforms
@given(text=literal)
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_was_meant_literally_reads_literally(platform: Platform, text: str) -> None:
    body = write(literally(text))
    assert words_alone(plain(body)) == words_alone(text)
    again = platform.to_commonmark(platform.from_commonmark(body))
    assert words_alone(plain(again)) == words_alone(text)


def literally(text: str) -> Document:
    return document([Paragraph(lines_of([Text(text)]))])


long_texts = st.builds(
    lambda pieces, times: "".join(pieces) * times,
    st.lists(st.sampled_from([*FRAGMENTS, "word " * 50, "x" * 300, "line\n" * 40, "太" * 200]), max_size=12),
    st.integers(1, 60),
)


@platforms
@given(text=long_texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_parts_fit_and_lose_nothing_but_space(platform: Platform, text: str) -> None:
    said = platform.from_commonmark(platform.to_commonmark(text))
    parts = platform.split(said)
    assert all(part.strip() and platform.size(part) <= platform.most for part in parts)
    reopened = re.compile(r"\s+|```(?:py(?=\n))?|" + ("&gt;" if platform is SLACK else ">"))
    assert reopened.sub("", "\n".join(parts)) == reopened.sub("", said)
    for part in parts:
        harmless = re.sub(r"<!date\^[^<>]*>|<[@#][A-Z0-9]+>", "", platform.without_code(part))
        assert not platform.pings.search(harmless)


@platforms
@given(text=st.text(alphabet="ab \n*`<>&_", max_size=1800))
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_short_text_is_one_part(platform: Platform, text: str) -> None:
    assert platform.split("x" + text) == [("x" + text).rstrip()]


@platforms
@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.timeout(SECONDS)
def test_no_text_takes_time_out_of_proportion(platform: Platform, piece: str) -> None:
    go_round(platform, piece * (LENGTH // len(piece)))


@platforms
@pytest.mark.timeout(20)
def test_a_very_long_text_is_soon_done(platform: Platform) -> None:
    go_round(platform, ("".join(HOSTILE) * 400)[:50_000])


def go_round(platform: Platform, text: str) -> None:
    platform.split(platform.from_commonmark(platform.to_commonmark(text)))
    platform.from_commonmark(text)
    platform.escape(text)
