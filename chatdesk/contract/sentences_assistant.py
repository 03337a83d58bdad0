"""What is said of the assistant: a language model that staff may ask, where an operator has set one up."""

from __future__ import annotations

from chatdesk.contract.sentences import Sentence

NOT_SET_UP = Sentence(
    "No assistant is set up for this desk; an operator can do that, with `assistant:` in `desk.yaml` and "
    "`CHATDESK_ASSISTANT__URL`."
)
ASKED = Sentence("🤖 The assistant is asked about #{number}. What it answers, only you will see.")
ASKED_ALREADY = Sentence("🤖 The assistant has been asked that about #{number} already; one moment.")
ASKED_TOO_MUCH = Sentence(
    "🤖 You have asked the assistant about {count} tickets at once; wait for an answer."
)
NOTHING_TO_SUM_UP = Sentence("There are no words on #{number} that could be summed up.")
NOTHING_TO_SAY = Sentence(
    "There is nothing on #{number} that everybody may read who reads its answers. "
    "Say what the answer should be about: `/assist draft what to say`."
)
PROPOSAL_GONE = Sentence("That draft is no longer there. Ask for a new one: `/assist draft`.")
EDIT_HERE = Sentence("Nothing can be edited here; copy the draft, and answer in the ticket's thread.")

LINES: dict[str, Sentence] = {
    "assistant_summary": Sentence("🤖 **#{number}, summed up by a machine, which may be wrong.**\n\n{text}"),
    "assistant_draft": Sentence(
        "🤖 **A draft for #{number}, written by a machine, which may be wrong. Nothing has been sent.**"
        "\n\n{text}"
    ),
    "assistant_failed": Sentence(
        "🤖 The assistant gave no answer about #{number}: {reason}. Nothing was changed; ask again later, or "
        "go on without it."
    ),
    "assistant_not_set_up": NOT_SET_UP,
}
