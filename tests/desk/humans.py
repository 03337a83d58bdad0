"""The people of the tests."""

from __future__ import annotations

from dataclasses import dataclass

from chatdesk.contract.vocabulary import Actor, IdentityId, Installation, Profile, Where
from tests.desk.organisation import SERVER, WORKSPACE, dm


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody with one account."""

    name: str
    installation: Installation = WORKSPACE

    @property
    def identity(self) -> IdentityId:
        return IdentityId(self.installation.platform, self.name)

    @property
    def actor(self) -> Actor:
        return Actor(self.identity, Profile(self.name.capitalize()), self.installation)

    @property
    def mention(self) -> str:
        return f"[@{self.name}](person:{self.identity})"

    @property
    def dm(self) -> Where:
        return dm(self.installation, self.name)


ANA, BEN, LEA, ADA, BOB, MIA = (Human(name) for name in ("ana", "ben", "lea", "ada", "bob", "mia"))
CLEO, DAN, EVE = (Human(name, SERVER) for name in ("cleo", "dan", "eve"))
SAM = Human("sam")
"""A customer on Slack."""
