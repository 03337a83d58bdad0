"""The two platforms' worlds in the folder of the database, so that both go on together another day."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

from chatdesk.errors import ChatdeskError
from chatdesk_playground.discord import DiscordPlayground
from chatdesk_playground.discord import keeping as discord_keeping
from chatdesk_playground.slack import SlackPlayground
from chatdesk_playground.slack import keeping as slack_keeping

SAVES_EVERY = 5.0
"""Seconds: so much is lost at most where the playground is killed."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """``ports`` stay the same, since pictures and files have addresses with them."""

    folder: Path

    @property
    def ports(self) -> tuple[int, int]:
        """Those of the last time, of Slack and of Discord; 0 the first time."""
        try:
            kept = json.loads((self.folder / "playground.json").read_text())
            return int(kept["slack"]), int(kept["discord"])
        except FileNotFoundError:
            return 0, 0
        except (ValueError, KeyError, TypeError):
            raise self._broken("playground.json") from None

    def restore(self, slack: SlackPlayground, discord: DiscordPlayground) -> bool:
        """Fill both from the folder; whether there was something. Raises ChatdeskError for broken files."""
        found = [self._read(name) for name in ("slack.json", "discord.json")]
        slack_kept, discord_kept = found
        if slack_kept is None or discord_kept is None:
            return False
        try:
            slack_keeping.restore(slack.site.world, slack_kept)
            discord_keeping.restore(discord.backend, discord_kept)
        except ValueError:
            raise self._broken("slack.json or discord.json") from None
        return True

    async def keep(self, slack: SlackPlayground, discord: DiscordPlayground) -> None:
        """Save both now and then until cancelled, and once more at the end."""
        saved = (-1, -1)
        try:
            while True:
                versions = slack.site.world.version, discord.backend.changes.version
                if versions != saved:
                    saved = versions
                    self.save(slack, discord)
                await asyncio.sleep(SAVES_EVERY)
        finally:
            self.save(slack, discord)

    def save(self, slack: SlackPlayground, discord: DiscordPlayground) -> None:
        ports = {"slack": slack.port, "discord": discord.port}
        self._write("playground.json", json.dumps(ports).encode())
        self._write("slack.json", slack_keeping.kept(slack.site.world))
        self._write("discord.json", discord_keeping.kept(discord.backend))

    def _read(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def _write(self, name: str, content: bytes) -> None:
        new = self.folder / f"{name}.new"
        new.write_bytes(content)
        new.replace(self.folder / name)

    def _broken(self, name: str) -> ChatdeskError:
        return ChatdeskError(
            f"{self.folder}: {name} cannot be read; begin with another folder or empty this one."
        )
