"""Time that counts: lunch, nights, holidays and a change of clocks, as `/ticket sla` tells it in chat."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import world
from chatdesk.desk.sla_sweep import watch_promises
from tests.scenarios.stage import Stage
from tests.scenarios.variants import MovableClock, desk_file

SETTINGS = {
    "calendars": {
        "office": {
            "zone": "Europe/Berlin",
            "hours": {"mon-fri": ["09:00-12:00", "13:00-18:00"]},
            "holidays": ["DE"],
        }
    },
    "slas": {
        "standard": {
            "calendar": "office",
            "targets": {"first_response": "2h30m", "resolution": "1d"},
            "warn": ["75%"],
            "tell_in": "office",
        }
    },
}


@pytest.mark.parametrize("pair", ["discord-slack", "slack-discord"])
async def test_over_easter_and_the_change_of_clocks(tmp_path: Path, pair: str) -> None:
    clock = MovableClock()

    def go_to(day: int, hour: int, minute: int = 0) -> None:
        clock.ahead = datetime(2027, 3, day, hour, minute, tzinfo=UTC) - datetime.now(UTC)

    go_to(25, 15)  # the Thursday before Easter, 16:00 in Berlin
    async with world(tmp_path, clock, desk_file(tmp_path, settings=SETTINGS)) as here:
        stage = Stage.of(here, pair)
        ticket = await stage.open_ticket("The till does not open", "Till")
        await wait_for(ticket.home, says("First reply due 30 Mar 07:30 UTC"), "the card")
        bot = here.bot
        assert bot is not None

        async def looks() -> None:
            await bot.writer.run(partial(watch_promises, now=clock.now()))

        go_to(28, 12)
        await looks()
        await here.quiet()
        assert not any("First reply is" in one.text for one in await ticket.agent.see()), "it is Sunday"
        go_to(30, 10, 30)  # the Tuesday after, 12:30 in Berlin: lunch
        await looks()
        await here.quiet()
        assert not any("First reply is" in one.text for one in await ticket.agent.see()), "nobody is there"
        go_to(30, 11, 30)
        await looks()
        await wait_for(ticket.agent, says("First reply is late: it was due 30 Mar 07:30 UTC"), "the breach")
        told = (await stage.agent.command("sla", ticket="1")).text
        for words in (
            "Thu 25 Mar 16:00 CET – 18:00: ",
            "Thu 25 Mar 18:00 CET – Tue 30 Mar 09:00 CEST: 110 h not counted, Good Friday, Easter Monday",
            "Tue 30 Mar 09:00 CEST – 12:00: 3 h counted",
            "12:00 CEST – 13:00: 1 h not counted, outside Office",
            "🟢 due Tue 30 Mar 16:00 CEST",
        ):
            assert words in told, told
