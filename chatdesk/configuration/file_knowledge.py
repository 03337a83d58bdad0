"""The shape of what ``desk.yaml`` says of articles."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from chatdesk.configuration.values import Duration, write_duration
from chatdesk.domain.knowledge import Knowledge


class KnowledgeFile(BaseModel):
    """Where the articles are, and whether requesters are shown them before their ticket is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    folder: str = Field(
        default=Knowledge().folder, min_length=1, description="The folder of articles, beside this file"
    )
    suggest: bool = Field(default=True, description="Show a requester the article that may answer them")
    review_after: Duration | None = Field(
        default=None,
        description="How long after it was published in chat or looked through an article is due to be "
        "looked through again",
    )

    def meaning(self) -> Knowledge:
        return Knowledge(self.folder, self.suggest, self.review_after)


def written_knowledge(known: Knowledge) -> dict[str, object]:
    written: dict[str, object] = {"folder": known.folder, "suggest": known.suggest}
    if known.review_after is not None:
        written["review_after"] = write_duration(known.review_after)
    return written
