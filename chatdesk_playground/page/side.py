"""What the page asks of a platform, and of the app itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chatdesk_playground.faults import Fault
from chatdesk_playground.page.html import Html
from chatdesk_playground.page.model import (
    About,
    Answers,
    Form,
    Formatting,
    Look,
    MenuEntry,
    Message,
    Option,
    Person,
    Place,
    Spot,
    Step,
    Suggestion,
    WireLine,
    Written,
)


class Insight(Protocol):
    """What the app itself knows, and which steps of a tour a visitor has really taken."""

    @property
    def steps(self) -> Sequence[Step]: ...

    async def done(self) -> frozenset[str]: ...

    async def topics(self) -> Sequence[Option]:
        """What there is to look at, newest first."""
        ...

    async def shown(self, topic: str) -> Html: ...


class Sight(Protocol):
    """What there is to see on one platform."""

    @property
    def people(self) -> Sequence[Person]: ...

    @property
    def about(self) -> About: ...

    @property
    def version(self) -> int: ...

    def places(self, person: str) -> Sequence[Place]: ...

    def messages(self, person: str, spot: Spot, most: int) -> Sequence[Message]:
        """The newest of them, oldest first."""
        ...

    def title_of(self, person: str, spot: Spot) -> str: ...

    def home(self, person: str) -> Html | None:
        """The app's page for this person, with its controls; None where the platform has no such thing."""
        ...

    def form(self, person: str) -> Form | None: ...

    def menu(self, person: str, spot: Spot, message: str) -> Sequence[MenuEntry]: ...

    def shortcuts(self, person: str) -> Sequence[MenuEntry]:
        """What the app offers wherever one is."""
        ...

    def wire(self, after: int) -> Sequence[WireLine]:
        """What went over the wire, oldest first, from the number on."""
        ...

    def file(self, key: str) -> tuple[bytes, str] | None:
        """A file's content and type, where its own address is not for browsers."""
        ...


class Hands(Protocol):
    """What people can do there. What a person cannot do raises NotPossible."""

    async def enter(self, person: str, spot: Spot) -> Spot:
        """Go there; the place that was meant, such as the direct messages with the app."""
        ...

    async def post(self, person: str, spot: Spot, written: Written) -> None: ...

    async def edit(self, person: str, spot: Spot, message: str, text: str) -> None: ...

    async def delete(self, person: str, spot: Spot, message: str) -> None: ...

    async def react(self, person: str, spot: Spot, message: str, name: str, add: bool) -> None: ...

    async def start_thread(self, person: str, spot: Spot, message: str, name: str) -> Spot:
        """Where threads have names, begin one under a message."""
        ...

    async def use(self, person: str, spot: Spot, message: str, entry: str) -> None: ...

    async def use_shortcut(self, person: str, entry: str) -> None: ...

    async def press(self, person: str, spot: Spot, message: str, name: str) -> None: ...

    async def choose(self, person: str, spot: Spot, message: str, name: str, value: str) -> None: ...

    async def complete(self, person: str, spot: Spot, typed: str) -> Sequence[Suggestion]: ...

    async def command(self, person: str, spot: Spot, typed: str) -> None: ...

    async def look_up(self, person: str, field: str, typed: str) -> Sequence[Option]: ...

    async def change(self, person: str, field: str, value: str) -> None:
        """A field that acts was changed, or a button in the form pressed (then the value is empty)."""
        ...

    async def submit(self, person: str, answers: Answers) -> Mapping[str, str]:
        """Send the form; what is wrong, by field. Nothing is wrong once it is gone."""
        ...

    async def close_form(self, person: str) -> None: ...

    async def misbehave(self, fault: Fault) -> None: ...

    async def behave(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Side:
    """One platform. ``formatting`` says how its people type what is to look otherwise."""

    look: Look
    title: str
    formatting: Sequence[Formatting]
    sight: Sight
    hands: Hands
