"""What happens when it is not known whether Discord took something, and when Discord says no."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from adapters.discord import package
from adapters.discord.ids import identity
from chatdesk.contract.inbound import MessagePosted
from chatdesk.contract.outbound import (
    Author,
    Content,
    EditMessage,
    OpenThread,
    OutgoingFile,
    PostLine,
    PostMessage,
    ShowCard,
    TellPerson,
    Visibility,
)
from chatdesk.contract.ports import DeliveryFailed
from chatdesk.contract.views import Card
from chatdesk_playground.faults import Fault, FaultKind
from tests.adapters.discord.conftest import SystemClock, World, connected, new_world

CARD = Card(7, "Fire", "open", "🔴", 0xFF0000, (), "It burns.", None, ())

OPENING = OpenThread("Help", "Hello.", Visibility.PUBLIC, ())


def content(body: str, *files: OutgoingFile) -> Content:
    return Content("p1", Author("Ana"), body, files, internal=False)


@dataclass(slots=True)
class Records:
    steps: dict[str, str] = field(default_factory=dict)

    async def record(self, name: str, value: str) -> None:
        self.steps[name] = value


async def test_steps_are_recorded_and_not_done_again(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")
    post = PostMessage(content("hi", OutgoingFile("9", "a.txt", 1, "text/plain", path)))
    at, records = world.place(world.general), Records()
    first = await world.adapter.deliver(post, at, world.attempt(record=records.record))
    assert list(records.steps) == ["text:0", "file:9"]
    again = await world.adapter.deliver(post, at, world.attempt(done=records.steps))
    assert again == first
    assert len(await world.ana.messages(world.general)) == 2


async def test_a_webhook_post_that_did_arrive_is_found(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")
    post = PostMessage(content("hi", OutgoingFile("9", "a.txt", 1, "text/plain", path)))
    at = world.place(world.general)
    before = await world.deliver(PostMessage(content("before")), world.general)
    first = await world.adapter.deliver(post, at, world.attempt())
    uncertain = world.attempt(uncertain=True, after=before.copies[0].ref)
    assert await world.adapter.deliver(post, at, uncertain) == first
    assert len(await world.ana.messages(world.general)) == 3


async def test_a_webhook_post_that_did_not_arrive_is_posted(world: World) -> None:
    before = await world.deliver(PostMessage(content("before")), world.general)
    await world.cleo.post(world.general, "something else")
    uncertain = world.attempt(uncertain=True, after=before.copies[0].ref)
    await world.adapter.deliver(PostMessage(content("hi")), world.place(world.general), uncertain)
    posts = [message.content for message in await world.ana.messages(world.general)]
    assert posts == ["before", "something else", "hi"]


@pytest.mark.parametrize("opening", [OPENING, ShowCard(CARD)], ids=["thread", "card"])
async def test_the_first_post_of_a_thread_is_found_though_it_was_edited_since(
    world: World, opening: OpenThread | ShowCard
) -> None:
    opened = await world.deliver(opening, world.general)
    assert opened.opened is not None and opened.copies
    there = opened.opened
    first = await world.adapter.deliver(PostMessage(content("hi")), there, world.attempt())
    uncertain = world.attempt(uncertain=True, after=opened.copies[-1].ref)
    assert await world.adapter.deliver(PostMessage(content("hello")), there, uncertain) == first


@pytest.mark.parametrize("effect", [PostLine("a line"), ShowCard(CARD)])
async def test_what_the_bot_posted_is_found(world: World, effect: PostLine | ShowCard) -> None:
    at = world.place(world.general)
    first = await world.adapter.deliver(effect, at, world.attempt(id="d-same"))
    again = await world.adapter.deliver(effect, at, world.attempt(id="d-same", uncertain=True))
    assert again == first
    assert len([seen for seen in await world.ana.messages(world.general) if seen.type == 0]) == 1


async def test_a_direct_message_is_told_once(world: World) -> None:
    tell = TellPerson(identity(world.cleo.id), "Created #7.")
    at = world.place(world.general)
    await world.adapter.deliver(tell, at, world.attempt(id="d-same"))
    await world.adapter.deliver(tell, at, world.attempt(id="d-same", uncertain=True))
    await world.adapter.deliver(TellPerson(identity(world.cleo.id), "Created #8."), at, world.attempt())
    dm = await world.cleo.dm_with_bot()
    assert [message.content for message in await world.cleo.messages(dm)] == ["Created #7.", "Created #8."]


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.PRIVATE])
async def test_a_thread_is_opened_once(world: World, visibility: Visibility) -> None:
    opening = OpenThread("Help", "Hello.", visibility, (identity(world.cleo.id),))
    at = world.place(world.general)
    first = await world.adapter.deliver(opening, at, world.attempt(id="d-same"))
    again = await world.adapter.deliver(opening, at, world.attempt(id="d-same", uncertain=True))
    assert again == first
    assert len(await world.cleo.threads(world.general)) == 1
    assert first.opened is not None
    lines = [message.content for message in await world.cleo.messages(first.opened.id) if message.content]
    assert lines == ["Hello."]


async def test_a_lost_webhook_is_made_anew_and_its_posts_are_put_anew(world: World) -> None:
    receipt = await world.deliver(PostMessage(content("one")), world.general)
    await delete_webhooks(world)
    await world.deliver(PostMessage(content("two")), world.general)
    edited = await world.deliver(EditMessage(content("one!"), receipt.copies), world.general)
    posts = [(message.author, message.content) for message in await world.ana.messages(world.general)]
    assert posts == [("Ana", "two"), ("Ana", "one!")]
    assert edited.copies != receipt.copies


async def delete_webhooks(world: World) -> None:
    token = world.settings.token
    assert token is not None
    headers = {"Authorization": f"Bot {token.get_secret_value()}"}
    base = world.discord.api_url
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.get(f"{base}/channels/{world.general}/webhooks") as response:
            webhooks = await response.json()
        for webhook in webhooks:
            await session.delete(f"{base}/webhooks/{webhook['id']}")


async def test_a_deleted_place_is_a_permanent_failure(world: World) -> None:
    await world.discord.control.delete_channel(world.general)
    with pytest.raises(DeliveryFailed, match="deleted") as failed:
        await world.deliver(PostLine("hi"), world.general)
    assert failed.value.permanent
    with pytest.raises(DeliveryFailed, match="deleted"):
        await world.deliver(PostMessage(content("hi")), world.general)


async def test_a_missing_permission_is_named(world: World) -> None:
    await world.discord.control.set_overwrite(world.general, world.application, deny=1 << 11)
    with pytest.raises(DeliveryFailed, match="Send Messages"):
        await world.deliver(PostLine("hi"), world.general)
    message = await world.cleo.post(world.support, "x")
    await world.discord.control.set_overwrite(world.support, world.application, deny=1 << 35)
    opening = OpenThread("t", "o", Visibility.PUBLIC, (), world.ref(world.support, message.id))
    with pytest.raises(DeliveryFailed, match="Create Public Threads"):
        await world.deliver(opening, world.support)


async def test_a_revoked_token_is_said(world: World) -> None:
    await world.discord.control.revoke_token(world.application)
    with pytest.raises(DeliveryFailed) as failed:
        await world.deliver(PostLine("hi"), world.general)
    assert failed.value.revoked


async def test_a_revoked_token_ends_the_connection_with_the_reason() -> None:
    """Discord closes the gateway of a bot whose token is no longer valid; it is no error of ours."""
    async with new_world() as world:
        running = asyncio.create_task(world.adapter.run(world.desk))
        await world.adapter.ready()
        await world.discord.control.misbehave(Fault(FaultKind.TOKEN_REVOKED))
        await world.discord.control.misbehave(Fault(FaultKind.SOCKET_DROPPED))
        with pytest.raises(DeliveryFailed, match="does not accept the bot's token") as failed:
            await asyncio.wait_for(running, 10)
        assert failed.value.revoked


async def test_before_it_is_connected_a_delivery_is_put_off() -> None:
    async with new_world() as world:
        with pytest.raises(DeliveryFailed) as failed:
            await world.deliver(PostLine("hi"), world.general)
        assert failed.value.retry_after
        assert not failed.value.permanent


async def test_a_wrong_token_is_said_without_showing_it() -> None:
    async with new_world() as world:
        settings = world.settings.model_copy(update={"token": SecretStr("not-a-token")})
        adapter = package.build(settings, SystemClock())
        with pytest.raises(DeliveryFailed, match="token") as failed:
            await adapter.run(world.desk)
        assert failed.value.revoked
        assert "not-a-token" not in str(failed.value) + repr(settings)


async def test_missing_intents_are_said() -> None:
    async with new_world() as world:
        await world.discord.control.switch_intents(world.application, message_content=False)
        with pytest.raises(DeliveryFailed, match="Message Content Intent"):
            await world.adapter.run(world.desk)


async def test_the_members_intent_can_be_done_without() -> None:
    async with new_world() as world:
        await world.discord.control.switch_intents(world.application, members=False)
        settings = world.settings.model_copy(update={"members_intent": False})
        async with connected(package.build(settings, SystemClock()), world.desk):
            pass


async def test_a_rate_limit_is_waited_for(world: World) -> None:
    await world.discord.control.set_rate_limits(True, speed=20)
    for number in range(12):
        await world.deliver(PostMessage(content(str(number))), world.general)
    posts = [message.content for message in await world.ana.messages(world.general)]
    assert posts == [str(number) for number in range(12)]


async def test_the_gateway_is_resumed(world: World) -> None:
    await world.discord.control.drop_gateway()
    await world.cleo.post(world.general, "while you were away")
    await world.desk.received(MessagePosted)
    await world.discord.control.invalidate_sessions()
    # discord.py lets five seconds pass before it identifies anew.
    await world.discord.control.wait_connected(world.application, timeout=15)
    await world.cleo.post(world.general, "back")
    await world.desk.received(MessagePosted, lambda event: event.body == "back")


async def test_two_adapters_in_one_process_keep_to_their_own_discord() -> None:
    async with (
        new_world() as one,
        new_world() as two,
        connected(one.adapter, one.desk),
        connected(two.adapter, two.desk),
    ):
        await one.deliver(PostMessage(content("one")), one.general)
        await two.deliver(PostMessage(content("two")), two.general)
        outcome = await two.ana.command("ticket help", at=two.general)
        assert outcome.error is None
        assert [seen.content for seen in await one.ana.messages(one.general)] == ["one"]
        assert [seen.content for seen in await two.ana.messages(two.general)] == ["two"]
