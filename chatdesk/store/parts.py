"""The part of a platform's installations that a process sees to, where they are divided among several."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BigInteger, and_, case, cast, true
from sqlalchemy.sql.elements import ColumnElement

from chatdesk.contract.shards import Sharding
from chatdesk.contract.vocabulary import Platform
from chatdesk.store.tables_outbox import deliveries

_NUMBER = "^[0-9]{1,19}$"


@dataclass(frozen=True, slots=True)
class Part:
    """Of a platform's installations, those in these shards."""

    platform: Platform
    sharding: Sharding
    shards: frozenset[int]


def delivered_in(parts: Collection[Part]) -> ColumnElement[bool]:
    """A delivery's installation is in one of the parts, or on a platform that is not divided."""
    return and_(true(), *map(_is_in, parts))


def _is_in(part: Part) -> ColumnElement[bool]:
    """Said as a case, since other platforms' ids are no numbers."""
    number = cast(deliveries.c.installation, BigInteger) // (1 << part.sharding.shift)
    return case(
        (deliveries.c.platform != part.platform, true()),
        (deliveries.c.installation.regexp_match(_NUMBER), (number % part.sharding.count).in_(part.shards)),
        else_=true() if 0 in part.shards else ~true(),
    )
