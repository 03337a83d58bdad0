"""Modals. Discord closes one whatever the answer, so errors come with a button that opens it again."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import ui

from adapters.discord.parse_interactions import FIELDS_IN_A_MODAL, form_custom_id, reopen_custom_id
from adapters.discord.text import escape, from_commonmark
from chatdesk.contract.views import ChoiceField, Field, Form, PersonField, TextField

LONGEST_TITLE = 45
LONGEST_LABEL = 45
LONGEST_PLACEHOLDER = 100
LONGEST_OPTION = 100
MOST_OPTIONS = 25
_LONGEST_NOTE = 2000


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def modal(form: Form) -> ui.Modal:
    """The form as a modal.

    It is finished before it is sent: discord.py then keeps nothing of it, and a submission is understood
    by its ``custom_id`` alone, also after a restart.
    """
    shown = ui.Modal(title=cut(form.title, LONGEST_TITLE), custom_id=form_custom_id(form.id))
    fields = [field for field in form.fields if not _is_empty_choice(field)][:FIELDS_IN_A_MODAL]
    if form.note and len(fields) < FIELDS_IN_A_MODAL:
        shown.add_item(ui.TextDisplay(cut(from_commonmark(form.note), _LONGEST_NOTE)))
    for field in fields:
        shown.add_item(ui.Label(text=cut(field.label, LONGEST_LABEL), component=_component(field)))
    shown.stop()
    return shown


def _is_empty_choice(field: Field) -> bool:
    """Discord refuses a menu without options."""
    return isinstance(field, ChoiceField) and not field.options


def _component(field: Field) -> ui.Item[ui.Modal]:
    match field:
        case TextField():
            return ui.TextInput(
                custom_id=field.name,
                style=discord.TextStyle.paragraph if field.multiline else discord.TextStyle.short,
                default=field.value[: field.max_length] or None,
                placeholder=cut(field.placeholder, LONGEST_PLACEHOLDER) or None,
                required=field.required,
                max_length=field.max_length,
            )
        case ChoiceField():
            return ui.Select(
                custom_id=field.name,
                required=field.required,
                min_values=1 if field.required else 0,
                options=[
                    discord.SelectOption(
                        label=cut(option.label, LONGEST_OPTION),
                        value=option.value,
                        default=option.value == field.value,
                    )
                    for option in field.options[:MOST_OPTIONS]
                ],
            )
        case PersonField():
            return ui.UserSelect(
                custom_id=field.name, required=field.required, min_values=1 if field.required else 0
            )


def errors_text(text: str, fields: Mapping[str, str]) -> str:
    """What is wrong, as Discord text: the sentence and a line for each field."""
    lines = [
        f"• **{escape(name.replace('_', ' ').capitalize())}**: {from_commonmark(error)}"
        for name, error in fields.items()
    ]
    return "\n".join([from_commonmark(text), *lines])


def reopening(form: str) -> ui.View:
    """A button that opens the form as it was last filled in."""
    view = ui.View(timeout=None)
    view.add_item(
        ui.Button(
            label="Open the form again",
            style=discord.ButtonStyle.primary,
            custom_id=reopen_custom_id(form),
        )
    )
    view.stop()
    return view
