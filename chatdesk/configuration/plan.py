"""What applying a configuration would change, and whether it takes away something that is in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from enum import StrEnum

from chatdesk.configuration.sections import ONE_OF
from chatdesk.configuration.values import write_colour, write_duration, write_size
from chatdesk.contract.vocabulary import Installation
from chatdesk.domain.on_call import Rota
from chatdesk.domain.organisation import CategoryField, Organisation, StaffSource, Team
from chatdesk.domain.resolution import ResolutionCode
from chatdesk.domain.satisfaction import Satisfaction
from chatdesk.domain.sla_policy import Measure, Targets
from chatdesk.store.desks import Usage


class Sign(StrEnum):
    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a plan. ``loss`` says what is in use and would be taken away."""

    sign: Sign
    subject: str
    detail: str = ""
    loss: str = ""

    def __str__(self) -> str:
        detail = f": {self.detail}" if self.detail else ""
        loss = f"  ← takes away what is in use: {self.loss}" if self.loss else ""
        return f"{self.sign} {self.subject}{detail}{loss}"


@dataclass(frozen=True, slots=True)
class Plan:
    desk: str
    changes: tuple[Change, ...]

    @property
    def takes_away(self) -> bool:
        return any(change.loss for change in self.changes)

    def __str__(self) -> str:
        if not self.changes:
            return f"desk {self.desk}: nothing to change"
        return "\n".join([f"desk {self.desk}:", *(f"  {change}" for change in self.changes)])


def plan(old: Organisation | None, new: Organisation, usage: Usage) -> Plan:
    """From what was applied last, if anything was, to what the file says now."""
    if old is None:
        return Plan(new.desk, (Change(Sign.ADDED, f"desk {new.desk}", new.name),))
    changes = [*_scalars(old, new, usage)]
    for section, what in ONE_OF.items():
        changes += _items(what, _by_key(old, section), _by_key(new, section), usage)
    return Plan(new.desk, tuple(changes))


def retirement(old: Organisation, usage: Usage) -> Plan:
    """A desk that no file describes any more."""
    loss = _tickets(usage.tickets) if usage.tickets else ""
    return Plan(old.desk, (Change(Sign.REMOVED, f"desk {old.desk}", "no file describes it any more", loss),))


def _scalars(old: Organisation, new: Organisation, usage: Usage) -> Iterator[Change]:
    for entry in fields(Organisation):
        before, after = getattr(old, entry.name), getattr(new, entry.name)
        if entry.name in ONE_OF or before == after:
            continue
        loss = ""
        if entry.name == "installations" and after and usage.tickets:
            gone = [item for item in before if item not in after]
            loss = f"{_tickets(usage.tickets)} may have threads in {shown(gone)}" if gone else ""
        yield Change(Sign.CHANGED, _label(entry.name), _difference(entry.name, before, after), loss)


def _items(what: str, old: Mapping[str, object], new: Mapping[str, object], usage: Usage) -> Iterator[Change]:
    for key, item in old.items():
        if key not in new:
            yield Change(Sign.REMOVED, f"{what} {key}", loss=_loss(what, key, usage))
        elif item != new[key]:
            yield Change(
                Sign.CHANGED, f"{what} {key}", _differences(item, new[key]), _emptied(new[key], item, usage)
            )
    yield from (Change(Sign.ADDED, f"{what} {key}") for key in new if key not in old)
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old] and what in ("team", "priority", "sla"):
        yield Change(Sign.CHANGED, f"order of {what} keys", ", ".join(new))


def _loss(what: str, key: str, usage: Usage) -> str:
    match what:
        case "team":
            count = usage.teams.get(key, 0)
        case "category":
            count = usage.categories.get(key, 0)
        case "priority":
            count = usage.priorities.get(key, 0)
        case _:
            count = 0
    return _tickets(count) if count else ""


def _emptied(new: object, old: object, usage: Usage) -> str:
    """A team that holds tickets and would have nobody left."""
    if not isinstance(new, Team) or not isinstance(old, Team):
        return ""
    called = usage.calls.get(new.key, 0)
    if called and old.on_call is not None and new.on_call is None:
        calls = "a call that nobody has" if called == 1 else f"{called} calls that nobody has"
        return f"nobody would be on call for {calls} acknowledged"
    count = usage.teams.get(new.key, 0)
    if count and (old.members or old.leads) and not (new.members or new.leads):
        return f"nobody would be left for {_tickets(count)}"
    return ""


def _by_key(organisation: Organisation, section: str) -> dict[str, object]:
    if section == "routes":
        return {str(route.channel): route for route in organisation.routes}
    return {item.key: item for item in getattr(organisation, section)}


def _differences(old: object, new: object) -> str:
    names = [entry.name for entry in fields(old)] if is_dataclass(old) else []
    return "; ".join(
        f"{_label(name)} {_difference(name, getattr(old, name), getattr(new, name))}"
        for name in names
        if getattr(old, name) != getattr(new, name)
    )


def _difference(name: str, old: object, new: object) -> str:
    if isinstance(old, tuple) and isinstance(new, tuple) and set(old) != set(new):
        signed = [f"−{shown([item])}" for item in old if item not in new]
        signed += [f"+{shown([item])}" for item in new if item not in old]
        return " ".join(signed)
    if name == "colour" and isinstance(old, int) and isinstance(new, int):
        return f"{write_colour(old)} → {write_colour(new)}"
    if name == "max_file_bytes" and isinstance(old, int) and isinstance(new, int):
        return f"{write_size(old)} → {write_size(new)}"
    return f"{shown(old)} → {shown(new)}"


def shown(value: object) -> str:
    """A value as a person wrote or would write it."""
    match value:
        case None | () | "":
            return "none"
        case timedelta():
            return write_duration(value)
        case StaffSource() | Installation():
            return written_staff(value) if isinstance(value, StaffSource) else f"{value.platform}:{value.id}"
        case CategoryField() | ResolutionCode():
            return value.key
        case Satisfaction():
            asked = f"{value.share} of 100 tickets, a person every {write_duration(value.cool_down)}"
            return f"{asked}, low up to {value.low}"
        case Targets():
            return ", ".join(f"{name} {shown(value.of(name))}" for name in Measure)
        case Rota():
            return _rota(value)
        case list() | tuple():
            return ", ".join(shown(item) for item in value)
    return str(value)


def _rota(rota: Rota) -> str:
    turns = f"{', '.join(rota.rotation)} by turns of {rota.every}d at {rota.handover} from {rota.first}"
    until = f" until {rota.last}" if rota.last else ""
    parts = [turns + until] if rota.rotation else []
    parts += [f"in {rota.hours}"] if rota.hours else []
    parts += [f"{one.who} {one.start:%Y-%m-%d %H:%M} UTC" for one in rota.shifts]
    return f"({'; '.join(parts)}; {rota.zone})"


def written_staff(source: StaffSource) -> str:
    kind = "" if source.kind.value == "person" else f"{source.kind}:"
    return f"{source.platform}:{kind}{source.id}"


def _label(name: str) -> str:
    return {
        "homes": "home",
        "visibility": "threads",
        "status_names": "statuses",
        "pause_in": "pause",
        "warn_at": "warn",
        "max_file_bytes": "max_file",
    }.get(name, name)


def _tickets(count: int) -> str:
    return f"{count} unfinished ticket" if count == 1 else f"{count} unfinished tickets"


def together(plans: Sequence[Plan]) -> str:
    return "\n".join(str(each) for each in plans)
