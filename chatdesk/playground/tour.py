"""Eight steps through what chatdesk does, each ticked by what the history says was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatdesk.domain.ticket import HistoryEntry
from chatdesk_playground.page.model import Step

STEPS: Sequence[Step] = (
    Step(
        "convert",
        "Make a ticket of a message",
        "On the right you are Cleo, a customer on Discord. Write in #help, then choose Create ticket in the "
        "message's ⋯ menu and send the form.",
    ),
    Step(
        "claim",
        "Claim it",
        "On the left you are Ana, an agent on Slack. In #support, press Claim on the card.",
    ),
    Step(
        "answer",
        "Answer in its thread",
        "Open the card's thread with 💬 and write. Cleo reads it in Discord, under Ana's name.",
    ),
    Step(
        "note",
        "Leave a note",
        "Begin with “note:”, such as “note: she has a gold contract”. Only staff read it: look for it in "
        "Discord.",
    ),
    Step("edit", "Edit your answer", "⋯ → Edit message. It changes on the other side, too."),
    Step("escalate", "Escalate it", "Press Escalate on the card, choose a team and say what you ask."),
    Step("close", "Close it", "Choose More → Close on the card, and say how it was solved."),
    Step("reopen", "Reopen it", "Be Cleo again and write in her thread, or press Reopen on the card."),
)


@dataclass(frozen=True, slots=True)
class _Told:
    kind: str
    facts: dict[str, str | None]

    def says(self, **facts: str) -> bool:
        return all(self.facts.get(key) == value for key, value in facts.items())


def done(history: Sequence[HistoryEntry]) -> frozenset[str]:
    """The keys of the steps that were really taken, in any of the tickets."""
    return frozenset(key for entry in history if (key := _step(entry)) is not None)


def _step(entry: HistoryEntry) -> str | None:
    told = _Told(entry.kind, dict(entry.data))
    match entry.kind:
        case "created":
            return "convert"
        case "claimed" | "assigned" if entry.actor is not None:
            return "claim"
        case "post" if told.says(side="team"):
            return "note" if told.says(audience="internal") else "answer"
        case "edited":
            return "edit"
        case "escalated":
            return "escalate"
        case "status" if told.says(after="closed") or told.says(after="resolved"):
            return "close"
        case "reopened":
            return "reopen"
    return None
