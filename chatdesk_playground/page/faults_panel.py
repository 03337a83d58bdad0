"""The faults of the playground, switched on and off by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from nicegui import events, ui

from chatdesk_playground.faults import Fault, FaultKind
from chatdesk_playground.page.model import Look, NotPossible
from chatdesk_playground.page.side import Side


@dataclass(frozen=True, slots=True)
class Offered:
    """``lasts``: until it is switched off, not once."""

    label: str
    fault: Fault
    lasts: bool


def offered(look: Look) -> Sequence[Offered]:
    """What can go wrong with a platform, in words."""
    writes = "chat.postMessage" if look is Look.SLACK else "POST *"
    refused = "channel_not_found" if look is Look.SLACK else ""
    kinds = FaultKind
    return (
        Offered(
            "New messages are refused",
            Fault(kinds.ERROR, writes, times=0, status=403, code=refused),
            lasts=True,
        ),
        Offered("Server errors", Fault(kinds.ERROR, writes, times=0, status=503), lasts=True),
        Offered("Answers come two seconds late", Fault(kinds.LATENCY, times=0, seconds=2.0), lasts=True),
        Offered("Events come twice", Fault(kinds.EVENTS_TWICE, times=0), lasts=True),
        Offered("Events are lost", Fault(kinds.EVENTS_LOST, times=0), lasts=True),
        Offered("A rate limit of ten seconds", Fault(kinds.RATE_LIMITED, writes, seconds=10.0), lasts=False),
        Offered("Done, but the answer gets lost", Fault(kinds.CUT_AFTER, writes), lasts=False),
        Offered("Down for fifteen seconds", Fault(kinds.DOWN, seconds=15.0), lasts=False),
        Offered("The event socket breaks", Fault(kinds.SOCKET_DROPPED), lasts=False),
    )


class FaultsPanel:
    """Switches for what lasts, buttons for what happens once."""

    def __init__(self, sides: Sequence[Side]) -> None:
        self._sides = sides
        self._on: dict[Look, list[Offered]] = {side.look: [] for side in sides}

    def build(self) -> None:
        for side in self._sides:
            with (
                ui.element("section")
                .classes("faults")
                .props(f'aria-label="Faults of {side.look.capitalize()}"')
            ):
                ui.label(side.title).classes("panel-title")
                for one in offered(side.look):
                    if one.lasts:
                        switch = ui.switch(one.label, on_change=partial(self._switch, side, one))
                        switch.props(f'aria-label="{one.label}"')
                    else:
                        once = partial(self._begin, side, one)
                        ui.button(one.label, on_click=once).props("outline dense no-caps size=sm")

    async def _switch(
        self, side: Side, one: Offered, event: events.ValueChangeEventArguments[bool | None]
    ) -> None:
        on = self._on[side.look]
        if event.value:
            on.append(one)
            await self._begin(side, one)
            return
        on.remove(one)
        await side.hands.behave()
        for other in on:
            await side.hands.misbehave(other.fault)
        ui.notify(f"{side.title}: no longer: {one.label.lower()}", type="positive")

    async def _begin(self, side: Side, one: Offered) -> None:
        try:
            await side.hands.misbehave(one.fault)
        except NotPossible as refused:
            ui.notify(str(refused), type="negative")
            return
        ui.notify(f"{side.title}: {one.label.lower()}", type="warning")
