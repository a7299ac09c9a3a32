"""Conversations by whose they are and what came of them."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncSession

from backend import search
from backend.database import Database
from backend.models import (
    Complaint,
    DemoCar,
    Model,
    ServiceBooking,
    TestDriveBooking,
    Vehicle,
)
from backend.search import records
from backend.search.terms import parse
from backend.staff.filters import Filters
from tests.conftest import NOW
from tests.integration.search.talks import converse, keys, marked, person
from tests.integration.world import build


async def fill(session: AsyncSession) -> None:
    """Four people; a and b are Wang's. The last active conversation is d."""
    await build(session)
    wang = await person(session, "王偉", "+8613800000001")
    chen = await person(session, "Élodie O’Brien-Chen", "+442079460958", "en")
    li = await person(session, "李丽丽", "+8657188888888")
    session.add(Vehicle(customer_id=wang.id, plate="浙A12345", created_at=NOW))
    rows = {}
    for hour, (key, who) in enumerate(
        [("a", wang), ("b", wang), ("g", chen), ("e", li), ("f", None)]
    ):
        rows[key] = await converse(
            session, key, "你好", "保养", since=NOW + timedelta(hours=hour), customer=who
        )
    model = (await session.scalars(select(Model).limit(1))).one()
    car = (await session.scalars(select(DemoCar).limit(1))).one()
    made = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1), "created_at": NOW}
    session.add_all(
        [
            TestDriveBooking(
                number="TD261125-0001", model_id=model.id, demo_car_id=car.id,
                customer_id=wang.id, conversation_id=rows["b"].id,
                source_message_id="1", source_action="x", **made,
            ),
            ServiceBooking(
                number="SV261125-0002", bay=1, customer_id=li.id, conversation_id=None,
                plate="沪BD12345", items=[], source_message_id="2", source_action="x", **made,
            ),
            Complaint(
                number="CP261125-0003", category="other", severity="low", text="…",
                contact_phone="+8613912345678", due_at=NOW, conversation_id=rows["f"].id,
                source_message_id="3", source_action="x", created_at=NOW,
            ),
        ]
    )  # fmt: skip
    await session.flush()


FOUND = {
    # names
    "王伟": "ba", "王偉": "ba", "偉": "ba", "王": "ba", "王丽": "", "丽丽": "e",
    "麗麗": "e", "elodie": "g", "ÉLODIE": "g", "brien": "g", "chen elodie": "g",
    "elodie wang": "", "o'brien": "g", "O’Brien-Chen": "g",
    # phones
    "13800000001": "ba", "138 0000 0001": "ba", "138-0000-0001": "ba",
    "+8613800000001": "ba", "+86 138 0000 0001": "ba", "008613800000001": "ba",
    "1380": "ba", "1380000": "ba", "0001": "ba", "00000001": "ba", "138": "",
    "13800000002": "", "１３８００００": "ba", "057188888888": "e", "0571-8888 8888": "e",
    "88888888": "e", "+44 20 7946 0958": "g", "00442079460958": "g", "0958": "g",
    "2079": "", "13912345678": "f", "5678": "f", "1391": "f", "0138": "",
    # plates
    "浙A12345": "ba", "浙a 12345": "ba", "浙A·12345": "ba", "a12345": "ba",
    "沪bd12345": "e", "BD12345": "e", "浙A1234": "", "京A12345": "",
    # numbers
    "TD261125-0001": "b", "td2611250001": "b", "td 261125 0001": "b",
    "SV261125-0002": "e", "CP261125-0003": "f", "TD261125-0003": "", "TD261125": "",
    # a conversation
    "a" * 32: "a", "9" * 32: "",
}  # fmt: skip


async def test_records(database: Database) -> None:
    async with database.transaction() as session:
        await fill(session)
    async with database.reading() as session:
        assert {text: await keys(session, text) for text in FOUND} == FOUND


async def test_names_are_beside_what_was_said(database: Database) -> None:
    async with database.transaction() as session:
        wang = await person(session, "王伟")
        await converse(session, "a", "我叫王伟", "好", customer=wang)
        await converse(session, "b", "找王伟", since=NOW + timedelta(hours=1))
        await converse(session, "c", "你好", since=NOW + timedelta(hours=2), customer=wang)
    async with database.reading() as session:
        hits = (await search.find(session, "王伟")).hits
        assert [(hit.conversation_id[0], hit.message_seq, marked(hit)) for hit in hits] == [
            ("c", None, ""), ("b", 1, "找[王伟]"), ("a", 1, "我叫[王伟]"),
        ]  # fmt: skip
        assert [hit.at for hit in hits] == [
            NOW + timedelta(hours=2), NOW + timedelta(hours=1), NOW + timedelta(minutes=1),
        ]  # fmt: skip


