"""What somebody does on the page, with the names that stand on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page

SLACK, DISCORD = "slack", "discord"
_GO = """(pane, name) => new Promise((done) => {
  const begun = performance.now();
  const look = () => pane.querySelector('.place.here .name').innerText === name
    ? done(performance.now() - begun) : requestAnimationFrame(look);
  [...pane.querySelectorAll('.place')].find((one) => one.querySelector('.name').innerText === name).click();
  look();
})"""


def _post(about: Any, side: str, count: int) -> None:
    """Post "number 1" and so on, one after the other."""
    general = about["places"]["general"]
    if side == SLACK:
        url = f"{about['control']}/people/post"
        who = {"team": about["installation"], "user": about["people"]["sam"], "channel": general}
    else:
        url = f"{about['control']}/users/{about['people']['dan']}/post"
        who = {"channel_id": general}
    for number in range(1, count + 1):
        body = json.dumps({**who, "text": f"number {number}"}).encode()
        urlopen(Request(url, body, {"Content-Type": "application/json"})).close()


@dataclass(frozen=True, slots=True)
class Visitor:
    page: Page

    def pane(self, side: str) -> Locator:
        return self.page.locator(f"section.{side}")

    def main(self, side: str) -> Locator:
        return self.pane(side).locator(".conversation:not(.thread)")

    def thread(self, side: str) -> Locator:
        return self.pane(side).locator(".conversation.thread")

    def write(self, where: Locator, text: str, files: Sequence[Path] = ()) -> None:
        if files:
            where.locator("input[type=file]").set_input_files([str(one) for one in files])
            where.locator(".composer-tools", has_text=files[-1].name).wait_for()
        box = where.get_by_role("textbox").last
        box.fill(text)
        box.press("Enter")

    def message(self, where: Locator, words: str) -> Locator:
        return where.locator("article", has_text=words).last

    def more(self, message: Locator, entry: str) -> None:
        message.get_by_label("More actions").select_option(label=entry)

    def go(self, side: str, place: str) -> None:
        self.pane(side).locator(".place", has_text=place).first.click()
        self.pane(side).locator(".place.here", has_text=place).wait_for()

    def become(self, side: str, person: str) -> None:
        self.pane(side).get_by_label("You are").click()
        self.page.get_by_role("option", name=person).click()

    def open_thread(self, side: str, words: str) -> Locator:
        self.message(self.main(side), words).locator("[data-act=thread]").first.click()
        self.thread(side).get_by_role("log").locator("article").first.wait_for()
        return self.thread(side)

    def close_thread(self, side: str) -> None:
        self.thread(side).get_by_label("Close thread").click()

    def flood(self, count: int) -> None:
        """Begin to post so many messages to #general on both sides, as fast as they are taken."""
        address = self.page.url.rstrip("/")
        with urlopen(f"{address}/about") as answer:
            about = json.load(answer)
        for side in (SLACK, DISCORD):
            Thread(target=_post, args=(about[side], side, count), daemon=True).start()

    def time_until_there(self, side: str, place: str) -> float:
        """Go somewhere; milliseconds until the page shows it, by the browser's own clock."""
        return float(self.pane(side).evaluate(_GO, place))

    def numbers(self, side: str) -> list[int]:
        """The numbers that end the messages on the page, from top to bottom."""
        shown = self.main(side).locator("article .body").all_inner_texts()
        return [int(words.split()[-1]) for words in shown]

    @property
    def form(self) -> Locator:
        return self.page.locator(".q-dialog .form")

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def ticked(self, step: str) -> None:
        self.page.locator(f"[data-step={step}].done").wait_for()

    def make_ticket(self, words: str) -> Locator:
        """Cleo writes in Discord's #help and makes a ticket of it; its card in Slack's #support."""
        self.write(self.main(DISCORD), words)
        self.more(self.message(self.main(DISCORD), words), "Create ticket")
        self.form.get_by_role("button", name="Submit").click()
        card = self.message(self.main(SLACK), words)
        card.get_by_role("button", name="Claim").wait_for()
        return card
