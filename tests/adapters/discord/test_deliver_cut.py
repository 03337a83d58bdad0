"""Whichever request of a delivery is carried out and not answered: the next try leaves one copy, not two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

from chatdesk.contract.outbound import (
    Outbound,
    OutgoingFile,
    PostLine,
    Whisper,
)
from chatdesk.contract.ports import DeliveryFailed, Receipt
from chatdesk.contract.vocabulary import IdentityId, Place
from chatdesk_playground.discord.sights import SeenMessage
from chatdesk_playground.faults import Fault, FaultKind
from tests.adapters.cutting import EVERYTHING, POSTS, Prepare
from tests.adapters.discord.conftest import World

_MANAGE_WEBHOOKS = 1 << 29
_THREAD_MADE = 18


@dataclass(frozen=True, slots=True)
class Scene:
    """A channel of its own for one delivery."""

    world: World
    channel: str
    folder: Path

    @property
    def place(self) -> Place:
        return self.world.place(self.channel)

    @property
    def reader(self) -> IdentityId:
        return IdentityId(self.place.platform, self.world.cleo.id)

    def file(self, name: str) -> OutgoingFile:
        path = self.folder / name
        path.write_bytes(b"data of " + name.encode())
        return OutgoingFile(f"{len(name)}{ord(name[0])}", name, path.stat().st_size, "text/plain", path)

    async def done(self, effect: Outbound) -> Receipt:
        return await self.world.deliver(effect, self.channel)

    async def screen(self) -> list[object]:
        """All that people see there, in threads too, without what differs each time."""
        cleo = self.world.cleo
        threads = await cleo.threads(self.channel)
        places = [self.channel, *(thread.id for thread in threads)]
        seen: list[object] = [thread.name for thread in threads]
        for number, place in enumerate(places):
            seen += [(number, *_looks(one)) for one in await cleo.messages(place) if one.type != _THREAD_MADE]
        return [*seen, *await self.direct()]

    async def direct(self) -> list[object]:
        return [_looks(one) for one in await self.world.cleo.messages(await self.world.cleo.dm_with_bot())]


def _looks(message: SeenMessage) -> tuple[object, ...]:
    files = [file.name for file in message.attachments]
    reactions = [reaction.emoji for reaction in message.reactions]
    titles = [str(embed.get("title")) for embed in message.embeds]
    return (message.author, message.content, files, reactions, titles)


@pytest.mark.parametrize(
    ("prepare", "webhooks"),
    [
        *(pytest.param(prepare, True, id=prepare.__name__) for prepare in EVERYTHING),
        *(pytest.param(prepare, False, id=f"{prepare.__name__}-by-the-bot") for prepare in POSTS),
    ],
)
async def test_one_copy_whichever_request_is_not_answered(
    world: World, tmp_path: Path, prepare: Prepare, webhooks: bool
) -> None:
    control = world.discord.control
    expected: list[object] = []
    for number in count():
        scene = await new_scene(world, tmp_path, number, webhooks)
        effect = await prepare(scene)
        before = await scene.direct()
        struck = await control.wait_struck(0)
        if number:  # the first time all goes well
            await control.misbehave(Fault(FaultKind.CUT_AFTER, "[PD]* /*", skip=number - 1))
        receipt = await until_done(scene, effect)
        await control.behave()
        screen = await scene.screen()
        screen = screen[: len(screen) - len(before)] if screen[-len(before) :] == before else screen
        if number == 0:
            expected = screen
        assert screen == expected, f"the answer to request {number} was lost"
        assert len(receipt.copies) == len({copy.ref.id for copy in receipt.copies})
        if number and await control.wait_struck(0) == struck:
            assert number > 1
            return


async def new_scene(world: World, folder: Path, number: int, webhooks: bool) -> Scene:
    channel = await world.discord.control.create_channel(world.guild, f"scene{number}")
    if not webhooks:
        await world.discord.control.set_overwrite(channel, world.application, deny=_MANAGE_WEBHOOKS)
    return Scene(world, channel, folder)


async def until_done(scene: Scene, effect: Outbound) -> Receipt:
    """As the courier does it: again, as uncertain, with the steps that were recorded."""
    steps: dict[str, str] = {}

    async def record(name: str, value: str) -> None:
        steps[name] = value

    attempt = scene.world.attempt(record=record)
    for _ in range(4):
        try:
            return await scene.world.adapter.deliver(effect, scene.place, attempt)
        except DeliveryFailed as failure:
            assert failure.permanent is None
            assert failure.uncertain
            attempt = replace(attempt, uncertain=True, done=dict(steps))
    raise AssertionError("never delivered")


async def test_another_message_with_the_same_words_is_not_taken_for_the_lost_one(
    world: World, tmp_path: Path
) -> None:
    """Different lanes may say the same in one place at the same time."""
    scene = await new_scene(world, tmp_path, 0, webhooks=True)
    await world.discord.control.misbehave(Fault(FaultKind.CUT_BEFORE, "POST /*"))
    lost = world.attempt()
    with pytest.raises(DeliveryFailed):
        await world.adapter.deliver(PostLine("same"), scene.place, lost)
    other = await scene.done(PostLine("same"))
    receipt = await world.adapter.deliver(PostLine("same"), scene.place, replace(lost, uncertain=True))
    assert receipt.copies != other.copies
    assert [one.content for one in await world.cleo.messages(scene.channel)] == ["same", "same"]


async def test_a_whisper_among_staff_is_said_once(world: World, tmp_path: Path) -> None:
    scene = await new_scene(world, tmp_path, 0, webhooks=True)
    await world.cleo.set_dms(False)
    await world.discord.control.misbehave(
        Fault(FaultKind.CUT_AFTER, f"POST /channels/{scene.channel}/messages")
    )
    await until_done(scene, Whisper(scene.reader, "Who is it for?", internal=True))
    assert [one.content for one in await world.cleo.messages(scene.channel)] == ["Who is it for?"]
