"""``chatdesk delivery``: what was to be shown and could not be."""

from __future__ import annotations

from typing import Annotated

import typer

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import out, say, surroundings, table, transaction
from chatdesk.errors import ChatdeskError
from chatdesk.store import deliveries, desks, outbox, overview
from chatdesk.store.transaction import in_turn

app = typer.Typer(help="What was to be shown and could not be.", no_args_is_help=True)

DeliveryId = Annotated[str, typer.Argument(metavar="ID", help="As `list` prints it.")]


@app.command(name="list", epilog="Example: chatdesk delivery list")
def list_() -> None:
    """List deliveries that failed for good, or that failed and wait for another try."""
    with transaction(surroundings().settings) as connection:
        found = overview.troubles(connection)
    if not found:
        say("nothing has failed, and nothing waits for another try")
        return
    listing = table("id", "desk", "ticket", "what", "where", "state", "tries", "reason")
    for each in found:
        ticket = "" if each.ticket is None else f"#{each.ticket}"
        where = f"{each.platform} {each.lane}"
        listing.add_row(
            each.id, each.desk, ticket, each.kind, where, each.state, str(each.attempts), each.reason
        )
    out().print(listing)


@app.command(epilog="Example: chatdesk delivery retry 01kd8z3vq0c5m2x9a7ty")
def retry(delivery_id: DeliveryId) -> None:
    """Try a failed delivery again, in its old turn."""
    now = SystemClock().now()
    with transaction(surroundings().settings) as connection:
        done = any(
            outbox.retry(in_turn(connection, each), delivery_id, now) for each in desks.listed(connection)
        )
    if not done:
        raise ChatdeskError(f"no failed delivery has the id {delivery_id}; see `chatdesk delivery list`")
    say(f"{delivery_id} will be tried again")


@app.command(epilog="Example: chatdesk delivery drop 01kd8z3vq0c5m2x9a7ty")
def drop(delivery_id: DeliveryId) -> None:
    """Give a delivery up, so that what waits behind it goes on."""
    now = SystemClock().now()
    with transaction(surroundings().settings) as connection:
        for each in desks.listed(connection):
            row = deliveries.load(connection, each.desk, delivery_id)
            if row is not None and row.state in _DROPPABLE:
                deliveries.drop(connection, row, "given up by the operator", now)
                say(f"{delivery_id} is given up")
                return
    raise ChatdeskError(
        f"nothing that waits or failed has the id {delivery_id}; see `chatdesk delivery list`"
    )


_DROPPABLE = (deliveries.DeliveryState.WAITING, deliveries.DeliveryState.FAILED)
