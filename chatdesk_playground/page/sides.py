"""The two platforms as the page has them."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.discord import DiscordHuman, DiscordPlayground
from chatdesk_playground.page.discord_hands import DiscordHands
from chatdesk_playground.page.discord_sight import DiscordSight
from chatdesk_playground.page.discord_wire import discord_wire
from chatdesk_playground.page.model import Formatting, Look
from chatdesk_playground.page.side import Side
from chatdesk_playground.page.slack_hands import SlackHands
from chatdesk_playground.page.slack_sight import SlackSight
from chatdesk_playground.page.slack_wire import slack_wire
from chatdesk_playground.slack import SlackHuman, SlackPlayground


def slack(playground: SlackPlayground, team: str, visitors: Mapping[str, tuple[SlackHuman, str]]) -> Side:
    """A workspace. ``visitors`` are those whom one can be, with what they are to the desk."""
    sight = SlackSight(playground, team, visitors, slack_wire(playground.site))
    name = playground.site.world.workspace(team).name.capitalize()
    return Side(Look.SLACK, f"{name} · Slack", _MRKDWN, sight, SlackHands(sight))


def discord(
    playground: DiscordPlayground,
    guild: str,
    application: str,
    visitors: Mapping[str, tuple[DiscordHuman, str]],
) -> Side:
    """A server. ``visitors`` are those whom one can be, with what they are to the desk."""
    sight = DiscordSight(playground, guild, application, visitors, discord_wire(playground))
    name = playground.backend.world.guilds[guild].name.capitalize()
    return Side(Look.DISCORD, f"{name} · Discord", _MARKDOWN, sight, DiscordHands(sight))


_MRKDWN = (
    Formatting("Bold", "format_bold", "*", "*"),
    Formatting("Italic", "format_italic", "_", "_"),
    Formatting("Strike", "strikethrough_s", "~", "~"),
    Formatting("Code", "code", "`", "`"),
    Formatting("Code block", "data_object", "```\n", "\n```"),
    Formatting("Quote", "format_quote", "> "),
    Formatting("List", "format_list_bulleted", "- "),
)
_MARKDOWN = (
    Formatting("Bold", "format_bold", "**", "**"),
    Formatting("Italic", "format_italic", "*", "*"),
    Formatting("Underline", "format_underlined", "__", "__"),
    Formatting("Strike", "strikethrough_s", "~~", "~~"),
    Formatting("Code", "code", "`", "`"),
    Formatting("Code block", "data_object", "```\n", "\n```"),
    Formatting("Quote", "format_quote", "> "),
    Formatting("Spoiler", "visibility_off", "||", "||"),
)
