"""The forms that bring tickets together and take them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdesk.contract.actions import FormKind
from chatdesk.contract.inbound import FormOpened
from chatdesk.contract.views import ChoiceField, Field, Option, TextField
from chatdesk.domain.relations import TYPED
from chatdesk.domain.text import headline

TITLES = {
    FormKind.MERGE: ("Merge", "Merge"),
    FormKind.SPLIT: ("Split", "Make a ticket"),
    FormKind.RELATE: ("Link", "Link"),
}

NAMES: Mapping[FormKind, tuple[str, ...]] = {
    FormKind.MERGE: ("into",),
    FormKind.SPLIT: ("title",),
    FormKind.RELATE: ("other", "kind"),
}

_LONGEST_NUMBER = 12


def fields(event: FormOpened, values: Mapping[str, str]) -> Sequence[Field]:
    """What a form of this module asks."""
    match event.kind:
        case FormKind.MERGE:
            return [_number("into", "Into which ticket?", values)]
        case FormKind.SPLIT:
            body = event.source.body if event.source else ""
            title = values.get("title", headline(body))
            return [TextField("title", "Title of the new ticket", title, required=False, max_length=150)]
    options = tuple(Option(word.capitalize(), word) for word in TYPED)
    kind = ChoiceField("kind", "What is it to that ticket?", options, values.get("kind", "relates"))
    return [_number("other", "Which ticket?", values), kind]


def _number(name: str, label: str, values: Mapping[str, str]) -> TextField:
    return TextField(name, label, values.get(name, ""), max_length=_LONGEST_NUMBER, placeholder="#1042")
