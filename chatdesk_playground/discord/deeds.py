"""What people do to apps: commands, autocompletion, context menus, buttons, selects, modals.

Each finds what is meant by its visible name, checks what Discord's client would check, and says what to send.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.component_limits import (
    BUTTON,
    CHANNEL_SELECT,
    LINK_STYLE,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    SELECTS,
    STRING_SELECT,
    USER_SELECT,
    is_disabled,
    walk,
)
from chatdesk_playground.discord.errors import ApiError, Code, refusal
from chatdesk_playground.discord.files import Upload
from chatdesk_playground.discord.interactions import Deed, resolved_entry, resolved_user
from chatdesk_playground.discord.message_payloads import attachment_payload, message_payload
from chatdesk_playground.discord.messages import store_uploads
from chatdesk_playground.discord.payloads import channel_payload, role_payload
from chatdesk_playground.discord.pending import InteractionType
from chatdesk_playground.discord.permissions import Permission, permissions_in, require
from chatdesk_playground.discord.state import Channel, Command, Message
from chatdesk_playground.discord.wire import (
    Body,
    JsonObject,
    bodies_of,
    body_of,
    flag_of,
    items_of,
    number_of,
    text_of,
)

SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)


def cannot(sentence: str) -> ApiError:
    """What a person cannot do because their client would not offer it."""
    return ApiError(409, 0, sentence)


def command(
    backend: Backend,
    user_id: str,
    channel: Channel,
    path: str,
    values: Mapping[str, object],
    uploads: Mapping[str, Sequence[Upload]],
    focused: str | None = None,
) -> Deed:
    """A slash command, or with `focused` the autocompletion of one of its options."""
    name, *rest = path.removeprefix("/").split()
    found = _command(backend, user_id, channel, name, 1)
    resolved: JsonObject = {}
    options = bodies_of(found.body.get("options"))
    leaf, nesting = _descend(path, options, rest)
    filled = _filled(backend, channel, leaf, values, uploads, focused, resolved)
    for option in reversed(nesting):
        inner: JsonObject = {"type": number_of(option, "type"), "name": text_of(option, "name")}
        filled = [inner | {"options": filled}]
    data = _command_data(found, channel)
    data["options"] = filled
    if resolved:
        data["resolved"] = resolved
    kind = InteractionType.COMMAND if focused is None else InteractionType.AUTOCOMPLETE
    full_name = " ".join([name, *rest])
    return Deed(kind, found.application_id, user_id, channel, data, name=full_name)


def _command(backend: Backend, user_id: str, channel: Channel, name: str, kind: int) -> Command:
    """The command of this name that the person is offered here."""
    world = backend.world
    granted = permissions_in(world, user_id, channel)
    require(world, user_id, channel, Permission.USE_APPLICATION_COMMANDS)
    for candidate in world.commands.values():
        if candidate.name != name or candidate.type != kind:
            continue
        if not _available(backend, candidate, channel):
            continue
        needed = Permission(number_of(candidate.body, "default_member_permissions"))
        if channel.guild_id is not None and needed & ~granted:
            raise cannot(f"You are not allowed to use /{name} here")
        return candidate
    offered = sorted({item.name for item in world.commands.values() if item.type == kind})
    raise cannot(f"There is no command {name!r} here; there are: {', '.join(offered) or 'none'}")


def command_offered(backend: Backend, user_id: str, channel: Channel, kind: int) -> list[Command]:
    """The commands of a kind (1 slash, 2 user, 3 message) that a person is offered here."""
    granted = permissions_in(backend.world, user_id, channel)
    if channel.guild_id is not None and not granted & Permission.USE_APPLICATION_COMMANDS:
        return []
    found = []
    for one in backend.world.commands.values():
        needed = Permission(number_of(one.body, "default_member_permissions"))
        allowed = channel.guild_id is None or not needed & ~granted
        if one.type == kind and allowed and _available(backend, one, channel):
            found.append(one)
    return found


def _available(backend: Backend, candidate: Command, channel: Channel) -> bool:
    if channel.guild_id is None:
        contexts = candidate.body.get("contexts")
        in_dms = (
            1 in contexts if isinstance(contexts, list) else flag_of(candidate.body, "dm_permission", True)
        )
        return candidate.guild_id is None and in_dms and candidate.application_id in channel.recipients
    installed = (channel.guild_id, candidate.application_id) in backend.world.members
    contexts = candidate.body.get("contexts")
    in_guilds = 0 in contexts if isinstance(contexts, list) else True
    return installed and in_guilds and candidate.guild_id in (None, channel.guild_id)


def _descend(path: str, options: tuple[Body, ...], rest: list[str]) -> tuple[tuple[Body, ...], list[Body]]:
    nesting: list[Body] = []
    for word in rest:
        found = next(
            (
                option
                for option in options
                if text_of(option, "name") == word and number_of(option, "type") in (SUBCOMMAND, GROUP)
            ),
            None,
        )
        if found is None:
            offered = ", ".join(text_of(option, "name") for option in options)
            raise cannot(f"/{path} has no subcommand {word!r}; there are: {offered}")
        nesting.append(found)
        options = bodies_of(found.get("options"))
    if any(number_of(option, "type") in (SUBCOMMAND, GROUP) for option in options):
        offered = ", ".join(text_of(option, "name") for option in options)
        raise cannot(f"/{path} needs a subcommand: {offered}")
    return options, nesting


def _filled(
    backend: Backend,
    channel: Channel,
    options: tuple[Body, ...],
    values: Mapping[str, object],
    uploads: Mapping[str, Sequence[Upload]],
    focused: str | None,
    resolved: JsonObject,
) -> list[JsonObject]:
    """The options with their values, checked and resolved; while completing nothing is mandatory."""
    known = {text_of(option, "name") for option in options}
    for name in (*values, *uploads):
        if name not in known:
            raise cannot(f"There is no option {name!r}; there are: {', '.join(sorted(known)) or 'none'}")
    filled: list[JsonObject] = []
    for option in options:
        name, kind = text_of(option, "name"), number_of(option, "type")
        if name in uploads:
            stored = store_uploads(backend, channel.id, uploads[name])[0]
            resolved_entry(
                resolved, "attachments", stored.id, attachment_payload(stored, backend.files, True)
            )
            filled.append({"name": name, "type": kind, "value": stored.id})
        elif name in values:
            entry: JsonObject = {"name": name, "type": kind}
            if focused == name:
                filled.append(entry | {"value": str(values[name]), "focused": True})
            else:
                value = _value(backend, channel, option, values[name], resolved)
                filled.append(entry | {"value": value})
        elif flag_of(option, "required") and focused is None:
            raise cannot(f"The option {name!r} is required")
    return filled


def _value(backend: Backend, channel: Channel, option: Body, value: object, resolved: JsonObject) -> object:
    kind, name = number_of(option, "type"), text_of(option, "name")
    choices = bodies_of(option.get("choices"))
    if choices:
        chosen = next((item for item in choices if value in (item.get("name"), item.get("value"))), None)
        if chosen is None:
            offered = ", ".join(text_of(item, "name") for item in choices)
            raise cannot(f"{value!r} is no choice of {name!r}; there are: {offered}")
        return chosen.get("value")
    if kind in (INTEGER, NUMBER):
        return _number(option, value)
    if kind == BOOLEAN:
        return bool(value)
    if kind in (USER, CHANNEL, ROLE, MENTIONABLE):
        select = {USER: USER_SELECT, CHANNEL: CHANNEL_SELECT, ROLE: ROLE_SELECT}.get(kind, MENTIONABLE_SELECT)
        return entity(backend, channel, select, str(value), resolved, items_of(option.get("channel_types")))
    text = str(value)
    low, high = number_of(option, "min_length"), number_of(option, "max_length", 6000)
    if not low <= len(text) <= high:
        raise cannot(f"{name!r} must be between {low} and {high} characters long")
    return text


def _number(option: Body, value: object) -> int | float:
    """What was typed as a number, held to the option's bounds as the client does."""
    name = text_of(option, "name")
    try:
        number = int(str(value)) if number_of(option, "type") == INTEGER else float(str(value))
    except ValueError:
        raise cannot(f"{value!r} is no number for {name!r}") from None
    low, high = option.get("min_value"), option.get("max_value")
    too_low = isinstance(low, int | float) and number < low
    if too_low or (isinstance(high, int | float) and number > high):
        raise cannot(f"{name!r} must be between {low} and {high}")
    return number


