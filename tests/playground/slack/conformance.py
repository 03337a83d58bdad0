"""Holds what the playground sends against Slack's own samples.

`violations(slack.events, reference)` is empty when every event and interaction has only keys that the samples
show or `documented_additions` names with its source, and every key that is required.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatdesk_playground.slack import Sent
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, parse_object, text
from tests.playground.slack.documented_additions import (
    ADDITIONS,
    DYNAMIC,
    REQUIRED,
    UNSAMPLED_TYPES,
    WITHOUT_SAMPLE,
)

_MESSAGE_SAMPLES = {
    "": "Message",
    "bot_message": "MessageBot",
    "message_changed": "MessageChanged",
    "message_deleted": "MessageDeleted",
    "file_share": "MessageFileShare",
    "me_message": "MessageMe",
    "thread_broadcast": "MessageThreadBroadcast",
}
_INTERACTION_SAMPLES = {
    "block_actions": "BlockActionPayload",
    "message_action": "MessageShortcutPayload",
    "view_submission": "ViewSubmissionPayload",
    "view_closed": "ViewClosedPayload",
}


def reference_directory() -> Path | None:
    """Where the samples lie: the `slack` folder below CHATDESK_REFERENCE_DIR, None when it is not set."""
    named = os.environ.get("CHATDESK_REFERENCE_DIR")
    if not named:
        return None
    directory = Path(named) / "slack"
    return directory if directory.is_dir() else None


def violations(sent: Sequence[Sent], reference: Path) -> list[str]:
    """What is wrong with what was sent, one line for each kind of fault."""
    samples = Samples.read(reference)
    found: dict[str, None] = {}
    for one in sent:
        name = sample_name(one)
        for line in [*_unknown_keys(one.payload, name, samples), *_missing_keys(one.payload, name)]:
            found[line] = None
    return list(found)


def sample_name(sent: Sent) -> str:
    """The name of the sample that something sent must look like."""
    if sent.kind == "slash_commands":
        return "SlashCommandPayload"
    if sent.kind == "interactive":
        kind = text(sent.payload, "type")
        return _INTERACTION_SAMPLES.get(kind, kind)
    event = child(sent.payload, "event")
    if event.get("type") == "message":
        return _MESSAGE_SAMPLES.get(text(event, "subtype"), text(event, "subtype"))
    return "".join(word.title() for word in text(event, "type").split("_"))


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples by name, and every typed object in any of them by its type."""

    by_name: Mapping[str, JsonObject]
    by_type: Mapping[str, Sequence[JsonObject]] = field(default_factory=dict)

    @classmethod
    def read(cls, reference: Path) -> Samples:
        """All samples of events and interactions below a folder."""
        by_name = {
            path.stem: parse_object(path.read_bytes())
            for folder in ("events", "interactions")
            for path in sorted((reference / folder).glob("*.json"))
        }
        by_type: dict[str, list[JsonObject]] = {}
        for sample in by_name.values():
            for part in _objects(sample):
                if text(part, "type"):
                    by_type.setdefault(text(part, "type"), []).append(part)
        return cls(by_name, by_type)


def _objects(value: JsonValue) -> Iterable[JsonObject]:
    if isinstance(value, Mapping):
        yield value
        for part in value.values():
            yield from _objects(part)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            yield from _objects(part)


def _unknown_keys(payload: JsonObject, name: str, samples: Samples) -> list[str]:
    if name in WITHOUT_SAMPLE:
        allowed = WITHOUT_SAMPLE[name].keys
        shown = child(payload, "event") if payload.get("type") == "event_callback" else payload
        return [f"{name}: {key} is not documented" for key in shown if key not in allowed]
    if name not in samples.by_name:
        return [f"{name}: there is no sample of it"]
    return _walk(payload, [samples.by_name[name]], name, samples)


def _walk(value: JsonValue, candidates: Sequence[JsonValue], path: str, samples: Samples) -> list[str]:
    if any(path.endswith(dynamic) for dynamic in DYNAMIC):
        return []
    if isinstance(value, Mapping):
        return _walk_object(value, [c for c in candidates if isinstance(c, Mapping)], path, samples)
    if isinstance(value, Sequence) and not isinstance(value, str):
        inner = [part for c in candidates if isinstance(c, Sequence) and not isinstance(c, str) for part in c]
        return [line for part in value for line in _walk(part, inner, path, samples)]
    return []


def _walk_object(
    value: JsonObject, candidates: Sequence[JsonObject], path: str, samples: Samples
) -> list[str]:
    kind = text(value, "type")
    alike = [candidate for candidate in candidates if kind and candidate.get("type") == kind]
    untyped = [candidate for candidate in candidates if not text(candidate, "type")]
    known = alike or untyped or samples.by_type.get(kind, ()) or candidates
    added = {a.key for a in ADDITIONS if path.endswith(a.where)}
    added |= set(UNSAMPLED_TYPES[kind].keys) if kind in UNSAMPLED_TYPES else set()
    if not known and not added:
        return [f"{path}: no sample shows such an object ({kind or sorted(value)})"]
    allowed = {key for candidate in known for key in candidate}
    faults = [f"{path}.{key} is in no sample" for key in value if key not in allowed | added]
    for key, part in value.items():
        inner = [candidate[key] for candidate in known if key in candidate]
        if key in allowed | added and not (key in added and not inner and not _typed(part)):
            faults += _walk(part, inner, f"{path}.{key}", samples)
    return faults


def _typed(value: JsonValue) -> bool:
    parts = [value] if isinstance(value, Mapping) else value
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        return False
    return any(isinstance(part, Mapping) and bool(text(part, "type")) for part in parts)


def _missing_keys(payload: JsonObject, name: str) -> list[str]:
    required = list(REQUIRED.get(name, ()))
    if payload.get("type") == "event_callback":
        required += REQUIRED["event_callback"]
    return [f"{name}: {path} is missing" for path in required if not _has(payload, path.split("."))]


def _has(value: JsonValue, path: Sequence[str]) -> bool:
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
    return True
