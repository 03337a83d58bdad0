"""What is said of how a ticket was solved: words for everybody, a code for the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chatdesk.contract import sentences
from chatdesk.contract.actions import FormKind, OpenForm
from chatdesk.contract.ports import Refused
from chatdesk.contract.sentences import literal
from chatdesk.contract.views import Button, Style
from chatdesk.desk import speaking, standing
from chatdesk.desk.act import Act, FormWanted
from chatdesk.desk.refusing import unknown
from chatdesk.domain.follow_up import FollowUp, read_follow_up
from chatdesk.domain.local_time import zone_of
from chatdesk.domain.organisation import Organisation
from chatdesk.domain.resolution import ResolutionCode, code_named, split_code
from chatdesk.domain.text import is_blank
from chatdesk.domain.ticket import Ticket

Arguments = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Resolution:
    """``code`` is the key of one of the desk's codes."""

    text: str | None
    code: str | None
    follow_up: FollowUp | None = None


def given(act: Act, ticket: Ticket, arguments: Arguments, form: FormKind) -> Resolution:
    """What somebody said. Raises FormWanted where something is missing that agents must say."""
    resolution = said(act, ticket, arguments)
    if standing.speaks_for_desk(act.tx, act.person, ticket):
        _require(act, ticket, resolution, form)
    return resolution


def said(act: Act, ticket: Ticket, arguments: Arguments) -> Resolution:
    """What somebody said of how a ticket was solved; agents and rules may put a code before their words.

    Raises Refusal for an unknown code, and for words of agents that look like an internal note.
    """
    text = arguments.get("text", "").strip()
    code = _code(act, arguments.get("code", "").strip())
    if act.rule is not None or standing.speaks_for_desk(act.tx, act.person, ticket):
        speaking.refuse_note_like(ticket, text)
        if code is None:
            code, text = split_code(act.tx.organisation.resolution_codes, text)
            speaking.refuse_note_like(ticket, text)
    words = None if is_blank(text) else text
    return Resolution(words, code.key if code else None, _follow_up(act, arguments.get("follow_up", "")))


def _follow_up(act: Act, typed: str) -> FollowUp | None:
    if is_blank(typed):
        return None
    return read_follow_up(typed, act.now, zone_of(act.tx.organisation))


def _code(act: Act, typed: str) -> ResolutionCode | None:
    codes = act.tx.organisation.resolution_codes
    code = code_named(codes, typed) if typed else None
    if typed and code is None:
        raise unknown("code", typed, [one.name for one in codes], "/ticket resolve #7 fixed: a new toner")
    return code


def _require(act: Act, ticket: Ticket, resolution: Resolution, form: FormKind) -> None:
    known = {"text": resolution.text, "code": resolution.code}
    missing = [name for name in act.tx.organisation.resolution_required if not known[name]]
    if not missing:
        return
    names = " and ".join(_NAMES[name] for name in missing)
    refused = Refused(
        sentences.RESOLUTION_MISSING.say(number=ticket.number, missing=names),
        controls=(Button("Fill it in", OpenForm(form, ticket.number), Style.PRIMARY),),
    )
    raise FormWanted(refused, form, ticket.number, {name: value for name, value in known.items() if value})


_NAMES = {"text": "what was done", "code": "how it was solved"}


def with_follow_up(ticket: Ticket, given: FollowUp | None) -> Ticket:
    """The ticket with what is still to be done; what was said before stays if nothing new was."""
    return ticket if given is None else replace(ticket, follow_up=given.text, follow_up_at=given.at)


def in_words(organisation: Organisation, text: str | None, code: str | None) -> str | None:
    """A resolution as staff read it, in CommonMark, with the name of its code."""
    name = next((one.name for one in organisation.resolution_codes if one.key == code), code)
    if name is None:
        return text
    return f"**{literal(name)}**: {text.strip()}" if text and text.strip() else f"**{literal(name)}**."