def entity(
    backend: Backend,
    channel: Channel,
    select: int,
    wanted: str,
    resolved: JsonObject,
    channel_types: Sequence[object] = (),
) -> str:
    """The id of a user, role or channel by id or name, with its resolved data."""
    world, guild_id = backend.world, channel.guild_id
    if select in (USER_SELECT, MENTIONABLE_SELECT):
        people = [item.user_id for item in world.members_of(guild_id)] if guild_id else channel.recipients
        for user_id in people:
            user = world.users[user_id]
            if wanted in (user_id, user.username, user.global_name):
                resolved_user(backend, channel, user_id, resolved)
                return user_id
    if select in (ROLE_SELECT, MENTIONABLE_SELECT) and guild_id is not None:
        for role in world.roles_of(guild_id):
            if wanted in (role.id, role.name):
                resolved_entry(resolved, "roles", role.id, role_payload(role))
                return role.id
    if select == CHANNEL_SELECT and guild_id is not None:
        for other in world.channels_of(guild_id) + world.threads_of(guild_id):
            if channel_types and other.type not in channel_types:
                continue
            if wanted in (other.id, other.name):
                payload = channel_payload(world, other) | {"permissions": "0"}
                resolved_entry(resolved, "channels", other.id, payload)
                return other.id
    raise cannot(f"There is no {wanted!r} to choose here")


