"""Every deed by every role, written out, so that a change of the table is a change here too."""

from __future__ import annotations

import pytest

from chatdesk.domain.permissions import TABLE, Deed, Role, may

ROLES = ("stranger", "participant", "requester", "colleague", "asked", "agent", "lead", "admin", "rule")

MATRIX = """
                    stranger participant requester colleague asked agent lead admin rule
open                   yes       yes        yes       yes     yes   yes  yes   yes   yes
see                     -        yes        yes       yes     yes   yes  yes   yes   -
write                   -        yes        yes        -       -    yes  yes   yes   -
note                    -         -          -        yes     yes   yes  yes   yes   -
claim                   -         -          -         -       -    yes  yes   yes   -
release                 -         -          -         -       -    yes  yes   yes   yes
release_others          -         -          -         -       -     -   yes   yes   yes
assign                  -         -          -         -       -    yes  yes   yes   yes
priority                -         -          -         -       -    yes  yes   yes   yes
status                  -         -          -         -       -    yes  yes   yes   yes
category                -         -          -         -       -    yes  yes   yes   yes
tag                     -         -          -         -       -    yes  yes   yes   yes
move                    -         -          -         -       -    yes  yes   yes   yes
escalate                -         -          -         -      yes   yes  yes   yes   yes
answer_escalation       -         -          -         -      yes    -    -    yes   -
answer_call             -         -          -         -       -    yes  yes   yes   -
see_on_call             -         -          -        yes     yes   yes  yes   yes   -
on_call                 -         -          -         -       -     -   yes   yes   -
take_on_call            -         -          -         -       -    yes  yes   yes   -
resolve                 -         -         yes        -       -    yes  yes   yes   yes
close                   -         -         yes        -       -    yes  yes   yes   yes
cancel                  -         -         yes        -       -    yes  yes   yes   -
reopen                  -         -         yes        -       -    yes  yes   yes   -
reopen_ended            -         -          -         -       -    yes  yes   yes   -
people                  -         -         yes        -       -    yes  yes   yes   -
fill                    -         -         yes        -       -    yes  yes   yes   -
panel                   -         -          -         -       -     -   yes   yes   -
report                  -         -          -         -       -    yes  yes   yes   -
report_people           -         -          -         -       -     -   yes   yes   -
draft_article           -         -          -        yes     yes   yes  yes   yes   -
articles                -         -          -         -       -     -   yes   yes   -
outage                  -         -          -        yes     yes   yes  yes   yes   -
away                    -         -          -        yes     yes   yes  yes   yes   -
merge                   -         -          -         -       -    yes  yes   yes   -
relate                  -         -          -        yes     yes   yes  yes   yes   -
ask_close               -         -          -         -       -    yes  yes   yes   -
answer_close            -         -         yes        -       -     -    -     -   -
sla                     -         -          -        yes     yes   yes  yes   yes   -
snooze                  -         -          -         -       -    yes  yes   yes   -
assist                  -         -          -        yes     yes   yes  yes   yes   -
assistant               -         -          -         -      yes   yes  yes   yes   -
rate                    -         -         yes        -       -     -    -     -   -
"""


def _cells() -> list[tuple[str, str, bool]]:
    header, *rows = [line.split() for line in MATRIX.strip().splitlines()]
    assert tuple(header) == ROLES
    return [
        (deed, role, cell == "yes") for deed, *cells in rows for role, cell in zip(ROLES, cells, strict=True)
    ]


@pytest.mark.parametrize(("deed", "role", "allowed"), _cells())
def test_who_may_do_what(deed: str, role: str, allowed: bool) -> None:
    assert may(frozenset({Role(role)}), Deed(deed)) is allowed


def test_the_matrix_leaves_nothing_out() -> None:
    assert (
        {deed for deed, _, _ in _cells()} == {deed.value for deed in Deed} == {deed.value for deed in TABLE}
    )
    assert set(ROLES) == {role.value for role in Role}


def test_who_is_several_things_may_do_what_any_of_them_may() -> None:
    assert may(frozenset({Role.REQUESTER, Role.COLLEAGUE}), Deed.NOTE)
    assert not may(frozenset(), Deed.OPEN)
