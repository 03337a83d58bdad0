"""One message in three dialects: as a body, on Slack's wire, and on Discord."""

import pytest

from adapters.discord import text as discord
from adapters.slack import text as slack

PEOPLE_ON_SLACK = {"person:discord/42": "U42", "place:discord/7": "C7"}
PEOPLE_ON_DISCORD = {"person:discord/42": "42", "place:discord/7": "7"}

SAID_BY_ALL = [
    ("plain words", "plain words", "plain words"),
    ("**bold** *it* ~~gone~~", "*bold* _it_ ~gone~", "**bold** *it* ~~gone~~"),
    ("***both***", "*_both_*", "***both***"),
    ("**a *b* c**", "*a _b_ c*", "**a *b* c**"),
    ("a**b**c", "a\u200b*b*\u200bc", "a**b**c"),
    ("one\ntwo", "one\ntwo", "one\ntwo"),
    ("one\n\ntwo", "one\n\ntwo", "one\n\ntwo"),
    ("&nbsp;&nbsp;indented", "  indented", "  indented"),
    ("`x = *y*`", "`x = *y*`", "`x = *y*`"),
    ("`a < b && c`", "`a &lt; b &amp;&amp; c`", "`a < b && c`"),
    ("```\nif a < b:\n    *c*\n```", "```\nif a &lt; b:\n    *c*\n```", "```\nif a < b:\n    *c*\n```"),
    ("> quoted\n> twice", "&gt; quoted\n&gt; twice", "> quoted\n> twice"),
    ("> - a\n> - b", "&gt; • a\n&gt; • b", "> - a\n> - b"),
    ("so:\n\n- a\n  - b\n- c", "so:\n• a\n    ◦ b\n• c", "so:\n- a\n  - b\n- c"),
    ("1. a\n2. b\n   - c", "1. a\n2. b\n    ◦ c", "1. a\n2. b\n  - c"),
    ("3. c\n4. d", "3. c\n4. d", "3. c\n4. d"),
    ("- a\n  still a", "• a\n   still a", "- a\n  still a"),
    ("[guide](https://x.y/a)", "<https://x.y/a|guide>", "[guide](https://x.y/a)"),
    ("<https://x.y/a_b?c=d&e=f>", "<https://x.y/a_b?c=d&amp;e=f>", "https://x.y/a_b?c=d&e=f"),
    ("see <https://x.y/a>.", "see <https://x.y/a>.", "see <https://x.y/a>."),
    ("[a\\]b](https://x.y)", "<https://x.y|a]b>", "[a\\]b](https://x.y)"),
    ("[w](https://x.y/a_\\(b\\))", "<https://x.y/a_(b)|w>", "[w](<https://x.y/a_(b)>)"),
    ("👍 ok", "👍 ok", "👍 ok"),
    (":party-parrot: ok", ":party-parrot: ok", ":party-parrot: ok"),
    ("snake_case_name", "snake_case_name", "snake_case_name"),
    ("2 * 3 * 4", "2 * 3 * 4", "2 * 3 * 4"),
    ("in ~5 min or ~10%", "in ~5 min or ~10%", "in ~5 min or ~10%"),
    ("C:\\\\path", "C:\\path", "C:\\path"),
    ("\\*not bold\\*", "\u00ad*\u00adnot bold\u00ad*\u00ad", "\\*not bold\\*"),
    ("\\_x\\_ and \\~\\~y\\~\\~",
     "\u00ad_\u00adx\u00ad_\u00ad and " + "\u00ad~\u00ad" * 2 + "y" + "\u00ad~\u00ad" * 2,
     "\\_x\\_ and \\~\\~y\\~\\~"),
    ("\\<b>bold\\</b>", "&lt;b&gt;bold&lt;/b&gt;", "\\<b>bold\\</b>"),
    ("\\&amp; & \\&lt;", "&amp;amp; &amp; &amp;lt;", "&amp; & &lt;"),
    ("1\\) x", "1) x", "1) x"),
    ("\\- x", "- x", "\\- x"),
    ("\\+ x", "+ x", "\\+ x"),
    ("\\# x", "# x", "\\# x"),
    ("\\> x", "\u00ad&gt; x", "\\> x"),
    ("1\\. x", "\u00ad1. x", "1\\. x"),
    ("• x", "\u00ad• x", "• x"),
    ("\\[x\\](y)", "[x](y)", "\\[x\\](y)"),
    ("| a | b |\n| 1 | 2 |", "| a | b |\n| 1 | 2 |", "\\| a | b \\|\n\\| 1 | 2 \\|"),
    ("hi @everyone", "hi @everyone", "hi @\u200beveryone"),
    ("\\<@42>", "&lt;@42&gt;", "<\u200b@42>"),
    ("\\<!here>", "&lt;!here&gt;", "\\<!here>"),
    ("at [1970-01-01 00:00 UTC](time:0)", "at <!date^0^{date_num} {time}|1970-01-01 00:00 UTC>",
     "at <t:0:f>"),
]  # fmt: skip

