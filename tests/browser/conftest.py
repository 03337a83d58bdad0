"""The playground's page in a real browser, against the real bot."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request, sync_playwright

from tests.browser.visitor import Visitor

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
# What Chromium would ask of the network by itself, and what it cannot do where it is root.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives a real browser; run with -m browser")


def pytest_collection_modifyitems(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    if "browser" in str(config.getoption("markexpr")):
        return
    for item in items:
        if item.get_closest_marker("browser") is not None:
            item.add_marker(pytest.mark.skip(reason="needs a browser and a minute; run with -m browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A playground of its own, started as anybody would."""
    with playing(tmp_path) as address:
        yield address


@contextmanager
def playing(data: Path) -> Iterator[str]:
    """A playground on a folder; Ctrl-C at the end."""
    command = [sys.executable, "-m", "chatdesk", "playground", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stdout)))
        try:
            yield told.group()
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.read()
        assert process.wait(timeout=20) == 0, "Ctrl-C ends it cleanly"


@pytest.fixture
def visitor(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Somebody in front of the page; what they see at the end is kept as a picture."""
    with visiting(browser, address) as visitor:
        try:
            yield visitor
        finally:
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            visitor.page.screenshot(path=SCREENSHOTS / f"{request.node.name}.png")


@contextmanager
def visiting(browser: Browser, address: str, light: Literal["light", "dark"] = "light") -> Iterator[Visitor]:
    """The page in a window of its own, which complains of nothing and asks nothing of anybody else."""
    complaints: list[str] = []
    foreign: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            foreign.append(request.url)

    page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme=light)
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", said)
    page.on("request", asked)
    page.goto(address)
    page.get_by_text("steps done").wait_for()  # what the server fills in once the page is connected to it
    try:
        yield Visitor(page)
    finally:
        page.close()
    assert not complaints
    assert not foreign
