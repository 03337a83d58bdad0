"""What is said of articles: to those who write them, and to those who read them."""

from __future__ import annotations

from chatdesk.contract.sentences import Sentence

# To staff who write them.
WHICH_ARTICLE = Sentence("Which article? {usage}. There are: {allowed}.")
WRITE_IN_FORM = Sentence("An article is written in a form.")
TOO_LONG_TO_EDIT = Sentence(
    "`{key}` has {length} characters, and a form takes {limit}. Change its file, or write it with "
    "`chatdesk kb export` first."
)
PUBLISHED = Sentence("📖 Published: **{title}** (`{key}`), version {version}.{also}")
OVER_A_FILE = Sentence(
    " A file knows it, too, and differs now: `chatdesk kb check` shows it, `chatdesk kb export` writes yours."
)
NOTHING_CHANGED = Sentence("`{key}` says that already, so nothing was changed.")
DRAFT_KEPT = Sentence(
    "📝 Kept as a draft: **{title}**, for {readers}. Nobody finds it before it is published."
)
CHANGED_SINCE = Sentence(
    "`{key}` was changed by somebody else meanwhile, so yours is kept as a draft: **{title}**. Look at both "
    "before you publish it."
)
DRAFT_SHOWN = Sentence("📝 **{title}**, for {readers}{about}, by {author}\n\n{body}")
DRAFT_ABOUT = Sentence(", instead of `{key}`")
DRAFT_OF_TICKET = Sentence(", from #{number}")
DRAFTS = Sentence("Drafts that wait for a lead or an admin:\n\n{drafts}")
DRAFT_LISTED = Sentence("- **{title}**, for {readers}{about}, by {author}\n")
NO_DRAFTS = Sentence("There are no drafts.")
DRAFT_GONE = Sentence("That draft was published or dropped already.")
DROPPED = Sentence("🗑 Dropped.")
RETIRED = Sentence("🗄 Retired: `{key}`. Nobody finds it any more; `/kb history {key}` still shows it.{also}")
FILE_BRINGS_BACK = Sentence(" Its file is still there: remove that, too.")
WHO_PUBLISHES = "A lead or an admin"
WHO_WRITES = "Staff"
READERS = {"public": "everybody", "internal": "staff alone"}

HISTORY = Sentence("**{title}** (`{key}`)\n\n{versions}")
VERSION = Sentence("- **{version}** · {time} · {who}: {what}\n")
VERSION_SHOWN = Sentence("**{title}** (`{key}`), version {version} of {time}, by {who}\n\n{body}")
BY_A_FILE = "a file"
FIRST = "written"
TAKEN_AWAY = "retired"
LINES_CHANGED = Sentence("+{more} −{fewer} lines")
NO_VERSION = Sentence("`{key}` has no version {version}.")

# From a ticket that was solved.
FROM_TICKET_NOTE = Sentence(
    "Names were taken out as far as they are known. Read it once more: it is kept as a draft."
)
NOTHING_TO_TELL = Sentence("#{number} has no public answer, so there is nothing to make an article of.")

# Looking after them.
DUE = Sentence("Articles to be looked through:\n\n{articles}")
DUE_ONE = Sentence("- **{title}** (`{key}`), since {date}{owner}\n")
OWNED = Sentence(", {owner}")
NOTHING_DUE = Sentence("No article is due to be looked through.")
STILL_RIGHT = Sentence("✅ `{key}` is still right; it is looked through again on {date}.")

STATS = Sentence("📊 What became of articles that were shown:\n\n{table}")
STATS_COLUMNS = ("shown", "solved", "anyway", "helpful", "not", "sent")
NO_STATS = Sentence("No article was shown to anybody yet.")
GAPS = Sentence("What people asked in the last {days} days that no article answers:\n\n{gaps}")
GAP = Sentence("- **{times}×** {words} ({searches}× searched, {tickets}× asked)\n")
NO_GAPS = Sentence("Nothing was asked in the last {days} days that no article answers.")

# To those who read them.
SENT_ARTICLE = Sentence("📖 Sent on #{number}: {title}.")
SEEN_BY_REQUESTER = "which the requester has seen"
SENT_ALREADY = Sentence("“{title}” was sent on #{number} already.")
NOT_FOR_REQUESTERS = Sentence("“{title}” is for staff alone, so it can't be sent to a requester.")
THANKS_HELPFUL = Sentence("Glad that it helped!")
THANKS_NOT = Sentence("Thank you; we will look at it. `/ticket open` reaches us.")
MAY_BE_ANSWERED = Sentence("📖 **Before it is sent:** this may be the answer.\n\n{articles}")
MAY_BE_ANSWERED_ONE = Sentence("**{title}**\n\n{body}")
ASKED_SOLVED = "Did this solve it?"
STEP_TITLE = "New ticket"
STEP_SUBMIT = "Go on"
NOT_SOLVED = "No, open the ticket"
SOLVED_BY = Sentence("Yes: {title}")

LINES: dict[str, Sentence] = {
    "article_drafted": Sentence(
        "📝 {actor} drafted an article: **{title}**. A lead or an admin publishes it."
    ),
    "article_published": Sentence("📖 {actor} published **{title}**: `/kb show {key}`"),
    "articles_due": Sentence("📅 Articles to be looked through, with `/kb review`:\n\n{articles}"),
    "articles_help": Sentence("📖 May help: {articles}"),
}
