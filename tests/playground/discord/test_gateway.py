"""The gateway: logging in, intents, resuming, reconnecting, shards, and what bots are told."""

from __future__ import annotations

import asyncio
import json
import zlib

import aiohttp
import discord as sdk
import pytest

from chatdesk_playground.discord import DiscordPlayground
from tests.playground.discord.bots import Bot, all_intents, online
from tests.playground.discord.conftest import Scene


async def test_a_wrong_or_revoked_token_is_refused(scene: Scene) -> None:
    for token in ("nonsense", await _revoked(scene)):
        bot = Bot()
        with pytest.raises(sdk.LoginFailure):
            await bot.login(token)
        await bot.close()


async def _revoked(scene: Scene) -> str:
    await scene.discord.control.revoke_token(scene.application)
    return scene.token


@pytest.mark.parametrize("intent", ["message_content", "members"])
async def test_privileged_intents_must_be_switched_on(scene: Scene, intent: str) -> None:
    await scene.discord.control.switch_intents(scene.application, **{intent: False})
    bot = Bot()
    with pytest.raises(sdk.PrivilegedIntentsRequired):
        async with online(bot, scene.token):
            pass


async def test_without_the_content_intent_messages_are_empty_but_for_exceptions(scene: Scene) -> None:
    intents = sdk.Intents.default()
    bot = Bot(intents)
    async with online(bot, scene.token):
        await scene.cleo.post(scene.general, "nothing to see", files=[("a.txt", b"a")])
        await scene.cleo.post(scene.general, "look @chatdesk")
        await scene.discord.control.wait_until_quiet()
        assert [(message.content, len(message.attachments)) for message in bot.heard] == [
            ("", 0),
            (f"look <@{scene.application}>", 0),
        ]


async def test_only_intended_events_come(scene: Scene) -> None:
    intents = sdk.Intents(guilds=True)
    bot = Bot(intents)
    async with online(bot, scene.token):
        message = await scene.cleo.post(scene.general, "hello")
        await scene.cleo.react(scene.general, message.id, "👀")
        await scene.discord.control.create_user("bert", guild_ids=[scene.guild])
        await scene.discord.control.create_channel(scene.guild, "new")
        await scene.discord.control.wait_until_quiet()
    assert [name for name in bot.told if name not in ("READY", "GUILD_CREATE")] == ["CHANNEL_CREATE"]


