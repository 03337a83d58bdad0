"""intake-vs-django-helpdesk: messages taken in a second, beside django-helpdesk's tickets made over its API.

django-helpdesk runs as its users run it, behind gunicorn with two workers, in an environment of its own, on
SQLite with the same durability and on the same disk. Both get 64 at once, in alternate rounds.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bench import filling
from bench.desks import agents_messages, desk_on, now
from bench.intake import seconds_of_ours
from bench.measuring import BUILD, median, workplace
from bench.rows import Row, at_least, compared, not_measured
from bench.stores import SqliteStore, settle
from chatdesk.store.engine import open_engine

NAME = "intake-vs-django-helpdesk"
AT_ONCE = 64
ROUNDS = 5
OURS_A_ROUND = 512
THEIRS_A_ROUND = 128
TICKETS = 1000
TARGET = 20.0

_ROOT = Path(__file__).resolve().parent.parent
_SITE = _ROOT / "bench" / "helpdesk_site"
_REQUIREMENTS = _ROOT / "requirements" / "bench.txt"
_ENVIRONMENT = BUILD.parent / "helpdesk-venv"
_START_SECONDS = 30.0
_TICKET = {
    "queue": 1,
    "title": "The printer does not work",
    "description": "Since this morning, whatever we try.",
    "submitter_email": "sam@example.org",
    "priority": 3,
}


def measure() -> Iterator[Row]:
    try:
        python = _installed()
    except subprocess.CalledProcessError as error:
        reason = f"django-helpdesk could not be installed: {error.stderr.decode().strip()[-200:]}"
        yield not_measured(NAME, AT_ONCE, "sqlite", "a second", reason)
        return
    with workplace("helpdesk") as folder:
        ours, theirs = asyncio.run(_measured(folder, python))
    yield at_least(compared(NAME, AT_ONCE, "sqlite", ours, "a second", theirs), TARGET)


def _installed() -> Path:
    """The Python of the environment, made where it is missing or older than what it is to hold."""
    python, mark = _ENVIRONMENT / "bin" / "python", _ENVIRONMENT / "installed"
    if not mark.exists() or mark.stat().st_mtime < _REQUIREMENTS.stat().st_mtime:
        _run(sys.executable, "-m", "venv", str(_ENVIRONMENT))
        _run(
            str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(_REQUIREMENTS)
        )  # fmt: skip
        mark.touch()
    return python


def _run(*command: str, environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(command, check=True, capture_output=True, env=environment)


async def _measured(folder: Path, python: Path) -> tuple[float, float]:
    store = SqliteStore(folder)
    address = store.create("ours")
    engine = open_engine(address)
    with engine.begin() as connection:
        filling.fill(connection, TICKETS, now())
    settle(engine)
    ours, theirs = [], []
    messages = agents_messages(range(1, TICKETS + 1), ROUNDS * OURS_A_ROUND)
    async with _helpdesk(folder, python) as tickets, desk_on(address) as desk:
        await _made(tickets, AT_ONCE)
        for number in range(ROUNDS):
            part = messages[number * OURS_A_ROUND : (number + 1) * OURS_A_ROUND]
            ours.append(OURS_A_ROUND / await seconds_of_ours(desk, part, AT_ONCE))
            theirs.append(THEIRS_A_ROUND / await _made(tickets, THEIRS_A_ROUND))
    return median(ours), median(theirs)


@asynccontextmanager
async def _helpdesk(folder: Path, python: Path) -> AsyncIterator[str]:
    """The address where tickets are made."""
    environment = os.environ | {
        "HELPDESK_FOLDER": str(folder),
        "PYTHONPATH": str(_SITE),
        "DJANGO_SETTINGS_MODULE": "helpdesk_settings_of_bench",
        "DJANGO_SUPERUSER_USERNAME": "bench",
        "DJANGO_SUPERUSER_PASSWORD": "bench",
        "DJANGO_SUPERUSER_EMAIL": "bench@example.org",
    }
    django = (str(python), "-m", "django")
    _run(*django, "migrate", "--verbosity", "0", environment=environment)
    _run(*django, "createsuperuser", "--noinput", environment=environment)
    _run(*django, "loaddata", str(_SITE / "queue.json"), environment=environment)
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        str(python), "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()", "--workers", "2",
        "--bind", f"127.0.0.1:{port}", "--log-level", "error", env=environment,
    )  # fmt: skip
    try:
        await _until_it_listens(port)
        yield f"http://127.0.0.1:{port}/api/tickets/"
    finally:
        process.terminate()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def _until_it_listens(port: int) -> None:
    async with asyncio.timeout(_START_SECONDS):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            writer.close()
            return


async def _made(url: str, count: int) -> float:
    """Seconds for so many tickets, 64 at once."""
    numbers = iter(range(count))
    who = aiohttp.BasicAuth("bench", "bench")
    async with aiohttp.ClientSession(
        auth=who, connector=aiohttp.TCPConnector(limit=AT_ONCE), timeout=aiohttp.ClientTimeout(total=300)
    ) as session:

        async def make() -> None:
            for _ in numbers:
                async with session.post(url, json=_TICKET) as response:
                    assert response.status == 201, await response.text()

        begun = time.perf_counter()
        await asyncio.gather(*(make() for _ in range(AT_ONCE)))
        return time.perf_counter() - begun
