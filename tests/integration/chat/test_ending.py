"""The customer ends the conversation."""

import asyncio

import httpx
from sqlalchemy import select

from backend.conversations.assistant import Fault
from backend.models import Audit
from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import Talk, refused, statuses


async def end(talk: Talk) -> httpx.Response:
    return await talk.client.post("/api/chat/end", headers=talk.key)


async def noted(site: Site) -> list[tuple[str, str]]:
    async with site.database.reading() as session:
        lines = await session.execute(
            select(Audit.actor, Audit.action)
            .where(Audit.action.in_(("conversation.owner", "conversation.closed")))
            .order_by(Audit.id)
        )
        return [(row.actor, row.action) for row in lines]


async def test_it_is_closed_until_he_writes_again(site: Site, talk: Talk) -> None:
    await talk.ask("你好")
    response = await end(talk)
    assert (response.status_code, response.content) == (204, b"")
    assert (await talk.read())["state"] == "closed"
    await talk.ask("还有一件事")
    assert (await talk.read())["state"] == "open"


async def test_again_and_at_once_it_is_one_end(site: Site, talk: Talk) -> None:
    await talk.ask("你好")
    assert statuses(await asyncio.gather(*(end(talk) for _ in range(6)))) == [204] * 6
    assert await noted(site) == [(f"conversation:{talk.id}", "conversation.closed")]


async def test_a_colleague_who_had_it_has_it_no_more(site: Site, talk: Talk) -> None:
    await talk.ask("你好")
    await site.give_to(talk, "staff")
    before = len(await noted(site))
    assert (await end(talk)).status_code == 204
    found = await site.conversation(talk)
    assert (found.owner, found.assignee_id, found.state) == ("assistant", None, "closed")
    assert (await noted(site))[before:] == [
        (f"conversation:{talk.id}", "conversation.owner"),
        (f"conversation:{talk.id}", "conversation.closed"),
    ]


async def test_who_waits_for_a_person_keeps_his_place(site: Site, talk: Talk) -> None:
    await talk.ask("你好")
    await site.give_to(talk, "waiting")
    before = await noted(site)
    assert (await end(talk)).status_code == 204
    found = await site.conversation(talk)
    assert (found.owner, found.state) == ("waiting", "open")
    assert await noted(site) == before


async def test_who_gets_to_wait_after_all_finds_it_open(site: Site, talk: Talk) -> None:
    """He ends it while his message is being answered, which then needs a person."""
    site.assistant.plays(Fault("timeout"), Fault("timeout"))
    site.assistant.gate.clear()
    await talk.say("你好")
    await site.assistant.entered.wait()
    assert (await end(talk)).status_code == 204
    assert (await site.conversation(talk)).state == "closed"
    site.assistant.gate.set()
    await talk.hears()
    found = await site.conversation(talk)
    assert (found.owner, found.state) == ("waiting", "open")


async def test_only_with_the_key(site: Site, talk: Talk) -> None:
    refused(await site.client.post("/api/chat/end"), 401)
    refused(
        await site.client.post("/api/chat/end", headers={"Authorization": "Bearer nobody"}), 401
    )
    assert (await talk.read())["state"] == "open"
