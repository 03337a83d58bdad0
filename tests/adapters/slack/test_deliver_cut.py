"""Whichever request of a delivery is carried out and not answered: the next try leaves one copy, not two."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from chatdesk.contract.outbound import (
    Outbound,
    OutgoingFile,
)
from chatdesk.contract.ports import DeliveryFailed, Receipt
from chatdesk.contract.vocabulary import IdentityId, Place
from chatdesk_playground.faults import Fault, FaultKind
from tests.adapters.cutting import (
    EVERYTHING,
    Prepare,
    a_direct_message,
    a_post_with_files,
    a_private_thread,
)
from tests.adapters.slack.conftest import Workspace


@dataclass(frozen=True, slots=True)
class Scene:
    """A channel of its own for one delivery."""

    workspace: Workspace
    channel: str
    folder: Path

    @property
    def place(self) -> Place:
        return self.workspace.place(self.channel)

    @property
    def reader(self) -> IdentityId:
        return IdentityId(self.place.platform, self.workspace.ben.id)

    def file(self, name: str) -> OutgoingFile:
        path = self.folder / name
        path.write_bytes(b"data of " + name.encode())
        return OutgoingFile(f"id-{name}", name, path.stat().st_size, "text/plain", path)

    async def done(self, effect: Outbound) -> Receipt:
        return await self.workspace.deliver(effect, self.channel)

    async def screen(self) -> list[object]:
        """All that people see there, in threads too, without what differs each time."""
        ben = self.workspace.ben
        seen: list[object] = []
        for message in await ben.messages(self.channel):
            thread = await ben.messages(self.channel, thread_ts=message.ts) if message.reply_count else []
            for one in [message, *thread[1:]]:
                files = [file.name for file in one.files]
                seen.append((one.author, one.shown, files, sorted(one.reactions), one.thread_ts is not None))
        direct = await ben.messages(await ben.dm_with_bot())
        return [*seen, *((one.author, one.shown) for one in direct)]


@pytest.mark.parametrize("prepare", EVERYTHING, ids=lambda prepare: prepare.__name__)
async def test_one_copy_whichever_request_is_not_answered(
    workspace: Workspace, tmp_path: Path, prepare: Prepare
) -> None:
    control = workspace.slack.control
    expected: list[object] = []
    for number in count():
        scene = await new_scene(workspace, tmp_path, number)
        effect = await prepare(scene)
        before = await scene.screen() if prepare is a_direct_message or prepare is a_private_thread else []
        await control.wait_until_quiet()
        if number:  # the first time all goes well
            await control.misbehave(Fault(FaultKind.CUT_AFTER, "*.*", skip=number - 1))
        receipt, was_cut = await until_done(workspace, effect, scene)
        await control.behave()
        screen = (await scene.screen())[len(before) :]
        if number == 0:
            expected = screen
        assert screen == expected, f"the answer to request {number} was lost"
        assert len(receipt.copies) == len({copy.ref.id for copy in receipt.copies})
        if number and not was_cut:
            assert number > 1
            return


async def new_scene(workspace: Workspace, folder: Path, number: int) -> Scene:
    people = [workspace.ana.id, workspace.ben.id]
    channel = await workspace.slack.control.create_channel(
        workspace.app.team_id, f"scene{number}", members=people, private=False, bot=True
    )
    return Scene(workspace, channel, folder)


async def until_done(workspace: Workspace, effect: Outbound, scene: Scene) -> tuple[Receipt, bool]:
    """As the courier does it: again, as uncertain, with the steps that were recorded."""
    attempt, was_cut = workspace.attempt(), False
    for _ in range(4):
        try:
            return await workspace.adapter.deliver(effect, scene.place, attempt), was_cut
        except DeliveryFailed as failure:
            assert failure.permanent is None
            assert failure.uncertain
            was_cut = True
            attempt = workspace.again()
    raise AssertionError("never delivered")


async def test_a_file_whose_bytes_arrived_unanswered_is_shared_once(
    workspace: Workspace, tmp_path: Path
) -> None:
    scene = await new_scene(workspace, tmp_path, 1)
    effect = await a_post_with_files(scene)
    await workspace.slack.control.misbehave(Fault(FaultKind.CUT_AFTER, "upload"))
    _, was_cut = await until_done(workspace, effect, scene)
    assert was_cut
    messages = await workspace.ben.messages(scene.channel)
    assert [file.name for message in messages for file in message.files] == ["a.txt", "b.txt"]


async def test_a_file_that_was_uploaded_and_not_shared_yet_is_shared(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Slack does not know of a file that is not completed: it was not deleted by anybody."""
    scene = await new_scene(workspace, tmp_path, 0)
    effect = await a_post_with_files(scene)
    await workspace.slack.control.misbehave(Fault(FaultKind.CUT_BEFORE, "files.completeUploadExternal"))
    receipt, was_cut = await until_done(workspace, effect, scene)
    assert was_cut
    assert len(receipt.copies) == 3
    files = [name for seen in await scene.screen() if isinstance(seen, tuple) for name in seen[2]]
    assert files == ["a.txt", "b.txt"]
