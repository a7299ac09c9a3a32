"""Whether a conversation is open or closed, as the customer's side learns of it."""

import asyncio

from backend.channels.web import MOST_PICTURES
from backend.conversations import takeover
from tests.conftest import NOW
from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import Talk, refused
from tests.integration.chat.test_attachments import picture, upload


async def close(site: Site, talk: Talk) -> None:
    """As a member of staff does in the console."""
    async with site.database.transaction() as session:
        seen = len((await talk.read())["messages"])
        await takeover.close(session, NOW, talk.id, staff_id=1, seen=seen)
    site.app.state.services.signals.send(talk.id)


async def test_closed_by_staff_and_opened_by_the_customer(site: Site, talk: Talk) -> None:
    await talk.ask("你好")
    assert (await talk.read())["state"] == "open"
    await close(site, talk)
    assert (await talk.read())["state"] == "closed"
    await talk.ask("还有一件事")
    assert (await talk.read())["state"] == "open"


async def test_closing_ends_a_wait(site: Site, talk: Talk) -> None:
    await talk.ask("你好")
    loop = asyncio.get_running_loop()
    begun = loop.time()
    reading = asyncio.create_task(talk.read(after=2, wait=20))
    async with asyncio.timeout(10):
        while talk.id not in site.app.state.services.signals._waiting:
            await talk.read()
    await close(site, talk)
    assert await reading == {"messages": [], "typing": False, "state": "closed"}
    assert loop.time() - begun < 10


async def test_a_wait_in_a_closed_conversation_is_not_cut_short(site: Site, talk: Talk) -> None:
    await talk.ask("你好")
    await close(site, talk)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert (await talk.read(after=2, wait=0.6))["state"] == "closed"
    assert loop.time() - begun >= 0.55


async def test_a_conversation_holds_so_many_pictures_and_no_more(talk: Talk) -> None:
    for _ in range(MOST_PICTURES):
        assert (await upload(talk, picture())).status_code == 201
    refused(await upload(talk, picture()), 409, "too_many_pictures")
