"""Starting and stopping the playground, and its routes."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TypeAlias

import aiohttp
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from chatdesk_playground.ending import end
from chatdesk_playground.misbehaving import Misbehaving
from chatdesk_playground.slack.callbacks import Callbacks, ChallengeFailed
from chatdesk_playground.slack.client import SlackControl
from chatdesk_playground.slack.consent import Consent
from chatdesk_playground.slack.control import Control
from chatdesk_playground.slack.delivery import Delivery, Sent
from chatdesk_playground.slack.faults import FaultControl, SlackFaults
from chatdesk_playground.slack.files import FileServer
from chatdesk_playground.slack.gestures import Gestures
from chatdesk_playground.slack.inputs import NoSuchThing
from chatdesk_playground.slack.limits import RateLimits
from chatdesk_playground.slack.methods import all_methods
from chatdesk_playground.slack.people import NotAllowed, People
from chatdesk_playground.slack.response_urls import ResponseUrls
from chatdesk_playground.slack.site import RecordedRequest, Site
from chatdesk_playground.slack.sockets import Sockets
from chatdesk_playground.slack.weather import Weather
from chatdesk_playground.slack.webapi import WebApi
from chatdesk_playground.slack.wire import JsonObject, dump, parse_object
from chatdesk_playground.slack.world import NotHere, World

Handler: TypeAlias = Callable[[JsonObject], Awaitable[JsonObject]]


class SlackPlayground:
    """A Slack on loopback. Use `async with SlackPlayground.running() as slack`."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._site: Site | None = None
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._http: aiohttp.ClientSession | None = None
        self._control: SlackControl | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, port: int = 0) -> AsyncIterator[SlackPlayground]:
        """A playground that listens as long as the context lasts."""
        playground = cls(port)
        await playground.start()
        try:
            yield playground
        finally:
            await playground.stop()

    async def start(self) -> None:
        """Listen on 127.0.0.1."""
        # asyncio sends small answers without delay only on sockets that say they are TCP.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._http = aiohttp.ClientSession()
        world = World()
        sockets = Sockets(world)
        callbacks = Callbacks(self._http)
        delivery = Delivery(world, sockets, callbacks)
        self._site = Site(world, delivery, sockets, callbacks, RateLimits(), base_url)
        platform = SlackFaults(self._site)
        misbehaving = Misbehaving(application(self._site, platform), delivery.faults, platform)
        config = uvicorn.Config(
            misbehaving, log_level="warning", lifespan="off", ws="websockets-sansio",
            http="h11",  # whatever else is installed
            ws_ping_interval=None, timeout_graceful_shutdown=1,
            timeout_keep_alive=75,  # longer than clients keep theirs, so that none is cut as it is used
        )  # fmt: skip
        self._server = misbehaving.server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started:
            if self._serving.done():
                await self._serving
            await asyncio.sleep(0)
        self._control = SlackControl(base_url, self._http)

    async def stop(self) -> None:
        """Stop listening and forget everything."""
        if self._site is not None:
            await self._site.delivery.close()
            await self._site.sockets.close()
        if self._server is not None and self._serving is not None:
            await end(self._server, self._serving)
        if self._http is not None:
            await self._http.close()

    @property
    def site(self) -> Site:
        """The insides. Raises `RuntimeError` when the playground was not started."""
        if self._site is None:
            raise RuntimeError("the playground is not running")
        return self._site

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self.base_url.rpartition(":")[2])

    @property
    def base_url(self) -> str:
        """Where it listens, such as http://127.0.0.1:4711."""
        return self.site.base_url

    @property
    def api_url(self) -> str:
        """For `AsyncWebClient(base_url=…)`."""
        return self.site.api_url

    @property
    def control(self) -> SlackControl:
        """The client of the control interface."""
        if self._control is None:
            raise RuntimeError("the playground is not running")
        return self._control

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every request of the app so far."""
        return self.site.requests

    @property
    def events(self) -> list[Sent]:
        """Every event and interaction sent to the app so far, each attempt."""
        return self.site.delivery.sent


def application(site: Site, faults: SlackFaults) -> Starlette:
    """All routes of one playground."""
    files, consent = FileServer(site), Consent(site)
    routes = [
        Route("/api/{method}", WebApi(site, all_methods()).handle, methods=["GET", "POST"]),
        Route("/oauth/v2/authorize", consent.show, methods=["GET"]),
        Route("/oauth/v2/authorize", consent.press, methods=["POST"]),
        WebSocketRoute("/link", site.sockets.serve),
        Route("/responses/{team}/{key}", ResponseUrls(site).handle, methods=["POST"]),
        Route("/upload/v1/{key}", files.upload, methods=["POST"]),
        Route("/files-pri/{id}/download/{name:path}", files.download),
        Route("/files-pri/{id}/{name:path}", files.download),
        Route("/avatars/{name}", files.avatar),
        Route("/default-avatars/{name}", files.avatar),
        Route("/control/{action:path}", _Controls(control_actions(site, faults)).handle, methods=["POST"]),
    ]
    return Starlette(routes=routes)


def control_actions(site: Site, faults: SlackFaults) -> Mapping[str, Handler]:
    """Every action of the control interface by its path below /control/."""
    control, weather, people, gestures = Control(site), Weather(site), People(site), Gestures(site)
    trouble = FaultControl(faults)
    settings = (
        control.create_workspace, control.create_user, control.change_user, control.create_channel,
        control.change_channel, control.create_usergroup, control.set_usergroup_members,
        control.install_manifest, control.set_scopes, weather.set_request_url, weather.set_rate_limits,
        weather.set_timings, weather.retry_events_now, weather.disconnect, weather.connections,
        weather.attempts,
        weather.set_habits,
        weather.repeat_events,
        control.uninstall, control.revoke_token, control.unfurl, weather.changes, weather.wait_until_quiet,
        trouble.misbehave, trouble.behave, trouble.wait_struck,
    )  # fmt: skip
    human = (
        people.post, people.edit, people.delete, people.react, people.unreact, people.delete_file,
        people.messages, people.direct, people.join, people.leave, people.invite, people.channels,
        gestures.slash, gestures.message_shortcut, gestures.global_shortcut, gestures.act,
        gestures.act_in_view, gestures.submit, gestures.close_modal, gestures.modal, gestures.open_home,
        gestures.home, gestures.suggest,
    )  # fmt: skip
    named: dict[str, Handler] = {handler.__name__: handler for handler in settings}
    return named | {f"people/{handler.__name__}": handler for handler in human}


class _Controls:
    """Runs control actions; what goes wrong is told in words."""

    def __init__(self, actions: Mapping[str, Handler]) -> None:
        self._actions = actions

    async def handle(self, request: Request) -> Response:
        action = self._actions.get(request.path_params["action"])
        if action is None:
            return _json({"error": "no such action"}, 404)
        try:
            raw = await request.body()
            return _json(await action(parse_object(raw) if raw else {}), 200)
        except (NotHere, NoSuchThing, NotAllowed, ChallengeFailed, ValueError, KeyError) as problem:
            return _json({"error": str(problem)}, 400)
        except TimeoutError as late:
            return _json({"error": str(late)}, 408)


def _json(value: JsonObject, status: int) -> Response:
    return Response(dump(value), status, media_type="application/json")
