"""The demo's people and places in playgrounds that have them already."""

from __future__ import annotations

from chatdesk.demo.world import DiscordSide, SlackSide, slack_id
from chatdesk_playground.discord import DiscordHuman, DiscordPlayground
from chatdesk_playground.slack import InstalledApp, SlackHuman, SlackPlayground


def slack_again(playground: SlackPlayground) -> SlackSide:
    """Raises KeyError where somebody is missing."""
    world = playground.site.world
    workspace = next(iter(world.workspaces.values()))
    app = world.app_of(workspace)

    def person(name: str) -> SlackHuman:
        user = workspace.users[slack_id(name)]
        return playground.control.person(workspace.id, user.id, user.name, user.token)

    ana, ben, lea, bill = [person(name) for name in ("ana", "ben", "lea", "bill")]
    installed = InstalledApp(
        team_id=workspace.id,
        app_id=app.id,
        bot_user_id=workspace.bot_user_id,
        bot_id=workspace.bot_id,
        bot_token=workspace.bot_token,
        app_token=app.app_token,
        signing_secret=app.signing_secret,
        client_id=app.client_id,
        client_secret=app.client_secret,
        oauth_code="",
    )
    channels = {one.name: one.id for one in workspace.channels.values() if one.name}
    ada, sam, sue = [person(name) for name in ("ada", "sam", "sue")]
    return SlackSide(playground, installed, ana, ben, lea, bill, ada, sam, sue, channels)


def discord_again(playground: DiscordPlayground) -> DiscordSide:
    """Raises KeyError where somebody is missing."""
    world = playground.backend.world
    ids = {user.username: user.id for user in world.users.values()}

    def person(name: str) -> DiscordHuman:
        return playground.control.person(ids[name], name)

    application = next(iter(world.applications.values()))
    guild = next(iter(world.guilds))
    channels = {one.name: one.id for one in world.channels_of(guild)}
    cleo, dan, vera, dora, dirk = [person(name) for name in ("cleo", "dan", "vera", "dora", "dirk")]
    return DiscordSide(
        playground, application.id, application.token, guild, cleo, dan, vera, dora, dirk, channels
    )
