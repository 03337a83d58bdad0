"""What in a ``desk.yaml`` must fit together, beyond its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from chatdesk.configuration import checks_automation, checks_on_call, checks_sla
from chatdesk.configuration.file import CategoryFile, DeskFile
from chatdesk.configuration.nearest import known_are
from chatdesk.configuration.problems import subject
from chatdesk.configuration.source import Step

Finding = tuple[tuple[Step, ...], str]

A_MONTH = timedelta(days=31)
"""How long the desk remembers what it said itself."""


def findings(file: DeskFile) -> Iterator[Finding]:
    """Where, and what is wrong there."""
    yield from _team_names(file)
    yield from _escalations(file)
    yield from _routes(file)
    yield from _priorities(file)
    yield from _required(file)
    yield from _endings(file)
    yield from checks_automation.findings(file, list(category_keys(file.categories)))
    yield from checks_sla.findings(file, list(category_keys(file.categories)))
    yield from checks_on_call.findings(file)


def category_keys(tree: Mapping[str, CategoryFile], above: str = "") -> Iterator[str]:
    """Every category of the tree by its path, such as ``billing/refund``."""
    for key, node in tree.items():
        path = f"{above}{key}"
        yield path
        yield from category_keys(node.sub, f"{path}/")


def _team_names(file: DeskFile) -> Iterator[Finding]:
    """Whatever names a team names one that there is."""
    named: list[tuple[tuple[Step, ...], str | None]] = [
        (("teams", key, "escalates_to"), team.escalates_to) for key, team in file.teams.items()
    ]
    named += [(("routes", index, "team"), route.team) for index, route in enumerate(file.routes)]
    named += _category_teams(file.categories, ("categories",))
    for path, team in named:
        if team is not None and team not in file.teams:
            yield path, _unknown(path, "team", team, file.teams)


def _category_teams(
    tree: Mapping[str, CategoryFile], above: tuple[Step, ...]
) -> list[tuple[tuple[Step, ...], str | None]]:
    named: list[tuple[tuple[Step, ...], str | None]] = []
    for key, node in tree.items():
        named.append(((*above, key, "team"), node.team))
        named += _category_teams(node.sub, (*above, key, "sub"))
    return named


def _escalations(file: DeskFile) -> Iterator[Finding]:
    """Silence goes to the next level, so the levels must end somewhere."""
    reported: set[str] = set()
    for key in file.teams:
        chain = [key]
        while (following := file.teams[chain[-1]].escalates_to) in file.teams:
            chain.append(str(following))
            if following in chain[:-1]:
                break
        if len(chain) > 1 and chain[-1] == key and key not in reported:
            reported.update(chain)
            yield ("teams", key, "escalates_to"), f"teams escalate in a circle: {' → '.join(chain)}"


def _routes(file: DeskFile) -> Iterator[Finding]:
    categories = list(category_keys(file.categories))
    priorities = [priority.key for priority in file.priorities]
    seen: dict[str, int] = {}
    for index, route in enumerate(file.routes):
        if route.category is not None and route.category not in categories:
            path: tuple[Step, ...] = ("routes", index, "category")
            yield path, _unknown(path, "category", route.category, categories)
        if route.priority is not None and route.priority not in priorities:
            path = ("routes", index, "priority")
            yield path, _unknown(path, "priority", route.priority, priorities)
        first = seen.setdefault(str(route.channel), index)
        if first != index:
            text = f"route {index + 1} is for {route.channel}, and so is route {first + 1}"
            yield ("routes", index, "channel"), f"{text}; one channel, one route"


def _priorities(file: DeskFile) -> Iterator[Finding]:
    keys = [priority.key for priority in file.priorities]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield ("priorities", index), f'priority {index + 1} is "{key}", and so is an earlier one'
    if file.default_priority not in keys:
        yield (
            ("default_priority",),
            (
                f'default_priority is "{file.default_priority}"; '
                f"{known_are('priorities', file.default_priority, keys)}"
            ),
        )


def _required(file: DeskFile) -> Iterator[Finding]:
    for index, name in enumerate(file.required):
        if name == "category" and not file.categories:
            yield ("required", index), "a category is required, but there are no categories"
        if name == "service" and not file.services:
            yield ("required", index), "a service is required, but there are no services"


def _endings(file: DeskFile) -> Iterator[Finding]:
    if "code" in file.resolution_required and not file.resolution_codes:
        path: tuple[Step, ...] = ("resolution_required", file.resolution_required.index("code"))
        yield path, "a code is required, but there are no resolution_codes"
    remind, close = file.remind_pending_after, file.close_pending_after
    if remind is not None and close is not None and close <= remind:
        text = "close_pending_after must be longer than remind_pending_after; both count from when it waits"
        yield ("close_pending_after",), text
    if file.forget_closed_after is not None and file.forget_closed_after < max(A_MONTH, file.reopen_grace):
        text = "forget_closed_after must be 31d at least, and not shorter than reopen_grace"
        yield ("forget_closed_after",), text


_PLURAL = {"team": "teams", "category": "categories", "priority": "priorities"}


def _unknown(path: tuple[Step, ...], what: str, given: str, known: Mapping[str, object] | list[str]) -> str:
    about, _ = subject(path)
    return f'{about} names the {what} "{given}"; {known_are(_PLURAL[what], given, known)}'
