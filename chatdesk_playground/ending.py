"""The end of a playground's server, as soon as everything under way was answered."""

from __future__ import annotations

import asyncio

import uvicorn

PATIENCE_SECONDS = 1.0
_LOOK_SECONDS = 0.002


async def end(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    """Stop listening, and wait a moment for requests under way.

    Uvicorn would do it itself, but looks only every tenth of a second whether it may, three times.
    """
    clock = asyncio.get_running_loop().time
    state, deadline = server.server_state, clock() + PATIENCE_SECONDS
    for listening in server.servers:
        listening.close()
    for connection in list(state.connections):
        connection.shutdown()
    while clock() < deadline:
        if not state.connections and not state.tasks:
            break
        await asyncio.sleep(_LOOK_SECONDS)
    for task in [serving, *state.tasks]:
        task.cancel()
    await asyncio.gather(serving, *state.tasks, return_exceptions=True)
