"""Bolt apps with something to click: actions, shortcuts, modals, options and the App Home."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.playground.sdk.conftest import Workspace
from tests.playground.sdk.test_bolt_talk import connected
from tests.playground.slack.samples import field, option, plain

pytestmark = pytest.mark.asyncio(loop_scope="module")


def mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": words}


def modal(title: str, *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "blocks": list(blocks), **more}


OPTIONS = [option("Tea", "tea"), option("Coffee", "coffee")]
ELEMENTS: tuple[dict[str, Any], ...] = (
    {"type": "button", "text": plain("Approve"), "action_id": "approve", "value": "7", "style": "primary"},
    {"type": "static_select", "placeholder": plain("Drink"), "action_id": "drink", "options": OPTIONS},
    {"type": "overflow", "action_id": "more", "options": OPTIONS},
    {"type": "users_select", "placeholder": plain("Who"), "action_id": "who"},
    {"type": "datepicker", "placeholder": plain("When"), "action_id": "when"},
    {"type": "external_select", "placeholder": plain("City"), "action_id": "city", "min_query_length": 1},
    {"type": "checkboxes", "action_id": "both", "options": OPTIONS},
    {"type": "radio_buttons", "action_id": "either", "options": OPTIONS},
    {"type": "multi_static_select", "placeholder": plain("All"), "action_id": "all", "options": OPTIONS},
)
VALUES = ("value", "selected_option", "selected_options", "selected_user", "selected_date")


async def test_actions_of_many_kinds_in_a_message(workspace: Workspace) -> None:
    bolt, at, ana = workspace.bolt(), workspace.general, workspace.ana
    acted: list[tuple[str, object]] = []

    @bolt.action({"block_id": "row"})
    async def row(ack: Any, action: Any) -> None:
        await ack()
        chosen = next(action[key] for key in VALUES if action.get(key) is not None)
        many = chosen if isinstance(chosen, list) else [chosen]
        plainly = [one["value"] if isinstance(one, dict) else one for one in many]
        acted.append((action["action_id"], plainly))

    @bolt.options("city")
    async def cities(ack: Any, payload: Any) -> None:
        names = ("Berlin", "Bern", "Rome")
        await ack(options=[option(name, name) for name in names if name.startswith(payload["value"])])

    @bolt.action("done")
    async def done(ack: Any, respond: Any, body: Any) -> None:
        await ack()
        await respond(text=f"done by {body['user']['name']}", replace_original=True)

    @bolt.action("away")
    async def away(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    @bolt.action("aside")
    async def aside(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="only you", replace_original=False)

    def buttons(*names: str) -> list[dict[str, Any]]:
        row = [{"type": "button", "text": plain(name.title()), "action_id": name} for name in names]
        return [{"type": "actions", "elements": row}]

    client = workspace.client()
    async with connected(workspace, bolt):
        blocks = [{"type": "actions", "block_id": "row", "elements": list(ELEMENTS)}]
        card = str((await client.chat_postMessage(channel=at, text="card", blocks=blocks))["ts"])
        assert (await ana.click(at, card, "Approve")).acknowledged
        chosen = (
            ("Drink", "Coffee", ["coffee"]), ("more", "Tea", ["tea"]), ("Who", ana.id, [ana.id]),
            ("When", "2026-11-21", ["2026-11-21"]), ("City", "Bern", ["Bern"]), ("both", ["Tea"], ["tea"]),
            ("either", "Tea", ["tea"]), ("All", ["Tea", "Coffee"], ["tea", "coffee"]),
        )  # fmt: skip
        for name, wanted, _ in chosen:
            assert (await ana.choose(at, card, name, wanted)).acknowledged, name
        ids = {"Drink": "drink", "Who": "who", "When": "when", "City": "city", "All": "all"}
        await workspace.slack.control.wait_until_quiet()
        assert acted == [("approve", ["7"]), *((ids.get(name, name), values) for name, _, values in chosen)]
        other = str(
            (await client.chat_postMessage(channel=at, text="x", blocks=buttons("done", "aside", "away")))[
                "ts"
            ]
        )
        await ana.click(at, other, "Aside")
        await ana.wait_for(at, lambda seen: seen.text == "only you" and seen.ephemeral)
        await ana.click(at, other, "Done")
        assert (await workspace.bo.wait_for(at, lambda seen: seen.text == "done by ana")).ts == other
        await client.chat_update(channel=at, ts=other, text="x", blocks=buttons("away"))
        await ana.click(at, other, "Away")
        await workspace.slack.control.wait_until_quiet()
        assert other not in [seen.ts for seen in await workspace.bo.messages(at)]


async def test_shortcuts_and_modals_that_update_push_complain_and_clear(workspace: Workspace) -> None:
    bolt, at, bo = workspace.bolt(), workspace.general, workspace.bo
    closed: list[object] = []
    form = modal(
        "Form",
        field("Name", {"type": "plain_text_input", "action_id": "v"}, block_id="name"),
        field("When", {"type": "timepicker", "action_id": "v"}, block_id="when", optional=True),
        field("Tell", {"type": "conversations_select", "action_id": "v", "response_url_enabled": True},
              block_id="tell", optional=True),
        {"type": "actions", "elements": [{"type": "button", "text": plain("Deeper"), "action_id": "deeper"}]},
        submit=plain("Send"), callback_id="form", notify_on_close=True, private_metadata="kept",
    )  # fmt: skip

    @bolt.shortcut("open")
    async def opened(ack: Any, shortcut: Any, client: Any) -> None:
        await ack()
        waiting = await client.views_open(
            trigger_id=shortcut["trigger_id"], view=modal("Wait", {"type": "section", "text": mrkdwn("…")})
        )
        view = waiting["view"]
        await client.views_update(view_id=view["id"], hash=view["hash"], view=form)

    @bolt.shortcut({"type": "message_action", "callback_id": "quote"})
    async def quote(ack: Any, shortcut: Any, respond: Any) -> None:
        await ack()
        await respond(f"> {shortcut['message']['text']}", response_type="in_channel")

    @bolt.action("deeper")
    async def deeper(ack: Any, body: Any, client: Any) -> None:
        await ack()
        second = modal("Second", {"type": "section", "text": mrkdwn("deep")}, submit=plain("Finish"),
                       callback_id="second", notify_on_close=True)  # fmt: skip
        await client.views_push(trigger_id=body["trigger_id"], view=second)

    @bolt.view("form")
    async def submitted(ack: Any, view: Any, body: Any, respond: Any) -> None:
        values = view["state"]["values"]
        name = values["name"]["v"]["value"]
        if name == "nobody":
            await ack(response_action="errors", errors={"name": "somebody, please"})
        elif name == "ana":
            text = f"{name} at {values['when']['v']['selected_time']}, {view['private_metadata']}"
            await ack(
                response_action="update", view=modal("Thanks", {"type": "section", "text": mrkdwn(text)})
            )
        elif name == "deep":
            await ack(response_action="push", view=modal("Pushed", submit=plain("OK"), callback_id="second"))
        else:
            await ack()
            assert [one["channel_id"] for one in body["response_urls"]] == [at]
            await respond(f"{name} was here", response_type="in_channel")

    @bolt.view("second")
    async def second(ack: Any) -> None:
        await ack(response_action="clear")

    @bolt.view_closed("form")
    async def gone(ack: Any, body: Any) -> None:
        await ack()
        closed.append(body["is_cleared"])

    @bolt.view_closed("second")
    async def second_gone(ack: Any) -> None:
        await ack()
        closed.append("second")

    async def open_form() -> None:
        assert (await bo.global_shortcut("open")).acknowledged
        await bo.wait_for_modal(lambda view: view.title == "Form")

    async with connected(workspace, bolt):
        await open_form()
        assert (await bo.submit({})).field_errors == {"Name": "Please complete this required field."}
        assert (await bo.submit({"Name": "nobody"})).field_errors == {"Name": "somebody, please"}
        await bo.submit({"Name": "ana", "When": "10:30"})
        assert (await bo.wait_for_modal(lambda view: view.title == "Thanks")).shown == "ana at 10:30, kept"
        await bo.close_modal()
        await open_form()
        await bo.modal_click("Deeper")
        await bo.wait_for_modal(lambda view: view.title == "Second")
        await bo.close_modal()
        assert (await bo.wait_for_modal()).title == "Form"
        await bo.submit({"Name": "deep"})
        await bo.wait_for_modal(lambda view: view.title == "Pushed")
        await bo.submit()
        assert await bo.modal() is None
        await open_form()
        await bo.close_modal(everything=True)
        await open_form()
        assert (await bo.submit({"Name": "Dan", "Tell": at})).closed
        await workspace.ana.wait_for(at, lambda seen: seen.text == "Dan was here")
        posted = await workspace.ana.post(at, "wise words")
        await bo.message_shortcut("quote", at, posted.ts)
        await workspace.ana.wait_for(at, lambda seen: seen.text == "> wise words")
    assert closed == ["second", True]


async def test_the_app_home_and_options_in_a_modal(workspace: Workspace) -> None:
    bolt, ana = workspace.bolt(), workspace.ana
    counts: dict[str, int] = {}
    opened = asyncio.Event()

    def home(count: int) -> dict[str, Any]:
        button = {"type": "button", "text": plain("Count"), "action_id": "count"}
        section = {"type": "section", "text": mrkdwn(f"*{count}*"), "accessory": button}
        return {"type": "home", "blocks": [section]}

    @bolt.event("app_home_opened")
    async def show(event: Any, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view=home(0))
        opened.set()

    @bolt.action("count")
    async def count(ack: Any, body: Any, client: Any) -> None:
        await ack()
        user = body["user"]["id"]
        counts[user] = counts.get(user, 0) + 1
        await client.views_publish(user_id=user, view=home(counts[user]), hash=body["view"]["hash"])

    @bolt.command("/pick")
    async def pick(ack: Any, body: Any, client: Any) -> None:
        await ack()
        select = {"type": "external_select", "action_id": "v", "min_query_length": 0}
        many = {"type": "multi_external_select", "action_id": "w", "min_query_length": 0}
        view = modal(
            "Pick", field("City", select, block_id="one"), field("Cities", many, block_id="many"),
            submit=plain("OK"), callback_id="picked",
        )  # fmt: skip
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @bolt.options("v")
    async def one(ack: Any, options: Any) -> None:
        names = ("Hamburg", "Augsburg")
        await ack(options=[option(name, "burg") for name in names if name.startswith(options["value"])])

    @bolt.options("w")
    async def grouped(ack: Any) -> None:
        await ack(
            option_groups=[
                {"label": plain("North"), "options": [option("Oslo", "oslo"), option("Kiel", "kiel")]}
            ]
        )

    @bolt.view("picked")
    async def picked(ack: Any, view: Any, client: Any, body: Any) -> None:
        await ack()
        values = view["state"]["values"]
        many = [chosen["value"] for chosen in values["many"]["w"]["selected_options"]]
        words = f"{values['one']['v']['selected_option']['value']} {many}"
        await client.chat_postMessage(channel=body["user"]["id"], text=words)

    async with connected(workspace, bolt):
        shown = await ana.open_home()
        assert shown is not None
        assert "*0*" in shown.shown
        for count_now in (1, 2):
            await ana.home_click("Count")
            await ana.wait_for_home(lambda view, now=count_now: f"*{now}*" in view.shown)  # type: ignore[misc]
        await ana.slash(workspace.general, "/pick")
        await ana.wait_for_modal()
        assert await ana.suggestions("City", "Ham") == ["Hamburg"]
        assert (await ana.submit({"City": "Hamburg", "Cities": ["Oslo", "Kiel"]})).closed
        await ana.wait_for(await ana.dm_with_bot(), lambda seen: seen.text == "burg ['oslo', 'kiel']")
