"""Inbound events as JSON and back: for the quarantine, and for ``chatdesk record`` and ``replay``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import get_args

from pydantic import TypeAdapter

from chatdesk.contract.inbound import Inbound

_KIND = "event"


@cache
def _adapters() -> Mapping[str, TypeAdapter[Inbound]]:
    return {kind.__name__: TypeAdapter(kind) for kind in get_args(Inbound)}


def dump(event: Inbound) -> dict[str, object]:
    """The event as JSON values, its type under ``event``."""
    name = type(event).__name__
    return {_KIND: name, **_adapters()[name].dump_python(event, mode="json")}


def load(document: Mapping[str, object]) -> Inbound:
    """The event that ``dump`` wrote. Raises ValueError (pydantic's own among it) for anything else."""
    name = document.get(_KIND)
    adapter = _adapters().get(name) if isinstance(name, str) else None
    if adapter is None:
        raise ValueError(f"{name!r} is no event; events are {', '.join(_adapters())}")
    return adapter.validate_python({key: value for key, value in document.items() if key != _KIND})
