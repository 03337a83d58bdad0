"""The composition, with an adapter that is no platform's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from pydantic import BaseModel

from chatdesk.app import Application
from chatdesk.configuration.applying import apply_all
from chatdesk.configuration.reading import read_desks
from chatdesk.contract.inbound import Connected, Inbound
from chatdesk.contract.outbound import Copy, Outbound
from chatdesk.contract.ports import (
    ASGIApp,
    Attempt,
    Check,
    Clock,
    DeliveryFailed,
    Desk,
    Limits,
    Receipt,
    Window,
)
from chatdesk.contract.vocabulary import (
    FileRef,
    IdentityId,
    Installation,
    Place,
    Platform,
    Profile,
)
from chatdesk.errors import ChatdeskError, ConfigurationError
from chatdesk.settings import HttpSettings, Settings
from chatdesk.store import desks, overview
from chatdesk.store.engine import open_engine

PIGEON = Platform("pigeon")
LOFT = Installation(PIGEON, "loft")
NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
DESK = "desk: acme\nteams:\n  support: {home: 'pigeon:#support'}\n"


class PigeonSettings(BaseModel):
    token: str = ""
    refusal: str = ""
    breaks: bool = False


class PigeonPost:
    """A platform that is there at once, or refuses."""

    platform = PIGEON
    asgi: ASGIApp | None = None
    limits: Limits = Limits()
    throttled: int = 0

    def __init__(self, settings: PigeonSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._ready = asyncio.Event()
        self.refreshed = asyncio.Event()
        self.ended = False

    async def run(self, desk: Desk) -> None:
        if self._settings.refusal:
            raise DeliveryFailed(permanent=self._settings.refusal)
        await desk.handle(Connected(LOFT, "Loft", IdentityId(PIGEON, "bot"), self._clock.now()))
        self._ready.set()
        try:
            if self._settings.breaks:
                raise RuntimeError("the loft burnt down")
            await asyncio.Event().wait()
        finally:
            self.ended = True

    async def ready(self) -> str:
        await self._ready.wait()
        return "the loft"

    async def refresh(self) -> None:
        self.refreshed.set()

    async def deliver(self, effect: Outbound, at: Place, attempt: Attempt) -> Receipt:
        return Receipt()

    async def open_file(self, ref: FileRef) -> AsyncIterator[bytes]:
        yield b""

    async def profile(self, installation: Installation, identity: IdentityId) -> Profile:
        return Profile("Pigeon")

    def heard_until(self) -> None:
        return None

    async def reconcile(self, place: Place, known: Sequence[Copy], window: Window) -> AsyncIterator[Inbound]:
        nothing: Sequence[Inbound] = ()
        for event in nothing:
            yield event

    async def check(self, live: bool, scratch: str | None) -> AsyncIterator[Check]:
        yield Check("pigeons", True)


class PigeonPackage:
    settings = PigeonSettings

    def enabled(self, settings: PigeonSettings) -> bool:
        return bool(settings.token)

    def build(self, settings: PigeonSettings, clock: Clock) -> PigeonPost:
        return PigeonPost(settings, clock)


def _application(folder: Path, section: PigeonSettings | None = None) -> Application:
    settings = Settings(
        data_dir=folder / "data",
        desk_file=folder / "desk.yaml",
        adapters={PIGEON: section or PigeonSettings(token="coo")},
        http=HttpSettings(port=0),
    )
    return Application(settings, packages={PIGEON: PigeonPackage()})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


async def test_it_connects_is_ready_and_ends(folder: Path) -> None:
    async with _application(folder) as application:
        assert await application.ready() == ["pigeon: the loft"]
        await application.quiet()
        (installed,) = await application.writer.read(overview.installed)
        assert (installed.installation, installed.desk) == (LOFT, "acme")
        pigeons = application.adapters[PIGEON]
    assert isinstance(pigeons, PigeonPost) and pigeons.ended


async def test_several_in_one_process_and_the_same_one_again(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "desk.yaml").write_text(DESK.replace("acme", "beta"))
    async with _application(folder) as first, _application(other) as second:
        await first.ready()
        await second.ready()
        assert set(await first.writer.read(desks.generations)) == {"acme"}
        assert set(await second.writer.read(desks.generations)) == {"beta"}
    async with _application(folder) as again:
        await again.ready()
        assert await again.writer.read(desks.generations) == {"acme": 1}


async def test_a_platform_without_a_token_is_off(folder: Path) -> None:
    async with _application(folder, PigeonSettings()) as application:
        assert await application.ready() == []
        assert application.adapters == {}


async def test_a_refused_token_is_one_sentence(folder: Path) -> None:
    async with _application(
        folder, PigeonSettings(token="coo", refusal="the token is not valid")
    ) as application:
        with pytest.raises(ChatdeskError, match=r"^pigeon: the token is not valid$"):
            await application.ready()
        with pytest.raises(ChatdeskError, match=r"^pigeon: the token is not valid$"):
            await application.wait()


async def test_an_adapter_that_breaks_does_not_take_the_others_along(folder: Path) -> None:
    """It is away, and said to be, until it is tried again."""
    section = PigeonSettings(token="coo", breaks=True)
    async with _application(folder, section) as application, aiohttp.ClientSession() as session:
        await application.ready()
        assert application.http is not None
        async with session.get(f"{application.http.url}/readyz") as response:
            assert response.status == 503
            assert "pigeon is away" in await response.text()


async def test_health_over_http(folder: Path) -> None:
    async with _application(folder) as application, aiohttp.ClientSession() as session:
        await application.ready()
        assert application.http is not None
        async with session.get(f"{application.http.url}/readyz") as response:
            assert (response.status, await response.text()) == (200, "ready\n")
        async with session.get(f"{application.http.url}/metrics") as response:
            text = await response.text()
        assert 'chatdesk_events_total{kind="Connected",outcome="accepted"} 1.0' in text
        assert 'chatdesk_outbox_depth{desk="acme",installation="loft",platform="pigeon"} 0.0' in text
        assert 'chatdesk_platform_connected{platform="pigeon"} 1.0' in text
        assert "# TYPE chatdesk_sweeps_total counter" in text
        assert "chatdesk_database_seconds_count 0.0" not in text


async def test_adapters_are_told_when_another_process_applies_a_configuration(folder: Path) -> None:
    async with _application(folder) as application:
        await application.ready()
        pigeons = application.adapters[PIGEON]
        assert isinstance(pigeons, PigeonPost)
        (folder / "desk.yaml").write_text(DESK + "services: [Shop]\n")
        engine = open_engine(application.settings.database)
        with engine.begin() as connection:
            apply_all(connection, read_desks(folder / "desk.yaml", ()), NOW)
        engine.dispose()
        async with asyncio.timeout(10):
            await pigeons.refreshed.wait()


async def test_a_malformed_configuration_refuses_the_start_and_leaves_nothing_open(folder: Path) -> None:
    (folder / "desk.yaml").write_text("desk: [\n")
    with pytest.raises(ConfigurationError, match=r"desk\.yaml:2: is not YAML"):
        async with _application(folder):
            pass
    assert {task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()} == set()
