"""One platform on the page: who one is, where one is, what is said there, and a thread beside it."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import events, ui

from chatdesk_playground.page.acts import Did, listen
from chatdesk_playground.page.conversation import Conversation
from chatdesk_playground.page.forms import FormDialog
from chatdesk_playground.page.html import Html, joined, tag
from chatdesk_playground.page.model import NotPossible, Place, PlaceKind, Spot
from chatdesk_playground.page.side import Side

_SIGNS = {
    PlaceKind.CHANNEL: "#",
    PlaceKind.PRIVATE: "🔒",
    PlaceKind.FORUM: "🗂",
    PlaceKind.DIRECT: "💬",
    PlaceKind.HOME: "🏠",
}


class Pane:
    """Built once for each visitor; ``refresh`` shows what has changed."""

    def __init__(self, side: Side, person: str, place: str) -> None:
        self.side = side
        self.person = person
        self._first = place
        self._version = -1
        self._places: Sequence[Place] = ()
        self._read: dict[tuple[str, Spot], str] = {}
        """The newest message that each person has seen in each place."""
        self._main = Conversation(side, lambda: self.person, self._open_thread)
        self._thread = Conversation(side, lambda: self.person, self._open_thread)
        self._form = FormDialog(side, lambda: self.person)

    def build(self) -> None:
        with ui.element("section").classes(f"pane {self.side.look}").props(f'aria-label="{self.side.title}"'):
            with ui.row().classes("pane-head"):
                ui.label(self.side.title).classes("pane-title").props('role="heading" aria-level="1"')
                ui.space()
                names = {
                    one.key: f"{one.name} ({one.note})" if one.note else one.name
                    for one in self.side.sight.people
                }
                ui.select(names, value=self.person, label="You are", on_change=self._become).props(
                    "dense outlined options-dense"
                ).classes("you-are")
            with ui.element("div").classes("pane-body"):
                self._sidebar = ui.html("", sanitize=False).classes("sidebar")
                self._sidebar.props(
                    f'role="navigation" aria-label="Channels of {self.side.look.capitalize()}"'
                )
                listen(self._sidebar, self._go)
                with ui.element("div").classes("conversation"):
                    self._title = ui.label().classes("place-title").props('role="heading" aria-level="2"')
                    self._main.build()
                self._beside = ui.element("div").classes("conversation thread")
                with self._beside:
                    with ui.row().classes("place-title"):
                        self._thread_title = ui.label().props('role="heading" aria-level="2"')
                        ui.space()
                        ui.button("✕", on_click=self._close_thread).props(
                            'flat dense aria-label="Close thread"'
                        )
                    self._thread.build()
                self._beside.set_visibility(False)
        self._form.build()

    async def start(self) -> None:
        """Go to the first place."""
        self._places = self.side.sight.places(self.person)
        for place in self._places:
            self._read[(self.person, place.spot)] = place.newest
        first = next((one for one in self._places if one.name == self._first), self._places[0])
        await self._open(first)
        self.refresh()

    def refresh(self) -> None:
        """Show what has changed since the last time."""
        if self.side.sight.version == self._version:
            return
        self._version = self.side.sight.version
        self._show_places()
        self._main.refresh()
        if self._thread.spot is not None:
            self._thread.refresh()
        self._form.refresh()

    def _show_places(self) -> None:
        self._places = self.side.sight.places(self.person)
        for place in self._places:
            known = self._read.setdefault((self.person, place.spot), place.newest)
            if place.spot in (self._main.spot, self._thread.spot) and known != place.newest:
                self._read[(self.person, place.spot)] = place.newest
        html = joined(self._line(place) for place in self._places)
        if self._sidebar.content != html:
            self._sidebar.set_content(html)

    def _line(self, place: Place) -> Html:
        unread = self._read.get((self.person, place.spot), place.newest) != place.newest
        classes = ["place"]
        if unread:
            classes.append("unread")
        if place.spot == self._main.spot:
            classes.append("here")
        if place.indented:
            classes.append("indented")
        return tag(
            "button",
            tag("span", "⤷" if place.indented else _SIGNS[place.kind], class_="sign", aria_hidden="true"),
            tag("span", place.name, class_="name"),
            tag("span", "●", class_="dot", title="unread") if unread else None,
            type="button",
            class_=" ".join(classes),
            data_act="go",
            data_name=place.spot.channel,
            aria_current="true" if place.spot == self._main.spot else None,
        )

    async def _go(self, did: Did) -> None:
        place = next((one for one in self._places if one.spot.channel == did.name), None)
        if place is not None:
            await self._open(place)

    async def _open(self, place: Place) -> None:
        try:
            spot = await self.side.hands.enter(self.person, place.spot)
        except NotPossible as refused:
            ui.notify(str(refused), type="negative")
            return
        self._read[(self.person, spot)] = place.newest
        self._title.set_text(f"{_SIGNS[place.kind]} {place.name}")
        self._main.open(spot, is_forum=place.kind is PlaceKind.FORUM, writes=place.kind is not PlaceKind.HOME)
        self._show_places()

    async def _become(self, event: events.ValueChangeEventArguments[object]) -> None:
        self.person = str(event.value)
        self._close_thread()
        self._version = -1
        here = self._main.spot
        self._places = self.side.sight.places(self.person)
        place = next((one for one in self._places if one.spot == here), self._places[0])
        await self._open(place)
        self.refresh()

    async def _open_thread(self, spot: Spot) -> None:
        self._beside.set_visibility(True)
        self._thread_title.set_text(self.side.sight.title_of(self.person, spot))
        self._thread.open(spot)

    def _close_thread(self) -> None:
        self._thread.spot = None
        self._beside.set_visibility(False)
