"""The HTTP side of files and pictures: taking uploads, giving private downloads, drawing avatars."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from chatdesk_playground.slack.messages import file_type
from chatdesk_playground.slack.site import Site
from chatdesk_playground.slack.state import StoredFile, Workspace


@dataclass(frozen=True, slots=True)
class FileServer:
    """Upload addresses, private downloads and avatars."""

    site: Site

    async def upload(self, request: Request) -> Response:
        """The bytes for an address that files.getUploadURLExternal gave: raw, or as a form's file."""
        file = self._awaiting(request.path_params["key"])
        if file is None:
            return PlainTextResponse("not found", 404)
        self.site.requests_under_way += 1
        try:
            content = await _content(request)
        finally:
            self.site.requests_under_way -= 1
        if len(content) != file.size:
            return PlainTextResponse(f"expected {file.size} bytes, got {len(content)}", 400)
        file.content = content
        return PlainTextResponse(f"OK - {len(content)}")

    async def download(self, request: Request) -> Response:
        """A file's bytes, for tokens of its workspace. Others get a login page, as Slack gives them."""
        team_id, _, file_id = request.path_params["id"].partition("-")
        workspace = self.site.world.workspaces.get(team_id)
        file = workspace.files.get(file_id) if workspace else None
        token = request.headers.get("authorization", "").partition(" ")[2].strip()
        if workspace is None or not self._may_read(workspace, token, file):
            return Response("<!DOCTYPE html><html><body>Sign in</body></html>", 200, media_type="text/html")
        if file is None or file.content is None or file.deleted:
            return PlainTextResponse("not found", 404)
        return Response(file.content, media_type=file_type(file.name)[0])

    async def avatar(self, request: Request) -> Response:
        """A square in a colour of the person's own."""
        seed = zlib.crc32(request.path_params["name"].partition("-")[0].encode())
        return Response(_square(seed & 255, (seed >> 8) & 255, (seed >> 16) & 255), media_type="image/png")

    def _awaiting(self, key: str) -> StoredFile | None:
        for workspace in self.site.world.workspaces.values():
            for file in workspace.files.values():
                if file.upload_key == key and not file.completed:
                    return file
        return None

    def _may_read(self, workspace: Workspace, token: str, file: StoredFile | None) -> bool:
        if token == workspace.bot_token:
            alive = workspace.installed and token not in self.site.world.revoked_tokens
            return alive and "files:read" in workspace.scopes
        return bool(token) and any(user.token == token for user in workspace.users.values())


async def _content(request: Request) -> bytes:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            for part in form.values():
                if not isinstance(part, str):
                    return await part.read()
        return b""
    return await request.body()


def _square(red: int, green: int, blue: int, side: int = 8) -> bytes:
    row = b"\x00" + bytes((red, green, blue)) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * side)), (b"IEND", b""))
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + chunks
