"""What staff are told of what a ticket may be about."""

from __future__ import annotations

from chatdesk.contract.sentences import Sentence

HELP_ASSIST = Sentence("**/assist**\n\n{verbs}")

# Behind /assist suggest, to the actor alone.
SUGGESTIONS = Sentence("💡 **#{number}** {title}\n\n{found}")
NOTHING_SUGGESTED = Sentence("💡 Nothing comes to mind about **#{number}**: {why}.")
LOOKS_LIKE = Sentence("- It looks like {what}\n")
ALIKE = Sentence("- Like it: **#{number}** {title} ({because})\n")
SOLVED = Sentence("- Solved before: **#{number}** {title}{done}\n")
ARTICLE = Sentence("- Article: {title}, `/kb show {article}`\n")
UNHAPPY = Sentence("- 😠 Its requester seems unhappy: {words}\n")
NOT_TRAINED = "no ticket is like it, no article is about it, and there is no classifier yet"
NOT_SURE = "no ticket is like it, no article is about it, and the classifier is not sure enough"

TARGETS = {"category": "category", "priority": "priority", "team": "team"}
BUTTONS = {"category": "Category", "priority": "Priority", "team": "Move to"}

LINES: dict[str, Sentence] = {
    "suggested": Sentence("💡 It looks like {what}"),
    "triaged": Sentence("💡 By its words: {what}"),
}
