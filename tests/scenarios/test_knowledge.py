"""An article answers a request before it is anybody's work; commands find articles on both platforms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatdesk.cli import build
from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import World, world
from tests.scenarios.stage import Stage, thread_under
from tests.scenarios.variants import desk_file

ARTICLE = """---
title: Get into the VPN again
keywords: [token, locked]
---
1. Open the portal
2. Press **unlock**
"""
SECRET = """---
title: VPN secrets
readers: internal
---
The token of the tokens is 0815.
"""


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """The demo's world with two articles, applied from the command line while the bot runs."""
    written = desk_file(tmp_path)
    with written.open("a") as target:
        target.write("\nknowledge: {folder: articles}\n")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "vpn.md").write_text(ARTICLE)
    (tmp_path / "articles" / "secrets.md").write_text(SECRET)
    async with world(tmp_path, desk_file=written) as made:
        monkeypatch.setenv("CHATDESK_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("CHATDESK_DESK_FILE", str(written))
        done = await asyncio.to_thread(CliRunner().invoke, build(), ["kb", "apply"])
        assert "2 articles" in done.output and "+ vpn" in done.output, done.output
        yield made
        listed = await asyncio.to_thread(CliRunner().invoke, build(), ["kb", "list"])
        assert "Get into the VPN" in listed.output


@pytest.mark.parametrize("pair", ["slack-slack", "discord-discord"])
async def test_an_article_is_the_first_answer(here: World, pair: str) -> None:
    stage = Stage.of(here, pair)
    found = await stage.customer.command("search", text="vpn tokne")
    assert "Get into the VPN again" in found.text and "secrets" not in found.text
    message = await stage.customer.post("My VPN token is locked")
    await stage.customer.make_ticket(message)
    await stage.customer.fill_in(Title="VPN token locked")
    thread = await thread_under(stage.customer, message)
    shown = await wait_for(thread, says("Open the portal"), "the article")
    assert not any("VPN token locked" in one.text for one in await stage.agent.see())
    answered = await thread.press(shown.id, "Yes, solved")
    assert not answered.error, answered
    await wait_for(thread, says("without troubling anybody"), "that it is over")
    again = await stage.customer.post("VPN token locked once more")
    await stage.customer.make_ticket(again)
    await stage.customer.fill_in(Title="Locked VPN token")
    thread = await thread_under(stage.customer, again)
    shown = await wait_for(thread, says("Open the portal"), "the article")
    await thread.press(shown.id, "No, open the ticket")
    await wait_for(stage.agent, says("Locked VPN token"), "the card")
