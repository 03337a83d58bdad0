"""The form in which an article is written: five fields, as many as every platform shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdesk.contract.actions import FormKind
from chatdesk.contract.views import ChoiceField, Field, Option, TextField
from chatdesk.desk.act import Act
from chatdesk.domain.article_editing import LONGEST_BODY, LONGEST_KEYWORDS, LONGEST_TITLE
from chatdesk.domain.knowledge import Readers
from chatdesk.domain.text import shortened

TITLES: Mapping[FormKind, tuple[str, str]] = {FormKind.ARTICLE: ("Article", "Save")}

_MOST_OPTIONS = 25


def fields(act: Act, values: Mapping[str, str]) -> Sequence[Field]:
    """What there is of it so far stands in them."""
    readers = (Option("Everybody", Readers.PUBLIC), Option("Staff alone", Readers.INTERNAL))
    categories = _categories(act, values.get("category", ""))
    category = ChoiceField("category", "Category", categories, values.get("category", ""), required=False)
    return [
        TextField("title", "Title", values.get("title", ""), max_length=LONGEST_TITLE),
        TextField("text", "Text", values.get("text", ""), multiline=True, max_length=LONGEST_BODY),
        TextField(
            "keywords",
            "Keywords",
            values.get("keywords", ""),
            required=False,
            max_length=LONGEST_KEYWORDS,
            placeholder="vpn, token, locked",
        ),
        *((category,) if categories else ()),
        ChoiceField("readers", "Who finds it?", readers, values.get("readers", Readers.PUBLIC)),
    ]


def _categories(act: Act, chosen: str) -> tuple[Option, ...]:
    """As many as there is room for, the chosen one among them."""
    known = act.tx.organisation.categories
    first = [one for one in known if one.key == chosen]
    others = [one for one in known if one.key != chosen]
    return tuple(Option(shortened(one.label, 75), one.key) for one in (*first, *others)[:_MOST_OPTIONS])