async def test_filters_narrow_both(database: Database) -> None:
    async with database.transaction() as session:
        wang = await person(session, "王伟", "+8613800000001")
        day = timedelta(days=1)
        await converse(session, "a", "王伟", "好", owner="waiting", channel="wechat")
        await converse(session, "b", "王伟", since=NOW + day, state="closed")
        await converse(session, "c", "好", since=NOW + 2 * day, customer=wang, owner="staff")
    for filters, found in (
        (Filters(), "cba"),
        (Filters(owner="waiting"), "a"),
        (Filters(owner="staff"), "c"),
        (Filters(state="closed"), "b"),
        (Filters(state="open"), "ca"),
        (Filters(channel="wechat"), "a"),
        (Filters(phone="+8613800000001"), "c"),
        (Filters(conversation_id="b" * 32), "b"),
        (Filters(since=NOW + day), "cb"),
        (Filters(until=NOW + day), "a"),
        (Filters(since=NOW + day / 2, until=NOW + 2 * day), "b"),
        (Filters(since=NOW + 3 * day), ""),
        (Filters(until=NOW), ""),
        (Filters(owner="waiting", state="closed"), ""),
        # The conversation goes on, but nobody said it then.
        (Filters(since=NOW + timedelta(seconds=30), until=NOW + day), ""),
    ):
        async with database.reading() as session:
            assert await keys(session, "王伟", filters=filters) == found, filters


async def test_a_name_of_very_many(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "FEW", 3)
    async with database.transaction() as session:
        for number in range(8):
            since = NOW + timedelta(hours=number)
            who = await person(session, f"王{'一二三四五六七八'[number]}")
            await converse(session, str(number), "王总好", since=since, customer=who)
        await converse(session, "x", "王总好", since=NOW + timedelta(hours=3, minutes=30))
    found = ""
    cursor = None
    async with database.reading() as session:
        for _ in range(3):
            page = await search.find(session, "王", limit=4, cursor=cursor)
            found += "".join(hit.conversation_id[0] for hit in page.hits)
            cursor = page.next
    assert (found, cursor) == ("7654x3210", None)


async def test_what_arrives_meanwhile_moves_nothing(database: Database) -> None:
    async with database.transaction() as session:
        for number in range(4):
            await converse(session, str(number), "保养", since=NOW + timedelta(hours=number))
    async with database.reading() as session:
        first = await search.find(session, "保养", limit=2)
    async with database.transaction() as session:
        await converse(session, "9", "保养", since=NOW + timedelta(days=1))
    async with database.reading() as session:
        second = await search.find(session, "保养", limit=2, cursor=first.next)
    shown = [hit.conversation_id[0] for hit in first.hits + second.hits]
    assert (shown, second.next) == (["3", "2", "1", "0"], None)


LOOKED_UP = {
    "13800000001": "search_index_customers_phone_end",
    "1380": "search_index_complaints_phone",
    "5678": "search_index_complaints_phone_end",
    "浙A12345": "search_index_service_bookings_plate",
    "A12345": "search_index_vehicles_plate_end",
    "BD12345": "search_index_service_bookings_plate_end",
    "TD261125-0001": "test_drive_bookings",
    "SV261125-0001": "service_bookings",
    "CP261125-0001": "complaints",
}


@pytest.mark.parametrize("text", LOOKED_UP)
async def test_numbers_are_looked_up_and_never_looked_through(
    database: Database, text: str
) -> None:
    plans: list[str] = []
    sqlite = database.is_sqlite
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "

    def explained(
        connection: Connection, cursor: object, statement: str, parameters: object,
        *_: object,
    ) -> None:  # fmt: skip
        if statement.startswith("SELECT") and "pg_catalog" not in statement:
            rows = connection.exec_driver_sql(explain + statement, parameters)  # type: ignore[arg-type]
            plans.append("\n".join(str(row[-1]) for row in rows))

    async with database.reading() as session:
        if not sqlite:
            # Of empty tables the planner would read all.
            await (await session.connection()).exec_driver_sql("SET LOCAL enable_seqscan = off")
        engine = database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", explained)
        try:
            await records.records(session, text, parse(text))
        finally:
            event.remove(engine, "before_cursor_execute", explained)
    assert plans
    scans = ("SCAN ",) if sqlite else ("Seq Scan",)
    assert not [plan for plan in plans if any(scan in plan for scan in scans)], plans
    assert LOOKED_UP[text] in "\n".join(plans)
