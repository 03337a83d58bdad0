"""Commands, forms, buttons and menus over the gateway, with the answers that people see."""

from __future__ import annotations

import pytest

from chatdesk.contract.actions import ChooseOption, FormKind, OpenForm, RunVerb
from chatdesk.contract.inbound import (
    ChoiceMade,
    CommandGiven,
    FormChanged,
    FormOpened,
    FormSubmitted,
    Inbound,
    MessagePosted,
)
from chatdesk.contract.outbound import PostLine
from chatdesk.contract.ports import Accepted, Answer, Refused
from chatdesk.contract.questions import Choices, ChoicesOf
from chatdesk.contract.views import Button, ChoiceField, Form, Menu, Option, Panel, PersonField, TextField
from chatdesk.contract.vocabulary import Means
from tests.adapters.discord.conftest import World, connected, new_world

FORM = Form(
    "f1",
    "New ticket",
    "Create",
    (
        TextField("title", "Title", "Printer"),
        TextField("text", "What happened", required=False, multiline=True),
        ChoiceField("priority", "Priority", (Option("High", "high"), Option("Low", "low")), "low"),
        PersonField("person", "For whom", required=False),
    ),
    note="We answer **soon**.",
)


def opens(form: Form, then: Answer) -> object:
    def answer(event: Inbound) -> Answer:
        return Accepted(form=form) if isinstance(event, FormOpened | FormChanged) else then

    return answer


@pytest.mark.parametrize(
    ("path", "options", "verb", "arguments"),
    [
        ("ticket claim", {}, "claim", {}),
        ("ticket priority", {"priority": "high", "ticket": "7"}, "priority",
         {"priority": "high", "ticket": "7"}),
        ("ticket resolve", {"text": "new toner"}, "resolve", {"text": "new toner"}),
        ("ticket escalate", {"team": "network", "reason": "no idea"}, "escalate",
         {"team": "network", "reason": "no idea"}),
        ("ticket tag", {"tag": "vip", "action": "remove"}, "tag", {"tag": "vip", "action": "remove"}),
        ("ticket open", {"title": "Fire"}, "open", {"title": "Fire"}),
        ("ticket help", {}, "help", {}),
    ],
)  # fmt: skip
async def test_a_verb_with_its_arguments(
    world: World, path: str, options: dict[str, str], verb: str, arguments: dict[str, str]
) -> None:
    outcome = await world.ana.command(path, options, at=world.support)
    assert outcome.error is None
    event = await world.desk.received(CommandGiven)
    assert (event.command, event.verb, event.arguments) == ("ticket", verb, arguments)
    assert event.means is Means.COMMAND
    assert event.where is not None
    assert event.where.place == world.place(world.support)


async def test_people_are_named_by_their_identity(world: World) -> None:
    await world.ana.command("ticket people add", {"person": world.cleo.id}, at=world.support)
    event = await world.desk.received(CommandGiven)
    assert (event.verb, event.arguments) == (
        "people",
        {"action": "add", "person": f"discord/{world.cleo.id}"},
    )


async def test_a_command_of_the_desk(world: World) -> None:
    await world.ana.command("desk link", {"code": "1234"}, at=world.support)
    event = await world.desk.received(CommandGiven)
    assert (event.command, event.verb, event.arguments) == ("desk", "link", {"code": "1234"})


async def test_open_without_a_title_opens_the_form_with_the_category(world: World) -> None:
    world.desk.answering = opens(FORM, Accepted())  # type: ignore[assignment]
    outcome = await world.ana.command("ticket open", {"category": "it/printer"}, at=world.general)
    assert outcome.modal is not None
    event = await world.desk.received(FormOpened)
    assert (event.kind, event.capacity, event.prefill) == (FormKind.TICKET, 5, {"category": "it/printer"})


async def test_a_form_shows_its_fields(world: World) -> None:
    world.desk.answering = opens(FORM, Accepted())  # type: ignore[assignment]
    await world.ana.command("ticket open", at=world.general)
    modal = await world.ana.modal()
    assert modal is not None
    assert (modal.title, modal.texts) == ("New ticket", ("We answer **soon**.",))
    assert [field.label for field in modal.fields] == ["Title", "What happened", "Priority", "For whom"]
    assert modal.field("Title").value == "Printer"
    assert modal.field("Priority").options == (("High", "high"), ("Low", "low"))
    assert not modal.field("For whom").required


