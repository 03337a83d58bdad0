"""The desk's answer to whoever acted: seen by nobody else, except a panel."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Sequence

import discord
from discord import ui

from adapters.discord.forms import errors_text, modal, reopening
from adapters.discord.ids import address_of
from adapters.discord.render import panel_embed, view_of
from adapters.discord.text import escape, from_commonmark, split
from chatdesk.contract.links import with_addresses
from chatdesk.contract.ports import Accepted, Answer, Refused
from chatdesk.contract.sentences import FOR_YOU_ALONE, WENT_WRONG
from chatdesk.contract.views import Control, Form, Panel

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
"""Discord gives an interaction three seconds to be answered; after these it is told that we work on it."""

MENTION_ANSWER_SECONDS = 60.0


async def settled(handling: Awaitable[Answer]) -> Answer:
    """The desk's answer; where the desk failed, a sentence with a reference that stands in the log."""
    try:
        return await handling
    except Exception:
        reference = _logged_reference("the desk failed")
        return Refused(WENT_WRONG.say(reference=reference))


def _logged_reference(what: str) -> str:
    """Logs the exception being handled under a reference that its sufferer can quote."""
    reference = secrets.token_hex(4)
    log.exception("%s (reference %s)", what, reference)
    return reference


def shown_text(answer: Answer) -> str:
    match answer:
        case Accepted():
            return from_commonmark(with_addresses(answer.text, address_of)) if answer.text else ""
        case Refused():
            return errors_text(answer.text, answer.fields)


class InteractionAnswer:
    """Answers one interaction within the time that Discord gives."""

    def __init__(self, interaction: discord.Interaction[discord.Client]) -> None:
        self._interaction = interaction

    async def patiently(self, handling: asyncio.Task[Answer]) -> Answer:
        """Wait for the desk; where it takes long, tell Discord first that we work on it."""
        done, _ = await asyncio.wait({handling}, timeout=PATIENCE_SECONDS)
        if not done:
            await self._interaction.response.defer(ephemeral=True, thinking=True)
        return await settled(handling)

    async def give(self, answer: Answer, form: str | None = None) -> None:
        """Show the answer. ``form`` is the form that was submitted, to be opened again if it was refused."""
        if isinstance(answer, Accepted) and answer.form is not None:
            await self._open(answer.form, shown_text(answer))
            return
        answered = False
        if isinstance(answer, Accepted) and answer.panel is not None:
            answered = await self._post_panel(answer.panel)
        refused_form = form if isinstance(answer, Refused) and answer.fields else None
        view = reopening(refused_form) if refused_form is not None else _view(answer.controls)
        text = shown_text(answer)
        if text or view is not None:
            await self._say(text or "…", view)
        elif not answered:
            await self._say_nothing()

    async def _open(self, form: Form, text: str) -> None:
        """A modal is only a first answer, and never one to a modal; else a button opens it."""
        submitted = self._interaction.type is discord.InteractionType.modal_submit
        if submitted or self._interaction.response.is_done():
            await self._say(text or escape(form.title), reopening(form.id))
        else:
            await self._interaction.response.send_modal(modal(form))

    async def _say(self, text: str, view: ui.View | None) -> None:
        parts = split(text)
        for index, part in enumerate(parts):
            is_last = index == len(parts) - 1
            shown = view if is_last and view is not None else discord.utils.MISSING
            if self._interaction.response.is_done():
                await self._interaction.followup.send(part, ephemeral=True, view=shown)
            else:
                await self._interaction.response.send_message(part, ephemeral=True, view=shown)

    async def _say_nothing(self) -> None:
        """Discord shows a failure where an interaction gets no answer at all."""
        response = self._interaction.response
        if response.is_done():
            await self._interaction.delete_original_response()
        elif self._interaction.type is discord.InteractionType.component:
            await response.defer()
        else:
            await response.defer(ephemeral=True, thinking=True)
            await self._interaction.delete_original_response()

    async def _post_panel(self, panel: Panel) -> bool:
        """Show it to everybody; whether that was the answer to the command itself."""
        embed, view = panel_embed(panel), view_of(panel.controls)
        channel = self._interaction.channel
        assert isinstance(channel, discord.abc.Messageable)
        try:
            await channel.send(embed=embed, view=view)
        except discord.Forbidden:
            # As an answer it needs no permission, but it says who gave the command.
            await self._answer_openly(embed, view)
            return True
        return False

    async def _answer_openly(self, embed: discord.Embed, view: ui.View) -> None:
        if self._interaction.response.is_done():
            await self._interaction.followup.send(embed=embed, view=view)
        else:
            await self._interaction.response.send_message(embed=embed, view=view)

    async def fail(self) -> None:
        """Say that it went wrong in ourselves, if anything can still be said. Called from an except block."""
        reference = _logged_reference("an interaction could not be answered")
        try:
            await self._say(from_commonmark(WENT_WRONG.say(reference=reference)), None)
        except discord.HTTPException as error:
            log.warning("nor could that be said: %s (%s)", error.text, error.code)


def _view(controls: Sequence[Control]) -> ui.View | None:
    return view_of(controls) if controls else None


async def answer_message(message: discord.Message, answer: Answer) -> None:
    """Answer somebody who wrote in a channel, where Discord has no way to be seen by them alone.

    In a DM right there, else in a DM. Where they take none they learn in a reply that deletes itself why
    their command was refused, but nothing that it found out: who reads the channel is not known here.
    """
    text, view = shown_text(answer), _view(answer.controls)
    if isinstance(answer, Accepted) and answer.form is not None:
        text, view = text or escape(answer.form.title), reopening(answer.form.id)
    if isinstance(answer, Accepted) and answer.panel is not None:
        await message.channel.send(embed=panel_embed(answer.panel), view=view_of(answer.panel.controls))
    if not text and view is None:
        return
    if message.guild is None:
        await _send(message.channel, text, view)
        return
    try:
        await _send(message.author, text, view)
    except discord.Forbidden:
        await _reply_openly(message, answer)


async def _reply_openly(message: discord.Message, answer: Answer) -> None:
    text = shown_text(answer) if isinstance(answer, Refused) else from_commonmark(FOR_YOU_ALONE.say())
    await message.reply((split(text) or ["…"])[0], mention_author=False, delete_after=MENTION_ANSWER_SECONDS)


async def tell(client: discord.Client, user_id: int, answer: Answer) -> None:
    """Tell somebody in a DM what became of what they did; if they take none, they see it in the result."""
    text, view = shown_text(answer), _view(answer.controls)
    if not text and view is None:
        return
    try:
        await _send(await client.create_dm(discord.Object(user_id)), text, view)
    except discord.HTTPException as error:
        log.info("an answer could not be told in a direct message: %s (%s)", error.text, error.code)


async def _send(to: discord.abc.Messageable, text: str, view: ui.View | None) -> None:
    parts = split(text) or ["…"]
    for part in parts[:-1]:
        await to.send(part)
    await to.send(parts[-1], view=view or discord.utils.MISSING)
