"""Modals, homes, triggers and hashes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatdesk_playground.slack import PlaygroundError
from tests.playground.slack.conftest import Connected
from tests.playground.slack.samples import EVERYTHING_MODAL, HOME, field, plain
from tests.playground.slack.test_chat import error_of


def modal(title: str, *blocks: Any, **more: Any) -> dict[str, Any]:
    """A small modal."""
    view = {"type": "modal", "title": plain(title), "submit": plain("OK"), "callback_id": "form"}
    return view | {"blocks": list(blocks)} | more


TITLE = field("Title", {"type": "plain_text_input", "action_id": "v", "max_length": 10}, block_id="title")
NOTE = field("Note", {"type": "plain_text_input", "action_id": "v"}, block_id="note", optional=True)


def triggers(connected: Connected) -> asyncio.Queue[str]:
    """The triggers of every /go."""
    found: asyncio.Queue[str] = asyncio.Queue()

    @connected.bolt.command("/go")
    async def on_go(ack: Any, body: Any) -> None:
        found.put_nowait(body["trigger_id"])
        await ack()

    return found


async def test_a_trigger_works_once_and_not_for_long(connected: Connected) -> None:
    acme, client, found = connected.acme, connected.acme.client(), triggers(connected)
    await acme.ana.slash(acme.support, "/go")
    trigger = await found.get()
    await client.views_open(trigger_id=trigger, view=modal("First"))
    assert await error_of(client.views_open(trigger_id=trigger, view=modal("x"))) == "exchanged_trigger_id"
    assert await error_of(client.views_open(trigger_id="1.2.3", view=modal("x"))) == "invalid_trigger_id"
    await acme.slack.control.set_timings(trigger=0.0)
    await acme.ana.slash(acme.support, "/go")
    late = client.views_open(trigger_id=await found.get(), view=modal("x"))
    assert await error_of(late) == "expired_trigger_id"
    shown = await acme.ana.modal()
    assert shown is not None
    assert shown.title == "First"


async def test_updates_keep_what_was_typed_and_hashes_guard_them(connected: Connected) -> None:
    acme, client, found = connected.acme, connected.acme.client(), triggers(connected)
    await acme.ana.slash(acme.support, "/go")
    opened = (await client.views_open(trigger_id=await found.get(), view=modal("Form", TITLE)))["view"]
    await acme.ana.modal_choose("Title", "broken")
    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Form", TITLE, NOTE))
    shown = await acme.ana.modal()
    assert shown is not None
    assert (shown.labels, shown.value("Title")) == (["Title", "Note"], "broken")
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Form"))
    assert await error_of(stale) == "hash_conflict"
    assert await error_of(client.views_update(view_id="V404", view=modal("Form"))) == "not_found"


async def test_slacks_own_checks_come_before_the_app(connected: Connected) -> None:
    acme, client, found = connected.acme, connected.acme.client(), triggers(connected)
    await acme.ana.slash(acme.support, "/go")
    await client.views_open(trigger_id=await found.get(), view=modal("Form", TITLE, NOTE))
    empty = await acme.ana.submit()
    assert empty.field_errors == {"Title": "Please complete this required field."}
    long = await acme.ana.submit({"Title": "much too long"})
    assert long.field_errors == {"Title": "This field is too long: 13 of 10 characters."}
    assert [sent.kind for sent in acme.slack.events] == ["slash_commands"]


async def test_every_answer_to_a_submission(connected: Connected) -> None:
    acme, client, found = connected.acme, connected.acme.client(), triggers(connected)
    answers: list[dict[str, Any]] = [
        {"response_action": "update", "view": modal("Second", TITLE)},
        {"response_action": "push", "view": modal("Third")},
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {},
        {"response_action": "clear"},
    ]

    @connected.bolt.view("form")
    async def on_form(ack: Any) -> None:
        await ack(**answers.pop(0))

    await acme.ana.slash(acme.support, "/go")
    await client.views_open(trigger_id=await found.get(), view=modal("First", TITLE))
    updated = await acme.ana.submit({"Title": "x"})
    assert updated.view is not None
    assert (updated.view.title, updated.closed) == ("Second", False)
    pushed = await acme.ana.submit()
    assert pushed.view is not None
    assert pushed.view.title == "Third"
    assert (await acme.ana.submit()).error
    back = await acme.ana.submit()
    assert back.closed
    assert back.view is not None
    assert back.view.title == "Second"
    cleared = await acme.ana.submit()
    assert (cleared.closed, cleared.view) == (True, None)


async def test_three_views_are_the_deepest_stack(connected: Connected) -> None:
    acme, client, found = connected.acme, connected.acme.client(), triggers(connected)
    await acme.ana.slash(acme.support, "/go")
    await client.views_open(trigger_id=await found.get(), view=modal("1"))
    for title in ("2", "3"):
        await acme.ana.slash(acme.support, "/go")
        await client.views_push(trigger_id=await found.get(), view=modal(title))
    await acme.ana.slash(acme.support, "/go")
    deeper = client.views_push(trigger_id=await found.get(), view=modal("4"))
    assert await error_of(deeper) == "push_limit_reached"


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal("x" * 25), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal("x", private_metadata="x" * 3001), "must be less than 3001 characters"),
        (modal("x", *[{"type": "divider"}] * 101), "no more than 100 items allowed"),
        (modal("x", TITLE) | {"submit": None}, "missing required field: submit"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        (modal("x", {"type": "chart"}), "unsupported type: chart [json-pointer:/view/blocks/0/type]"),
        (modal("x", colour="red"), "invalid additional property: colour"),
    ],
)
async def test_bad_views_are_explained(connected: Connected, view: Any, problem: str) -> None:
    acme, client, found = connected.acme, connected.acme.client(), triggers(connected)
    await acme.ana.slash(acme.support, "/go")
    trigger = await found.get()
    assert await error_of(client.views_open(trigger_id=trigger, view=view)) == "invalid_arguments"
    messages = acme.slack.requests[-1].answer["response_metadata"]
    assert problem in str(messages)
    await client.views_open(trigger_id=trigger, view=modal("Still a good trigger"))


async def test_a_home_is_published_and_used(connected: Connected) -> None:
    acme, clicks = connected.acme, list[Any]()

    @connected.bolt.event("app_home_opened")
    async def on_home(event: Any, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view=HOME)

    @connected.bolt.action("refresh")
    async def on_refresh(ack: Any, body: Any) -> None:
        clicks.append(body["view"]["type"])
        await ack()

    home = await acme.ana.open_home()
    assert home is not None
    assert "Your tickets" in home.shown
    assert (await acme.ana.home_click("Refresh")).acknowledged
    assert clicks == ["home"]
    conflict = acme.client().views_publish(user_id=acme.ana.id, view=HOME, hash="old")
    assert await error_of(conflict) == "hash_conflict"


async def test_closing_tells_the_app_where_it_asked(connected: Connected) -> None:
    acme, client, found = connected.acme, connected.acme.client(), triggers(connected)
    closed: list[bool] = []

    @connected.bolt.view_closed("form")
    async def on_closed(ack: Any, body: Any) -> None:
        closed.append(body["is_cleared"])
        await ack()

    await acme.ana.slash(acme.support, "/go")
    await client.views_open(trigger_id=await found.get(), view=modal("1", notify_on_close=True))
    assert (await acme.ana.close_modal()).acknowledged
    assert closed == [False]
    with pytest.raises(PlaygroundError, match="no modal"):
        await acme.ana.submit()


async def test_fields_are_found_by_what_a_human_reads(connected: Connected) -> None:
    acme, client, found = connected.acme, connected.acme.client(), triggers(connected)
    await acme.ana.slash(acme.support, "/go")
    await client.views_open(trigger_id=await found.get(), view=EVERYTHING_MODAL)
    await acme.ana.modal_choose("Tags", ["a"])
    shown = await acme.ana.modal()
    assert shown is not None
    assert (shown.value("Tags"), shown.value("Kind")) == ("a", "Bug")
    with pytest.raises(PlaygroundError, match=r"nothing called 'Colour' there; there are \['Title'"):
        await acme.ana.modal_choose("Colour", "red")
    with pytest.raises(PlaygroundError, match="no option 'Software'; offered are"):
        await acme.ana.modal_choose("Category", "Software")