async def test_a_refused_form_can_be_opened_again(world: World) -> None:
    refused = Refused("Please correct this.", {"title": "Say *what* it is."})
    world.desk.answering = opens(FORM, refused)  # type: ignore[assignment]
    await world.ana.command("ticket open", at=world.general)
    values = {"Title": "x", "Priority": "High", "For whom": world.cleo.id}
    outcome = await world.ana.submit(values)
    (answer,) = outcome.messages
    assert answer.content == "Please correct this.\n• **Title**: Say *what* it is."
    submitted = await world.desk.received(FormSubmitted)
    assert submitted.values == {"title": "x", "text": "", "priority": "high", "person": world.cleo.id}
    again = await world.ana.click(world.general, answer.id, "Open the form again")
    assert again.modal is not None
    assert (await world.desk.received(FormChanged)).form == "f1"


async def test_a_form_is_submitted_after_a_restart() -> None:
    async with new_world() as world:
        world.desk.answering = opens(FORM, Accepted("Created."))  # type: ignore[assignment]
        async with connected(world.adapter, world.desk):
            await world.ana.command("ticket open", at=world.general)
        async with connected(world.adapter, world.desk):
            outcome = await world.ana.submit({"Title": "Fire"})
        assert [message.content for message in outcome.messages] == ["Created."]


async def test_buttons_and_menus_work_after_a_restart() -> None:
    controls = (
        Button("Claim", RunVerb("claim", 7)),
        Button("Reply", OpenForm(FormKind.REPLY, 7)),
        Button("Yes", ChooseOption("c1", "yes")),
        Menu("Status", RunVerb("status", 7), (Option("Pending", "pending"),)),
    )
    async with new_world() as world:
        async with connected(world.adapter, world.desk):
            receipt = await world.deliver(PostLine("Well?", controls), world.support)
        message = receipt.copies[0].ref.id.partition("/")[2]
        async with connected(world.adapter, world.desk):
            world.desk.answering = opens(FORM, Accepted())  # type: ignore[assignment]
            for button in ("Claim", "Yes"):
                assert (await world.ana.click(world.support, message, button)).error is None
            assert (await world.ana.click(world.support, message, "Reply")).modal is not None
            await world.ana.choose(world.support, message, "Status", "Pending")
            given = await world.desk.received(CommandGiven, lambda event: event.verb == "status")
            assert given.arguments == {"ticket": "7", "status": "pending"}
            assert given.means is Means.BUTTON
            choice = await world.desk.received(ChoiceMade)
            assert (choice.choice, choice.option) == ("c1", "yes")
            opened = await world.desk.received(FormOpened)
            assert (opened.kind, opened.ticket) == (FormKind.REPLY, 7)


async def test_a_button_with_nothing_to_say_says_nothing(world: World) -> None:
    receipt = await world.deliver(PostLine("Well?", (Button("Claim", RunVerb("claim", 7)),)), world.support)
    message = receipt.copies[0].ref.id.partition("/")[2]
    outcome = await world.ana.click(world.support, message, "Claim")
    assert (outcome.error, outcome.messages) == (None, ())


async def test_a_command_with_nothing_to_say_leaves_nothing(world: World) -> None:
    outcome = await world.ana.command("ticket claim", at=world.support)
    assert outcome.error is None
    await world.discord.control.wait_until_quiet()
    assert await world.ana.messages(world.support) == []


async def test_the_escalate_menu_names_the_message(world: World) -> None:
    message = await world.cleo.post(world.general, "help")
    await world.ana.context_menu("Escalate ticket", world.general, message.id)
    event = await world.desk.received(FormOpened)
    assert event.kind is FormKind.ESCALATE
    assert event.means is Means.SHORTCUT
    assert event.source is not None
    assert event.source.ref == world.ref(world.general, message.id)


async def test_the_desk_completes_what_is_typed(world: World) -> None:
    world.desk.choices = (Option("Ana", "person:1"), Option("Annika", "person:2"))
    offered = await world.ana.autocomplete(
        "ticket assign", {"agent": "an"}, focused="agent", at=world.support
    )
    assert offered == (("Ana", "person:1"), ("Annika", "person:2"))
    (question,) = [asked for asked in world.desk.questions if isinstance(asked, Choices)]
    assert (question.of, question.typed) == (ChoicesOf.AGENT, "an")


