"""The table in docs/playground.md of what there is and what is missing, made from the code.

    python -m chatdesk_playground.table docs/playground.md

writes it between its two marks. Discord's description of its API is looked for below CHATDESK_REFERENCE_DIR;
Slack's methods are those that the installed slack_sdk has, the gateway's events those that discord.py reads.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatdesk_playground.discord import offered as discord_offered
from chatdesk_playground.discord.server import ENDPOINTS
from chatdesk_playground.slack import offered as slack_offered
from chatdesk_playground.slack.methods import all_methods

BEGIN = "<!-- begin: python -m chatdesk_playground.table docs/playground.md -->"
END = "<!-- end -->"
_VERBS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something the platform has. `lacks` is None where it is not there, empty where nothing is missing."""

    name: str
    family: str
    lacks: str | None


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    entries: Sequence[Entry]


def document(description: Mapping[str, object]) -> str:
    """All sections, with their counts first."""
    sections = [
        Section("Slack: methods of the Web API", slack_methods()),
        Section("Slack: events", _named(slack_offered.EVENTS, slack_offered.OTHER_EVENTS)),
        Section("Slack: interactions", _named(slack_offered.INTERACTIONS, slack_offered.OTHER_INTERACTIONS)),
        Section("Discord: REST", rest_endpoints(description)),
        Section("Discord: events of the gateway", _named(discord_offered.GATEWAY_EVENTS, gateway_events())),
        Section("Discord: interactions", discord_interactions(description)),
    ]
    counts = ["| | there | partly | not there |", "|---|---|---|---|"]
    counts += [_counted(section) for section in sections]
    return "\n".join([*counts, *(line for section in sections for line in _table(section))]) + "\n"


def _counted(section: Section) -> str:
    there = sum(1 for entry in section.entries if entry.lacks == "")
    missing = sum(1 for entry in section.entries if entry.lacks is None)
    return f"| {section.title} | {there} | {len(section.entries) - there - missing} | {missing} |"


def _table(section: Section) -> Iterable[str]:
    yield from ("", f"### {section.title}", "", "| | | what is missing |", "|---|---|---|")
    for entry in section.entries:
        if entry.lacks is not None:
            yield f"| `{entry.name}` | {'partly' if entry.lacks else 'there'} | {entry.lacks} |"
    absent: dict[str, list[str]] = {}
    for entry in section.entries:
        if entry.lacks is None:
            absent.setdefault(entry.family, []).append(entry.name)
    for names in absent.values():
        yield f"| {', '.join(f'`{name}`' for name in names)} | not there | |"


def slack_methods() -> list[Entry]:
    """Those of the playground, and all that the installed slack_sdk calls."""
    known = set(re.findall(r'self\.api_call\(\s*"([\w.]+)"', _source("slack_sdk", "web/client.py")))
    here = all_methods()
    return [
        Entry(name, name.partition(".")[0], here[name].lacks if name in here else None)
        for name in sorted(known | set(here))
    ]


def gateway_events() -> list[str]:
    """The events that the installed discord.py reads."""
    return [name.upper() for name in re.findall(r"def parse_(\w+)\(", _source("discord", "state.py"))]


def _source(package: str, path: str) -> str:
    """A file of an installed package, which is read and not imported."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise SystemExit(f"{package} is not installed, so its names are not known")
    return (Path(found.origin).parent / path).read_text()


def _named(here: Mapping[str, str], known: Iterable[str]) -> list[Entry]:
    return [Entry(name, "", here.get(name)) for name in sorted({*here, *known})]


def rest_endpoints(description: Mapping[str, object]) -> list[Entry]:
    """Those of the playground, and all of Discord's own description."""
    here = {(one.method, _shape(one.path)): one.lacks for one in ENDPOINTS}
    names = {(one.method, _shape(one.path)): one.path for one in ENDPOINTS}
    for path, operations in _mapping(description, "paths").items():
        for verb in _VERBS:
            if isinstance(operations, Mapping) and verb in operations:
                names.setdefault((verb.upper(), _shape(path)), path)
    ordered = sorted(names, key=lambda key: (names[key], _VERBS.index(key[0].lower())))
    return [Entry(f"{key[0]} {names[key]}", _family(names[key]), here.get(key)) for key in ordered]


def _shape(path: str) -> str:
    """A path whatever its parameters are called; `@original` is the id of a message like others here."""
    return re.sub(r"\{[^}]+\}", "{}", path.replace("@original", "{message_id}"))


def _family(path: str) -> str:
    parts = [part for part in path.split("/") if part and not part.startswith("{")]
    return "/".join(parts[:2])


def discord_interactions(description: Mapping[str, object]) -> list[Entry]:
    """Kinds of interactions, their answers, commands, options and components, as Discord numbers them."""
    kinds = (
        ("InteractionTypes", "interaction", discord_offered.INTERACTION_TYPES),
        ("InteractionCallbackTypes", "answer", discord_offered.CALLBACK_TYPES),
        ("ApplicationCommandType", "command", discord_offered.COMMAND_TYPES),
        ("ApplicationCommandOptionType", "option", discord_offered.OPTION_TYPES),
        ("MessageComponentTypes", "component", discord_offered.COMPONENT_TYPES),
    )
    schemas = _mapping(_mapping(description, "components"), "schemas")
    entries = []
    for schema, family, here in kinds:
        members = _mapping(schemas, schema).get("oneOf", [])
        for member in members if isinstance(members, Sequence) else ():
            if isinstance(member, Mapping):
                name = f"{family} {member['const']}: {member['title']}"
                entries.append(Entry(name, family, here.get(int(str(member["const"])))))
    return entries


def _mapping(source: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = source.get(key)
    return found if isinstance(found, Mapping) else {}


def description_of(reference: Path) -> Mapping[str, object]:
    """Discord's own description of its API."""
    read: object = json.loads((reference / "discord" / "openapi.json").read_text())
    assert isinstance(read, dict), "an OpenAPI description is an object"
    return read


def written(page: str, table: str) -> str:
    """The page with this table between its marks. Raises `ValueError` when it has none."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"there is no {BEGIN} … {END}")
    return f"{head}{BEGIN}\n\n{table}\n{END}{tail}"


def main() -> None:
    """Write the table into the page that is named."""
    reference = os.environ.get("CHATDESK_REFERENCE_DIR")
    if reference is None:
        raise SystemExit("CHATDESK_REFERENCE_DIR does not say where Discord's description of its API is")
    page = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/playground.md")
    page.write_text(written(page.read_text(), document(description_of(Path(reference)))))


if __name__ == "__main__":
    main()
