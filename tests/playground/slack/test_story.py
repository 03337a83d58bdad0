"""The thinnest whole story: every kind of thing once, on the real SDKs."""

from __future__ import annotations

from typing import Any

from tests.playground.slack.conftest import Connected


async def test_messages_commands_buttons_and_modals(connected: Connected) -> None:
    acme, bolt = connected.acme, connected.bolt
    heard: list[Any] = []

    @bolt.event("message")
    async def on_message(event: Any, say: Any) -> None:
        heard.append(event)
        if event.get("text") == "hello":
            await say(
                text="a card",
                blocks=[
                    {"type": "section", "text": {"type": "mrkdwn", "text": "*#1 hello*"}},
                    {
                        "type": "actions",
                        "elements": [
                            {
                                "type": "button",
                                "text": {"type": "plain_text", "text": "Claim"},
                                "action_id": "claim",
                                "value": "1",
                            }
                        ],
                    },
                ],
                thread_ts=event["ts"],
            )

    @bolt.action("claim")
    async def on_claim(ack: Any, body: Any, client: Any, respond: Any) -> None:
        await client.views_open(
            trigger_id=body["trigger_id"],
            view={
                "type": "modal",
                "callback_id": "form",
                "title": {"type": "plain_text", "text": "Claim"},
                "submit": {"type": "plain_text", "text": "OK"},
                "blocks": [
                    {
                        "type": "input",
                        "block_id": "why",
                        "label": {"type": "plain_text", "text": "Why"},
                        "element": {"type": "plain_text_input", "action_id": "value"},
                    }
                ],
            },
        )
        await respond(text="claimed", response_type="ephemeral", replace_original=False)
        await ack()

    @bolt.view("form")
    async def on_form(ack: Any, view: Any) -> None:
        if view["state"]["values"]["why"]["value"]["value"] == "no":
            await ack(response_action="errors", errors={"why": "say more"})
        else:
            await ack()

    @bolt.command("/ticket")
    async def on_ticket(ack: Any, command: Any) -> None:
        await ack(f"you said {command['text']}")

    posted = await acme.ana.post(acme.support, "hello")
    card = await acme.bo.wait_for(acme.support, lambda message: message.text == "a card", thread_ts=posted.ts)
    assert card.labels == ["Claim"]
    clicked = await acme.bo.click(acme.support, card.ts, "Claim")
    assert clicked.acknowledged
    assert clicked.view is not None
    assert clicked.view.title == "Claim"
    assert [message.text for message in clicked.messages] == ["claimed"]
    assert (await acme.bo.submit({"Why": "no"})).field_errors == {"Why": "say more"}
    assert (await acme.bo.submit({"Why": "because"})).closed
    assert await acme.bo.modal() is None
    said = await acme.ana.slash(acme.support, "/ticket", "assign @bo")
    assert [message.text for message in said.messages] == [f"you said assign <@{acme.bo.id}|bo>"]
    await acme.slack.control.wait_until_quiet()
    assert all(sent.acknowledged for sent in acme.slack.events)
