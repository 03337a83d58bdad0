"""``chatdesk status``: what the database says of the desks, for a quick look."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.commands.context import say, surroundings, transaction
from chatdesk.domain.lifecycle import Status
from chatdesk.store import desks, overview, quarantine


def status() -> None:
    """Print desks, installations, tickets by status, and what waits or failed."""
    settings = surroundings().settings
    with transaction(settings) as connection:
        known = desks.listed(connection)
        generations = desks.generations(connection)
        counts = {each.desk: overview.tickets_by_status(connection, each.desk) for each in known}
        installed = overview.installed(connection)
        outbox = overview.deliveries_by_state(connection)
        held = quarantine.count(connection)
    say(f"database {settings.database_shown}")
    if not known:
        say("no configuration is applied yet")
    for desk in known:
        say(f"desk {desk.desk} ({desk.name}), generation {generations[desk.desk]}")
        say(f"  tickets: {_counts(counts[desk.desk], [status.value for status in Status])}")
        for each in installed:
            if each.desk == desk.desk:
                state = f"paused: {each.paused}" if each.paused else "in use"
                say(f"  {each.installation.platform}:{each.installation.id} ({each.name}), {state}")
    say(f"deliveries: {_counts(outbox, ['waiting', 'in_flight', 'failed'])}")
    say(f"quarantine: {held or 'empty'}")


def _counts(counts: Mapping[str, int], order: list[str]) -> str:
    said = [f"{counts[name]} {name.replace('_', ' ')}" for name in order if counts.get(name)]
    return ", ".join(said) or "none"
