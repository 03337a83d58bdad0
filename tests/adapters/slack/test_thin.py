"""The main path: connected, a message in, a card with buttons, a slash command, a post out."""

from __future__ import annotations

from chatdesk.contract.actions import FormKind, OpenForm, RunVerb
from chatdesk.contract.inbound import (
    CommandGiven,
    CommandTyped,
    Connected,
    FormOpened,
    FormSubmitted,
    MessagePosted,
)
from chatdesk.contract.outbound import Author, Content, PostMessage, ShowCard
from chatdesk.contract.ports import Accepted
from chatdesk.contract.views import Button, Card, CardLine, Form, Menu, Option, TextField
from tests.adapters.slack.conftest import Workspace

CARD = Card(
    number=7,
    title="Printer on fire",
    status="new",
    mark="🔴",
    colour=0xFF0000,
    facts=(CardLine("Requester", "Cleo"),),
    summary="It *burns*.",
    source_link="https://example.test/x",
    controls=(
        Button("Claim", RunVerb("claim", 7)),
        Menu("Priority", RunVerb("priority", 7), (Option("Urgent", "urgent"), Option("Low", "low"))),
        Button("Escalate", OpenForm(FormKind.ESCALATE, 7)),
    ),
)


async def test_connected_and_message(workspace: Workspace) -> None:
    connected = workspace.desk.seen(Connected)[0]
    assert connected.installation == workspace.installation
    said = await workspace.ana.post(workspace.support, "hello *you*")
    posted = await workspace.desk.wait_for(MessagePosted)
    assert posted.ref.id == f"{workspace.support}/{said.ts}"
    assert posted.body == "hello **you**"
    assert posted.thread == workspace.place(f"{workspace.support}/{said.ts}")


async def test_card_and_buttons(workspace: Workspace) -> None:
    receipt = await workspace.deliver(ShowCard(CARD))
    assert receipt.card and receipt.opened
    ts = receipt.card.id.partition("/")[2]
    workspace.desk.answers[CommandGiven] = Accepted("You have it now.")
    outcome = await workspace.ana.click(workspace.support, ts, "Claim")
    assert outcome.acknowledged, outcome
    given = await workspace.desk.wait_for(CommandGiven)
    assert (given.verb, given.arguments) == ("claim", {"ticket": "7"})
    assert [m.shown for m in outcome.messages] == ["You have it now."]
    await workspace.ben.choose(workspace.support, ts, "Priority", "Urgent")
    given = await workspace.desk.wait_for(CommandGiven, lambda e: e.verb == "priority")
    assert given.arguments == {"ticket": "7", "priority": "urgent"}


async def test_slash(workspace: Workspace) -> None:
    workspace.desk.answers[CommandTyped] = Accepted("Done **well**")
    outcome = await workspace.ana.slash(workspace.support, "/ticket", "claim #7")
    assert outcome.acknowledged, outcome
    assert [m.text for m in outcome.messages] == ["Done *well*"]


async def test_form(workspace: Workspace) -> None:
    workspace.desk.answers[FormOpened] = Accepted(
        form=Form("f1", "New ticket", "Create", (TextField("title", "Title"),))
    )
    workspace.desk.answers[FormSubmitted] = Accepted("Ticket **#7**")
    outcome = await workspace.ana.slash(workspace.support, "/ticket")
    assert outcome.acknowledged, outcome
    modal = await workspace.ana.wait_for_modal(lambda view: view.labels == ["Title"])
    assert modal.title == "New ticket"
    result = await workspace.ana.submit({"Title": "x"})
    assert result.closed, result
    submitted = await workspace.desk.wait_for(FormSubmitted)
    assert (submitted.form, submitted.values) == ("f1", {"title": "x"})
    await workspace.ana.wait_for(workspace.support, lambda m: m.ephemeral and "*#7*" in m.text)


async def test_post_out(workspace: Workspace) -> None:
    content = Content("p1", Author("Cleo", "https://example.test/c.png"), "Hi **there**", (), False)
    receipt = await workspace.deliver(PostMessage(content))
    seen = await workspace.ana.wait_for(workspace.support, lambda m: m.author == "Cleo")
    assert seen.text == "Hi *there*"
    assert [copy.ref.id for copy in receipt.copies] == [f"{workspace.support}/{seen.ts}"]
    await workspace.slack.control.wait_until_quiet()
    assert not workspace.desk.seen(MessagePosted)
