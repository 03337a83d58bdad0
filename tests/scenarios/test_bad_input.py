"""Bad input by words, buttons and forms: one clear sentence to whoever acted, and nothing else changes.

Odd texts are in ``test_bad_input_texts``, files in ``test_bad_input_files``, and what is wrong with a
platform or an installation in ``test_bad_input_platforms``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

import pytest

from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.demo.seats import DiscordSeat, Seat, Seen, SlackSeat, wait_for
from chatdesk.demo.world import World
from chatdesk.store import installations
from tests.scenarios.stage import Stage, Ticket

HOMES = ("slack-slack", "discord-discord")


@pytest.fixture(params=HOMES)
def home(here: World, request: pytest.FixtureRequest) -> Stage:
    return Stage.of(here, request.param)


async def alone(seat: Seat) -> Seat:
    """Where somebody reads what only they are told about a message of theirs."""
    if isinstance(seat, DiscordSeat):
        return replace(seat, channel=await seat.human.dm_with_bot(seat.bot))
    return seat


async def told_alone(seat: Seat, *parts: str) -> Seen:
    """The sentence that answers what this person wrote, which nobody else sees."""

    def matches(seen: Seen) -> bool:
        hidden = seen.only_me or isinstance(seat, DiscordSeat)
        return hidden and seen.by_bot and all(part in seen.text for part in parts)

    return await wait_for(await alone(seat), matches, " … ".join(parts))


def others(seat: Seat, human: Seat) -> Seat:
    """The same place as somebody else sees it."""
    assert isinstance(seat, SlackSeat | DiscordSeat) and isinstance(human, SlackSeat | DiscordSeat)
    return replace(seat, human=human.human)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Shown:
    """All that others can see of a ticket, to hold that nothing of it changed."""

    card: Seen
    thread: Sequence[str]
    customer: Sequence[str]

    @classmethod
    async def of(cls, home: Stage, ticket: Ticket) -> Shown:
        await home.here.quiet()
        thread = others(ticket.agent, home.colleague)
        return cls(
            await ticket.card_now(),
            [one.text for one in await thread.see() if one.author != home.agent.name],
            [one.text for one in await ticket.customer.see()],
        )


@dataclass(frozen=True)
class Wrong:
    """A command with something that is not known, and what its answer says."""

    name: str
    typed: str
    verb: str
    options: Mapping[str, str]
    says: tuple[str, ...]


WRONG = (
    Wrong("agent", "assign nobody-here", "assign", {"agent": "nobody-here"}, ("no agent", "nobody-here")),
    Wrong(
        "team", "move bilings", "move", {"team": "bilings"}, ("no team", "Did you mean", "Billing", "Support")
    ),
    Wrong(
        "escalation",
        "escalate #1 bilings help us",
        "escalate",
        {"team": "bilings", "reason": "help us"},
        ("no team", "Did you mean", "Billing"),
    ),
    Wrong(
        "priority",
        "priority urgnt",
        "priority",
        {"priority": "urgnt"},
        ("no priority", "Did you mean", "Urgent", "Low"),
    ),
    Wrong(
        "category",
        "category acces/vpn",
        "category",
        {"category": "acces/vpn"},
        ("no category", "Did you mean", "Access › VPN"),
    ),
    Wrong("status", "status opne", "status", {"status": "opne"}, ("no status", "Did you mean", "pending")),
    Wrong("number", "claim #77", "claim", {"ticket": "77"}, ("There is no ticket #77",)),
    Wrong("long number", "claim #999999999", "claim", {"ticket": "999999999"}, ("There is no ticket",)),
)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
async def test_an_unknown_value_is_answered_to_its_actor_alone(home: Stage, wrong: Wrong) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    before = await Shown.of(home, ticket)
    answered = await home.agent.command(wrong.verb, **({"ticket": "1"} | dict(wrong.options)))
    assert not answered.error, answered
    assert all(part in answered.text for part in wrong.says), answered
    await ticket.agent.mention(wrong.typed)
    await told_alone(ticket.agent, *wrong.says)
    assert await Shown.of(home, ticket) == before


async def test_an_unknown_verb_names_the_nearest_and_all_there_are(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    before = await Shown.of(home, ticket)
    await ticket.agent.mention("clam")
    told = await told_alone(ticket.agent, "I don't know", "clam", "Did you mean", "claim", "escalate")
    assert "takeover" not in told.text
    if isinstance(home.agent, SlackSeat):
        answered = await home.agent.command("clam")
        assert "Did you mean" in answered.text and "claim" in answered.text, answered
    assert await Shown.of(home, ticket) == before


async def test_words_that_resemble_nothing_are_answered_without_a_guess(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    await ticket.agent.mention("xyzzy *everything* <!channel> @everyone")
    told = await told_alone(ticket.agent, "I don't know", "xyzzy")
    assert "Did you mean" not in told.text and not told.pings


async def test_a_value_that_is_missing(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    for verb, allowed in (("priority", "Urgent"), ("move", "Billing"), ("category", "VPN"), ("note", "text")):
        await ticket.agent.mention(verb)
        await told_alone(ticket.agent, verb, allowed)


async def test_closing_takes_permission(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    before = await Shown.of(home, ticket)
    stranger = others(home.customer, _stranger(home))
    refused = await stranger.command("close", ticket="1", text="no reason")
    assert refused.text, refused
    assert "no ticket #1" in refused.text or "You may not close" in refused.text, refused
    assert await Shown.of(home, ticket) == before


def _stranger(home: Stage) -> Seat:
    """Another customer."""
    assert isinstance(home.customer, SlackSeat | DiscordSeat)
    human = home.here.slack.sue if isinstance(home.customer, SlackSeat) else home.here.discord.dan
    return replace(home.customer, human=human)  # type: ignore[arg-type]


async def test_a_customer_may_not_work_the_ticket(home: Stage) -> None:
    ticket = await home.open_ticket("It does not work", "Broken")
    before = await Shown.of(home, ticket)
    for verb, options in (("priority", {"priority": "urgent"}), ("claim", {}), ("note", {"text": "hm"})):
        refused = await home.customer.command(verb, ticket="1", **options)
        assert "You may not" in refused.text and "can." in refused.text, refused
    assert await Shown.of(home, ticket) == before


async def test_a_stale_button_on_a_closed_ticket(home: Stage) -> None:
    """The card is pressed as it stands on the screen while its change is still on the way."""
    ticket = await home.open_ticket("It does not work", "Broken")
    await home.here.quiet()
    async with deliveries_held(home.here):
        await home.colleague.command("close", ticket="1", text="done")
        before = await Shown.of(home, ticket)
        assert "Claim" in before.card.controls
        for pressed in (
            await ticket.press("Claim"),
            await home.agent.choose(ticket.card, "Priority", "High"),
        ):
            assert "closed" in pressed.text and "Reopen it first" in pressed.text, pressed
        assert await Shown.of(home, ticket) == before
    closed = await wait_for(
        ticket.home, lambda one: one.id == ticket.card and "closed" in one.text, "the end"
    )
    assert "Claim" not in closed.controls and "High" not in closed.text
    assert not any("claimed" in one.text for one in await ticket.customer.see())


@asynccontextmanager
async def deliveries_held(here: World) -> AsyncIterator[None]:
    """Nothing reaches either platform meanwhile, as while an installation is paused."""
    assert here.bot is not None
    for where in (
        Installation(Platform("slack"), here.slack.app.team_id),
        Installation(Platform("discord"), here.discord.guild),
    ):
        await here.bot.writer.run(partial(installations.pause, installation=where, reason="held"))
    yield
    await here.stop_bot()
    await here.start_bot()
