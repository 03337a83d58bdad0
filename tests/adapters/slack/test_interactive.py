"""Commands, shortcuts, buttons, menus, modals, App Home: what the desk hears and what the actor sees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatdesk.contract.actions import FormKind, OpenForm
from chatdesk.contract.inbound import (
    ChoiceMade,
    CommandGiven,
    CommandTyped,
    FormChanged,
    FormDismissed,
    FormOpened,
    FormSubmitted,
)
from chatdesk.contract.outbound import PostLine, ShowCard
from chatdesk.contract.ports import Accepted, Refused
from chatdesk.contract.views import Button, Panel, TextField
from chatdesk.contract.vocabulary import Means
from tests.adapters.slack.conftest import Workspace
from tests.adapters.slack.samples import CARD, FORM, HOME, QUESTION


async def shown_card(workspace: Workspace) -> str:
    """A card in #support; its ts."""
    receipt = await workspace.deliver(ShowCard(CARD))
    assert receipt.card is not None
    return receipt.card.id.partition("/")[2]


async def test_a_slash_command_is_answered_to_the_actor_alone(workspace: Workspace) -> None:
    workspace.desk.answers[CommandTyped] = Accepted("**Done**", controls=QUESTION)
    outcome = await workspace.ana.slash(workspace.support, "/ticket", "assign #7 @ben")
    typed = await workspace.desk.wait_for(CommandTyped)
    assert typed.text == f"assign #7 [@ben](person:slack/{workspace.ben.id})"
    assert (typed.means, typed.command) == (Means.COMMAND, "ticket")
    assert typed.where.place == workspace.place(workspace.support)
    assert outcome.acknowledged and outcome.messages[0].shown.startswith("*Done*")
    assert outcome.messages[0].labels == ["Create anyway", "Discard"]
    assert not await workspace.ben.messages(workspace.support)


async def test_the_desks_own_command(workspace: Workspace) -> None:
    outcome = await workspace.ana.slash(workspace.support, "/desk", "link")
    assert outcome.acknowledged and not outcome.messages
    assert (await workspace.desk.wait_for(CommandTyped)).command == "desk"


async def test_a_command_that_breaks_is_answered_with_a_reference(workspace: Workspace) -> None:
    workspace.desk.answers[CommandTyped] = RuntimeError("the password is swordfish")
    outcome = await workspace.ana.slash(workspace.support, "/ticket", "list")
    assert outcome.acknowledged
    assert "Reference" in outcome.messages[0].text and "swordfish" not in outcome.messages[0].text


async def test_a_command_may_show_a_panel_to_everybody(workspace: Workspace) -> None:
    button = Button("New ticket", OpenForm(FormKind.TICKET))
    workspace.desk.answers[CommandTyped] = Accepted(panel=Panel("Help", "Ask **us**.", (button,)))
    await workspace.ana.slash(workspace.support, "/desk", "setup")
    panel = await workspace.ben.wait_for(workspace.support, lambda message: "Ask *us*." in message.shown)
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    outcome = await workspace.ben.click(workspace.support, panel.ts, "New ticket")
    assert outcome.acknowledged
    await workspace.ben.wait_for_modal(lambda view: view.title == "New ticket")


async def test_a_command_may_be_answered_with_a_form(workspace: Workspace) -> None:
    workspace.desk.answers[CommandTyped] = Accepted(form=FORM)
    await workspace.ana.slash(workspace.support, "/ticket", "escalate #7")
    await workspace.ana.wait_for_modal(lambda view: view.title == "New ticket")


@pytest.mark.parametrize("words", ["", "open", " Open "])
async def test_opening_a_ticket_by_command_opens_the_form(workspace: Workspace, words: str) -> None:
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    outcome = await workspace.ana.slash(workspace.support, "/ticket", words)
    assert outcome.acknowledged
    opened = await workspace.desk.wait_for(FormOpened)
    assert (opened.kind, opened.means, opened.source) == (FormKind.TICKET, Means.COMMAND, None)
    modal = await workspace.ana.wait_for_modal(lambda view: bool(view.submit))
    assert modal.labels == ["Title", "Description", "Category", "Person"]
    assert modal.value("Title") == "Printer"
    assert modal.value("Category") == "Hardware"
    assert "The *team* answers within a day." in modal.shown


