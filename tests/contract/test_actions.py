"""What a component's value is called agrees with what its verb takes."""

from __future__ import annotations

import pytest

from chatdesk.contract.actions import argument_of
from chatdesk.domain.verbs import TICKET_VERBS, Takes, Verb

_ONE_VALUE = [verb for verb in TICKET_VERBS if verb.takes is Takes.VALUE and verb.needs_ticket]


@pytest.mark.parametrize("verb", _ONE_VALUE, ids=lambda verb: verb.name)
def test_a_chosen_value_arrives_under_the_name_that_the_verb_knows(verb: Verb) -> None:
    assert argument_of(verb.name) == verb.argument
