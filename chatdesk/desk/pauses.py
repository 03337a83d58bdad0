"""What the teams are told of an installation whose credentials stopped working, where they can read it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from chatdesk.contract.vocabulary import Installation, Place
from chatdesk.domain.effects import LineSaid
from chatdesk.domain.lines import Line, words
from chatdesk.store import channels, desks, installations, outbox
from chatdesk.store.transaction import Transaction, in_turn


def installation_paused(connection: Connection, paused: Installation, now: datetime) -> None:
    """Nothing gets through there any more. Said in the home channels of other installations, if there are."""
    reason = installations.paused(connection, paused) or "unknown"
    _tell(connection, paused, Line("installation_paused", (words("reason", reason),)), now)


def installation_resumed(connection: Connection, resumed: Installation, now: datetime) -> None:
    """It works again, and those who were told that it did not are told so."""
    _tell(connection, resumed, Line("installation_resumed"), now)


def _tell(connection: Connection, about: Installation, line: Line, now: datetime) -> None:
    gaps = (
        words("platform", about.platform.capitalize()),
        words("installation", installations.named(connection, about)),
        *line.gaps,
    )
    effect = LineSaid(Line(line.sentence, gaps))
    for desk in installations.desks_of(connection, about):
        organisation = desks.load(connection, desk)
        if organisation is None:
            continue
        tx = in_turn(connection, organisation)
        for home in _homes_elsewhere(tx, about):
            lane = f"place:{home.platform}:{home.id}"
            outbox.write_at(tx, effect, home.installation, home.id, lane, now)


def _homes_elsewhere(tx: Transaction, about: Installation) -> list[Place]:
    resolved = (channels.resolve(tx, home) for team in tx.organisation.teams for home in team.homes)
    return list(dict.fromkeys(one for one in resolved if one is not None and one.installation != about))
