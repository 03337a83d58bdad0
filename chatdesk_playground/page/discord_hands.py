"""A Discord server as the page uses it: what people do there."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chatdesk_playground.discord.deeds import BOOLEAN
from chatdesk_playground.discord.human import Refused
from chatdesk_playground.discord.sights import Outcome
from chatdesk_playground.discord.state import ChannelType
from chatdesk_playground.discord.wire import flag_of, number_of, text_of
from chatdesk_playground.faults import Fault
from chatdesk_playground.page import discord_commands
from chatdesk_playground.page.discord_sight import DiscordSight
from chatdesk_playground.page.model import (
    APP,
    Answers,
    NotPossible,
    Option,
    Spot,
    Suggestion,
    Upload,
    Written,
)

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class DiscordHands:
    """What people do there, through the hands of the playground."""

    sight: DiscordSight

    async def enter(self, person: str, spot: Spot) -> Spot:
        if spot.channel == APP:
            return Spot(await _possible(self.sight.human(person).dm_with_bot(self.sight.application)))
        return spot

    async def post(self, person: str, spot: Spot, written: Written) -> None:
        human = self.sight.human(person)
        files = [(one.name, one.content) for one in written.files]
        if self.sight.world.channels[spot.channel].type is ChannelType.FORUM:
            title = written.title or written.text.split("\n")[0][:90]
            await _possible(human.forum_post(spot.channel, title, written.text, files=files))
            return
        reply_to = written.reply_to or None
        await _possible(human.post(spot.channel, written.text, files=files, reply_to=reply_to))

    async def edit(self, person: str, spot: Spot, message: str, text: str) -> None:
        await _possible(self.sight.human(person).edit(spot.channel, message, text))

    async def delete(self, person: str, spot: Spot, message: str) -> None:
        await _possible(self.sight.human(person).delete(spot.channel, message))

    async def react(self, person: str, spot: Spot, message: str, name: str, add: bool) -> None:
        human = self.sight.human(person)
        act = human.react if add else human.unreact
        await _possible(act(spot.channel, message, name))

    async def start_thread(self, person: str, spot: Spot, message: str, name: str) -> Spot:
        return Spot(await _possible(self.sight.human(person).start_thread(spot.channel, name, message)))

    async def use(self, person: str, spot: Spot, message: str, entry: str) -> None:
        await self._done(self.sight.human(person).context_menu(entry, spot.channel, message))

    async def use_shortcut(self, person: str, entry: str) -> None:
        raise NotPossible("Discord has no shortcuts.")

    async def press(self, person: str, spot: Spot, message: str, name: str) -> None:
        await self._done(self.sight.human(person).click(spot.channel, message, name))

    async def choose(self, person: str, spot: Spot, message: str, name: str, value: str) -> None:
        await self._done(self.sight.human(person).choose(spot.channel, message, name, value))

    async def complete(self, person: str, spot: Spot, typed: str) -> Sequence[Suggestion]:
        commands = self.sight.offered(person, spot, 1)
        line = discord_commands.read(commands, typed)
        if line is None or line.focused is None:
            return discord_commands.suggestions(commands, typed)
        found = discord_commands.choices(line.focused, self._people(), self._channels())
        if found is None and flag_of(line.focused, "autocomplete"):
            focused = text_of(line.focused, "name")
            human = self.sight.human(person)
            offered = human.autocomplete(line.path, line.values, focused=focused, at=spot.channel)
            found = [Option(name, str(value)) for name, value in await _possible(offered)]
            return discord_commands.completed(line, typed, found)
        return discord_commands.complete_value(line, typed, found or ())

    async def command(self, person: str, spot: Spot, typed: str) -> None:
        line = discord_commands.read(self.sight.offered(person, spot, 1), typed)
        if line is None:
            raise NotPossible(f"There is no command {typed.split(' ')[0]} here.")
        kinds = {text_of(one, "name"): number_of(one, "type") for one in line.options}
        values = {
            name: value == "True" if kinds[name] == BOOLEAN else value
            for name, value in line.values.items()
            if value
        }
        await self._done(self.sight.human(person).command(line.path, values, at=spot.channel))

    async def look_up(self, person: str, field: str, typed: str) -> Sequence[Option]:
        return []

    async def change(self, person: str, field: str, value: str) -> None:
        return None

    async def submit(self, person: str, answers: Answers) -> Mapping[str, str]:
        form = self.sight.form(person)
        values: dict[str, object] = {}
        files: dict[str, list[tuple[str, bytes]]] = {}
        for name, answer in answers.items():
            uploads = [one for one in answer if isinstance(one, Upload)]
            if uploads:
                files[name] = [(one.name, one.content) for one in uploads]
            elif answer:
                values[name] = answer if isinstance(answer, str) else list(answer)
        outcome = await self._done(self.sight.human(person).submit(values, files=files))
        return form.named(outcome.field_errors) if form else {}

    async def close_form(self, person: str) -> None:
        await _possible(self.sight.human(person).close_modal())
        self.sight.playground.backend.changes.note()

    async def misbehave(self, fault: Fault) -> None:
        await _possible(self.sight.playground.control.misbehave(fault))

    async def behave(self) -> None:
        await self.sight.playground.control.behave()

    async def _done(self, act: Awaitable[Outcome]) -> Outcome:
        outcome = await _possible(act)
        if outcome.error and not outcome.field_errors:
            raise NotPossible(outcome.error)
        return outcome

    def _people(self) -> Sequence[Option]:
        users = (self.sight.world.users[one.user_id] for one in self.sight.world.members_of(self.sight.guild))
        return [Option(one.global_name or one.username, one.username) for one in users]

    def _channels(self) -> Sequence[Option]:
        return [Option(f"#{one.name}", one.name) for one in self.sight.world.channels_of(self.sight.guild)]


async def _possible(act: Awaitable[_Result]) -> _Result:
    try:
        return await act
    except (Refused, TimeoutError) as refused:
        raise NotPossible(str(refused)) from refused
