"""The page itself, and the server that gives it out."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib.resources import files

import uvicorn
from fastapi import FastAPI
from nicegui import ui
from starlette.responses import PlainTextResponse, Response

from chatdesk_playground.page.faults_panel import FaultsPanel
from chatdesk_playground.page.insight_panel import TopicPanel, TourPanel
from chatdesk_playground.page.model import About
from chatdesk_playground.page.pane import Pane
from chatdesk_playground.page.side import Insight, Side
from chatdesk_playground.page.wire_panel import WirePanel

LOOKS_EVERY = 0.1
"""Seconds between two looks at the worlds' versions, which are numbers in this process."""
LOOKS_INSIDE_EVERY = 0.7


class _Server(uvicorn.Server):
    """Leaves the process's signals to whoever runs it; uvicorn offers no setting for it."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


# A file that somebody attached may be a page of its own, which must not act as ours.
_HARMLESS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}


@dataclass(frozen=True, slots=True)
class Start:
    """Where a pane begins: as whom, and in which channel."""

    side: Side
    person: str
    place: str


@dataclass(frozen=True, slots=True)
class Page:
    starts: Sequence[Start]
    insight: Insight


def application(page: Page) -> FastAPI:
    """The page at ``/``, and files whose own addresses are not for browsers."""
    web = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    sides = {start.side.look.value: start.side for start in page.starts}

    @web.get("/files/{look}/{key}")
    def file(look: str, key: str) -> Response:
        found = sides[look].sight.file(key) if look in sides else None
        if found is None:
            return PlainTextResponse("There is no such file.", 404)
        return Response(found[0], media_type=found[1], headers=_HARMLESS)

    @web.get("/about")
    def about() -> dict[str, About]:
        return {name: side.sight.about for name, side in sides.items()}

    @ui.page("/", title="chatdesk playground")
    async def show() -> None:
        await _show(page)

    ui.run_with(web, title="chatdesk playground")
    return web


async def _show(page: Page) -> None:
    ui.add_css((files(__package__) / "page.css").read_text())
    ui.add_head_html("<script>document.documentElement.lang = 'en'</script>")
    ui.query(".nicegui-content").classes("whole")
    dark = ui.dark_mode(None)
    sides = [start.side for start in page.starts]
    panes = [Pane(start.side, start.person, start.place) for start in page.starts]
    wire, faults = WirePanel(sides), FaultsPanel(sides)
    tour, topic = TourPanel(page.insight), TopicPanel(page.insight)
    with ui.element("div").classes("panes"):
        for pane in panes:
            pane.build()
        beside = ui.element("section").classes("pane inside").props('aria-label="Behind the scenes"')
        with beside:
            with ui.tabs().props("dense no-caps align=justify") as tabs:
                names = [ui.tab(name) for name in ("Tour", "Ticket", "Wire", "Faults")]
            with ui.tab_panels(tabs, value=names[0]).props("keep-alive").classes("panels"):
                for name, build in zip(
                    names, (tour.build, topic.build, wire.build, faults.build), strict=True
                ):
                    with ui.tab_panel(name):
                        build()
    with ui.element("div").classes("corner"):
        ui.button("◐", on_click=dark.toggle).props('flat dense aria-label="Light or dark"')
        ui.button("▥", on_click=lambda: beside.set_visibility(not beside.visible)).props(
            'flat dense aria-label="Show or hide what is behind the scenes"'
        )
    for pane in panes:
        await pane.start()

    def look() -> None:
        for pane in panes:
            pane.refresh()
        wire.refresh()

    async def look_inside() -> None:
        await tour.refresh()
        await topic.refresh()

    ui.timer(LOOKS_EVERY, look)
    ui.timer(LOOKS_INSIDE_EVERY, look_inside)


def bound(port: int) -> socket.socket:
    """Where the page is to be given out. Raises OSError where the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


@asynccontextmanager
async def serving(page: Page, listener: socket.socket) -> AsyncIterator[str]:
    """The page's address, for as long as the context lasts."""
    config = uvicorn.Config(
        application(page),
        log_config=None,
        access_log=False,
        http="h11",
        ws="websockets-sansio",
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        if running.done():
            await running
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
