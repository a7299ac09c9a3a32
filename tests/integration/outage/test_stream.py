"""A stream lives through an outage of the store, or ends and is asked for again: either way it
brings everything once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.channels import web
from backend.clock import FixedClock
from tests.integration.chat import streaming
from tests.integration.chat.streaming import Served, stream
from tests.integration.chat.talk import Talk, refused
from tests.integration.outage.conftest import Store, away


@pytest.fixture
async def served(
    store: Store, clock: FixedClock, tmp_path: Path, quick: None
) -> AsyncIterator[Served]:
    async with streaming.served(store.database, clock, tmp_path / "var") as running:
        yield running


async def _refused_meanwhile(talk: Talk) -> None:
    refused(await talk.post(client_message_id="m2", text="二"), 503, "unavailable")


async def test_a_stream_that_did_not_look_meanwhile_goes_on(
    served: Served, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "HEARTBEAT_SECONDS", 600.0)
    talk = await served.site.talk()
    await talk.ask("一")
    async with stream(talk) as events:
        seen = await events.until("≈一")
        async with away(store):
            await _refused_meanwhile(talk)
        assert (await talk.post(client_message_id="m2", text="二")).status_code == 202
        seen += await events.until("≈二")
    assert [text for event in seen for text in event.texts] == ["一", "≈一", "二", "≈二"]


async def test_a_stream_that_looks_ends_and_goes_on_where_it_was(
    served: Served, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "HEARTBEAT_SECONDS", 0.05)
    talk = await served.site.talk()
    await talk.ask("一")
    async with stream(talk) as events:
        seen = await events.until("≈一")
        async with away(store):
            await _refused_meanwhile(talk)
            if not store.readable:
                # In order: a client takes a connection that breaks for its own trouble.
                assert [line for line in await events.rest() if not line.startswith(":")] == []
                refused(
                    await served.site.client.get("/api/chat/stream", headers=talk.key),
                    503,
                    "unavailable",
                )
    async with stream(talk, after=seen[-1].id) as events:
        assert (await events.next()).texts == []
        assert (await talk.post(client_message_id="m2", text="二")).status_code == 202
        seen += await events.until("≈二")
    assert [text for event in seen for text in event.texts] == ["一", "≈一", "二", "≈二"]


async def test_an_answer_of_the_outage_comes_through_the_stream_that_was_there(
    served: Served, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "HEARTBEAT_SECONDS", 600.0)
    talk = await served.site.talk()
    served.site.assistant.gate.clear()
    async with stream(talk) as events:
        await events.next()
        await talk.say("一")
        await events.until("一")
        async with away(store):
            # Its answer is there and cannot be written yet.
            served.site.assistant.gate.set()
            await _refused_meanwhile(talk)
        seen = await events.until("≈一")
    assert seen[-1].data["typing"] is False
