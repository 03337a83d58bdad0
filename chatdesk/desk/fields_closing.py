"""The fields of forms about a ticket's end: how it was solved, until when it is snoozed, what it was like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdesk.contract.actions import FormKind
from chatdesk.contract.views import ChoiceField, Field, Option, TextField
from chatdesk.desk.act import Act
from chatdesk.desk.satisfaction import SCALE
from chatdesk.domain.ticket import Ticket
from chatdesk.store import ratings

TITLES: Mapping[FormKind, tuple[str, str]] = {
    FormKind.CLOSE: ("Close", "Close"),
    FormKind.ASK_CLOSE: ("Ask to close", "Ask"),
    FormKind.SNOOZE: ("Snooze", "Snooze"),
    FormKind.RATING: ("Your rating", "Send"),
}

NAMES: Mapping[FormKind, tuple[str, ...]] = {
    FormKind.RESOLVE: ("code", "text", "follow_up"),
    FormKind.CLOSE: ("code", "text", "follow_up"),
    FormKind.ASK_CLOSE: ("code", "text", "follow_up"),
    FormKind.SNOOZE: ("until", "choice"),
    FormKind.RATING: ("value", "comment"),
}

_SNOOZES = (
    ("An hour", "1h"),
    ("Three hours", "3h"),
    ("Tomorrow morning", "tomorrow"),
    ("Monday morning", "monday"),
    ("A week", "1w"),
    ("The requester writes", "reply"),
)


def resolution(act: Act, values: Mapping[str, str]) -> Sequence[Field]:
    """How it was solved; what the desk requires must be filled in."""
    organisation = act.tx.organisation
    required = organisation.resolution_required
    options = tuple(Option(one.name[:75], one.key) for one in organisation.resolution_codes)
    code = ChoiceField(
        "code", "How was it solved?", options, values.get("code", ""), required="code" in required
    )
    text = TextField(
        "text", "What was done?", values.get("text", ""), required="text" in required, multiline=True
    )
    follow_up = TextField(
        "follow_up",
        "Follow-up",
        values.get("follow_up", ""),
        required=False,
        placeholder="2w: ask whether it still works",
    )
    return [*((code,) if options else ()), text, follow_up]


def snooze(values: Mapping[str, str]) -> Sequence[Field]:
    options = tuple(Option(label, value) for label, value in _SNOOZES)
    return [
        ChoiceField("choice", "Until", options, values.get("choice", ""), required=False),
        TextField(
            "until",
            "Or until",
            values.get("until", ""),
            required=False,
            max_length=60,
            placeholder="2d, tomorrow 14:00, 2026-12-24",
        ),
    ]


def rating(act: Act, ticket: Ticket | None, values: Mapping[str, str]) -> Sequence[Field]:
    """What was said before stands in it; without a rating it cannot be sent."""
    known = ratings.of_ticket(act.tx, ticket.number) if ticket else None
    score = str(known.score) if known and known.score else ""
    comment = (known.comment or "") if known else ""
    options = tuple(Option(label, str(number)) for number, label in enumerate(SCALE, 1))
    return [
        ChoiceField("value", "Rating", options, values.get("value", score)),
        TextField(
            "comment", "Anything to add?", values.get("comment", comment), required=False, multiline=True
        ),
    ]
