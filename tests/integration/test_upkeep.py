"""Changing certified facts by hand: four eyes, versions, periods, withdrawal, workbooks."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import approval, upkeep, uploads
from backend.catalogue import service as catalogue
from backend.catalogue.dumping import read_store
from backend.catalogue.importing import import_folder
from backend.catalogue.reading import read_folder
from backend.catalogue.rows import CatalogueError
from backend.catalogue.upkeep import Checked
from backend.catalogue.validate import validate
from backend.catalogue.workbook_writing import write_workbook
from backend.clock import FixedClock
from backend.database import Database
from backend.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from backend.models import (
    Alias,
    Audit,
    CatalogueUpload,
    CatalogueVersion,
    FactChange,
    FactWithdrawal,
    FeeRule,
    Staff,
    Statement,
    TrimFeature,
)
from tests.conftest import NOW
from tests.integration.console.browser import staff
from tests.unit.catalogue.folders import write

TODAY = date(2026, 11, 25)
PRICE = ("prices", "alpha-base")
FIRST = date(2026, 10, 1)


@pytest.fixture
async def people(database: Database, clock: FixedClock, tmp_path: Path) -> list[Staff]:
    """The small dealership, with a manager, an administrator and a consultant."""
    await import_folder(database, clock, write(tmp_path / "small"))
    roles = ("manager", "admin", "consultant")
    return [await staff(database, f"{role}-1", role) for role in roles]


async def does(database: Database, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    async with database.transaction() as session:
        return await work(session)


async def draft(
    database: Database,
    person: Staff,
    sheet: str,
    ref: str,
    base: date | None,
    **values: str,
) -> FactChange:
    """A draft with `values` written into it."""
    async with database.transaction() as session:
        change = await upkeep.begin(
            session, NOW, sheet, ref, base_from=base, person=person,
            values=None if base or sheet in ("models", "trims", "features", "service_items")
            else {},
        )  # fmt: skip
        return await upkeep.save(
            session, NOW, change.id, change.version, {**change.values, **values}, person=person
        )


async def submit(database: Database, person: Staff, change: FactChange) -> Checked:
    async with database.transaction() as session:
        found = await upkeep.find(session, change.id)
        return await upkeep.submit(session, NOW, change.id, found.version, person=person)


async def approve(database: Database, person: Staff, change: FactChange) -> Checked:
    async with database.transaction() as session:
        found = await upkeep.find(session, change.id)
        return await approval.approve(session, NOW, change.id, found.version, person=person)


async def price_on(database: Database, day: date, trim: str = "alpha-base") -> int | None:
    async with database.reading() as session:
        chosen = await catalogue.trims(session, codes=[trim])
        (known,) = await catalogue.priced(session, day, chosen)
        return known.price.amount if known.price else None


async def version(database: Database) -> int:
    async with database.reading() as session:
        return (await session.scalars(select(CatalogueVersion.version))).one()


async def stands(database: Database) -> None:
    """What the store says is a valid catalogue still."""
    async with database.reading() as session:
        validate(await read_store(session))


async def test_the_way_of_a_price(database: Database, people: list[Staff]) -> None:
    manager, admin, _ = people
    change = await draft(
        database, manager, *PRICE, FIRST, price="85,800", valid_from="2026-12-10", source="Q4 rev"
    )
    assert await price_on(database, TODAY) == 89_800_00
    assert (await submit(database, manager, change)).problems == {}
    with pytest.raises(ForbiddenError) as own:
        await approve(database, manager, change)
    assert own.value.code == "own_edit"
    assert await version(database) == 1
    assert (await approve(database, admin, change)).problems == {}
    # The old one holds until the day before, the next year's stays as it was.
    days = (TODAY, date(2026, 12, 9), date(2026, 12, 10), date(2026, 12, 31), date(2027, 1, 1))
    assert [await price_on(database, day) for day in days] == [
        89_800_00, 89_800_00, 85_800_00, 85_800_00, 87_800_50,
    ]  # fmt: skip
    assert await version(database) == 2
    await stands(database)
    async with database.reading() as session:
        lines = await session.scalars(
            select(Audit).where(Audit.subject == "fact:prices:alpha-base").order_by(Audit.id)
        )
        assert [(line.action, line.actor) for line in lines] == [
            ("fact.drafted", f"staff:{manager.id}"), ("fact.edited", f"staff:{manager.id}"),
            ("fact.submitted", f"staff:{manager.id}"), ("fact.approved", f"staff:{admin.id}"),
        ]  # fmt: skip
        row = await session.get_one(FactChange, change.id)
        assert (row.state, row.decided_by) == ("approved", admin.id)


async def test_a_correction_from_today(database: Database, people: list[Staff]) -> None:
    """With the same first day the period itself is corrected."""
    change = await draft(database, people[0], *PRICE, FIRST, price="88800")
    await submit(database, people[0], change)
    await approve(database, people[1], change)
    assert await price_on(database, TODAY) == 88_800_00
    assert await price_on(database, date(2027, 1, 2)) == 87_800_50
    await stands(database)


async def test_whoever_wrote_in_it_cannot_approve_it(
    database: Database, people: list[Staff]
) -> None:
    """Also not when somebody else has written in it after them."""
    manager, admin, _ = people
    change = await draft(database, manager, *PRICE, FIRST, price="88800")
    change = await draft(database, admin, *PRICE, FIRST, price="88700")
    await submit(database, admin, change)
    for person in (manager, admin):
        with pytest.raises(ForbiddenError):
            await approve(database, person, change)
    third = await staff(database, "manager-2", "manager")
    await approve(database, third, change)
    assert await price_on(database, TODAY) == 88_700_00


async def test_roles_are_denied_by_default(database: Database, people: list[Staff]) -> None:
    manager, _, consultant = people
    change = await draft(database, manager, *PRICE, FIRST, price="88800")
    await submit(database, manager, change)
    row = change.id
    for work in (
        lambda s: upkeep.begin(s, NOW, *PRICE, base_from=FIRST, person=consultant),
        lambda s: upkeep.save(s, NOW, row, 3, {}, person=consultant),
        lambda s: upkeep.submit(s, NOW, row, 3, person=consultant),
        lambda s: approval.approve(s, NOW, row, 3, person=consultant),
        lambda s: upkeep.send_back(s, NOW, row, 3, "x", person=consultant),
        lambda s: upkeep.discard(s, NOW, row, 3, person=consultant),
        lambda s: approval.withdraw(s, NOW, *PRICE, FIRST, "x", person=consultant),
        lambda s: uploads.discard(s, NOW, 1, person=consultant),
    ):
        with pytest.raises(ForbiddenError) as told:
            await does(database, work)
        assert told.value.code == "managers_only"


async def test_the_store_itself_insists_on_four_eyes(
    database: Database, people: list[Staff]
) -> None:
    change = await draft(database, people[0], *PRICE, FIRST, price="88800")
    for decided_by in (people[0].id, None):
        with pytest.raises(IntegrityError):
            async with database.transaction() as session:
                row = await session.get_one(FactChange, change.id)
                row.state, row.decided_by = "approved", decided_by


async def test_an_older_version_is_refused(database: Database, people: list[Staff]) -> None:
    manager, admin, _ = people
    change = await draft(database, manager, *PRICE, FIRST, price="88800")
    old = change.version
    await draft(database, admin, *PRICE, FIRST, price="88000")
    for work in (
        lambda s: upkeep.save(s, NOW, change.id, old, {"price": "1"}, person=manager),
        lambda s: upkeep.submit(s, NOW, change.id, old, person=manager),
        lambda s: upkeep.discard(s, NOW, change.id, old, person=manager),
    ):
        with pytest.raises(ConflictError):
            await does(database, work)
    await submit(database, admin, change)
    with pytest.raises(ConflictError):
        await does(
            database,
            lambda s: upkeep.save(s, NOW, change.id, old + 2, {"price": "1"}, person=manager),
        )


async def test_two_begin_at_once(database: Database, people: list[Staff]) -> None:
    async def one(person: Staff) -> int:
        async with database.transaction() as session:
            found = await upkeep.begin(session, NOW, *PRICE, base_from=FIRST, person=person)
            return int(found.id)

    first, second = await asyncio.gather(one(people[0]), one(people[1]))
    assert first == second


async def test_two_approve_at_once(database: Database, people: list[Staff]) -> None:
    change = await draft(database, people[0], *PRICE, FIRST, price="88800")
    await submit(database, people[0], change)
    third = await staff(database, "manager-2", "manager")
    done = await asyncio.gather(
        *(approve(database, person, change) for person in (people[1], third)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, ConflictError) for one in done) == 1
    assert await version(database) == 2


@pytest.mark.parametrize(
    ("sheet", "ref", "base", "values", "field", "words"),
    [
        (*PRICE, FIRST, {"price": "much"}, "price", "is not a number"),
        (*PRICE, FIRST, {"price": "0"}, "price", "greater than 0"),
        (*PRICE, FIRST, {"price": "1.234"}, "price", "two decimals"),
        (*PRICE, FIRST, {"source": ""}, "", "source is missing"),
        (*PRICE, FIRST, {"valid_from": "2026-13-01"}, "valid_from", "is not a day"),
        (*PRICE, FIRST, {"valid_until": "2026-09-01"}, "", "lies before"),
        (*PRICE, FIRST, {"valid_until": "2027-02-01"}, "", "begins before"),
        ("promotions", "winter", None,
         {"kind": "cash", "title_zh": "x", "title_en": "x", "text_zh": "x", "text_en": "x",
          "source": "x", "valid_from": "2026-12-01"}, "", "amount is missing"),
        ("promotions", "winter", None, {"model": "gamma"}, "model", "is not in models"),
        ("feature_values", "alpha-base.sunroof", FIRST, {"value": "maybe"}, "value", "must be"),
        ("feature_values", "alpha-base.length", FIRST, {"value": "long"}, "value", "number"),
        ("fees", "insurance", date(2026, 1, 1), {"up_to": "9: 1 | 5: 2"}, "up_to", "must rise"),
        ("finance_plans", "standard", date(2026, 11, 1), {"months": "36 | 12"}, "months", "rise"),
        ("models", "alpha", None, {"aliases": "阿法 | 车"}, "aliases", "single character"),
        ("models", "alpha", None, {"aliases": "阿法 | 汽车"}, "aliases", "ordinary word"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_checks_of_the_importer(
    database: Database,
    people: list[Staff],
    sheet: str,
    ref: str,
    base: date | None,
    values: dict[str, str],
    field: str,
    words: str,
) -> None:
    change = await draft(database, people[0], sheet, ref, base, **values)
    checked = await submit(database, people[0], change)
    assert any(words in message for message in checked.problems.get(field, [])), checked.problems
    async with database.reading() as session:
        assert (await session.get_one(FactChange, change.id)).state == "draft"


async def test_a_statement_gets_a_second_period(database: Database, people: list[Staff]) -> None:
    change = await draft(
        database, people[0], "statements", "warranty", date(2026, 11, 1),
        text_zh="五年", text_en="Five years", valid_from="2027-01-01",
    )  # fmt: skip
    await submit(database, people[0], change)
    await approve(database, people[1], change)
    async with database.reading() as session:
        for day, text in ((TODAY, "三年"), (date(2027, 1, 1), "五年")):
            found = await catalogue.statement(session, day, "warranty")
            assert found is not None and found.text_zh == text
            assert found.approved_by == ("苏恒" if text == "三年" else people[1].name)
    await stands(database)


async def test_a_fee_keeps_its_place(database: Database, people: list[Staff]) -> None:
    change = await draft(
        database, people[0], "fees", "tax", date(2026, 1, 1), rate_percent="5",
        valid_from="2027-01-01",
    )  # fmt: skip
    await submit(database, people[0], change)
    await approve(database, people[1], change)
    async with database.reading() as session:
        rows = await session.scalars(select(FeeRule).order_by(FeeRule.position))
        assert [(row.code, row.params.get("rate_bp")) for row in rows] == [
            ("tax", 1000), ("tax", 500), ("insurance", None),
        ]  # fmt: skip


async def test_features_names_and_service_prices(database: Database, people: list[Staff]) -> None:
    for sheet, ref, base, values in (
        ("feature_values", "alpha-base.sunroof", FIRST, {"value": "optional"}),
        ("feature_values", "beta-base.length", None,
         {"value": "4,720", "source": "sheet 2", "valid_from": "2026-11-20"}),
        ("models", "beta", None, {"aliases": "小贝 | 贝贝塔"}),
        ("service_prices", "minor_service.beta", date(2026, 11, 1), {"labour": "99.50"}),
    ):  # fmt: skip
        change = await draft(database, people[0], sheet, ref, base, **values)
        assert (await submit(database, people[0], change)).problems == {}
        assert (await approve(database, people[1], change)).problems == {}
    await stands(database)
    async with database.reading() as session:
        aliases = await session.scalars(select(Alias.text).where(Alias.ref == "beta"))
        assert sorted(aliases) == sorted(["小贝", "贝贝塔"])
        held = {
            (one.trim_id, one.feature_id): one.value
            for one in await session.scalars(select(TrimFeature))
        }
        trims = {one.code: one for one in await catalogue.trims(session)}
        features = {one.code: one.id for one in await catalogue.features(session)}
    assert held[trims["alpha-base"].id, features["sunroof"]] == "optional"
    assert held[trims["alpha-high"].id, features["sunroof"]] == "standard"
    assert held[trims["beta-base"].id, features["length"]] == "4720"


async def test_withdrawing_and_back_again(database: Database, people: list[Staff]) -> None:
    await does(
        database,
        lambda s: approval.withdraw(s, NOW, *PRICE, FIRST, "  typing\nerror ", person=people[0]),
    )
    assert await price_on(database, TODAY) is None
    assert await price_on(database, date(2027, 1, 1)) == 87_800_50
    async with database.reading() as session:
        row = (await session.scalars(select(FactWithdrawal))).one()
        assert (row.reason, row.staff_id) == ("typing error", people[0].id)
    with pytest.raises(ConflictError):
        await does(
            database, lambda s: approval.withdraw(s, NOW, *PRICE, FIRST, "x", person=people[0])
        )
    for reason in ("", " \x00 ", "x" * 201):
        with pytest.raises(InvalidError):
            async with database.transaction() as session:
                await approval.withdraw(session, NOW, *PRICE, FIRST, reason, person=people[0])
    change = await draft(database, people[0], *PRICE, FIRST)
    assert (await submit(database, people[0], change)).problems == {}
    await approve(database, people[1], change)
    assert await price_on(database, TODAY) == 89_800_00


async def test_nothing_to_approve_and_nothing_there(
    database: Database, people: list[Staff]
) -> None:
    change = await draft(database, people[0], *PRICE, FIRST)
    with pytest.raises(InvalidError) as told:
        await submit(database, people[0], change)
    assert told.value.code == "unchanged"
    for sheet, ref, base in (
        ("prices", "alpha-base.x", FIRST), ("prices", "../etc", FIRST), ("nothing", "x", None),
        ("prices", "alpha-high", FIRST), ("models", "gamma", None),
    ):  # fmt: skip
        with pytest.raises(NotFoundError):
            async with database.transaction() as session:
                await upkeep.begin(session, NOW, sheet, ref, base_from=base, person=people[0])


async def test_sending_back_and_discarding(database: Database, people: list[Staff]) -> None:
    manager, admin, _ = people
    change = await draft(database, manager, *PRICE, FIRST, price="1")
    await submit(database, manager, change)
    back = await does(
        database, lambda s: upkeep.send_back(s, NOW, change.id, 3, "too cheap", person=admin)
    )
    assert (back.state, back.reason) == ("draft", "too cheap")
    await does(database, lambda s: upkeep.discard(s, NOW, change.id, 4, person=manager))
    # The way is free for another one.
    other = await draft(database, admin, *PRICE, FIRST, price="2")
    assert other.id != change.id


async def test_an_import_between_submitting_and_approving(
    database: Database, people: list[Staff], clock: FixedClock, tmp_path: Path
) -> None:
    change = await draft(
        database, people[0], "promotions", "winter", None, kind="gift", title_zh="礼", title_en="G",
        text_zh="礼", text_en="G", trim="beta-base", source="s", valid_from="2026-12-01",
    )  # fmt: skip
    await submit(database, people[0], change)
    changed = write(tmp_path / "other", promotions=("code: beta-cash", "code: winter"))
    await import_folder(database, clock, changed)
    checked = await approve(database, people[1], change)
    assert any("begins before" in text for text in checked.problems[""])
    async with database.reading() as session:
        assert (await session.get_one(FactChange, change.id)).state == "submitted"


# ---- workbooks ----


def workbook(tmp_path: Path, **changes: tuple[str, str]) -> bytes:
    folder = write(tmp_path / f"book{len(list(tmp_path.iterdir()))}", **changes)
    path = folder / "book.xlsx"
    write_workbook(read_folder(folder), path)
    return path.read_bytes()


async def uploaded(
    database: Database, person: Staff, content: bytes, name: str = "a.xlsx"
) -> CatalogueUpload:
    async with database.reading() as session:
        compared = await uploads.compare(session, content)
    async with database.transaction() as session:
        return await uploads.upload(session, NOW, name, content, compared, person=person)


async def applied(
    database: Database, person: Staff, upload_id: int, content: bytes
) -> CatalogueUpload:
    wanted = await uploads.read(content)
    async with database.transaction() as session:
        return await uploads.apply(session, NOW, upload_id, wanted, person=person)


async def test_a_workbook(database: Database, people: list[Staff], tmp_path: Path) -> None:
    manager, admin, consultant = people
    plain = workbook(tmp_path)
    same = await uploaded(database, manager, plain)
    assert same.report["total"] == 0, same.report
    book = workbook(tmp_path, prices=("price: 119800", "price: 118800"))
    with pytest.raises(ForbiddenError):
        await uploaded(database, consultant, book)
    row = await uploaded(database, manager, book, "b\x00.xlsx")
    assert row.report["counts"] == {"prices": {"changed": 1}}
    (told,) = row.report["rows"]
    assert told["ref"] == "beta-base 2026-10-01"
    assert [tuple(one) for one in told["fields"]] == [("price", "11980000", "11880000")]
    assert await price_on(database, TODAY, "beta-base") == 119_800_00
    for person in (manager, consultant):
        with pytest.raises(ForbiddenError):
            await applied(database, person, row.id, book)
    done = await applied(database, admin, row.id, book)
    assert (done.state, done.content) == ("applied", b"")
    assert await price_on(database, TODAY, "beta-base") == 118_800_00
    assert await version(database) == 2
    with pytest.raises(ConflictError) as stale:
        await applied(database, admin, same.id, plain)
    assert stale.value.code == "stale"
    async with database.reading() as session:
        compared = await uploads.compare(session, plain)
    again = await does(database, lambda s: uploads.renew(s, same.id, compared, person=admin))
    assert again.report["counts"] == {"prices": {"changed": 1}}
    await does(database, lambda s: uploads.discard(s, NOW, same.id, person=admin))
    with pytest.raises(ConflictError):
        await applied(database, admin, same.id, plain)
    with pytest.raises(NotFoundError):
        await applied(database, admin, 99, plain)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_bad_workbook(database: Database, people: list[Staff]) -> None:
    for content in (b"", b"not a workbook", b"PK\x03\x04" + b"\x00" * 100):
        with pytest.raises(CatalogueError):
            await uploaded(database, people[0], content)
    async with database.reading() as session:
        assert (await session.scalars(select(CatalogueUpload))).all() == []


async def test_an_old_draft_knows_its_age(database: Database, people: list[Staff]) -> None:
    """The period that was edited is gone: the change is a period of its own, and is checked."""
    change = await draft(database, people[0], *PRICE, FIRST, price="88800")
    await submit(database, people[0], change)
    async with database.transaction() as session:
        row = (await session.scalars(select(Statement))).one()
        row.valid_until = TODAY - timedelta(days=1)
    await approve(database, people[1], change)
    assert await price_on(database, TODAY) == 88_800_00
