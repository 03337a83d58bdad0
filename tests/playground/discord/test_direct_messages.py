"""Direct messages: the bot's to people, people's to the bot, closed ones, commands and buttons in them."""

from __future__ import annotations

import discord as sdk
import pytest
from discord import ui

from tests.playground.discord.bots import Bot, online
from tests.playground.discord.conftest import Scene


async def test_both_sides_write_without_the_content_intent(scene: Scene) -> None:
    bot = Bot(sdk.Intents.default())
    async with online(bot, scene.token):
        dm = await scene.cleo.dm_with_bot()
        await scene.cleo.post(dm, "help me", files=[("a.txt", b"a")])
        await scene.discord.control.wait_until_quiet()
        heard = bot.heard[-1]
        assert heard.guild is None
        [event] = [event for event in scene.discord.events if event.name == "MESSAGE_CREATE"]
        assert event.data["channel_type"] == 1
        assert (heard.content, heard.attachments[0].filename) == ("help me", "a.txt")
        await heard.reply("gladly")
        await heard.add_reaction("👀")
    seen = await scene.cleo.messages(dm)
    assert [(message.author, message.content) for message in seen] == [
        ("Cleo", "help me"),
        ("chatdesk", "gladly"),
    ]
    assert seen[0].reactions[0].emoji == "👀"


async def test_the_bot_writes_first_unless_dms_are_closed(scene: Scene) -> None:
    stranger = await scene.discord.control.create_user("stranger")
    bot = Bot()
    async with online(bot, scene.token):
        user = await bot.fetch_user(int(scene.cleo.id))
        await user.send("Your ticket is open")
        dm = await scene.cleo.dm_with_bot()
        assert [message.content for message in await scene.cleo.messages(dm)] == ["Your ticket is open"]
        await scene.cleo.set_dms(False)
        for person in (user, await bot.fetch_user(int(stranger.id))):
            with pytest.raises(sdk.Forbidden) as refused:
                await person.send("hello?")
            assert refused.value.code == 50007


async def test_commands_and_buttons_in_a_dm(scene: Scene) -> None:
    class Ask(ui.View):
        @ui.button(label="Yes")
        async def yes(self, interaction: sdk.Interaction, button: ui.Button[Ask]) -> None:
            await interaction.response.edit_message(content=f"{interaction.user.name} said yes", view=None)

    bot = Bot()

    @bot.tree.command(name="ask", description="Asks back")
    async def ask(interaction: sdk.Interaction) -> None:
        assert interaction.guild is None
        await interaction.response.send_message("Sure?", view=Ask())

    async with online(bot, scene.token):
        await bot.tree.sync()
        dm = await scene.cleo.dm_with_bot()
        answer = (await scene.cleo.command("ask", at=dm)).messages[0]
        assert (await scene.cleo.click(dm, answer.id, "Yes")).messages[0].content == "cleo said yes"
