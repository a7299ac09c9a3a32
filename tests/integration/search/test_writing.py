"""Whoever writes, changes or deletes what was said: the search follows in the same transaction."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession

from backend import search
from backend.clock import FixedClock
from backend.conversations import inbox, service
from backend.database import Database
from backend.models import Conversation, Message, Note, SearchEntry, Staff
from backend.search import filling
from backend.search.purging import purge
from tests.conftest import NOW
from tests.integration.search.talks import converse, keys, say


def row(number: int, words: str) -> dict[str, Any]:
    return {
        "id": f"bulk-{number}", "conversation_id": "a" * 32, "seq": number, "sender": "customer",
        "text": words, "channel": "web", "sent_at": NOW,
    }  # fmt: skip


async def indexed(session: AsyncSession, word: str) -> int:
    """How many entries the index itself holds for a word, whether their texts are there or not."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    statement = (
        "SELECT count(*) FROM search_index WHERE search_index MATCH :word"
        if sqlite
        else "SELECT count(*) FROM search_entries WHERE tokens @@ CAST(:word AS tsquery)"
    )
    return int(await session.scalar(text(statement), {"word": word}) or 0)


async def whole(database: Database) -> None:
    """SQLite compares its index with what it was made of; raises when they differ."""
    if database.is_sqlite:
        async with database.transaction() as session:
            check = "INSERT INTO search_index(search_index, rank) VALUES ('integrity-check', 1)"
            await session.execute(text(check))


async def test_a_message_of_the_chat_is_found_when_it_is_stored(
    database: Database, clock: FixedClock
) -> None:
    async with database.transaction() as session:
        conversation, token = await service.start(session, clock.now(), channel="web", locale=None)
        await inbox.receive(
            session, clock.now(), token=token, client_message_id="1", text="想試駕山屿"
        )
    async with database.reading() as session:
        assert await keys(session, "试驾") == conversation.id[0]


async def test_what_is_rolled_back_was_never_said(database: Database) -> None:
    async with database.transaction() as session:
        await converse(session, "a", "保养")
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as session:
            await converse(session, "b", "保养")
            raise ZeroDivisionError
    async with database.reading() as session:
        assert await keys(session, "保养") == "a"
        assert await indexed(session, "保养") == 1
    await whole(database)


async def test_rows_inserted_at_once(database: Database) -> None:
    async with database.transaction() as session:
        await converse(session, "a")
        await session.execute(insert(Message), [row(1, "保养"), row(2, "试驾"), row(3, "🙂")])
        await session.execute(insert(Message), row(4, "山屿"))
        with pytest.raises(InvalidRequestError):
            await session.execute(insert(Message).values(row(5, "落地")))
        with pytest.raises(InvalidRequestError):
            await session.execute(insert(Note), [{"conversation_id": "a" * 32, "text": "x"}])
    async with database.reading() as session:
        assert [await keys(session, word) for word in ("保养", "试驾", "山屿")] == ["a"] * 3
    await whole(database)


@pytest.mark.parametrize("way", ["object", "statement"])
async def test_a_changed_text_is_no_longer_found(database: Database, way: str) -> None:
    async with database.transaction() as session:
        conversation = await converse(session, "a", "我叫张三丰", "好的")
        await converse(session, "b", "保养", since=NOW + timedelta(hours=1))
    async with database.transaction() as session:
        if way == "object":
            message = await session.get_one(Message, f"{conversation.id}-1")
            message.text = "不需要保养"
        else:
            await session.execute(update(Message).where(Message.seq == 1).values(text="—"))
    async with database.reading() as session:
        assert await keys(session, "张三丰") == ""
        assert await indexed(session, "三丰") == 0
        # In its old place, since it is no newer than it was.
        assert await keys(session, "保养") == ("ba" if way == "object" else "")
        assert await keys(session, "好的") == "a"
    await whole(database)


async def test_a_state_that_changes_leaves_the_entry_alone(database: Database) -> None:
    async with database.transaction() as session:
        await converse(session, "a", "保养")
    async with database.transaction() as session:
        await session.execute(update(Message).values(turn="done"))
    async with database.reading() as session:
        assert await keys(session, "保养") == "a"


