"""What is set for the whole process, by whoever starts one."""

from __future__ import annotations

import gc
import sys

_SWITCH_SECONDS = 0.0005
_NEW_OBJECTS = 20_000
"""After so many is garbage looked for. An answer makes some thousands, and keeps few."""


def prefer_quick_answers() -> None:
    """To be called once everything is imported.

    Threads hand over often: an answer passes from the loop to the writer's thread and back, and Python's own
    five milliseconds are as long as everything else that it takes. What is imported stays, and is no longer
    walked each time garbage is looked for.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 10, 10)
