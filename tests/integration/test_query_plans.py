"""What workers and open pages ask again and again is found by an index, however much is stored."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations import outbox, transcript, turn_store
from backend.database import Database
from backend.models import Message
from backend.staff import inbox_queries, task_desk, thread_queries
from backend.staff.filters import Filters
from tests.conftest import NOW

Ask = Callable[[AsyncSession], Awaitable[object]]


@pytest.fixture
async def store(sqlite_store: Path) -> AsyncIterator[Database]:
    """Of SQLite, whose plans do not depend on how much is stored."""
    database = Database(f"sqlite+aiosqlite:///{sqlite_store}")
    yield database
    await database.dispose()


@asynccontextmanager
async def asked(database: Database) -> AsyncIterator[list[tuple[str, Any]]]:
    """Every statement that is sent within it."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, _many: bool) -> None:
        sent.append((statement, values))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def plan_of(database: Database, ask: Ask) -> list[str]:
    async with asked(database) as sent, database.reading() as session:
        await ask(session)
    steps: list[str] = []
    async with database.engine.connect() as connection:
        for statement, values in sent:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps += [row[-1] for row in rows]
    return steps


TABLES = ("messages", "conversations", "outbox", "audit", "tasks")

QUESTIONS: dict[str, tuple[Ask, str]] = {
    "turns that wait": (
        lambda session: turn_store.waiting_conversations(session, NOW, "holder", 10),
        "ix_messages_waiting",
    ),
    "the next turn": (
        lambda session: turn_store._others_await(session, Message(id="m", conversation_id="c")),
        "ix_messages_waiting",
    ),
    "whether somebody types": (
        lambda session: transcript.messages_after(session, "c", 0),
        "ix_messages_waiting",
    ),
    "what is to be sent": (
        lambda session: outbox.due_conversations(session, NOW, 10),
        "ix_outbox_open",
    ),
    "how many each view of the inbox holds": (
        inbox_queries.totals,
        "ix_conversations_state_updated_at",
    ),
    "what a person has": (inbox_queries.own, "ix_conversations_assignee_id"),
    "the conversations of one person": (
        lambda session: session.execute(inbox_queries.in_view(Filters(), "mine", 1)),
        "ix_conversations_assignee_id",
    ),
    "the assistant's conversations": (
        lambda session: session.execute(inbox_queries.in_view(Filters(), "assistant", 1)),
        "ix_conversations_state_updated_at",
    ),
    "closed conversations": (
        lambda session: session.execute(inbox_queries.in_view(Filters(), "closed", 1)),
        "ix_conversations_state_updated_at",
    ),
    "who waits": (inbox_queries.line, "ix_conversations_waiting"),
    "who had a conversation": (
        lambda session: thread_queries._events(session, "c", None, None),
        "ix_audit_subject",
    ),
    "what was done to a record": (
        lambda session: task_desk.steps(session, "task:1"),
        "ix_audit_subject",
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_question_is_answered_by_an_index(store: Database, question: str) -> None:
    ask, index = QUESTIONS[question]
    steps = await plan_of(store, ask)
    assert any(index in step for step in steps), steps
    through = [step for step in steps if step.startswith("SCAN ") and " INDEX " not in step]
    tables = [step for step in through if step.split()[1] in TABLES]
    assert tables == []
