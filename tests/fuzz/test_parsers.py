"""Whatever a payload holds, the parsers make something of it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import targets
from tests.fuzz.mutation import spoilt
from tests.fuzz.targets import TARGETS, Target

seeds = st.integers(min_value=0, max_value=2**32)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@given(seed=seeds)
def test_spoilt_payloads_never_crash(target: Target, seed: int) -> None:
    payload = spoilt(target.genuine, random.Random(seed), times=4)
    if isinstance(payload, dict):
        target.parse(cast(Mapping[str, object], payload))


@given(written=st.text(max_size=200))
def test_any_text_can_be_the_id_of_a_control(written: str) -> None:
    targets.read_as_ids(written)


def test_a_number_without_end_can_be_the_id_of_a_control() -> None:
    targets.read_as_ids("verb:" + "9" * 5000 + ":claim")


@given(written=st.text(st.characters(exclude_categories=()), max_size=400))
def test_any_text_can_be_read_written_and_split(written: str) -> None:
    targets.convert(written)
