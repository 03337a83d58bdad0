from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from chatdesk.clocks import SystemClock
from chatdesk.contract.vocabulary import Platform
from chatdesk.health import Health, PlatformState
from chatdesk.metrics import Metrics
from chatdesk.store.writer import Writer
from tests.store.support import database

SLACK = PlatformState(Platform("slack"), connected=True, stands_by=False, away=None, throttled=3)
DISCORD = replace(SLACK, platform=Platform("discord"), throttled=0)


async def test_readiness_and_metrics_with_and_without_a_database(tmp_path: Path) -> None:
    states = [SLACK, DISCORD]
    engine = database(tmp_path)
    writer = Writer(engine)
    health = Health(writer, Metrics(), SystemClock(), lambda: states)
    assert await health.unready() == []
    states[0] = replace(SLACK, connected=False)
    assert await health.unready() == ["slack is not connected yet"]
    states[0] = replace(SLACK, connected=False, stands_by=True)
    assert await health.unready() == []
    states[0] = replace(SLACK, away="the socket is gone")
    assert await health.unready() == ["slack is away: the socket is gone"]
    page = (await health.page()).decode()
    assert 'chatdesk_platform_connected{platform="slack"} 0.0' in page
    assert 'chatdesk_platform_connected{platform="discord"} 1.0' in page
    assert 'chatdesk_throttled_requests{platform="slack"} 3.0' in page
    assert "chatdesk_database_up 1.0" in page
    await writer.close()
    engine.dispose()
    assert (await health.unready())[0] == "the database does not answer"
    assert "chatdesk_database_up 0.0" in (await health.page()).decode()
