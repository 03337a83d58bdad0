"""The CDN: attachments under signed addresses that expire, and pictures of users."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from chatdesk_playground.discord.snowflakes import Clock
from chatdesk_playground.discord.state import Attachment

ADDRESS_LIFETIME = timedelta(hours=24)
MAXIMUM_FILE_BYTES = 10 * 1024 * 1024
MAXIMUM_FILES = 10


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in."""

    filename: str
    content: bytes
    content_type: str
    description: str | None = None


class FileStore:
    """Holds the bytes of attachments and signs their addresses, as Discord does since 2023."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(16)
        self.contents: dict[str, bytes] = {}
        self.pictures: dict[str, str] = {}
        self.base = ""

    def keep(self, attachment: Attachment, content: bytes) -> None:
        self.contents[attachment.id] = content

    def address(self, attachment: Attachment) -> str:
        """An absolute address that works for a day from now."""
        path = f"/attachments/{attachment.channel_id}/{attachment.id}/{quote(attachment.filename)}"
        issued = self._clock.now()
        expiry = f"{int((issued + ADDRESS_LIFETIME).timestamp()):x}"
        start = f"{int(issued.timestamp()):x}"
        return f"{self.base}{path}?ex={expiry}&is={start}&hm={self._signature(attachment.id, expiry, start)}"

    def content(self, attachment_id: str, expiry: str, start: str, signature: str) -> bytes | None:
        """The bytes, or None if the address is forged, has expired or names nothing."""
        expected = self._signature(attachment_id, expiry, start)
        if not hmac.compare_digest(expected, signature):
            return None
        if datetime.fromtimestamp(int(expiry, 16), tz=self._clock.now().tzinfo) < self._clock.now():
            return None
        return self.contents.get(attachment_id)

    def remember_picture(self, address: str) -> str:
        """The hash under which a webhook's `avatar_url` is served."""
        digest = hashlib.sha256(address.encode()).hexdigest()[:32]
        self.pictures[digest] = address
        return digest

    def picture_source(self, digest: str) -> str | None:
        """The address that a remembered picture came from."""
        return self.pictures.get(digest)

    def avatar_address(self, owner_id: str, digest: str | None) -> str:
        """Where the picture of a user or webhook is shown from."""
        if digest is None:
            return f"{self.base}/embed/avatars/{(int(owner_id) >> 22) % 6}.png"
        return self.pictures.get(digest) or f"{self.base}/avatars/{owner_id}/{digest}.png"

    def _signature(self, attachment_id: str, expiry: str, start: str) -> str:
        text = f"{attachment_id}.{expiry}.{start}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()


def new_avatar() -> str:
    return secrets.token_hex(16)


def picture(digest: str, side: int = 16) -> bytes:
    """A PNG of one colour, which follows from the hash."""
    colour = hashlib.sha256(digest.encode()).digest()[:3]
    row = b"\x00" + colour * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(row * side)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
