"""Who sits at each place of a story's ticket, when it is shown what stands there in the end."""

from __future__ import annotations

from chatdesk.contract.vocabulary import PlaceKind, Side
from chatdesk.demo.seats import DiscordSeat, Seat, SlackSeat
from chatdesk.demo.world import World
from chatdesk.domain.ticket import Thread
from chatdesk_playground.discord import DiscordHuman
from chatdesk_playground.slack import SlackHuman


def of_charged_twice(here: World, thread: Thread) -> Seat | None:
    """Cleo in Discord; Ana and, where it was escalated to, Bill in Slack."""
    agent = here.slack.bill if thread.side is Side.ESCALATION else here.slack.ana
    return _seat(here, thread, here.discord.cleo, agent)


def of_outage(here: World, thread: Thread) -> Seat | None:
    """Vera and Dora in Discord; Ben and Lea in Slack. Where the other four asked is left out."""
    if thread.side is Side.CUSTOMER and thread.party != 1:
        return None
    escalated = thread.side is Side.ESCALATION
    return _seat(
        here,
        thread,
        here.discord.dora if escalated else here.discord.vera,
        here.slack.lea if escalated else here.slack.ben,
    )


def _seat(here: World, thread: Thread, in_discord: DiscordHuman, in_slack: SlackHuman) -> Seat | None:
    if thread.place is None or thread.kind is PlaceKind.FORUM:
        return None
    if thread.installation.platform == "discord":
        return DiscordSeat(in_discord, thread.place, here.discord.application)
    channel, _, root = thread.place.partition("/")
    return SlackSeat(in_slack, channel, here.slack.app.bot_user_id, root or None)
