"""Data in and out: tickets of another help desk come in and are taken up; a customer is erased for good."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatdesk.commands.context import opened
from chatdesk.contract.vocabulary import IdentityId, Platform
from chatdesk.database import connect
from chatdesk.demo.seats import Seat, says, thread_under, wait_for
from chatdesk.demo.world import World
from chatdesk.erasing import Report, erase, find
from chatdesk.importing import modmail, zendesk
from chatdesk.importing.people import People
from chatdesk.importing.records import Source
from chatdesk.importing.running import Importing, run
from chatdesk.settings import Settings
from chatdesk.storage import open_files
from chatdesk.store import desks
from chatdesk.store.committing import announce
from chatdesk.store.engine import for_reading
from chatdesk.store.erasing import awaiting
from chatdesk.store.transaction import Transaction
from chatdesk_playground.faults import Fault, FaultKind
from tests.importing.samples import lines, modmail_log, zendesk_ticket
from tests.scenarios.stage import Stage, Ticket, discord_seat, is_card, slack_seat

WORDS = ("elm street", "passport-4711", "scan.txt", "scanned words", "Passport lost")


def erased(settings: Settings, who: IdentityId) -> Report:
    """What the command does, in a process of its own."""
    engine = connect(settings)
    try:
        return erase(engine, open_files(settings), find(engine, who, None), datetime.now(UTC))
    finally:
        engine.dispose()


def left_in(folder: Path) -> list[str]:
    """Which of the words stand anywhere in our files, also in unused pages."""
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return [word for word in WORDS if word.encode() in content]


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_an_erased_customer_is_gone_everywhere_and_does_not_come_back(here: World, pair: str) -> None:
    stage = Stage.of(here, pair)
    ticket = await stage.open_ticket("I lost passport-4711", "Passport lost")
    await ticket.customer.post("I live in elm street", [("scan.txt", b"scanned words")])
    await wait_for(ticket.agent, lambda one: "scan.txt" in one.files, "the file")
    await ticket.agent.post("We look for it")
    await wait_for(ticket.customer, says("We look for it", stage.agent.name), "the answer")
    await here.quiet()
    assert set(left_in(here.settings.data_dir)) == set(WORDS)

    customer = here.discord.cleo.id if pair == "discord-slack" else here.slack.sam.id
    who = IdentityId(Platform(pair.partition("-")[0]), customer)
    report = await asyncio.to_thread(erased, here.settings, who)
    assert report.files == 1 and report.compact
    assert here.bot is not None
    await here.bot.writer.run(announce)  # another process's writes are noticed within seconds; here at once
    await wait_for(ticket.home, lambda one: one.id == ticket.card and "(erased)" in one.text, "the new card")
    await here.quiet()
    await nothing_shown(stage, ticket)
    await here.stop_bot()
    assert left_in(here.settings.data_dir) == []
    await here.start_bot()
    await here.quiet()
    await nothing_shown(stage, ticket)
    assert left_in(here.settings.data_dir) == []


async def test_what_a_platform_refuses_is_said_and_counted(here: World) -> None:
    stage = Stage.of(here, "discord-slack")
    ticket = await stage.open_ticket("I lost passport-4711", "Passport lost")
    await wait_for(ticket.agent, says("passport-4711"), "the request")
    await here.quiet()
    refusal = Fault(FaultKind.ERROR, "chat.delete", status=200, code="cant_delete_message")
    await here.slack.playground.control.misbehave(refusal)
    who = IdentityId(Platform("discord"), here.discord.cleo.id)
    await asyncio.to_thread(erased, here.settings, who)
    assert here.bot is not None
    await here.bot.writer.run(announce)
    await wait_for(ticket.home, says("Slack does not let the bot delete this message"), "it on the card")
    await here.quiet()
    assert await asyncio.to_thread(left_to_take, here.settings) == (0, 1)
    assert not [one for one in await ticket.customer.see() if "not let the bot" in one.text or one.reactions]


def left_to_take(settings: Settings) -> tuple[int, int]:
    """What the command says when it is asked again."""
    with opened(settings) as engine, for_reading(engine).connect() as connection:
        [organisation] = desks.listed(connection)
        return awaiting(Transaction(connection, organisation.desk, organisation))


async def nothing_shown(stage: Stage, ticket: Ticket) -> None:
    """None of the customer's words is shown to the team, and the answer still is."""
    seen = [*await ticket.agent.see(), *await ticket.home.see()]
    assert not [one for one in seen if any(word in one.text or word in one.files for word in WORDS)]
    assert not [one for one in seen if stage.customer.name in one.text]
    assert any("We look for it" in one.text for one in seen)
    assert not [one for one in await ticket.customer.see() if "Passport lost" in one.text]