async def test_a_slow_desk_is_waited_for(world: World) -> None:
    world.desk.delay = 2.4
    world.desk.answering = lambda event: Accepted("At last.")
    outcome = await world.ana.command("ticket claim", at=world.support)
    assert (outcome.error, outcome.deferred) == (None, True)
    answer = await world.ana.wait_for(world.support, lambda seen: seen.content == "At last.")
    assert answer.ephemeral


async def test_a_slow_form_can_still_be_opened(world: World) -> None:
    world.desk.delay = 2.4
    world.desk.answering = lambda event: Accepted(form=FORM)
    await world.ana.command("ticket resolve", at=world.support)
    answer = await world.ana.wait_for(world.support, lambda seen: bool(seen.buttons))
    assert answer.buttons == ("Open the form again",)


async def test_a_broken_desk_gives_a_reference_and_no_secrets(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(event: Inbound) -> Answer:
        raise RuntimeError("out of cheese")

    world.desk.answering = broken
    outcome = await world.ana.command("ticket claim", at=world.support)
    (answer,) = outcome.messages
    assert answer.ephemeral
    reference = answer.content.rpartition("Reference: ")[2]
    assert reference and reference in caplog.text
    token = world.settings.token
    assert token is not None
    assert token.get_secret_value() not in caplog.text


async def test_a_panel_is_seen_by_everybody_and_opens_the_form(world: World) -> None:
    panel = Panel("Need help?", "Press **the button**.", (Button("New ticket", OpenForm(FormKind.TICKET)),))

    def answer(event: Inbound) -> Answer:
        return Accepted(form=FORM) if isinstance(event, FormOpened) else Accepted("Posted.", panel=panel)

    world.desk.answering = answer
    await world.ana.command("desk panel", at=world.general)
    shown = await world.cleo.wait_for(world.general, lambda seen: bool(seen.buttons))
    assert "Need help?" in shown.text
    assert not shown.ephemeral
    assert (await world.cleo.click(world.general, shown.id, "New ticket")).modal is not None


async def test_a_long_answer_comes_in_parts(world: World) -> None:
    world.desk.answering = lambda event: Accepted("\n\n".join(["word " * 200] * 5))
    await world.ana.command("ticket list", at=world.support)
    await world.discord.control.wait_until_quiet()
    answers = await world.ana.messages(world.support)
    assert len(answers) > 1
    assert " ".join(answer.content for answer in answers).split() == ["word"] * 1000
    assert all(answer.ephemeral for answer in answers)


async def test_a_command_in_a_dm(world: World) -> None:
    world.desk.answering = lambda event: Accepted("Yes.")
    dm = await world.cleo.dm_with_bot()
    outcome = await world.cleo.command("ticket list", at=dm)
    assert [message.content for message in outcome.messages] == ["Yes."]
    event = await world.desk.received(CommandGiven)
    assert event.where is not None
    assert event.where.place == world.place(dm)


async def test_commands_are_told_to_discord_only_when_they_changed() -> None:
    async with new_world() as world:
        for _ in range(2):
            async with connected(world.adapter, world.desk):
                pass
        told = [request for request in world.discord.requests if request.method == "PUT"]
        assert len(told) == 1


async def test_a_form_that_cannot_be_shown_is_said(world: World) -> None:
    twice = TextField("same", "Twice")
    world.desk.answering = lambda event: Accepted(form=Form("f9", "Broken", "Send", (twice, twice)))
    outcome = await world.ana.command("ticket open", at=world.general)
    assert outcome.error is None
    assert "Something went wrong" in outcome.messages[0].content


async def test_a_panel_where_the_bot_may_not_write_is_the_answer_itself(world: World) -> None:
    await world.discord.control.set_overwrite(world.general, world.application, deny=1 << 11)
    panel = Panel("Need help?", "Press.", (Button("New ticket", OpenForm(FormKind.TICKET)),))
    world.desk.answering = lambda event: Accepted(panel=panel)
    await world.ana.command("desk panel", at=world.general)
    shown = await world.cleo.wait_for(world.general, lambda seen: bool(seen.buttons))
    assert not shown.ephemeral


async def test_what_is_being_handled_is_finished_when_it_stops() -> None:
    async with new_world() as world:
        async with connected(world.adapter, world.desk):
            world.desk.delay = 0.5
            await world.cleo.post(world.general, "one last thing")
            await world.discord.control.wait_until_quiet()
        assert [event.body for event in world.desk.of(MessagePosted)] == ["one last thing"]
