"""Messages, files, webhooks, threads, forums, reactions and what the gateway tells of them."""

from __future__ import annotations

import io

import aiohttp
import discord as sdk
import pytest
from discord import ui
from discord.ext import tasks

from tests.playground.discord.bots import Bot, online, text_channel
from tests.playground.sdk.conftest import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Diary(Bot):
    """Writes down what it is told, cached or not."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []

    async def on_message_edit(self, before: sdk.Message, after: sdk.Message) -> None:
        self.notes.append(f"{before.content} -> {after.content}")

    async def on_message_delete(self, message: sdk.Message) -> None:
        self.notes.append(f"deleted {message.content}")

    async def on_raw_message_edit(self, payload: sdk.RawMessageUpdateEvent) -> None:
        self.notes.append(f"raw edit {payload.message.content}")

    async def on_raw_message_delete(self, payload: sdk.RawMessageDeleteEvent) -> None:
        self.notes.append(f"raw delete {payload.message_id}")

    async def on_raw_bulk_message_delete(self, payload: sdk.RawBulkMessageDeleteEvent) -> None:
        self.notes.append(f"raw bulk {len(payload.message_ids)}")

    async def on_raw_reaction_add(self, payload: sdk.RawReactionActionEvent) -> None:
        who = payload.member.display_name if payload.member else "somebody"
        self.notes.append(f"{who} +{payload.emoji}")

    async def on_raw_reaction_remove(self, payload: sdk.RawReactionActionEvent) -> None:
        self.notes.append(f"-{payload.emoji}")

    async def on_raw_reaction_clear(self, payload: sdk.RawReactionClearEvent) -> None:
        self.notes.append("cleared")

    async def on_raw_reaction_clear_emoji(self, payload: sdk.RawReactionClearEmojiEvent) -> None:
        self.notes.append(f"cleared {payload.emoji}")

    async def on_thread_create(self, thread: sdk.Thread) -> None:
        self.notes.append(f"thread {thread.name}")

    async def on_thread_update(self, before: sdk.Thread, after: sdk.Thread) -> None:
        self.notes.append(f"thread {before.name} -> {after.name}")

    async def on_thread_member_join(self, member: sdk.ThreadMember) -> None:
        self.notes.append(f"joined {member.id}")

    async def on_member_join(self, member: sdk.Member) -> None:
        self.notes.append(f"{member.display_name} came")

    async def on_member_remove(self, member: sdk.Member) -> None:
        self.notes.append(f"{member.display_name} went")

    async def on_member_update(self, before: sdk.Member, after: sdk.Member) -> None:
        self.notes.append(f"{before.display_name} is {after.display_name}: {len(after.roles) - 1}")

    async def on_typing(self, channel: object, user: sdk.User | sdk.Member, when: object) -> None:
        self.notes.append(f"{user.display_name} types")

    async def noted(self, *notes: str) -> None:
        await self.until(lambda: all(note in self.notes for note in notes))


async def test_edits_deletions_and_reactions_are_told_of(server: Server) -> None:
    bot = Diary()
    cleo, at = server.cleo, server.general
    old = await cleo.post(at, "before it came")
    async with online(bot, server.token):
        first = await cleo.post(at, "helo")
        await cleo.edit(at, first.id, "hello")
        await cleo.react(at, first.id, "👀")
        await cleo.unreact(at, first.id, "👀")
        await cleo.edit(at, old.id, "not in its memory")
        await bot.noted("helo -> hello", "Cleo +👀", "-👀", "raw edit not in its memory")
        message = await text_channel(bot, at).fetch_message(int(first.id))
        for emoji in ("👍", "🎉"):
            await message.add_reaction(emoji)
        await cleo.react(at, first.id, "👍")
        message = await message.fetch()
        thumbs = message.reactions[0]
        assert (str(thumbs.emoji), thumbs.count, thumbs.me) == ("👍", 2, True)
        assert {user.name async for user in thumbs.users()} == {"helper", "cleo"}
        await thumbs.remove(sdk.Object(int(cleo.id)))
        await message.clear_reaction("👍")
        await message.clear_reactions()
        await cleo.delete(at, first.id)
        await cleo.delete(at, old.id)
        await bot.noted("cleared 👍", "cleared", "deleted hello", f"raw delete {old.id}")
        assert "before it came -> not in its memory" not in bot.notes
        for number in range(3):
            await text_channel(bot, at).send(f"number {number}")
        assert len(await text_channel(bot, at).purge(limit=10)) == 3
        await bot.noted("raw bulk 3")


async def test_files_go_up_and_come_down(server: Server) -> None:
    bot = Bot()

    @bot.tree.command(description="Reads a file, and sends one back")
    async def shout(interaction: sdk.Interaction, file: sdk.Attachment) -> None:
        loud = (await file.read()).upper()
        await interaction.response.send_message("loud", file=sdk.File(io.BytesIO(loud), file.filename))

    async with online(bot, server.token):
        await bot.tree.sync()
        await server.cleo.post(server.general, "two", files=[("a.txt", b"a"), ("b.png", b"\x89PNG")])
        await bot.until(lambda: bool(bot.heard))
        attached = bot.heard[0].attachments
        assert [(one.filename, one.size, await one.read()) for one in attached] == [
            ("a.txt", 1, b"a"),
            ("b.png", 4, b"\x89PNG"),
        ]
        copied = await attached[0].to_file(filename="copy.txt", spoiler=True)
        picture = sdk.Embed(title="Picture", colour=sdk.Colour.red()).set_image(url="attachment://c.png")
        sent = await text_channel(bot, server.general).send(
            embed=picture, files=[copied, sdk.File(io.BytesIO(b"c"), "c.png", description="a c")]
        )
        assert sent.attachments[0].is_spoiler()
        await sent.edit(attachments=[sent.attachments[1]])
        sent = await sent.add_files(sdk.File(io.BytesIO(b"d"), "d.txt"))
        assert [one.filename for one in sent.attachments] == ["c.png", "d.txt"]
        outcome = await server.cleo.command("shout", at=server.general, files={"file": ("w.txt", b"words")})
        assert await server.cleo.download(outcome.messages[0].attachments[0]) == b"WORDS"


async def test_embeds_and_whom_a_message_pings(server: Server) -> None:
    bot = Bot()
    role = await server.discord.control.create_role(
        server.guild, "night", members=[server.ana.id], mentionable=True
    )
    embed = sdk.Embed(
        title="Title", description="Words", url="https://example.com", timestamp=sdk.utils.utcnow()
    )
    embed.add_field(name="Priority", value="High").set_footer(text="foot").set_author(name="Ana")
    async with online(bot, server.token):
        channel = text_channel(bot, server.general)
        await channel.send(embed=embed)
        seen = await server.cleo.wait_for(server.general, lambda one: bool(one.embeds))
        assert "Title\nWords\nPriority\nHigh\nfoot" in seen.text
        words = f"@everyone {server.cleo.mention} <@&{role}>"
        silent = await channel.send(words, allowed_mentions=sdk.AllowedMentions.none())
        narrow = await channel.send(words, allowed_mentions=sdk.AllowedMentions(everyone=False, roles=False))
        reply = await silent.reply("quiet", mention_author=False)
        assert reply.reference is not None
        assert reply.reference.message_id == silent.id
        pinged = {one.id: one.pinged for one in await server.cleo.messages(server.general)}
        assert pinged[str(silent.id)] == ()
        assert pinged[str(narrow.id)] == (server.cleo.id,)


async def test_a_webhook_without_a_bot(server: Server) -> None:
    bot = Bot()
    async with online(bot, server.token):
        channel = text_channel(bot, server.general)
        made = await channel.create_webhook(name="news")
        thread = await channel.create_thread(name="Corner", type=sdk.ChannelType.public_thread)
    assert made.token is not None
    async with aiohttp.ClientSession() as session:
        hook = sdk.Webhook.partial(made.id, made.token, session=session)
        assert (await hook.fetch()).name == "news"
        sent = await hook.send(
            "fresh", username="Courier", embed=sdk.Embed(title="News"), wait=True,
            file=sdk.File(io.BytesIO(b"n"), "n.txt"),
        )  # fmt: skip
        await hook.edit_message(sent.id, content="fresher", embeds=[])
        assert (await hook.fetch_message(sent.id)).content == "fresher"
        inside = await hook.send("inside", thread=thread, wait=True)
        await hook.edit_message(inside.id, content="still inside", thread=thread)
        gone = await hook.send("gone", wait=True)
        await gone.delete()
        shown = await server.cleo.messages(server.general)
        assert [(one.author, one.content) for one in shown if one.webhook] == [("Courier", "fresher")]
        assert [one.content for one in await server.cleo.messages(str(thread.id))] == ["still inside"]
        await hook.delete()
        with pytest.raises(sdk.NotFound):
            await hook.send("nobody there", wait=True)


async def test_threads_and_forum_posts(server: Server) -> None:
    bot = Diary()
    forum_id = await server.discord.control.create_channel(
        server.guild, "ideas", kind="forum", tags=["bug", "wish"]
    )
    async with online(bot, server.token):
        channel = text_channel(bot, server.general)
        starter = await channel.send("talk here")
        thread = await starter.create_thread(name="Talk", auto_archive_duration=60)
        await thread.add_user(sdk.Object(int(server.cleo.id)))
        await server.cleo.post(str(thread.id), "I am in")
        await thread.edit(name="Talked", archived=True)
        await bot.noted("thread Talk", f"joined {server.cleo.id}", "thread Talk -> Talked")
        assert [one.name async for one in channel.archived_threads()] == ["Talked"]
        await server.cleo.post(str(thread.id), "awake again")
        await bot.until(lambda: any(one.content == "awake again" for one in bot.heard))
        private = await channel.create_thread(name="Quiet", invitable=False)
        await private.add_user(sdk.Object(int(server.ana.id)))
        assert [one.name for one in await server.cleo.threads(server.general)] == ["Talked"]
        assert {one.id for one in await private.fetch_members()} >= {int(server.ana.id)}

        forum = bot.get_channel(int(forum_id))
        assert isinstance(forum, sdk.ForumChannel)
        bug = next(tag for tag in forum.available_tags if tag.name == "bug")
        made = await forum.create_thread(name="It breaks", content="always", applied_tags=[bug])
        assert [tag.name for tag in made.thread.applied_tags] == ["bug"]
        post = await server.cleo.forum_post(forum_id, "A wish", "please", tags=["wish"])
        await bot.noted("thread A wish")
        found = bot.get_channel(int(post))
        assert isinstance(found, sdk.Thread)
        opening = await found.fetch_message(found.id)
        assert opening.content == "please"
        assert {one.name for one in await server.ana.threads(forum_id)} == {"It breaks", "A wish"}
        await made.thread.delete()
        await bot.until(lambda: {one.name for one in forum.threads} == {"A wish"})


async def test_people_come_and_go_and_a_task_runs_in_the_background(server: Server) -> None:
    bot = Diary()

    @tasks.loop(seconds=0.01, count=3)
    async def tick() -> None:
        await text_channel(bot, server.general).send(f"tick {tick.current_loop}")

    @tick.before_loop
    async def before() -> None:
        await bot.wait_until_ready()

    control = server.discord.control
    async with online(bot, server.token):
        tick.start()
        dan = await control.create_user("dan", display_name="Dan", guild_ids=[server.guild])
        role = await control.create_role(server.guild, "night")
        await control.give_role(role, dan.id)
        await control.set_nickname(server.guild, dan.id, "Daniel")
        await dan.type_in(server.general)
        await control.leave_guild(server.guild, dan.id)
        await bot.noted("Dan came", "Dan is Dan: 1", "Dan is Daniel: 1", "Daniel types", "Daniel went")
        await server.cleo.wait_for(server.general, lambda seen: seen.content == "tick 2")
        dm = await server.cleo.dm_with_bot(server.application)
        await server.cleo.post(dm, "psst")
        await bot.until(lambda: bot.heard[-1].content == "psst")
        await bot.heard[-1].author.send("hello yourself")
        await server.cleo.wait_for(dm, lambda seen: seen.content == "hello yourself")


async def test_buttons_under_a_webhooks_post_reach_the_bot_that_owns_it(server: Server) -> None:
    class Card(ui.View):
        @ui.button(label="Claim")
        async def claim(self, interaction: sdk.Interaction, button: ui.Button[Card]) -> None:
            await interaction.response.edit_message(content="claimed", view=None)

    bot = Bot()
    async with online(bot, server.token):
        webhook = await text_channel(bot, server.general).create_webhook(name="cards")
        posted = await webhook.send("card", username="Ana", view=Card(), wait=True)
        clicked = await server.cleo.click(server.general, str(posted.id), "Claim")
        assert (clicked.messages[0].content, clicked.messages[0].author) == ("claimed", "Ana")