async def test_opening_with_a_title_is_a_command(workspace: Workspace) -> None:
    await workspace.ana.slash(workspace.support, "/ticket", "open the printer burns")
    assert (await workspace.desk.wait_for(CommandTyped)).text == "open the printer burns"


async def test_the_message_shortcut_brings_the_message_along(workspace: Workspace) -> None:
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    root = await workspace.ana.post(workspace.support, "root")
    said = await workspace.ana.post(
        workspace.support, "it *burns*, @ben", thread_ts=root.ts, files=[("a.txt", b"abc")]
    )
    outcome = await workspace.ben.message_shortcut("create_ticket", workspace.support, said.ts)
    assert outcome.acknowledged
    opened = await workspace.desk.wait_for(FormOpened)
    assert opened.source is not None
    assert opened.source.body == f"it **burns**, [@Ben](person:slack/{workspace.ben.id})"
    assert opened.source.author.identity.id == workspace.ana.id
    assert opened.source.thread == workspace.place(f"{workspace.support}/{root.ts}")
    assert [file.name for file in opened.source.files] == ["a.txt"]
    assert opened.actor.identity.id == workspace.ben.id
    await workspace.ben.wait_for_modal(lambda view: view.title == "New ticket")


async def test_the_escalation_shortcut_says_where(workspace: Workspace) -> None:
    card = await shown_card(workspace)
    said = await workspace.ana.post(workspace.support, "hm", thread_ts=card)
    await workspace.ana.message_shortcut("escalate_ticket", workspace.support, said.ts)
    opened = await workspace.desk.wait_for(FormOpened)
    assert opened.kind is FormKind.ESCALATE
    assert opened.where is not None
    assert opened.where.place == workspace.place(f"{workspace.support}/{card}")


async def test_a_refused_form_says_why_in_the_modal(workspace: Workspace) -> None:
    workspace.desk.answers[FormOpened] = Refused("You may **not**.")
    await workspace.ana.global_shortcut("new_ticket")
    modal = await workspace.ana.wait_for_modal(lambda view: "not" in view.shown)
    assert modal.shown == "You may *not*." and not modal.submit


async def test_a_submission_is_told_and_answered_where_it_was_opened(workspace: Workspace) -> None:
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    workspace.desk.answers[FormSubmitted] = Accepted("Your ticket is **#7**.")
    root = await workspace.ana.post(workspace.support, "root")
    reply = await workspace.ana.post(workspace.support, "reply", thread_ts=root.ts)
    await workspace.ana.message_shortcut("create_ticket", workspace.support, reply.ts)
    await workspace.ana.wait_for_modal(lambda view: view.title == "New ticket")
    result = await workspace.ana.submit({"Title": "Fire", "Category": "Software", "Person": workspace.ben.id})
    assert result.closed
    submitted = await workspace.desk.wait_for(FormSubmitted)
    assert submitted.form == "f1"
    assert submitted.values == {
        "title": "Fire",
        "description": "",
        "category": "sw",
        "person": workspace.ben.id,
    }
    await workspace.ana.wait_for(
        workspace.support,
        lambda message: message.ephemeral and message.text == "Your ticket is *#7*.",
        thread_ts=root.ts,
    )


async def test_a_form_from_nowhere_is_answered_in_a_direct_message(workspace: Workspace) -> None:
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    workspace.desk.answers[FormSubmitted] = Accepted("Your ticket is **#7**.")
    await workspace.ana.global_shortcut("new_ticket")
    await workspace.ana.wait_for_modal(lambda view: view.title == "New ticket")
    await workspace.ana.submit({"Title": "Fire"})
    dm = await workspace.ana.dm_with_bot()
    await workspace.ana.wait_for(dm, lambda message: message.text == "Your ticket is *#7*.")


