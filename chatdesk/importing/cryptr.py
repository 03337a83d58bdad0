"""Texts that the library cryptr wrote, as discord-tickets keeps them: salt, nonce, tag and text, in hex."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from chatdesk.importing import aes

KEY_VARIABLE = "CHATDESK_IMPORT_ENCRYPTION_KEY"
ROUNDS = 100_000
SALT, NONCE, TAG = 64, 16, 16


class Locked(Exception):
    """It cannot be read; the message is a clause that says why."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads with the operator's key; without one nothing can be read."""

    key: str | None = field(repr=False)
    rounds: int = ROUNDS

    def read(self, written: str) -> str:
        """Raises Locked."""
        if self.key is None:
            raise Locked(f"it is encrypted, and {KEY_VARIABLE} is not set")
        try:
            raw = bytes.fromhex(written)
        except ValueError:
            raise Locked("it is not as the bot writes encrypted texts") from None
        if len(raw) < SALT + NONCE + TAG:
            raise Locked("its encrypted text is cut off")
        key = hashlib.pbkdf2_hmac("sha512", self.key.encode(), raw[:SALT], self.rounds, 32)
        nonce, rest = raw[SALT : SALT + NONCE], raw[SALT + NONCE :]
        try:
            return aes.decrypt(key, nonce, rest[:TAG], rest[TAG:]).decode("utf-8", "replace")
        except aes.DoesNotFit:
            raise Locked(f"{KEY_VARIABLE} is not the key it was encrypted with") from None
