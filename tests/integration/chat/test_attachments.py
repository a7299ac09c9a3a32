"""Pictures: read by their content, kept for one conversation."""

import io
import struct
import zlib
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import Talk, refused

MEGABYTE = 1024 * 1024


def picture(kind: str = "PNG", size: tuple[int, int] = (32, 24)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, kind)
    return made.getvalue()


def bomb(side: int) -> bytes:
    """A small PNG that would fill the memory: `side` times `side` pixels of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data)
        )  # fmt: skip

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * (side * (side // 8 + 1)), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    )


async def upload(
    talk: Talk, data: bytes, name: str = "car.png", kind: str = "image/png"
) -> httpx.Response:
    files = {"file": (name, data, kind)}
    return await talk.client.post("/api/chat/attachments", files=files, headers=talk.key)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_a_picture_is_kept_and_comes_back(site: Site, talk: Talk, kind: str) -> None:
    data = picture(kind)
    response = await upload(talk, data, name="whatever.bin", kind="application/octet-stream")
    assert response.status_code == 201, response.text
    assert set(response.json()) == {"attachment_id"}
    address = f"/api/chat/attachments/{response.json()['attachment_id']}"
    back = await site.client.get(address, headers=talk.key)
    assert back.status_code == 200
    assert back.content == data
    assert back.headers["content-type"] == f"image/{kind.lower()}"
    assert back.headers["x-content-type-options"] == "nosniff"
    assert "private" in back.headers["cache-control"]


async def test_a_picture_in_a_message(site: Site, talk: Talk) -> None:
    attachment = (await upload(talk, picture())).json()["attachment_id"]
    alone = await talk.post(attachment=attachment)
    with_words = await talk.post(attachment=attachment, text="这里有划痕")
    assert (alone.status_code, with_words.status_code) == (202, 202)
    await talk.hears(2)
    shown = [one for one in (await talk.read())["messages"] if one["sender"] == "customer"]
    assert [one["attachment"] for one in shown] == [attachment] * 2
    assert [one["text"] for one in shown] == ["", "这里有划痕"]
    first, second = site.assistant.calls
    assert (first.payload, first.text) == ("/send_picture", "")
    assert (second.payload, second.text) == (None, "这里有划痕")


async def test_pictures_belong_to_one_conversation(site: Site, talk: Talk) -> None:
    attachment = (await upload(talk, picture())).json()["attachment_id"]
    other = await site.talk()
    refused(await other.post(attachment=attachment), 404, "unknown_attachment")
    refused(await other.post(attachment=attachment, text="看"), 404, "unknown_attachment")
    address = f"/api/chat/attachments/{attachment}"
    refused(await site.client.get(address, headers=other.key), 404, "unknown_attachment")
    assert await site.messages(other) == []


@pytest.mark.parametrize("wrong", ["0" * 32, "..%2f..%2fchefu.db", "%00", "a" * 100])
async def test_no_address_leads_elsewhere(site: Site, talk: Talk, wrong: str) -> None:
    refused(await site.client.get(f"/api/chat/attachments/{wrong}", headers=talk.key), 404)


NO_PICTURES = [
    b"",
    "这不是图片".encode(),
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    b"<html><script>alert(1)</script></html>",
    b"\x89PNG\r\n\x1a\n",
    picture()[:40],
    b"GIF89a" + b"\x00" * 4,
    picture("BMP"),
]


async def test_what_is_no_picture(site: Site, talk: Talk) -> None:
    for data in NO_PICTURES:
        refused(await upload(talk, data), 422)
    assert not list((site.app.state.services.settings.var).glob("attachments/*"))


async def test_too_large(site: Site, talk: Talk) -> None:
    refused(await upload(talk, picture() + b"\x00" * (8 * MEGABYTE)), 413, "too_large")
    refused(await upload(talk, picture() + b"\x00" * (10 * MEGABYTE)), 413, "too_large")
    assert not list((site.app.state.services.settings.var).glob("attachments/*"))


@pytest.mark.parametrize("side", [8_000, 16_000, 30_000])
async def test_a_small_file_with_a_huge_picture(talk: Talk, side: int) -> None:
    data = bomb(side)
    assert len(data) < MEGABYTE
    response = await upload(talk, data)
    assert response.status_code in (413, 422)
    refused(response, response.status_code)


MALFORMED: list[dict[str, Any]] = [
    {},
    {"files": {"other": b"x"}},
    {"data": {"file": "text"}},
    {"json": {"file": "x"}},
    {"content": b"nonsense", "type": "multipart/form-data; boundary=x"},
    {"content": b"nonsense", "type": "multipart/form-data"},
]


async def test_malformed_uploads(site: Site, talk: Talk) -> None:
    for options in MALFORMED:
        sent = dict(options)
        kind = sent.pop("type", None)
        headers = {**talk.key, "Content-Type": kind} if kind else talk.key
        response = await site.client.post("/api/chat/attachments", headers=headers, **sent)
        refused(response, 422, "malformed")
