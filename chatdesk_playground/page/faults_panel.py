"""The faults of the playground, switched on and off by hand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from chatdesk_playground.faults import Fault, FaultKind
from chatdesk_playground.page.model import Look, NotPossible, Side

_WRITES = {Look.SLACK: "chat.postMessage", Look.DISCORD: "POST *"}
_FAULTS: Sequence[tuple[str, FaultKind, dict[str, float | int | str]]] = (
    ("Every new message is refused for good", FaultKind.ERROR, {"times": 0, "status": 403}),
    ("Rate limited for ten seconds", FaultKind.RATE_LIMITED, {"times": 3, "seconds": 10.0}),
    ("Server errors, five times", FaultKind.ERROR, {"times": 5, "status": 503}),
    ("Answers two seconds late", FaultKind.LATENCY, {"times": 0, "seconds": 2.0, "lasting": 60.0}),
    ("Done, but the answer is lost", FaultKind.CUT_AFTER, {"times": 1}),
    ("Events come twice", FaultKind.EVENTS_TWICE, {"times": 0}),
    ("Down for fifteen seconds", FaultKind.DOWN, {"seconds": 15.0}),
    ("The event socket breaks", FaultKind.SOCKET_DROPPED, {}),
)


class FaultsPanel:
    """A row of buttons for each platform."""

    def __init__(self, sides: Sequence[Side]) -> None:
        self._sides = sides

    def build(self) -> None:
        for side in self._sides:
            ui.label(side.title).classes("panel-title")
            with ui.column().classes("faults"):
                for label, kind, rest in _FAULTS:
                    fault = _fault(side.look, kind, rest)
                    ui.button(label, on_click=partial(self._begin, side, fault, label)).props(
                        "outline dense no-caps"
                    )
                ui.button(
                    f"End all faults of {side.look.capitalize()}", on_click=partial(self._end, side)
                ).props("unelevated dense no-caps")

    async def _begin(self, side: Side, fault: Fault, label: str) -> None:
        try:
            await side.misbehave(fault)
        except NotPossible as refused:
            ui.notify(str(refused), type="negative")
            return
        ui.notify(f"{side.title}: {label.lower()}", type="warning")

    async def _end(self, side: Side) -> None:
        await side.behave()
        ui.notify(f"{side.title} works again", type="positive")


def _fault(look: Look, kind: FaultKind, rest: dict[str, float | int | str]) -> Fault:
    of_requests = kind in (FaultKind.ERROR, FaultKind.RATE_LIMITED, FaultKind.LATENCY, FaultKind.CUT_AFTER)
    code = {"code": "channel_not_found"} if look is Look.SLACK and rest.get("status") == 403 else {}
    where = _WRITES[look] if of_requests else ""
    return Fault(kind, where, **{**rest, **code})  # type: ignore[arg-type]
