"""A long backlog in few messages: authors and times kept, and each post still to be edited and deleted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

from chatdesk.contract.outbound import DeleteMessages, EditMessage, Outbound, PostMessage, SetReaction
from chatdesk.contract.ports import Attempt, DeliveryFailed, Limits, Receipt
from chatdesk.contract.vocabulary import Audience, FileRef, Place
from chatdesk.domain.effects import PostChanged, PostReacted, PostWritten
from chatdesk.store import copies, deliveries, overview, posts
from chatdesk.store.transaction import Transaction
from tests.courier.making import EVERYONE, INTERNAL, PARTY, post, save, say, write
from tests.courier.support import ANA, PATIENCE, QUICK, SystemClock, World
from tests.store.support import DISCORD

PACE = replace(QUICK, merge_after=timedelta(0), merge_from=3)


async def backlog(world: World, *bodies: str, audience: Audience = PARTY, author: str = "ana") -> list[str]:
    """Posts that wait for the team's thread."""
    known = await world.look(lambda tx: len(posts.of_ticket(tx, 1)))
    names = []
    for number, body in enumerate(bodies, known + 1):
        written = post(f"p{number}", body, author, audience, position=number)
        await world.add_post(written)
        await write(world, PostWritten(written.id), "team")
        names.append(written.id)
    return names


async def deliver(world: World) -> None:
    async with world.running(PACE) as courier:
        await courier.drain(PATIENCE)


def posted(world: World) -> list[str]:
    return [effect.content.body for effect in world.slack.shown() if isinstance(effect, PostMessage)]


async def messages_of(world: World, *names: str) -> set[str]:
    team = await world.thread("team")

    def look(tx: Transaction) -> set[str]:
        return {copy.ref.id for name in names for copy in copies.of_post(tx, name, team)}

    return await world.look(look)


async def test_a_backlog_shares_a_message_under_headings(world: World) -> None:
    await backlog(world, "one", "two")
    await backlog(world, "**three**", author="ben", audience=EVERYONE)
    await deliver(world)
    (body,) = posted(world)
    lines = [line for line in body.split("\n") if line]
    assert [line.split(" · ")[0] for line in lines] == [
        "**Ana**",
        "one",
        "**Ana**",
        "two",
        "**Ben**",
        "**three**",
    ]
    assert all(line.endswith("UTC") for line in lines[::2])
    (delivered,) = world.slack.taken
    assert isinstance(delivered.effect, PostMessage)
    assert delivered.effect.content.author.name == "Ana, Ben"
    assert len(await messages_of(world, "p1", "p2", "p3")) == 1
    assert await world.look(lambda tx: overview.deliveries_by_state(tx.connection)) == {}


async def test_a_short_backlog_and_a_fresh_one_are_left_as_they_are(world: World) -> None:
    await backlog(world, "one", "two")
    await deliver(world)
    await backlog(world, *(f"post {number}" for number in range(20)))
    async with world.running(replace(PACE, merge_after=timedelta(seconds=30))) as courier:
        await courier.drain(PATIENCE)
    assert posted(world) == ["one", "two", *(f"post {number}" for number in range(20))]


async def test_no_more_than_fits_goes_into_a_message(world: World) -> None:
    world.slack.limits = Limits(merged_characters=1000)
    await backlog(world, *(f"{number} " + "x" * 100 for number in range(12)))
    await deliver(world)
    bodies = posted(world)
    assert len(bodies) == 2
    assert all(len(body) <= 1000 for body in bodies)
    firsts = [line.split()[0] for body in bodies for line in body.split("\n") if line.endswith("x")]
    assert firsts == [str(number) for number in range(12)]


async def test_files_notes_and_lines_keep_to_themselves_and_the_order_is_kept(world: World) -> None:
    await backlog(world, "one", "two", "three")
    file = FileRef(DISCORD, "F1", "a.txt", 4, "text/plain")
    world.discord.files["F1"] = [b"data"]
    await world.add_post(post("withfile", "file", files=[file], position=50))
    await write(world, PostWritten("withfile"), "team")
    await backlog(world, "four", "five", "six")
    await write(world, say("claimed"), "team")
    await backlog(world, "note 1", "note 2", "note 3", audience=INTERNAL, author="ben")
    await backlog(world, "seven", "eight", "nine")
    await deliver(world)
    kinds = [
        (effect.content.body.count("UTC"), effect.content.internal, len(effect.content.files))
        if isinstance(effect, PostMessage)
        else "line"
        for effect in world.slack.shown()
    ]
    assert kinds == [(3, False, 0), (0, False, 1), (3, False, 0), "line", (3, True, 0), (3, False, 0)]


