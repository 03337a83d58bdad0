"""The shape of what ``desk.yaml`` says of articles."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from chatdesk.domain.knowledge import Knowledge


class KnowledgeFile(BaseModel):
    """Where the articles are, and whether requesters are shown them before their ticket is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    folder: str = Field(
        default=Knowledge().folder, min_length=1, description="The folder of articles, beside this file"
    )
    suggest: bool = Field(default=True, description="Show a requester the article that may answer them")

    def meaning(self) -> Knowledge:
        return Knowledge(self.folder, self.suggest)


def written_knowledge(known: Knowledge) -> dict[str, object]:
    return {"folder": known.folder, "suggest": known.suggest}
