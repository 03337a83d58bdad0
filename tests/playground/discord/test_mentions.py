"""What people type becomes mentions, and who is pinged by what is written."""

from __future__ import annotations

import pytest

from tests.playground.discord.conftest import Scene


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("hello @Ana", "hello <@ana>"),
        ("hello @ana, how are you", "hello <@ana>, how are you"),
        ("@agents please", "<@&agents> please"),
        ("@everyone", "@everyone"),
        ("@anabel is somebody else", "@anabel is somebody else"),
        ("mail ana@example.org", "mail ana@example.org"),
        ("`@Ana` in code", "`@Ana` in code"),
        ("```\n@Ana\n``` and @Ana", "```\n@Ana\n``` and <@ana>"),
    ],
)
async def test_typed_names(scene: Scene, typed: str, written: str) -> None:
    role = await scene.discord.control.create_role(scene.guild, "agents", mentionable=True)
    message = await scene.cleo.post(scene.general, typed)
    assert message.content == written.replace("<@ana>", scene.ana.mention).replace("&agents", f"&{role}")


async def test_a_person_who_does_not_see_the_channel_is_not_pinged(scene: Scene) -> None:
    hidden = await scene.discord.control.create_channel(scene.guild, "hidden", private_to=[scene.ana.id])
    assert (await scene.ana.post(hidden, "@Cleo @Ana")).pinged == (scene.ana.id,)


async def test_a_role_that_is_not_mentionable_pings_those_who_may_alone(scene: Scene) -> None:
    control = scene.discord.control
    role = await control.create_role(scene.guild, "quiet", members=[scene.ana.id])
    await control.set_overwrite(scene.general, scene.guild, deny=1 << 17)
    assert (await scene.cleo.post(scene.general, f"<@&{role}> @everyone")).pinged == ()
    assert (await scene.owner.post(scene.general, f"<@&{role}> @everyone")).pinged == (
        scene.ana.id,
        "everyone",
    )
