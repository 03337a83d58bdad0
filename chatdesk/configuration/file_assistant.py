"""The shape of what ``desk.yaml`` says of the assistant."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from chatdesk.domain.assistance import Assistant


class AssistantFile(BaseModel):
    """That staff may ask a language model, which an operator has set up, and what it may be told."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    internal_notes: bool = Field(
        default=False, description="Send internal notes along; without it none leaves the desk"
    )
    instructions: str | None = Field(
        default=None, max_length=1000, description="Your wishes for what it writes, such as a tone"
    )

    def meaning(self) -> Assistant:
        return Assistant(self.internal_notes, (self.instructions or "").strip())


def written_assistant(known: Assistant) -> dict[str, object]:
    instructions = {"instructions": known.instructions} if known.instructions else {}
    return {"internal_notes": known.internal_notes, **instructions}