async def test_errors_stand_in_their_fields_and_a_second_submission_is_a_new_one(
    workspace: Workspace,
) -> None:
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    workspace.desk.answers[FormSubmitted] = Refused("No.", {"title": "Too **short**."})
    await workspace.ana.global_shortcut("new_ticket")
    await workspace.ana.wait_for_modal(lambda view: view.title == "New ticket")
    result = await workspace.ana.submit({"Title": "x"})
    assert result.field_errors == {"Title": "Too short."} and not result.closed
    modal = await workspace.ana.modal()
    assert modal is not None and modal.value("Title") == "x"
    workspace.desk.answers[FormSubmitted] = Refused("It **changed** meanwhile.")
    result = await workspace.ana.submit({"Title": "y"})
    assert result.field_errors == {"Title": "It changed meanwhile."}
    workspace.desk.answers[FormSubmitted] = RuntimeError("broken")
    result = await workspace.ana.submit({"Title": "z"})
    assert "Reference" in result.field_errors["Title"]
    keys = {event.key for event in workspace.desk.seen(FormSubmitted)}
    assert len(keys) == 3


async def test_a_submission_may_be_answered_with_the_next_form(workspace: Workspace) -> None:
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    workspace.desk.answers[FormSubmitted] = Accepted(form=replace(FORM, id="f2", title="Once more"))
    await workspace.ana.global_shortcut("new_ticket")
    await workspace.ana.wait_for_modal(lambda view: view.title == "New ticket")
    await workspace.ana.submit({"Title": "x"})
    await workspace.ana.wait_for_modal(lambda view: view.title == "Once more")


async def test_a_field_that_others_depend_on_refreshes_the_form(workspace: Workspace) -> None:
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    longer = replace(FORM, fields=(*FORM.fields, TextField("version", "Version", required=False)))
    workspace.desk.answers[FormChanged] = Accepted(form=longer)
    await workspace.ana.global_shortcut("new_ticket")
    await workspace.ana.wait_for_modal(lambda view: view.title == "New ticket")
    await workspace.ana.modal_choose("Title", "Fire")
    await workspace.ana.modal_choose("Category", "Software")
    changed = await workspace.desk.wait_for(FormChanged)
    assert changed.form == "f1" and changed.values["category"] == "sw"
    modal = await workspace.ana.wait_for_modal(lambda view: "Version" in view.labels)
    assert modal.value("Title") == "Fire"


async def test_a_dismissed_form_is_told(workspace: Workspace) -> None:
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    await workspace.ana.global_shortcut("new_ticket")
    await workspace.ana.wait_for_modal(lambda view: view.title == "New ticket")
    await workspace.ana.close_modal()
    assert (await workspace.desk.wait_for(FormDismissed)).form == "f1"


async def test_buttons_and_menus_of_a_card(workspace: Workspace) -> None:
    card = await shown_card(workspace)
    workspace.desk.answers[CommandGiven] = Accepted("You have it **now**.")
    outcome = await workspace.ana.click(workspace.support, card, "Claim")
    assert outcome.acknowledged
    told = await workspace.ana.wait_for(workspace.support, lambda message: message.ephemeral)
    assert told.text == "You have it *now*."
    claimed = await workspace.desk.wait_for(CommandGiven)
    assert (claimed.verb, claimed.arguments, claimed.means) == ("claim", {"ticket": "7"}, Means.BUTTON)
    workspace.desk.answers[CommandGiven] = Accepted()
    await workspace.ben.choose(workspace.support, card, "Priority", "Urgent")
    raised = await workspace.desk.wait_for(CommandGiven, lambda event: event.verb == "priority")
    assert raised.arguments == {"ticket": "7", "priority": "urgent"}


async def test_the_further_actions_of_a_card(workspace: Workspace) -> None:
    card = await shown_card(workspace)
    message = (await workspace.ana.messages(workspace.support))[0]
    more = next(control for control in message.controls if control.type == "overflow")
    await workspace.ana.choose(workspace.support, card, more.action_id, "Release")
    released = await workspace.desk.wait_for(CommandGiven)
    assert (released.verb, released.arguments) == ("release", {"ticket": "7"})
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    await workspace.ana.choose(workspace.support, card, more.action_id, "Note")
    opened = await workspace.desk.wait_for(FormOpened)
    assert (opened.kind, opened.ticket) == (FormKind.NOTE, 7)
    await workspace.ana.wait_for_modal(lambda view: view.title == "New ticket")


