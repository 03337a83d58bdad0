"""The messages of one place, and the composer below them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui

from chatdesk_playground.page import messages
from chatdesk_playground.page.acts import Did, listen
from chatdesk_playground.page.composer import Composer
from chatdesk_playground.page.html import Html, tag
from chatdesk_playground.page.keyed import KeyedList
from chatdesk_playground.page.model import HOME, Message, NotPossible, Spot, Suggestion, Written
from chatdesk_playground.page.side import Side

FIRST = 60
"""How many messages are shown before somebody asks for earlier ones."""


class Conversation:
    """``follow`` is called with a thread that somebody wants to see."""

    def __init__(
        self, side: Side, person: Callable[[], str], follow: Callable[[Spot], Awaitable[None]]
    ) -> None:
        self._side = side
        self._person = person
        self._follow = follow
        self._most = FIRST
        self.spot: Spot | None = None
        self._seen: Sequence[Message] = ()

    def build(self) -> None:
        self._earlier = ui.button("Show earlier messages", on_click=self._show_earlier).props("flat dense")
        self._scroll = ui.element("div").classes("messages").props('role="log" aria-live="polite"')
        self._list = KeyedList(self._scroll)
        listen(self._scroll, self._did)
        self._below = ui.element("div").classes("below")

    def open(self, spot: Spot, *, is_forum: bool = False, writes: bool = True) -> None:
        """Show another place, with a composer where people write there."""
        self.spot = spot
        self._most = FIRST
        self._list.clear()
        self._below.clear()
        if writes:
            with self._below:
                self.composer = Composer(self._send, self._complete, self._side.formatting)
                title = self._side.sight.title_of(self._person(), spot)
                self.composer.build(f"Message {title}", with_title=is_forum)
                self._build_shortcuts()
        self.refresh(to_end=True)

    def _build_shortcuts(self) -> None:
        entries = self._side.sight.shortcuts(self._person())
        if not entries:
            return
        with self.composer.tools:
            button = ui.button(icon="bolt").props('flat dense size=sm aria-label="Shortcuts"')
        with button, ui.menu():
            for entry in entries:
                ui.menu_item(entry.label, on_click=partial(self._use_shortcut, entry.name))

    async def _use_shortcut(self, entry: str) -> None:
        try:
            await self._side.hands.use_shortcut(self._person(), entry)
        except NotPossible as refused:
            ui.notify(str(refused), type="negative", multi_line=True)

    def refresh(self, *, to_end: bool = False) -> None:
        if self.spot is None:
            return
        person = self._person()
        home = self._side.sight.home(person) if self.spot.channel == HOME else None
        if home is not None:
            self._list.show([("home", tag("div", home, class_="body home"))])
            return
        self._seen = self._side.sight.messages(person, self.spot, self._most)
        self._earlier.set_visibility(len(self._seen) >= self._most)
        lines = [(one.key, self._shown(person, self.spot, one)) for one in self._seen]
        if self._list.show(lines) or to_end:
            self._scroll.run_method("scrollTo", 0, 10_000_000)

    def _shown(self, person: str, spot: Spot, message: Message) -> Html:
        menu = self._side.sight.menu(person, spot, message.key)
        return messages.message_html(self._side.look, message, menu)

    def _show_earlier(self) -> None:
        self._most += FIRST
        self.refresh()

    async def _send(self, written: Written) -> None:
        assert self.spot is not None, "there is no composer before a place is open"
        if written.text.startswith("/") and not written.files:
            await self._side.hands.command(self._person(), self.spot, written.text.strip())
        else:
            await self._side.hands.post(self._person(), self.spot, written)

    async def _complete(self, typed: str) -> Sequence[Suggestion]:
        return await self._side.hands.complete(self._person(), self.spot, typed) if self.spot else ()

    async def _did(self, did: Did) -> None:
        try:
            await self._do(did)
        except NotPossible as refused:
            ui.notify(str(refused), type="negative", multi_line=True)

    async def _do(self, did: Did) -> None:
        if self.spot is None:
            return
        side, person, spot = self._side, self._person(), self.spot
        message = next((one for one in self._seen if one.key == did.message), None)
        match did.act:
            case "press":
                await side.hands.press(person, spot, did.message, did.name)
            case "choose":
                await side.hands.choose(person, spot, did.message, did.name, did.value)
            case "react" | "unreact":
                await side.hands.react(person, spot, did.message, did.value or did.name, did.act == "react")
            case messages.DISMISS:
                await side.hands.delete(person, spot, did.message)
            case messages.THREAD if message is not None and message.thread is not None:
                await self._follow(message.thread)
            case messages.REPLY if message is not None:
                self.composer.reply_to(message.key, message.author)
            case "more" if message is not None:
                await self._more(did.value, message)

    async def _more(self, entry: str, message: Message) -> None:
        assert self.spot is not None, "a message stands in a place"
        if entry.startswith(messages.OF_APP):
            name = entry.removeprefix(messages.OF_APP)
            await self._side.hands.use(self._person(), self.spot, message.key, name)
        elif entry == messages.NEW_THREAD:
            thread = await ask("Create thread", "Its name", "")
            if thread:
                spot = await self._side.hands.start_thread(self._person(), self.spot, message.key, thread)
                await self._follow(spot)
        elif entry == messages.EDIT:
            await self._edit(self.spot, message)
        elif entry == messages.DELETE and await _sure():
            await self._side.hands.delete(self._person(), self.spot, message.key)

    async def _edit(self, spot: Spot, message: Message) -> None:
        changed = await ask("Edit message", "Message", message.source)
        if changed is not None:
            await self._side.hands.edit(self._person(), spot, message.key, changed)


async def ask(title: str, label: str, text: str) -> str | None:
    """What somebody writes into a dialog of one field; None if they cancel."""
    with ui.dialog().props(f'aria-label="{title}"') as dialog, ui.card().classes("form"):
        ui.label(title).classes("form-title")
        written = ui.textarea(label, value=text).props("outlined autogrow autofocus").classes("w-full")
        with ui.row().classes("form-buttons"):
            ui.button("Cancel", on_click=lambda: dialog.submit(None)).props("flat dense no-caps")
            ui.button("Save", on_click=lambda: dialog.submit(written.value)).props(
                "unelevated dense no-caps"
            ).classes("send")
    answer = await dialog
    dialog.delete()
    return None if answer is None else str(answer)


async def _sure() -> bool:
    with ui.dialog().props('aria-label="Delete"') as dialog, ui.card().classes("form"):
        ui.label("Delete this message?").classes("form-title")
        with ui.row().classes("form-buttons"):
            ui.button("Cancel", on_click=lambda: dialog.submit(False)).props("flat dense autofocus")
            ui.button("Delete", on_click=lambda: dialog.submit(True)).props("unelevated dense color=negative")
    answer = bool(await dialog)
    dialog.delete()
    return answer
