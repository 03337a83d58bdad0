"""What Slack and the network do wrong, as the courier hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.slack.adapter import SlackAdapter
from adapters.slack.ids import installation
from adapters.slack.settings import SlackSettings
from chatdesk.contract.outbound import PostLine
from chatdesk.contract.ports import Attempt, DeliveryFailed
from chatdesk.contract.vocabulary import Place
from tests.adapters.slack.desk import SystemClock

TOKEN = "xoxb-very-secret"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(handler: Handler) -> AsyncIterator[str]:
    """A Slack that answers every request in one way; its API's address."""
    app = web.Application()
    app.router.add_route("*", "/api/{method}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


async def failure(api_url: str) -> DeliveryFailed:
    settings = SlackSettings(bot_token=SecretStr(TOKEN), app_token=SecretStr("xapp-1"), api_url=api_url)
    adapter = SlackAdapter(settings, SystemClock())
    attempt = Attempt("d1", False, datetime.now(UTC))
    with pytest.raises(DeliveryFailed) as failed:
        await adapter.deliver(PostLine("Hi"), Place(installation("T1"), "C1"), attempt)
    assert TOKEN not in f"{failed.value!r} {failed.value.__cause__!r} {failed.value.__cause__}"
    return failed.value


def refusing(code: str, status: int = 200, **more: str) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        headers = {"Retry-After": "7"} if status == 429 else {}
        return web.json_response({"ok": False, "error": code, **more}, status=status, headers=headers)

    return answer


PERMANENT = [
    ("channel_not_found", "the Slack channel does not exist, or the bot is not in it"),
    ("not_in_channel", "the bot is not in the Slack channel; invite it there"),
    ("is_archived", "the Slack channel is archived"),
    ("cannot_dm_bot", "bots cannot be written to"),
    ("something_new", "Slack refused it (something_new)"),
]


@pytest.mark.parametrize(("code", "reason"), PERMANENT)
async def test_refusals_that_stay(code: str, reason: str) -> None:
    async with answering(refusing(code)) as api_url:
        failed = await failure(api_url)
    assert (failed.permanent, failed.revoked, failed.uncertain) == (reason, False, False)


async def test_a_missing_scope_is_named() -> None:
    async with answering(refusing("missing_scope", needed="chat:write")) as api_url:
        assert (await failure(api_url)).permanent == "the Slack app lacks the scope chat:write"


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_revoked(code: str) -> None:
    async with answering(refusing(code)) as api_url:
        failed = await failure(api_url)
    assert failed.revoked and failed.permanent


async def test_rate_limited() -> None:
    async with answering(refusing("ratelimited", status=429)) as api_url:
        failed = await failure(api_url)
    assert (failed.retry_after, failed.permanent, failed.uncertain) == (7.0, None, False)


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "service_unavailable"])
async def test_slacks_own_errors_pass_and_leave_us_uncertain(code: str) -> None:
    async with answering(refusing(code)) as api_url:
        failed = await failure(api_url)
    assert failed.permanent is None and failed.uncertain


async def test_a_broken_answer_leaves_us_uncertain() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html")

    async with answering(answer) as api_url:
        failed = await failure(api_url)
    assert failed.permanent is None and failed.uncertain


async def test_a_cut_connection_is_not_tried_again_and_leaves_us_uncertain() -> None:
    requests: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        requests.append(request.path)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with answering(answer) as api_url:
        failed = await failure(api_url)
    assert failed.permanent is None and failed.uncertain
    assert len(requests) == 1


async def test_nobody_there_means_that_nothing_was_done() -> None:
    failed = await failure("http://127.0.0.1:9/api/")
    assert failed.permanent is None and not failed.uncertain