async def test_a_question_goes_when_it_is_answered(workspace: Workspace) -> None:
    workspace.desk.answers[CommandTyped] = Accepted("Twice?", controls=QUESTION)
    workspace.desk.answers[ChoiceMade] = Accepted("As you like.")
    outcome = await workspace.ana.slash(workspace.support, "/ticket", "open it burns")
    await workspace.ana.click(workspace.support, outcome.messages[0].ts, "Create anyway")
    made = await workspace.desk.wait_for(ChoiceMade)
    assert (made.choice, made.option) == ("c1", "yes")
    await workspace.ana.wait_for(workspace.support, lambda message: message.text == "As you like.")
    assert [message.shown for message in await workspace.ana.messages(workspace.support)] == ["As you like."]


async def test_a_question_goes_where_there_is_nothing_to_say(workspace: Workspace) -> None:
    workspace.desk.answers[CommandTyped] = Accepted("Twice?", controls=QUESTION)
    outcome = await workspace.ana.slash(workspace.support, "/ticket", "open it burns")
    await workspace.ana.click(workspace.support, outcome.messages[0].ts, "Discard")
    await workspace.slack.control.wait_until_quiet()
    assert not await workspace.ana.messages(workspace.support)


async def test_an_answer_finds_its_way_when_its_address_has_expired(workspace: Workspace) -> None:
    card = await shown_card(workspace)
    await workspace.slack.control.set_timings(response_url=0)
    workspace.desk.answers[CommandGiven] = Accepted("You have it.")
    await workspace.ana.click(workspace.support, card, "Claim")
    await workspace.ana.wait_for(workspace.support, lambda message: message.text == "You have it.")


async def test_a_trigger_that_died_is_said(workspace: Workspace) -> None:
    await workspace.slack.control.set_timings(trigger=0)
    outcome = await workspace.ana.slash(workspace.support, "/ticket", "open")
    assert outcome.acknowledged and await workspace.ana.modal() is None
    await workspace.ana.wait_for(workspace.support, lambda message: "no longer open" in message.text)
    assert not workspace.desk.seen(FormOpened)


async def test_a_button_in_a_thread_is_answered_there(workspace: Workspace) -> None:
    root = await workspace.ana.post(workspace.support, "root")
    place = workspace.place(f"{workspace.support}/{root.ts}")
    receipt = await workspace.deliver(PostLine("Which?", QUESTION), place)
    workspace.desk.answers[ChoiceMade] = Refused("Not yours.")
    line = receipt.copies[0].ref.id.partition("/")[2]
    await workspace.ana.click(workspace.support, line, "Discard")
    told = await workspace.ana.wait_for(
        workspace.support, lambda message: message.ephemeral, thread_ts=root.ts
    )
    assert told.text == "Not yours."
    made = await workspace.desk.wait_for(ChoiceMade)
    assert made.where is not None and made.where.place == place


async def test_home_shows_tickets_and_follows_what_its_person_does(workspace: Workspace) -> None:
    workspace.desk.home = HOME
    await workspace.ana.open_home()
    home = await workspace.ana.wait_for_home(lambda view: "My tickets" in view.shown)
    assert "#7 Printer" in home.shown and "Nothing waits." in home.shown
    workspace.desk.answers[FormOpened] = Accepted(form=FORM)
    await workspace.ana.home_click("New ticket")
    await workspace.ana.wait_for_modal(lambda view: view.title == "New ticket")
    workspace.desk.home = replace(HOME, controls=())
    await workspace.ana.submit({"Title": "x"})
    await workspace.ana.wait_for_home(lambda view: not view.labels)


async def test_a_command_is_answered_quickly(workspace: Workspace) -> None:
    workspace.desk.answers[CommandTyped] = Accepted("Done.")
    outcomes = [await workspace.ana.slash(workspace.support, "/ticket", "list") for _ in range(9)]
    assert sorted(outcome.milliseconds for outcome in outcomes)[4] < 500
