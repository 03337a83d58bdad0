"""What humans do to the app's things: commands, shortcuts, buttons, menus, modals and the home."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chatdesk_playground.slack import interactions, manifest, modals
from chatdesk_playground.slack.blocks import options_of
from chatdesk_playground.slack.conduct import Conduct, Result
from chatdesk_playground.slack.inputs import (
    filled,
    find_element,
    find_option,
    initial_values,
    label_of,
    length_problem,
    required_missing,
)
from chatdesk_playground.slack.membership import open_direct
from chatdesk_playground.slack.people import NotAllowed, where, who
from chatdesk_playground.slack.seen import all_blocks, view_seen
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import View
from chatdesk_playground.slack.typing_in import typed_arguments
from chatdesk_playground.slack.wire import JsonObject, JsonValue, child, children, flag, text

HOME_PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class Gestures:
    """Interactions, one method per route; each answers with an outcome."""

    site: Site

    async def slash(self, body: JsonObject) -> JsonObject:
        """Type a slash command."""
        at = where(self.site, body)
        conduct = Conduct(self.site, at.workspace, at.user)
        before = self.site.world.new_ts()
        command = text(body, "command")
        if text(body, "thread_ts"):
            return conduct.outcome(Result(False, 0, f"{command} is not supported in threads. Sorry!"), before)
        entry = manifest.command(self.site.world.app_of(at.workspace), command)
        if entry is None:
            error = (
                f"{command} is not a valid command. In Slack, all messages that start with the "
                '"/" character are interpreted as commands.'
            )
            return conduct.outcome(Result(False, 0, error), before)
        words = typed_arguments(at.workspace, text(body, "text"), manifest.should_escape(entry))
        return conduct.outcome(await conduct.slash(at.channel, command, words.strip()), before)

    async def message_shortcut(self, body: JsonObject) -> JsonObject:
        """Use a shortcut from a message's menu."""
        at = where(self.site, body)
        message = self.site.world.message(at.channel, text(body, "ts"))
        callback_id = self._offered(at.workspace.app_id, text(body, "callback_id"), "message")
        conduct = Conduct(self.site, at.workspace, at.user)
        before = self.site.world.new_ts()
        payload = interactions.message_shortcut(
            self.site, at.workspace, at.user, at.channel, message, callback_id
        )
        return conduct.outcome(await conduct.send("interactive", payload), before)

    async def global_shortcut(self, body: JsonObject) -> JsonObject:
        """Use a global shortcut."""
        workspace, user = who(self.site, body)
        callback_id = self._offered(workspace.app_id, text(body, "callback_id"), "global")
        conduct = Conduct(self.site, workspace, user)
        before = self.site.world.new_ts()
        payload = interactions.global_shortcut(self.site, workspace, user, callback_id)
        return conduct.outcome(await conduct.send("interactive", payload), before)

    async def act(self, body: JsonObject) -> JsonObject:
        """Click (`option` absent) or choose (`option` given) in a message."""
        at = where(self.site, body)
        message = self.site.world.message(at.channel, text(body, "ts"))
        if message.only_for not in ("", at.user.id):
            raise NotAllowed("that message is for somebody else's eyes")
        blocks = all_blocks(message)
        block, element = find_element(blocks, text(body, "name"))
        conduct = Conduct(self.site, at.workspace, at.user)
        before = self.site.world.new_ts()
        values = initial_values(blocks)
        shown = interactions.shown_message(self.site, at.workspace, at.channel, message)
        about: JsonObject = {
            "container": interactions.message_container(at.channel, message, block),
            "channel": {"id": at.channel.id, "name": interactions.channel_name(at.channel)},
            "message": shown,
        }
        state = await self._entered(conduct, about, block, element, body)
        if state is not None and element.get("type") != "overflow":
            values.setdefault(text(block, "block_id"), {})[text(element, "action_id")] = state
        payload = interactions.message_action(
            self.site, at.workspace, at.user, at.channel, message, block, element, state, values
        )
        return conduct.outcome(await conduct.send("interactive", payload), before)

    async def act_in_view(self, body: JsonObject) -> JsonObject:
        """Click, choose or type in the modal on the screen or, with `home`, in the App Home."""
        workspace, user = who(self.site, body)
        view = self._view(body)
        conduct = Conduct(self.site, workspace, user)
        before = self.site.world.new_ts()
        block, element = find_element(children(view.content, "blocks"), text(body, "name"))
        result = await self._enter(conduct, view, block, element, body)
        return conduct.outcome(result, before)

    async def submit(self, body: JsonObject) -> JsonObject:
        """Fill fields in and hand the modal in. Slack's own checks come first."""
        workspace, user = who(self.site, body)
        conduct = Conduct(self.site, workspace, user)
        before = self.site.world.new_ts()
        for name, answer in child(body, "fields").items():
            view = self._view(body)
            block, element = find_element(children(view.content, "blocks"), name)
            await self._enter(conduct, view, block, element, {"option": answer})
        view = self._view(body)
        problems = _own_problems(view)
        if problems:
            return conduct.outcome(Result(False, 0, field_errors=problems), before)
        return conduct.outcome(await conduct.submit(view), before)

    async def close_modal(self, body: JsonObject) -> JsonObject:
        """Dismiss the modal on the screen; with `all`, the whole stack."""
        workspace, user = who(self.site, body)
        conduct = Conduct(self.site, workspace, user)
        before = self.site.world.new_ts()
        result = Result(True, 0, closed=True)
        everything = flag(body, "all") or flag(self._view(body).content, "clear_on_close")
        while (view := self.site.world.top_view(workspace.id, user.id)) is not None:
            if flag(view.content, "notify_on_close"):
                payload = interactions.view_closed(self.site, workspace, user, view, everything)
                result = await conduct.send("interactive", payload)
            modals.close_top(self.site, workspace, user.id)
            if not everything:
                break
        return conduct.outcome(result, before)

    async def modal(self, body: JsonObject) -> JsonObject:
        """The modal on top of the screen, if any."""
        workspace, user = who(self.site, body)
        view = self.site.world.top_view(workspace.id, user.id)
        return {"view": view_seen(self.site, workspace, view) if view else None}

    async def open_home(self, body: JsonObject) -> JsonObject:
        """Open the app's Home tab and give the app a moment to publish it."""
        workspace, user = who(self.site, body)
        before = self.site.world.home_view(workspace.id, user.id)
        old_hash = before.hash if before else ""
        self._announce_home(body)
        deadline = asyncio.get_running_loop().time() + HOME_PATIENCE
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            home = self.site.world.home_view(workspace.id, user.id)
            if home is not None and home.hash != old_hash:
                break
            await self.site.world.changed(self.site.world.version, left)
        return await self.home(body)

    async def home(self, body: JsonObject) -> JsonObject:
        """The App Home as it stands."""
        workspace, user = who(self.site, body)
        view = self.site.world.home_view(workspace.id, user.id)
        return {"view": view_seen(self.site, workspace, view) if view else None}

    async def suggest(self, body: JsonObject) -> JsonObject:
        """Type into an external select of the modal on the screen, and see what is offered."""
        workspace, user = who(self.site, body)
        view = self._view(body)
        block, element = find_element(children(view.content, "blocks"), text(body, "name"))
        conduct = Conduct(self.site, workspace, user)
        options = await conduct.suggestions(self._about(view), block, element, text(body, "typed"))
        return {"options": options}

    def _offered(self, app_id: str, callback_id: str, kind: Literal["message", "global"]) -> str:
        app = self.site.world.apps[app_id]
        if not manifest.has_shortcut(app, callback_id, kind):
            raise NotAllowed(f"there is no {kind} shortcut {callback_id!r} in the menu")
        return callback_id

    def _view(self, body: JsonObject) -> View:
        workspace, user = who(self.site, body)
        home = flag(body, "home")
        world = self.site.world
        view = world.home_view(workspace.id, user.id) if home else world.top_view(workspace.id, user.id)
        if view is None:
            raise NotAllowed("there is no home" if home else "there is no modal on the screen")
        return view

    def _about(self, view: View) -> JsonObject:
        workspace = self.site.world.workspace(view.team_id)
        container: JsonObject = {"type": "view", "view_id": view.id}
        return {"container": container, "view": modals.view_json(self.site, workspace, view)}

    async def _enter(
        self, conduct: Conduct, view: View, block: JsonObject, element: JsonObject, body: JsonObject
    ) -> Result:
        state = await self._entered(conduct, self._about(view), block, element, body)
        if state is not None and element.get("type") != "overflow":
            view.values.setdefault(text(block, "block_id"), {})[text(element, "action_id")] = state
            self.site.world.touch()
        if block.get("type") == "input" and not flag(block, "dispatch_action"):
            return Result(True, 0)
        payload = interactions.view_action(
            self.site, conduct.workspace, conduct.user, view, block, element, state
        )
        return await conduct.send("interactive", payload)

    async def _entered(
        self,
        conduct: Conduct,
        about: JsonObject,
        block: JsonObject,
        element: JsonObject,
        body: JsonObject,
    ) -> JsonObject | None:
        kind = text(element, "type")
        if kind == "button":
            return None
        answer = body.get("option")
        if kind == "overflow":
            return {"type": kind, "selected_option": find_option(options_of(element), answer)}
        suggestions: Sequence[JsonObject] = ()
        if kind in ("external_select", "multi_external_select"):
            suggestions = await self._suggested(conduct, about, block, element, answer)
        return filled(element, answer, suggestions)

    async def _suggested(
        self, conduct: Conduct, about: JsonObject, block: JsonObject, element: JsonObject, answer: JsonValue
    ) -> list[JsonObject]:
        wanted = answer if isinstance(answer, Sequence) and not isinstance(answer, str) else [answer]
        found: list[JsonObject] = []
        for one in wanted:
            found += await conduct.suggestions(about, block, element, str(one))
        return found

    def _announce_home(self, body: JsonObject) -> None:
        workspace, user = who(self.site, body)
        channel = open_direct(self.site, workspace, [user.id, workspace.bot_user_id])
        event: dict[str, JsonValue] = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": channel.id,
            "tab": "home",
            "event_ts": self.site.world.new_ts(),
        }
        view = self.site.world.home_view(workspace.id, user.id)
        if view is not None:
            event["view"] = modals.view_json(self.site, workspace, view)
        self.site.delivery.emit(workspace, event)


def _own_problems(view: View) -> dict[str, str]:
    problems: dict[str, str] = {}
    for block in children(view.content, "blocks"):
        element = child(block, "element")
        state = view.values.get(text(block, "block_id"), {}).get(text(element, "action_id"))
        if state is None:
            continue
        if required_missing(block, state):
            problems[label_of(block, element)] = "Please complete this required field."
        elif complaint := length_problem(element, state):
            problems[label_of(block, element)] = complaint
    return problems
