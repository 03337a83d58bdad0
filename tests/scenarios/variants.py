"""The organisation of the scenarios with one thing decided otherwise, and a clock that a story can move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ruamel.yaml import YAML

DESK = Path(__file__).with_name("desk.yaml")
"""The organisation that most stories are told in."""


class MovableClock:
    """The real time, plus what the test added."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def desk_file(
    folder: Path,
    *,
    first_team: str = "support",
    threads: str = "public",
    settings: Mapping[str, object] | None = None,
) -> Path:
    """A desk.yaml beside the database.

    ``first_team`` is asked where no route names a team; ``threads`` says where the routed channels answer;
    ``settings`` are instead of DESK's.
    """
    yaml = YAML()
    organisation = yaml.load(DESK.read_text())
    teams = organisation["teams"]
    organisation["teams"] = {first_team: teams[first_team], **teams}
    for route in organisation["routes"]:
        route.setdefault("threads", threads)
    organisation.update(settings or {})
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / "desk.yaml"
    with written.open("w") as target:
        yaml.dump(organisation, target)
    return written
