"""How ``desk.yaml`` calls places on platforms."""

from __future__ import annotations

from dataclasses import dataclass

from chatdesk.contract.vocabulary import Platform


@dataclass(frozen=True, slots=True)
class ChannelReference:
    """A channel as ``desk.yaml`` calls it: by the platform's id or, with ``#``, by its name."""

    platform: Platform
    channel: str
    installation: str | None = None
    """The workspace or server, where the desk has several on this platform."""

    @property
    def name(self) -> str | None:
        """The name without ``#``, or None where the channel is given by id."""
        return self.channel[1:] if self.channel.startswith("#") else None

    def __str__(self) -> str:
        inside = f"{self.installation}/" if self.installation else ""
        return f"{self.platform}:{inside}{self.channel}"
