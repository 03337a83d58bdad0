"""Which files are passed on, and in which words one is not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class FileRules:
    """What a desk takes. ``refused`` holds endings (``exe``) and media types (``video/mp4``, ``video/*``)."""

    largest: int
    refused: tuple[str, ...] = ()

    def refuses(self, name: str, media_type: str) -> str | None:
        """The kind that is refused, as the desk's configuration names it."""
        ending = PurePosixPath(name).suffix.lower().removeprefix(".")
        kind = media_type.partition(";")[0].strip().lower()
        family = f"{kind.partition('/')[0]}/*"
        return next((one for one in self.refused if one in (ending, kind, family) and one), None)
