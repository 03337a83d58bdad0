"""How replicas divide shards: evenly, without reaching for each other's, and all of them in the end."""

from __future__ import annotations

import pytest

from chatdesk.sharing import Division
from chatdesk.store.leases import Sharing


def seen_by(me: str, count: int, replicas: str, **held: str) -> Division:
    """``held``: what each replica holds, as digits."""
    holders = {int(shard): name for name, shards in held.items() for shard in shards}
    return Division(count, me, Sharing(holders, frozenset(replicas)))


def test_one_alone_takes_everything() -> None:
    assert seen_by("", 3, "").to_take(()) == [0, 1, 2]
    assert seen_by("a", 3, "a").to_take(()) == [0, 1, 2]
    assert seen_by("a", 3, "a", a="012").to_leave() is None


@pytest.mark.parametrize(("count", "shares"), [(2, ([0], [1], [])), (4, ([0, 3], [1], [2]))])
def test_several_take_different_ones(count: int, shares: tuple[list[int], ...]) -> None:
    assert tuple(seen_by(me, count, "abc").to_take(()) for me in "abc") == shares


def test_whoever_has_fewer_takes_what_a_dead_one_held() -> None:
    assert seen_by("a", 3, "ab", a="01").to_take(()) == []
    assert seen_by("b", 3, "ab", a="01").to_take(()) == [2]


def test_what_is_left_for_too_long_is_taken_by_anybody() -> None:
    assert seen_by("a", 3, "ab", a="01").to_take([2]) == [2]


def test_one_that_has_two_more_than_another_gives_one_up() -> None:
    assert seen_by("a", 2, "ab", a="01").to_leave() == 1
    assert seen_by("b", 2, "ab", a="01").to_leave() is None
    assert seen_by("a", 3, "ab", a="01", b="2").to_leave() is None


def test_one_at_a_time_gives_up_and_none_while_one_is_free() -> None:
    held = {"a": "01", "b": "23"}
    assert seen_by("a", 4, "abc", **held).to_leave() == 1
    assert seen_by("b", 4, "abc", **held).to_leave() is None
    assert seen_by("a", 5, "abc", **held).to_leave() is None