def imported(settings: Settings, source: Source, named: dict[str, IdentityId]) -> int:
    """What the command does, in a process of its own: how many tickets came in."""
    with opened(settings) as engine:
        with for_reading(engine).connect() as connection:
            [organisation] = desks.listed(connection)
        importing = Importing(engine, organisation, datetime.now(UTC), People(named))
        return run(importing, source, lambda count: None).taken


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_imported_tickets_rest_until_they_are_taken_up(here: World, pair: str, tmp_path: Path) -> None:
    stage = Stage.of(here, pair)
    before = len(await stage.agent.see()), len(await stage.customer.see())
    account = here.discord.cleo.id if pair == "discord-slack" else here.slack.sam.id
    named = {"901": IdentityId(Platform(pair.partition("-")[0]), account)}
    group = {"id": 7, "name": "support" if pair == "discord-slack" else "community"}
    still_open = zendesk_ticket(4711, status="open", subject="The teapot leaks", group=group)
    for source in (
        zendesk.read(lines(tmp_path / "tickets.json", [still_open])),
        modmail.read(lines(tmp_path / "logs.json", [modmail_log("beef")])),
    ):
        assert await asyncio.to_thread(imported, here.settings, source, named) == 1
    await here.quiet()
    assert (len(await stage.agent.see()), len(await stage.customer.see())) == before

    found = await stage.agent.command("find", words="teapot lid")
    assert "#1" in found.text and "A new lid is on its way" in found.text, found
    found = await stage.agent.command("find", words="muted evader")
    assert "#2" in found.text and "ban evader" in found.text, found
    found = await stage.customer.command("find", words="teapot")
    assert "#1" in found.text, found
    found = await stage.customer.command("find", words="dropped")
    assert "No ticket" in found.text, found
    told = await stage.agent.command("info", ticket="1")
    assert "imported from zendesk #4711; it rests" in told.text, told

    await stage.agent.command("note", ticket="1", text="He wrote again on the phone")
    card = await wait_for(stage.agent, is_card("The teapot leaks"), "the card")
    thread = await thread_under(stage.agent, card.id)
    for words in (
        "Since Monday it leaks",
        "He dropped it, surely",
        "A new lid is on its way",
        "on the phone",
    ):
        await wait_for(thread, says(words), "what was said there, and here")
    direct = await direct_of(stage, pair)
    await wait_for(direct, says("We go on with it here"), "where it goes on")
    await thread.post("Did the lid fit?")
    await wait_for(direct, says("Did the lid fit?"), "the answer")
    await direct.post("It did")
    await wait_for(thread, says("It did", stage.customer.name), "the customer's words")
    assert not [one for one in await direct.see() if "dropped" in one.text or "phone" in one.text]


async def direct_of(stage: Stage, pair: str) -> Seat:
    """The customer in their direct messages with the bot."""
    here = stage.here
    if pair == "slack-discord":
        return slack_seat(here, here.slack.sam, await here.slack.sam.dm_with_bot())
    return discord_seat(here, here.discord.cleo, await here.discord.cleo.dm_with_bot())
