"""A message as the page writes it."""

from __future__ import annotations

from dataclasses import replace

from chatdesk_playground.page.html import Html
from chatdesk_playground.page.messages import message_html
from chatdesk_playground.page.model import File, Look, MenuEntry, Message, Reaction, Spot

SAID = Message(key="1.2", author="Ana <b>", avatar="http://127.0.0.1/a.png", at=0.0, body=Html("<em>hi</em>"))
MENU = [MenuEntry("create_ticket", "Create ticket")]


def test_who_said_what_is_written_and_nobodys_name_does_anything() -> None:
    html = message_html(Look.SLACK, replace(SAID, edited=True, app=True), MENU)
    assert '<strong class="author">Ana &lt;b&gt;</strong>' in html
    assert "<em>hi</em>" in html and "(edited)" in html and ">APP<" in html
    assert '<option value="app:create_ticket">Create ticket</option>' in html


def test_only_what_is_ones_own_can_be_changed() -> None:
    assert "Edit message" not in message_html(Look.SLACK, SAID, MENU)
    assert "Edit message" in message_html(Look.SLACK, replace(SAID, own=True), MENU)


def test_what_only_one_sees_can_be_dismissed_and_nothing_else() -> None:
    html = message_html(Look.DISCORD, replace(SAID, only_you=True), MENU)
    assert "Only visible to you" in html and "Dismiss" in html and "Create ticket" not in html


def test_reactions_and_files() -> None:
    shown = replace(
        SAID,
        reactions=(Reaction("eyes", "👀", ("Ana", "Ben"), mine=True),),
        files=(File("a.txt", 2048, "/files/slack/F1", False), File("b.png", 9, "javascript:x", True)),
    )
    html = message_html(Look.SLACK, shown, [])
    assert 'title="Ana, Ben"' in html and 'data-act="unreact"' in html and "👀 2" in html
    assert "a.txt (2 KB)" in html and "javascript" not in html


def test_threads_as_each_platform_has_them() -> None:
    threaded = replace(SAID, thread=Spot("C1", "1.2"))
    assert "replies" not in message_html(Look.SLACK, threaded, [])
    assert "1 reply" in message_html(Look.SLACK, replace(threaded, replies=1), [])
    assert "Open" in message_html(Look.DISCORD, threaded, [])
    assert "Create thread" in message_html(Look.DISCORD, SAID, [])
