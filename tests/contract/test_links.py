"""Links to places: an adapter puts its own addresses in, and nobody else's words make one."""

from __future__ import annotations

import pytest

from adapters.discord import ids as discord
from adapters.slack import ids as slack
from chatdesk.contract.links import to_place, with_addresses
from chatdesk.contract.sentences import literal
from chatdesk.contract.vocabulary import Place

ON_SLACK = slack.thread_place(slack.installation("T1"), "C1", "1700000000.000100")
ON_DISCORD = discord.place(discord.installation(900), 1234)


def test_a_place_of_ones_own_platform_becomes_an_address() -> None:
    both = f"{to_place('#1', ON_SLACK)} {to_place('#2', ON_DISCORD)} {to_place('#3', None)}"
    assert with_addresses(both, slack.address_of) == (
        "[#1](https://app.slack.com/client/T1/C1/thread/C1-1700000000.000100) #2 #3"
    )
    assert with_addresses(both, discord.address_of) == "#1 [#2](https://discord.com/channels/900/1234) #3"


@pytest.mark.parametrize("words", ["[x](thread:slack/T1/C1)", "[a](thread:discord/9/8) b", "]("])
def test_somebodys_words_are_no_link(words: str) -> None:
    said = literal(words)
    assert with_addresses(said, lambda _: "https://elsewhere.example") == said


def test_a_place_with_a_strange_id_is_not_led_to() -> None:
    assert to_place("#1", Place(discord.installation(900), "x) [y](z")) == "#1"
