"""Words of tickets that were closed long ago are no longer kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chatdesk.configuration.export import export
from chatdesk.configuration.reading import read_desks
from chatdesk.desk.ending_sweeps import forget_words
from chatdesk.desk.sweeps import prune
from chatdesk.domain.erasure import ERASED
from chatdesk.errors import ConfigurationError
from chatdesk.store import desks
from tests.desk.humans import ANA, CLEO
from tests.desk.organisation import ACME, PUBLIC
from tests.desk.test_erasing import everything
from tests.desk.world import World


async def test_words_go_and_numbers_stay(world: World) -> None:
    with world.engine.begin() as connection:
        desks.apply(connection, replace(ACME, forget_closed_after=timedelta(days=90)), world.clock.now())
    old = await world.ticket_from(CLEO, PUBLIC, "Secret4711 is lost")
    kept = await world.ticket_from(CLEO, PUBLIC, "Another one")
    await world.post(ANA, world.team(old), "Found Secret4711")
    await world.give(ANA, "resolve", ticket=str(old), text="Secret4711 was under the desk")
    await world.give(ANA, "close", ticket=str(old))
    await world.settle()
    before, count = world.ticket(old), len(world.history(old))
    assert await world.tick(forget_words, days=89) == 0
    assert await world.tick(forget_words, days=1) == 1
    assert await world.tick(forget_words, days=1) == 0
    after = world.ticket(old)
    assert (after.title, after.description, after.status) == (ERASED, "", before.status)
    assert (after.closed_at, after.requester) == (before.closed_at, before.requester)
    assert len(world.history(old)) == count + 1
    assert [post.body for post in world.posts(old)] == [""] * len(world.posts(old))
    assert world.ticket(kept).title == "Another one"
    await world.tick(prune)
    assert [line for line in everything(world).splitlines() if "Secret4711" in line] == []


def test_the_setting(tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"
    beginning = "desk: acme\nteams:\n  support: {home: 'slack:#support'}\n"
    file.write_text(f"{beginning}forget_closed_after: 365d\n")
    [read] = read_desks(file, {"slack"})
    assert read.forget_closed_after == timedelta(days=365)
    assert "forget_closed_after: 52w1d" in export(read)
    file.write_text(f"{beginning}forget_closed_after: 7d\n")
    with pytest.raises(ConfigurationError, match=r"desk.yaml:4: forget_closed_after must be 31d at least"):
        read_desks(file, {"slack"})
