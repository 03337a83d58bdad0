"""JSON as it travels: the types, and helpers that read a field without trusting its shape."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from typing_extensions import TypeAliasType

JsonValue = TypeAliasType(
    "JsonValue", "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
JsonObject: TypeAlias = Mapping[str, JsonValue]


def parse(raw: str | bytes) -> JsonValue:
    """The value that `raw` spells. Raises `ValueError` when it is not JSON."""
    value: JsonValue = json.loads(raw)
    return value


def parse_object(raw: str | bytes) -> JsonObject:
    """The object that `raw` spells. Raises `ValueError` when it is not a JSON object."""
    value = parse(raw)
    if not isinstance(value, Mapping):
        raise ValueError("not a JSON object")
    return value


def dump(value: JsonValue) -> str:
    """Compact JSON, as a server sends it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def text(source: JsonObject, key: str, default: str = "") -> str:
    """The string under `key`; numbers become text, anything else the default."""
    value = source.get(key)
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return default


def flag(source: JsonObject, key: str, default: bool = False) -> bool:
    """The truth under `key`; forms say it as "1" or "true"."""
    value = source.get(key)
    if isinstance(value, bool):
        return value
    if isinstance(value, (str, int)):
        return str(value).lower() in {"1", "true"}
    return default


def whole(source: JsonObject, key: str, default: int = 0) -> int:
    """The whole number under `key`, also when it is spelled as text."""
    value = source.get(key)
    if isinstance(value, bool):
        return default
    if isinstance(value, (int, float)):
        return int(value)
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return default


def number(source: JsonObject, key: str, default: float = 0.0) -> float:
    """The number under `key`."""
    value = source.get(key)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else default


def child(source: JsonObject, key: str) -> JsonObject:
    """The object under `key`, empty when there is none."""
    value = source.get(key)
    return value if isinstance(value, Mapping) else {}


def sequence(source: JsonObject, key: str) -> Sequence[JsonValue]:
    """The array under `key`, empty when there is none."""
    value = source.get(key)
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def children(source: JsonObject, key: str) -> list[JsonObject]:
    """The objects in the array under `key`."""
    return [item for item in sequence(source, key) if isinstance(item, Mapping)]


def texts(source: JsonObject, key: str) -> list[str]:
    """The strings in the array under `key`; a comma-separated string counts as an array."""
    value = source.get(key)
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [item for item in sequence(source, key) if isinstance(item, str)]


def pick(source: JsonObject, keys: Iterable[str]) -> dict[str, JsonValue]:
    """Those of `keys` that `source` has."""
    return {key: source[key] for key in keys if key in source}
