"""Sending messages: what is accepted, once, in order, and what is refused."""

import asyncio
import json
from collections import Counter
from typing import Any

from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import Talk, refused, statuses

MALFORMED: dict[str, Any] = {
    "nothing": {},
    "no client id": {"text": "你好"},
    "neither text nor choice": {"client_message_id": "m1"},
    "both": {"client_message_id": "m1", "text": "你好", "choice": "x"},
    "text is a number": {"client_message_id": "m1", "text": 5},
    "text is a list": {"client_message_id": "m1", "text": ["你好"]},
    "choice is a number": {"client_message_id": "m1", "choice": 5},
    "choice is empty": {"client_message_id": "m1", "choice": ""},
    "choice with NUL": {"client_message_id": "m1", "choice": "a\x00b"},
    "attachment with NUL": {"client_message_id": "m1", "attachment": "a\x00b"},
    "client id is a number": {"client_message_id": 1, "text": "你好"},
    "client id is empty": {"client_message_id": "", "text": "你好"},
    "client id with a blank": {"client_message_id": "a b", "text": "你好"},
    "client id with NUL": {"client_message_id": "a\x00b", "text": "你好"},
    "client id too long": {"client_message_id": "m" * 129, "text": "你好"},
    "a list": [],
    "a string": "你好",
    "null": None,
    "empty": {"client_message_id": "m1", "text": ""},
    "blanks": {"client_message_id": "m1", "text": " \t\n\u3000\u00a0"},
    "zero width": {"client_message_id": "m1", "text": "\u200b\u200d\ufeff"},
    "zero width and blanks": {"client_message_id": "m1", "text": "\u200b \u200b\u3000\u2060"},
    "direction marks": {"client_message_id": "m1", "text": "\u200e\u200f\u2066\u2069"},
    "soft hyphens": {"client_message_id": "m1", "text": "\u00ad\u00ad"},
    "NUL": {"client_message_id": "m1", "text": "\x00\x00"},
    "control characters": {"client_message_id": "m1", "text": "\x01\x1b\x7f\x9f"},
}


async def test_a_conversation_opens_with_a_token_of_its_own(site: Site) -> None:
    first, second = await site.talk("zh-CN"), await site.talk()
    assert first.id != second.id
    assert first.token != second.token
    assert len(first.token) >= 32
    stored = await site.conversation(first)
    assert (stored.locale, stored.owner, stored.channel) == ("zh-CN", "assistant", "web")
    assert first.token not in stored.token_hash


async def test_a_conversation_opens_without_a_body(site: Site) -> None:
    response = await site.client.post("/api/chat/conversations")
    assert response.status_code == 201
    assert set(response.json()) == {"conversation_id", "token"}


async def test_a_malformed_locale(site: Site) -> None:
    for locale in (5, ["zh"], "z" * 36, "zh\x00", "../etc"):
        refused(await site.client.post("/api/chat/conversations", json={"locale": locale}), 422)


async def test_a_message_is_accepted_and_answered(site: Site, talk: Talk) -> None:
    response = await talk.post(text="山屿多少钱？")
    assert response.status_code == 202
    assert set(response.json()) == {"message_id", "seq"}
    assert response.json()["seq"] == 1
    [heard] = await talk.hears()
    assert (heard["seq"], heard["sender"], heard["text"]) == (2, "assistant", "≈山屿多少钱？")
    [call] = site.assistant.calls
    assert (call.conversation_id, call.message_id) == (talk.id, response.json()["message_id"])
    assert (call.text, call.payload) == ("山屿多少钱？", None)


async def test_what_was_understood_stays_with_the_message(site: Site, talk: Talk) -> None:
    await talk.ask("山屿多少钱？")
    asked, replied = await site.messages(talk)
    assert (asked.intent, asked.confidence, asked.language) == ("ask_price", 0.93, "zh")
    assert asked.entities is not None
    assert asked.entities[0]["value"] == "shanyu"
    assert asked.ranking == [{"intent": "ask_price", "confidence": 0.93}]
    assert (asked.turn, asked.delivery) == ("done", "received")
    assert (replied.reply_to, replied.delivery, replied.intent) == (asked.id, "sent", None)


async def test_without_a_known_token_nothing_is_said(site: Site, talk: Talk) -> None:
    body = {"client_message_id": "m1", "text": "你好"}
    for headers in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {talk.token}"},
        {"Authorization": talk.token},
        {"Authorization": f"Bearer {talk.token}x"},
        {"Authorization": f"Bearer {talk.id}"},
        {"Authorization": "Bearer \u00fc\u00df".encode("latin-1").decode("latin-1")},
    ):
        sent: Any = {name: value.encode("latin-1") for name, value in headers.items()}
        for response in (
            await site.client.post("/api/chat/messages", json=body, headers=sent),
            await site.client.get("/api/chat/messages", headers=sent),
            await site.client.get("/api/chat/stream", headers=sent),
            await site.client.post("/api/chat/rating", json={"score": 5}, headers=sent),
            await site.client.post("/api/chat/attachments", files={"file": b"x"}, headers=sent),
            await site.client.get("/api/chat/attachments/" + "a" * 32, headers=sent),
        ):
            refused(response, 401, "unauthorized")
            assert response.headers["www-authenticate"] == "Bearer"
    assert await site.messages(talk) == []
    assert site.assistant.calls == []


