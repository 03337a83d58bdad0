"""What is set for the whole process, by whoever starts one."""

from __future__ import annotations

import sys

_SWITCH_SECONDS = 0.0005


def prefer_quick_answers() -> None:
    """Let threads hand over often: an answer passes from the loop to the writer's thread and back.

    Python's own five milliseconds are as long as everything else that an answer takes.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
