"""Genuine payloads, spoilt: what a broken or hostile sender might make of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

HOSTILE: Sequence[Json] = (
    None, True, False, 0, -1, 10**30, 1.5, "", " ", "\0", "\ud800", "\u202e\u200b", "a" * 10_000,
    "../../etc/passwd", "<!channel> <@U1> @everyone", "'; DROP TABLE ticket; --", "{{7*7}}", "\U0010ffff",
    [], {}, [[]], [None], [{}], {"": ""}, {"id": None}, "1700000000.000100", "C1", "1e999", "NaN",
    "verb:1:claim", "form:1:note", "#99999999999",
)  # fmt: skip


def spoilt(payload: Json, chance: random.Random, times: int = 2) -> Json:
    """A copy in which some values are others, some are missing and some are there twice."""
    copy = _copy(payload)
    for _ in range(chance.randint(1, times)):
        copy = _spoil(copy, chance)
    return copy


def nested(depth: int) -> Json:
    """Lists in lists."""
    value: Json = []
    for _ in range(depth):
        value = [value]
    return value


def _spoil(value: Json, chance: random.Random) -> Json:
    """Walk down at random and do something bad where the walk ends."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(list(value))
        roll = chance.random()
        if roll < 0.15:
            return {other: kept for other, kept in value.items() if other != key}
        return {**value, key: _spoil(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.85:
        place = chance.randrange(len(value))
        if chance.random() < 0.1:
            return [*value, *value]
        return [*value[:place], _spoil(value[place], chance), *value[place + 1 :]]
    if isinstance(value, str) and chance.random() < 0.4:
        return _garbled(value, chance)
    return _copy(chance.choice(HOSTILE))


def _garbled(text: str, chance: random.Random) -> str:
    place = chance.randint(0, len(text))
    return chance.choice(
        (
            text[:place],
            text[place:],
            text * 3,
            text[:place] + "\0" + text[place:],
            text.swapcase(),
            text + "|x",
        )
    )


def _copy(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copy(inner) for inner in value]
    return value


def garbage(body: bytes, chance: random.Random) -> bytes:
    """Bytes that are no longer what they were."""
    place = chance.randint(0, len(body))
    noise = chance.randbytes(chance.randint(1, 20))
    return chance.choice(
        (body[:place], body[:place] + noise + body[place:], noise, b"", b"[" * 50_000, body * 2)
    )
