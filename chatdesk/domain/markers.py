"""What an agent's first words say about who is to read a message.

A note must never reach a customer because of a capital letter, a space or another lock, so everything that
looks like a marker without being one exactly is a near miss, which the author is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA


class Marker(StrEnum):
    NONE = "none"
    NOTE = "note"
    REPLY = "reply"
    NEAR_MISS = "near_miss"
    """Nearly a note: it must not go out before its author was asked."""
    NEAR_REPLY = "near_reply"
    """Nearly a reply: where posts stay inside, its author may wait for an answer in vain."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A message without its marker."""

    marker: Marker
    body: str


_NOTE = re.compile(r"(?:🔒\ufe0f?|note:)\s*", re.IGNORECASE)
_REPLY = re.compile(r"reply:\s*", re.IGNORECASE)
_ADDRESSED = re.compile(r"(?:\s*(?:@?\[[^\]]*\]\((?:person|place):[^)]*\)|@\w[\w.-]*)[\s,;:.–—-]*)*")
_DECORATION = re.compile(r"(?:[\W_]|\d{1,3}[.)]|(?<=&)(?:gt|lt|amp|nbsp);)*")
_LOCK_NAME = re.compile(r"[\W_]*:(?:(?:un|closed_)?lock\w*|shushing_face|secret|(?:old_)?key):")
_FIRST_WORD = re.compile(r"[^\W\d_]{3,14}")
_LOCKS = frozenset("🔒🔓🔏🔐🔑🗝🤫㊙")
_NOTE_WORDS = frozenset(
    {"note", "notes", "internal", "internally", "private", "intern", "interne", "secret", "staff", "notiz"}
)
_REPLY_WORDS = frozenset({"reply", "replies"})
_PUT_AFTER = frozenset(":;-–—=>|")


def read_marker(body: str) -> Marked:
    """Tell an exact marker (``note:`` and ``reply:`` in any case, 🔒) from a near miss and from neither."""
    text = body.lstrip()
    if match := _NOTE.match(text):
        return Marked(Marker.NOTE, text[match.end() :])
    if match := _REPLY.match(text):
        return Marked(Marker.REPLY, text[match.end() :])
    return Marked(_near(text), body)


def _near(text: str) -> Marker:
    """What the message nearly begins with, behind whom it is addressed to and behind list or quote marks."""
    start = _end_of(_ADDRESSED, text, 0)
    words_begin = _end_of(_DECORATION, text, start)
    if not _LOCKS.isdisjoint(text[start:words_begin]) or _LOCK_NAME.match(text, start):
        return Marker.NEAR_MISS
    words = _plain(text[words_begin : words_begin + 80])
    match = _FIRST_WORD.match(words)
    if match is None:
        return Marker.NONE
    word, rest = match.group(), words[match.end() :].lstrip(" *_~`\"'”“’)]}»")
    if word in _NOTE_WORDS:
        return Marker.NEAR_MISS
    if rest[:1] not in _PUT_AFTER:
        return Marker.NONE
    if _is_near(word, "note"):
        return Marker.NEAR_MISS
    return Marker.NEAR_REPLY if word in _REPLY_WORDS or _is_near(word, "reply") else Marker.NONE


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _plain(text: str) -> str:
    """Without invisible characters, accents, full-width forms and look-alike Cyrillic or Greek letters."""
    folded = unicodedata.normalize("NFKD", " ".join(text.split())).casefold()
    visible = (character for character in folded if unicodedata.category(character) not in ("Cf", "Mn", "Cc"))
    return "".join(_LOOKALIKES.get(character, character) for character in visible)


_LOOKALIKES = dict(zip("оеітпһаорсνοετɴ", "oeitnhaopcvoetn", strict=True))


def _is_near(word: str, wanted: str) -> bool:
    """One letter wrong, missing, added or two neighbours swapped; or its letters in another order."""
    if OSA.distance(word, wanted, score_cutoff=1) <= 1:
        return True
    same_letters = set(word) <= set(wanted) and abs(len(word) - len(wanted)) <= 1
    return same_letters and word[0] == wanted[0]


_THANKS = re.compile(
    r"""
    (?:(?:ok(?:ay)?|great|perfect|super|cool|awesome|nice|wonderful|brilliant)\ )?
    (?:(?:all\ good|(?:(?:it|that|this|everything|all)\ )?(?:works?|worked)|solved|fixed|that\ did\ it)
       (?:\ (?:now|again|fine|great|perfectly))*\ )?
    (?:(?:many\ |thousand\ )?thank(?:s|\ ?you|s?\ ?u)?
       (?:\ (?:so|very)\ much|\ a\ lot|\ a\ million|\ again|\ all|\ everyone)?
      |thx|ty|tysm|tyvm|cheers|danke(?:\ schon|\ sehr)?|merci(?:\ beaucoup)?|gracias|grazie|obrigad[oa]
      |much\ appreciated|appreciated)
    (?:\ (?:(?:it|that|this|everything|all)\ (?:works?|worked)(?:\ (?:now|again|fine))*
      |works?(?:\ now)?|solved|great|perfect|team|guys|folks|all|so\ much|a\ lot|again|bye
      |for\ (?:your|the)\ (?:quick\ )?help|for\ helping))*
    """,
    re.VERBOSE,
)
_EMOJI_NAME = re.compile(r":([a-z0-9_+\-]+):")
_GRATEFUL = frozenset("👍🙏❤♥💯🎉✅👌😊🙂😀😃😄😁🥳🤝💪👏🙌🫶😍🥰⭐🌟")
_GRATEFUL_NAMES = frozenset(
    {"+1", "thumbsup", "pray", "heart", "100", "tada", "ok_hand", "slightly_smiling_face", "smile", "clap"}
    | {"white_check_mark", "raised_hands", "heart_eyes", "muscle", "handshake", "smiley", "grinning", "star"}
)
_UNHAPPY = frozenset("👎😡🤬😠😢😞😭🙄😕☹😤")
_SKIN_TONES = frozenset("🏻🏼🏽🏾🏿")


def is_thanks(body: str) -> bool:
    """Nothing but thanks, in words or as emoji, which does not reopen a ticket."""
    text = _plain(body)
    names = _EMOJI_NAME.findall(text)
    rest = _EMOJI_NAME.sub(" ", text)
    if "?" in rest or not _UNHAPPY.isdisjoint(rest) or any(name not in _GRATEFUL_NAMES for name in names):
        return False
    words = " ".join(re.sub(r"[^\w\s]|_", " ", rest).split())
    if words:
        return len(words) <= 80 and _THANKS.fullmatch(words) is not None
    signs = {sign for sign in rest if unicodedata.category(sign) == "So"} - _SKIN_TONES
    return bool(signs or names) and signs <= _GRATEFUL
