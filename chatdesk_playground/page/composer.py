"""Where somebody writes: text, formatting, files, and commands with what may follow them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import events, ui

from chatdesk_playground.page.acts import Did, listen
from chatdesk_playground.page.html import joined, tag
from chatdesk_playground.page.model import Formatting, NotPossible, Suggestion, Upload, Written

Complete = Callable[[str], Awaitable[Sequence[Suggestion]]]
MOST_SUGGESTIONS = 12
_SMALL = "flat dense size=sm"


class Composer:
    """``send`` gets what was written; a line that begins with ``/`` is completed and sent as a command."""

    def __init__(
        self,
        send: Callable[[Written], Awaitable[None]],
        complete: Complete,
        formatting: Sequence[Formatting],
    ) -> None:
        self._send = send
        self._complete = complete
        self._formatting = formatting
        self._files: list[Upload] = []
        self._suggestions: Sequence[Suggestion] = ()
        self._marked = -1
        self._reply_to = ""

    def build(self, label: str, *, with_title: bool = False) -> None:
        """``with_title``: a post in a forum, which has one."""
        with ui.column().classes("composer"):
            self._list = (
                ui.element("div").classes("suggestions").props('role="listbox" aria-label="Suggestions"')
            )
            listen(self._list, self._picked)
            self._answering = ui.html("", sanitize=False).classes("answering")
            listen(self._answering, self._no_reply)
            self._title = ui.input("Title").props("dense outlined") if with_title else None
            self.text = ui.textarea(label).props("autogrow outlined dense input-class=typed")
            self.text.on_value_change(self._typed)
            self.text.on("keydown.enter.exact.prevent", self._enter)
            self.text.on("keydown.tab.exact", self._tab, js_handler=_TAB)
            self.text.on("keydown.up", lambda: self._mark(-1), js_handler=_ARROW)
            self.text.on("keydown.down", lambda: self._mark(1), js_handler=_ARROW)
            self.text.on("keydown.esc", self._forget)
            with ui.row().classes("composer-tools"):
                for one in self._formatting:
                    press = partial(self._format, one.before, one.behind)
                    ui.button(icon=one.icon, on_click=press).props(f'{_SMALL} aria-label="{one.name}"')
                ui.button(icon="attach_file", on_click=self._pick_files).props(
                    f'{_SMALL} aria-label="Attach files"'
                )
                self.tools = ui.element("div")
                self._named = ui.label().classes("small")
                ui.space()
                ui.button("Send", on_click=self._enter).props("dense unelevated no-caps").classes("send")
            self._upload = ui.upload(multiple=True, auto_upload=True, on_upload=self._uploaded)
            self._upload.classes("hidden-upload").props('aria-hidden="true"')

    def reply_to(self, message: str, author: str) -> None:
        """What is written next answers a message."""
        self._reply_to = message
        cancel = tag("button", "✕", type="button", data_act="no-reply", aria_label="Do not reply")
        self._answering.set_content(joined([f"Replying to {author} ", cancel]) if message else "")
        self.text.run_method("focus")

    async def _no_reply(self, did: Did) -> None:
        self.reply_to("", "")

    def _pick_files(self) -> None:
        self._upload.run_method("pickFiles")

    async def _uploaded(self, event: events.UploadEventArguments) -> None:
        self._files.append(Upload(event.file.name, await event.file.read()))
        self._name_files()

    def _name_files(self) -> None:
        self._named.set_text(", ".join(one.name for one in self._files))

    def _format(self, before: str, behind: str) -> None:
        self.text.set_value(f"{self.text.value}{before}{behind}")
        self.text.run_method("focus")

    async def _typed(self) -> None:
        typed = self.text.value or ""
        self._marked = -1
        self._suggestions = await self._offered(typed) if typed.startswith("/") else ()
        self._show_suggestions()

    async def _offered(self, typed: str) -> Sequence[Suggestion]:
        try:
            found = await self._complete(typed)
        except NotPossible:
            return ()
        return [one for one in found if one.insert.strip() != typed.strip()][:MOST_SUGGESTIONS]

    def _show_suggestions(self) -> None:
        self._list.clear()
        if not self._suggestions:
            return
        with self._list:
            for number, one in enumerate(self._suggestions):
                ui.html(_suggestion(number, one, number == self._marked), sanitize=False)

    def _mark(self, step: int) -> None:
        if self._suggestions:
            self._marked = (self._marked + step) % len(self._suggestions)
            self._show_suggestions()

    async def _picked(self, did: Did) -> None:
        self._take(int(did.name))

    def _take(self, number: int) -> None:
        if number < len(self._suggestions):
            self.text.set_value(self._suggestions[number].insert)
            self.text.run_method("focus")

    def _tab(self) -> None:
        self._take(max(self._marked, 0))

    def _forget(self) -> None:
        self._suggestions = ()
        self._show_suggestions()

    async def _enter(self) -> None:
        if self._marked >= 0 and self._suggestions:
            self._take(self._marked)
            return
        title = (self._title.value or "") if self._title else ""
        written = Written(self.text.value or "", tuple(self._files), title, self._reply_to)
        if not (written.text.strip() or written.files):
            return
        try:
            await self._send(written)
        except NotPossible as refused:
            ui.notify(str(refused), type="negative", multi_line=True)
            return
        self._files.clear()
        self._name_files()
        self._upload.reset()
        self.text.set_value("")
        if self._title:
            self._title.set_value("")
        self.reply_to("", "")


_TAB = "(event) => { if (event.target.value.startsWith('/')) { event.preventDefault(); emit(); } }"
_ARROW = "(event) => { if (event.target.value.startsWith('/')) { event.preventDefault(); emit(); } }"


def _suggestion(number: int, one: Suggestion, marked: bool) -> str:
    return tag(
        "button",
        tag("span", one.label, class_="label"),
        tag("span", one.detail, class_="small"),
        type="button",
        role="option",
        class_="suggestion marked" if marked else "suggestion",
        aria_selected="true" if marked else "false",
        data_act="pick",
        data_name=str(number),
    )
