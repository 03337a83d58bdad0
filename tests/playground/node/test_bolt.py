"""@slack/bolt, over Socket Mode and over HTTP: one bot, and two people who use all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from chatdesk_playground.faults import Fault, FaultKind
from chatdesk_playground.slack import InstalledApp, SeenMessage, SlackHuman, SlackPlayground
from tests.playground.node.running import running
from tests.playground.slack.conformance import reference_directory, violations

pytestmark = [pytest.mark.node, pytest.mark.usefixtures("node")]


@dataclass(frozen=True, slots=True)
class Office:
    """A workspace in which the bot runs."""

    slack: SlackPlayground
    app: InstalledApp
    ana: SlackHuman
    bo: SlackHuman
    lunch: str

    async def card(self) -> SeenMessage:
        """Ana asks for a survey; the card that the bot answers with."""
        asked = await self.ana.post(self.lunch, "survey please")
        return await self.ana.wait_for(
            self.lunch, lambda message: message.text == "A survey", thread_ts=asked.ts
        )

    async def wait_for(self, text: str, *, thread_ts: str | None = None) -> SeenMessage:
        """A message whose text this is, as Ana sees it."""
        return await self.ana.wait_for(self.lunch, lambda message: message.text == text, thread_ts=thread_ts)


@asynccontextmanager
async def office(mode: str, **more: str) -> AsyncIterator[Office]:
    """The bot at work, which leaves nothing unanswered."""
    async with SlackPlayground.running() as slack:
        app = await slack.control.create_workspace("office", app_name="survey")
        ana = await slack.control.create_user(app.team_id, "ana", display_name="Ana")
        bo = await slack.control.create_user(app.team_id, "bo", display_name="Bo")
        lunch = await slack.control.create_channel(app.team_id, "lunch", members=[ana.id, bo.id])
        settings = {
            "MODE": mode,
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_SIGNING_SECRET": app.signing_secret,
        }
        async with running("bolt.mjs", **settings, **more) as ready:
            if mode == "http":
                await slack.control.set_request_url(app.team_id, ready)
            else:
                await slack.control.wait_connected(app.team_id)
            yield Office(slack, app, ana, bo, lunch)
            await slack.control.wait_until_quiet()
            assert [sent for sent in slack.events if not sent.acknowledged] == []
            assert [request for request in slack.requests if request.status not in (200, 429)] == []
            reference = reference_directory()
            assert reference is None or violations(slack.events, reference) == []


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_survey_from_the_first_message_to_the_last_file(mode: str) -> None:
    async with office(mode) as place:
        await _messages_and_threads(place)
        await _buttons_and_menus(place)
        await _modals(place)
        await _commands_and_shortcuts(place)
        await _files(place)
        await _home(place)


async def _messages_and_threads(place: Office) -> None:
    ana, bo, lunch = place.ana, place.bo, place.lunch
    card = await place.card()
    assert card.thread_ts is not None
    assert card.labels[:2] == ["Answer", "Mood"]
    asked = next(message for message in await ana.messages(lunch) if message.ts == card.thread_ts)
    assert asked.reactions == {"eyes": [place.app.bot_user_id]}
    await bo.post(lunch, "me too", thread_ts=card.thread_ts)
    await bo.post(lunch, "count replies", thread_ts=card.thread_ts)
    await place.wait_for("replies: 4 true", thread_ts=card.thread_ts)
    await bo.post(lunch, f"<@{place.app.bot_user_id}> are you here?")
    answer = await place.wait_for(f"Yes, <@{bo.id}>?")
    await bo.react(lunch, answer.ts, "wastebasket")
    edited = await bo.post(lunch, "teh menu")
    await bo.edit(lunch, edited.ts, "the menu")
    await bo.wait_for(lunch, lambda message: message.ephemeral and message.text == "was: teh menu")
    await place.slack.control.wait_until_quiet()
    assert answer.ts not in [message.ts for message in await ana.messages(lunch)]


async def _buttons_and_menus(place: Office) -> None:
    ana, lunch = place.ana, place.lunch
    card = await place.card()
    mood = await ana.choose(lunch, card.ts, "Mood", "Good")
    assert mood.acknowledged
    await ana.wait_for(lunch, lambda message: message.ephemeral and message.text == "Mood: good")
    assert (await ana.choose(lunch, card.ts, "menu", "Pin")).acknowledged
    await place.wait_for("Pinned", thread_ts=card.thread_ts)
    other = await place.card()
    assert (await ana.choose(lunch, other.ts, "menu", "Withdraw")).acknowledged
    await place.slack.control.wait_until_quiet()
    assert other.ts not in [message.ts for message in await ana.messages(lunch, thread_ts=other.thread_ts)]


async def _modals(place: Office) -> None:
    ana, lunch = place.ana, place.lunch
    card = await place.card()
    await ana.click(lunch, card.ts, "Answer")
    await ana.wait_for_modal(lambda view: view.title == "Survey")
    assert await ana.suggestions("Fruit", "ap") == ["Apple", "Apricot"]
    await ana.modal_click("Help")
    await ana.wait_for_modal(lambda view: view.title == "Help")
    await ana.close_modal()
    await ana.modal_click("Rename")
    await ana.wait_for_modal(lambda view: view.title == "Poll")
    assert (await ana.submit({"Why": "no"})).field_errors == {"Why": "Say more"}
    assert (await ana.submit({"Why": "hungry", "Fruit": "Apricot"})).closed
    await place.wait_for("ana: hungry, apricot", thread_ts=card.thread_ts)


async def _commands_and_shortcuts(place: Office) -> None:
    ana, bo, lunch = place.ana, place.bo, place.lunch
    said = await bo.slash(lunch, "/survey", "soup & bread")
    assert [message.text for message in said.messages] == ["Working on soup & bread"]
    await place.wait_for("bo asks for soup & bread")
    await bo.slash(lunch, "/survey", "unknown")
    await bo.wait_for(lunch, lambda message: message.text == "No: unknown_method")
    posted = await ana.post(lunch, "what shall we eat")
    await bo.message_shortcut("to_survey", lunch, posted.ts)
    await bo.wait_for_modal(lambda view: view.title == "From a message")
    await bo.close_modal()
    await bo.wait_for(await bo.dm_with_bot(), lambda message: message.text == "Dismissed, all of it: false")
    await bo.global_shortcut("new_survey")
    await bo.wait_for_modal(lambda view: view.title == "From anywhere")
    await bo.close_modal(everything=True)
    await bo.wait_for(await bo.dm_with_bot(), lambda message: message.text == "Dismissed, all of it: true")


async def _files(place: Office) -> None:
    ana, lunch = place.ana, place.lunch
    sent = await ana.upload(lunch, ("menu.bin", bytes(range(256))), text="the menu")
    came = await place.wait_for("menu.bin backwards", thread_ts=sent.ts)
    assert [(file.name, file.title) for file in came.files] == [
        ("backwards-menu.bin", "Backwards"),
        ("note.txt", "note.txt"),
    ]
    assert await ana.download(came.files[0]) == bytes(reversed(range(256)))
    assert await ana.download(came.files[1]) == b"plain"


async def _home(place: Office) -> None:
    await place.ana.open_home()
    await place.ana.wait_for_home(lambda view: "Welcome, Ana" in view.shown)
    await place.ana.home_click("Begin")
    await place.ana.wait_for_home(lambda view: view.shown == "Begun")


async def test_a_socket_that_is_told_to_go_or_cut_comes_back() -> None:
    async with office("socket") as place:
        control, team = place.slack.control, place.app.team_id
        for end in (control.disconnect, control.cut_sockets):
            await end(team)
            await control.wait_connected(team, count=0)
            await control.wait_connected(team, timeout=20)  # the SDK waits five seconds
            await place.card()
            await control.wait_until_quiet()


async def test_a_rate_limit_is_waited_for() -> None:
    async with office("socket", LOG_LEVEL="error") as place:
        fault = Fault(FaultKind.RATE_LIMITED, where="chat.postMessage", seconds=1)
        await place.slack.control.misbehave(fault)
        await place.card()
        posts = [request.status for request in place.slack.requests if request.method == "chat.postMessage"]
        assert posts == [429, 200]
