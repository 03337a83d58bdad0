"""Text that a machine wrote leads nowhere, calls nobody, and is not too long."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatdesk.domain.untrusted import inert


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Turn it *off*, `a[0]` and 3 < 4.", "Turn it *off*, `a[0]` and 3 < 4."),
        ("See [the page](https://evil.example/x).", "See the page (`https://evil.example/x`)."),
        ("![](https://evil.example/x.png)", "(`https://evil.example/x.png`)"),
        ("Go to https://evil.example/a_b, now", "Go to `https://evil.example/a_b`, now"),
        ("<https://evil.example> or www.evil.example", "`https://evil.example` or `www.evil.example`"),
        ("evil.example/login", "`evil.example/login`"),
        ("<@U1> <!channel> <b>", "\\<@U1> \\<!channel> \\<b>"),
        ("[Ana](person:slack/U1)", "Ana (person:slack/U1)"),
        ("[a]: https://evil.example\n\n[a]", "[a\\]: `https://evil.example`\n\n[a]"),
        ("so\u202etxt\u200b\x00", "sotxt"),
        (" \u200b\n", ""),
    ],
)
def test_what_becomes_of(written: str, shown: str) -> None:
    assert inert(written, 200) == shown


_PIECES = st.sampled_from(
    [
        *(
            "[",
            "]",
            "(",
            ")",
            "<",
            ">",
            "`",
            "``",
            "```",
            "\n",
            "\n\n",
            " ",
            "\\",
            "!",
            ":",
            '"',
            "a",
            "*",
            "_",
            "> ",
        ),
        *(
            "https://evil.example/x",
            "www.evil.example",
            "mailto:a@b.example",
            "evil.example/x",
            "person:slack/U1",
        ),
        *("[a](https://evil.example)", "[a]: https://evil.example", "<https://evil.example>", "    ", "~~~"),
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_PIECES, max_size=14).map("".join), st.integers(20, 120))
def test_nothing_is_a_link_whatever_is_written(written: str, limit: int) -> None:
    shown = inert(written, limit)
    assert len(shown) <= limit
    for block in MarkdownIt("commonmark").parse(shown):
        for token in (block, *(block.children or ())):
            assert token.type not in ("link_open", "image", "html_block", "html_inline"), shown
            assert token.type != "text" or "://" not in token.content, shown
