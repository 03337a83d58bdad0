"""A form of the app in a dialog, with what is wrong beside the field that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import events, ui

from chatdesk_playground.page.model import (
    Answers,
    Field,
    FieldKind,
    Form,
    NotPossible,
    Press,
    Upload,
    Words,
)
from chatdesk_playground.page.side import Side

_Input = ui.input | ui.textarea | ui.select


class FormDialog:
    """Shows the form that is on somebody's screen, and goes when it has gone."""

    def __init__(self, side: Side, person: Callable[[], str]) -> None:
        self._side = side
        self._person = person
        self._shown: Form | None = None
        self._inputs: dict[str, _Input] = {}
        self._uploads: dict[str, list[Upload]] = {}

    def build(self) -> None:
        self._dialog = ui.dialog().props('persistent aria-label="A form of the app"')
        with self._dialog:
            self._card = ui.card().classes(f"form {self._side.look}")

    def refresh(self) -> None:
        form = self._side.sight.form(self._person())
        if form == self._shown:
            return
        same = form is not None and self._shown is not None and form.key == self._shown.key
        self._shown = form
        if form is None:
            self._dialog.close()
            return
        self._fill(form, {name: _value(one) for name, one in self._inputs.items()} if same else {})
        self._dialog.open()

    def _fill(self, form: Form, before: dict[str, str | list[str]]) -> None:
        self._card.clear()
        self._inputs.clear()
        self._uploads.clear()
        with self._card:
            ui.label(form.title).classes("form-title").props('role="heading" aria-level="2"')
            for item in form.items:
                self._item(item)
            with ui.row().classes("form-buttons"):
                ui.button("Cancel", on_click=self._close).props("flat dense no-caps")
                if form.submit:
                    ui.button(form.submit, on_click=self._submit).props("unelevated dense no-caps").classes(
                        "send"
                    )
        for name, value in before.items():
            if name in self._inputs and value:
                _refill(self._inputs[name], value)

    def _item(self, item: Field | Words | Press) -> None:
        match item:
            case Words():
                ui.html(item.body, sanitize=False).classes("body")
            case Press():
                ui.button(item.label, on_click=partial(self._act, item.name, "")).props("outline dense")
            case Field():
                self._inputs_of(item)
                if item.hint:
                    ui.label(item.hint).classes("small")

    def _inputs_of(self, field: Field) -> None:
        label = field.label if field.required else f"{field.label} (optional)"
        options = {one.value: one.label for one in field.options}
        match field.kind:
            case FieldKind.FILES:
                ui.label(label)
                ui.upload(multiple=True, auto_upload=True, on_upload=partial(self._uploaded, field.name))
                return
            case FieldKind.LONG:
                made: _Input = ui.textarea(label, placeholder=field.placeholder, value=field.value)
            case FieldKind.CHOICE:
                made = ui.select(options, label=label, value=_known(field.value, options), clearable=True)
            case FieldKind.CHOICES:
                chosen = [one for one in field.values if one in options]
                made = ui.select(options, label=label, value=chosen, multiple=True)
            case FieldKind.LOOKUP:
                select = ui.select(options, label=label, value=_known(field.value, options), with_input=True)
                select.on("input-value", partial(self._look_up, field, select))
                made = select
            case FieldKind.DATE:
                made = ui.input(label, value=field.value).props("type=date stack-label")
            case _:
                made = ui.input(label, placeholder=field.placeholder, value=field.value)
        made.props("outlined dense").classes("w-full")
        if field.acts:
            made.on_value_change(partial(self._changed, field.name))
        self._inputs[field.name] = made

    async def _uploaded(self, name: str, event: events.UploadEventArguments) -> None:
        self._uploads.setdefault(name, []).append(Upload(event.file.name, await event.file.read()))

    async def _look_up(self, field: Field, select: ui.select, event: events.GenericEventArguments) -> None:
        typed = str(event.args or "")
        try:
            found = await self._side.hands.look_up(self._person(), field.name, typed)
        except NotPossible as refused:
            ui.notify(str(refused), type="negative")
            return
        select.set_options({one.value: one.label for one in found}, value=select.value)

    async def _changed(self, name: str, event: events.ValueChangeEventArguments[object]) -> None:
        await self._act(name, str(event.value or ""))

    async def _act(self, name: str, value: str) -> None:
        try:
            await self._side.hands.change(self._person(), name, value)
        except NotPossible as refused:
            ui.notify(str(refused), type="negative", multi_line=True)

    async def _submit(self) -> None:
        answers: dict[str, str | Sequence[str] | Sequence[Upload]] = {}
        for name, made in self._inputs.items():
            made.error = None
            value = _value(made)
            if value or self._held(name):
                answers[name] = value
        answers |= self._uploads
        await self._send(answers)

    async def _send(self, answers: Answers) -> None:
        try:
            wrong = await self._side.hands.submit(self._person(), answers)
        except NotPossible as refused:
            ui.notify(str(refused), type="negative", multi_line=True)
            return
        for name, words in wrong.items():
            if name in self._inputs:
                self._inputs[name].error = words
            else:
                ui.notify(f"{name}: {words}", type="negative")

    def _held(self, name: str) -> bool:
        """Whether something stood in a field that is now to be empty."""
        items = self._shown.items if self._shown else ()
        return any(isinstance(one, Field) and one.name == name and one.value for one in items)

    async def _close(self) -> None:
        try:
            await self._side.hands.close_form(self._person())
        except NotPossible:
            self._dialog.close()


def _refill(made: _Input, value: str | list[str]) -> None:
    match made:
        case ui.select():
            made.set_value(value)
        case ui.input() | ui.textarea():
            made.set_value(str(value))


def _known(value: str, options: dict[str, str]) -> str | None:
    return value if value in options else None


def _value(made: _Input) -> str | list[str]:
    value = made.value
    return [str(one) for one in value] if isinstance(value, list) else str(value or "")
