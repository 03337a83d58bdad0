"""``chatdesk status``: what the database says of the desks, and the running desk of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from sqlalchemy import Connection

from chatdesk.clocks import SystemClock
from chatdesk.commands.context import Surroundings, say, surroundings, transaction
from chatdesk.contract.shards import shards_of
from chatdesk.domain.lifecycle import Status
from chatdesk.settings import HttpSettings
from chatdesk.store import desks, leases, overview, quarantine
from chatdesk.store.engine import many_processes
from chatdesk.store.overview import Backlog, InstallationState

ASK_SECONDS = 3.0


def status() -> None:
    """Print desks, installations, tickets by status, what waits for whom, and whether all is connected."""
    around = surroundings()
    settings = around.settings
    with transaction(settings) as connection:
        shards = list(_shards(around, connection))
        known = desks.listed(connection)
        generations = desks.generations(connection)
        counts = {each.desk: overview.tickets_by_status(connection, each.desk) for each in known}
        installed = overview.installed(connection)
        backlogs = overview.backlogs(connection)
        outbox = overview.deliveries_by_state(connection)
        held = quarantine.count(connection)
    say(f"database {settings.database_shown}")
    if not known:
        say("no configuration is applied yet")
    for desk in known:
        say(f"desk {desk.desk} ({desk.name}), generation {generations[desk.desk]}")
        say(f"  tickets: {_counts(counts[desk.desk], [status.value for status in Status])}")
        for line in _installations(desk.desk, installed, backlogs):
            say(f"  {line}")
    say(f"deliveries: {_counts(outbox, ['waiting', 'in_flight', 'failed'])}")
    say(f"quarantine: {held or 'empty'}")
    for line in shards:
        say(line)
    say(f"running: {_running(settings.http)}")


def _installations(
    desk: str, installed: Sequence[InstallationState], backlogs: Sequence[Backlog]
) -> Sequence[str]:
    """A line for each: connected since when, in use or paused, and what waits for it."""
    known = {one.installation: one for one in installed if one.desk == desk}
    now = SystemClock().now()
    lines = []
    for backlog in (one for one in backlogs if one.desk == desk):
        named = f"{backlog.installation.platform}:{backlog.installation.id}"
        state = known.get(backlog.installation)
        if state is None:
            lines.append(f"{named}, never connected, {_waiting(backlog, backlog.age(now))}")
            continue
        use = f"paused: {state.paused}" if state.paused else "in use"
        since = f"last connected {state.connected_at:%Y-%m-%d %H:%M} UTC"
        lines.append(f"{named} ({state.name}), {use}, {since}, {_waiting(backlog, backlog.age(now))}")
    return lines


def _shards(around: Surroundings, connection: Connection) -> Iterator[str]:
    """Who listens to which shards, where a platform is divided into several."""
    for platform, package in around.packages.items():
        section = around.settings.adapters[platform]
        sharded = shards_of(package.build(section, SystemClock())) if package.enabled(section) else None
        if sharded is None:
            continue
        count = sharded.sharding.count
        if not many_processes(connection.engine):
            yield f"{platform}: {count} shards, all of them the one process's"
            continue
        holders = leases.sharing(connection, platform).holders
        said = (f"shard {shard}: {holders.get(shard, 'nobody')}" for shard in range(count))
        yield f"{platform}: {', '.join(said)}"


def _waiting(backlog: Backlog, age: timedelta) -> str:
    if not backlog.depth:
        return "nothing waits"
    deliveries = "1 delivery waits" if backlog.depth == 1 else f"{backlog.depth} deliveries wait"
    return f"{deliveries}, the oldest for {_rounded(age)}"


def _rounded(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _running(http: HttpSettings) -> str:
    """What the running desk says of its connections, if it can be asked."""
    if not http.port:
        return "not known; with CHATDESK_HTTP__PORT set, this asks the running desk"
    host = "127.0.0.1" if http.host in ("0.0.0.0", "::") else http.host
    shown = f"[{host}]" if ":" in host else host
    try:
        with urlopen(f"http://{shown}:{http.port}/readyz", timeout=ASK_SECONDS) as answer:
            said = answer.read().decode()
    except HTTPError as error:
        said = error.read().decode() or str(error)
    except (URLError, OSError, ValueError):
        return f"no, nothing answers on port {http.port}"
    return "yes, " + "; ".join(said.split("\n")).strip("; ")


def _counts(counts: Mapping[str, int], order: list[str]) -> str:
    said = [f"{counts[name]} {name.replace('_', ' ')}" for name in order if counts.get(name)]
    return ", ".join(said) or "none"
