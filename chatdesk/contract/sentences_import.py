"""What people read of tickets that were imported."""

from __future__ import annotations

from chatdesk.contract.sentences import Sentence

RESTS = "imported {origin}; it rests until somebody takes it up"
IMPORTED = "imported {origin}"
NOT_RESTING = Sentence("**#{number}** does not rest: it is worked on like any other ticket.")
RESTS_AND_OVER = Sentence(
    "**#{number}** is over. Take it up again with `/ticket reopen #{number}`, if it is to go on."
)
TAKEN_UP = Sentence("📥 You took up **#{number}**.")
NOBODY_READS = Sentence(
    "**#{number}** was imported, and {requester} has no account here that is known: nobody would read it. "
    "`/ticket note` keeps it inside."
)

LINES: dict[str, Sentence] = {
    # To the customer side.
    "customer_taken_up": Sentence(
        "🎫 Ticket **#{number}**: {title}. We go on with it here; answers appear here, and what you write "
        "here reaches us."
    ),
    # To the team side.
    "taken_up": Sentence("📥 {actor} took up this ticket, which was imported {origin}"),
    "taken_up_unreachable": Sentence(
        "⚠️ {requester} has no account here that is known. What is written in this thread stays inside."
    ),
}
