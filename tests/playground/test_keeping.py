"""Both platforms as JSON, and made of it again."""

from __future__ import annotations

from chatdesk_playground.discord import DiscordPlayground
from chatdesk_playground.discord import keeping as discord_keeping
from chatdesk_playground.slack import SlackPlayground
from chatdesk_playground.slack import keeping as slack_keeping


async def test_a_slack_goes_on_another_day() -> None:
    async with SlackPlayground.running() as slack:
        app = await slack.control.create_workspace("acme")
        ana = await slack.control.create_user(app.team_id, "ana")
        await slack.control.create_channel(app.team_id, "general", members=[ana.id])
        said = await ana.post("general", "Good *evening*", files=[("a.bin", bytes(range(256)))])
        await ana.react("general", said.ts, "eyes")
        kept = slack_keeping.kept(slack.site.world)
    async with SlackPlayground.running() as slack:
        slack_keeping.restore(slack.site.world, kept)
        again = slack.control.person(app.team_id, ana.id, ana.name, ana.token)
        [seen] = await again.messages("general")
        assert (seen.text, seen.reactions) == ("Good *evening*", {"eyes": [ana.id]})
        assert await again.download(seen.files[0]) == bytes(range(256))


async def test_a_discord_goes_on_another_day() -> None:
    async with DiscordPlayground.running() as discord:
        application = await discord.control.create_application("bot")
        guild = await discord.control.create_guild("acme", application.id)
        general = await discord.control.create_channel(guild.id, "general")
        cleo = await discord.control.create_user("cleo", guild_ids=[guild.id])
        said = await cleo.post(general, "Good **morning**", files=[("a.bin", bytes(range(256)))])
        thread = await cleo.start_thread(general, "More", said.id)
        kept = discord_keeping.kept(discord.backend)
    async with DiscordPlayground.running() as discord:
        discord_keeping.restore(discord.backend, kept)
        again = discord.control.person(cleo.id, "cleo")
        [seen] = [one for one in await again.messages(general) if one.id == said.id]
        assert (seen.content, seen.thread_id) == ("Good **morning**", thread)
        assert await again.download(seen.attachments[0]) == bytes(range(256))
        assert discord_keeping.kept(discord.backend) == kept