def _command_data(found: Command, channel: Channel) -> JsonObject:
    data: JsonObject = {"id": found.id, "name": found.name, "type": found.type}
    if found.guild_id is not None:
        data["guild_id"] = channel.guild_id
    return data


def message_menu(backend: Backend, user_id: str, channel: Channel, name: str, message: Message) -> Deed:
    """An entry of a message's context menu."""
    found = _command(backend, user_id, channel, name, 3)
    data = _command_data(found, channel) | {
        "target_id": message.id,
        "resolved": {"messages": {message.id: message_payload(backend.world, backend.files, message)}},
    }
    return Deed(
        InteractionType.COMMAND,
        found.application_id,
        user_id,
        channel,
        data,
        name=name,
        command_kind=3,
        target_id=message.id,
    )


def user_menu(backend: Backend, user_id: str, channel: Channel, name: str, target_id: str) -> Deed:
    """An entry of a user's context menu."""
    found = _command(backend, user_id, channel, name, 2)
    if target_id not in backend.world.users:
        raise refusal(Code.UNKNOWN_USER)
    resolved: JsonObject = {}
    resolved_user(backend, channel, target_id, resolved)
    data = _command_data(found, channel) | {"target_id": target_id, "resolved": resolved}
    kind = InteractionType.COMMAND
    return Deed(kind, found.application_id, user_id, channel, data, None, name, 2, target_id)


def click(user_id: str, channel: Channel, message: Message, wanted: str) -> Deed:
    """A button, by its label, emoji or custom id."""
    buttons = [item for item in _parts(message) if number_of(item, "type") == BUTTON]
    button = next((item for item in buttons if wanted in _button_names(item)), None)
    if button is None:
        offered = ", ".join(repr(text_of(item, "label")) for item in buttons)
        raise cannot(f"There is no button {wanted!r}; there are: {offered or 'none'}")
    if is_disabled(button):
        raise cannot(f"The button {wanted!r} is disabled")
    if number_of(button, "style") == LINK_STYLE:
        raise cannot(f"The button {wanted!r} opens {text_of(button, 'url')}")
    data: JsonObject = {
        "component_type": BUTTON,
        "custom_id": text_of(button, "custom_id"),
        "id": number_of(button, "id"),
    }
    return _component_deed(user_id, channel, message, data)


def _button_names(button: Body) -> tuple[str, ...]:
    emoji = text_of(body_of(button.get("emoji")), "name")
    label = text_of(button, "label")
    names = (label, text_of(button, "custom_id"), emoji, f"{emoji} {label}".strip())
    return tuple(name for name in names if name)


def choose(
    backend: Backend,
    user_id: str,
    channel: Channel,
    message: Message,
    wanted: str,
    values: Sequence[str],
) -> Deed:
    """A select, by its placeholder or custom id; its options by label or value."""
    selects = [item for item in _parts(message) if number_of(item, "type") in SELECTS]
    select = next(
        (item for item in selects if wanted in (text_of(item, "placeholder"), text_of(item, "custom_id"))),
        None,
    )
    if select is None:
        offered = ", ".join(repr(text_of(item, "placeholder")) for item in selects)
        raise cannot(f"There is no select {wanted!r}; there are: {offered or 'none'}")
    if is_disabled(select):
        raise cannot(f"The select {wanted!r} is disabled")
    resolved: JsonObject = {}
    chosen = chosen_values(backend, channel, select, values, resolved)
    data: JsonObject = {
        "component_type": number_of(select, "type"),
        "custom_id": text_of(select, "custom_id"),
        "id": number_of(select, "id"),
        "values": chosen,
    }
    if resolved:
        data["resolved"] = resolved
    return _component_deed(user_id, channel, message, data)


def chosen_values(
    backend: Backend, channel: Channel, select: Body, values: Sequence[str], resolved: JsonObject
) -> list[str]:
    """The values behind what was chosen, within the select's minimum and maximum."""
    low, high = number_of(select, "min_values", 1), number_of(select, "max_values", 1)
    if len(values) > high or (len(values) < low and values):
        raise cannot(f"Choose between {low} and {high} options")
    kind = number_of(select, "type")
    if kind in SELECTS - {STRING_SELECT}:
        kinds = items_of(select.get("channel_types"))
        return [entity(backend, channel, kind, value, resolved, kinds) for value in values]
    return [option_value(select, value) for value in values]


def option_value(component: Body, wanted: str) -> str:
    """The value of an option by its label or value."""
    options = bodies_of(component.get("options"))
    for option in options:
        if wanted in (text_of(option, "label"), text_of(option, "value")):
            return text_of(option, "value")
    offered = ", ".join(repr(text_of(option, "label")) for option in options)
    raise cannot(f"There is no option {wanted!r}; there are: {offered}")


def _parts(message: Message) -> list[Body]:
    return [part for top in message.components for part in walk(top)]


def _component_deed(user_id: str, channel: Channel, message: Message, data: JsonObject) -> Deed:
    application_id = message.application_id or message.author.id
    return Deed(InteractionType.COMPONENT, application_id, user_id, channel, data, message)
