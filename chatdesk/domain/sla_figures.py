"""How many promises were kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chatdesk.domain.sla import Clock, State
from chatdesk.domain.sla_policy import Measure


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one promise of one policy. What is still open and not late is neither kept nor late."""

    policy: str
    measure: Measure
    kept: int
    late: int
    running: int

    @property
    def share(self) -> float | None:
        """Of what was decided, in percent."""
        decided = self.kept + self.late
        return None if not decided else 100 * self.kept / decided


def figures(clocks: Iterable[Clock]) -> tuple[Kept, ...]:
    """By policy and measure, of every clock for which something was promised."""
    counts: dict[tuple[str, Measure], list[int]] = {}
    for clock in clocks:
        if clock.promise is None or clock.target is None:
            continue
        count = counts.setdefault((clock.promise.policy.key, clock.measure), [0, 0, 0])
        if clock.breached_at is not None:
            count[1] += 1
        else:
            count[0 if clock.state is State.ENDED else 2] += 1
    order = list(Measure)
    found = sorted(counts.items(), key=lambda item: (item[0][0], order.index(item[0][1])))
    return tuple(Kept(policy, measure, *count) for (policy, measure), count in found)
