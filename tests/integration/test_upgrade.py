"""A store that is in use keeps its rows and its rules when the schema moves on."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from backend.database import Database
from backend.migrations.migrate import INI, migrate
from backend.models import ComplaintRule
from tests.conftest import NOW

MESSAGE = (
    "INSERT INTO messages (id, conversation_id, seq, sender, text, channel, sent_at, turn,"
    " turn_tries, delivery, reply_to) VALUES (:id, 'c1', :seq, :sender, 'x', 'web', :now,"
    " 'none', 0, :delivery, :reply_to)"
)


async def _back_to(database: Database, revision: str) -> None:
    def downgrade(connection: Connection) -> None:
        config = Config(str(INI))
        config.attributes["connection"] = connection
        command.downgrade(config, revision)

    own = Database(database.url, foreign_keys=False)
    async with own.engine.execution_options(chefu_write=True).begin() as connection:
        await connection.run_sync(downgrade)
    await own.dispose()


async def test_a_store_in_use_keeps_its_rows_and_rules(database: Database) -> None:
    await _back_to(database, "0001")
    said = {"now": NOW.replace(tzinfo=None) if database.is_sqlite else NOW}
    async with database.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO conversations (id, channel, token_hash, language, owner, state,"
                " last_seq, last_text, created_at, updated_at) VALUES"
                " ('c1', 'web', 'h', 'zh', 'waiting', 'open', 2, 'x', :now, :now)"
            ),
            said,
        )
        for seq, sender, delivery, answered in (
            (1, "customer", "received", None),
            (2, "assistant", "sent", "m1"),
        ):
            values = {"id": f"m{seq}", "seq": seq, "sender": sender, "delivery": delivery}
            await session.execute(text(MESSAGE), {**values, "reply_to": answered, **said})
    await migrate(database)
    async with database.reading() as session:
        row = (
            await session.execute(
                text("SELECT last_customer_seq, staff_seen_seq, waiting_since FROM conversations")
            )
        ).one()
        assert (row[0], row[1]) == (1, 2)
        assert row[2] is not None
        assert await session.scalar(text("SELECT count(*) FROM messages")) == 2
    queued = {"id": "m3", "seq": 3, "sender": "assistant", "reply_to": "m1", **said}
    async with database.transaction() as session:
        await session.execute(text(MESSAGE), {**queued, "delivery": "queued"})
    for wrong in ({"delivery": "lost"}, {"delivery": "sent", "reply_to": "nobody"}):
        with pytest.raises(IntegrityError):
            async with database.transaction() as session:
                await session.execute(text(MESSAGE), {**queued, "id": "m4", "seq": 4, **wrong})


async def test_the_menu_in_use_keeps_its_intervals_with_who_stands_for_them(
    database: Database,
) -> None:
    await _back_to(database, "0003")
    said = {"now": NOW.replace(tzinfo=None) if database.is_sqlite else NOW}
    item = (
        "INSERT INTO service_items (id, code, name_zh, name_en, text_zh, text_en, interval_km,"
        " interval_months, minutes, energies, covers, position, active) VALUES"
        " (:id, :code, 'x', 'x', '', '', :km, NULL, 30, '[]', '[]', 1, :active)"
    )
    price = (
        "INSERT INTO service_prices (item_id, model_id, parts, labour, source, source_en,"
        " approved_by, approved_at, valid_from) VALUES"
        " (1, NULL, 1, 1, 'list', 'list', 'manager', :now, '2026-01-01')"
    )
    async with database.transaction() as session:
        for number, km in ((1, 10_000), (2, None), (3, 20_000)):
            row = {"id": number, "code": f"i{number}", "km": km, "active": True}
            await session.execute(text(item), row)
        await session.execute(text(price), said)
    await migrate(database)
    async with database.reading() as session:
        rows = await session.execute(
            text("SELECT item_id, interval_km, source, approved_by FROM service_intervals")
        )
        # For the third item nobody stands.
        assert [tuple(row) for row in rows] == [(1, 10_000, "list", "manager")]


async def test_rules_for_complaints_in_use_keep_whom_they_told(database: Database) -> None:
    await _back_to(database, "0010")
    said = {"now": NOW.replace(tzinfo=None) if database.is_sqlite else NOW}
    async with database.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO complaint_rules (severity, unit, amount, escalate_minutes, source,"
                " source_en, approved_by, approved_at, valid_from) VALUES"
                " ('high', 'minutes', 120, '[60]', 'rules', 'rules', 'manager', :now,"
                " '2026-01-01')"
            ),
            said,
        )
    await migrate(database)
    async with database.reading() as session:
        rule = (await session.scalars(select(ComplaintRule))).one()
    assert (rule.escalate_to, rule.hours) == (["manager", "admin"], "sales")
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            await session.execute(text("UPDATE complaint_rules SET hours = 'night'"))
