"""ack-default-bolt, ack-bare-bolt: how long Slack waits for the 200 to a slash command, over signed HTTP.

The bot is given ``/ticket note``, and answers when the note, its outbox rows and the command's key are
committed. The baselines are Bolt apps with an empty listener, behind the same web server, in processes of
their own. One request at a time goes to each in turn, then 64 at once to each in turn; between them the bot's
deliveries come to rest, so that they burden nobody.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from bench import platforms
from bench.children import child
from bench.measuring import median, p99, workplace
from bench.platforms import Slack
from bench.rows import Row, above_by_at_most, at_most, compared
from chatdesk_playground.slack import SlackPlayground

ONE_AT_A_TIME = 300
ROUNDS_AT_ONCE = 12
AT_ONCE = 64
UNCOUNTED = 30
TICKETS = 8
TARGET_DEFAULT = 0.5
TARGET_BARE_MS = 3.0
OURS, DEFAULT, BARE = "chatdesk", "default", "bare"

Times = Mapping[str, Sequence[float]]


def measure() -> Iterator[Row]:
    """A row for median and p99, one at a time and 64 at once, against either baseline."""
    one, many = asyncio.run(_measured())
    for size, times in ((1, one), (AT_ONCE, many)):
        for unit, figure in (("ms at the median", median), ("ms at p99", p99)):
            ours, default, bare = (figure(times[name]) for name in (OURS, DEFAULT, BARE))
            against_default = compared("ack-default-bolt", size, "sqlite", ours, unit, default)
            against_bare = compared("ack-bare-bolt", size, "sqlite", ours, unit, bare)
            has_target = size == 1 and figure is median
            yield at_most(against_default, TARGET_DEFAULT) if has_target else against_default
            yield above_by_at_most(against_bare, TARGET_BARE_MS) if has_target else against_bare


async def _measured() -> tuple[Times, Times]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(workplace("ack"))
        playground = await stack.enter_async_context(SlackPlayground.running())
        slack = await platforms.workspace(playground, "bench")
        settings = {
            **slack.settings,
            **platforms.own_settings(folder, platforms.DESK),
            "CHATDESK_SLACK__APP_TOKEN": "",
            "CHATDESK_SLACK__SIGNING_SECRET": slack.app.signing_secret,
            "CHATDESK_HTTP__PORT": "0",
        }
        bot = await stack.enter_async_context(child("bench.child_chatdesk", settings=settings))
        addresses = {OURS: bot.said}
        for mode in (DEFAULT, BARE):
            process = child("bench.child_bolt", mode, slack.app.signing_secret, settings={})
            addresses[mode] = (await stack.enter_async_context(process)).said
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE))
        )
        caller = Caller(slack, session, {name: f"{url}/slack/events" for name, url in addresses.items()})
        await caller.slack.playground.control.set_request_url(slack.app.team_id, caller.urls[OURS])
        await _tickets(slack)
        return await _one_at_a_time(caller), await _at_once(caller)


async def _tickets(slack: Slack) -> None:
    for number in range(TICKETS):
        await slack.sam.post(slack.inbox, f"The printer on floor {number} is on fire")
    await slack.sam.wait_for(slack.inbox, lambda seen: f"floor {TICKETS - 1}" in seen.text)
    await _rest(slack)


@dataclass(slots=True)
class Caller:
    """Slack, as it calls a command's request URL."""

    slack: Slack
    session: aiohttp.ClientSession
    urls: Mapping[str, str]
    _count: int = 0
    _asked: list[str] = field(default_factory=list)

    async def command(self, name: str) -> float:
        """Milliseconds until the 200."""
        self._count += 1
        body = urlencode(
            {
                "command": "/ticket",
                "text": f"note #{self._count % TICKETS + 1} looked into it, case {self._count}",
                "team_id": self.slack.app.team_id,
                "api_app_id": self.slack.app.app_id,
                "channel_id": self.slack.support,
                "user_id": self.slack.ana.id,
                "trigger_id": f"trigger-{self._count}",
                "response_url": "",
            }
        )
        headers = self._signed(body)
        begun = time.perf_counter()
        async with self.session.post(self.urls[name], data=body, headers=headers) as response:
            answer = await response.read()
        took = (time.perf_counter() - begun) * 1000
        assert response.status == 200, (name, response.status, answer)
        assert name != OURS or b"No " not in answer, answer
        return took

    def _signed(self, body: str) -> Mapping[str, str]:
        now = str(int(time.time()))
        secret = self.slack.app.signing_secret.encode()
        digest = hmac.new(secret, f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": f"v0={digest}",
        }


async def _one_at_a_time(caller: Caller) -> Times:
    times: dict[str, list[float]] = {name: [] for name in caller.urls}
    for number in range(UNCOUNTED + ONE_AT_A_TIME):
        for name in caller.urls:
            took = await caller.command(name)
            if number >= UNCOUNTED:
                times[name].append(took)
            if name == OURS:
                await _rest(caller.slack)
    return times


async def _at_once(caller: Caller) -> Times:
    times: dict[str, list[float]] = {name: [] for name in caller.urls}
    for number in range(ROUNDS_AT_ONCE + 1):
        for name in caller.urls:
            took = await asyncio.gather(*(caller.command(name) for _ in range(AT_ONCE)))
            if number:
                times[name].extend(took)
            if name == OURS:
                await _rest(caller.slack)
    return times


async def _rest(slack: Slack) -> None:
    """Until the bot has sent nothing for a moment."""
    site = slack.playground.site
    seen = -1
    while seen != len(site.requests) or site.requests_under_way:
        seen = len(site.requests)
        await asyncio.sleep(0.03)
