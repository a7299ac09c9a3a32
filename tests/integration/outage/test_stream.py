"""A stream lives through an outage of the store, or ends and is asked for again: either way it
brings everything once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.channels import web
from backend.clock import FixedClock
from tests.integration.chat import streaming
from tests.integration.chat.streaming import Served, Stream, stream
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


class Reader:
    """A client that asks for the stream again when it ends, after what it has."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.last = 0
        self.texts: list[str] = []

    async def until(self, text: str) -> None:
        async with asyncio.timeout(30):
            while text not in self.texts:
                async with stream(self._talk, after=self.last) as events:
                    await self._read(events, text)

    async def _read(self, events: Stream, text: str) -> None:
        async for event in events.all():
            self.last = event.id
            self.texts += event.texts
            if text in event.texts:
                return


async def test_reading_on_brings_everything_once(served: Served, store: Store) -> None:
    talk = await served.site.talk()
    reader = Reader(talk)
    await talk.ask("一")
    await reader.until("≈一")
    async with away(store):
        await _refused_meanwhile(talk)
    assert (await talk.post(client_message_id="m2", text="二")).status_code == 202
    await reader.until("≈二")
    assert reader.texts == ["一", "≈一", "二", "≈二"]


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


async def test_an_answer_that_could_not_be_written_comes_when_it_is(
    served: Served, store: Store
) -> None:
    talk = await served.site.talk()
    reader = Reader(talk)
    served.site.assistant.gate.clear()
    await talk.say("一")
    await reader.until("一")
    async with stream(talk, after=reader.last) as events:
        await events.next()
        async with away(store):
            served.site.assistant.gate.set()
            await _refused_meanwhile(talk)
        # It ends here if something woke it meanwhile; then it is asked for again.
        await reader._read(events, "≈一")
    await reader.until("≈一")
    assert reader.texts == ["一", "≈一"]
