from __future__ import annotations

import itertools

import pytest

from chatdesk.domain.lifecycle import OVER, TRANSITIONS, WORKING, Status, may_become

ALLOWED = {
    ("draft", "new"), ("draft", "cancelled"),
    ("new", "open"), ("new", "pending"), ("new", "on_hold"), ("new", "resolved"), ("new", "cancelled"),
    ("open", "pending"), ("open", "on_hold"), ("open", "resolved"), ("open", "cancelled"),
    ("pending", "open"), ("pending", "on_hold"), ("pending", "resolved"), ("pending", "cancelled"),
    ("on_hold", "open"), ("on_hold", "pending"), ("on_hold", "resolved"), ("on_hold", "cancelled"),
    ("resolved", "open"), ("resolved", "closed"),
    ("closed", "open"),
    ("cancelled", "open"),
}  # fmt: skip


@pytest.mark.parametrize(("now", "then"), list(itertools.product(Status, Status)))
def test_the_table_holds_exactly_what_may_happen(now: Status, then: Status) -> None:
    assert may_become(now, then) is ((now.value, then.value) in ALLOWED)


def test_every_status_has_its_row_and_is_working_over_or_between() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert set(Status) - WORKING - OVER == {Status.DRAFT, Status.RESOLVED}
