"""Fuzzing that looks for inputs by the lines they reach: ``make fuzz``, for ``SECONDS``.

An input that breaks something is written to ``build/fuzz`` and named; give its path as the only argument to
see it again.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import atheris

from tests.fuzz.mutation import spoilt

with atheris.instrument_imports(include=["adapters", "chatdesk"]):
    from tests.fuzz import targets

_MOST_TIMES = 6


def try_one(data: bytes) -> None:
    """One input: which target it is for, and how its payload is spoilt or what its text is."""
    provider = atheris.FuzzedDataProvider(data)
    choice = provider.ConsumeIntInRange(0, len(targets.TARGETS) + 1)
    if choice >= len(targets.TARGETS):
        written = provider.ConsumeUnicode(len(data))
        (targets.convert if choice == len(targets.TARGETS) else targets.read_as_ids)(written)
        return
    target = targets.TARGETS[choice]
    payload = spoilt(target.genuine, random.Random(provider.ConsumeBytes(8)), times=_MOST_TIMES)
    if isinstance(payload, dict):
        target.parse(cast(Mapping[str, object], payload))


if __name__ == "__main__":
    Path("build/fuzz").mkdir(parents=True, exist_ok=True)
    atheris.Setup([*sys.argv, "-artifact_prefix=build/fuzz/"], try_one)
    atheris.Fuzz()
