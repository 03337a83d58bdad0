"""Who sits where in a story that is told for every pair of platforms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from chatdesk.demo.seats import (
    Answered,
    DiscordSeat,
    Matches,
    Seat,
    Seen,
    SlackSeat,
    says,
    thread_under,
    wait_for,
)
from chatdesk.demo.world import World
from chatdesk_playground.discord import DiscordHuman
from chatdesk_playground.slack import SlackHuman

PAIRS = ("slack-slack", "slack-discord", "discord-slack", "discord-discord")
"""Customer's platform, then the team's."""


def slack_seat(here: World, human: SlackHuman, channel: str, thread: str | None = None) -> SlackSeat:
    place = here.slack.channels.get(channel, channel)
    return SlackSeat(human, place, here.slack.app.bot_user_id, thread, here.timings)


def discord_seat(here: World, human: DiscordHuman, channel: str) -> DiscordSeat:
    place = here.discord.channels.get(channel, channel)
    return DiscordSeat(human, place, here.discord.application, here.timings)


def is_card(title: str) -> Matches:
    return lambda seen: title in seen.text and ("Claim" in seen.controls or "Release" in seen.controls)


@dataclass(slots=True)
class Stage:
    """A customer in their channel, an agent and a second agent in the team's home channel."""

    here: World
    customer: Seat
    agent: Seat
    colleague: Seat

    @classmethod
    def of(cls, here: World, pair: str) -> Stage:
        customer_on, _, team_on = pair.partition("-")
        by_slack_team = team_on == "slack"
        if customer_on == "slack":
            customer: Seat = slack_seat(here, here.slack.sam, "help" if by_slack_team else "ask-community")
        else:
            channel = "help" if by_slack_team else "community-help"
            customer = discord_seat(here, here.discord.cleo, channel)
        if by_slack_team:
            return cls(
                here,
                customer,
                slack_seat(here, here.slack.ana, "support"),
                slack_seat(here, here.slack.ben, "support"),
            )
        return cls(
            here,
            customer,
            discord_seat(here, here.discord.dora, "community-desk"),
            discord_seat(here, here.discord.dirk, "community-desk"),
        )

    async def open_ticket(self, text: str, title: str) -> Ticket:
        """The customer writes and makes a ticket of it with the message's menu."""
        message = await self.customer.post(text)
        opened = await self.customer.make_ticket(message)
        assert opened.form_open, opened
        sent = await self.customer.fill_in(Title=title)
        number = re.search(r"#(\d+)", sent.text)
        assert number is not None, sent
        return replace(await self.ticket(message, title), number=number[1])

    async def ticket(self, message: str, title: str) -> Ticket:
        """Find a ticket's places by its card."""
        card = await wait_for(self.agent, lambda seen: title in seen.text and bool(seen.controls), "the card")
        agent = await thread_under(self.agent, card.id)
        customer = await thread_under(self.customer, message)
        return Ticket(card.id, message, customer, agent, self.agent, title)


@dataclass(slots=True)
class Ticket:
    """A ticket's places: its card, the customer's thread, the agent's thread."""

    card: str
    message: str
    customer: Seat
    agent: Seat
    home: Seat
    title: str
    number: str = "1"

    async def card_now(self) -> Seen:
        seen = await self.home.see()
        return next(one for one in seen if one.id == self.card)

    async def press(self, label: str) -> Answered:
        return await self.home.press(self.card, label)


__all__ = ["PAIRS", "Stage", "Ticket", "discord_seat", "says", "slack_seat", "thread_under"]