async def test_what_is_deleted_leaves_nothing_behind(database: Database) -> None:
    async with database.transaction() as session:
        conversation = await converse(session, "a", "我叫张三丰", "保养")
        await say(session, conversation, 3, "保养张三丰", NOW)
        await converse(session, "b", "保养")
    async with database.transaction() as session:
        message = await session.get_one(Message, f"{conversation.id}-2")
        await session.delete(message)
    async with database.transaction() as session:
        mine = Message.conversation_id == conversation.id
        await session.execute(delete(Message).where(mine))
        await session.execute(delete(Conversation).where(Conversation.id == conversation.id))
    async with database.reading() as session:
        assert await keys(session, "张三丰") == ""
        assert (await indexed(session, "三丰"), await indexed(session, "保养")) == (0, 1)
        assert await session.scalar(text("SELECT count(*) FROM search_entries")) == 1
        assert await keys(session, "保养") == "b"
    await whole(database)


async def test_notes_of_staff_are_found(database: Database) -> None:
    async with database.transaction() as session:
        who = Staff(
            username="li", name="李", role="manager", password_hash="x", created_at=NOW
        )  # fmt: skip
        session.add(who)
        await session.flush()
        conversation = await converse(session, "a", "好的")
        await converse(session, "b", "要大折扣", since=NOW + timedelta(hours=2))
        note = Note(
            conversation_id=conversation.id, after_seq=1, staff_id=who.id, text="要求大折扣",
            key="1", created_at=NOW + timedelta(hours=3),
        )  # fmt: skip
        session.add(note)
    async with database.reading() as session:
        hits = (await search.find(session, "折扣")).hits
        assert [(hit.conversation_id[0], hit.message_seq, hit.note) for hit in hits] == [
            ("a", 1, True), ("b", 1, False),
        ]  # fmt: skip
        assert hits[0].at == NOW + timedelta(hours=3)
    async with database.transaction() as session:
        await session.execute(update(Note).values(text="已解决"))
    async with database.reading() as session:
        assert await keys(session, "要求") == ""
    async with database.transaction() as session:
        await session.execute(delete(Note))
        assert await session.scalar(text("SELECT count(*) FROM search_entries")) == 2
    await whole(database)


async def test_everything_is_written_again_in_the_order_of_time(database: Database) -> None:
    async with database.transaction() as session:
        await converse(session, "b", "保养", since=NOW + timedelta(hours=1))
        await converse(session, "a", "保养", "🙂")
        await converse(session, "c", "保养", since=NOW + timedelta(hours=2))
    async with database.transaction() as session:
        await session.execute(delete(SearchEntry))
    async with database.reading() as session:
        assert await keys(session, "保养") == ""
    async with database.engine.execution_options(chefu_write=True).begin() as connection:
        assert await connection.run_sync(filling.rebuild) == 4
    async with database.transaction() as session:
        assert await keys(session, "保养") == "cba"
        await converse(session, "d", "保养", since=NOW + timedelta(hours=3))
    async with database.reading() as session:
        assert await keys(session, "保养") == "dcba"
    await whole(database)


async def test_a_purge_takes_deleted_words_out_of_the_files(database: Database) -> None:
    async def left(session: AsyncSession) -> int:
        """Pages of the index in which the word can be read."""
        if database.is_sqlite:
            found = (
                "SELECT count(*) FROM search_index_data "
                "WHERE instr(block, CAST('zhangsanfeng' AS BLOB))"
            )
            return int(await session.scalar(text(found)) or 0)
        return 0

    async with database.transaction() as session:
        await converse(session, "a", "Zhangsanfeng", "hello")
        await converse(session, "b", "hello")
    async with database.transaction() as session:
        await session.execute(delete(Message).where(Message.text == "Zhangsanfeng"))
        assert not database.is_sqlite or await left(session) > 0
    await purge(database)
    async with database.reading() as session:
        assert await left(session) == 0
        assert await keys(session, "hello") == "ba"
    await whole(database)
