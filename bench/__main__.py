"""``python -m bench``: measure, print the table, and write ``bench/results/latest.json``.

``python -m bench ack drain-discord`` measures only these; what the results file says of others stays.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from bench import ack, calendar, drain, growth, helpdesk, intake, memory, mirror, report, rows, stores
from bench.rows import Row


def _on_both(measure: Callable[[stores.Store], Iterator[Row]], name: str) -> Iterator[Row]:
    with stores.sqlite(name) as store:
        yield from measure(store)
    with stores.postgres() as server:
        yield from measure(server)


SUBJECTS: Mapping[str, Callable[[], Iterator[Row]]] = {
    "ack": ack.measure,
    "intake": partial(_on_both, intake.measure, "intake"),
    "helpdesk": helpdesk.measure,
    "mirror": mirror.measure,
    "drain-slack-1": partial(drain.measure, "drain-slack-1"),
    "drain-slack-10": partial(drain.measure, "drain-slack-10"),
    "drain-discord": partial(drain.measure, "drain-discord"),
    "growth": partial(_on_both, growth.measure, "growth"),
    "memory": memory.measure,
    "calendar": calendar.measure,
    "report": report.measure,
}
"""What can be measured by itself, in the order in which all is."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="subject", help=f"of: {', '.join(SUBJECTS)}")
    chosen = parser.parse_args().subjects or list(SUBJECTS)
    unknown = [name for name in chosen if name not in SUBJECTS]
    if unknown:
        parser.error(f"no such subject: {', '.join(unknown)}; there are: {', '.join(SUBJECTS)}")
    broken = [name for name in chosen if not _measured(name)]
    print(rows.table(rows.read()))
    if broken:
        print(f"\ncould not be measured: {', '.join(broken)}")
    return 1 if broken else 0


def _measured(name: str) -> bool:
    """Measure one subject and keep its rows. What goes wrong is told, and the others are measured."""
    begun = time.monotonic()
    print(f"{name} …", file=sys.stderr, flush=True)
    try:
        found = list(SUBJECTS[name]())
    except Exception:
        traceback.print_exc()
        return False
    rows.keep(found)
    print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
