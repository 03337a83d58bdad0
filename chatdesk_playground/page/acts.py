"""What somebody did to a button or menu inside written HTML: one listener for all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui.element import Element
from nicegui.events import GenericEventArguments

_CLICKED = """(event) => {
  const control = event.target.closest('[data-act]');
  if (!control || control.tagName === 'SELECT') return;
  const message = control.closest('[data-message]');
  emit({act: control.dataset.act, name: control.dataset.name || '', value: '',
        message: message ? message.dataset.message : ''});
}"""
_CHOSEN = """(event) => {
  const control = event.target.closest('select[data-act]');
  if (!control) return;
  const message = control.closest('[data-message]');
  emit({act: control.dataset.act, name: control.dataset.name || '', value: control.value,
        message: message ? message.dataset.message : ''});
  if ('once' in control.dataset) control.selectedIndex = 0;
}"""


@dataclass(frozen=True, slots=True)
class Did:
    """``message`` is the key of the message in which it stands; ``value`` what was chosen in a menu."""

    act: str
    name: str
    value: str
    message: str


def listen(element: Element, hear: Callable[[Did], Awaitable[None]]) -> None:
    """Hear of every control inside the element."""

    async def heard(event: GenericEventArguments) -> None:
        told = event.args
        await hear(Did(*(str(told.get(key, "")) for key in ("act", "name", "value", "message"))))

    element.on("click", heard, js_handler=_CLICKED)
    element.on("change", heard, js_handler=_CHOSEN)
