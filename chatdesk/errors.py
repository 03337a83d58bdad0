"""What chatdesk itself refuses, each with sentences that the person at the terminal can act upon.

ChatdeskError
├── SettingsError         the environment
├── ConfigurationError    desk.yaml
└── RefusedPlan           a configuration that takes something away, before ``chatdesk config apply``

A command that meets one prints it and ends with status 2. Anything else is a bug and keeps its traceback.
"""

from __future__ import annotations


class ChatdeskError(Exception):
    """Something outside is not as it must be. ``str()`` is what to tell the operator."""


class ProblemsFound(ChatdeskError):
    """Several problems found in one pass, a line each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SettingsError(ProblemsFound):
    """Wrong or missing settings; each line names its variable."""


class ConfigurationError(ProblemsFound):
    """A wrong ``desk.yaml``; each line names the file, its line, and what is allowed."""


class RefusedPlan(ChatdeskError):
    """The configuration takes away what is in use; ``chatdesk config apply`` has to be said."""
