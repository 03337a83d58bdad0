"""A Slack workspace as the page uses it: what people do there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chatdesk_playground.faults import Fault
from chatdesk_playground.page.model import (
    APP,
    HOME,
    Answers,
    NotPossible,
    Option,
    Spot,
    Suggestion,
    Written,
)
from chatdesk_playground.page.slack_sight import SlackSight
from chatdesk_playground.slack.remote import PlaygroundError
from chatdesk_playground.slack.sights import Outcome
from chatdesk_playground.slack.wire import JsonValue, child, children, text

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class SlackHands:
    """What people do there, through the hands of the playground."""

    sight: SlackSight

    async def enter(self, person: str, spot: Spot) -> Spot:
        human = self.sight.human(person)
        if spot.channel == HOME:
            await _possible(human.open_home())
        if spot.channel == APP:
            return Spot(await _possible(human.dm_with_bot()))
        return spot

    async def post(self, person: str, spot: Spot, written: Written) -> None:
        files = [(one.name, one.content) for one in written.files]
        thread = spot.thread or None
        await _possible(
            self.sight.human(person).post(spot.channel, written.text, thread_ts=thread, files=files)
        )

    async def edit(self, person: str, spot: Spot, message: str, text: str) -> None:
        await _possible(self.sight.human(person).edit(spot.channel, message, text))

    async def delete(self, person: str, spot: Spot, message: str) -> None:
        channel = self.sight.workspace.channels[spot.channel]
        if message in channel.ephemerals:
            del channel.ephemerals[message]
            self.sight.playground.site.world.touch()
            return
        await _possible(self.sight.human(person).delete(spot.channel, message))

    async def react(self, person: str, spot: Spot, message: str, name: str, add: bool) -> None:
        human = self.sight.human(person)
        act = human.react if add else human.unreact
        await _possible(act(spot.channel, message, name))

    async def start_thread(self, person: str, spot: Spot, message: str, name: str) -> Spot:
        return Spot(spot.channel, message)

    async def use(self, person: str, spot: Spot, message: str, entry: str) -> None:
        await self._done(self.sight.human(person).message_shortcut(entry, spot.channel, message))

    async def use_shortcut(self, person: str, entry: str) -> None:
        await self._done(self.sight.human(person).global_shortcut(entry))

    async def press(self, person: str, spot: Spot, message: str, name: str) -> None:
        human = self.sight.human(person)
        if spot.channel == HOME:
            await self._on_control(name, human.home_click)
        else:
            await self._on_control(name, lambda known: human.click(spot.channel, message, known))

    async def choose(self, person: str, spot: Spot, message: str, name: str, value: str) -> None:
        human = self.sight.human(person)
        if spot.channel == HOME:
            await self._on_control(name, lambda known: human.home_choose(known, value))
        else:
            await self._on_control(name, lambda known: human.choose(spot.channel, message, known, value))

    async def _on_control(self, name: str, act: Callable[[str], Awaitable[Outcome]]) -> None:
        """Blocks get other ids when a message is updated, as it may be just now; actions keep theirs."""
        try:
            outcome = await act(name)
        except PlaygroundError:
            outcome = await _possible(act(name.partition("/")[2]))
        if outcome.error:
            raise NotPossible(outcome.error)

    async def complete(self, person: str, spot: Spot, typed: str) -> Sequence[Suggestion]:
        word, _, rest = typed.partition(" ")
        commands = children(child(self.sight.manifest, "features"), "slash_commands")
        return [
            Suggestion(
                f"{text(one, 'command')} {rest}",
                f"{text(one, 'command')} {text(one, 'usage_hint')}".strip(),
                text(one, "description"),
            )
            for one in commands
            if text(one, "command").startswith(word) and not rest
        ]

    async def command(self, person: str, spot: Spot, typed: str) -> None:
        command, _, words = typed.partition(" ")
        thread = spot.thread or None
        await self._done(
            self.sight.human(person).slash(spot.channel, command, words.strip(), thread_ts=thread)
        )

    async def look_up(self, person: str, field: str, typed: str) -> Sequence[Option]:
        found = await _possible(self.sight.human(person).suggestions(field, typed))
        return [Option(one, one) for one in found]

    async def change(self, person: str, field: str, value: str) -> None:
        human = self.sight.human(person)
        await self._done(human.modal_choose(field, value) if value else human.modal_click(field))

    async def submit(self, person: str, answers: Answers) -> Mapping[str, str]:
        form = self.sight.form(person)
        values: dict[str, JsonValue] = {}
        for name, answer in answers.items():
            values[name] = (
                answer if isinstance(answer, str) else [one for one in answer if isinstance(one, str)]
            )
        outcome = await self._done(self.sight.human(person).submit(values))
        return form.named(outcome.field_errors) if form else {}

    async def close_form(self, person: str) -> None:
        await _possible(self.sight.human(person).close_modal())

    async def misbehave(self, fault: Fault) -> None:
        await _possible(self.sight.playground.control.misbehave(fault))

    async def behave(self) -> None:
        await self.sight.playground.control.behave()

    async def _done(self, act: Awaitable[Outcome]) -> Outcome:
        outcome = await _possible(act)
        if outcome.error:
            raise NotPossible(outcome.error)
        return outcome


async def _possible(act: Awaitable[_Result]) -> _Result:
    try:
        return await act
    except (PlaygroundError, TimeoutError) as refused:
        raise NotPossible(str(refused)) from refused
