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
SINCE = Sentence("“{typed}” is no time to look back. Say it as `24h`, `30d` or `8w`, a year at most.")
MORE = Sentence("… and {count} more")
REMARKS = Sentence("What requesters said:")
REMARK = Sentence("{score} of 5, #{number}: {comment}")
REPORT = Sentence("📊 **{team}**, {start} – {end}\n\n{table}")

LINES: dict[str, Sentence] = {
    "report": REPORT,
    "report_failed": Sentence(
        "📊 The numbers did not reach you in a direct message: {reason}. Say `here` at the end of "
        "`/desk report` to have them in this channel."
    ),
}

NAMES: dict[str, str] = {
    "volume": "Came in",
    "resolved": "Resolved",
    "backlog": "Open now",
    "first_contact": "Solved at once",
    "reopened": "Reopened",
    "sla_first_response": "First reply in time",
    "sla_next_response": "Next reply in time",
    "sla_resolution": "Solved in time",
    "csat": "Satisfied",
    "csat_average": "Average rating",
    "csat_response": "Rated when asked",
    "deflection": "Solved by articles",
    "first_response": "First reply",
    "resolution": "Resolution",
    "time_in_status_new": "  of it new",
    "time_in_status_open": "  of it open",
    "time_in_status_pending": "  of it pending",
    "time_in_status_on_hold": "  of it on hold",
    "backlog_age": "Age of open ones",
}
"""What figures are called."""
TIMES = ("median", "9 of 10", "business", "9 of 10")
ALL = "all"
COLUMNS: dict[str, str] = {
    "volume": "in",
    "resolved": "solved",
    "backlog": "open",
    "first_response_median": "reply",
    "resolution_median": "solution",
    "sla_first_response": "in time",
    "csat": "happy",
}
"""What is told of each group, in short."""
COLUMNS_OF_AGENTS: dict[str, str] = {
    "backlog": "load",
    "resolved": "handled",
    "first_response_median": "reply",
    "resolution_median": "solution",
    "sla_first_response": "in time",
    "reopened": "reopened",
    "csat": "happy",
}
COLUMNS_OF_ARTICLES: dict[str, str] = {"volume": "sent", "deflection": "solved"}
"""Of the requests whose authors were shown it."""
