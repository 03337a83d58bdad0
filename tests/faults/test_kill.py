"""Nothing is lost and nothing comes twice, however often the bot is killed.

``CHATDESK_KILLS`` says how often (100), ``CHATDESK_KILL_SEED`` by which seed the script and the kills are
drawn.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults import report
from tests.faults.campaign import run_campaign

KILLS = int(os.environ.get("CHATDESK_KILLS", "100"))
SEED = int(os.environ.get("CHATDESK_KILL_SEED", "1"))
SECONDS_A_KILL = 6

pytestmark = [pytest.mark.kill, pytest.mark.timeout(180 + SECONDS_A_KILL * KILLS)]


async def test_whatever_kills_the_bot_every_message_is_there_once(tmp_path: Path) -> None:
    ended = await run_campaign(tmp_path, SEED, KILLS)
    report.write("sqlite", ended)
    assert ended.points.total() == KILLS
    assert not ended.verdict.problems, "\n".join(ended.verdict.problems)


async def test_it_would_show_if_uncertain_outcomes_were_not_looked_up(tmp_path: Path) -> None:
    """The same with every attempt told that it is the first: messages are doubled, and the test sees it."""
    ended = await run_campaign(tmp_path, SEED, 30, blind=True)
    assert ended.verdict.doubled
