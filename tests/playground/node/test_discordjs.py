"""discord.js: one bot, and two people who use all of it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chatdesk_playground.discord import DiscordHuman, DiscordPlayground, Outcome, SeenMessage
from chatdesk_playground.faults import Fault, FaultKind
from tests.playground.discord.conformance import Description
from tests.playground.node.running import running

pytestmark = [pytest.mark.node, pytest.mark.usefixtures("node")]

ADMINISTRATOR = 1 << 3


@dataclass(frozen=True, slots=True)
class Library:
    """A server in which the bot runs."""

    discord: DiscordPlayground
    guild: str
    application: str
    ana: DiscordHuman
    cleo: DiscordHuman
    desk: str
    reviews: str

    async def say(self, words: str, answer: str) -> SeenMessage:
        """Ana says something; what the bot answers, by a part of its text."""
        said = await self.ana.post(self.desk, words)
        return await self.answer(answer, after=said.id)

    async def answer(self, text: str, *, after: str = "0", at: str = "") -> SeenMessage:
        """A message of somebody else's that has this text in it, as Ana sees it."""
        return await self.ana.wait_for(
            at or self.desk,
            lambda seen: text in seen.text and int(seen.id) > int(after) and seen.author_id != self.ana.id,
        )

    async def gateway_said(self, name: str, count: int) -> None:
        """Waits until the bot has been sent so many events of that name, and no more."""
        seen = self.discord.events
        await self.discord.backend.changes.until(
            lambda: [event.name for event in seen].count(name) >= count, 20
        )
        assert [event.name for event in seen].count(name) == count


@asynccontextmanager
async def library(**settings: str) -> AsyncIterator[Library]:
    """The bot at work, which leaves nothing unanswered."""
    async with DiscordPlayground.running() as discord:
        control = discord.control
        application = await control.create_application("library")
        guild = await control.create_guild("Library", application.id, permissions=ADMINISTRATOR)
        ana = await control.create_user("ana", display_name="Ana", guild_ids=[guild.id], avatar=True)
        cleo = await control.create_user("cleo", display_name="Cleo", guild_ids=[guild.id])
        desk = await control.create_channel(guild.id, "desk")
        reviews = await control.create_channel(guild.id, "reviews", kind="forum", tags=["new", "old"])
        # The version stands behind the base address, which discord.js puts there by itself.
        base = discord.api_url.removesuffix("/v10")
        addresses = {"DISCORD_API_URL": base, "DISCORD_CDN_URL": discord.cdn_url}
        async with running("discord.cjs", DISCORD_TOKEN=application.token, **addresses, **settings) as ready:
            assert ready == "5 Subcommand,SubcommandGroup"
            yield Library(discord, guild.id, application.id, ana, cleo, desk, reviews)
            await control.wait_until_quiet()


def only(outcome: Outcome) -> str:
    """The text of the one message that answered."""
    assert outcome.error is None
    [message] = outcome.messages
    return message.text


async def test_a_library_from_the_first_message_to_the_last_file() -> None:
    async with library() as place:
        await _messages(place)
        await _buttons_and_selects(place)
        await _commands(place)
        await _modals(place)
        await _threads_and_webhooks(place)
        await _files(place)
        await _the_server(place)
        answered = [(request.status, request.path) for request in place.discord.requests]
        wrong = [path for status, path in answered if status >= 400]
        assert [path.rpartition("/")[2] for path in wrong] == ["1", "messages", "cards"]
        _as_described(place.discord)


def _as_described(discord: DiscordPlayground) -> None:
    """What the SDK asked and was told is what Discord's own description says, if that is at hand."""
    folder = os.environ.get("CHATDESK_REFERENCE_DIR")
    if folder is not None:
        description = Description(Path(folder))
        went_well = [request for request in discord.requests if request.status < 400]
        assert description.violations(went_well) + description.answer_violations(went_well) == []


async def _messages(place: Library) -> None:
    ana, desk = place.ana, place.desk
    posted = await ana.post(desk, "teh book")
    await ana.edit(desk, posted.id, "the book")
    assert (await place.answer("It was teh book")).reply_to == posted.id
    await ana.react(desk, posted.id, "👀")
    await place.answer("👀 by ana")
    seen = next(message for message in await ana.messages(desk) if message.id == posted.id)
    assert [reaction.emoji for reaction in seen.reactions] == ["👀", "📚"]
    await ana.delete(desk, posted.id)
    await place.answer("Gone: the book")
    direct = await ana.dm_with_bot(place.application)
    await ana.post(direct, "psst")
    await place.answer("You wrote psst", at=direct)
    question = await place.say("!wait", "Sure?")
    await ana.click(desk, question.id, "Yes")
    await place.answer("Sure: sure")
    await place.say("@everyone listen", "You said @everyone listen")


async def _buttons_and_selects(place: Library) -> None:
    ana, cleo, desk = place.ana, place.cleo, place.desk
    card = await place.say("!card", "Dune")
    assert card.text == "Dune\nA **novel**\nCopies\n2\nShelf 4"
    assert (card.buttons, card.selects) == (("Borrow", "Wait"), ("Genre", "Reader"))
    assert only(await ana.choose(desk, card.id, "Genre", "Novel", "Poem")) == "novel and poem"
    assert only(await ana.choose(desk, card.id, "Reader", cleo.id)) == "For Cleo"
    await ana.wait_for(desk, lambda seen: seen.text == "For Cleo" and bool(seen.reactions))
    waiting = await cleo.click(desk, card.id, "Wait")
    assert waiting.deferred
    await cleo.wait_for(desk, lambda seen: seen.ephemeral and seen.content == "Waiting")
    assert (await cleo.click(desk, card.id, "Borrow")).acknowledged
    borrowed = await ana.wait_for(desk, lambda seen: seen.content == "Borrowed by Cleo")
    assert (borrowed.id, borrowed.buttons) == (card.id, ())