async def test_after_a_drop_the_session_resumes_and_nothing_is_lost(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.discord.control.drop_gateway()
        await scene.cleo.post(scene.general, "while you were away")
        await bot.until(lambda: "resumed" in bot.told)
        await scene.cleo.post(scene.general, "and now")
        await scene.discord.control.wait_until_quiet()
        assert [message.content for message in bot.heard] == ["while you were away", "and now"]
        assert bot.told.count("READY") == 1


async def test_a_server_asks_for_reconnecting(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.discord.control.reconnect_gateway()
        await bot.until(lambda: "resumed" in bot.told)


async def test_an_invalid_session_starts_anew(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.discord.control.invalidate_sessions()
        await bot.until(lambda: bot.told.count("GUILD_CREATE") == 2)
        await scene.discord.control.wait_connected(scene.application)
        await scene.cleo.post(scene.general, "again")
        await scene.discord.control.wait_until_quiet()
        assert [message.content for message in bot.heard] == ["again"]


async def test_an_invalid_session_may_be_resumable(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.discord.control.invalidate_sessions(resumable=True)
        await bot.until(lambda: "resumed" in bot.told)
        assert bot.told.count("READY") == 1


async def test_a_session_that_is_gone_cannot_be_resumed(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.discord.control.drop_gateway(resumable=False)
        await bot.until(lambda: bot.told.count("READY") == 2)


async def test_shards_share_the_servers(scene: Scene) -> None:
    await scene.discord.control.create_guild("second", scene.application)
    bot = sdk.AutoShardedClient(shard_count=2, intents=all_intents(), guild_ready_timeout=0.02)
    heard: list[str] = []

    @bot.event
    async def on_message(message: sdk.Message) -> None:
        heard.append(message.content)

    # AutoShardedClient waits five seconds between two shards unless it is told otherwise.
    bot._connection.shard_ids = [0, 1]
    async with online(bot, scene.token):
        await asyncio.wait_for(bot.wait_until_ready(), 20)
        assert len(bot.guilds) == 2
        await scene.cleo.post(scene.general, "hello")
        await scene.discord.control.wait_until_quiet()
    assert heard == ["hello"]


async def test_a_bot_hears_that_it_joins_and_leaves_a_server(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        second = await scene.discord.control.create_guild("second", scene.application)
        await scene.discord.control.wait_until_quiet()
        assert bot.get_guild(int(second.id)) is not None
        await scene.discord.control.leave_guild(second.id, scene.application)
        await scene.discord.control.wait_until_quiet()
        assert bot.get_guild(int(second.id)) is None


@pytest.mark.parametrize(
    ("identify", "code"),
    [
        ({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}}, 4004),
        ({"op": 2, "d": {"intents": 1 << 40, "properties": {}}}, 4013),
        ({"op": 2, "d": {"intents": 1, "shard": [3, 2], "properties": {}}}, 4010),
        ({"op": 8, "d": {}}, 4003),
        ({"op": 99, "d": {}}, 4003),
        ("no json", 4002),
    ],
)
async def test_close_codes(scene: Scene, identify: object, code: int) -> None:
    if isinstance(identify, dict) and isinstance(identify["d"], dict) and identify["op"] == 2:
        identify = identify | {"d": {"token": scene.token} | identify["d"]}
    text = identify if isinstance(identify, str) else json.dumps(identify)
    async with aiohttp.ClientSession() as session, session.ws_connect(scene.discord.gateway_url) as socket:
        hello = json.loads((await socket.receive()).data)
        assert hello["op"] == 10
        await socket.send_str(text)
        closed = await socket.receive()
        assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, code)


async def test_frames_are_one_zlib_stream(discord: DiscordPlayground) -> None:
    application = await discord.control.create_application("raw")
    inflate = zlib.decompressobj()
    async with aiohttp.ClientSession() as session:
        address = discord.gateway_url + "?v=10&encoding=json&compress=zlib-stream"
        async with session.ws_connect(address) as socket:
            hello = await socket.receive()
            assert hello.data.endswith(b"\x00\x00\xff\xff")
            assert json.loads(inflate.decompress(hello.data))["op"] == 10
            identify = {"token": application.token, "intents": 1, "properties": {}}
            await socket.send_json({"op": 2, "d": identify})
            ready = json.loads(inflate.decompress((await socket.receive()).data))
            assert (ready["t"], ready["s"]) == ("READY", 1)
            assert ready["d"]["user"]["username"] == "raw"


async def test_large_payloads_are_compressed_one_by_one_where_identify_asks_for_it(
    discord: DiscordPlayground,
) -> None:
    application = await discord.control.create_application("raw")
    await discord.control.create_guild("acme", application.id)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(discord.gateway_url + "?v=10&encoding=json") as socket,
    ):
        assert (await socket.receive_json())["op"] == 10
        identify = {"token": application.token, "intents": 1, "properties": {}, "compress": True}
        await socket.send_json({"op": 2, "d": identify})
        assert (await socket.receive_json())["t"] == "READY"
        packed = await socket.receive()
        assert packed.type is aiohttp.WSMsgType.BINARY
        assert json.loads(zlib.decompress(packed.data))["t"] == "GUILD_CREATE"
        await socket.send_json({"op": 1, "d": 2})
        assert (await socket.receive_json())["op"] == 11


async def test_a_client_that_reads_slowly_is_asked_again_how_far_it_has_got(
    discord: DiscordPlayground,
) -> None:
    application = await discord.control.create_application("raw")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(discord.gateway_url + "?v=10&encoding=json") as socket,
    ):
        await socket.send_json({"op": 2, "d": {"token": application.token, "intents": 1, "properties": {}}})
        assert [(await socket.receive_json())["op"] for _ in ("hello", "ready")] == [10, 0]
        quiet = asyncio.create_task(discord.control.wait_until_quiet())
        for number in (0, 1):
            assert (await socket.receive_json())["op"] == 1
            await socket.send_json({"op": 1, "d": number})
            assert (await socket.receive_json())["op"] == 11
        await quiet
