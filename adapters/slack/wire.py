"""Reading Slack's JSON without trusting its shape: what is missing or of another type reads as empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slack_sdk.web.async_slack_response import AsyncSlackResponse

Json = Mapping[str, object]

_NOTHING: Json = {}


def mapping(payload: Json, *path: str) -> Json:
    """The object at ``path``, or an empty one."""
    found: object = payload
    for key in path:
        if not isinstance(found, Mapping):
            return _NOTHING
        found = found.get(key)
    return found if isinstance(found, Mapping) else _NOTHING


def text(payload: Json, *path: str) -> str:
    """The string at ``path``, or an empty one."""
    found = mapping(payload, *path[:-1]).get(path[-1])
    return found if isinstance(found, str) else ""


def number(payload: Json, *path: str) -> int:
    """The integer at ``path``, or 0."""
    found = mapping(payload, *path[:-1]).get(path[-1])
    return found if isinstance(found, int) else 0


def yes(payload: Json, *path: str) -> bool:
    """Whether there is a true value at ``path``."""
    return mapping(payload, *path[:-1]).get(path[-1]) is True


def items(payload: Json, *path: str) -> Sequence[Json]:
    """The objects in the list at ``path``."""
    found = mapping(payload, *path[:-1]).get(path[-1])
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return [item for item in found if isinstance(item, Mapping)]


def strings(payload: Json, *path: str) -> Sequence[str]:
    """The strings in the list at ``path``."""
    found = mapping(payload, *path[:-1]).get(path[-1])
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return [item for item in found if isinstance(item, str)]


def answer(response: AsyncSlackResponse) -> Json:
    """What a Web API method answered."""
    data = response.data
    return data if isinstance(data, Mapping) else _NOTHING
