"""The kill test's figures, as a file that others read."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

from tests.faults.campaign import Ended, Point

BUILD = Path(__file__).parents[2] / "build"
FILE = BUILD / "kill-test.json"


def write(engine: str, ended: Ended, file: Path = FILE) -> None:
    """Put one engine's run into the file beside the others', with the sums of all."""
    engines = json.loads(file.read_text())["engines"] if file.exists() else {}
    engines[engine] = _figures(ended)
    sums = {
        key: sum(run[key] for run in engines.values())
        for key in ("kills", "sent", "found", "missing", "doubled", "disordered", "wrong")
    }
    points = {str(point): sum(run["by_point"].get(point, 0) for run in engines.values()) for point in Point}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({**sums, "by_point": points, "engines": engines}, indent=2) + "\n")


def _figures(ended: Ended) -> dict[str, object]:
    verdict = ended.verdict
    return {
        "seed": ended.seed,
        "kills": ended.points.total(),
        "by_point": {str(point): ended.points[point] for point in Point},
        "sent": verdict.sent,
        "found": verdict.found,
        "missing": len(verdict.missing),
        "doubled": len(verdict.doubled),
        "disordered": len(verdict.disordered),
        "wrong": len(verdict.wrong),
        "seconds": round(ended.seconds, 1),
        "median_start_seconds": round(statistics.median(ended.start_seconds or [0]), 2),
    }
