"""The page for people who see little, or use no mouse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visiting
from tests.browser.visitor import DISCORD, SLACK, Visitor

pytestmark = pytest.mark.browser

# Quasar's own bar, which is there while something is fetched; and the region it puts its notices in.
NOT_OURS = ("aria-progressbar-name", "region")
# axe takes the backdrop for what is behind a dialog's buttons, and behind those under it.
BEHIND_A_DIALOG = (*NOT_OURS, "color-contrast")


def problems(page: Page, without: Sequence[str] = NOT_OURS) -> Iterator[str]:
    """What axe has to say of the page as it stands."""
    page.wait_for_timeout(500)  # colours change slowly while things fade in
    options = {"rules": {rule: {"enabled": False} for rule in without}}
    for found in Axe().run(page, options=options).response["violations"]:
        for node in found["nodes"]:
            yield f"{found['id']}: {node['html'][:150]}"


@pytest.mark.parametrize("light", ["light", "dark"])
def test_everything_has_a_name_and_contrast(
    browser: Browser, address: str, light: Literal["light", "dark"]
) -> None:
    with visiting(browser, address, light) as visitor:
        card = visitor.make_ticket("The printer is on fire")
        thread = visitor.open_thread(SLACK, "printer")
        visitor.write(thread, "Have you tried *water*? `sudo` > https://a.example")
        visitor.message(thread, "sudo").wait_for()
        assert list(problems(visitor.page)) == []
        visitor.close_thread(SLACK)
        for tab in ("Ticket", "Wire", "Faults"):
            visitor.tab(tab)
            assert list(problems(visitor.page)) == [], tab
        card.get_by_role("button", name="Escalate").click()
        visitor.form.wait_for()
        assert list(problems(visitor.page, BEHIND_A_DIALOG)) == []


def test_a_ticket_without_a_mouse(visitor: Visitor) -> None:
    """From the composer to the message's menu, through the form, by keys alone."""
    keys = visitor.page.keyboard
    visitor.main(DISCORD).get_by_role("textbox").last.focus()
    keys.type("The printer is on fire")
    keys.press("Enter")
    message = visitor.message(visitor.main(DISCORD), "printer")
    message.wait_for()
    for _ in range(4):
        keys.press("Shift+Tab")
        if message.evaluate("one => one.contains(document.activeElement)"):
            break
    menu = message.get_by_label("More actions")
    expect(menu).to_be_focused()
    menu.select_option(label="Create ticket")
    visitor.form.wait_for()
    visitor.page.wait_for_function("document.querySelector('.q-dialog').contains(document.activeElement)")
    submit = visitor.form.get_by_role("button", name="Submit")
    for _ in range(25):
        if submit.evaluate("one => one === document.activeElement"):
            break
        keys.press("Tab")
    expect(submit).to_be_focused()
    keys.press("Enter")
    visitor.ticked("convert")
