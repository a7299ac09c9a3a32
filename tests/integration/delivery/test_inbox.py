"""What arrives from a platform is stored once, whatever the platform does."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image

from backend.clock import FixedClock
from backend.conversations import inbox
from backend.conversations.media import recording
from backend.database import Database
from backend.models import Attachment, Media
from tests.integration.chat.talk import answer
from tests.integration.delivery.conftest import BIRD, Loft, serving
from tests.integration.delivery.pigeon import NAME


async def test_a_webhook_repeated_a_hundred_times_is_one_message(loft: Loft) -> None:
    together = asyncio.Semaphore(20)

    async def once() -> str:
        async with together:
            response = await loft.arrives("山屿多少钱", "w1")
        assert response.status_code == 202
        return str(response.headers["X-Fresh"])

    fresh = await asyncio.gather(*(once() for _ in range(100)))
    await loft.settles("sent")
    assert sorted(fresh) == ["False"] * 99 + ["True"]
    assert [one.sender for one in await loft.messages()] == ["customer", "assistant"]
    assert len(loft.assistant.calls) == 1
    assert loft.pigeon.texts == ["≈山屿多少钱"]


async def test_first_messages_at_the_same_moment_open_one_conversation(loft: Loft) -> None:
    await asyncio.gather(*(loft.arrives(f"第{n}句", f"w{n}") for n in range(20)))
    await loft.until(lambda: len(loft.pigeon.sent) == 20)
    messages = await loft.messages()
    assert len({one.conversation_id for one in messages}) == 1
    assert [one.seq for one in messages] == list(range(1, 41))
    assert loft.assistant.overlaps == 0


async def test_answers_leave_in_the_order_of_the_questions(loft: Loft) -> None:
    for number in range(20):
        await loft.arrives(f"第{number}句", f"w{number}")
    await loft.until(lambda: len(loft.pigeon.sent) == 20)
    assert loft.pigeon.texts == [f"≈第{number}句" for number in range(20)]


async def test_what_cannot_be_refused_is_cut(loft: Loft) -> None:
    await loft.arrives("长" * 5000 + "\x00", "w1")
    [said, *_] = await loft.messages()
    assert len(said.text) == loft.runtime.settings.message_limit
    assert said.text.endswith("…")


async def test_a_message_of_nothing_readable_awaits_nothing(loft: Loft) -> None:
    await loft.arrives("\u200b \x07", "w1")
    [said] = await loft.messages()
    assert said.turn == "none"
    assert loft.assistant.calls == []


async def test_a_button_of_the_platform(loft: Loft) -> None:
    loft.assistant.plays(answer("哪一款？", buttons=[("山屿", '/inform{"model": "shanyu"}')]))
    await loft.arrives("有哪些车", "w1")
    await loft.settles("sent")
    [(choice, title)] = loft.pigeon.sent[0].parts[0].buttons
    await loft.arrives(title, "w2", choice=choice)
    await loft.until(lambda: len(loft.assistant.calls) == 2)
    assert loft.assistant.calls[1].payload == '/inform{"model": "shanyu"}'


async def test_a_button_that_is_not_this_customers_is_words(loft: Loft) -> None:
    await loft.arrives("/restart", "w1", choice="invented")
    await loft.until(lambda: len(loft.assistant.calls) == 1)
    assert (loft.assistant.calls[0].text, loft.assistant.calls[0].payload) == ("/restart", None)


async def test_a_notice_answers_without_the_assistant(loft: Loft) -> None:
    await loft.arrives("[语音]", "w1", notice={"zh": "请打字", "en": "Please type"})
    await loft.settles("sent")
    assert loft.pigeon.texts == ["请打字"]
    assert loft.assistant.calls == []


async def test_a_picture_is_fetched_before_it_expires(loft: Loft) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    loft.pigeon.letters["m1"] = picture.getvalue()
    await loft.arrives("", "w1", media="m1")
    loft.runtime.media.wake()

    async def kept() -> bool:
        return bool((await loft.messages())[0].attachment_id)

    await loft.until(kept)
    [said, *_] = await loft.messages()
    async with loft.database.reading() as session:
        attachment = await session.get_one(Attachment, said.attachment_id)
    assert attachment.content_type == "image/png"
    # Its turn and the fetching do not wait for each other.
    await loft.until(lambda: bool(loft.assistant.calls))
    assert loft.assistant.calls[0].payload == "/send_picture"


async def test_what_is_no_picture_becomes_a_task(loft: Loft) -> None:
    loft.pigeon.letters["m1"] = b"<script>"
    await loft.arrives("", "w1", media="m1")
    loft.runtime.media.wake()

    async def told() -> bool:
        return bool(await loft.tasks())

    await loft.until(told)
    async with loft.database.reading() as session:
        media = await session.get_one(Media, 1)
    assert (media.state, media.error) == ("failed", "not_an_image")


async def test_a_customer_who_left_is_not_written_to(loft: Loft) -> None:
    loft.assistant.gate.clear()
    await loft.arrives("在吗", "w1")
    async with loft.database.transaction() as session:
        await inbox.unreachable(session, loft.clock.now(), channel=NAME, address=BIRD)
    loft.assistant.gate.set()
    [row] = await loft.settles("failed")
    assert row.error == "unreachable"
    assert [task.kind for task in await loft.tasks()] == ["undelivered"]
    # He writes again: so he is there.
    await loft.arrives("我又来了", "w2")
    await loft.until(lambda: loft.pigeon.texts == ["≈我又来了"])


async def test_two_backends_share_the_work(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    async with (
        serving(database, clock, tmp_path) as one,
        serving(database, clock, tmp_path) as other,
    ):
        for number in range(10):
            await (one, other)[number % 2].arrives(f"第{number}句", f"w{number}")
        await one.until(lambda: len(one.pigeon.sent) + len(other.pigeon.sent) == 10)
        calls = [call.text for site in (one, other) for call in site.assistant.calls]
        assert sorted(calls) == [f"第{number}句" for number in range(10)]
        answered = [said.text for said in await one.messages() if said.sender == "assistant"]
        assert answered == [f"≈第{number}句" for number in range(10)]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"#!AMR\n", "audio/amr"),
        (b"OggS\x00", "audio/ogg"),
        (b"<script>", "application/octet-stream"),
    ],
)
def test_a_recording_is_what_it_begins_with(head: bytes, kind: str) -> None:
    assert recording(head + b"\x00" * 8) == kind
