"""The page on which somebody lets an app into a workspace: https://docs.slack.dev/authentication/installing-with-oauth

One form for each workspace that there is, as the person who allows it would choose it in Slack's own page.
"""

from __future__ import annotations

import html
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import App, Workspace
from chatdesk_playground.slack.wire import child, texts


@dataclass(frozen=True, slots=True)
class Consent:
    """`/oauth/v2/authorize`: shows the page, and takes what was pressed on it."""

    site: Site

    async def show(self, request: Request) -> Response:
        """The page with its buttons."""
        query = request.query_params
        app = self._app(query)
        if app is None:
            return _trouble("Invalid client_id parameter")
        if not _redirect(app, query):
            return _trouble("redirect_uri did not match any configured URIs.")
        forms = "".join(
            f'<form method="post"><input type="hidden" name="team" value="{workspace.id}">'
            f"<p>{html.escape(app.name)} is requesting permission to access the "
            f"{html.escape(workspace.name)} workspace: {html.escape(query.get('scope', ''))}</p>"
            '<button name="press" value="allow">Allow</button>'
            '<button name="press" value="cancel">Cancel</button></form>'
            for workspace in self._workspaces(app)
        )
        return HTMLResponse(f"<!doctype html><title>Authorize</title>{forms}")

    async def press(self, request: Request) -> Response:
        """Allow or Cancel: back to the app, with a code or with `access_denied`."""
        query = request.query_params
        app = self._app(query)
        async with request.form() as form:
            pressed, team = str(form.get("press")), str(form.get("team"))
        workspace = next((one for one in self._workspaces(app) if one.id == team), None) if app else None
        if app is None or workspace is None:
            return _trouble("Invalid client_id parameter")
        back = {"state": query["state"]} if "state" in query else {}
        if pressed == "allow":
            back |= {"code": self._allow(workspace, query.get("scope", ""))}
        else:
            back |= {"error": "access_denied"}
        return RedirectResponse(f"{_redirect(app, query)}?{urlencode(back)}", 302)

    def _app(self, query: Mapping[str, str]) -> App | None:
        wanted = query.get("client_id", "")
        return next((app for app in self.site.world.apps.values() if app.client_id == wanted), None)

    def _workspaces(self, app: App) -> list[Workspace]:
        return [one for one in self.site.world.workspaces.values() if one.app_id == app.id]

    def _allow(self, workspace: Workspace, scopes: str) -> str:
        """What is granted adds up; who was thrown out gets a new token."""
        world = self.site.world
        if not workspace.installed or workspace.bot_token in world.revoked_tokens:
            workspace.bot_token = f"xoxb-{secrets.token_hex(24)}"
            workspace.scopes = frozenset()
        workspace.scopes |= {scope for scope in scopes.split(",") if scope}
        workspace.installed = True
        code = secrets.token_hex(12)
        world.codes[code] = workspace.id
        world.touch()
        return code


def _redirect(app: App, query: Mapping[str, str]) -> str:
    configured = texts(child(app.manifest or {}, "oauth_config"), "redirect_urls")
    return query.get("redirect_uri", "") or next(iter(configured), "")


def _trouble(sentence: str) -> Response:
    return HTMLResponse(f"<!doctype html><title>Oops</title><p>{html.escape(sentence)}</p>", 400)
