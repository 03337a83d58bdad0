"""What becomes of a post in each thread: shown, edited, removed, reacted to; never where it may not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy import update

from chatdesk.contract.outbound import (
    Author,
    Copy,
    DeleteMessages,
    EditMessage,
    Outbound,
    PostMessage,
    SetReaction,
)
from chatdesk.contract.ports import Attempt, DeliveryFailed, Receipt
from chatdesk.contract.vocabulary import IdentityId, MessageRef, Place, PlaceKind, Platform, Profile, Side
from chatdesk.domain.effects import PostChanged, PostReacted, PostWritten, SourceMarked
from chatdesk.store import copies, outbox, people, posts
from chatdesk.store.deliveries import DeliveryState
from chatdesk.store.tables import identities
from chatdesk.store.tables_outbox import deliveries
from tests.courier.making import EVERYONE, INTERNAL, PARTY, post, save, write
from tests.courier.support import ANA, BEN, PATIENCE, SystemClock, World, until
from tests.store.support import DISCORD, SLACK, thread


async def deliver(world: World) -> None:
    async with world.running() as courier:
        await courier.drain(PATIENCE)


async def copies_of(world: World, post_id: str, thread_id: str) -> list[Copy]:
    at = await world.thread(thread_id)
    return list(await world.look(lambda tx: copies.of_post(tx, post_id, at)))


async def test_a_post_is_shown_under_its_authors_name_and_its_copy_is_known(world: World) -> None:
    await world.add_post(post("p", "Hello **you**"))
    await write(world, PostWritten("p"), "team")
    await deliver(world)
    (shown,) = world.slack.shown()
    assert isinstance(shown, PostMessage)
    assert shown.content.author == Author("Ana", "https://pictures.example/ana.png")
    assert (shown.content.body, shown.content.internal, shown.reply_to) == ("Hello **you**", False, None)
    (copy,) = await copies_of(world, "p", "team")
    assert (await world.thread("team")).last_copy == copy.ref.id
    assert await world.look(lambda tx: posts.by_copy(tx, Platform("slack"), copy.ref.id)) is not None


async def test_a_post_deleted_while_it_is_not_known_whether_it_arrived_is_found_and_deleted(
    world: World,
) -> None:
    await world.add_post(post("p", "my password is hunter2"))
    await write(world, PostWritten("p"), "team")
    tries: list[Outbound] = []

    async def cut(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        tries.append(effect)
        if len(tries) == 1:
            await save(world, replace(post("p", "my password is hunter2"), deleted_at=SystemClock().now()))
            await write(world, PostChanged("p"), "team")
            raise DeliveryFailed(uncertain=True)
        return None

    world.slack.hook = cut
    async with world.running() as courier:
        await until(lambda: len(tries) == 3)
        await courier.drain(PATIENCE)
    _, found, deleted = tries
    assert isinstance(found, PostMessage)
    assert "hunter2" not in found.content.body
    assert world.slack.tried[1].attempt.uncertain
    assert isinstance(deleted, DeleteMessages)
    assert await copies_of(world, "p", "team") == []


async def test_a_post_edited_before_it_was_delivered_is_delivered_as_it_is_now(world: World) -> None:
    await world.add_post(post("p", "first words"))
    await write(world, PostWritten("p"), "team")
    await save(world, post("p", "better words"))
    await write(world, PostChanged("p"), "team")
    await deliver(world)
    shown = world.slack.shown()
    assert [type(one) for one in shown] == [PostMessage, EditMessage]
    assert isinstance(shown[0], PostMessage)
    assert shown[0].content.body == "better words"


async def test_a_post_deleted_before_it_was_delivered_is_never_shown(world: World) -> None:
    await world.add_post(post("p"))
    await write(world, PostWritten("p"), "team")
    await save(world, replace(post("p"), deleted_at=SystemClock().now()))
    await write(world, PostChanged("p"), "team")
    await deliver(world)
    assert world.slack.tried == []


async def test_an_edit_and_a_deletion_reach_every_copy(world: World) -> None:
    await world.add_thread(thread("other", Side.TEAM, SLACK, place="C2/other"))
    await world.add_post(post("p"))
    await write(world, PostWritten("p"), "team", "other")
    await deliver(world)
    await save(world, post("p", "edited"))
    await write(world, PostChanged("p"), "team", "other")
    await deliver(world)
    edits = [one for one in world.slack.shown() if isinstance(one, EditMessage)]
    assert [one.content.body for one in edits] == ["edited", "edited"]
    assert {edit.copies[0].ref.place.id for edit in edits} == {"C1/team", "C2/other"}
    await save(world, replace(post("p"), deleted_at=SystemClock().now()))
    await write(world, PostChanged("p"), "team", "other")
    await deliver(world)
    deletions = [one for one in world.slack.shown() if isinstance(one, DeleteMessages)]
    assert {one.copies for one in deletions} == {edit.copies for edit in edits}
    assert await copies_of(world, "p", "team") == []


async def test_an_internal_post_is_refused_at_the_customers_door(world: World) -> None:
    await world.add_post(post("p", "the customer is wrong", "ben", INTERNAL))
    await write(world, PostWritten("p"), "customer")
    with structlog.testing.capture_logs() as logs:
        await deliver(world)
    assert world.discord.tried == []
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == [
        "refused to show what must not be shown there"
    ]
    states = await world.look(lambda tx: list(tx.connection.execute(deliveries.select())))
    assert [row.state for row in states] == [DeliveryState.DROPPED]


async def test_one_partys_words_are_refused_at_anothers_door(world: World) -> None:
    await world.add_thread(thread("second", Side.CUSTOMER, DISCORD, place="D2", party=2))
    await world.add_post(post("p", audience=PARTY))
    await world.add_post(post("q", "for all", "ben", EVERYONE, position=2))
    await write(world, PostWritten("p"), "second")
    await write(world, PostWritten("q"), "second", "customer")
    await deliver(world)
    bodies = [one.content.body for one in world.discord.shown() if isinstance(one, PostMessage)]
    assert bodies == ["for all", "for all"]


async def test_a_post_that_becomes_internal_is_taken_from_the_customer(world: World) -> None:
    await world.add_post(post("p", "public words", "ben", EVERYONE))
    await write(world, PostWritten("p"), "customer")
    await deliver(world)
    await save(world, post("p", "now a note", "ben", INTERNAL))
    await write(world, PostChanged("p"), "customer")
    await deliver(world)
    assert [type(one) for one in world.discord.shown()] == [PostMessage, DeleteMessages]


async def test_an_internal_post_says_so(world: World) -> None:
    await world.add_post(post("p", "a note", "ben", INTERNAL))
    await world.add_thread(thread("other", Side.ESCALATION, SLACK, place="C2/other"))
    await write(world, PostWritten("p"), "other")
    await deliver(world)
    (shown,) = world.slack.shown()
    assert isinstance(shown, PostMessage)
    assert shown.content.internal


async def test_mentioned_people_are_known_by_their_identity_there(world: World) -> None:
    ana_on_slack = IdentityId(SLACK.platform, "U42")
    await world.do(
        lambda tx: tx.connection.execute(
            identities.insert().values(desk="acme", platform="slack", id="U42", person="ana", name="Ana S")
        )
    )
    body = "[@Ana](person:discord/42) and [@Zoe](person:discord/77) and [@Ben](person:slack/U7)"
    await world.add_post(post("p", body))
    await write(world, PostWritten("p"), "team")
    await deliver(world)
    (shown,) = world.slack.shown()
    assert isinstance(shown, PostMessage)
    assert dict(shown.content.people) == {"person:discord/42": ana_on_slack.id, "person:slack/U7": "U7"}


async def test_in_a_dm_a_post_hangs_on_what_was_said_about_the_ticket_before(world: World) -> None:
    dm = replace(
        thread("dm", Side.CUSTOMER, DISCORD, place="DM1", party=1), kind=PlaceKind.DM, last_copy="m9"
    )
    await world.add_thread(dm)
    await world.add_post(post("p", "an answer", "ben", EVERYONE))
    await write(world, PostWritten("p"), "dm")
    await deliver(world)
    (shown,) = world.discord.shown()
    assert isinstance(shown, PostMessage)
    assert shown.reply_to == MessageRef(Place(DISCORD, "DM1"), "m9")


async def test_what_stands_after_a_failure_is_completed_by_the_retry(world: World) -> None:
    text = Copy("text:0", MessageRef(Place(SLACK, "C1/team"), "m1"))
    failures = iter([DeliveryFailed(permanent="the file was refused", copies=(text,))])

    async def refuse_once(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        for failure in failures:
            raise failure
        return None

    world.slack.hook = refuse_once
    await world.add_post(post("p"))
    await write(world, PostWritten("p"), "team")
    await deliver(world)
    assert world.reports.failed == ["PostWritten: the file was refused"]
    assert await copies_of(world, "p", "team") == [text]
    failed = world.slack.tried[0].attempt.id
    assert await world.do(lambda tx: outbox.retry(tx, failed, SystemClock().now()))
    await deliver(world)
    (shown,) = world.slack.shown()
    assert isinstance(shown, EditMessage)
    assert shown.copies == (text,)
    assert len(world.reports.recovered) == 1


async def test_a_reaction_stands_while_anybody_elsewhere_has_set_it(world: World) -> None:
    await world.add_post(post("p"))
    await write(world, PostWritten("p"), "team")
    await deliver(world)
    (copy,) = await copies_of(world, "p", "team")
    source = MessageRef(Place(DISCORD, "D1"), "source-p")

    async def react(who: IdentityId, where: str, present: bool, version: str) -> None:
        await world.do(lambda tx: posts.set_reaction(tx, "p", "👍", who, where, present, version))
        await write(world, PostReacted("p", "👍"), "team", "customer")
        await deliver(world)

    await react(ANA, "customer", True, "1")
    await react(BEN, "team", True, "1")
    await react(ANA, "customer", False, "2")
    on_slack = [one for one in world.slack.shown() if isinstance(one, SetReaction)]
    on_discord = [one for one in world.discord.shown() if isinstance(one, SetReaction)]
    assert [(one.ref, one.present) for one in on_slack] == [
        (copy.ref, True), (copy.ref, True), (copy.ref, False),
    ]  # fmt: skip
    assert [(one.ref, one.present) for one in on_discord] == [
        (source, False), (source, True), (source, True),
    ]  # fmt: skip


async def test_what_an_asked_team_sets_does_not_stand_where_customers_are(world: World) -> None:
    await world.add_thread(thread("asked", Side.ESCALATION, SLACK, place="C2/asked"))
    await world.add_post(post("p"))
    await world.do(lambda tx: posts.set_reaction(tx, "p", "👍", ANA, "asked", True, "1"))
    await write(world, PostReacted("p", "👍"), "customer")
    await deliver(world)
    (shown,) = world.discord.shown()
    assert isinstance(shown, SetReaction) and not shown.present


async def test_a_mark_goes_onto_the_source_message(world: World) -> None:
    source = MessageRef(Place(DISCORD, "D1"), "source-p")
    await world.do(
        lambda tx: outbox.write_at(
            tx, SourceMarked(source, "⏳", True), DISCORD, "D1", "mark:D1", SystemClock().now(), ticket=1
        )
    )
    await deliver(world)
    assert world.discord.shown() == [SetReaction(source, "⏳", True)]


async def test_a_name_that_is_missing_or_old_is_asked_for_first(world: World) -> None:
    long_ago = SystemClock().now() - timedelta(days=2)

    await world.do(
        lambda tx: tx.connection.execute(
            update(identities).where(identities.c.id == ANA.id).values(name=None, profiled_at=long_ago)
        )
    )
    await world.add_post(post("p"))
    world.discord.profiles["42"] = Profile("Ana Maria", "https://pictures.example/new.png", "ana")
    await write(world, PostWritten("p"), "team")
    await deliver(world)
    (shown,) = world.slack.shown()
    assert isinstance(shown, PostMessage)
    assert shown.content.author == Author("Ana Maria", "https://pictures.example/new.png")
    assert await world.look(lambda tx: people.name_of(tx, "ana")) == "Ana Maria"


async def test_a_name_that_cannot_be_had_holds_nothing_up_and_is_not_asked_for_each_time(
    world: World,
) -> None:
    await world.do(
        lambda tx: tx.connection.execute(
            update(identities).where(identities.c.id == ANA.id).values(name=None, profiled_at=None)
        )
    )
    for number in (1, 2):
        await world.add_post(post(f"p{number}", position=number))
        await write(world, PostWritten(f"p{number}"), "team")
    await deliver(world)
    names = [one.content.author.name for one in world.slack.shown() if isinstance(one, PostMessage)]
    assert names == ["Someone", "Someone"]
    assert world.discord.asked_profiles == ["discord/42"]


async def test_a_slow_delivery_that_gets_through_is_reported(world: World) -> None:
    gate = asyncio.Event()

    async def wait(effect: Outbound, at: Place, attempt: Attempt) -> Receipt | None:
        await gate.wait()
        return None

    world.slack.hook = wait
    await world.add_post(post("p"))
    async with world.running() as courier:
        await write(world, PostWritten("p"), "team")
        await until(lambda: bool(world.slack.tried))
        await world.do(lambda tx: tx.connection.execute(update(deliveries).values(marked="slow")))
        gate.set()
        await courier.drain(PATIENCE)
    assert len(world.reports.recovered) == 1
