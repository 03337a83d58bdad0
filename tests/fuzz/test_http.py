"""Whatever is sent to the HTTP endpoint, signed or not: it is refused or ignored, and the desk works on."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import aiohttp
import pytest
from pydantic import SecretStr

from chatdesk.body_limit import LARGEST_BODY
from chatdesk.contract.vocabulary import Platform
from chatdesk.demo.seats import says, wait_for
from chatdesk.demo.world import World, world
from chatdesk.settings import HttpSettings
from tests.fuzz.mutation import Json, garbage, nested, spoilt
from tests.scenarios.stage import Stage, Ticket
from tests.scenarios.variants import DESK

SLACK = Platform("slack")
TRIES = int(os.environ.get("CHATDESK_FUZZ_TRIES", "60"))
SEED = int(os.environ.get("CHATDESK_FUZZ_SEED", "1"))
OLD_SECONDS = 60 * 6
"""More than the five minutes that Slack allows a request to be old."""


@dataclass(frozen=True, slots=True)
class Genuine:
    """A request as Slack sent it."""

    kind: str
    payload: Json

    def body(self, payload: Json) -> bytes:
        if self.kind == "events_api":
            return json.dumps(payload).encode()
        if self.kind == "slash_commands" and isinstance(payload, dict):
            fields = {
                name: value if isinstance(value, str) else json.dumps(value)
                for name, value in payload.items()
            }
            return urlencode(fields, errors="surrogatepass").encode()
        return urlencode({"payload": json.dumps(payload)}).encode()

    @property
    def content_type(self) -> str:
        return "application/json" if self.kind == "events_api" else "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The bot's HTTP endpoint, and everything that Slack sent to it while people worked a ticket."""

    here: World
    ticket: Ticket
    http: aiohttp.ClientSession
    url: str
    secret: str
    requests: Sequence[Genuine]

    async def send(
        self, body: bytes, content_type: str = "application/json", *, late: int = 0, signed: bool = True
    ) -> int:
        """The status of the answer, which must give nothing away."""
        stamp = str(int(time.time()) - late)
        headers = {"Content-Type": content_type, "X-Slack-Request-Timestamp": stamp}
        if signed:
            digest = hmac.new(self.secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
            headers["X-Slack-Signature"] = f"v0={digest.hexdigest()}"
        async with self.http.post(self.url, data=body, headers=headers) as response:
            answer = await response.text(errors="replace")
            assert "Traceback" not in answer and "xoxb" not in answer and self.secret not in answer
            return response.status

    async def works(self, words: str) -> None:
        """What the customer writes still reaches the agent."""
        await self.ticket.customer.post(words)
        await wait_for(self.ticket.agent, says(words), "what was written after all this")


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncIterator[Endpoint]:
    each_on_its_own = aiohttp.TCPConnector(force_close=True)
    async with (
        world(tmp_path, desk_file=DESK) as here,
        aiohttp.ClientSession(connector=each_on_its_own) as http,
    ):
        secret = here.slack.app.signing_secret
        section = here.settings.adapters[SLACK].model_copy(
            update={"app_token": None, "signing_secret": SecretStr(secret)}
        )
        await here.stop_bot()
        here.settings = here.settings.model_copy(
            update={
                "adapters": {**here.settings.adapters, SLACK: section},
                "http": HttpSettings(port=0),
            }
        )
        bot = await here.start_bot()
        assert bot.http is not None
        url = f"{bot.http.url}/slack/events"
        await here.slack.playground.control.set_request_url(here.slack.app.team_id, url)
        ticket = await worked(here)
        sent = here.slack.playground.events
        requests = [Genuine(one.kind, cast(Json, json.loads(json.dumps(one.payload)))) for one in sent]
        yield Endpoint(here, ticket, http, url, secret, requests)


async def worked(here: World) -> Ticket:
    """A ticket on which each kind of request came by once."""
    stage = Stage.of(here, "slack-slack")
    ticket = await stage.open_ticket("My screen stays black", "Black screen")
    mine = await ticket.customer.post("since Mnoday")
    await wait_for(ticket.agent, says("since Mnoday"), "the copy")
    await ticket.customer.edit(mine, "since Monday")
    await ticket.customer.react(mine, "👍")
    await ticket.customer.post("see here", [("a.txt", b"a")])
    await stage.agent.command("tag", ticket="1", action="add", tag="vpn")
    await ticket.press("Claim")
    await stage.agent.choose(ticket.card, "More", "Note")
    await here.slack.ana.wait_for_modal(lambda view: bool(view.submit))
    await stage.agent.fill_in(**{"Your note": "he is right"})
    await ticket.agent.mention("priority high")
    gone = await ticket.customer.post("wrong window")
    await ticket.customer.delete(gone)
    await here.quiet()
    return ticket


async def test_signed_nonsense_is_never_our_fault(endpoint: Endpoint) -> None:
    chance = random.Random(SEED)
    kinds = {request.kind for request in endpoint.requests}
    assert kinds == {"events_api", "interactive", "slash_commands"}
    failed: list[str] = []
    for _ in range(TRIES):
        request = chance.choice(endpoint.requests)
        payload = spoilt(request.payload, chance)
        status = await endpoint.send(request.body(payload), request.content_type)
        if status >= 500:
            failed.append(f"{status}: {request.kind} {json.dumps(payload)[:3000]}")
    assert not failed, "\n".join(failed)
    await endpoint.works("all is well")


async def test_a_name_that_is_no_text_is_refused(endpoint: Endpoint) -> None:
    """Bolt searches in an event's type as in a text."""
    request = next(one for one in endpoint.requests if one.kind == "events_api")
    payload = json.loads(json.dumps(request.payload))
    payload["event"]["type"] = [[]]
    assert await endpoint.send(request.body(payload), request.content_type) == 400


async def test_bytes_that_are_no_payload_are_never_our_fault(endpoint: Endpoint) -> None:
    chance = random.Random(SEED)
    deep = json.dumps(nested(900)).encode()
    for body in (
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"',
        b"\xff\xfe",
        deep,
        b"payload=",
        b"payload=%7B",
        b"payload=[]",
    ):
        for content_type in ("application/json", "application/x-www-form-urlencoded", "text/plain", ""):
            assert await endpoint.send(body, content_type) < 500, (body[:50], content_type)
    for _ in range(TRIES // 3):
        request = chance.choice(endpoint.requests)
        body = garbage(request.body(request.payload), chance)
        content_type = chance.choice((request.content_type, "application/json", "multipart/form-data"))
        assert await endpoint.send(body, content_type) < 500, (body[:200], content_type)
    await endpoint.works("all is well")


async def test_what_is_not_signed_or_old_is_refused_and_changes_nothing(endpoint: Endpoint) -> None:
    request = next(one for one in endpoint.requests if one.kind == "slash_commands")
    body = request.body({**cast(dict[str, Json], request.payload), "text": "tag #1 add forged"})
    assert await endpoint.send(body, request.content_type, signed=False) == 401
    assert await endpoint.send(body, request.content_type, late=OLD_SECONDS) == 401
    assert await endpoint.send(body, request.content_type, late=-OLD_SECONDS) == 401
    headers = {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=é"}
    async with endpoint.http.post(endpoint.url, data=body, headers=headers) as response:
        assert response.status == 401
    card = await endpoint.ticket.card_now()
    assert "forged" not in card.text


async def test_a_body_over_one_mebibyte_is_refused(endpoint: Endpoint) -> None:
    assert await endpoint.send(b"x" * (LARGEST_BODY + 1)) == 413

    async def drops() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * (LARGEST_BODY // 16)

    async with endpoint.http.post(endpoint.url, data=drops()) as response:
        assert response.status == 413
    async with endpoint.http.post(endpoint.url, data=b"x" * LARGEST_BODY) as response:
        assert response.status == 401
