"""Who may do what, to which ticket: one table, asked from one place."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is to a ticket. One person may be several of these."""

    STRANGER = "stranger"
    PARTICIPANT = "participant"
    REQUESTER = "requester"
    COLLEAGUE = "colleague"
    """Staff, but of a team that does not have the ticket."""
    ASKED = "asked"
    """Staff of the team that the ticket is escalated to."""
    AGENT = "agent"
    """Staff of the ticket's team."""
    LEAD = "lead"
    """Leads the ticket's team."""
    ADMIN = "admin"
    RULE = "rule"
    """Nobody in person: what the desk's rules do."""


class Deed(StrEnum):
    OPEN = "open"
    SEE = "see"
    WRITE = "write"
    """Say something that the requester reads."""
    NOTE = "note"
    CLAIM = "claim"
    RELEASE = "release"
    RELEASE_OTHERS = "release_others"
    ASSIGN = "assign"
    PRIORITY = "priority"
    STATUS = "status"
    CATEGORY = "category"
    TAG = "tag"
    MOVE = "move"
    ESCALATE = "escalate"
    ANSWER_ESCALATION = "answer_escalation"
    ANSWER_CALL = "answer_call"
    """Acknowledge what whoever is on call was told."""
    SEE_ON_CALL = "see_on_call"
    ON_CALL = "on_call"
    """Say that somebody is on call instead of whose turn it is."""
    TAKE_ON_CALL = "take_on_call"
    """Be on call oneself instead."""
    RESOLVE = "resolve"
    CLOSE = "close"
    CANCEL = "cancel"
    REOPEN = "reopen"
    """Say that what was resolved is not."""
    REOPEN_ENDED = "reopen_ended"
    """Take up again what was closed or cancelled."""
    PEOPLE = "people"
    FILL = "fill"
    """Complete a draft."""
    PANEL = "panel"
    REPORT = "report"
    """See how a team works, in numbers."""
    REPORT_PEOPLE = "report_people"
    """See the numbers of single agents, and what requesters said of them."""
    DRAFT_ARTICLE = "draft_article"
    """Write an article for somebody else to publish."""
    ARTICLES = "articles"
    """Publish, change and retire articles."""
    OUTAGE = "outage"
    """Say that a service is out of order."""
    AWAY = "away"
    MERGE = "merge"
    """Put it into another, take it out again, make a ticket of a part of it."""
    RELATE = "relate"
    ASK_CLOSE = "ask_close"
    """Ask the requester whether it may be closed."""
    ANSWER_CLOSE = "answer_close"
    SNOOZE = "snooze"
    SLA = "sla"
    """See what was promised and how its time was counted."""
    ASSIST = "assist"
    """See what a machine makes of it."""
    ASSISTANT = "assistant"
    """Have a language model read it."""
    RATE = "rate"
    """Say how satisfied one is."""


_EVERYBODY = frozenset(Role)
_WORKERS = frozenset({Role.AGENT, Role.LEAD, Role.ADMIN})
_STAFF = _WORKERS | {Role.COLLEAGUE, Role.ASKED}
_OWNERS = _WORKERS | {Role.REQUESTER}
_RULE = frozenset({Role.RULE})

TABLE: dict[Deed, frozenset[Role]] = {
    Deed.OPEN: _EVERYBODY,
    Deed.SEE: _STAFF | {Role.REQUESTER, Role.PARTICIPANT},
    Deed.WRITE: _OWNERS | {Role.PARTICIPANT},
    Deed.NOTE: _STAFF,
    Deed.CLAIM: _WORKERS,
    Deed.RELEASE: _WORKERS | _RULE,
    Deed.RELEASE_OTHERS: frozenset({Role.LEAD, Role.ADMIN, Role.RULE}),
    Deed.ASSIGN: _WORKERS | _RULE,
    Deed.PRIORITY: _WORKERS | _RULE,
    Deed.STATUS: _WORKERS | _RULE,
    Deed.CATEGORY: _WORKERS | _RULE,
    Deed.TAG: _WORKERS | _RULE,
    Deed.MOVE: _WORKERS | _RULE,
    Deed.ESCALATE: _WORKERS | _RULE | {Role.ASKED},
    Deed.ANSWER_ESCALATION: frozenset({Role.ASKED, Role.ADMIN}),
    Deed.ANSWER_CALL: _WORKERS,
    Deed.SEE_ON_CALL: _STAFF,
    Deed.ON_CALL: frozenset({Role.LEAD, Role.ADMIN}),
    Deed.TAKE_ON_CALL: _WORKERS,
    Deed.RESOLVE: _OWNERS | _RULE,
    Deed.CLOSE: _OWNERS | _RULE,
    Deed.CANCEL: _OWNERS,
    Deed.REOPEN: _OWNERS,
    Deed.REOPEN_ENDED: _WORKERS,
    Deed.PEOPLE: _OWNERS,
    Deed.FILL: _OWNERS,
    Deed.MERGE: _WORKERS,
    Deed.RELATE: _STAFF,
    Deed.PANEL: frozenset({Role.LEAD, Role.ADMIN}),
    Deed.REPORT: _WORKERS,
    Deed.REPORT_PEOPLE: frozenset({Role.LEAD, Role.ADMIN}),
    Deed.DRAFT_ARTICLE: _STAFF,
    Deed.ARTICLES: frozenset({Role.LEAD, Role.ADMIN}),
    Deed.OUTAGE: _STAFF,
    Deed.AWAY: _STAFF,
    Deed.ASK_CLOSE: _WORKERS,
    Deed.ANSWER_CLOSE: frozenset({Role.REQUESTER}),
    Deed.SLA: _STAFF,
    Deed.SNOOZE: _WORKERS,
    Deed.ASSIST: _STAFF,
    Deed.ASSISTANT: _WORKERS | {Role.ASKED},
    Deed.RATE: frozenset({Role.REQUESTER}),
}


def may(roles: frozenset[Role], deed: Deed) -> bool:
    return not TABLE[deed].isdisjoint(roles)
