"""A classifier is trained while the desk runs; both platforms' teams are told what new tickets look like."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from chatdesk.cli import build
from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import World, world
from chatdesk.domain.lifecycle import Status
from chatdesk.domain.ticket import Ticket
from chatdesk.domain.triage_measures import Example
from chatdesk.store import desks, tickets
from chatdesk.store.transaction import in_turn
from tests.scenarios.stage import Stage
from tests.scenarios.variants import desk_file
from tests.triage_data import tickets as made_of_templates

SETTINGS = {
    "triage": {"mode": "suggest", "threshold": 0.7},
    "categories": {
        "billing": {"sub": {"refund": None, "invoice": None}},
        "account": {"sub": {"password": None}},
        "network": {"sub": {"vpn": {"name": "VPN"}}},
        "hardware": {"sub": {"printer": None}},
        "shop": {"sub": {"delivery": None}},
    },
}


async def test_the_team_is_told_and_its_press_applies_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = desk_file(tmp_path, settings=SETTINGS)
    monkeypatch.setenv("CHATDESK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHATDESK_DESK_FILE", str(written))
    async with world(tmp_path, desk_file=written) as here:
        early = await asyncio.to_thread(CliRunner().invoke, build(), ["triage", "train"])
        assert "category is not guessed: 0 of the older tickets have one" in early.output, early.output
        await _finished(here, made_of_templates(400))
        trained = await asyncio.to_thread(CliRunner().invoke, build(), ["triage", "train"])
        assert "desk acme: 400 finished tickets" in trained.output, trained.output
        assert "always the most usual" in trained.output
        for pair in ("discord-slack", "slack-discord"):
            await _story(Stage.of(here, pair), pair)


async def _story(stage: Stage, title: str) -> None:
    ticket = await stage.open_ticket("You charged me twice, I want my money back. That is ridiculous", title)
    told = await wait_for(ticket.agent, says("It looks like"), "what it looks like")
    assert "category Billing › Refund, " in told.text.replace("*", "") and "charged" in told.text, told
    answered = await ticket.agent.press(told.id, "Category: Billing › Refund")
    assert not answered.error, answered
    await wait_for(ticket.agent, says("category none → Billing › Refund"), "the category's line")
    card = await wait_for(
        ticket.home, lambda one: one.id == ticket.card and "Billing › Refund" in one.text, "the card"
    )
    assert "unhappy (ridiculous)" in card.text
    asked = await stage.agent.command("suggest", ticket=ticket.number)
    assert "It looks like category Billing › Refund" in asked.text.replace("*", ""), asked
    assert "seems unhappy: ridiculous" in asked.text, asked
    looked = await stage.agent.choose(ticket.card, "More", "What it looks like")
    assert not looked.error, looked
    refused = await stage.customer.command("suggest", ticket=ticket.number)
    assert "You may not" in refused.text + refused.error, refused
    await stage.here.quiet()
    seen = " ".join(one.text for one in await ticket.customer.see())
    assert "looks like" not in seen and "unhappy" not in seen


async def _finished(here: World, examples: Sequence[Example]) -> None:
    """A year's work of the desk."""
    now = here.clock.now()

    def add(connection: Connection) -> None:
        [organisation] = desks.listed(connection)
        tx = in_turn(connection, organisation)
        for one in examples:
            made = Ticket(
                desk=tx.desk,
                number=tickets.next_number(tx),
                title=one.text[:60],
                description=one.text,
                requester=one.requester,
                status=Status.CLOSED,
                priority=one.priority,
                created_at=now - timedelta(hours=len(examples) - one.number + 1),
                team=None if one.team == "shop" else one.team,
                category=one.category,
            )
            tickets.add(tx, made)

    bot = here.bot
    assert bot is not None
    await bot.writer.run(add)
