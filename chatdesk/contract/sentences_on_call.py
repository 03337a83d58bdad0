"""What people read of who is on call, and of tickets that climb the levels by themselves."""

from __future__ import annotations

from chatdesk.contract.sentences import Sentence

NO_ROTA = Sentence("No team of yours has anybody on call. `on_call` of a team in desk.yaml says who is.")
NO_ROTA_OF = Sentence("{team} has nobody on call. `on_call` of the team in desk.yaml says who is.")
WHICH_ROTA = Sentence(
    "Whose? There are: {allowed}. Say it as `/desk oncall @ana until tomorrow 9:00 {team}`."
)
ROTAS = Sentence("📟 On call\n\n{teams}")
ROTA_NOW = Sentence("- **{team}**: {who}{override}{next}")
ROTA_NEXT = Sentence(", then {who} from {start}")
ROTA_OVERRIDE = Sentence(" (instead of the rota)")
NOBODY = "nobody"
NOT_OF_TEAM = Sentence("{person} is not of {team}; whoever is on call must be.")
ON_CALL_WHEN = Sentence(
    "“{typed}” is no time. Say it as `until tomorrow 9:00`, `from friday 18:00 until monday 9:00`, "
    "or nothing."
)
ON_CALL_SET = Sentence("📟 {person} is on call for {team} from {start} until {until}.")
UNTIL = Sentence("{until}")
UNTIL_OFF = Sentence("`/desk oncall off`")
ON_CALL_OFF = Sentence("📟 The rota of {team} holds again: {who}.")
ON_CALL_NOT_OVERRIDDEN = Sentence("The rota of {team} holds already.")
OFF_WORK = Sentence("- {who}: off work until {until}")
CARD_CALLED = Sentence("told that {why}, not yet acknowledged (due {time})")
ASKED_REOPENED = Sentence("It was reopened ({count}×); please help.")
ASKED_SILENCE = Sentence("Nobody of {team} who is on call has acknowledged this; please help.")
UNANSWERED_OUTCOME = Sentence("there was no answer in time; {next} is asked now.")
ESCALATED_TO = Sentence("it was escalated to {team}")
ESCALATED_TO_BECAUSE = Sentence("it was escalated to {team} ({why})")

BECAUSE: dict[str, str] = {
    "person": "",
    "rule": "by a rule",
    "warning": "a limit comes near",
    "breach": "a limit was passed",
    "reopened": "reopened too often",
    "silence": "nobody acknowledged in time",
    "unanswered": "there was no answer in time",
}
"""Why a ticket is escalated, or somebody on call was told of it."""

LINES: dict[str, Sentence] = {
    # To the team side.
    "called": Sentence("📟 {who} is on call and was told: {why}. Please acknowledge by **{time}**."),
    "called_next": Sentence(
        "📟 {before} did not acknowledge in time; {who} was told. By **{time}**, please."
    ),
    "called_leads": Sentence(
        "📟 {before} did not acknowledge in time; the leads of {team} were told. By **{time}**, please."
    ),
    "call_answered": Sentence("👀 {actor} is on it"),
    "call_unanswered": Sentence("📟 {team} did not acknowledge in time, and there is nobody else to tell."),
    "unanswered": Sentence("⏰ {team} acknowledged but has not answered in time; {next} is asked now."),
    "unanswered_last": Sentence("⏰ {team} acknowledged but has not answered in time. Its leads were told."),
    "customer_takes_longer": Sentence("⏳ This takes longer than we said. Expect an answer by {time}."),
    # To one person.
    "call": Sentence("📟 **#{number}** {title}: {why}. You are on call; please acknowledge by **{time}**."),
    "call_lead": Sentence(
        "📟 **#{number}** {title}: {why}. Nobody acknowledged; please see to it by **{time}**."
    ),
    "on_call_begins": Sentence("📟 You are on call for {team} until {until}."),
    "on_call_over": Sentence("📟 {who} is on call for {team} now, no longer you. Thank you!"),
    "on_call_told": Sentence(
        "📟 {actor} says that you are on call for {team} from {start} until {until}. "
        "`/desk oncall` shows the rota."
    ),
    "unanswered_told": Sentence(
        "📟 **#{number}** {title}: {team} acknowledged it but has not answered in time. Please see to it."
    ),
}
