"""Messages between a bot on discord.py and people: posting, editing, deleting, reacting, files, history."""

from __future__ import annotations

import io

import discord as sdk
import pytest

from chatdesk_playground.discord import Refused
from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.discord.conftest import Scene


async def test_a_bot_hears_a_person_and_answers(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        asked = await scene.cleo.post(scene.general, "My invoice is wrong, @Ana")
        await scene.discord.control.wait_until_quiet()
        heard = bot.heard[-1]
        assert (heard.content, heard.author.display_name) == (
            f"My invoice is wrong, {scene.ana.mention}",
            "Cleo",
        )
        await heard.reply("On it")
    answer = await scene.cleo.wait_for(scene.general, lambda message: message.content == "On it")
    assert (answer.author, answer.bot, answer.reply_to) == ("chatdesk", True, asked.id)
    assert asked.pinged == (scene.ana.id,)
    assert answer.pinged == (scene.cleo.id,)


async def test_edits_and_deletions_reach_both_sides(scene: Scene) -> None:
    bot = Bot()
    edits: list[str] = []
    deletions: list[int] = []

    @bot.event
    async def on_raw_message_edit(event: sdk.RawMessageUpdateEvent) -> None:
        edits.append(event.message.content)

    @bot.event
    async def on_raw_message_delete(event: sdk.RawMessageDeleteEvent) -> None:
        deletions.append(event.message_id)

    async with online(bot, scene.token):
        message = await scene.cleo.post(scene.general, "helo")
        await scene.cleo.edit(scene.general, message.id, "hello")
        await scene.cleo.delete(scene.general, message.id)
        sent = await text_channel(bot, scene.general).send("one")
        await sent.edit(content="two")
        assert [(seen.content, seen.edited) for seen in await scene.cleo.messages(scene.general)] == [
            ("two", True)
        ]
        await sent.delete()
        await scene.discord.control.wait_until_quiet()
    assert edits == ["hello", "two"]
    assert deletions == [int(message.id), sent.id]
    assert await scene.cleo.messages(scene.general) == []


async def test_reactions_of_people_and_of_the_bot(scene: Scene) -> None:
    bot = Bot()
    seen: list[tuple[str, str, int]] = []

    @bot.event
    async def on_raw_reaction_add(event: sdk.RawReactionActionEvent) -> None:
        seen.append(("add", str(event.emoji), event.user_id))

    @bot.event
    async def on_raw_reaction_remove(event: sdk.RawReactionActionEvent) -> None:
        seen.append(("remove", str(event.emoji), event.user_id))

    @bot.event
    async def on_raw_reaction_clear(event: sdk.RawReactionClearEvent) -> None:
        seen.append(("clear", "", 0))

    async with online(bot, scene.token):
        message = await scene.cleo.post(scene.general, "done?")
        await scene.cleo.react(scene.general, message.id, "👀")
        await scene.cleo.unreact(scene.general, message.id, "👀")
        fetched = await text_channel(bot, scene.general).fetch_message(int(message.id))
        await fetched.add_reaction("✅")
        await scene.ana.react(scene.general, message.id, "✅")
        (shown,) = await scene.cleo.messages(scene.general)
        assert [(reaction.emoji, reaction.count) for reaction in shown.reactions] == [("✅", 2)]
        users = [user.name async for user in (await fetched.fetch()).reactions[0].users()]
        assert sorted(users) == ["ana", "chatdesk"]
        await fetched.remove_reaction("✅", sdk.Object(int(scene.ana.id)))
        await fetched.clear_reactions()
        await scene.discord.control.wait_until_quiet()
    cleo, ana = int(scene.cleo.id), int(scene.ana.id)
    assert seen == [
        ("add", "👀", cleo),
        ("remove", "👀", cleo),
        ("add", "✅", int(scene.application)),
        ("add", "✅", ana),
        ("remove", "✅", ana),
        ("clear", "", 0),
    ]


async def test_files_go_both_ways_and_their_addresses_expire(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        await scene.cleo.post(scene.general, files=[("log.txt", b"line one"), ("shot.png", b"\x89PNG")])
        await scene.discord.control.wait_until_quiet()
        attachments = bot.heard[-1].attachments
        assert [(item.filename, item.size) for item in attachments] == [("log.txt", 8), ("shot.png", 4)]
        assert await attachments[0].read() == b"line one"
        await text_channel(bot, scene.general).send(
            "see", file=sdk.File(io.BytesIO(b"\x00\x01"), "dump.bin", description="a dump")
        )
    answer = (await scene.cleo.messages(scene.general))[-1]
    assert await scene.cleo.download(answer.attachments[0]) == b"\x00\x01"
    await scene.discord.control.advance_clock(25 * 3600)
    with pytest.raises(Refused):
        await scene.cleo.download(answer.attachments[0])


async def test_an_edit_keeps_the_attachments_it_names(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        files = [sdk.File(io.BytesIO(name.encode()), name) for name in ("a.txt", "b.txt")]
        sent = await text_channel(bot, scene.general).send("files", files=files)
        edited = await sent.edit(attachments=[sent.attachments[1], sdk.File(io.BytesIO(b"c"), "c.txt")])
        assert [item.filename for item in edited.attachments] == ["b.txt", "c.txt"]


async def test_history_before_after_around(scene: Scene) -> None:
    bot = Bot()
    for number in range(10):
        await scene.cleo.post(scene.general, str(number))
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        everything = [message async for message in channel.history(limit=None, oldest_first=True)]
        assert [message.content for message in everything] == [str(number) for number in range(10)]
        older = [message.content async for message in channel.history(before=everything[3])]
        newer = [message.content async for message in channel.history(after=everything[7])]
        around = [message.content async for message in channel.history(around=everything[5], limit=3)]
        assert older == ["2", "1", "0"]
        assert newer == ["8", "9"]
        assert sorted(around) == ["4", "5", "6"]


async def test_the_same_nonce_gives_the_first_message_again(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        first = await channel.send("once", nonce="delivery-1")
        again = await channel.send("once", nonce="delivery-1")
        assert first.id == again.id
        await scene.discord.control.advance_clock(600)
        assert (await channel.send("once", nonce="delivery-1")).id != first.id
    assert len(await scene.cleo.messages(scene.general)) == 2


async def test_only_what_is_allowed_pings(scene: Scene) -> None:
    control = scene.discord.control
    agents = await control.create_role(scene.guild, "agents", members=[scene.ana.id], mentionable=True)
    text = f"@everyone <@{scene.cleo.id}> <@&{agents}>"
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        await channel.send(text)
        await channel.send(text, allowed_mentions=sdk.AllowedMentions.none())
        await channel.send(
            text, allowed_mentions=sdk.AllowedMentions(users=True, everyone=False, roles=False)
        )
        await channel.send(f"`{text}`")
    seen = await scene.cleo.messages(scene.general)
    assert [message.pinged for message in seen] == [
        (scene.cleo.id, scene.ana.id, "everyone"),
        (),
        (scene.cleo.id,),
        (),
    ]


async def test_typing_and_deleting_many(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        await channel.typing()
        await scene.cleo.type_in(scene.general)
        sent = [await channel.send(str(number)) for number in range(3)]
        await channel.delete_messages(sent[:2])
        await scene.discord.control.wait_until_quiet()
        assert bot.told.count("TYPING_START") == 2
        assert "MESSAGE_DELETE_BULK" in bot.told
    assert [message.content for message in await scene.cleo.messages(scene.general)] == ["2"]


async def test_pictures_of_people_are_served(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        for person in (scene.ana, scene.cleo):
            user = await bot.fetch_user(int(person.id))
            assert (await user.display_avatar.read()).startswith(b"\x89PNG")


async def test_pins_leave_a_notice(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        sent = await text_channel(bot, scene.general).send("read me")
        await sent.pin()
        assert [pinned.id async for pinned in text_channel(bot, scene.general).pins()] == [sent.id]
        await sent.unpin()
    assert [message.type for message in await scene.cleo.messages(scene.general)] == [0, 6]


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [("x" * 2001, "content", "Must be 2000 or fewer in length."), ("x" * 4001, "content", "2000 or fewer")],
)
async def test_texts_over_the_limit_are_refused(scene: Scene, text: str, field: str, sentence: str) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        with pytest.raises(sdk.HTTPException) as refused:
            await text_channel(bot, scene.general).send(text)
    assert refused.value.code == 50035
    assert field in str(refused.value)
    assert sentence in str(refused.value)


async def test_empty_messages_and_too_many_or_too_large_files_are_refused(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        for code, arguments in (
            (50006, {"content": "  "}),
            (30015, {"files": [sdk.File(io.BytesIO(b""), f"{index}") for index in range(11)]}),
            (40005, {"files": [sdk.File(io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), "big")]}),
            (50035, {"embed": sdk.Embed(description="x" * 4097)}),
            (50035, {"embeds": [sdk.Embed(description="x" * 3100) for _ in range(2)]}),
        ):
            with pytest.raises(sdk.HTTPException) as refused:
                await channel.send(**arguments)
            assert refused.value.code == code
        await channel.send(file=sdk.File(io.BytesIO(b""), "empty.txt"))


async def test_what_a_person_cannot_do(scene: Scene) -> None:
    hidden = await scene.discord.control.create_channel(scene.guild, "hidden", private_to=[scene.ana.id])
    note = await scene.ana.post(hidden, "between us")
    for attempt in (
        scene.cleo.post(hidden, "hi"),
        scene.cleo.messages(hidden),
        scene.cleo.edit(hidden, note.id, "changed"),
    ):
        with pytest.raises(Refused, match="Missing Access"):
            await attempt
    own = await scene.ana.post(scene.general, "mine")
    with pytest.raises(Refused, match="authored by another user"):
        await scene.cleo.edit(scene.general, own.id, "yours")
    with pytest.raises(Refused, match="Missing Permissions"):
        await scene.cleo.delete(scene.general, own.id)


async def test_waiting_in_vain_says_what_was_seen(scene: Scene) -> None:
    await scene.cleo.post(scene.general, "anybody?")
    with pytest.raises(TimeoutError, match=r"Cleo: 'anybody\?'"):
        await scene.cleo.wait_for(scene.general, lambda message: message.bot, timeout=0.05)


async def test_what_is_two_weeks_old_is_not_deleted_in_bulk(scene: Scene) -> None:
    bot = Bot()
    async with online(bot, scene.token):
        channel = text_channel(bot, scene.general)
        old = [await channel.send(f"old {number}") for number in range(2)]
        await scene.discord.control.advance_clock(15 * 86400)
        with pytest.raises(sdk.HTTPException) as refused:
            await channel.delete_messages(old)
        assert (refused.value.status, refused.value.code) == (400, 50034)
        assert len(await scene.cleo.messages(scene.general)) == 2
