"""Profiles, files and what the doctor says."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from adapters.slack.adapter import SlackAdapter
from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.ports import Check, DeliveryFailed
from chatdesk.contract.vocabulary import FileRef, IdentityId, Platform
from tests.adapters.slack.conftest import Workspace
from tests.adapters.slack.desk import SystemClock


async def checks(adapter: SlackAdapter, *, live: bool = False, scratch: str | None = None) -> list[Check]:
    return [check async for check in adapter.check(live, scratch)]


async def test_a_profile_is_remembered_until_it_changes(workspace: Workspace) -> None:
    ana = IdentityId(Platform("slack"), workspace.ana.id)
    profile = await workspace.adapter.profile(workspace.installation, ana)
    assert (profile.name, profile.handle) == ("Ana", "ana")
    assert profile.avatar_url
    asked = [request for request in workspace.slack.requests if request.method == "users.info"]
    await workspace.adapter.profile(workspace.installation, ana)
    assert [request for request in workspace.slack.requests if request.method == "users.info"] == asked
    await workspace.slack.control.change_user(workspace.app.team_id, workspace.ana.id, display_name="Anna")
    await workspace.slack.control.wait_until_quiet()
    assert (await workspace.adapter.profile(workspace.installation, ana)).name == "Anna"


async def test_a_bot_has_a_profile_too(workspace: Workspace) -> None:
    bot = IdentityId(Platform("slack"), workspace.app.bot_id)
    assert (await workspace.adapter.profile(workspace.installation, bot)).name == "chatdesk"


async def test_somebody_unknown(workspace: Workspace) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        await workspace.adapter.profile(workspace.installation, IdentityId(Platform("slack"), "U404"))
    assert failed.value.permanent == "Slack does not know this person any more"


async def test_a_file_is_streamed(workspace: Workspace) -> None:
    data = bytes(range(256)) * 1000
    await workspace.ana.post(workspace.support, "look", files=[("a.bin", data)])
    posted = await workspace.desk.wait_for(MessagePosted)
    (file,) = posted.files
    assert (file.name, file.size) == ("a.bin", len(data))
    assert b"".join([chunk async for chunk in workspace.adapter.open_file(file)]) == data


async def test_a_file_that_is_gone(workspace: Workspace) -> None:
    said = await workspace.ana.post(workspace.support, "look", files=[("a.bin", b"abc")])
    posted = await workspace.desk.wait_for(MessagePosted)
    await workspace.ana.delete_file(said.files[0].id)
    for ref in (posted.files[0], FileRef(workspace.installation, "F404", "x", 1)):
        with pytest.raises(DeliveryFailed) as failed:
            [chunk async for chunk in workspace.adapter.open_file(ref)]
        assert failed.value.permanent == "the file was deleted on Slack"


async def test_the_doctor_finds_all_well(idle: Workspace) -> None:
    found = await checks(idle.adapter, live=True, scratch="#support")
    assert [check for check in found if not check.ok] == []
    assert "live: upload a file" in [check.subject for check in found]
    assert await idle.ana.messages(idle.support) == []


async def test_the_doctor_names_missing_scopes(idle: Workspace) -> None:
    await idle.slack.control.set_scopes(idle.app.team_id, ["chat:write", "channels:read"])
    found = {check.subject: check for check in await checks(idle.adapter)}
    assert not found["scopes"].ok and "chat:write.customize" in found["scopes"].advice


async def test_the_doctor_says_which_token_is_wrong(idle: Workspace) -> None:
    for name, variable in (
        ("bot_token", "CHATDESK_SLACK__BOT_TOKEN"),
        ("app_token", "CHATDESK_SLACK__APP_TOKEN"),
    ):
        settings = idle.settings.model_copy(update={name: SecretStr("xoxb-wrong")})
        wrong = [check for check in await checks(SlackAdapter(settings, SystemClock())) if not check.ok]
        assert len(wrong) == 1 and variable in wrong[0].advice
        assert "xoxb-wrong" not in repr(wrong)


async def test_the_doctor_needs_a_scratch_channel_that_the_bot_is_in(idle: Workspace) -> None:
    for scratch in (None, "#nowhere"):
        wrong = [check for check in await checks(idle.adapter, live=True, scratch=scratch) if not check.ok]
        assert len(wrong) == 1 and wrong[0].advice
