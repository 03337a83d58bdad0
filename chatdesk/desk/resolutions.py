"""What is said of how a ticket was solved: words for everybody, a code for the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chatdesk.contract import sentences
from chatdesk.contract.actions import FormKind, OpenForm
from chatdesk.contract.ports import Refused
from chatdesk.contract.sentences import literal
from chatdesk.contract.views import Button, Style
from chatdesk.desk import speaking, standing
from chatdesk.desk.act import Act, FormWanted
from chatdesk.desk.refusing import unknown
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.resolution import code_named, split_code
from chatdesk.domain.ticket import Ticket

Arguments = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Resolution:
    """``code`` is the key of one of the desk's codes."""

    text: str | None
    code: str | None
    follow_up: str | None = None


def given(act: Act, ticket: Ticket, arguments: Arguments, form: FormKind) -> Resolution:
    """What somebody said. Raises FormWanted where something is missing that agents must say."""
    codes = act.tx.organisation.resolution_codes
    text = arguments.get("text", "").strip()
    if typed := arguments.get("code", "").strip():
        code = code_named(codes, typed)
        if code is None:
            raise unknown("code", typed, [one.name for one in codes], "/ticket resolve #7 fixed: a new toner")
    else:
        code, text = split_code(codes, text)
    if standing.speaks_for_desk(act.tx, act.person, ticket):
        speaking.refuse_note_like(ticket, text)
        said = {"text": text, "code": code.key if code else ""}
        _require(act, ticket, said, form)
    return Resolution(text or None, code.key if code else None, arguments.get("follow_up") or None)


def _require(act: Act, ticket: Ticket, said: Mapping[str, str], form: FormKind) -> None:
    missing = [name for name in act.tx.organisation.resolution_required if not said[name]]
    if not missing:
        return
    names = " and ".join(_NAMES[name] for name in missing)
    refused = Refused(
        sentences.RESOLUTION_MISSING.say(number=ticket.number, missing=names),
        controls=(Button("Fill it in", OpenForm(form, ticket.number), Style.PRIMARY),),
    )
    raise FormWanted(refused, form, ticket.number, {name: value for name, value in said.items() if value})


_NAMES = {"text": "what was done", "code": "how it was solved"}


def in_words(organisation: Organisation, text: str | None, code: str | None) -> str | None:
    """A resolution as staff read it, in CommonMark, with the name of its code."""
    name = next((one.name for one in organisation.resolution_codes if one.key == code), code)
    if name is None:
        return text
    return f"**{literal(name)}**: {text.strip()}" if text and text.strip() else f"**{literal(name)}**."
