"""What a sentence is, and those that answer whoever acted; what the desk says by itself is in
``sentences_lines``, what belongs to one area in the modules named after it.

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
TAKEN_BACK = Sentence("🗑")
NOT_UNDERSTOOD = Sentence("That button is not known any more. Use the newest card, or `/ticket help`.")
FOR_YOU_ALONE = Sentence(
    "Done. The answer is for you alone, but you take no direct messages from me: use `/ticket` instead."
)
LOADING = Sentence("One moment…")
MERGED_POST = Sentence("**{author}** · {when}\n\n{body}")
MISSING_FILE = Sentence("📎 {name} could not be fetched")

# Refusals: what is wrong and what to do, to the actor alone.
NOT_FOUND = Sentence("There is no ticket #{number}.")
WHICH_TICKET = Sentence(
    "Which ticket? Say it in the ticket's thread, or give its number, such as `{verb} #1042`."
)
UNKNOWN_VERB = Sentence("I don't know “{typed}”. {nearest}You can use: {allowed}.")
NEAREST = Sentence("Did you mean **{word}**? ")
UNKNOWN_VALUE = Sentence("There is no {kind} “{typed}”. {nearest}There are: {allowed}.")
MISSING_VALUE = Sentence("Which {kind}? {usage}. There are: {allowed}.")
MISSING_TEXT = Sentence("Please write what to say: `{usage}`.")
NOT_ALLOWED = Sentence("You may not {deed} #{number}. {who} can.")
NOT_ALLOWED_HERE = Sentence("You may not do that. {who} can.")
NOT_STAFF = Sentence("{person} is not an agent of this desk, so tickets can't be given to them.")
NOT_POSSIBLE = Sentence("#{number} is {status}, so that is not possible now. {advice}")
ADVICE_REOPEN = Sentence("Reopen it first.")
ADVICE_STATUS = Sentence("It can become: {allowed}.")
ALREADY_ASSIGNED = Sentence("{person} already has #{number}. A lead can release it, or use assign.")
ALREADY_YOURS = Sentence("You already have #{number}.")
NOBODY_HAS = Sentence("Nobody has #{number}, so there is nothing to release.")
WHICH_OTHER = Sentence("Which other ticket? Give its number, such as `{usage}`.")
SAME_TICKET = Sentence("That is #{number} itself; name another ticket.")
MERGED_ALREADY = Sentence("#{number} was merged into #{main}; do it to #{main} instead.")
MERGED_CUSTOMER = Sentence(
    "#{number} is looked at together with others now, so that is not possible here. Just write in its thread."
)
NOT_MERGED = Sentence("#{number} is not merged (any more), so there is nothing to undo.")
UNMERGE_TOO_LATE = Sentence(
    "#{number} was merged into #{main} more than ten minutes ago, so it can't be undone any more. "
    "`/ticket split` makes a ticket of a message."
)
NO_ARTICLE = Sentence("No article says anything about “{typed}”.")
NO_ARTICLES = Sentence("There are no articles yet.")
GLAD = Sentence("Glad that it helped!")
HELP_KB = Sentence("**/kb**\n\n{verbs}")
HAS_PARENT = Sentence("#{number} is a child of #{parent} already; remove that first.")
OWN_PARENT = Sentence("#{number} is above that ticket already, so it can't be its child.")
NOT_RELATED = Sentence("#{number} and #{other} are not related.")
NO_CHILDREN = Sentence("#{number} has no children. Make one with `/ticket relate #1042 child`.")
NO_CHILDREN_TO_RESOLVE = Sentence("#{number} has no children to resolve (any more).")
CANNOT_SPLIT = Sentence("Only what a requester wrote can become a ticket of its own.")
NOTHING_TO_SPLIT = Sentence(
    "#{number} has one message of its requester, so there is nothing to split. Reply to a message with "
    "`split`, or use its menu."
)
UPDATED_ALL = Sentence("Sent to {count} requesters, on {numbers}.")
CHILDREN_LEFT = Sentence("The children are resolved, but for {numbers}, which somebody else has to resolve.")
STILL_READING = Sentence("The earlier messages of #{number} are still being read. Try again in a moment.")
REPLY_OR_NOTE = Sentence(
    "Your text looks like an internal note, so it was not sent. Use `/ticket note` to keep it inside, "
    "or begin with other words to answer on #{number}."
)
ALREADY_A_TICKET = Sentence("That message belongs to ticket #{number} already.")
ALREADY_SO = Sentence("#{number} is {value} already.")
ALREADY_ESCALATED = Sentence("#{number} is already escalated to {team}.")
NO_ESCALATION = Sentence("#{number} is not escalated (any more), so there is nothing to answer.")
ALREADY_ACKNOWLEDGED = Sentence("{team} has acknowledged #{number} already.")
NO_ESCALATION_POLICY = Sentence("{team} has no team to escalate to; name one: {allowed}.")
SAME_TEAM = Sentence("#{number} is with {team} already.")
RESOLUTION_MISSING = Sentence("Please say {missing} to end #{number}.")
NOTHING_ASKED = Sentence("#{number} is not waiting for your answer (any more). Just write in its thread.")
NOBODY_TO_ASK = Sentence("The requester of #{number} has no thread any more in which to ask.")
NO_SNOOZE = Sentence(
    "I don't understand until when: “{typed}”. Such as `2h`, `3d`, `tomorrow 9:00`, `monday`, "
    "`2026-12-24 14:00`, `reply` (until the requester writes) or `off`; at most a year."
)
NOT_SNOOZED = Sentence("#{number} is not snoozed.")
SNOOZED_ONLY_WORK = Sentence("#{number} is {status}, so there is nothing to snooze.")
NO_RATING = Sentence("Please give #{number} a rating from 1 (bad) to 5 (great).")
RATED_TOO_EARLY = Sentence("#{number} is {status}; you can rate it once it is closed.")
NOTHING_TO_QUOTE = Sentence("Nothing was written in the escalation thread of #{number} yet.")
NOTHING_TO_LIST = Sentence("No tickets there. 🎉")
MISSING_WORDS = Sentence("Please write the words to look for: `{usage}`.")
NOTHING_FOUND = Sentence("No ticket has “{words}” in it.")
NOT_INSTALLED = Sentence(
    "chatdesk is not set up for this place yet; its operator has to name it in desk.yaml."
)
CHANGED_MEANWHILE = Sentence(
    "#{number} changed while this form was open: {what} is now **{now}** (it was {then}). "
    "Submit again to go on with yours."
)
REQUIRED = Sentence("Please fill this in.")
NOTHING_TO_CHOOSE = Sentence("There is no {field} to choose here.")
NOT_OFFERED = Sentence("Please choose one of those that are offered.")
TOO_LONG = Sentence("This has {length} characters; {limit} are possible.")
FORM_GONE = Sentence(
    "This form was already sent or is no longer known. Nothing was changed. You wrote: {text}"
)
CHOICE_GONE = Sentence("That was already answered.")
CHOICE_NOT_YOURS = Sentence("That question is for somebody else.")
BAD_CODE = Sentence(
    "That code is not valid (any more). Ask for a new one with `/desk link` on the other account."
)
CODE_SAME_ACCOUNT = Sentence("Enter this code from your account on the other platform, not from this one.")
SELF_ONLY = Sentence("Only the person who asked for it can do that.")

# Answers to the actor alone.
DONE = Sentence("Done: #{number} {what}.")
OPENED_FOR_YOU = Sentence("🎫 Your ticket is **#{number}**: {title}. Answers appear in its thread{where}.")
OPENED_IN_DM = Sentence(" (a direct message)")
OPENED_DRAFT = Sentence("🎫 **#{number}** is begun. Please complete it in its thread.")
OPENED_WITH_ARTICLE = Sentence(
    "🎫 **#{number}** is begun. An article may be the answer: say in its thread whether it is."
)
NOTED = Sentence("🔒 Noted on #{number}; only staff can read it.")
REPLIED = Sentence("Sent on #{number}.")
LINK_CODE = Sentence(
    "Your code is **{code}**. Within ten minutes, type `/desk link {code}` from your other account. "
    "Whoever has the code can become you here, so give it to nobody."
)
LINKED = Sentence("Done: your accounts are one person now.")
HELP_TICKET = Sentence("**/ticket** or **@chatdesk** in a thread:\n\n{verbs}")
HELP_DESK = Sentence("**/desk**\n\n{verbs}")
HELP_VERB = Sentence("- `{usage}`: {help}\n")
DISCARDED = Sentence("Discarded; nothing was sent.")
SENT = Sentence("Sent.")
RATED = Sentence("Thank you! You gave #{number} {score} of 5. Press another if you change your mind.")
KEPT_INSIDE = Sentence("Kept inside; only staff can read it.")
LEFT_AS_IT_WAS = Sentence("Left as it was.")
RETRYING = Sentence("Trying again.")
FILLED = Sentence("Thank you.")

# Macros and rules.
MACRO_PREVIEW = Sentence(
    "**{name}** would do this to #{number}:\n\n{steps}\n\nOnly you see this; nothing has been sent yet."
)
EVERYBODY = "everybody"
MACRO_DONE = Sentence("Done: {name} on #{number}.")
MACRO_CHANGES_NOTHING = Sentence("{name} would change nothing on #{number} as it is now.")
NO_MACROS = Sentence("There are no macros yet; desk.yaml has a section for them.")
WHICH_MACRO = Sentence("Which macro for #{number}? You see what it does before anything is sent.")
BY_RULE = Sentence("Rule {rule} asks you to.")
STEPS: dict[str, Sentence] = {
    "category": Sentence("🗂 category: {value}"),
    "team": Sentence("➡️ move to {value}"),
    "priority": Sentence("⏫ priority: {value}"),
    "at_least": Sentence("⏫ priority at least {value}"),
    "raise": Sentence("⏫ priority up by {value}"),
    "tag": Sentence("🏷 add the tag {value}"),
    "untag": Sentence("🏷 remove the tag {value}"),
    "assign": Sentence("👉 assign to {value}"),
    "note": Sentence("🔒 note, which only staff read:{text}"),
    "reply": Sentence("💬 reply to the requester:{text}"),
    "status": Sentence("🔁 status: {value}"),
    "resolve": Sentence("✅ resolve, telling the requester:{text}"),
    "close": Sentence("🏁 close:{text}"),
    "escalate": Sentence("🚨 escalate to {value}"),
    "notify": Sentence("🔔 tell {value}"),
    "webhook": Sentence("📡 call {value}"),
}
WHY_ASSIGNED: dict[str, str] = {
    "previous_agent": "had the requester's last ticket",
    "by_skill": "knows about this",
    "least_loaded": "has the fewest tickets",
    "round_robin": "it is their turn",
}


# What was promised, explained to staff.
NOTHING_PROMISED = Sentence("Nothing is promised for #{number}: no service level of desk.yaml fits it.")
SLA_USED = Sentence("{used} of {target} used · {policy} ({how})")
SLA_KEPT = Sentence("✅ kept")
SLA_LATE = Sentence("🔴 late, was due {time}")
SLA_DUE = Sentence("🟢 due {time}, {left} left")
SLA_PAUSED = Sentence("⏸ paused, {left} left")
SLA_NEVER = Sentence("never due: its calendar is never open")
SLA_EARLIER = Sentence("({count} earlier intervals)")
SLA_INTERVAL = Sentence("{start} – {end}: {length} {why}")
SLA_COUNTED = Sentence("counted")
SLA_NOT_WHILE = Sentence("not counted, paused while {status}")
SLA_NOT_OPEN = Sentence("not counted, outside {calendar}")
SLA_NOT_ON = Sentence("not counted, {holiday}")
SLA_NOTHING_THEN = Sentence("not counted, nothing was promised then")
SLA_NEXT_LIMIT = Sentence("**Next limit**: {what}, {time}.")
SLA_NO_LIMIT = Sentence("**Next limit**: none.")


# Who is there, and what works.
AWAY = Sentence("You are away until you say `/desk back`; no ticket is given to you meanwhile.")
AWAY_UNTIL = Sentence(
    "You are away until {until}; no ticket is given to you meanwhile. `/desk back` ends it."
)
AWAY_UNTIL_WHEN = Sentence(
    "“{typed}” is no time. Say it as `2h`, `3d`, `tomorrow 9:00`, `monday`, or nothing."
)
NOT_AWAY = Sentence("You are not away.")
BACK = Sentence("Welcome back; tickets are given to you again.")
NOBODY_AWAY = Sentence("Nobody is away.")
WHO_IS_AWAY = Sentence("Away now:\n\n{people}")
OUTAGE_BEGUN = Sentence("🔥 {service} is out of order; {count} open tickets are about it.")
OUTAGE_OVER = Sentence("✅ {service} works again. Tell those who wait by their tickets.")
OUTAGE_KNOWN = Sentence("{service} is known to be out of order already.")
NO_OUTAGE = Sentence("{service} is not known to be out of order.")
OUTAGES = Sentence("Out of order since:\n\n{services}")
NO_OUTAGES = Sentence(
    "Every service works, as far as we know. `/desk outage Shop on` says that one does not."
)
