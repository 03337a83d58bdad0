"""What an agent's first words say about who is to read a message.

A note must never reach a customer because of a capital letter, a space or another lock, so everything that
looks like a marker without being one exactly is a near miss, which the author is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Marker(StrEnum):
    NONE = "none"
    NOTE = "note"
    REPLY = "reply"
    NEAR_MISS = "near_miss"


@dataclass(frozen=True, slots=True)
class Marked:
    """A message without its marker."""

    marker: Marker
    body: str


_NOTE = re.compile(r"(?:🔒\ufe0f?|note:)\s*", re.IGNORECASE)
_REPLY = re.compile(r"reply:\s*", re.IGNORECASE)
_DECORATION = re.compile(r"^[\s>*_~`#\-+|\\/!.,;:()\[\]{}<>\"'“”„‚‘’«»=@&]+")
_FIRST_WORD = re.compile(r"^(\w{3,12})")
_LOCKS = ("🔒", "🔓", "🔏", "🔐", "🔑", "🗝", "🤫", "㊙")
_LOCK_NAMES = (":lock", ":unlock", ":closed_lock", ":shushing", ":secret", ":key")
_NOTE_WORDS = frozenset({"note", "notes", "internal", "private", "intern", "interne", "secret", "staff"})
_REPLY_WORDS = frozenset({"reply", "replies"})


def read_marker(body: str) -> Marked:
    """Tell an exact marker (``note:`` and ``reply:`` in any case, 🔒) from a near miss and from neither."""
    text = body.lstrip()
    if match := _NOTE.match(text):
        return Marked(Marker.NOTE, text[match.end() :])
    if match := _REPLY.match(text):
        return Marked(Marker.REPLY, text[match.end() :])
    return Marked(Marker.NEAR_MISS if _looks_marked(text) else Marker.NONE, body)


def _looks_marked(text: str) -> bool:
    plain = _plain(text)
    bare = _DECORATION.sub("", plain)
    if bare.startswith(_LOCKS) or plain.lstrip().startswith(_LOCK_NAMES):
        return True
    match = _FIRST_WORD.match(bare)
    if match is None:
        return False
    word, rest = match.group(1), bare[match.end() :]
    if word in _NOTE_WORDS:
        return True
    followed = rest.lstrip(" *_~`")[:1] in (":", ";", "-", "–", "—", "=", ">", "|")
    return followed and (word in _REPLY_WORDS or _is_near(word, "note") or _is_near(word, "reply"))


def _plain(text: str) -> str:
    """Without invisible characters, accents, full-width forms and look-alike Cyrillic or Greek letters."""
    folded = unicodedata.normalize("NFKD", text[:80]).casefold()
    visible = (character for character in folded if unicodedata.category(character) not in ("Cf", "Mn", "Cc"))
    return "".join(_LOOKALIKES.get(character, character) for character in visible)


_LOOKALIKES = dict(zip("оеітпһаорсνοετɴ", "oeitnhaopcvoetn", strict=True))


def _is_near(word: str, wanted: str) -> bool:
    """At most one letter wrong, missing, added or two neighbours swapped."""
    if word == wanted:
        return True
    if abs(len(word) - len(wanted)) > 1:
        return False
    if len(word) == len(wanted):
        wrong = [place for place in range(len(word)) if word[place] != wanted[place]]
        if len(wrong) == 1:
            return True
        if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
            return False
        first, second = wrong
        return word[first] == wanted[second] and word[second] == wanted[first]
    longer, shorter = (word, wanted) if len(word) > len(wanted) else (wanted, word)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


_THANKS = re.compile(
    r"""
    (?:(?:ok(?:ay)?|great|perfect|super|cool|awesome|nice|wonderful|brilliant)\W*)?
    (?:(?:many\ |thousand\ )?thank(?:s|\ ?you|s?\ ?u)?
       (?:\ (?:so|very)\ much|\ a\ lot|\ a\ million|\ again|\ all|\ everyone)?
      |thx|ty|tysm|tyvm|cheers|danke(?:\ schon|\ sehr)?|merci(?:\ beaucoup)?|gracias|grazie|obrigad[oa]
      |much\ appreciated|appreciated)
    (?:\W+(?:(?:it|that|this|everything|all)\ (?:works?|worked)(?:\ (?:now|again|fine))*
      |works?(?:\ now)?|solved|great|perfect|team|guys|folks|all|so\ much|a\ lot|again|bye
      |for\ (?:your|the)\ (?:quick\ )?help|for\ helping))*
    """,
    re.VERBOSE,
)


def is_thanks(body: str) -> bool:
    """Nothing but thanks, which does not reopen a ticket."""
    text = _plain(body)
    letters = re.sub(r"[^\w\s]|_", " ", re.sub(r":[a-z0-9_+\-]+:", " ", text))
    words = " ".join(letters.split())
    if not words:
        return bool(text.strip())
    return len(words) <= 80 and _THANKS.fullmatch(words) is not None
