"""Telling staff of articles where no ticket's thread is: in a team's home channels, or a person."""

from __future__ import annotations

from datetime import datetime

from chatdesk.contract.views import Control
from chatdesk.contract.vocabulary import IdentityId, Installation
from chatdesk.domain.effects import LineSaid, PersonTold
from chatdesk.domain.lines import Line
from chatdesk.domain.organisation import Team
from chatdesk.store import channels, outbox, people
from chatdesk.store.transaction import Transaction


def tell_team(
    tx: Transaction, team: Team, line: Line, now: datetime, controls: tuple[Control, ...] = ()
) -> None:
    """In each of a team's channels that is known."""
    for home in team.homes:
        place = channels.resolve(tx, home)
        if place is not None:
            lane = f"place:{place.platform}:{place.id}"
            outbox.write_at(tx, LineSaid(line, controls), place.installation, place.id, lane, now)


def tell_person(tx: Transaction, who: IdentityId, line: Line, now: datetime) -> None:
    """In a direct message, if we know where they are."""
    known = people.identity(tx, who)
    if known is not None and known.installation is not None:
        installation = Installation(who.platform, known.installation)
        outbox.write_at(tx, PersonTold(who, line), installation, None, outbox.person_lane(who), now)
