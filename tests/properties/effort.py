"""How hard properties are tried: a little with every change, hard by ``make properties``."""

from __future__ import annotations

import os

EFFORT = int(os.environ.get("CHATDESK_EFFORT", "1"))
"""How many times as many examples as usual."""
