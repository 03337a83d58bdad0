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
        for command, told in (("list", "Get into the VPN"), ("stats", "vpn"), ("gaps", "coffee machine")):
            done = await asyncio.to_thread(CliRunner().invoke, build(), ["kb", command])
            assert told in done.output, done.output


async def nothing_came(stage: Stage) -> None:
    await stage.here.quiet()
    assert not any("VPN token locked" in one.text for one in await stage.agent.see())


async def look_after(stage: Stage, number: str) -> None:
    """What requesters and agents do with articles otherwise."""
    read = await stage.customer.command("show", article="vpn")
    assert "Open the portal" in read.text, read
    shown = await wait_for(
        stage.customer, lambda one: one.only_me and "👍 Helpful" in one.controls, "the article"
    )
    await stage.customer.press(shown.id, "👍 Helpful")
    assert "No article" in (await stage.customer.command("search", text="coffee machine")).text
    assert "coffee machine" in (await stage.agent.command("gaps")).text
    assert "No article is due" in (await stage.agent.command("review")).text
    assert "no drafts" in (await stage.agent.command("drafts")).text
    sent = await stage.agent.command("send", ticket=number, article="vpn")
    assert f"Sent on #{number}" in sent.text, sent
    counted = (await stage.agent.command("stats")).text
    assert "helpful" in counted and counted.partition("\nvpn")[2].split()[-3:-1] == ["0", "1"], counted
    refused = await stage.agent.command("send", ticket=number, article="secrets")
    assert "for staff alone" in refused.text + refused.error, refused


async def test_an_article_is_the_first_answer_in_a_thread_of_discord(here: World) -> None:
    """Discord shows no form after a form: the ticket waits for what its requester says."""
    stage = Stage.of(here, "discord-discord")
    found = await stage.customer.command("search", text="vpn tokne")
    assert "Get into the VPN again" in found.text and "secrets" not in found.text
    message = await stage.customer.post("My VPN token is locked")
    await stage.customer.make_ticket(message)
    told = await stage.customer.fill_in(Title="VPN token locked")
    assert "Open the portal" in told.text, told
    thread = await thread_under(stage.customer, message)
    shown = await wait_for(thread, says("Open the portal"), "the article")
    await nothing_came(stage)
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
    await look_after(stage, "2")
    await wait_for(thread, says("Open the portal", stage.agent.name), "the answer")


async def test_an_article_is_the_first_answer_in_a_form_of_slack(here: World) -> None:
    stage = Stage.of(here, "slack-slack")
    message = await stage.customer.post("My VPN token is locked")
    for answer in ("Yes: Get into the VPN again", "No, open the ticket"):
        await stage.customer.make_ticket(message)
        asked = await stage.customer.fill_in(Title="VPN token locked")
        assert asked.form_open and not asked.field_errors, asked
        told = await stage.customer.fill_in(**{"Did this solve it?": answer})
        assert not told.form_open, told
        if answer.startswith("Yes"):
            assert "Glad that it helped" in told.text, told
            await nothing_came(stage)
    card = await wait_for(stage.agent, says("VPN token locked"), "the card")
    team = await thread_under(stage.agent, card.id)
    helping = await wait_for(team, says("May help"), "what may help the agents")
    assert "which the requester has seen" in helping.text and helping.controls == ("Read",), helping
    await look_after(stage, "1")
    await stage.customer.react(await stage.customer.post("The VPN token is locked for good"), "🎫")
    await here.quiet()
    waiting = await stage.customer.command("list", which="mine")
    assert "locked for good" in waiting.text and "draft" in waiting.text, waiting
