"""What people wrote, as HTML that holds nothing but what they wrote."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk_playground.discord.state import Role, User, World
from chatdesk_playground.page.discord_text import markdown
from chatdesk_playground.page.html import link, tag
from chatdesk_playground.page.slack_text import mrkdwn, rich_text
from chatdesk_playground.slack.state import Channel, Workspace
from chatdesk_playground.slack.state import User as SlackUser
from chatdesk_playground.slack.typing_in import typed

_ANA = SlackUser("U1", "T1", "ana", "Ana Abt", "Ana", "ana@acme.example", "xoxc")
WORKSPACE = Workspace(
    "T1", "acme", "A1", "U0", "B1", "xoxb", frozenset(),
    users={"U1": _ANA}, channels={"C1": Channel("C1", "T1", "help", "channel", "U1", 0)},
)  # fmt: skip
WORLD = World(
    users={"1": User("1", "cleo", "Cleo", None)},
    roles={"2": Role("2", "9", "Engineers", 0, 1)},
)
HARMFUL = ("script", "iframe", "object", "style", "link", "meta", "form", "svg", "base")


class Reader(HTMLParser):
    """Which elements there are, and what they would do."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HARMFUL:
            self.bad.append(tag)
        for name, value in attrs:
            scheme = (value or "").strip().casefold().startswith(("javascript:", "data:", "vbscript:"))
            if name.startswith("on") or (name in ("href", "src") and scheme):
                self.bad.append(f"{tag} {name}={value}")


def harm(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    return reader.bad


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("*a* _b_ ~c~ `d *e*`", "<strong>a</strong> <em>b</em> <s>c</s> <code>d *e*</code>"),
        (
            "<@U1> in <#C1|help> :tada:",
            '<span class="mention">@Ana</span> in <span class="mention">#help</span> 🎉',
        ),
        ("&gt; so\nit is", "<blockquote>so</blockquote>it is"),
        ("```x &lt; y```", "<pre>x &lt; y</pre>"),
        (
            "<https://a.example|here>",
            '<a href="https://a.example" target="_blank" rel="noopener noreferrer">here</a>',
        ),
        ("<javascript:alert(1)|here>", "here"),
        ("5 * 3 * 2 &amp; snake_case_name", "5 * 3 * 2 &amp; snake_case_name"),
    ],
)
def test_slack(written: str, html: str) -> None:
    assert mrkdwn(WORKSPACE, written) == html


def test_slack_rich_text_is_what_was_typed() -> None:
    blocks = typed(WORKSPACE, "*bold* @ana\n- one\n- two\n```\ncode\n```")[1]
    html = rich_text(WORKSPACE, blocks[0])
    assert "<strong>bold</strong>" in html and '<span class="mention">@Ana</span>' in html
    assert re.search(r"<ul><li>.*one.*</li><li>.*two.*</li></ul>", html) and "<pre>code</pre>" in html


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("**a** *b* __c__ ~~d~~", "<p><strong>a</strong> <em>b</em> <u>c</u> <s>d</s></p>"),
        (
            "<@1> and <@&2>",
            '<p><span class="mention">@Cleo</span> and <span class="mention">@Engineers</span></p>',
        ),
        ("||secret||", '<p><span class="spoiler" tabindex="0">secret</span></p>'),
        ("-# small print", "<p><small>small print</small></p>"),
        ("one\ntwo", "<p>one<br />\ntwo</p>"),
        ("<b>no</b>", "<p>&lt;b&gt;no&lt;/b&gt;</p>"),
    ],
)
def test_discord(written: str, html: str) -> None:
    assert markdown(WORLD, written) == html


_TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["<script>", "</p>", "<@U1|", "<javascript:alert(1)|x>", "[x](javascript:alert(1))", "`", '"',
             "<https://x.example/\"onerror=1|y>", "&lt;img src=x onerror=1&gt;", "||", "\ue000", "0",
             "\ue001", "*", "```"]
        ),
        max_size=8,
    ).map("".join),
)  # fmt: skip


@given(_TEXTS)
def test_nothing_that_anybody_writes_does_anything(text: str) -> None:
    assert not harm(mrkdwn(WORKSPACE, text))
    assert not harm(markdown(WORLD, text))
    assert not harm(joined_tag(text))


def joined_tag(text: str) -> str:
    return tag("div", text, link(text, text), title=text, data_name=text)
