"""Slack's commands, shortcuts, buttons and modals as inbound events. Pure.

An interaction's key is its own id: its trigger, which is new each time that a modal is submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from adapters.slack.forms import FormContext, form_context, form_values
from adapters.slack.ids import identity, where
from adapters.slack.parse import Names, Us
from adapters.slack.text import to_commonmark
from adapters.slack.wire import Json, mapping, text, yes
from chatdesk.contract import actions
from chatdesk.contract.actions import Action, ChooseOption, FormKind, OpenForm, RunVerb
from chatdesk.contract.inbound import (
    ChoiceMade,
    CommandGiven,
    CommandTyped,
    FormChanged,
    FormDismissed,
    FormOpened,
    FormSubmitted,
)
from chatdesk.contract.vocabulary import Actor, Means, SourceMessage, Where

CAPACITY = 40
"""How many fields a modal shows: Slack takes 100 blocks, and a form that long is no form."""

_OPENS_FORM = frozenset({"", "open"})


@dataclass(frozen=True, slots=True)
class Interaction:
    """What every interaction says: who, where, by which key and trigger, and how to answer it."""

    key: str
    actor: Actor
    where: Where | None
    trigger: str
    response_url: str
    at: datetime
    in_ephemeral: bool = False
    in_home: bool = False
    view: Json | None = None
    """The modal that it happened in."""


def command(body: Json, us: Us, at: datetime) -> Interaction:
    """A slash command; its payload names no thread."""
    return Interaction(
        key=f"command:{text(body, 'trigger_id')}",
        actor=Actor(identity(text(body, "user_id")), installation=us.installation),
        where=where(us.installation, text(body, "channel_id"), None),
        trigger=text(body, "trigger_id"),
        response_url=text(body, "response_url"),
        at=at,
    )


def interaction(body: Json, us: Us, at: datetime) -> Interaction:
    """A shortcut or a block action."""
    container = mapping(body, "container")
    view = mapping(body, "view")
    is_modal = text(view, "type") == "modal"
    trigger = text(body, "trigger_id")
    return Interaction(
        key=f"{text(body, 'type')}:{trigger or text(body, 'action_ts')}",
        actor=_actor(body, us),
        where=_place_of(view, us) if is_modal else _where(body, us),
        trigger=trigger,
        response_url=text(body, "response_url"),
        at=at,
        in_ephemeral=yes(container, "is_ephemeral"),
        in_home=text(view, "type") == "home",
        view=view if is_modal else None,
    )


def view_interaction(body: Json, us: Us, at: datetime) -> Interaction:
    """A modal that was submitted or closed."""
    view = mapping(body, "view")
    return Interaction(
        key=f"{text(body, 'type')}:{text(body, 'trigger_id') or _state_of(view)}",
        actor=_actor(body, us),
        where=_place_of(view, us),
        trigger=text(body, "trigger_id"),
        response_url="",
        at=at,
        view=view,
    )


def asks_for_form(words: str) -> bool:
    """Whether ``/ticket`` was typed with no more than ``open``."""
    return words.strip().casefold() in _OPENS_FORM


def command_typed(seen: Interaction, words: str, name: str, names: Names) -> CommandTyped:
    place = seen.where
    assert place is not None, "a slash command always names its channel"
    return CommandTyped(
        key=seen.key,
        actor=seen.actor,
        where=place,
        text=to_commonmark(words, names).strip(),
        means=Means.COMMAND,
        at=seen.at,
        command=name,
    )


def form_opened(
    seen: Interaction,
    kind: FormKind,
    means: Means,
    *,
    ticket: int | None = None,
    source: SourceMessage | None = None,
) -> FormOpened:
    return FormOpened(
        key=seen.key,
        actor=seen.actor,
        where=seen.where,
        kind=kind,
        means=means,
        at=seen.at,
        capacity=CAPACITY,
        ticket=ticket,
        source=source,
        steps=True,
    )


def pressed_action(pressed: Json) -> tuple[Action, str | None] | None:
    """What a button or a menu's option stands for, with the chosen value; None where it is not ours.

    An option whose value is an action of its own stands for that.
    """
    chosen = text(pressed, "selected_option", "value") or None
    if chosen is not None and (own := actions.decode(chosen)) is not None:
        return own, None
    action = actions.decode(text(pressed, "action_id").partition("|")[2])
    return None if action is None else (action, chosen)


def event_of(seen: Interaction, action: Action, chosen: str | None) -> CommandGiven | FormOpened | ChoiceMade:
    """A pressed button or menu as the event that it stands for."""
    match action:
        case OpenForm(kind, ticket):
            return form_opened(seen, kind, Means.BUTTON, ticket=ticket)
        case ChooseOption(choice, option):
            return ChoiceMade(seen.key, seen.actor, seen.where, choice, option, seen.at)
        case RunVerb(verb, ticket, value):
            return CommandGiven(
                key=seen.key,
                actor=seen.actor,
                where=seen.where,
                verb=verb,
                arguments=_arguments(verb, ticket, chosen if chosen is not None else value),
                means=Means.BUTTON,
                at=seen.at,
            )


def form_changed(seen: Interaction) -> FormChanged:
    context, values = _form(seen)
    return FormChanged(seen.key, seen.actor, context.form, values, seen.at, CAPACITY)


def form_submitted(seen: Interaction) -> FormSubmitted:
    context, values = _form(seen)
    return FormSubmitted(seen.key, seen.actor, context.form, values, seen.at)


def form_dismissed(seen: Interaction) -> FormDismissed:
    context, _ = _form(seen)
    return FormDismissed(seen.key, seen.actor, context.form, seen.at)


def _form(seen: Interaction) -> tuple[FormContext, Mapping[str, str]]:
    view = seen.view or {}
    return form_context(view), form_values(view)


def _arguments(verb: str, ticket: int, value: str | None) -> Mapping[str, str]:
    given = {"ticket": str(ticket)}
    return given if value is None else given | {actions.argument_of(verb): value}


def _actor(body: Json, us: Us) -> Actor:
    return Actor(identity(text(body, "user", "id")), installation=us.installation)


def _state_of(view: Json) -> str:
    """A view as it stands; its hash stays the same where only errors were shown in it."""
    return f"{text(view, 'id')}:{text(view, 'hash')}"


def _where(body: Json, us: Us) -> Where | None:
    """Where a shortcut or button was used; a message that began a thread stands in its channel."""
    channel = text(body, "channel", "id") or text(body, "container", "channel_id")
    if not channel:
        return None
    ts = text(body, "message", "ts") or text(body, "container", "message_ts")
    thread = text(body, "message", "thread_ts") or text(body, "container", "thread_ts")
    return where(us.installation, channel, thread if thread and thread != ts else None)


def _place_of(view: Json, us: Us) -> Where | None:
    """Where a modal was opened from."""
    context = form_context(view)
    return where(us.installation, context.channel, context.thread) if context.channel else None
