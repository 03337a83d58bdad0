"""The methods of the Web API, one module per family."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk_playground.slack.methods import (
    apps,
    chat,
    conversations,
    files,
    history,
    membership,
    people,
    reactions,
    views,
)
from chatdesk_playground.slack.webapi import Method


def all_methods() -> Mapping[str, Method]:
    """Every method the playground knows, by its name."""
    return {
        **apps.METHODS,
        **chat.METHODS,
        **conversations.METHODS,
        **files.METHODS,
        **history.METHODS,
        **membership.METHODS,
        **people.METHODS,
        **reactions.METHODS,
        **views.METHODS,
    }
