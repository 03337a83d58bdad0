from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.configuration.values import (
    parse_colour,
    parse_duration,
    parse_size,
    write_colour,
    write_duration,
    write_size,
)


@given(st.integers(min_value=0, max_value=10**9))
def test_a_duration_reads_back_as_it_was_written(seconds: int) -> None:
    assert parse_duration(write_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@given(st.integers(min_value=1, max_value=10**12))
def test_a_size_reads_back_as_it_was_written(size: int) -> None:
    assert parse_size(write_size(size)) == size


@given(st.integers(min_value=0, max_value=0xFFFFFF))
def test_a_colour_reads_back_as_it_was_written(colour: int) -> None:
    assert parse_colour(write_colour(colour)) == colour


@pytest.mark.parametrize("text", ["", "5", "m", "1h5", "-1h", 5, None, "1m1h"])
def test_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        parse_duration(text)


def test_a_duration_that_nobody_lives_to_see() -> None:
    with pytest.raises(ValueError, match="a hundred years are the most"):
        parse_duration("9999999999d")


@pytest.mark.parametrize("value", ["", "x", "5 apples", "-1MB", 0, True, 1.5])
def test_no_size(value: object) -> None:
    with pytest.raises(ValueError, match="is no size"):
        parse_size(value)


@pytest.mark.parametrize("value", ["red", "#fff", -1, 0x1000000, True])
def test_no_colour(value: object) -> None:
    with pytest.raises(ValueError, match="is no colour"):
        parse_colour(value)
