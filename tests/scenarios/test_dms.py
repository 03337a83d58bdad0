"""A ticket's conversation in direct messages: the customer's side of every pair of platforms is a DM."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatdesk.demo.seats import DiscordSeat, Matches, Seat, Seen, says, wait_for, wait_until_gone
from chatdesk.demo.world import World, world
from tests.scenarios.stage import PAIRS, discord_seat, slack_seat, thread_under
from tests.scenarios.variants import desk_file

PICTURE = ("graph.bin", bytes(range(256)) * 40)


@dataclass(frozen=True)
class Direct:
    """A customer's DM with the bot and, once something was written there, the agent's thread."""

    here: World
    customer: Seat
    home: Seat

    async def asked(self, text: str) -> Seat:
        """The customer writes; the agent's thread of the ticket that it became."""
        await self.customer.post(text)
        await wait_for(self.customer, says("#1"), "the ticket's number")
        card = await wait_for(
            self.home, lambda one: text in one.text and "Claim" in one.controls, "the ticket's card"
        )
        thread = await thread_under(self.home, card.id)
        await wait_for(thread, says(text, self.customer.name), "the request under its author's name")
        return thread


async def customer_in_dm(here: World, platform: str) -> Seat:
    if platform == "slack":
        return slack_seat(here, here.slack.sam, await here.slack.sam.dm_with_bot())
    return discord_seat(here, here.discord.cleo, await here.discord.cleo.dm_with_bot())


@pytest.fixture(params=PAIRS)
async def direct(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Direct]:
    customer_on, _, team_on = request.param.partition("-")
    first = "support" if team_on == "slack" else "community"
    async with world(tmp_path, desk_file=desk_file(tmp_path, first_team=first)) as here:
        home: Seat = (
            slack_seat(here, here.slack.ana, "support")
            if team_on == "slack"
            else discord_seat(here, here.discord.dora, "community-desk")
        )
        yield Direct(here, await customer_in_dm(here, customer_on), home)


def by(author: str, text: str) -> Matches:
    """Words under somebody's name: as the message's author or, where a DM cannot show it, before them."""

    def matches(seen: Seen) -> bool:
        return text in seen.text and (seen.author == author or f"{author}:" in seen.text)

    return matches


async def test_words_go_both_ways_under_their_authors_names(direct: Direct) -> None:
    thread = await direct.asked("My badge does not work")
    await thread.post("Come to the desk")
    answer = await wait_for(direct.customer, by(thread.name, "Come to the desk"), "the answer")
    if isinstance(direct.customer, DiscordSeat):
        assert answer.text == f"**{thread.name}:** Come to the desk"
    await direct.customer.post("I am *there*")
    await wait_for(thread, says("there", direct.customer.name), "the customer's words")


async def test_edits_go_both_ways(direct: Direct) -> None:
    thread = await direct.asked("It is slow")
    mine = await direct.customer.post("since Mnoday")
    await wait_for(thread, says("since Mnoday"), "the copy")
    await direct.customer.edit(mine, "since Monday")
    await wait_for(thread, says("since Monday"), "the edited copy")
    theirs = await thread.post("Which brwoser?")
    copy = await wait_for(direct.customer, says("Which brwoser?"), "the copy")
    await thread.edit(theirs, "Which browser?")
    edited = await wait_for(direct.customer, by(thread.name, "Which browser?"), "the edited copy")
    assert edited.id == copy.id
    assert "brwoser" not in edited.text


async def test_deletions_go_both_ways(direct: Direct) -> None:
    thread = await direct.asked("It is slow")
    mine = await direct.customer.post("my password is hunter2")
    await wait_for(thread, says("hunter2"), "the copy")
    await direct.customer.delete(mine)
    await wait_until_gone(thread, says("hunter2"), "the deleted words")
    theirs = await thread.post("wrong thread, sorry")
    await wait_for(direct.customer, says("wrong thread"), "the copy")
    await thread.delete(theirs)
    await wait_until_gone(direct.customer, says("wrong thread"), "the deleted words")


