"""``/desk link``: one person, two accounts, proved by a one-time code sent to the other one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta

from chatdesk.contract import sentences
from chatdesk.contract.ports import Accepted, Answer
from chatdesk.contract.sentences import Markup
from chatdesk.desk.act import Act, refuse
from chatdesk.store import people
from chatdesk.store.people import LinkCode

VALID = timedelta(minutes=10)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def link(act: Act, arguments: Mapping[str, str]) -> Answer:
    """Without a code: give one out. With one: the two accounts are one person from now on."""
    typed = arguments.get("code", "").strip().upper().replace("-", "")
    return _use(act, typed) if typed else _give(act)


def _give(act: Act) -> Answer:
    if act.identity is None:
        raise ValueError("only people have accounts")
    code = "".join(secrets.choice(_LETTERS) for _ in range(10))
    people.add_link_code(act.tx, LinkCode(_digest(code), act.person, act.identity, act.now + VALID))
    return Accepted(sentences.LINK_CODE.say(code=Markup(f"{code[:5]}-{code[5:]}")))


def _use(act: Act, code: str) -> Answer:
    found = people.take_link_code(act.tx, _digest(code), act.now)
    if found is None:
        raise refuse(sentences.BAD_CODE.say())
    if found.identity == act.identity or found.person == act.person:
        raise refuse(sentences.CODE_SAME_ACCOUNT.say())
    people.become_one(act.tx, found.person, act.person)
    return Accepted(sentences.LINKED.say())


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
