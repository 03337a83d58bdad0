"""What is said of a desk's numbers."""

from __future__ import annotations

from chatdesk.contract.sentences import Sentence

NO_PICTURE = Sentence("There is no picture, because the desk runs without `chatdesk[report]`.")
PICTURE_FOLLOWS = Sentence("The picture comes in a direct message.")
MANY_FOLLOW = Sentence("📊 Those are {count} tickets. What they add up to comes in a direct message.")
POSTED_HERE = Sentence("📊 It comes here, for everybody who reads this.")
NOT_AMONG_STAFF = Sentence(
    "Numbers are for staff: say `here` in a team's own channel or in a ticket's team thread."
)
NOT_HERE_OF_AGENTS = Sentence("Numbers of single agents are for leads and admins alone: leave `here` out.")
WHAT_WAS_SAID = "What requesters said:"
SAID = Sentence("{score} of 5, #{number}: {comment}")

REPORT = Sentence("📊 **{team}**, {start} – {end}\n\n{table}")

LINES: dict[str, Sentence] = {"report": REPORT}
"""``digest`` stands with the first sentences."""