async def test_reactions_go_both_ways_and_add_remove_add_ends_right(direct: Direct) -> None:
    thread = await direct.asked("It is slow")
    theirs = await thread.post("Is it better now?")
    copy = await wait_for(direct.customer, says("Is it better now?"), "the copy")
    await direct.customer.react(copy.id, "👍")
    await wait_for(thread, shows("👍", theirs), "the 👍")
    await direct.customer.unreact(copy.id, "👍")
    await wait_until_gone(thread, shows("👍", theirs), "the 👍")
    await direct.customer.react(copy.id, "👍")
    await wait_for(thread, shows("👍", theirs), "the 👍 again")
    mine = await direct.customer.post("Yes, much better")
    mirrored = await wait_for(thread, says("much better"), "the copy")
    await thread.react(mirrored.id, "🎉")
    await wait_for(direct.customer, shows("🎉", mine), "the agent's 🎉")


def shows(emoji: str, message: str) -> Matches:
    return lambda seen: seen.id == message and emoji in seen.reactions


async def test_files_go_both_ways(direct: Direct) -> None:
    thread = await direct.asked("It is slow")
    await direct.customer.post("See the graph", [PICTURE])
    await wait_for(thread, lambda one: PICTURE[0] in one.files, "the customer's file")
    await thread.post("And here is ours", [("ours.txt", b"ours")])
    file = await wait_for(direct.customer, lambda one: "ours.txt" in one.files, "the agent's file")
    assert file.author == thread.name or f"{thread.name}:" in file.text


async def test_notes_stay_inside(direct: Direct) -> None:
    thread = await direct.asked("It fails")
    await thread.post("note: the customer is right")
    await thread.post("🔒 really")
    await thread.post("We are on it")
    await wait_for(direct.customer, says("We are on it"), "the public answer")
    seen = " ".join(one.text for one in await direct.customer.see())
    assert "customer is right" not in seen
    assert "really" not in seen


async def test_the_end_is_told_in_the_dm_and_the_next_message_is_a_new_ticket(direct: Direct) -> None:
    thread = await direct.asked("It fails")
    await thread.mention("close it was the cable")
    await wait_for(direct.customer, says("it was the cable"), "the resolution")
    await wait_for(direct.customer, says("closed"), "the end")
    await direct.customer.post("Now the screen is broken")
    await wait_for(direct.customer, says("#2"), "the new ticket's number")


@pytest.mark.parametrize(
    ("pair", "threads"),
    [*((pair, "dm") for pair in PAIRS), ("slack-slack", "private"), ("slack-discord", "private")],
)
async def test_opened_by_command_where_answers_go_into_dms(tmp_path: Path, pair: str, threads: str) -> None:
    """Slack has no private threads: what is private there is a DM."""
    customer_on, _, team_on = pair.partition("-")
    async with world(tmp_path, desk_file=desk_file(tmp_path, threads=threads)) as here:
        channel = "help" if team_on == "slack" else "ask-community"
        asking: Seat = slack_seat(here, here.slack.sam, channel)
        if customer_on == "discord":
            channel = "help" if team_on == "slack" else "community-help"
            asking = discord_seat(here, here.discord.cleo, channel)
        home: Seat = slack_seat(here, here.slack.ana, "support")
        if team_on == "discord":
            home = discord_seat(here, here.discord.dora, "community-desk")
        text = {"title": "The door is stuck"} if customer_on == "discord" else {"text": "The door is stuck"}
        opened = await asking.command("open", **text)
        assert "#1" in opened.text, opened
        dm = await customer_in_dm(here, customer_on)
        await wait_for(dm, says("The door is stuck"), "the ticket in the DM")
        card = await wait_for(home, lambda one: "door" in one.text and "Claim" in one.controls, "the card")
        thread = await thread_under(home, card.id)
        await thread.post("Push it")
        await wait_for(dm, by(thread.name, "Push it"), "the answer in the DM")
        await dm.post("That helped")
        await wait_for(thread, says("That helped", dm.name), "the customer's words")
        assert not any("Push it" in one.text for one in await asking.see())
