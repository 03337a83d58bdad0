"""Nothing is lost and nothing comes twice, however often the bot is killed.

``CHATDESK_KILLS`` says how often (100), ``CHATDESK_KILL_SEED`` by which seed the script and the kills are
drawn.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatdesk.store import schema
from chatdesk.store.engine import open_engine
from tests.engines import ENGINES, Postgres
from tests.faults import report
from tests.faults.campaign import run_campaign

KILLS = int(os.environ.get("CHATDESK_KILLS", "100"))
SEED = int(os.environ.get("CHATDESK_KILL_SEED", "1"))
SECONDS_A_KILL = 6

pytestmark = pytest.mark.timeout(240 + SECONDS_A_KILL * KILLS)


def furnished(postgres: Postgres) -> str:
    """The address of a new database at the newest revision."""
    url = postgres.empty()
    engine = open_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    return url


@pytest.mark.kill
@pytest.mark.parametrize("engine", ENGINES)
async def test_whatever_kills_the_bot_every_message_is_there_once(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    database = furnished(request.getfixturevalue("postgres")) if engine == "postgresql" else None
    ended = await run_campaign(tmp_path, SEED, KILLS, database=database)
    report.write(engine, ended)
    assert ended.points.total() == KILLS
    assert not ended.verdict.problems, "\n".join(ended.verdict.problems)


@pytest.mark.replicas
async def test_two_replicas_killed_in_turn_end_in_the_same_state(tmp_path: Path, postgres: Postgres) -> None:
    ended = await run_campaign(tmp_path, SEED, max(10, KILLS // 4), database=furnished(postgres), replicas=2)
    report.write("postgresql, two replicas", ended)
    assert not ended.verdict.problems, "\n".join(ended.verdict.problems)


@pytest.mark.kill
async def test_it_would_show_if_uncertain_outcomes_were_not_looked_up(tmp_path: Path) -> None:
    """The same with every attempt told that it is the first: messages are doubled, and the test sees it.

    Where a kill falls is chance, so that it may take a few times thirty of them.
    """
    for seed in range(SEED, SEED + 5):
        folder = tmp_path / str(seed)
        folder.mkdir()
        ended = await run_campaign(folder, seed, 30, blind=True)
        if ended.verdict.doubled:
            return
    raise AssertionError("nothing was doubled in 150 kills")
