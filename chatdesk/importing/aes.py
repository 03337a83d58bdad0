"""AES in Galois/Counter Mode, for reading only (FIPS 197, NIST SP 800-38D).

Python brings none, and what is read with it is little: the texts of one other bot's database, once.
Nothing of ours is ever kept secret by it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

BLOCK = 16
_REDUCTION = 0xE1 << 120


class DoesNotFit(ValueError):
    """The text was not written with this key, or was changed since."""


def decrypt(key: bytes, nonce: bytes, tag: bytes, text: bytes) -> bytes:
    """What was written with the key. Raises DoesNotFit."""
    rounds = _expanded(key)
    subkey = int.from_bytes(_encrypted(rounds, bytes(BLOCK)), "big")
    start = _first_counter(subkey, nonce)
    seen = _hash(subkey, text, 8 * len(text)) ^ int.from_bytes(_encrypted(rounds, start), "big")
    if not hmac.compare_digest(seen.to_bytes(BLOCK, "big"), tag):
        raise DoesNotFit
    return _counted(rounds, start, text)


def _counted(rounds: Sequence[bytes], start: bytes, text: bytes) -> bytes:
    """Counter mode, which is the same in both directions."""
    first, written = int.from_bytes(start[12:], "big"), bytearray()
    for number, offset in enumerate(range(0, len(text), BLOCK), 1):
        counter = start[:12] + ((first + number) & 0xFFFFFFFF).to_bytes(4, "big")
        stream = _encrypted(rounds, counter)
        written += bytes(
            one ^ other for one, other in zip(text[offset : offset + BLOCK], stream, strict=False)
        )
    return bytes(written)


def _first_counter(subkey: int, nonce: bytes) -> bytes:
    if len(nonce) == 12:
        return nonce + b"\x00\x00\x00\x01"
    return _hash(subkey, nonce, 8 * len(nonce)).to_bytes(BLOCK, "big")


def _hash(subkey: int, data: bytes, length: int) -> int:
    """GHASH of the data and of its length, without anything else that is authenticated."""
    found = 0
    for offset in range(0, len(data), BLOCK):
        block = data[offset : offset + BLOCK].ljust(BLOCK, b"\x00")
        found = _times(found ^ int.from_bytes(block, "big"), subkey)
    return _times(found ^ length, subkey)


def _times(one: int, other: int) -> int:
    """The product in the field of 2^128 elements."""
    product = 0
    for bit in range(127, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = other >> 1 ^ _REDUCTION if other & 1 else other >> 1
    return product


def _doubled(value: int) -> int:
    return (value << 1 ^ 0x1B) & 0xFF if value & 0x80 else value << 1


def _substitutes() -> bytes:
    """The S-box: the inverse of each byte in the field of 256 elements, then an affine map."""
    powers = [1]
    for _ in range(254):
        powers.append(powers[-1] ^ _doubled(powers[-1]))
    logarithms = {power: index for index, power in enumerate(powers)}
    box = bytearray(256)
    for value in range(256):
        inverse = powers[-logarithms[value] % 255] if value else 0
        found = 0x63
        for shift in range(5):
            found ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        box[value] = found
    return bytes(box)


_BOX = _substitutes()
_DOUBLE = bytes(_doubled(value) for value in range(256))
_SHIFT = tuple((index + 4 * (index % 4)) % 16 for index in range(16))


def _expanded(key: bytes) -> Sequence[bytes]:
    """The key of every round."""
    words = [key[index : index + 4] for index in range(0, len(key), 4)]
    length, constant = len(words), 1
    for index in range(length, 4 * (length + 7)):
        last = words[-1]
        if index % length == 0:
            last = bytes(_BOX[one] for one in last[1:] + last[:1])
            last = bytes([last[0] ^ constant]) + last[1:]
            constant = _doubled(constant)
        elif length > 6 and index % length == 4:
            last = bytes(_BOX[one] for one in last)
        words.append(bytes(one ^ other for one, other in zip(words[index - length], last, strict=True)))
    return [b"".join(words[index : index + 4]) for index in range(0, len(words), 4)]


def _encrypted(rounds: Sequence[bytes], block: bytes) -> bytes:
    """One block."""
    state = bytes(one ^ other for one, other in zip(block, rounds[0], strict=True))
    for number, key in enumerate(rounds[1:], 1):
        moved = [_BOX[state[index]] for index in _SHIFT]
        if number < len(rounds) - 1:
            moved = _mixed(moved)
        state = bytes(one ^ other for one, other in zip(moved, key, strict=True))
    return state


def _mixed(state: Sequence[int]) -> list[int]:
    found: list[int] = []
    for column in range(0, 16, 4):
        a, b, c, d = state[column : column + 4]
        every = a ^ b ^ c ^ d
        found += [
            a ^ every ^ _DOUBLE[a ^ b],
            b ^ every ^ _DOUBLE[b ^ c],
            c ^ every ^ _DOUBLE[c ^ d],
            d ^ every ^ _DOUBLE[d ^ a],
        ]
    return found
