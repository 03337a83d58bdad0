"""Texts that the library cryptr wrote, as discord-tickets keeps them: salt, nonce, tag and text, in hex."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.util import find_spec

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
    _made: dict[bytes, bytes] = field(default_factory=dict, repr=False)
    """Keys by their salts, of what was prepared last."""

    def prepare(self, written: Sequence[str]) -> None:
        """Make the keys of many texts at once: each takes long, and is made without holding up the others."""
        self._made.clear()
        if self.key is not None:
            salts = {raw[:SALT] for raw in map(_raw, written) if raw is not None}
            with ThreadPoolExecutor() as pool:
                self._made.update(zip(salts, pool.map(self._key, salts), strict=True))

    def _key(self, salt: bytes) -> bytes:
        return self._made.get(salt) or hashlib.pbkdf2_hmac(
            "sha512", (self.key or "").encode(), salt, self.rounds, 32
        )

    def read(self, written: str) -> str:
        """Raises Locked."""
        if self.key is None:
            raise Locked(f"it is encrypted, and {KEY_VARIABLE} is not set")
        raw = _raw(written)
        if raw is None:
            raise Locked("it is not as the bot writes encrypted texts")
        if len(raw) < SALT + NONCE + TAG:
            raise Locked("its encrypted text is cut off")
        if find_spec("cryptography") is None:
            raise Locked('it is encrypted, and reading it needs: pip install "chatdesk[import]"')
        return _opened(self._key(raw[:SALT]), raw)


def _opened(key: bytes, raw: bytes) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, rest = raw[SALT : SALT + NONCE], raw[SALT + NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, rest[TAG:] + rest[:TAG], None).decode("utf-8", "replace")
    except InvalidTag:
        raise Locked(f"{KEY_VARIABLE} is not the key it was encrypted with") from None


def _raw(written: str) -> bytes | None:
    try:
        return bytes.fromhex(written)
    except ValueError:
        return None
