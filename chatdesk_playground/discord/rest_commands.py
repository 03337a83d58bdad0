"""REST: registering application commands, for everywhere or for one server."""

from __future__ import annotations

import re
from dataclasses import replace

from chatdesk_playground.discord.api import Call, Endpoint, Reply
from chatdesk_playground.discord.errors import Code, Form, refusal
from chatdesk_playground.discord.permissions import require_in_guild
from chatdesk_playground.discord.state import Command
from chatdesk_playground.discord.wire import (
    Body,
    JsonObject,
    bodies_of,
    flag_of,
    number_of,
    optional_text,
    text_of,
)

NAME = re.compile(r"^[-_'\w]{1,32}$")
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2
CHAT_INPUT = 1
MAXIMUM_PER_KIND = {1: 100, 2: 15, 3: 15}


def payload_of(command: Command) -> JsonObject:
    body = command.body
    payload: JsonObject = {
        "id": command.id,
        "application_id": command.application_id,
        "version": command.version,
        "type": command.type,
        "name": command.name,
        "name_localizations": body.get("name_localizations"),
        "description": text_of(body, "description") if command.type == CHAT_INPUT else "",
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": _permissions_text(body),
        "nsfw": flag_of(body, "nsfw"),
        "integration_types": body.get("integration_types") or [0],
        "contexts": body.get("contexts"),
    }
    if command.type == CHAT_INPUT and body.get("options"):
        payload["options"] = body["options"]
    if command.guild_id is None:
        payload["dm_permission"] = flag_of(body, "dm_permission", True)
    else:
        payload["guild_id"] = command.guild_id
    return payload


def _permissions_text(body: Body) -> str | None:
    value = body.get("default_member_permissions")
    return None if value is None else str(value)


def _scope(call: Call) -> tuple[str, str | None]:
    application_id, guild_id = call.path["application_id"], call.path.get("guild_id")
    if application_id != call.bot.id:
        raise refusal(Code.UNKNOWN_APPLICATION)
    if guild_id is not None:
        require_in_guild(call.backend.world, call.bot.id, guild_id)
    return application_id, guild_id


def _registered(call: Call) -> list[Command]:
    application_id, guild_id = _scope(call)
    return [
        command
        for command in call.backend.world.commands.values()
        if command.application_id == application_id and command.guild_id == guild_id
    ]


def _command(call: Call) -> Command:
    found = next((item for item in _registered(call) if item.id == call.path["command_id"]), None)
    if found is None:
        raise refusal(Code.UNKNOWN_COMMAND)
    return found


def list_all(call: Call) -> Reply:
    return Reply([payload_of(command) for command in _registered(call)])


def read(call: Call) -> Reply:
    return Reply(payload_of(_command(call)))


def create(call: Call) -> Reply:
    """Registers one command; one of the same name and kind is overwritten and keeps its id."""
    form = Form()
    check_command(form, "", call.body)
    form.check()
    existing = _registered(call)
    command = _stored(call, call.body, existing)
    return Reply(payload_of(command), 200 if command.id in {item.id for item in existing} else 201)


def overwrite(call: Call) -> Reply:
    """Replaces all commands of this scope by these."""
    bodies = bodies_of(call.content)
    form = Form()
    for index, body in enumerate(bodies):
        check_command(form, f"{index}.", body)
    keys = [(number_of(body, "type", CHAT_INPUT), text_of(body, "name")) for body in bodies]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            sentence = "Application command names must be unique"
            form.wrong(f"{index}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", sentence)
    for kind, maximum in MAXIMUM_PER_KIND.items():
        if sum(1 for key in keys if key[0] == kind) > maximum:
            form.wrong("0", "BASE_TYPE_MAX_LENGTH", f"Must be {maximum} or fewer in length.")
    form.check()
    existing = _registered(call)
    kept = [_stored(call, body, existing) for body in bodies]
    for command in existing:
        if command.id not in {item.id for item in kept}:
            del call.backend.world.commands[command.id]
    return Reply([payload_of(command) for command in kept])


