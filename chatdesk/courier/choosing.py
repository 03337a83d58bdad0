"""Which of the due lanes are worked next, so that one full channel or installation holds up no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chatdesk.contract.ports import Limits
from chatdesk.contract.vocabulary import Installation, Platform
from chatdesk.store.lanes import DueLane


def chosen(
    due: Sequence[DueLane], working: Iterable[DueLane], limits: Mapping[Platform, Limits]
) -> list[DueLane]:
    """The lanes to begin with, in their order, as many as their channels and installations have room for."""
    in_installation: Counter[Installation] = Counter()
    in_channel: Counter[tuple[Installation, str]] = Counter()
    busy = set()
    for lane in working:
        busy.add(lane.ref)
        in_installation[lane.installation] += 1
        in_channel[lane.installation, lane.channel] += 1
    found = []
    for lane in due:
        allowed = limits[lane.installation.platform]
        channel = (lane.installation, lane.channel)
        is_full = (
            in_installation[lane.installation] >= allowed.lanes_at_once
            or in_channel[channel] >= allowed.lanes_per_channel
        )
        if lane.ref in busy or is_full:
            continue
        in_installation[lane.installation] += 1
        in_channel[channel] += 1
        found.append(lane)
    return found


@dataclass(slots=True)
class Holds:
    """Installations whose platform said to leave everything until a time."""

    _until: dict[Installation, datetime] = field(default_factory=dict)

    def hold(self, installation: Installation, until: datetime) -> None:
        before = self._until.get(installation)
        self._until[installation] = until if before is None else max(before, until)

    def holds(self, installation: Installation, now: datetime) -> bool:
        return (until := self._until.get(installation)) is not None and now < until

    def next_end(self, now: datetime) -> datetime | None:
        """When the next of them ends; those that are over are forgotten."""
        self._until = {one: until for one, until in self._until.items() if now < until}
        return min(self._until.values(), default=None)
