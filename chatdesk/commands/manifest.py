"""``chatdesk manifest``: the Slack app's manifest for these settings."""

from __future__ import annotations

from collections.abc import MutableMapping
from io import StringIO
from typing import Annotated

import typer
from pydantic import BaseModel
from ruamel.yaml import YAML

from chatdesk.commands.context import say, surroundings
from chatdesk.contract.vocabulary import Platform
from chatdesk.errors import ChatdeskError
from chatdesk.resources import resource

Node = MutableMapping[str, object]

PATH = "/slack/events"


def manifest(
    http: Annotated[
        bool | None,
        typer.Option(
            "--http/--socket",
            help="For HTTP mode or Socket Mode; without either, as the settings say.",
        ),
    ] = None,
) -> None:
    """Print the manifest to paste where Slack says "Create an app from a manifest".

    Socket Mode needs no public address. HTTP mode needs CHATDESK_HTTP__PUBLIC_URL.
    """
    around = surroundings()
    section = around.settings.adapters.get(Platform("slack"))
    if section is None:
        raise ChatdeskError("this installation has no Slack adapter")
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    document: Node = yaml.load(resource("manifest.yaml").read_text(encoding="utf-8"))
    over_http = bool(section.signing_secret and not section.app_token) if http is None else http
    _set_transport(document, around.settings.http.public_url if over_http else None, over_http)
    _set_commands(document, section)
    text = StringIO()
    yaml.dump(document, text)
    say(text.getvalue().rstrip())


def _set_transport(document: Node, public_url: str | None, over_http: bool) -> None:
    settings = _node(document, "settings")
    settings["socket_mode_enabled"] = not over_http
    if not over_http:
        return
    if public_url is None:
        raise ChatdeskError(
            "CHATDESK_HTTP__PUBLIC_URL: is missing; in HTTP mode Slack must be told where to call"
        )
    address = public_url.rstrip("/") + PATH
    _node(settings, "event_subscriptions")["request_url"] = address
    interactivity = _node(settings, "interactivity")
    interactivity["is_enabled"] = True
    interactivity["request_url"] = address
    for command in _commands(document):
        command["url"] = address


def _set_commands(document: Node, section: BaseModel) -> None:
    """Names of slash commands are settings; the manifest follows."""
    names = {
        "/ticket": "ticket_command",
        "/desk": "desk_command",
        "/kb": "kb_command",
        "/assist": "assist_command",
    }
    for command in _commands(document):
        setting = names.get(str(command.get("command")))
        if setting is not None:
            command["command"] = getattr(section, setting, command["command"])


def _commands(document: Node) -> list[Node]:
    commands = _node(document, "features").get("slash_commands", [])
    return (
        [command for command in commands if isinstance(command, MutableMapping)]
        if isinstance(commands, list)
        else []
    )


def _node(parent: Node, key: str) -> Node:
    """A mapping below another, made if it is not there."""
    child = parent.setdefault(key, {})
    if not isinstance(child, MutableMapping):
        raise ChatdeskError(f"manifest.yaml: {key} is no mapping")
    return child