async def _commands(place: Library) -> None:
    ana, cleo, desk = place.ana, place.cleo, place.desk
    offered = await ana.autocomplete("book find", {"title": "du"}, focused="title", at=desk)
    assert offered == (("Dune", "dune"), ("Dubliners", "dubliners"))
    assert only(await ana.command("book find", {"title": "dune", "copies": 2}, at=desk)) == "2 × dune"
    await place.answer("As ana asked")
    lent = await ana.command("book shelf lend", {"to": cleo.id, "length": "30"}, at=desk)
    assert lent.deferred
    await place.answer("Cleo for 30")
    scanned = await ana.command("scan", at=desk, files={"page": ("page.txt", b"Call me")})
    assert only(scanned) == "page.txt: Call me"
    posted = await cleo.post(desk, "To be")
    assert only(await ana.context_menu("Quote", desk, posted.id)) == "> To be"
    assert only(await ana.user_menu("Card", desk, cleo.id)).startswith("Cleo, since 20")


async def _modals(place: Library) -> None:
    ana, desk = place.ana, place.desk
    opened = await ana.command("suggest", at=desk)
    assert opened.modal is not None
    assert (opened.modal.title, opened.modal.texts) == ("A suggestion", ("Anything goes.",))
    assert [field.label for field in opened.modal.fields] == ["Title", "Kind", "Cover"]
    filled = await ana.submit({"Title": "Emma", "Kind": "Novel"}, files={"Cover": [("cover.png", b"12345")]})
    assert only(filled) == "Emma, a novel, 5 cover"
    panel = await place.say("!panel", "Press it")
    assert panel.text == "# Panel\nPress it"
    assert (await ana.click(desk, panel.id, "Press")).modal is not None
    assert only(await ana.submit({"Title": "Ulysses", "Kind": "Novel"})) == "Pressed: Ulysses"


async def _threads_and_webhooks(place: Library) -> None:
    ana, desk = place.ana, place.desk
    await place.say("!webhook", "Webhooks left: 0")
    hushed = await place.answer("Hush!")
    assert (hushed.author, hushed.webhook, hushed.edited) == ("Shelf", True, True)
    [quiet] = await ana.threads(desk)
    inside = [seen for seen in await ana.messages(quiet.id) if seen.webhook]
    assert [(seen.content, [file.name for file in seen.attachments]) for seen in inside] == [
        ("Still here", ["x.txt"])
    ]
    await place.say("!thread", "Read and put away")
    reading = next(thread for thread in await ana.threads(desk) if thread.name.startswith("Reading"))
    assert (reading.name, reading.locked, reading.archived) == ("Reading, 1 pinned", True, True)
    assert ana.id in reading.members
    post = await ana.forum_post(place.reviews, "My view", "Long")
    await place.answer("Welcome to My view", at=post)
    await place.say("!forum", "true stars.txt")
    review = next(thread for thread in await ana.threads(place.reviews) if thread.name == "A review")
    assert len(review.tags) == 1


async def _files(place: Library) -> None:
    await place.ana.post(place.desk, files=[("book.bin", bytes(range(256)))])
    turned = await place.answer("256 bytes")
    [file] = turned.attachments
    assert file.name == "backwards-book.bin"
    assert await place.ana.download(file) == bytes(reversed(range(256)))


async def _the_server(place: Library) -> None:
    await place.say("!people", "Ana Cleo Library-owner; cleo; PNG")
    await place.say("!role", "Ana is a reader: true")
    await place.say("!room", "Quiet true")
    assert len(await place.ana.channels()) == len(await place.cleo.channels()) + 1
    await place.say("!wrong", "true true 404 404: Not Found")


async def test_compressed_payloads_and_a_session_taken_up_again() -> None:
    async with library(COMPRESS="yes") as place:
        await place.say("!card", "Dune")
        control = place.discord.control
        for count, end in enumerate((control.drop_gateway, control.reconnect_gateway), 1):
            await end()
            await place.say("!card", "Dune")
            await place.gateway_said("RESUMED", count)
            await control.wait_until_quiet()
        await control.invalidate_sessions()
        await place.gateway_said("READY", 2)
        await place.say("!card", "Dune")


async def test_rate_limits_and_failures_of_the_platform_are_waited_for() -> None:
    async with library() as place:
        for fault in (Fault(FaultKind.RATE_LIMITED, seconds=0.5), Fault(FaultKind.ERROR, status=502)):
            await place.discord.control.misbehave(replace(fault, where="POST /channels/*/messages"))
            await place.say("!card", "Dune")
        await place.discord.control.set_rate_limits(True, speed=5)
        for number in range(8):
            await place.ana.post(place.desk, "!card" if number < 7 else "!panel")
        await place.answer("Press it")
        cards = [seen for seen in await place.ana.messages(place.desk) if "Dune" in seen.text]
        assert len(cards) == 9
