"""The way to S3-compatible storage, over HTTP, against as much of it as we use."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from chatdesk.courier.archive import ObjectArchive
from chatdesk.courier.files import StorageAway
from chatdesk.settings import FilesSettings, Settings
from chatdesk.storage import open_files
from tests.courier.test_files import chunks
from tests.http_server import MIB, answered_by

LARGE = bytes(range(256)) * (12 * MIB // 256)


class Bucket:
    """Keeps objects in memory; takes them whole or in parts, and lists them."""

    def __init__(self) -> None:
        self.url = ""
        self.objects: dict[str, bytes] = {}
        self.parts: dict[int, bytes] = {}
        self.unsigned = 0
        self.largest_request = 0

    async def answer(self, request: web.Request) -> web.Response:
        self.unsigned += "Credential=the-key/" not in request.headers.get("Authorization", "")
        body = await request.read()
        self.largest_request = max(self.largest_request, len(body))
        name = request.path.removeprefix("/bucket/")
        match request.method:
            case "PUT" if "partNumber" in request.query:
                self.parts[int(request.query["partNumber"])] = body
            case "PUT":
                self.objects[name] = body
            case "POST" if "uploads" in request.query:
                return _xml(
                    "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
                )
            case "POST" if "uploadId" in request.query:
                self.objects[name] = b"".join(self.parts[number] for number in sorted(self.parts))
                done = "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"
                return _xml(done)
            case "POST" if "delete" in request.query:
                gone = re.findall("<Key>(.*?)</Key>", body.decode())
                self.objects = {key: value for key, value in self.objects.items() if key not in gone}
                told = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in gone)
                return _xml(f"<DeleteResult>{told}</DeleteResult>")
            case "GET" if "list-type" in request.query:
                return _xml(self._listed(request.query.get("prefix", "")))
            case "GET" | "HEAD":
                return self._object(name)
        return web.Response(headers={"ETag": "e"})

    def _object(self, name: str) -> web.Response:
        if name not in self.objects:
            return web.Response(status=404)
        headers = {"ETag": "e", "Last-Modified": "Sat, 21 Nov 2026 10:30:00 GMT"}
        return web.Response(body=self.objects[name], headers=headers)

    def _listed(self, prefix: str) -> str:
        entries = "".join(
            f"<Contents><Key>{name}</Key><LastModified>2026-11-21T10:30:00.000Z</LastModified>"
            f"<ETag>e</ETag><Size>{len(content)}</Size></Contents>"
            for name, content in self.objects.items()
            if name.startswith(prefix)
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>"


def _xml(text: str) -> web.Response:
    return web.Response(text=f'<?xml version="1.0"?>{text}', content_type="application/xml")


@pytest.fixture
async def bucket() -> AsyncIterator[Bucket]:
    made = Bucket()
    async with answered_by(made.answer, largest_body=64 * MIB) as made.url:
        yield made


def settings(bucket: Bucket, folder: Path) -> Settings:
    files = {"url": "s3://bucket/desk", "endpoint": bucket.url, "region": "here", "access_key": "the-key"}
    return Settings(
        data_dir=folder, files=FilesSettings.model_validate({**files, "secret_key": "the-secret"})
    )


async def test_files_go_there_and_come_back(bucket: Bucket, tmp_path: Path) -> None:
    store = open_files(settings(bucket, tmp_path / "one"))
    small = await store.store(chunks([b"hello"]), 10)
    large = await store.store(chunks([LARGE]), len(LARGE))
    assert large.digest == hashlib.sha256(LARGE).hexdigest()
    names = {f"desk/{one.digest[:2]}/{one.digest[2:]}" for one in (small, large)}
    assert set(bucket.objects) == names
    assert bucket.largest_request < len(LARGE), "in parts"
    elsewhere = open_files(settings(bucket, tmp_path / "two"))
    assert await elsewhere.bring(large.digest)
    assert elsewhere.path(large.digest).read_bytes() == LARGE
    assert not await elsewhere.bring("0" * 64)
    assert bucket.unsigned == 0


async def test_what_stands_there_is_listed_and_removed(bucket: Bucket, tmp_path: Path) -> None:
    store = open_files(settings(bucket, tmp_path))
    stored = await store.store(chunks([b"hello"]), 10)
    assert isinstance(store.archive, ObjectArchive)
    since = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    assert [one async for one in store.archive.older(since + timedelta(seconds=1))] == [stored.digest]
    assert [one async for one in store.archive.older(since)] == []
    assert not await store.archive.remove(stored.digest, since)
    assert await store.archive.remove(stored.digest, since + timedelta(seconds=1))
    assert bucket.objects == {}


async def test_refused_credentials_are_storage_that_is_away(tmp_path: Path) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=403, text="<Error><Code>AccessDenied</Code></Error>")

    refusing = Bucket()
    async with answered_by(refuse) as refusing.url:
        with pytest.raises(StorageAway, match="lacked the necessary privileges"):
            await open_files(settings(refusing, tmp_path)).store(chunks([b"hello"]), 10)
