"""A message as HTML: who, when, what, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chatdesk_playground.page.html import Html, joined, tag, web_address
from chatdesk_playground.page.model import File, Look, MenuEntry, Message, Reaction

_EMOJI = {
    Look.SLACK: (
        ("👍", "+1"), ("✅", "white_check_mark"), ("👀", "eyes"), ("🎫", "ticket"), ("🚨", "rotating_light"),
        ("🎉", "tada"), ("😄", "smile"), ("🙏", "pray"), ("❤️", "heart"), ("🙌", "raised_hands"),
    ),
    Look.DISCORD: tuple((one, one) for one in ("👍", "✅", "👀", "🎫", "🚨", "🎉", "😄", "🙏", "❤️", "🙌")),
}  # fmt: skip
EDIT, DELETE, DISMISS, REPLY, THREAD = "edit", "delete", "dismiss", "reply", "thread"
NEW_THREAD = "new-thread"
OF_APP = "app:"
"""Before the name of an entry that is the app's."""


def message_html(look: Look, message: Message, menu: Sequence[MenuEntry]) -> Html:
    """One message; ``menu`` is what the app offers on it."""
    return tag(
        "article",
        tag("img", src=web_address(message.avatar), alt="", class_="avatar"),
        tag(
            "div",
            tag("div", f"↪ {message.quotes}", class_="quotes") if message.quotes else None,
            _heading(message),
            tag("div", message.body, class_="body")
            if not message.loading
            else tag("em", "chatdesk is thinking…"),
            joined(_file(one) for one in message.files),
            _reactions(message.reactions),
            _replies(look, message),
            class_="said",
        ),
        _tools(look, message, menu),
        class_="message only-you" if message.only_you else "message",
        data_message=message.key,
        tabindex="0",
        aria_label=f"{message.author}",
    )


def _heading(message: Message) -> Html:
    at = datetime.fromtimestamp(message.at).astimezone()
    return tag(
        "div",
        tag("strong", message.author, class_="author"),
        tag("span", "APP", class_="badge") if message.app else None,
        tag("time", f"{at:%H:%M}", datetime=at.isoformat(timespec="seconds")),
        tag("span", "(edited)", class_="small") if message.edited else None,
        tag("span", "Only visible to you", class_="badge alone") if message.only_you else None,
        class_="heading",
    )


def _file(file: File) -> Html:
    url = file.url if file.url.startswith("/files/") else web_address(file.url)
    label = f"📎 {file.name} ({_size(file.size)})"
    if file.is_image:
        picture = tag("img", src=url, alt=file.name, class_="picture", loading="lazy")
        return tag("a", picture, href=url, target="_blank", rel="noopener")
    return tag("div", tag("a", label, href=url, target="_blank", rel="noopener"), class_="file")


def _size(size: int) -> str:
    return (
        f"{size} B"
        if size < 1024
        else f"{size / 1024:.0f} KB"
        if size < 1024**2
        else f"{size / 1024**2:.1f} MB"
    )


def _reactions(reactions: Sequence[Reaction]) -> Html | None:
    if not reactions:
        return None
    chips = [
        tag(
            "button",
            f"{one.shown} {one.count}",
            type="button",
            class_="chip mine" if one.mine else "chip",
            title=", ".join(one.people),
            aria_pressed="true" if one.mine else "false",
            data_act="unreact" if one.mine else "react",
            data_name=one.name,
        )
        for one in reactions
        if one.count
    ]
    return tag("div", *chips, class_="chips")


def _replies(look: Look, message: Message) -> Html | None:
    """On Discord only what has a thread names one; on Slack every message may begin one."""
    if message.thread is None or (look is Look.SLACK and not message.replies):
        return None
    label = "1 reply" if message.replies == 1 else f"{message.replies} replies"
    if not message.replies:
        label = "Open"
    return tag("button", f"💬 {label}", type="button", class_="replies", data_act=THREAD)


def _tools(look: Look, message: Message, menu: Sequence[MenuEntry]) -> Html:
    if message.only_you:
        dismiss = tag("button", "Dismiss", type="button", data_act=DISMISS)
        return tag("div", dismiss, class_="tools")
    emoji = [tag("option", shown, value=name) for shown, name in _EMOJI[look]]
    lines = [tag("option", one.label, value=OF_APP + one.name) for one in menu]
    if look is Look.DISCORD and message.thread is None:
        lines.append(tag("option", "Create thread", value=NEW_THREAD))
    if message.own:
        lines += [tag("option", "Edit message", value=EDIT), tag("option", "Delete message", value=DELETE)]
    answer = ("Reply in thread", THREAD) if look is Look.SLACK else ("Reply", REPLY)
    can_answer = look is Look.DISCORD or message.thread is not None
    return tag(
        "div",
        _picker("React", "🙂", "react", emoji),
        tag("button", "💬", type="button", title=answer[0], aria_label=answer[0], data_act=answer[1])
        if can_answer
        else None,
        _picker("More actions", "⋯", "more", lines) if lines else None,
        class_="tools",
    )


def _picker(label: str, shown: str, act: str, options: Sequence[Html]) -> Html:
    """A menu that is back at its first line once something was chosen."""
    first = tag("option", shown, value="", selected=True)
    return tag("select", first, *options, aria_label=label, title=label, data_act=act, data_once=True)
