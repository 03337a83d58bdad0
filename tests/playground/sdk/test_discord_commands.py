"""What discord.py's users begin with: prefix commands, slash commands and context menus."""

from __future__ import annotations

import discord as sdk
import pytest
from discord import app_commands
from discord.ext import commands

from chatdesk_playground.discord import Refused
from tests.playground.discord.bots import Bot, all_intents, online
from tests.playground.sdk.conftest import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

Context = commands.Context[commands.Bot]


def prefix_bot() -> commands.Bot:
    return commands.Bot(command_prefix="!", intents=all_intents(), guild_ready_timeout=0.02)


async def said(server: Server, text: str) -> str:
    """What the bot answers to what Cleo writes."""
    asked = await server.cleo.post(server.general, text)
    answer = await server.cleo.wait_for(
        server.general, lambda seen: seen.bot and int(seen.id) > int(asked.id)
    )
    return answer.content


async def test_a_prefix_bot_converts_checks_and_helps(server: Server) -> None:
    bot = prefix_bot()

    @bot.command(help="Adds two numbers.")
    async def add(context: Context, left: int, right: int) -> None:
        await context.send(str(left + right))

    @bot.command()
    async def greet(context: Context, member: sdk.Member, *, words: str = "hello") -> None:
        await context.reply(f"{words}, {member.display_name}", mention_author=False)

    @bot.group(name="list", invoke_without_command=True)
    async def lists(context: Context) -> None:
        await context.send(f"no such list: {context.message.content}")

    @lists.command(name="mine")
    async def list_mine(context: Context) -> None:
        await context.send("nothing is yours")

    @bot.command()
    @commands.has_permissions(ban_members=True)
    async def clean(context: Context) -> None:
        await context.send("clean")

    @bot.event
    async def on_command_error(context: Context, error: commands.CommandError) -> None:
        await context.send(type(error).__name__)

    async with online(bot, server.token):
        assert await said(server, "!add 2 3") == "5"
        assert await said(server, "!add two 3") == "BadArgument"
        assert await said(server, f"!greet {server.ana.mention} good morning") == "good morning, Ana"
        assert await said(server, "!greet Cleo") == "hello, Cleo"
        assert await said(server, "!list mine") == "nothing is yours"
        assert await said(server, "!list all") == "no such list: !list all"
        assert await said(server, "!clean") == "MissingPermissions"
        assert await said(server, "!nothing") == "CommandNotFound"
        assert "Adds two numbers." in await said(server, "!help add")


async def test_a_bot_waits_for_an_answer(server: Server) -> None:
    bot = prefix_bot()

    @bot.command()
    async def ask(context: Context) -> None:
        await context.send("Your favourite number?")
        answer = await bot.wait_for(
            "message", check=lambda message: message.author == context.author, timeout=5
        )
        await context.send(f"noted {answer.content}")
        reaction, user = await bot.wait_for("reaction_add", timeout=5)
        await context.send(f"{user.display_name} {reaction.emoji}")

    async with online(bot, server.token):
        assert await said(server, "!ask") == "Your favourite number?"
        await server.ana.post(server.general, "not asked")
        assert await said(server, "42") == "noted 42"
        noted = (await server.cleo.messages(server.general))[-1]
        await server.cleo.react(server.general, noted.id, "👍")
        await server.cleo.wait_for(server.general, lambda seen: seen.content == "Cleo 👍")


@app_commands.command(description="Every kind of option")
@app_commands.describe(text="some words")
@app_commands.rename(whole="number")
@app_commands.choices(
    size=[app_commands.Choice(name="Small", value=1), app_commands.Choice(name="Big", value=2)]
)
async def everything(
    interaction: sdk.Interaction,
    text: app_commands.Range[str, 2, 10],
    whole: app_commands.Range[int, 1, 9],
    ratio: float,
    really: bool,
    who: sdk.Member,
    where: sdk.TextChannel,
    role: sdk.Role,
    either: sdk.Member | sdk.Role,
    file: sdk.Attachment,
    size: app_commands.Choice[int],
    late: str = "nothing",
) -> None:
    content = (await file.read()).decode()
    parts = (
        text,
        whole,
        ratio,
        really,
        who.display_name,
        where.name,
        role.name,
        either.name,
        content,
        size.value,
    )
    await interaction.response.send_message(" ".join(str(part) for part in (*parts, late)))


async def test_slash_commands_with_every_kind_of_option(server: Server) -> None:
    bot = Bot()
    bot.tree.add_command(everything)
    role = await server.discord.control.create_role(server.guild, "helpers")
    async with online(bot, server.token):
        registered = await bot.tree.sync()
        assert [command.name for command in registered] == ["everything"]
        options: dict[str, object] = {
            "text": "words", "number": 7, "ratio": 0.5, "really": True, "who": "ana", "where": server.general,
            "role": role, "either": server.cleo.id, "size": "Big",
        }  # fmt: skip
        outcome = await server.cleo.command(
            "everything", options, at=server.general, files={"file": ("a.txt", b"inside")}
        )
        assert outcome.acknowledged, outcome.error
        assert outcome.messages[0].content == "words 7 0.5 True Ana general helpers cleo inside 2 nothing"
        wrong: dict[str, dict[str, object]] = {
            "between 2 and 10": {"text": "x" * 11},
            "no choice": {"size": "Huge"},
            "between 1 and 9": {"number": 10},
            "is no number": {"ratio": "half"},
            "no 'forum' to choose": {"where": "forum"},
        }
        await server.discord.control.create_channel(server.guild, "forum", kind="forum")
        for sentence, changed in wrong.items():
            with pytest.raises(Refused, match=sentence):
                await server.cleo.command(
                    "everything", options | changed, at=server.general, files={"file": ("a.txt", b"")}
                )


