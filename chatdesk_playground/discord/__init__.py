"""A Discord on loopback, for tests and for trying things out: REST v10, gateway v10, CDN, and people."""

from chatdesk_playground.discord.human import DiscordHuman, Refused
from chatdesk_playground.discord.server import DiscordPlayground
from chatdesk_playground.discord.sights import (
    Outcome,
    SeenAttachment,
    SeenMessage,
    SeenModal,
    SeenThread,
)

__all__ = [
    "DiscordHuman",
    "DiscordPlayground",
    "Outcome",
    "Refused",
    "SeenAttachment",
    "SeenMessage",
    "SeenModal",
    "SeenThread",
]
