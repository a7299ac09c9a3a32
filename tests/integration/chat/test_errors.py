"""Errors of every origin leave in one envelope, and bodies are limited before they are read."""

from collections.abc import AsyncIterator

import pytest

from backend.conversations import inbox
from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import Talk, refused

LIMIT = 64 * 1024


async def test_an_unknown_address(site: Site) -> None:
    for path in ("/api/chat/nothing", "/api/nothing", "/api/chat", "/api/"):
        refused(await site.client.get(path), 404, "not_found")


async def test_a_wrong_method(site: Site) -> None:
    for method, path in (
        ("GET", "/api/chat/conversations"),
        ("DELETE", "/api/chat/messages"),
        ("POST", "/api/chat/stream"),
        ("GET", "/api/chat/rating"),
    ):
        response = await site.client.request(method, path)
        refused(response, 405, "method_not_allowed")
        assert response.headers["allow"]


async def test_a_fault_of_ours_tells_nothing(
    site: Site, talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("the store is on fire")

    monkeypatch.setattr(inbox, "receive", broken)
    response = await talk.post(text="我的电话是13800000001")
    refused(response, 500, "internal")
    assert "fire" not in response.text
    assert "13800000001" not in caplog.text


def announced(size: int) -> bytes:
    head = b'{"client_message_id": "m1", "text": "'
    return head + b"a" * (size - len(head) - 2) + b'"}'


async def chunked(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 4096):
        yield body[start : start + 4096]


@pytest.mark.parametrize("path", ["/api/chat/messages", "/api/chat/conversations"])
async def test_an_announced_body_over_the_limit(site: Site, talk: Talk, path: str) -> None:
    headers = {**talk.key, "Content-Type": "application/json"}
    response = await site.client.post(path, content=announced(LIMIT + 1), headers=headers)
    refused(response, 413, "too_large")


@pytest.mark.parametrize("path", ["/api/chat/messages", "/api/chat/conversations"])
async def test_a_body_over_the_limit_that_was_not_announced(
    site: Site, talk: Talk, path: str
) -> None:
    headers = {**talk.key, "Content-Type": "application/json"}
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(1000):
            sent.append(number)
            yield b"a" * 4096

    response = await site.client.post(path, content=endless(), headers=headers)
    refused(response, 413, "too_large")
    assert len(sent) < 20


async def test_a_body_just_within_the_limit_is_read(site: Site, talk: Talk) -> None:
    headers = {**talk.key, "Content-Type": "application/json"}
    for content in (announced(LIMIT), chunked(announced(LIMIT))):
        response = await site.client.post("/api/chat/messages", content=content, headers=headers)
        # Read, and so known to hold too many characters.
        refused(response, 413, "too_large")
        assert "2000" in response.json()["error"]["message"]


async def test_an_upload_over_the_limit_that_was_not_announced(site: Site, talk: Talk) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
            b"Content-Type: image/png\r\n\r\n"
        )
        for _ in range(10 * 1024):
            yield b"a" * 1024

    headers = {**talk.key, "Content-Type": "multipart/form-data; boundary=x"}
    response = await site.client.post("/api/chat/attachments", content=endless(), headers=headers)
    refused(response, 413, "too_large")


async def test_answers_carry_the_headers_that_protect(site: Site, talk: Talk) -> None:
    for response in (
        await site.client.get("/api/chat/messages", headers=talk.key),
        await site.client.get("/api/chat/messages"),
        await site.client.get("/api/nothing"),
    ):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["x-frame-options"] == "DENY"
        assert "default-src 'self'" in response.headers["content-security-policy"]


async def test_the_api_describes_itself(site: Site) -> None:
    described = (await site.client.get("/api/openapi.json")).json()
    paths = described["paths"]
    for path in ("conversations", "messages", "stream", "attachments", "rating", "end"):
        assert f"/api/chat/{path}" in paths
    responses = paths["/api/chat/messages"]["post"]["responses"]
    assert {"202", "401", "404", "413", "422", "429"} <= set(responses)
    for status in ("401", "404", "413", "422", "429"):
        schema = responses[status]["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Error"}