async def test_an_edit_and_a_deletion_of_one_reach_the_shared_message(world: World) -> None:
    names = await backlog(world, "one", "two", "three")
    await deliver(world)
    first = await world.look(lambda tx: posts.load(tx, names[0]))
    second = await world.look(lambda tx: posts.load(tx, names[1]))
    assert first is not None
    assert second is not None
    await save(world, replace(second, body="two, edited"))
    await write(world, PostChanged(names[1]), "team")
    await deliver(world)
    edited = world.slack.taken[-1].effect
    assert isinstance(edited, EditMessage)
    assert [line for line in edited.content.body.split("\n") if line][1::2] == ["one", "two, edited", "three"]
    await save(world, replace(first, deleted_at=SystemClock().now()))
    await write(world, PostChanged(names[0]), "team")
    await deliver(world)
    smaller = world.slack.taken[-1].effect
    assert isinstance(smaller, EditMessage)
    assert [line for line in smaller.content.body.split("\n") if line][1::2] == ["two, edited", "three"]
    assert {copy.ref.id for copy in smaller.copies} == await messages_of(world, *names)


async def test_what_was_made_internal_leaves_the_message_and_the_last_takes_it_along(world: World) -> None:
    names = await backlog(world, "one", "two", "three", author="ben", audience=EVERYONE)
    for name in names:
        await write(world, PostWritten(name), "customer")
    async with world.running(PACE) as courier:
        await courier.drain(PATIENCE)
    for gone, name in enumerate(names):
        known = await world.look(partial(posts.load, post_id=name))
        assert known is not None
        await save(world, replace(known, audience=INTERNAL))
        await write(world, PostChanged(name), "customer")
        await deliver(world)
        effect = world.discord.taken[-1].effect
        if gone < 2:
            assert isinstance(effect, EditMessage)
            assert known.body not in effect.content.body.split("\n")
        else:
            assert isinstance(effect, DeleteMessages)


async def test_a_reaction_on_one_is_set_on_the_shared_message(world: World) -> None:
    names = await backlog(world, "one", "two", "three")
    await deliver(world)
    await world.do(lambda tx: posts.set_reaction(tx, names[1], "👍", ANA, "customer", True, "1"))
    await write(world, PostReacted(names[1], "👍"), "team")
    await deliver(world)
    effect = world.slack.taken[-1].effect
    assert isinstance(effect, SetReaction)
    assert {effect.ref.id} == await messages_of(world, *names)


async def test_after_a_crash_the_same_posts_share_and_none_is_said_twice(world: World) -> None:
    reached = asyncio.Event()

    async def arrive_and_hang(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        reached.set()
        await asyncio.Event().wait()
        return None

    world.slack.hook = arrive_and_hang
    names = await backlog(world, "one", "two", "three")
    async with world.running(PACE):
        await asyncio.wait_for(reached.wait(), PATIENCE)
    await world.restart()
    late = await backlog(world, "four")
    world.slack.hook = None
    await deliver(world)
    first, again, *_ = world.slack.tried
    assert again.attempt.uncertain
    assert again.attempt.id == first.attempt.id
    assert again.effect == first.effect
    assert len(await messages_of(world, *names)) == 1
    assert posted(world)[1:] == ["four"]
    assert len(await messages_of(world, *names, *late)) == 2


async def test_if_the_shared_message_is_refused_each_is_tried_alone(world: World) -> None:
    async def refuse_the_bad_one(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        if isinstance(effect, PostMessage) and "bad" in effect.content.body:
            raise DeliveryFailed(permanent="AutoMod blocked it")
        return None

    world.slack.hook = refuse_the_bad_one
    await backlog(world, "one", "bad", "three")
    await deliver(world)
    assert posted(world) == ["one", "three"]
    assert world.reports.failed == ["PostWritten: AutoMod blocked it"]
    (failed,) = await world.look(lambda tx: deliveries.failed_of_ticket(tx.connection, "acme", 1))
    assert failed.effect == PostWritten("p2")


async def test_one_that_was_given_up_meanwhile_is_left_out(world: World) -> None:
    tries = count()

    async def fail_once(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        if not next(tries):
            await world.do(partial(drop_the_second, head=attempt.id))
            raise DeliveryFailed(retry_after=0)
        return None

    def drop_the_second(tx: Transaction, head: str) -> None:
        first = deliveries.load(tx.connection, "acme", head)
        assert first is not None
        second = deliveries.behind(tx.connection, first)[0]
        deliveries.drop(tx.connection, second, "given up", SystemClock().now())

    world.slack.hook = fail_once
    await backlog(world, "one", "two", "three")
    await deliver(world)
    (body,) = posted(world)
    assert [line for line in body.split("\n") if line][1::2] == ["one", "three"]
