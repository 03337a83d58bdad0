"""An article begun from a solved ticket, published in chat, found, edited, and brought back into a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatdesk.cli import build
from chatdesk.demo.seats import DiscordSeat, Seat, SlackSeat, says, wait_for
from chatdesk.demo.world import World, world
from tests.scenarios.stage import Stage, Ticket, slack_seat
from tests.scenarios.variants import desk_file


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """The demo's world with a folder of articles, in which there is none yet."""
    leads = {"admins": ["slack:group:desk-admins", "discord:role:Community Agents"]}
    written = desk_file(tmp_path, settings={"knowledge": {"folder": "articles"}, **leads})
    (tmp_path / "articles").mkdir()
    async with world(tmp_path, desk_file=written) as made:
        monkeypatch.setenv("CHATDESK_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("CHATDESK_DESK_FILE", str(written))
        yield made


async def said(*words: str) -> str:
    done = await asyncio.to_thread(CliRunner().invoke, build(), ["kb", *words])
    return done.output + str(done.exception or "")


async def form_after(seat: Seat, done: Awaitable[object]) -> None:
    """The form that something opens, once it is there."""
    await done
    if isinstance(seat, SlackSeat):
        await seat.human.wait_for_modal(lambda view: bool(view.submit))


def lead(here: World, stage: Stage, ticket: Ticket) -> Seat:
    """Who may publish, in the team's thread."""
    if isinstance(ticket.agent, DiscordSeat):
        return ticket.agent
    return slack_seat(here, here.slack.ada, "support", ticket.card)


@pytest.mark.parametrize("pair", ["slack-slack", "discord-discord"])
async def test_from_a_ticket_to_a_file(here: World, pair: str, tmp_path: Path) -> None:
    stage = Stage.of(here, pair)
    ticket = await stage.open_ticket("My badge does not open the garage", "Badge and garage")
    await ticket.agent.post("Hold it to the lower reader for three seconds.")
    await wait_for(ticket.customer, says("lower reader"), "the answer")
    await stage.agent.command("resolve", ticket=ticket.number, text="Use the lower reader.")
    resolved = await wait_for(
        stage.agent, lambda one: "Draft an article" in one.controls, "the card of what was solved"
    )
    await form_after(stage.agent, stage.agent.press(resolved.id, "Draft an article"))
    kept = await stage.agent.fill_in(Title="Open the garage with a badge", Keywords="garage, badge")
    assert "Kept as a draft" in kept.text, kept
    drafted = await wait_for(ticket.agent, says("drafted an article"), "the draft")
    author = lead(here, stage, ticket)
    shown = await author.press(drafted.id, "Look through")
    assert "lower reader for three seconds" in shown.text, shown
    asked = await wait_for(author, lambda one: one.only_me and "Publish" in one.controls, "the buttons")
    await author.press(asked.id, "Publish")
    await wait_for(author, says("/kb show open-the-garage-with-a-badge"), "the line in the thread")
    assert "No article" in (await stage.customer.command("search", text="garage")).text
    key = "open-the-garage-with-a-badge"
    await form_after(author, author.command("edit", article=key))
    changed = await author.fill_in(**{"Who finds it?": "Everybody"})
    assert "version 2" in changed.text, changed
    assert "Open the garage" in (await stage.customer.command("search", text="garge")).text
    assert f"= {key}" in await said("check")
    assert "1 articles" in await said("export", str(tmp_path / "articles"))
    assert f"= {key}" not in await said("apply")
    await form_after(author, author.command("edit", article=key))
    await author.fill_in(Text="Ask at the door.")
    refused = await said("apply")
    assert f"! {key}  ← edited in chat" in refused and "--take-files" in refused, refused
    assert "taken from the files" in await said("apply", "--take-files")
    assert "readers: public" in (tmp_path / "articles" / f"{key}.md").read_text()
    told = (await author.command("history", article=key)).text
    assert "+1 −9 lines" in told and "a file: +9 −1 lines" in told, told
    assert "retired" in (await author.command("retire", article=key)).text.casefold()
    assert "retired in chat" in await said("apply")
