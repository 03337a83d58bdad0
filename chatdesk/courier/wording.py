"""Lines of the desk's own, with people's names as we know them now."""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatdesk.contract.catalogue import LINES
from chatdesk.contract.sentences import Markup, literal
from chatdesk.contract.vocabulary import IdentityId, Platform
from chatdesk.domain.erasure import ERASED
from chatdesk.domain.lines import Gap, GapKind, Line
from chatdesk.store import assistance, people
from chatdesk.store.transaction import Transaction

OURSELVES = "chatdesk"
"""Who did what nobody did, such as an escalation after silence."""

_PEOPLE = (GapKind.PERSON, GapKind.MENTION)
_PERSON_LINK = re.compile(r"\(\s*<?(person:([^/\s()<>]{1,40})/([^\s()<>]{1,80}))")


def said(tx: Transaction, line: Line, platform: Platform) -> str:
    """The line as CommonMark for readers on a platform. Raises KeyError for an unknown sentence or gap."""
    return LINES[line.sentence].say(**{gap.name: _filled(tx, gap, platform) for gap in line.gaps})


def people_of(line: Line) -> tuple[str, ...]:
    """The persons whose names a line says."""
    return tuple(gap.value for gap in line.gaps if gap.kind in _PEOPLE and gap.value)


def mentioned(tx: Transaction, text: str, platform: Platform) -> Mapping[str, str]:
    """For each person linked to in a text who is known on ``platform``: their user id there, by the link."""
    found: dict[str, str] = {}
    for target, their_platform, their_id in _PERSON_LINK.findall(text):
        if their_platform == platform:
            found[target] = their_id
            continue
        known = people.identity(tx, IdentityId(Platform(their_platform), their_id))
        here = people.identity_on(tx, known.person, platform) if known else None
        if here is not None:
            found[target] = here.id.id
    return found


def name_of(tx: Transaction, person: str, platform: Platform) -> str:
    return people.name_of(tx, person, platform) if person else OURSELVES


def _mention(tx: Transaction, person: str, platform: Platform) -> str:
    name = literal(name_of(tx, person, platform))
    known = people.identity_on(tx, person, platform) or next(iter(people.identities_of(tx, person)), None)
    return f"[@{name}](person:{known.id})" if known else name


def _filled(tx: Transaction, gap: Gap, platform: Platform) -> str:
    match gap.kind:
        case GapKind.PERSON:
            return name_of(tx, gap.value, platform)
        case GapKind.MENTION:
            return Markup(_mention(tx, gap.value, platform))
        case GapKind.MARKUP:
            return Markup(gap.value)
        case GapKind.TEXT:
            return gap.value
        case GapKind.PROPOSAL:
            asked = assistance.load(tx, gap.value)
            return Markup(asked.text if asked and asked.text else ERASED)
