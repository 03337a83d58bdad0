"""Commands, buttons, menus and forms: parse, desk, answer.

All of them are taken here by what they carry themselves. discord.py's own views and modals are not relied
upon: it forgets them at a restart, and drops what is submitted later without a word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import cast

import discord
from discord import app_commands

from adapters.discord.announce import Announcer
from adapters.discord.answers import InteractionAnswer, settled
from adapters.discord.commands import completion_of
from adapters.discord.directory import Channel, Directory, where_of
from adapters.discord.endpoints import DiscordClient
from adapters.discord.forms import LONGEST_OPTION, MOST_OPTIONS, cut
from adapters.discord.ids import installation
from adapters.discord.parse import actor_of, source_of
from adapters.discord.parse_interactions import (
    Happening,
    command_given,
    component_used,
    form_of,
    form_submitted,
    invocation_of,
    menu_chosen,
)
from chatdesk.contract.inbound import FormChanged, FormOpened, FormSubmitted, Inbound
from chatdesk.contract.ports import Accepted, Clock, Desk, Refused
from chatdesk.contract.questions import Choices
from chatdesk.contract.sentences import NOT_UNDERSTOOD
from chatdesk.contract.vocabulary import Where

Interaction = discord.Interaction[discord.Client]

_SLASH_COMMAND = 1


class InteractionListeners:
    """Takes in interactions."""

    def __init__(
        self,
        client: DiscordClient,
        directory: Directory,
        announcer: Announcer,
        desk: Desk,
        clock: Clock,
    ) -> None:
        self._client = client
        self._directory = directory
        self._announcer = announcer
        self._desk = desk
        self._clock = clock

    def attach(self) -> None:
        self._client.event(self.on_interaction)

    async def on_interaction(self, interaction: Interaction) -> None:
        await self._announcer.done.wait()
        if interaction.type is discord.InteractionType.autocomplete:
            await self._complete(interaction)
            return
        answer = InteractionAnswer(interaction)
        try:
            await self._act(interaction, answer)
        except Exception:
            await answer.fail()

    async def _happening(self, interaction: Interaction) -> Happening | None:
        where = await self._where(interaction)
        if where is None:
            return None
        actor = actor_of(interaction.user, self._client.picture)
        return Happening(str(interaction.id), actor, where, self._clock.now())

    async def _where(self, interaction: Interaction) -> Where | None:
        channel = cast(Channel | None, interaction.channel)
        if channel is None:
            return None
        if interaction.guild_id is not None:
            return where_of(channel, installation(interaction.guild_id))
        return await self._directory.where(channel.id, None, interaction.user.id)

    async def _complete(self, interaction: Interaction) -> None:
        happening = await self._happening(interaction)
        if happening is None:
            return
        invocation = invocation_of(_data(interaction))
        focused = invocation.focused or ""
        of = completion_of(focused)
        choices: list[app_commands.Choice[str]] = []
        if of is not None:
            typed = invocation.arguments.get(focused, "")
            options = await self._desk.ask(Choices(of, typed, happening.actor, happening.where))
            choices = [
                app_commands.Choice(name=cut(option.label, LONGEST_OPTION), value=option.value)
                for option in options[:MOST_OPTIONS]
            ]
        await interaction.response.autocomplete(choices)

    async def _act(self, interaction: Interaction, answer: InteractionAnswer) -> None:
        happening = await self._happening(interaction)
        event = None if happening is None else self._event(interaction, happening)
        if event is None:
            await answer.give(Refused(NOT_UNDERSTOOD.say()))
            return
        handling = asyncio.create_task(self._handled(event))
        if isinstance(event, FormOpened | FormChanged):
            given = await settled(handling)
        else:
            given = await answer.patiently(handling)
        await answer.give(given, event.form if isinstance(event, FormSubmitted) else None)

    async def _handled(self, event: Inbound) -> Accepted | Refused:
        return await self._desk.handle(event)

    def _event(self, interaction: Interaction, happening: Happening) -> Inbound | None:
        data = _data(interaction)
        match interaction.type:
            case discord.InteractionType.application_command if data.get("type", 1) == _SLASH_COMMAND:
                return command_given(invocation_of(data), happening)
            case discord.InteractionType.application_command:
                return self._menu_chosen(interaction, data, happening)
            case discord.InteractionType.component:
                values = cast(Sequence[str], data.get("values") or ())
                return component_used(str(data["custom_id"]), values, happening)
            case discord.InteractionType.modal_submit:
                form = form_of(str(data["custom_id"]))
                return None if form is None else form_submitted(form, data["components"], happening)
        return None

    def _menu_chosen(
        self, interaction: Interaction, data: Mapping[str, object], happening: Happening
    ) -> Inbound | None:
        message = self._client.resolved_message(interaction)
        if message is None:
            return None
        source = source_of(message, happening.where, self._client.picture)
        return menu_chosen(str(data["name"]), happening, source)


def _data(interaction: Interaction) -> Mapping[str, object]:
    return cast(Mapping[str, object], interaction.data or {})