SAID_DIFFERENTLY = [
    ("# Head\n\ntext", "*Head*\n\ntext", "# Head\n\ntext"),
    ("##### Head", "*Head*", "### Head"),
    ("1) a\n2) b", "1. a\n2. b", "1. a\n2. b"),
    ("```python\nx\n```", "```\nx\n```", "```python\nx\n```"),
    ("- a\n\n  ```\n  x\n  ```\n\n- b", "• a\n```\nx\n```\n• b", "- a\n```\nx\n```\n- b"),
    ("> a\n>\n> ```\n> x\n> ```", "&gt; a\n```\nx\n```", "> a\n> ```\n> x\n> ```"),
    ("> a\n> > b", "&gt; a\n&gt;\n&gt; b", "> a\n> \n> b"),
    ("- > q", "&gt; q", "> q"),
    ("![cat](https://x.y/c.png)", "<https://x.y/c.png|cat>", "[cat](https://x.y/c.png)"),
    ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;", "\\<b>x\\</b>"),
    ("[x](javascript:alert)", "x (javascript:alert)", "x (javascript:alert)"),
    ("[a@b.c](mailto:a@b.c)", "<mailto:a@b.c|a@b.c>", "a@b.c"),
    ("`` a`b ``", "```\na`b\n```", "``a`b``"),
    ("[https://good.x](https://bad.x)", "<https://bad.x|https://good.x>", "https://good.x (<https://bad.x>)"),
    ("[s](spoiler:)", "||s||", "||s||"),
    ("a\n\n---\n\nb", "a\n\n———\n\nb", "a\n\n———\n\nb"),
    ("https://x.y/a_b_c", "<https://x.y/a_b_c>", "https://x.y/a_b_c"),
    ("[@Ana *x*](person:discord/1)", "@Ana x", "@Ana x"),
    ("[@everyone](person:discord/1)", "@everyone", "@\u200beveryone"),
    ("[@Bo](person:discord/42) in [#help](place:discord/7)", "<@U42> in <#C7>", "<@42> in <#7>"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "on_slack", "on_discord"), SAID_BY_ALL)
def test_said_by_all(body: str, on_slack: str, on_discord: str) -> None:
    assert slack.from_commonmark(body) == on_slack
    assert discord.from_commonmark(body) == on_discord
    assert slack.to_commonmark(on_slack) == body
    assert discord.to_commonmark(on_discord) == body


@pytest.mark.parametrize(("body", "on_slack", "on_discord"), SAID_DIFFERENTLY)
def test_said_as_well_as_each_can(body: str, on_slack: str, on_discord: str) -> None:
    assert slack.from_commonmark(body, PEOPLE_ON_SLACK) == on_slack
    assert discord.from_commonmark(body, PEOPLE_ON_DISCORD) == on_discord
