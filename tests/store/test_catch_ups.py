"""Which places are to be read again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from chatdesk.contract.vocabulary import Place
from chatdesk.store import catch_ups
from chatdesk.store.catch_ups import CatchUp, Urgency
from tests.store.support import NOW, SLACK, database, transaction

PLACE = Place(SLACK, "C1/m1")
A_MINUTE = timedelta(minutes=1)


def test_whoever_waits_waits_anew_when_a_place_is_wanted_again(tmp_path: Path) -> None:
    """A crash must not let what waits pass what was missed before it."""
    wanted = CatchUp("acme", PLACE, False, NOW, True, Urgency.WORKING, NOW)
    engine = database(tmp_path)
    with engine.begin() as connection:
        tx = transaction(connection)
        catch_ups.want(tx, wanted, NOW)
        assert catch_ups.let_wait(tx, PLACE, NOW)
        assert catch_ups.waiting_too_long(connection, NOW + A_MINUTE)
        catch_ups.want(tx, wanted, NOW + A_MINUTE)
        assert not catch_ups.waiting_too_long(connection, NOW + A_MINUTE)
        assert catch_ups.waiting_too_long(connection, NOW + 2 * A_MINUTE)
    engine.dispose()
