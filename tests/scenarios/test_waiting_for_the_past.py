"""What is written while a place's past is still to be read waits for it, whatever becomes of it meanwhile."""

from __future__ import annotations

from sqlalchemy import Connection, select

from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import World
from chatdesk.store.tables_inbound import early_events
from chatdesk_playground.faults import Fault, FaultKind
from tests.scenarios.stage import Stage


def _somebody_waits(connection: Connection) -> bool:
    waiting = select(early_events.c.id).where(early_events.c.subject.like("turn:%"))
    return connection.execute(waiting).first() is not None


async def test_a_message_deleted_while_it_waits_and_the_bot_is_away_is_never_shown(here: World) -> None:
    stage = Stage.of(here, "discord-slack")
    ticket = await stage.open_ticket("It does not work", "Broken")
    await ticket.customer.post("before")
    await wait_for(ticket.agent, says("before"), "what was written before")
    await here.stop_bot()
    control = here.discord.playground.control
    await control.misbehave(Fault(FaultKind.LATENCY, "GET /channels/*/messages", times=0, seconds=60))
    bot = await here.start_bot()
    gone = await ticket.customer.post("wrong window")
    while not await bot.writer.read(_somebody_waits):
        await control.wait_connected(here.discord.application)
    await here.stop_bot()
    await ticket.customer.delete(gone)
    await control.behave()
    await here.start_bot()
    await ticket.customer.post("after")
    await wait_for(ticket.agent, says("after"), "what was written after")
    assert not any("wrong window" in one.text for one in await ticket.agent.see())
