"""``chatdesk delivery``: the ledger of what was to be shown: what waits, what failed, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy import Connection

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import out, say, surroundings, table, transaction
from chatdesk.errors import ChatdeskError
from chatdesk.store import desks, ledger
from chatdesk.store.ledger import Entry, Plight, Wanted
from chatdesk.store.transaction import Transaction, in_turn

app = typer.Typer(help="What waits to be shown and what could not be.", no_args_is_help=True)

_LOT = 10_000

DeliveryId = Annotated[str | None, typer.Argument(metavar="[ID]", help="As `list` prints it.")]
State = Annotated[list[Plight] | None, typer.Option(help="Only those that stand so; may be given again.")]
Desk = Annotated[str | None, typer.Option(help="Only those of a desk.")]
Ticket = Annotated[int | None, typer.Option(help="Only those of a ticket.")]
Lane = Annotated[str | None, typer.Option(help="Only those of a lane, as `list` prints it.")]
PlatformName = Annotated[str | None, typer.Option("--platform", help="Only those of a platform.")]
Everything = Annotated[bool, typer.Option("--all", help="Also those that merely wait for their turn.")]
Limit = Annotated[int, typer.Option(min=1, help="How many to list at most.")]

Deed = Callable[[Transaction, Entry, datetime], bool]


@app.command(name="list", epilog="Example: chatdesk delivery list --ticket 1042 --all")
def list_(
    state: State = None,
    desk: Desk = None,
    ticket: Ticket = None,
    lane: Lane = None,
    platform: PlatformName = None,
    everything: Everything = False,
    limit: Limit = 200,
) -> None:
    """List deliveries that failed for good, or that failed and wait for another try, oldest first."""
    plights = tuple(state or (() if everything else ledger.TROUBLE))
    wanted = Wanted(plights, desk, ticket, lane, platform)
    now = SystemClock().now()
    with transaction(surroundings().settings) as connection:
        found = ledger.entries(connection, wanted, limit)
    if not found:
        narrowed = state or desk or ticket is not None or lane or platform or everything
        say("nothing of that kind" if narrowed else "nothing has failed, and nothing waits for another try")
        return
    listing = table("id", "desk", "ticket", "what", "where", "state", "tries", "age", "next try", "reason")
    for each in found:
        listing.add_row(*_row(each, now))
    out().print(listing)
    if len(found) == limit:
        say(f"these are the oldest {limit}; --limit lists more")


@app.command(epilog="Example: chatdesk delivery retry 01kd8z3vq0c5m2x9a7ty")
def retry(
    delivery_id: DeliveryId = None,
    desk: Desk = None,
    ticket: Ticket = None,
    lane: Lane = None,
    platform: PlatformName = None,
) -> None:
    """Try a failed delivery again, in its old turn; one that waits for another try is tried at once.

    Instead of one, all those of a ticket, a lane, a platform or a desk that are in trouble.
    """
    wanted = _wanted(delivery_id, desk, ticket, lane, platform)
    done = _each(wanted, ledger.try_again, "failed delivery")
    say(f"{delivery_id or _number(done)} will be tried again")


@app.command(epilog="Example: chatdesk delivery drop 01kd8z3vq0c5m2x9a7ty")
def drop(
    delivery_id: DeliveryId = None,
    desk: Desk = None,
    ticket: Ticket = None,
    lane: Lane = None,
    platform: PlatformName = None,
) -> None:
    """Give a delivery up, so that what waits behind it goes on.

    Instead of one, all those of a ticket, a lane, a platform or a desk that are in trouble.
    """
    wanted = _wanted(delivery_id, desk, ticket, lane, platform)
    done = _each(wanted, ledger.give_up, "waiting or failed delivery")
    say(f"{delivery_id} is given up" if delivery_id else f"{_number(done)} given up")


def _wanted(
    delivery_id: str | None, desk: str | None, ticket: int | None, lane: str | None, platform: str | None
) -> Wanted:
    if delivery_id is not None:
        return Wanted(id=delivery_id, desk=desk)
    if desk is None and ticket is None and lane is None and platform is None:
        raise ChatdeskError("which? Give an id, or --ticket, --lane, --platform or --desk")
    return Wanted(ledger.TROUBLE, desk, ticket, lane, platform)


def _each(wanted: Wanted, deed: Deed, kind: str) -> int:
    """Do it to each of them; to how many it was possible. Raises ChatdeskError if to none of this kind."""
    now = SystemClock().now()
    with transaction(surroundings().settings) as connection:
        entries = ledger.entries(connection, wanted, _LOT)
        done = sum(_done(connection, entry, deed, now) for entry in entries)
    if not done:
        raise ChatdeskError(f"{_none(wanted.id, kind)}; see `chatdesk delivery list`")
    return done


def _done(connection: Connection, entry: Entry, deed: Deed, now: datetime) -> bool:
    organisation = desks.load(connection, entry.desk)
    return organisation is not None and deed(in_turn(connection, organisation), entry, now)


def _row(entry: Entry, now: datetime) -> tuple[str, ...]:
    waits = entry.plight in (Plight.WAITING, Plight.RETRYING)
    return (
        entry.id,
        entry.desk,
        "" if entry.ticket is None else f"#{entry.ticket}",
        entry.kind,
        f"{entry.installation.platform} {entry.lane}",
        entry.plight,
        str(entry.attempts),
        _span(now - entry.created_at),
        _next(entry, now) if waits else "",
        _reason(entry, waits),
    )


def _next(entry: Entry, now: datetime) -> str:
    if entry.paused or entry.ahead:
        return ""
    return f"in {_span(entry.next_at - now)}" if entry.next_at > now else "now"


def _reason(entry: Entry, waits: bool) -> str:
    if waits and entry.paused:
        return f"paused: {entry.paused}"
    if waits and entry.ahead:
        return f"{entry.ahead} before it in its lane"
    return entry.reason or ""


def _span(span: timedelta) -> str:
    """A length of time as people say it: the largest unit, rounded down."""
    seconds = max(int(span.total_seconds()), 0)
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _number(count: int) -> str:
    return "1 delivery" if count == 1 else f"{count} deliveries"


def _none(delivery_id: str | None, kind: str) -> str:
    return f"no {kind} has the id {delivery_id}" if delivery_id else f"there is no {kind} of that kind"
