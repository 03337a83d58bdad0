"""Other programs are told what rules want them told: signed, again if it fails, and never elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from aiohttp import web

from chatdesk.contract.vocabulary import Side
from chatdesk.desk.hooks import MOST_TRIES
from chatdesk.domain.organisation import Webhook
from chatdesk.domain.rules import Happening, Rule
from chatdesk.domain.steps import Step, StepKind
from chatdesk.webhooks import WebhookSender
from tests.desk.humans import CLEO
from tests.desk.organisation import ACME, PUBLIC
from tests.desk.world import World

SECRET = "a secret that nobody guesses"


@dataclass
class Program:
    """Something on loopback that is told things. ``answers``: with which status, in turn; then 200."""

    url: str = ""
    told: list[tuple[dict[str, str], str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        self.told.append((dict(request.headers), await request.text()))
        status = self.answers.pop(0) if self.answers else 200
        return web.Response(status=status, headers={"Location": "/elsewhere"} if status == 302 else None)


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    made = Program()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def desk(folder: Path, program: Program) -> World:
    rule = Rule("tell", (Step(StepKind.WEBHOOK, "crm"),), (Happening.CREATED,))
    world = await World.open(folder, replace(ACME, rules=(rule,), webhooks=(Webhook("crm", program.url),)))
    await world.ask_ticket(CLEO, world.message(CLEO, PUBLIC, "My secret burns"))
    return world


async def test_told_once_signed_and_without_words_or_names(tmp_path: Path, program: Program) -> None:
    world = await desk(tmp_path, program)
    sender = WebhookSender(world.writer, world.clock, SECRET)
    assert (await sender.send(), await sender.send()) == (1, 0)
    ((headers, body),) = program.told
    said = json.loads(body)
    assert (said["desk"], said["rule"]) == ("acme", "tell")
    assert (said["ticket"]["number"], said["ticket"]["team"]) == (1, "support")
    assert "burns" not in body and "cleo" not in body.casefold()
    stamp, _, digest = headers["X-Chatdesk-Signature"].partition(",v1=")
    expected = hmac.new(SECRET.encode(), f"{stamp.removeprefix('t=')}.{body}".encode(), hashlib.sha256)
    assert digest == expected.hexdigest()
    assert headers["X-Chatdesk-Delivery"]
    await world.close()


async def test_tried_again_and_redirected_nowhere(tmp_path: Path, program: Program) -> None:
    world = await desk(tmp_path, program)
    program.answers = [500, 302]
    sender = WebhookSender(world.writer, world.clock, SECRET)
    await sender.send()
    assert await sender.send() == 0, "not at once"
    for _ in range(3):
        world.clock.advance(minutes=1)
        await sender.send()
    assert len(program.told) == 3
    assert len({headers["X-Chatdesk-Delivery"] for headers, _ in program.told}) == 1
    assert "webhook_failed" not in world.kinds(1)
    await world.close()


@pytest.mark.parametrize("secret", [SECRET, None])
async def test_given_up_in_the_end_and_told_to_the_team(
    tmp_path: Path, program: Program, secret: str | None
) -> None:
    world = await desk(tmp_path, program)
    program.answers = [503] * 20
    sender = WebhookSender(world.writer, world.clock, secret)
    for _ in range(MOST_TRIES + 2):
        await sender.send()
        world.clock.advance(hours=2)
    assert len(program.told) == (MOST_TRIES if secret else 0)
    why = "it answered 503" if secret else "CHATDESK_WEBHOOKS__SECRET is not set"
    assert any(f"could not be told of this: {why}" in line for line in world.lines(1, Side.TEAM))
    assert not any("crm" in line for line in world.lines(1, Side.CUSTOMER))
    await world.close()
