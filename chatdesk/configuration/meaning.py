"""From the file's shape to the domain's ``Organisation``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatdesk.configuration.file import CategoryFile, DeskFile, FieldFile, RouteFile, TeamFile
from chatdesk.domain.organisation import Category, CategoryField, Organisation, Priority, Route, Team


def organisation(file: DeskFile) -> Organisation:
    return Organisation(
        desk=file.desk,
        name=file.name or readable(file.desk),
        teams=tuple(_team(key, team) for key, team in file.teams.items()),
        installations=tuple(file.installations),
        admins=tuple(file.admins),
        routes=tuple(_route(route) for route in file.routes),
        priorities=tuple(Priority(priority.key, *priority.shown()) for priority in file.priorities),
        default_priority=file.default_priority,
        categories=tuple(_categories(file.categories, None)),
        types=tuple(file.types),
        services=tuple(file.services),
        required=tuple(file.required),
        status_names=tuple((status.value, name) for status, name in file.statuses.items()),
        draft_after=file.draft_after,
        reopen_grace=file.reopen_grace,
        collision_window=file.collision_window,
        max_file_bytes=file.max_file,
        refuse_files=tuple(file.refuse_files),
    )


def readable(key: str) -> str:
    """A name for what was given none: ``tier_two`` reads ``Tier two``."""
    return key.replace("_", " ").replace("-", " ").capitalize()


def _team(key: str, file: TeamFile) -> Team:
    return Team(
        key=key,
        name=file.name or readable(key),
        homes=tuple(file.home),
        members=tuple(file.members),
        leads=tuple(file.leads),
        mode=file.mode,
        escalates_to=file.escalates_to,
        acknowledge_within=file.acknowledge_within,
        answer_within=file.answer_within,
    )


def _route(file: RouteFile) -> Route:
    return Route(
        channel=file.channel,
        team=file.team,
        visibility=file.threads,
        mode=file.mode,
        every_message=file.every_message,
        category=file.category,
        priority=file.priority,
    )


def _categories(tree: Mapping[str, CategoryFile], above: Category | None) -> Iterator[Category]:
    """The tree flattened, parents first; a team and questions are handed down."""
    for key, node in tree.items():
        inherited = above.fields if above else ()
        own = tuple(_field(name, question) for name, question in node.fields.items())
        replaced = {question.key for question in own}
        category = Category(
            key=f"{above.key}/{key}" if above else key,
            names=(*(above.names if above else ()), node.name or readable(key)),
            team=node.team or (above.team if above else None),
            fields=(*(question for question in inherited if question.key not in replaced), *own),
        )
        yield category
        yield from _categories(node.sub, category)


def _field(key: str, file: FieldFile) -> CategoryField:
    return CategoryField(key, file.label or readable(key), file.required, tuple(file.choices))
