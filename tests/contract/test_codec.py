from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import get_args

import pytest

from chatdesk.contract import codec
from chatdesk.contract.actions import FormKind
from chatdesk.contract.inbound import (
    ChannelSeen,
    ChannelsSeen,
    ChoiceMade,
    CommandGiven,
    CommandTyped,
    Connected,
    FormChanged,
    FormDismissed,
    FormOpened,
    FormSubmitted,
    Inbound,
    MemberSeen,
    MembersSeen,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceGone,
    ReactionSet,
    TicketAsked,
)
from chatdesk.contract.vocabulary import (
    Actor,
    FileRef,
    IdentityId,
    Installation,
    Means,
    MessageRef,
    Place,
    PlaceKind,
    Platform,
    Profile,
    SourceMessage,
    Where,
)

SLACK = Platform("slack")
ACME = Installation(SLACK, "T1")
GENERAL = Place(ACME, "C1")
THREAD = Place(ACME, "C1/1.5")
HERE = Where(THREAD, PlaceKind.THREAD, GENERAL)
ANA = Actor(IdentityId(SLACK, "U1"), Profile("Ana", "http://127.0.0.1/ana.png", "ana"))
NOW = datetime(2026, 11, 21, 10, 30, 0, 123456, tzinfo=UTC)
REF = MessageRef(THREAD, "C1/1.6")
FILE = FileRef(ACME, "F1", "a.txt", 3, "text/plain")
SOURCE = SourceMessage(REF, HERE, ANA, "help", (FILE,), NOW, THREAD, "http://127.0.0.1/m")

EVENTS: tuple[Inbound, ...] = (
    MessagePosted(REF, HERE, ANA, "hi ``there`` 🎫", (FILE,), NOW, REF, THREAD, "title", "http://127.0.0.1/m"),
    MessageEdited(REF, HERE, ANA, "", (), "2", NOW),
    MessageDeleted(REF, NOW),
    ReactionSet(REF, HERE, ANA, "👀", False, "3", NOW),
    TicketAsked("k1", ANA, SOURCE, Means.REACTION, NOW),
    CommandTyped("k2", ANA, HERE, "claim", Means.MENTION, NOW, "desk", REF),
    CommandGiven("k3", ANA, None, "claim", {"ticket": "7"}, Means.BUTTON, NOW),
    FormOpened("k4", ANA, HERE, FormKind.REPLY, Means.SHORTCUT, NOW, 5, 7, SOURCE, {"title": "x"}),
    FormChanged("k5", ANA, "f1", {"category": "a/b"}, NOW, 5),
    FormSubmitted("k6", ANA, "f1", {"title": "x"}, NOW),
    FormDismissed("k7", ANA, "f1", NOW),
    ChoiceMade("k8", ANA, None, "c1", "o1", NOW),
    Connected(ACME, "Acme", IdentityId(SLACK, "UBOT"), NOW),
    ChannelsSeen(ACME, (ChannelSeen(GENERAL, "general", PlaceKind.CHANNEL),), NOW),
    MembersSeen(ACME, "group:S1", (MemberSeen(ANA.identity, ANA.profile),), NOW),
    PlaceGone(THREAD, NOW),
)  # fmt: skip


def test_every_kind_of_event_has_an_example_here() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(Inbound))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_survives_the_way_through_json(event: Inbound) -> None:
    assert codec.load(json.loads(json.dumps(codec.dump(event)))) == event


@pytest.mark.parametrize("document", [{}, {"event": "Nothing"}, {"event": 7}, {"event": "MessageDeleted"}])
def test_anything_else_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        codec.load(document)
