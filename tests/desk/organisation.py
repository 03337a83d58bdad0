"""A small organisation: three teams on Slack, customers on Discord and Slack."""

from __future__ import annotations

from datetime import timedelta

from chatdesk.contract.outbound import Visibility
from chatdesk.contract.vocabulary import Installation, Place, PlaceKind, Platform, Where
from chatdesk.domain.organisation import (
    Category,
    CategoryField,
    ChannelReference,
    Organisation,
    Route,
    StaffSource,
    StaffSourceKind,
    Team,
    ThreadMode,
)

SLACK = Platform("slack")
DISCORD = Platform("discord")
WORKSPACE = Installation(SLACK, "T1")
SERVER = Installation(DISCORD, "G1")


def channel(installation: Installation, name: str) -> Where:
    place = Place(installation, name)
    return Where(place, PlaceKind.CHANNEL, place)


def dm(installation: Installation, name: str) -> Where:
    place = Place(installation, f"dm-{name}")
    return Where(place, PlaceKind.DM, place)


def thread(parent: Where, name: str) -> Where:
    return Where(Place(parent.place.installation, name), PlaceKind.THREAD, parent.channel)


def person(name: str, platform: Platform = SLACK) -> StaffSource:
    return StaffSource(platform, StaffSourceKind.PERSON, name)


SUPPORT = channel(WORKSPACE, "C-support")
BILLING = channel(WORKSPACE, "C-billing")
MANAGERS = channel(WORKSPACE, "C-managers")
EVERY = channel(WORKSPACE, "C-every")
HELP = channel(WORKSPACE, "C-help")
PUBLIC = channel(SERVER, "public-help")
PRIVATE = channel(SERVER, "private-help")
LOBBY = channel(SERVER, "lobby")
"""A channel that no route names."""


def reference(where: Where) -> ChannelReference:
    return ChannelReference(where.place.platform, where.place.id)


ACME = Organisation(
    desk="acme",
    name="Acme",
    teams=(
        Team(
            "support",
            "Support",
            (reference(SUPPORT),),
            members=(person("ana"), person("ben")),
            leads=(person("lea"),),
            escalates_to="billing",
        ),
        Team(
            "billing",
            "Billing",
            (reference(BILLING),),
            members=(person("bob"),),
            mode=ThreadMode.INTERNAL,
            escalates_to="managers",
            acknowledge_within=timedelta(minutes=30),
        ),
        Team("managers", "The Managers", (reference(MANAGERS),), members=(person("mia"),)),
    ),
    admins=(person("ada"),),
    routes=(
        Route(reference(PUBLIC), "support"),
        Route(reference(PRIVATE), "support", visibility=Visibility.PRIVATE),
        Route(reference(HELP), "support"),
        Route(reference(EVERY), "support", every_message=True),
    ),
    categories=(
        Category("account", ("Account",)),
        Category("account/password", ("Account", "Password")),
        Category(
            "billing",
            ("Billing",),
            team="billing",
            fields=(CategoryField("invoice", "Invoice number", required=True),),
        ),
    ),
    services=("Mail", "VPN"),
)
