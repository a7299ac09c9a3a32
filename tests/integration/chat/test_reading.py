"""Reading: what came after, waiting for something new, what a message shows."""

import asyncio
from datetime import datetime

from tests.conftest import NOW
from tests.integration import world
from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import Talk, answer, refused


async def test_nothing_was_said_yet(talk: Talk) -> None:
    assert await talk.read() == {"messages": [], "typing": False, "state": "open"}


async def test_after(talk: Talk) -> None:
    for text in ("一", "二", "三"):
        await talk.ask(text)
    everything = (await talk.read())["messages"]
    assert [one["seq"] for one in everything] == [1, 2, 3, 4, 5, 6]
    assert (await talk.read(after=4))["messages"] == everything[4:]
    assert (await talk.read(after=6))["messages"] == []
    assert (await talk.read(after=2**31 - 1))["messages"] == []


async def test_malformed_questions(site: Site, talk: Talk) -> None:
    for query in (
        "after=-1", "after=x", "after=1.5", "after=2147483648", "wait=-1", "wait=x", "wait=nan"
    ):  # fmt: skip
        refused(await site.client.get(f"/api/chat/messages?{query}", headers=talk.key), 422)


async def test_one_customer_never_sees_another(site: Site) -> None:
    first, second = await site.talk(), await site.talk()
    await first.ask("我的电话是13800000001")
    assert (await second.read())["messages"] == []


async def test_a_wait_ends_with_the_message(site: Site, talk: Talk) -> None:
    loop = asyncio.get_running_loop()
    site.assistant.gate.clear()
    seq = await talk.say("你好")
    begun = loop.time()
    reading = asyncio.create_task(talk.read(after=seq, wait=20))
    await site.assistant.entered.wait()
    assert not reading.done()
    site.assistant.gate.set()
    shown = await reading
    assert [one["text"] for one in shown["messages"]] == ["≈你好"]
    assert shown["typing"] is False
    assert loop.time() - begun < 5


async def test_a_wait_sees_the_customers_other_tab(talk: Talk) -> None:
    reading = asyncio.create_task(talk.read(wait=20))
    await talk.say("从另一个标签页")
    shown = await reading
    assert shown["messages"][0]["text"] == "从另一个标签页"


async def test_a_wait_without_news_lasts_as_long_as_asked(talk: Talk) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert (await talk.read(wait=0.6))["messages"] == []
    assert 0.55 <= loop.time() - begun < 5


async def test_nothing_is_kept_of_those_who_waited(site: Site, talk: Talk) -> None:
    waiting = [asyncio.create_task(talk.read(wait=20)) for _ in range(5)]
    await talk.say("你好")
    await asyncio.gather(*waiting)
    await talk.settles()
    assert not site.app.state.services.signals._waiting


async def test_typing_while_a_turn_is_under_way(site: Site, talk: Talk) -> None:
    site.assistant.gate.clear()
    await talk.say("你好")
    await site.assistant.entered.wait()
    assert (await talk.read())["typing"] is True
    site.assistant.gate.set()
    await talk.settles()
    assert (await talk.read())["typing"] is False


async def test_several_answers_keep_their_order(site: Site, talk: Talk) -> None:
    site.assistant.plays(answer("一", "二", "三"))
    assert [one["text"] for one in await talk.ask("说三句")] == ["一", "二", "三"]


async def test_times_are_those_of_the_dealership(site: Site) -> None:
    async with site.database.transaction() as session:
        await world.build(session)
    talk = await site.talk()
    await talk.ask("你好")
    for one in (await talk.read())["messages"]:
        assert one["sent_at"] == "2026-11-25T10:00:00+08:00"
        assert datetime.fromisoformat(one["sent_at"]) == NOW


async def test_a_message_shows_no_more_than_the_api_says(talk: Talk) -> None:
    await talk.ask("你好")
    for one in (await talk.read())["messages"]:
        assert set(one) == {"seq", "sender", "text", "sent_at"}
