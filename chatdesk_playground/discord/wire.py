"""Reading and writing Discord's JSON: narrow helpers, so that nothing untyped travels further."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

Body = Mapping[str, object]
JsonObject = dict[str, object]


def body_of(value: object) -> Body:
    """The value as a JSON object; empty if it is none."""
    return value if isinstance(value, Mapping) else {}


def items_of(value: object) -> Sequence[object]:
    """The value as a JSON array; empty if it is none."""
    return value if isinstance(value, list | tuple) else ()


def bodies_of(value: object) -> tuple[Body, ...]:
    """The JSON objects of an array."""
    return tuple(body_of(item) for item in items_of(value))


def text_of(body: Body, key: str, default: str = "") -> str:
    value = body.get(key)
    return value if isinstance(value, str) else default


def optional_text(body: Body, key: str) -> str | None:
    value = body.get(key)
    return value if isinstance(value, str) else None


def number_of(body: Body, key: str, default: int = 0) -> int:
    """An integer that may have come as text, as permissions and some ids do."""
    value = body.get(key)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return default


def flag_of(body: Body, key: str, default: bool = False) -> bool:
    value = body.get(key)
    return value if isinstance(value, bool) else default


def id_of(body: Body, key: str) -> str | None:
    """A snowflake, which clients send as text or as a number."""
    value = body.get(key)
    if isinstance(value, bool) or value is None:
        return None
    return str(value) if isinstance(value, int | str) and str(value) else None


def ids_of(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in items_of(value) if isinstance(item, int | str))


def timestamp(moment: datetime) -> str:
    """ISO 8601 as Discord writes it, with an offset."""
    return moment.astimezone(UTC).isoformat()


def optional_timestamp(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)
