"""What people do on the page besides the tour."""

from __future__ import annotations

import json
import re
import statistics
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import playing, visiting
from tests.browser.visitor import DISCORD, SLACK, Visitor

pytestmark = pytest.mark.browser


def test_what_is_wrong_in_a_form_stands_beside_its_field(visitor: Visitor) -> None:
    card = visitor.make_ticket("The printer is on fire")
    card.get_by_label("More", exact=True).select_option(label="Resolve")
    visitor.form.get_by_role("button", name="Resolve").click()
    problem = visitor.form.locator(".q-field", has_text="How was it solved?").get_by_role("alert")
    expect(problem).to_have_text("Please complete this required field.")


def test_a_command_is_completed_to_its_end(visitor: Visitor) -> None:
    visitor.make_ticket("The printer is on fire")
    visitor.become(DISCORD, "Dora (agent)")
    visitor.go(DISCORD, "community-help")
    box = visitor.main(DISCORD).get_by_role("textbox").last
    options = visitor.main(DISCORD).get_by_role("option")
    box.press_sequentially("/tick")
    expect(options.filter(has_text="/ticket")).to_be_visible()
    box.press("Tab")
    expect(box).to_have_value("/ticket ")
    box.press_sequentially("li")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("/ticket list ")
    box.press("Enter")
    visitor.main(DISCORD).get_by_text("Only visible to you").wait_for()


def test_a_file_goes_across(visitor: Visitor, tmp_path: Path) -> None:
    picture = tmp_path / "fire.png"
    picture.write_bytes(red_picture(40, 30))
    visitor.make_ticket("The printer is on fire")
    visitor.go(DISCORD, "#1")
    visitor.write(visitor.main(DISCORD), "Look at this", [picture])
    thread = visitor.open_thread(SLACK, "printer")
    thread.get_by_text("Look at this").wait_for()
    shown = thread.get_by_alt_text("fire.png")
    shown.wait_for()
    assert shown.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 40


def test_what_goes_over_the_wire_is_found_opened_and_copied(visitor: Visitor) -> None:
    visitor.make_ticket("The printer is on fire")
    visitor.tab("Wire")
    visitor.page.get_by_label("Filter").fill("chat.postMessage")
    lines = visitor.page.locator(".wire-line")
    expect(lines.filter(has_not_text="chat.postMessage")).to_have_count(0)
    lines.first.locator("summary").click()
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lines.first.get_by_role("button", name="Copy").click()
    copied = json.loads(visitor.page.evaluate("navigator.clipboard.readText()"))
    assert copied["answer"]["ok"] and copied["arguments"]["channel"]


def test_what_a_fault_kept_back_is_delivered_again(visitor: Visitor) -> None:
    card = visitor.make_ticket("The printer is on fire")
    card.get_by_role("button", name="Claim").click()
    thread = visitor.open_thread(SLACK, "printer")
    visitor.tab("Faults")
    refused = visitor.page.get_by_label("Faults of Discord").get_by_label("New messages are refused")
    refused.click()
    visitor.write(thread, "Have you tried water?")
    answer = visitor.message(thread, "Have you tried water?")
    answer.locator(".chip", has_text="⚠️").wait_for()
    refused.click()
    thread.get_by_role("button", name=re.compile("again|Retry", re.IGNORECASE)).last.click()
    visitor.go(DISCORD, "#1")
    visitor.message(visitor.main(DISCORD), "Have you tried water?").wait_for()
    expect(answer.locator(".chip", has_text="⚠️")).to_have_count(0)


def test_another_day_it_goes_on_where_it_ended(browser: Browser, tmp_path: Path) -> None:
    with playing(tmp_path) as address, visiting(browser, address) as visitor:
        visitor.make_ticket("The printer is on fire").get_by_role("button", name="Claim").click()
        visitor.ticked("claim")
    with playing(tmp_path) as address, visiting(browser, address) as visitor:
        thread = visitor.open_thread(SLACK, "printer")
        visitor.write(thread, "Have you tried water?")
        visitor.go(DISCORD, "#1")
        visitor.message(visitor.main(DISCORD), "Have you tried water?").wait_for()


def test_two_hundred_messages_appear_in_order_and_the_page_goes_on(visitor: Visitor) -> None:
    """As fast as the control interface takes them, on both sides at once."""
    visitor.flood(200)
    waits = [
        visitor.time_until_there(side, place)
        for _ in range(10)
        for side, place in ((SLACK, "billing"), (DISCORD, "help"), (SLACK, "general"), (DISCORD, "general"))
    ]
    for side in (SLACK, DISCORD):
        visitor.main(side).get_by_text("number 200", exact=True).wait_for()
        while (shown := len(visitor.numbers(side))) < 200:
            visitor.main(side).get_by_role("button", name="Show earlier messages").click()
            expect(visitor.main(side).locator("article")).not_to_have_count(shown)
        assert visitor.numbers(side) == list(range(1, 201)), side
    print(f"\nmedian time until the page showed another channel: {statistics.median(waits):.0f} ms")


def red_picture(width: int, height: int) -> bytes:
    """A PNG."""
    rows = (b"\x00" + b"\xe0\x20\x20" * width) * height

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
