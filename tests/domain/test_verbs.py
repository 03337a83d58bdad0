from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.domain.verbs import COMMANDS, DESK_VERBS, TICKET_VERBS, Typed, nearest, parse, verb_named

TEAMS = ("support", "billing", "the managers")


@pytest.mark.parametrize(
    ("text", "verb", "ticket", "arguments"),
    [
        ("", "help", None, {}),
        ("   ", "help", None, {}),
        ("claim", "claim", None, {}),
        ("CLAIM #12", "claim", 12, {}),
        ("claim 12", "claim", 12, {}),
        ("claim \\#12", "claim", 12, {}),
        ("claim\t#12", "claim", 12, {}),
        ("claim\u00a0#12", "claim", 12, {}),
        ("assign #12 @ana", "assign", 12, {"agent": "@ana"}),
        ("assign [@ana](person:slack/U1)", "assign", None, {"agent": "[@ana](person:slack/U1)"}),
        ("priority urgent", "priority", None, {"priority": "urgent"}),
        ("status #3 on hold", "status", 3, {"status": "on hold"}),
        ("resolve turned it off and on", "resolve", None, {"text": "turned it off and on"}),
        ("resolve 2 printers replaced", "resolve", None, {"text": "2 printers replaced"}),
        ("resolve #2 printers replaced", "resolve", 2, {"text": "printers replaced"}),
        ("note\nline one\n\n  line two", "note", None, {"text": "line one\n\n  line two"}),
        ("reply #4\nline one\nline two", "reply", 4, {"text": "line one\nline two"}),
        ("escalate", "escalate", None, {}),
        ("escalate billing please look", "escalate", None, {"team": "billing", "reason": "please look"}),
        ("escalate The Managers: help", "escalate", None, {"team": "The Managers", "reason": "help"}),
        ("escalate #7 it is urgent", "escalate", 7, {"reason": "it is urgent"}),
        ("escalate supportive words", "escalate", None, {"reason": "supportive words"}),
        ("move billing because money", "move", None, {"team": "billing", "reason": "because money"}),
        ("move nowhere at all", "move", None, {"team": "nowhere", "reason": "at all"}),
        ("tag vpn", "tag", None, {"tag": "vpn"}),
        ("tag #1 remove vpn", "tag", 1, {"action": "remove", "tag": "vpn"}),
        ("people add @dan", "people", None, {"action": "add", "person": "@dan"}),
        ("people #1 @dan", "people", 1, {"person": "@dan"}),
        ("open #12 is broken", "open", None, {"text": "#12 is broken"}),
        ("list mine", "list", None, {"which": "mine"}),
        ("Close Request #3 a new cable", "close-request", 3, {"text": "a new cable"}),
        ("close requested by Ana", "close", None, {"text": "requested by Ana"}),
        ("find 12 printers", "find", None, {"words": "12 printers"}),
        ("clam #12", "clam", None, {}),
    ],
)  # fmt: skip
def test_what_was_typed_is_told_apart(
    text: str, verb: str, ticket: int | None, arguments: dict[str, str]
) -> None:
    assert parse("ticket", text, TEAMS) == Typed(verb, ticket, arguments)


@given(st.sampled_from(["ticket", "desk", "unheard"]), st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_parsing_never_fails(command: str, text: str, teams: list[str]) -> None:
    parse(command, text, tuple(team.casefold() for team in teams))


@given(st.sampled_from([verb.name for verb in (*TICKET_VERBS, *DESK_VERBS)]), st.text())
def test_whatever_follows_a_verb_it_stays_that_verb(verb: str, rest: str) -> None:
    command = "ticket" if verb_named("ticket", verb) else "desk"
    found = parse(command, f"{verb} {rest}").verb
    assert found == verb or found.startswith(f"{verb}-"), "or, in two words, the longer verb"


@given(st.text(min_size=1).filter(lambda text: text.strip() != ""))
def test_the_words_of_a_reply_are_not_altered(text: str) -> None:
    assert parse("ticket", f"reply #1 {text}").arguments == {"text": text.strip()}


def test_verbs_are_unique_and_have_a_usage() -> None:
    for verbs in COMMANDS.values():
        assert len({verb.name for verb in verbs}) == len(verbs)
        assert all(verb.usage.startswith(verb.name) and verb.help for verb in verbs)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("clam", "claim"), ("asign", "assign"), ("Resolv", "resolve"), ("xyzzy", None), ("", None)],
)
def test_the_nearest_verb(typed: str, meant: str | None) -> None:
    assert nearest(typed, [verb.name for verb in TICKET_VERBS]) == meant
