"""Files: uploads by the app and by people, private downloads, deletion."""

from __future__ import annotations

import aiohttp

from tests.playground.slack.conftest import Acme
from tests.playground.slack.test_chat import error_of


async def fetched(url: str, token: str = "") -> tuple[str, bytes]:
    """Media type and bytes behind an address."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as response:
        return response.content_type, await response.read()


async def test_the_sdk_uploads_into_a_thread(acme: Acme) -> None:
    root = await acme.ana.post(acme.support, "root")
    await acme.client().files_upload_v2(
        channel=acme.support,
        thread_ts=root.ts,
        initial_comment="the log",
        file_uploads=[{"filename": "a.log", "content": "a"}, {"filename": "b.bin", "file": b"\x00\x01"}],
    )
    seen = (await acme.ana.messages(acme.support, thread_ts=root.ts))[-1]
    assert (seen.text, seen.subtype, [file.name for file in seen.files]) == (
        "the log", "file_share", ["a.log", "b.bin"],
    )  # fmt: skip
    assert await acme.ana.download(seen.files[1]) == b"\x00\x01"


async def test_shares_are_known_only_after_the_completion(acme: Acme) -> None:
    client = acme.client()
    place = await client.files_getUploadURLExternal(filename="r.txt", length=3)
    async with aiohttp.ClientSession() as http:
        async with http.post(place["upload_url"], data=b"four") as wrong:
            assert wrong.status == 400
        unready = client.files_completeUploadExternal(files=[{"id": place["file_id"]}])
        assert await error_of(unready) == "file_not_found"
        async with http.post(place["upload_url"], data=b"abc") as right:
            assert (right.status, await right.text()) == (200, "OK - 3")
    done = await client.files_completeUploadExternal(
        files=[{"id": place["file_id"], "title": "Report"}], channel_id=acme.support
    )
    assert "shares" not in done["files"][0]
    info = (await client.files_info(file=place["file_id"]))["file"]
    (share,) = info["shares"]["public"][acme.support]
    (message,) = await acme.ana.messages(acme.support)
    assert (share["ts"], info["title"]) == (message.ts, "Report")


async def test_downloads_need_the_token(acme: Acme) -> None:
    shared = await acme.ana.upload(acme.support, ("a.txt", b"secret"))
    (file,) = shared.files
    assert await fetched(file.url, acme.app.bot_token) == ("text/plain", b"secret")
    assert (await fetched(file.url))[0] == "text/html"
    assert (await fetched(file.url, "xoxb-wrong"))[0] == "text/html"
    assert await acme.bo.download(file) == b"secret"
    other = await acme.slack.control.create_workspace("other")
    assert (await fetched(file.url, other.bot_token))[0] == "text/html"


async def test_deletion_leaves_nothing_to_fetch(acme: Acme) -> None:
    shared = await acme.ana.upload(acme.support, ("a.txt", b"x"), text="look")
    (file,) = shared.files
    assert await error_of(acme.client().files_delete(file=file.id)) == "cant_delete_file"
    await acme.ana.delete_file(file.id)
    assert await error_of(acme.client().files_info(file=file.id)) == "file_deleted"
    history = (await acme.client().conversations_history(channel=acme.support))["messages"]
    assert history[0]["files"] == [{"id": file.id, "mode": "tombstone"}]
    (seen,) = await acme.bo.messages(acme.support)
    assert (seen.text, list(seen.files)) == ("look", [])


async def test_refusals(acme: Acme) -> None:
    client = acme.client()
    empty = client.files_getUploadURLExternal(filename="a.txt", length=0)
    assert await error_of(empty) == "invalid_arguments"
    assert await error_of(client.files_info(file="F404")) == "file_not_found"
    elsewhere = await acme.slack.control.create_channel(acme.app.team_id, "elsewhere", bot=False)
    place = await client.files_getUploadURLExternal(filename="a.txt", length=1)
    async with aiohttp.ClientSession() as http, http.post(place["upload_url"], data=b"x"):
        pass
    files = [{"id": place["file_id"]}]
    outside = client.files_completeUploadExternal(files=files, channel_id=elsewhere)
    assert await error_of(outside) == "not_in_channel"
    nowhere = client.files_completeUploadExternal(files=files, channel_id=acme.support, thread_ts="1.1")
    assert await error_of(nowhere) == "invalid_thread_ts"
    await client.files_completeUploadExternal(files=files, channel_id=acme.support)
    assert len(await acme.ana.messages(acme.support)) == 1
