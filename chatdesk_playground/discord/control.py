"""The control interface over HTTP: making the world, acting as people, and steering the platform itself.

`POST /control/<command>` and `POST /control/users/<id>/<action>`, JSON in and out; `GET /control` lists them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chatdesk_playground.discord import people, threads
from chatdesk_playground.discord.api import read_body
from chatdesk_playground.discord.backend import Backend
from chatdesk_playground.discord.errors import ApiError
from chatdesk_playground.discord.faults import DiscordFaults
from chatdesk_playground.discord.making import MAKING
from chatdesk_playground.discord.socket import INVALID_SESSION, RECONNECT, Connection
from chatdesk_playground.discord.wire import Body, body_of, flag_of, id_of, number_of, timestamp
from chatdesk_playground.faults import fault_of

Steering = Callable[[Backend, set[Connection], Body], Awaitable[object]]
QUIET_SECONDS = 0.05


async def set_rate_limits(backend: Backend, connections: set[Connection], body: Body) -> object:
    speed = body.get("speed")
    factor = float(speed) if isinstance(speed, int | float) else 1.0
    backend.rate_limits.switch(flag_of(body, "enabled"), factor)
    return None


async def set_limits(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Active threads per server (160006), members per thread (30033), seconds for a first answer."""
    world = backend.world
    world.active_thread_limit = number_of(body, "active_threads", world.active_thread_limit)
    world.thread_member_limit = number_of(body, "thread_members", world.thread_member_limit)
    seconds = body.get("answer_seconds")
    if isinstance(seconds, int | float):
        backend.interactions.answer_seconds = float(seconds)
    return None


async def misbehave(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Lets a fault happen; see `Fault`."""
    fault = fault_of(body)
    await backend.gateway.faults.begin(fault, DiscordFaults(backend, connections).do)
    return None


async def behave(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Forgets all faults; see `Faults.clear`."""
    backend.gateway.faults.clear()
    backend.changes.note()
    return None


async def wait_struck(backend: Backend, connections: set[Connection], body: Body) -> object:
    """How often faults struck, once it was `count` times."""
    faults = backend.gateway.faults
    return {"struck": await faults.wait_struck(number_of(body, "count"), _seconds(body))}


async def advance_clock(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Pushes the clock forward; threads in which nothing was said for long enough are archived."""
    seconds = body.get("seconds")
    backend.clock.advance(float(seconds) if isinstance(seconds, int | float) else 0.0)
    threads.archive_idle(backend)
    return None


async def drop_gateway(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Cuts the sockets. The sessions stay, to be resumed, unless `resumable` is false."""
    for connection in list(connections):
        if connection.session is not None and not flag_of(body, "resumable", True):
            backend.gateway.end(connection.session)
        await connection.close(number_of(body, "code", 4000))
    return None


async def reconnect(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Asks every client to reconnect and resume (op 7)."""
    for session in backend.gateway.all():
        session.control(RECONNECT)
    return None


async def invalidate(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Tells every client that its session is invalid (op 9), resumable or not."""
    resumable = flag_of(body, "resumable")
    for session in backend.gateway.all():
        session.control(INVALID_SESSION, resumable)
        if not resumable:
            backend.gateway.end(session)
    return None


async def wait_connected(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Waits until an application has a live gateway session."""
    application_id = id_of(body, "application_id") or ""

    def connected() -> bool:
        return any(session.outbox is not None for session in backend.gateway.of(application_id))

    if not await backend.changes.until(connected, _seconds(body)):
        raise ApiError(408, 0, "The bot did not connect to the gateway in time")
    return None


def _seconds(body: Body, key: str = "timeout", default: float = 5.0) -> float:
    value = body.get(key)
    return float(value) if isinstance(value, int | float) else default


async def wait_until_quiet(backend: Backend, connections: set[Connection], body: Body) -> object:
    """Waits until the bots have got every event, have answered every interaction and ask nothing more.

    That they got an event is known from their heartbeat, which names the last number they have seen.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + _seconds(body)
    while clock() < deadline:
        for session in backend.gateway.all():
            session.ask_how_far()
        if not _quiet(backend):
            await backend.changes.after(backend.changes.version, QUIET_SECONDS)
            continue
        before = len(backend.requests), len(backend.gateway.events)
        # A bot may think for a moment between an event and what it does about it.
        await asyncio.sleep(QUIET_SECONDS)
        if _quiet(backend) and before == (len(backend.requests), len(backend.gateway.events)):
            return None
    raise ApiError(408, 0, "The bots were still busy when the time was over")


def _quiet(backend: Backend) -> bool:
    waiting = any(item.waiting for item in backend.interactions.by_id.values())
    behind = any(session.behind for session in backend.gateway.all())
    return not (waiting or behind or backend.in_flight or backend.gateway.faults.holding)


async def changes(backend: Backend, connections: set[Connection], body: Body) -> object:
    """The number of changes so far, once it is above `after` or the time is over."""
    version = await backend.changes.after(number_of(body, "after", -1), _seconds(body))
    return {"version": version}


async def requests(backend: Backend, connections: set[Connection], body: Body) -> object:
    entries = backend.requests[number_of(body, "start") :]
    return [asdict(entry) | {"at": timestamp(entry.at)} for entry in entries]


async def events(backend: Backend, connections: set[Connection], body: Body) -> object:
    entries = backend.gateway.events[number_of(body, "start") :]
    return [
        {
            "at": timestamp(entry.at),
            "application_id": entry.application_id,
            "name": entry.name,
            "data": entry.data,
        }
        for entry in entries
    ]


STEERING: Mapping[str, Steering] = {
    command.__name__: command
    for command in (
        set_rate_limits,
        set_limits,
        misbehave,
        behave,
        wait_struck,
        advance_clock,
        drop_gateway,
        reconnect,
        invalidate,
        wait_connected,
        wait_until_quiet,
        changes,
        requests,
        events,
    )
}


def routes(backend: Backend, connections: set[Connection]) -> list[BaseRoute]:
    async def steer(request: Request) -> Response:
        content, _ = await read_body(request)
        name, body = request.path_params["command"], body_of(content)
        if name in MAKING:
            return await _answered(MAKING[name](backend, body))
        if name in STEERING:
            return await _answered(STEERING[name](backend, connections, body))
        known = ", ".join((*MAKING, *STEERING))
        return JSONResponse({"message": f"There is no command {name!r}; there are: {known}", "code": 0}, 404)

    async def act(request: Request) -> Response:
        content, _ = await read_body(request)
        params = request.path_params
        return await _answered(people.act(backend, params["user_id"], params["action"], body_of(content)))

    def index(request: Request) -> Response:
        return JSONResponse({"commands": [*MAKING, *STEERING], "users/<id>": list(people.ACTIONS)})

    return [
        Route("/control", index),
        Route("/control/users/{user_id}/{action}", act, methods=["POST"]),
        Route("/control/{command}", steer, methods=["POST"]),
    ]


async def _answered(work: Awaitable[object]) -> Response:
    try:
        return JSONResponse(await work)
    except ApiError as error:
        return JSONResponse(error.body(), error.status)
    except ValueError as wrong:
        return JSONResponse({"message": str(wrong), "code": 0}, 400)
    except TimeoutError as late:
        return JSONResponse({"message": str(late), "code": 0}, 408)
    except KeyError as missing:
        return JSONResponse({"message": f"There is no {missing} here", "code": 0}, 404)
