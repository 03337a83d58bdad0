"""Which files are passed on, and in which words one is not."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

LONGEST_NAME = 150
_NAMELESS = "file"


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


def plain_name(name: str) -> str:
    """A file's name as it may be shown and sent on: one line that is no path and reads as it is written."""
    shown = "".join("_" if one in "/\\" else one for one in name if _is_visible(one))
    shown = shown.strip().lstrip(". ")
    if len(shown) > LONGEST_NAME:
        ending = PurePosixPath(shown).suffix[:20]
        shown = (shown[: LONGEST_NAME - len(ending)] + ending).strip()
    return shown or _NAMELESS


def _is_visible(character: str) -> bool:
    """Neither a control nor a mark that turns the direction of reading, which hides an ending."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
