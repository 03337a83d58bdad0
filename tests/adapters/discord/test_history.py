"""Reading back what a place holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from chatdesk.contract.inbound import (
    Inbound,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionsSeen,
)
from chatdesk.contract.outbound import Author, Content, Copy, PostMessage
from chatdesk.contract.ports import Window
from tests.adapters.discord.conftest import World

ALL = Window(None, 1000)


async def read(
    world: World, place: str, known: Sequence[Copy] = (), window: Window = ALL
) -> list[Inbound | ReactionsSeen]:
    return [event async for event in world.adapter.reconcile(world.place(place), known, window)]


async def test_a_thread_of_many_messages_comes_in_order_with_authors_and_files(world: World) -> None:
    eva = await world.discord.control.create_user("eva", display_name="Eva", guild_ids=[world.guild])
    people = [world.cleo, world.ana, eva]
    first = await world.cleo.post(world.general, "the beginning")
    thread = await world.cleo.start_thread(world.general, "talk", first.id)
    for number in range(130):
        files = [(f"{number}.txt", b"x")] if number % 40 == 0 else []
        await people[number % 3].post(thread, str(number), files=files)
    posts = [event for event in await read(world, thread) if isinstance(event, MessagePosted)]
    assert [post.body for post in posts] == ["the beginning", *(str(number) for number in range(130))]
    assert posts[0].ref == world.ref(world.general, first.id)
    assert posts[0].thread == world.place(thread)
    assert [post.actor.identity.id for post in posts[1:4]] == [person.id for person in people]
    assert [post.ref.id for post in posts if post.files] == [posts[n].ref.id for n in (1, 41, 81, 121)]


async def test_edits_reactions_and_deletions_are_found(world: World) -> None:
    kept = await world.cleo.post(world.general, "one")
    await world.cleo.edit(world.general, kept.id, "one!")
    await world.ana.react(world.general, kept.id, "👀")
    gone = await world.cleo.post(world.general, "two")
    await world.cleo.delete(world.general, gone.id)
    refs = [world.ref(world.general, message.id) for message in (kept, gone)]
    events = await read(world, world.general, [Copy("source", ref) for ref in refs])
    assert [type(event) for event in events] == [MessagePosted, MessageEdited, ReactionsSeen, MessageDeleted]
    assert isinstance(events[3], MessageDeleted)
    assert events[3].ref == refs[1]


async def test_what_we_wrote_is_skipped_and_missed_when_it_is_gone(world: World) -> None:
    content = Content("p", Author("Ana"), "mirrored", (), internal=False)
    first = await world.deliver(PostMessage(content), world.general)
    second = await world.deliver(PostMessage(content), world.general)
    await world.cleo.post(world.general, f"<@{world.application}> help")
    moderator = world.discord.control.person((await owner(world)), "owner")
    await moderator.delete(world.general, second.copies[0].ref.id.partition("/")[2])
    events = await read(world, world.general, first.copies + second.copies)
    assert [event.ref for event in events if isinstance(event, MessageDeleted)] == [second.copies[0].ref]
    assert not any(isinstance(event, MessagePosted) for event in events)


async def owner(world: World) -> str:
    import aiohttp

    token = world.settings.token
    assert token is not None
    headers = {"Authorization": f"Bot {token.get_secret_value()}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"{world.discord.api_url}/guilds/{world.guild}") as response,
    ):
        return str((await response.json())["owner_id"])


async def test_only_the_window_is_read(world: World) -> None:
    early = await world.cleo.post(world.general, "early")
    gone = await world.cleo.post(world.general, "gone")
    await world.cleo.delete(world.general, gone.id)
    since = datetime.now(UTC)
    for number in range(5):
        await world.cleo.post(world.general, str(number))
    known = [Copy("source", world.ref(world.general, message.id)) for message in (early, gone)]
    events = await read(world, world.general, known, Window(since, 100))
    assert [event.body for event in events if isinstance(event, MessagePosted)] == list("01234")
    assert len(events) == 5
    newest = await read(world, world.general, known, Window(None, 2))
    assert [event.body for event in newest if isinstance(event, MessagePosted)] == ["3", "4"]
    assert len(newest) == 2


async def test_a_dm_and_a_forum_post_are_read(world: World) -> None:
    dm = await world.cleo.dm_with_bot()
    await world.cleo.post(dm, "help")
    event, *_ = await read(world, dm)
    assert isinstance(event, MessagePosted)
    assert event.where.place == world.place(dm)
    forum = await world.discord.control.create_channel(world.guild, "help", kind="forum")
    post = await world.cleo.forum_post(forum, "Printer", "it burns")
    await world.cleo.post(post, "more")
    events = await read(world, post)
    assert [event.title for event in events if isinstance(event, MessagePosted)] == ["Printer", None]