class Fruit(app_commands.Group, name="fruit", description="Fruit"):
    """A group with a command, and one inside."""

    basket = app_commands.Group(name="basket", description="What is in it")

    @app_commands.command(description="Which one?")
    async def pick(self, interaction: sdk.Interaction, kind: str) -> None:
        await interaction.response.send_message(f"picked {kind}", ephemeral=True)

    @pick.autocomplete("kind")
    async def kinds(self, interaction: sdk.Interaction, current: str) -> list[app_commands.Choice[str]]:
        known = ("apple", "banana", "cherry")
        return [app_commands.Choice(name=one.title(), value=one) for one in known if current in one]

    @basket.command(description="Throws everything away")
    @app_commands.checks.has_permissions(administrator=True)
    async def empty(self, interaction: sdk.Interaction) -> None:
        await interaction.response.send_message("empty")


async def test_groups_autocompletion_guild_commands_and_errors(server: Server) -> None:
    bot = Bot()
    guild = sdk.Object(int(server.guild))
    bot.tree.add_command(Fruit(), guild=guild)

    @bot.tree.command(guild=guild, description="Breaks")
    async def broken(interaction: sdk.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        raise RuntimeError("broken")

    @bot.tree.command(guild=guild, description="For those who manage")
    @app_commands.default_permissions(manage_guild=True)
    async def hidden(interaction: sdk.Interaction) -> None:
        await interaction.response.send_message("seen")

    @bot.tree.error
    async def on_error(interaction: sdk.Interaction, error: app_commands.AppCommandError) -> None:
        words = f"refused: {type(error).__name__}"
        if interaction.response.is_done():
            await interaction.edit_original_response(content=words)
        else:
            await interaction.response.send_message(words, ephemeral=True)

    async with online(bot, server.token):
        await bot.tree.sync(guild=guild)
        assert [command.name for command in await bot.tree.fetch_commands()] == []
        cleo, at = server.cleo, server.general
        offered = await cleo.autocomplete("fruit pick", {"kind": "an"}, focused="kind", at=at)
        assert offered == (("Banana", "banana"),)
        picked = await cleo.command("fruit pick", {"kind": "cherry"}, at=at)
        assert (picked.messages[0].content, picked.messages[0].ephemeral) == ("picked cherry", True)
        refused = await cleo.command("fruit basket empty", at=at)
        assert refused.messages[0].content == "refused: MissingPermissions"
        deferred = await cleo.command("broken", at=at)
        assert deferred.deferred
        await cleo.wait_for(at, lambda seen: seen.content == "refused: CommandInvokeError")
        with pytest.raises(Refused, match="not allowed"):
            await cleo.command("hidden", at=at)
        bot.tree.remove_command("hidden", guild=guild)
        await bot.tree.sync(guild=guild)
        with pytest.raises(Refused, match="no command"):
            await cleo.command("hidden", at=at)


async def test_context_menus_and_a_hybrid_command(server: Server) -> None:
    bot = prefix_bot()

    @bot.tree.context_menu(name="Count words")
    async def count(interaction: sdk.Interaction, message: sdk.Message) -> None:
        await interaction.response.send_message(
            f"{len(message.content.split())} by {message.author.display_name}"
        )

    @bot.tree.context_menu(name="Joined when")
    async def joined(interaction: sdk.Interaction, member: sdk.Member) -> None:
        assert member.joined_at is not None
        await interaction.response.send_message(
            f"{member.display_name} {member.joined_at.year}", ephemeral=True
        )

    @bot.hybrid_command(description="Says it")  # type: ignore[arg-type]
    async def echo(context: Context, words: str) -> None:
        await context.send(f"{'slash' if context.interaction else 'prefix'}: {words}")

    async with online(bot, server.token):
        await bot.tree.sync()
        posted = await server.ana.post(server.general, "three short words")
        counted = await server.cleo.context_menu("Count words", server.general, posted.id)
        assert counted.messages[0].content == "3 by Ana"
        seen = await server.cleo.user_menu("Joined when", server.general, server.ana.id)
        assert seen.messages[0].content.startswith("Ana 20")
        assert await said(server, "!echo hi") == "prefix: hi"
        slashed = await server.cleo.command("echo", {"words": "hi"}, at=server.general)
        assert slashed.messages[0].content == "slash: hi"
        dm = await server.cleo.dm_with_bot(server.application)
        direct = await server.cleo.command("echo", {"words": "here"}, at=dm)
        assert direct.messages[0].content == "slash: here"
