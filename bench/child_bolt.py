"""A Bolt app whose listener for the command does nothing but acknowledge; ``default`` mode or ``bare``.

In its default mode Bolt runs a listener in the background and polls for its acknowledgement; ``bare`` is with
``process_before_response``, as the bot has it.
"""

from __future__ import annotations

import asyncio
import socket
import sys

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.children import until_input_ends


def bolt(mode: str, secret: str) -> AsyncApp:
    """The app, which asks Slack nothing by itself."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-bench", bot_id="B1", bot_user_id="U1"
        )

    app = AsyncApp(signing_secret=secret, authorize=authorize, process_before_response=mode == "bare")

    async def listener(ack: AsyncAck) -> None:
        await ack()

    app.command("/ticket")(listener)
    return app


async def _run(mode: str, secret: str) -> None:
    handler = AsyncSlackRequestHandler(bolt(mode, secret))

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    web = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(web, log_config=None, access_log=False, lifespan="off", http="h11")
    serving = asyncio.create_task(uvicorn.Server(config).serve(sockets=[listener]))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    await until_input_ends()
    serving.cancel()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], sys.argv[2]))
