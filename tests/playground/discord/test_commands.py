"""Slash commands with subcommands, options and autocompletion, and context menus."""

from __future__ import annotations

import asyncio

import discord as sdk
import pytest
from discord import app_commands

from chatdesk_playground.discord import Refused
from tests.playground.discord.bots import Bot, online
from tests.playground.discord.conftest import Scene

AGENTS = ("ana", "andrew", "bert")


def ticket_commands() -> app_commands.Group:
    group = app_commands.Group(name="ticket", description="Tickets")
    people = app_commands.Group(name="people", description="Who takes part", parent=group)

    @group.command(name="open", description="Opens a ticket")
    @app_commands.describe(title="What it is about", urgent="Whether it is urgent")
    async def open_ticket(
        interaction: sdk.Interaction, title: str, urgent: bool = False, copies: int = 1
    ) -> None:
        await interaction.response.send_message(f"{title} urgent={urgent} copies={copies}", ephemeral=True)

    @group.command(name="assign", description="Gives a ticket to somebody")
    async def assign(interaction: sdk.Interaction, agent: str) -> None:
        await interaction.response.send_message(f"assigned to {agent}")

    @assign.autocomplete("agent")
    async def complete(interaction: sdk.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=name.title(), value=name) for name in AGENTS if name.startswith(current)
        ]

    @group.command(name="priority", description="Sets the priority")
    @app_commands.choices(level=[app_commands.Choice(name="High", value="high")])
    async def priority(interaction: sdk.Interaction, level: app_commands.Choice[str]) -> None:
        await interaction.response.send_message(f"priority {level.value}")

    @people.command(name="add", description="Adds somebody")
    async def add(
        interaction: sdk.Interaction,
        member: sdk.Member,
        place: sdk.TextChannel,
        role: sdk.Role,
        file: sdk.Attachment,
    ) -> None:
        content = (await file.read()).decode()
        await interaction.response.send_message(f"{member.display_name} {place.name} {role.name} {content}")

    return group


async def with_commands(bot: Bot, group: app_commands.Group | None = None) -> None:
    bot.tree.add_command(group or ticket_commands())
    await bot.tree.sync()


