"""What ``chatdesk doctor`` says about Discord."""

from __future__ import annotations

from pydantic import SecretStr

from adapters.discord import package
from chatdesk.contract.ports import Check
from tests.adapters.discord.conftest import SystemClock, World, connected, new_world

_WITHOUT_WEBHOOKS = 0x7FFFFFFFFFFFFFF & ~(1 << 29) & ~(1 << 3)


async def examined(world: World, live: bool = False, scratch: str | None = None) -> dict[str, Check]:
    return {check.subject: check async for check in world.adapter.check(live, scratch)}


async def test_all_is_well() -> None:
    async with new_world() as world:
        async with connected(world.adapter, world.desk):
            pass
        checks = await examined(world, live=True, scratch=world.general)
        assert [check for check in checks.values() if not check.ok] == []
        assert not any("shard" in subject for subject in checks)
        assert "Discord: posting under another name in #general" in checks
        assert await world.ana.messages(world.general) == []


async def test_what_is_missing_is_named() -> None:
    async with new_world() as world:
        control = world.discord.control
        await control.switch_intents(world.application, message_content=False)
        await control.set_permissions(world.guild, world.application, _WITHOUT_WEBHOOKS)
        checks = await examined(world)
        assert not checks["Discord: Message Content Intent"].ok
        assert checks["Discord: Server Members Intent"].ok
        assert not checks["Discord: commands"].ok
        assert checks["Discord: permissions in Acme"].advice == "give the bot's role: Manage Webhooks"


async def test_a_wrong_token_and_a_wrong_channel() -> None:
    async with new_world() as world:
        settings = world.settings.model_copy(update={"token": SecretStr("wrong")})
        (check,) = [check async for check in package.build(settings, SystemClock()).check(False, None)]
        assert not check.ok
        assert "token" in check.advice
        assert not (await examined(world, live=True, scratch="nonsense"))["Discord: scratch channel"].ok
        missing = await examined(world, live=True, scratch="12345")
        assert not missing["Discord: scratch channel"].ok


async def test_shards_are_named() -> None:
    async with new_world() as world:
        settings = world.settings.model_copy(update={"shards": 2})
        adapter = package.build(settings, SystemClock())
        assert "Discord: 2 shards (0, 1)" in [check.subject async for check in adapter.check(False, None)]
