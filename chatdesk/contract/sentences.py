"""Every sentence that a user can read, in one catalogue.

A sentence is CommonMark with named gaps. What fills a gap is somebody's words (a name, a title) and is
escaped, so that it reads literally; ``Markup`` says that a value is CommonMark already.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&@])")


class Markup(str):
    """Text that is CommonMark already and goes into a sentence as it is."""

    __slots__ = ()


def literal(text: str) -> str:
    """Somebody's words as CommonMark that reads exactly so, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template, such as ``🙌 {actor} claimed this ticket``."""

    template: str

    def say(self, **gaps: str | int) -> str:
        """The sentence with its gaps filled. Raises KeyError for a gap that is not given."""
        return self.template.format_map(
            {
                name: value if isinstance(value, Markup) else literal(str(value))
                for name, value in gaps.items()
            }
        )


# What adapters say by themselves.
WENT_WRONG = Sentence("Something went wrong on our side; nothing was changed. Reference: {reference}")
FORM_EXPIRED = Sentence("This form is no longer open. Please start again.")
NOT_UNDERSTOOD = Sentence("That button is not known any more. Use the newest card, or `/ticket help`.")
LOADING = Sentence("One moment…")
