"""The shape of what ``desk.yaml`` says of the classifier's guesses."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from chatdesk.configuration.values import OneOrMore
from chatdesk.domain.classifier import Target
from chatdesk.domain.triage_policy import Mode, Triage

_USUAL = Triage()


class TriageFile(BaseModel):
    """What is done with guesses of the classifier that ``chatdesk triage train`` made."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    mode: Mode = Field(
        default=_USUAL.mode,
        description="suggest: tell the team; apply: fill in the category and priority that nobody gave, too",
    )
    threshold: float = Field(
        default=_USUAL.threshold, ge=0.5, le=0.99, description="How sure a guess must be to be said: 0.8"
    )
    targets: OneOrMore[Target] = Field(default=list(_USUAL.targets), description="What is guessed")

    def meaning(self) -> Triage:
        return Triage(self.mode, self.threshold, tuple(dict.fromkeys(self.targets)))


def written_triage(known: Triage) -> dict[str, object]:
    return {
        "mode": known.mode.value,
        "threshold": known.threshold,
        "targets": [one.value for one in known.targets],
    }