def edit(call: Call) -> Reply:
    command = _command(call)
    body = dict(command.body) | dict(call.body)
    form = Form()
    check_command(form, "", body)
    form.check()
    version = call.backend.snowflakes.next()
    changed = replace(command, body=body, name=text_of(body, "name"), version=version)
    call.backend.world.commands[command.id] = changed
    return Reply(payload_of(changed))


def delete(call: Call) -> Reply:
    del call.backend.world.commands[_command(call).id]
    return Reply()


def _stored(call: Call, body: Body, existing: list[Command]) -> Command:
    application_id, guild_id = _scope(call)
    kind, name = number_of(body, "type", CHAT_INPUT), text_of(body, "name")
    same = next((item for item in existing if item.name == name and item.type == kind), None)
    unchanged = same is not None and same.body == body
    command = Command(
        id=same.id if same else call.backend.snowflakes.next(),
        application_id=application_id,
        guild_id=guild_id,
        type=kind,
        name=name,
        version=same.version if same and unchanged else call.backend.snowflakes.next(),
        body=body,
    )
    call.backend.world.commands[command.id] = command
    return command


def check_command(form: Form, prefix: str, body: Body) -> None:
    """Names, descriptions, and at most 25 options, each level of them."""
    kind = number_of(body, "type", CHAT_INPUT)
    name = text_of(body, "name")
    form.required(f"{prefix}name", name)
    if kind == CHAT_INPUT:
        _check_name(form, f"{prefix}name", name)
        form.required(f"{prefix}description", body.get("description"))
        form.length(f"{prefix}description", optional_text(body, "description"), 1, 100)
        _check_options(form, prefix, body)
    else:
        form.length(f"{prefix}name", name or None, 1, 32)


def _check_name(form: Form, path: str, name: str) -> None:
    if name and (not NAME.match(name) or name != name.lower()):
        code = "APPLICATION_COMMAND_INVALID_NAME"
        form.wrong(path, code, "Command name is invalid")


def _check_options(form: Form, prefix: str, body: Body) -> None:
    options = bodies_of(body.get("options"))
    form.length(f"{prefix}options", options, 0, 25)
    optional_seen = False
    for index, option in enumerate(options):
        path = f"{prefix}options.{index}."
        _check_name(form, f"{path}name", text_of(option, "name"))
        form.required(f"{path}description", option.get("description"))
        form.length(f"{path}description", optional_text(option, "description"), 1, 100)
        form.length(f"{path}choices", bodies_of(option.get("choices")), 0, 25)
        for place, choice in enumerate(bodies_of(option.get("choices"))):
            form.length(f"{path}choices.{place}.name", text_of(choice, "name"), 1, 100)
        if flag_of(option, "autocomplete") and option.get("choices"):
            sentence = "Autocomplete options cannot have choices"
            form.wrong(f"{path}autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", sentence)
        if number_of(option, "type") in (SUBCOMMAND, SUBCOMMAND_GROUP):
            _check_options(form, path, option)
            continue
        required = flag_of(option, "required")
        if required and optional_seen:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            form.wrong(
                f"{prefix}options.{index}",
                code,
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not required


_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"

ENDPOINTS = tuple(
    endpoint
    for base in (_GLOBAL, _GUILD)
    for endpoint in (
        Endpoint("GET", base, list_all),
        Endpoint(
            "POST",
            base,
            create,
            lacks="entry points of activities; translated names are kept, but shown to nobody",
        ),
        Endpoint(
            "PUT",
            base,
            overwrite,
            lacks="entry points of activities; translated names are kept, but shown to nobody",
        ),
        Endpoint("GET", base + "/{command_id}", read),
        Endpoint("PATCH", base + "/{command_id}", edit),
        Endpoint("DELETE", base + "/{command_id}", delete),
    )
)
