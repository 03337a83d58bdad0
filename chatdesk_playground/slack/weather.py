"""How well Slack works today: transport, limits, timings, habits; and waiting for things to settle."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.wire import JsonObject, child, flag, number, text, whole

CALM = 0.03


@dataclass(frozen=True, slots=True)
class Weather:
    """One method per `/control/…` route that changes how Slack behaves, or waits."""

    site: Site

    async def set_request_url(self, body: JsonObject) -> JsonObject:
        """Switch the app to HTTP mode after the url_verification handshake; an empty URL switches back."""
        app = self.site.world.app_of(self.site.world.workspace(text(body, "team")))
        url = text(body, "url")
        if url:
            await self.site.callbacks.verify(app, url, self.site.world.timings.acknowledge)
        app.request_url = url or None
        return {}

    async def set_rate_limits(self, body: JsonObject) -> JsonObject:
        """Rate limits on or off; `speed` refills them that many times faster."""
        self.site.limits.switch(flag(body, "enabled"), number(body, "speed", 1.0))
        return {}

    async def set_timings(self, body: JsonObject) -> JsonObject:
        """Change how long Slack waits; what is not named stays. Seconds, except `retry_speed`."""
        old = self.site.world.timings
        self.site.world.timings = replace(
            old,
            acknowledge=number(body, "acknowledge", old.acknowledge),
            trigger=number(body, "trigger", old.trigger),
            response_url=number(body, "response_url", old.response_url),
            retry_speed=number(body, "retry_speed", old.retry_speed),
        )
        return {}

    async def set_habits(self, body: JsonObject) -> JsonObject:
        """Change what Slack does today; see `Habits`. What is not named stays."""
        old = self.site.world.habits
        self.site.world.habits = replace(
            old,
            mention_first=flag(body, "mention_first", old.mention_first),
            updates_drop_names=flag(body, "updates_drop_names", old.updates_drop_names),
            history_page=whole(body, "history_page", old.history_page),
        )
        return {}

    async def repeat_events(self, body: JsonObject) -> JsonObject:
        """Send the last `count` events of a workspace again, each under another event id."""
        workspace = self.site.world.workspace(text(body, "team"))
        firsts = [
            child(sent.payload, "event")
            for sent in self.site.delivery.sent
            if sent.kind == "events_api"
            and not sent.attempt
            and text(sent.payload, "team_id") == workspace.id
        ]
        for event in firsts[-whole(body, "count", 1) :]:
            self.site.delivery.emit(workspace, event)
        return {}

    async def retry_events_now(self, body: JsonObject) -> JsonObject:
        """Let every waiting retry of an event come at once."""
        self.site.delivery.retry_now()
        return {}

    async def disconnect(self, body: JsonObject) -> JsonObject:
        """Send `disconnect` with a `reason`, or cut the sockets without a word when `rough`."""
        workspace = self.site.world.workspace(text(body, "team"))
        if flag(body, "rough"):
            await self.site.sockets.drop(workspace.app_id)
        else:
            await self.site.sockets.disconnect(workspace.app_id, text(body, "reason", "refresh_requested"))
        return {}

    async def connections(self, body: JsonObject) -> JsonObject:
        """How many sockets the app has open."""
        workspace = self.site.world.workspace(text(body, "team"))
        return {"connections": self.site.sockets.connections(workspace.app_id)}

    async def attempts(self, body: JsonObject) -> JsonObject:
        """How many attempts at events and interactions have ended, well or not."""
        return {"attempts": self.site.delivery.ended}

    async def changes(self, body: JsonObject) -> JsonObject:
        """The world's version, as soon as it is above `after` or `timeout` seconds have passed."""
        version = await self.site.world.changed(int(number(body, "after")), number(body, "timeout", 5.0))
        return {"version": version}

    async def wait_until_quiet(self, body: JsonObject) -> JsonObject:
        """Wait until nothing is unacknowledged and no request is under way. Raises `TimeoutError`."""
        patience = number(body, "timeout", 5.0)
        try:
            async with asyncio.timeout(patience):
                while not await self._calm():
                    await self.site.world.changed(self.site.world.version, CALM)
        except TimeoutError as late:
            raise TimeoutError(f"still busy after {patience} s: {self.site.delivery.outstanding}") from late
        return {}

    async def _calm(self) -> bool:
        if self.site.delivery.outstanding or self.site.requests_under_way:
            return False
        sent, asked = len(self.site.delivery.sent), len(self.site.requests)
        version = self.site.world.version
        if await self.site.world.changed(version, CALM) != version:
            return False
        busy = self.site.delivery.outstanding or self.site.requests_under_way
        return not busy and (sent, asked) == (len(self.site.delivery.sent), len(self.site.requests))