async def test_a_subcommand_with_options_is_answered_to_its_caller_alone(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await with_commands(bot)
        outcome = await scene.cleo.command("ticket open", {"title": "Broken", "copies": 2}, at=scene.general)
        assert outcome.acknowledged
        assert outcome.messages[0].content == "Broken urgent=False copies=2"
        assert outcome.messages[0].ephemeral
        assert outcome.milliseconds < 3000
        assert len(await scene.cleo.messages(scene.general)) == 1
        assert await scene.ana.messages(scene.general) == []


async def test_options_of_every_kind_are_resolved(scene: Scene) -> None:
    role = await scene.discord.control.create_role(scene.guild, "agents", members=[scene.ana.id])
    bot = Bot()
    async with online(bot, scene.token):
        await with_commands(bot)
        outcome = await scene.cleo.command(
            "ticket people add",
            {"member": "ana", "place": "general", "role": role},
            at=scene.general,
            files={"file": ("a.txt", b"text")},
        )
    assert outcome.messages[0].content == "Ana general agents text"


async def test_autocompletion_and_choices(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await with_commands(bot)
        offered = await scene.cleo.autocomplete(
            "ticket assign", {"agent": "an"}, focused="agent", at=scene.general
        )
        assert offered == (("Ana", "ana"), ("Andrew", "andrew"))
        outcome = await scene.cleo.command("ticket priority", {"level": "High"}, at=scene.general)
        assert outcome.messages[0].content == "priority high"
        with pytest.raises(Refused, match="no choice"):
            await scene.cleo.command("ticket priority", {"level": "Low"}, at=scene.general)


async def test_what_the_client_would_not_let_anybody_type(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await with_commands(bot)
        for path, options, sentence in (
            ("tickets open", {}, "no command 'tickets'"),
            ("ticket opne", {}, "no subcommand 'opne'"),
            ("ticket", {}, "needs a subcommand"),
            ("ticket open", {}, "'title' is required"),
            ("ticket open", {"titel": "x"}, "no option 'titel'"),
        ):
            with pytest.raises(Refused, match=sentence):
                await scene.cleo.command(path, options, at=scene.general)


async def test_commands_of_one_server_and_those_for_some_only(scene: Scene) -> None:
    bot = Bot()
    group = app_commands.Group(
        name="desk", description="Desk", default_permissions=sdk.Permissions(manage_guild=True)
    )

    @group.command(name="setup", description="Sets the desk up")
    async def setup(interaction: sdk.Interaction) -> None:
        await interaction.response.send_message("done")

    guild = sdk.Object(int(scene.guild))
    async with online(bot, scene.token):
        bot.tree.add_command(group, guild=guild)
        await bot.tree.sync(guild=guild)
        with pytest.raises(Refused, match="not allowed"):
            await scene.cleo.command("desk setup", at=scene.general)
        assert (await scene.owner.command("desk setup", at=scene.general)).messages[0].content == "done"
        assert await bot.tree.fetch_commands() == []
        assert [command.name for command in await bot.tree.fetch_commands(guild=guild)] == ["desk"]


async def test_a_message_and_a_user_menu(scene: Scene) -> None:
    bot = Bot()

    @bot.tree.context_menu(name="Create ticket")
    async def create(interaction: sdk.Interaction, message: sdk.Message) -> None:
        await interaction.response.send_message(f"ticket: {message.content} by {message.author.display_name}")

    @bot.tree.context_menu(name="Earlier tickets")
    async def earlier(interaction: sdk.Interaction, user: sdk.User) -> None:
        await interaction.response.send_message(f"none of {user.name}", ephemeral=True)

    async with online(bot, scene.token):
        await bot.tree.sync()
        message = await scene.cleo.post(scene.general, "It burns")
        outcome = await scene.ana.context_menu("Create ticket", scene.general, message.id)
        assert outcome.messages[0].content == "ticket: It burns by Cleo"
        assert (
            (await scene.ana.user_menu("Earlier tickets", scene.general, scene.cleo.id)).messages[0].ephemeral
        )


async def test_deferred_answers_follow_ups_and_the_original(scene: Scene) -> None:
    bot = Bot()
    finish = asyncio.Event()

    @bot.tree.command(name="slow", description="Takes its time")
    async def slow(interaction: sdk.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await finish.wait()
        await interaction.edit_original_response(content="finished")
        extra = await interaction.followup.send("and more", ephemeral=True, wait=True)
        await extra.edit(content="and even more")
        await interaction.followup.send("for all")
        assert (await interaction.original_response()).content == "finished"

    async with online(bot, scene.token):
        await bot.tree.sync()
        outcome = await scene.cleo.command("slow", at=scene.general)
        assert outcome.deferred
        assert outcome.messages[0].loading
        finish.set()
        await scene.cleo.wait_for(scene.general, lambda message: message.content == "for all")
        seen = await scene.cleo.messages(scene.general)
        assert [(m.content, m.ephemeral) for m in seen] == [
            ("finished", True),
            ("and even more", True),
            ("for all", False),
        ]
        assert [m.content for m in await scene.ana.messages(scene.general)] == ["for all"]


async def test_an_app_that_does_not_answer_and_one_that_answers_twice(scene: Scene) -> None:
    await scene.discord.control.set_limits(answer_seconds=0.3)
    bot = Bot()
    errors: list[int] = []
    kept: list[sdk.Interaction] = []

    @bot.tree.command(name="silent", description="Says nothing")
    async def silent(interaction: sdk.Interaction) -> None:
        kept.append(interaction)

    @bot.tree.command(name="twice", description="Answers twice")
    async def twice(interaction: sdk.Interaction) -> None:
        await interaction.response.send_message("first")
        interaction.response._response_type = None
        try:
            await interaction.response.send_message("second")
        except sdk.HTTPException as error:
            errors.append(error.code)

    async with online(bot, scene.token):
        await bot.tree.sync()
        outcome = await scene.cleo.command("silent", at=scene.general)
        assert not outcome.acknowledged
        assert outcome.error == "The application did not respond"
        with pytest.raises(sdk.NotFound) as late:
            await kept[0].response.send_message("too late")
        assert late.value.code == 10062
        await scene.cleo.command("twice", at=scene.general)
        await scene.discord.control.wait_until_quiet()
    assert errors == [40060]
    offline = await scene.cleo.command("silent", at=scene.general)
    assert offline.error == "The application did not respond"


async def test_a_token_expires_after_a_quarter_of_an_hour(scene: Scene) -> None:
    bot = Bot()
    kept: list[sdk.Interaction] = []

    @bot.tree.command(name="keep", description="Keeps its token")
    async def keep(interaction: sdk.Interaction) -> None:
        kept.append(interaction)
        await interaction.response.send_message("kept")

    async with online(bot, scene.token):
        await bot.tree.sync()
        await scene.cleo.command("keep", at=scene.general)
        await kept[0].followup.send("in time")
        await scene.discord.control.advance_clock(15 * 60 + 1)
        with pytest.raises(sdk.HTTPException) as refused:
            await kept[0].followup.send("too late")
    assert refused.value.code == 50027


async def test_commands_that_are_registered_wrongly(scene: Scene) -> None:
    bot = Bot()
    route = sdk.http.Route(
        "POST", "/applications/{application_id}/commands", application_id=scene.application
    )
    async with online(bot, scene.token):
        for body in (
            {"name": "Bad Name", "description": "x"},
            {"name": "ok", "description": "x" * 101},
            {
                "name": "ok",
                "description": "x",
                "options": [{"type": 3, "name": f"o{i}", "description": "x"} for i in range(26)],
            },
        ):
            with pytest.raises(sdk.HTTPException) as refused:
                await bot.http.request(route, json=body)
            assert refused.value.code == 50035