async def test_the_scheme_is_read_in_any_case(talk: Talk) -> None:
    for scheme in ("bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {talk.token}"}
        response = await talk.client.get("/api/chat/messages", headers=headers)
        assert response.status_code == 200


async def test_malformed_messages_are_refused(site: Site, talk: Talk) -> None:
    found = {}
    for name, body in MALFORMED.items():
        response = await site.client.post("/api/chat/messages", json=body, headers=talk.key)
        found[name] = response.status_code
        if response.status_code == 422:
            refused(response, 422)
    assert found == dict.fromkeys(MALFORMED, 422)
    assert await site.messages(talk) == []


NOT_JSON = [
    b"",
    b"{",
    b"nonsense",
    b'{"client_message_id": "m1", "text": "\xff\xfe"}',
    b"\xff\xfe\x00",
    b"[" * 20_000,
    b'{"client_message_id": "m1", "text": NaN}',
]


async def test_a_body_that_is_not_json(site: Site, talk: Talk) -> None:
    headers = {**talk.key, "Content-Type": "application/json"}
    for body in NOT_JSON:
        response = await site.client.post("/api/chat/messages", content=body, headers=headers)
        refused(response, 422, "malformed")
    assert await site.messages(talk) == []


async def test_a_refusal_does_not_repeat_what_was_sent(talk: Talk) -> None:
    response = await talk.post(text=["13800000001"], choice={"phone": "13800000002"})
    refused(response, 422, "malformed")
    assert "138" not in response.text


async def test_two_thousand_characters_and_not_one_more(site: Site, talk: Talk) -> None:
    longest = "价" * 1999 + "𝕏"
    assert (await talk.post(text=longest)).status_code == 202
    refused(await talk.post(text="价" * 2001), 413, "too_large")
    refused(await talk.post(text="a" * 3000), 413, "too_large")
    refused(await talk.post(text=" " * 2001), 413, "too_large")
    await talk.hears()
    assert [one.text for one in await site.messages(talk) if one.sender == "customer"] == [longest]


async def test_the_same_client_id_is_one_message(site: Site, talk: Talk) -> None:
    body = {"client_message_id": "again", "text": "周六试驾山屿"}
    responses = await asyncio.gather(*(talk.post(**body) for _ in range(20)))
    assert statuses(responses) == [202] * 20
    assert len({json.dumps(response.json()) for response in responses}) == 1
    await talk.hears()
    later = await talk.post(**body)
    assert later.json() == responses[0].json()
    await talk.settles()
    assert Counter(one.sender for one in await site.messages(talk)) == {
        "customer": 1,
        "assistant": 1,
    }
    assert len(site.assistant.calls) == 1


async def test_the_same_client_id_in_two_conversations(site: Site) -> None:
    first, second = await site.talk(), await site.talk()
    ids = {(await one.post(client_message_id="m1", text="你好")).json()["message_id"]
           for one in (first, second)}  # fmt: skip
    assert len(ids) == 2


async def test_the_same_client_id_with_other_words_keeps_the_first(site: Site, talk: Talk) -> None:
    first = await talk.post(client_message_id="m1", text="第一句")
    second = await talk.post(client_message_id="m1", text="第二句")
    assert first.json() == second.json()
    await talk.hears()
    await talk.settles()
    assert [call.text for call in site.assistant.calls] == ["第一句"]


async def test_ten_messages_at_once(site: Site, talk: Talk) -> None:
    texts = [f"第{n}句" for n in range(10)]
    responses = await asyncio.gather(*(talk.post(text=text) for text in texts))
    assert statuses(responses) == [202] * 10
    assert len({response.json()["seq"] for response in responses}) == 10
    await talk.hears(10)
    stored = await site.messages(talk)
    assert [one.seq for one in stored] == list(range(1, 21))
    spoken = [one for one in stored if one.sender == "customer"]
    assert [call.text for call in site.assistant.calls] == [one.text for one in spoken]
    assert sorted(one.text for one in spoken) == sorted(texts)
    assert site.assistant.overlaps == 0
    answers = {one.reply_to: one.text for one in stored if one.sender == "assistant"}
    assert answers == {one.id: f"≈{one.text}" for one in spoken}


async def test_conversations_do_not_wait_for_each_other(site: Site) -> None:
    slow, other = await site.talk(), await site.talk()
    site.assistant.gate.clear()
    await slow.say("慢")
    await other.say("快")
    async with asyncio.timeout(10):
        while {call.text for call in site.assistant.calls} != {"慢", "快"}:
            await site.assistant.entered.wait()
            site.assistant.entered.clear()
    site.assistant.gate.set()
    await slow.hears()
    await other.hears()


async def test_a_burst_of_thirty_is_accepted_and_a_flood_is_not(site: Site, talk: Talk) -> None:
    responses = [await talk.post(text=f"{n}") for n in range(30)]
    assert statuses(responses) == [202] * 30
    for _ in range(100):
        response = await talk.post(client_message_id="again", text="还在吗")
        if response.status_code != 202:
            break
    refused(response, 429, "too_many_requests")
    assert int(response.headers["retry-after"]) >= 1
    other = await site.talk()
    assert (await other.post(text="我没有刷屏")).status_code == 202
    await talk.hears(30)
