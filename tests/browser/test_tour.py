"""The guided tour, taken step by step as a newcomer would."""

from __future__ import annotations

import pytest

from tests.browser.visitor import DISCORD, SLACK, Visitor

pytestmark = pytest.mark.browser


def test_eight_steps_each_ticked_when_it_is_done(visitor: Visitor) -> None:
    card = visitor.make_ticket("The printer is on fire")
    visitor.ticked("convert")
    card.get_by_role("button", name="Claim").click()
    visitor.ticked("claim")
    thread = visitor.open_thread(SLACK, "printer")
    visitor.write(thread, "Have you tried *water*?")
    visitor.ticked("answer")
    visitor.write(thread, "note: she has a gold contract")
    visitor.ticked("note")
    visitor.more(visitor.message(thread, "Have you tried"), "Edit message")
    visitor.form.get_by_role("textbox").fill("Have you tried _sand_?")
    visitor.form.get_by_role("button", name="Save").click()
    visitor.ticked("edit")
    visitor.go(DISCORD, "#1")
    visitor.message(visitor.main(DISCORD), "Have you tried sand?").locator("em").wait_for()
    assert not visitor.main(DISCORD).get_by_text("gold contract").count()
    visitor.close_thread(SLACK)
    card.get_by_role("button", name="Escalate").click()
    visitor.form.get_by_role("textbox").last.fill("Do we have sand?")
    visitor.form.get_by_role("button", name="Escalate").click()
    visitor.ticked("escalate")
    card.get_by_label("More", exact=True).select_option(label="Close")
    visitor.form.get_by_label("How was it solved?").click()
    visitor.page.get_by_role("option", name="Fixed").click()
    visitor.form.get_by_role("button", name="Close").click()
    visitor.ticked("close")
    visitor.write(visitor.main(DISCORD), "It burns again")
    visitor.ticked("reopen")
    visitor.page.get_by_text("8 of 8 steps done").wait_for()
