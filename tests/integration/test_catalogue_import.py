"""Importing into a store: all or nothing, repeatable, in place, from both formats the same."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from backend.catalogue.__main__ import main
from backend.catalogue.dumping import read_store
from backend.catalogue.export import export_catalogue
from backend.catalogue.importing import import_catalogue, import_file, import_folder
from backend.catalogue.reading import read_folder
from backend.catalogue.rows import CatalogueError
from backend.catalogue.validate import validate
from backend.catalogue.workbook import read_workbook
from backend.catalogue.workbook_writing import write_workbook
from backend.clock import FixedClock
from backend.database import Database
from backend.models import (
    Alias,
    Audit,
    Base,
    CatalogueVersion,
    Customer,
    DemoCar,
    Feature,
    FinancePlan,
    Model,
    Price,
    Promotion,
    ServiceItem,
    ServicePrice,
    TestDriveBooking,
    Trim,
    TrimFeature,
)
from backend.settings import ROOT, get_settings
from tests.unit.catalogue.folders import write

DEMO = ROOT / "demo"
CATALOGUE_TABLES = [
    table
    for table in Base.metadata.sorted_tables
    if table.name
    in {
        "dealership", "opening_hours", "special_days", "models", "trims", "features", "aliases",
        "trim_features", "prices", "promotions", "finance_plans", "fee_rules", "statements",
        "service_items", "service_prices", "demo_cars", "catalogue_version",
        "trade_in_ranges",
    }
]  # fmt: skip


async def content(database: Database) -> dict[str, list[Any]]:
    """Every row of every table of the catalogue."""
    async with database.reading() as session:
        return {
            table.name: [tuple(row) for row in await session.execute(select(table).order_by("id"))]
            for table in CATALOGUE_TABLES
        }


async def one(database: Database, query: Any) -> Any:
    async with database.reading() as session:
        return (await session.scalars(query)).one()


async def version(database: Database) -> int | None:
    async with database.reading() as session:
        return await session.scalar(select(CatalogueVersion.version))


async def test_a_workbook_leaves_the_store_as_the_folder_does(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    book = tmp_path / "demo.xlsx"
    write_workbook(read_folder(DEMO), book)
    other = Database(f"sqlite+aiosqlite:///{tmp_path / 'other.db'}")
    async with other.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await import_file(database, clock, book)
    await import_folder(other, clock, DEMO)
    try:
        assert await content(database) == await content(other)
    finally:
        await other.dispose()
    # And in the same store, one after the other, there is nothing left to change.
    again = await import_folder(database, clock, DEMO)
    assert (again.version, again.changes) == (1, {})


async def test_what_the_store_holds_can_be_written_edited_and_imported(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await import_folder(database, clock, DEMO)
    before = await content(database)
    book = tmp_path / "store.xlsx"
    async with database.reading() as session:
        write_workbook(await read_store(session), book)
    again = await import_file(database, clock, book)
    assert (again.version, again.changes) == (1, {})
    assert await content(database) == before
    edited = load_workbook(book)
    page = edited["prices"]
    (column,) = [cell.column for cell in page[1] if cell.value == "price"]
    page.cell(3, column).value = 88800
    edited.save(book)
    result = await import_file(database, clock, book)
    assert result.changes == {"prices": {"changed": 1}}
    assert (await content(database))["prices"][0] != before["prices"][0]


async def test_an_offer_for_a_model_that_is_not_sold_now_never_becomes_one_for_all(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await import_folder(database, clock, write(tmp_path))
    async with database.transaction() as session:
        for model in await session.scalars(select(Model)):
            model.active = model.code != "beta"
        for plan in await session.scalars(select(FinancePlan)):
            plan.model_codes = ["beta"]
    async with database.reading() as session:
        read = validate(await read_store(session))
    assert [model.code for model in read.models] == ["alpha"]
    assert (read.promotions, read.finance_plans) == ([], [])
    assert [row.models for row in read.service_prices] == [[]]
    assert {row.trim for row in read.prices} == {"alpha-base"}
    assert {car.trim for car in read.demo_cars} == {"alpha-base"}


async def test_a_second_import_changes_nothing(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    folder = write(tmp_path / "small")
    first = await import_catalogue(database, clock, folder)
    before = await content(database)
    second = await import_catalogue(database, clock, folder)
    assert (first.version, second.version, second.changes) == (1, 1, {})
    assert await content(database) == before
    async with database.reading() as session:
        audit = list(await session.scalars(select(Audit)))
    assert [(line.actor, line.action, line.subject) for line in audit] == [
        ("setup", "catalogue.imported", "catalogue:1")
    ]
    assert audit[0].data["changes"]["prices"] == {"added": 3}


async def test_what_was_written_is_what_is_stored(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await import_folder(database, clock, write(tmp_path))
    price = await one(
        database,
        select(Price).join(Trim).where(Trim.code == "alpha-base").order_by(Price.id).limit(1),
    )
    assert (price.amount, price.currency, price.source) == (8980000, "CNY", "prices Q4")
    assert (price.valid_from, price.valid_until) == (date(2026, 10, 1), date(2026, 12, 31))
    # 10:00 on the dealership's clock.
    assert price.approved_at == datetime(2026, 9, 30, 2, tzinfo=UTC)
    preview = await one(
        database,
        select(TrimFeature).join(Trim).join(Feature).where(
            Trim.code == "alpha-high", Feature.code == "length"
        ),
    )  # fmt: skip
    assert (preview.value, preview.approved_by, preview.approved_at) == ("4680.5", None, None)
    promotion = await one(database, select(Promotion))
    beta = await one(database, select(Model).where(Model.code == "beta"))
    assert promotion.model_id == beta.id
    prices = select(ServicePrice).order_by(ServicePrice.id)
    async with database.reading() as session:
        found = [(row.model_id, row.parts, row.labour) for row in await session.scalars(prices)]
    assert found == [(None, 32000, 10000), (beta.id, 38000, 12000)]


async def test_one_mistake_changes_nothing_at_all(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await import_folder(database, clock, write(tmp_path / "good"))
    before = await content(database)
    spoilt = write(
        tmp_path / "bad",
        catalogue=("name_zh: 阿尔法", "name_zh: 新名字"),
        statements=("text_en: Three years", "text_en: "),
    )
    export = tmp_path / "catalogue.json"
    with pytest.raises(CatalogueError):
        await import_folder(database, clock, spoilt, export_to=export)
    assert await content(database) == before
    assert not export.exists()


async def test_a_failure_while_writing_leaves_nothing_behind(
    database: Database, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the power fails")

    monkeypatch.setattr("backend.audit.record", fail)
    with pytest.raises(RuntimeError):
        await import_folder(database, clock, write(tmp_path))
    assert all(rows == [] for rows in (await content(database)).values())


async def test_changes_are_made_in_place(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await import_folder(database, clock, write(tmp_path / "before"))
    before = await content(database)
    result = await import_folder(
        database,
        clock,
        write(
            tmp_path / "after",
            prices=("price: 119800", "price: 117800"),
            catalogue=("aliases: [阿法]", "aliases: [阿法车, A1]"),
        ),
    )
    assert result.version == 2
    assert result.changes == {"prices": {"changed": 1}, "aliases": {"added": 2, "removed": 1}}
    after = await content(database)
    unchanged = set(after) - {"prices", "aliases", "catalogue_version"}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert [row[0] for row in after["prices"]] == [row[0] for row in before["prices"]]


def _without_alpha(folder: Path) -> Path:
    """The dealership when it no longer sells the model alpha, nor its feature `colours`."""
    write(
        folder,
        finance=(", models: [alpha]", ""),
        demo_cars=("  - {trim: alpha-base", "  # - {trim: alpha-base"),
    )
    text = (folder / "catalogue.yaml").read_text()
    start, end = text.index("  - code: alpha\n"), text.index("  - code: beta\n")
    text = text[:start] + text[end:]
    lines = [line for line in text.splitlines() if "code: colours" not in line]
    (folder / "catalogue.yaml").write_text("\n".join(lines))
    prices = (folder / "prices.yaml").read_text().splitlines()
    (folder / "prices.yaml").write_text("\n".join(line for line in prices if "alpha" not in line))
    return folder


async def test_what_a_booking_points_at_is_retired_and_can_come_back(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await import_folder(database, clock, write(tmp_path / "before"))
    async with database.transaction() as session:
        car = (await session.scalars(select(DemoCar).order_by(DemoCar.id).limit(1))).one()
        model = (await session.scalars(select(Model).where(Model.code == "alpha"))).one()
        customer = Customer(name="王伟", phone="+8613800000001", created_at=clock.now())
        session.add(customer)
        await session.flush()
        session.add(
            TestDriveBooking(
                number="TD261125-0001", model_id=model.id, demo_car_id=car.id,
                customer_id=customer.id, starts_at=clock.now(),
                ends_at=datetime(2026, 11, 25, 3, tzinfo=UTC), created_at=clock.now(),
                source_message_id="m1", source_action="book",
            )
        )  # fmt: skip
    await import_folder(database, clock, _without_alpha(tmp_path / "after"))
    booking = await one(database, select(TestDriveBooking))
    assert (booking.model_id, booking.demo_car_id) == (model.id, car.id)
    async with database.reading() as session:
        assert not await session.scalar(select(Model.active).where(Model.code == "alpha"))
        active = select(Trim.code).where(Trim.active)
        assert list(await session.scalars(active)) == ["beta-base"]
        assert await session.scalar(select(DemoCar.state).where(DemoCar.id == car.id)) == (
            "out_of_service"
        )
        assert list(await session.scalars(select(TrimFeature))) == []
        assert list(await session.scalars(select(Feature.code))) == ["length", "sunroof"]
        assert not list(await session.scalars(select(Alias).where(Alias.ref == "alpha")))
        export = tmp_path / "catalogue.json"
        await export_catalogue(session, export)
    assert "alpha" not in export.read_text()
    assert (await import_folder(database, clock, write(tmp_path / "again"))).version == 3
    async with database.reading() as session:
        assert await session.scalar(
            select(Model.id).where(Model.code == "alpha", Model.active)
        ) == (model.id)
        state = await session.scalar(select(DemoCar.state).where(DemoCar.id == car.id))
    assert state == "available"


async def test_a_service_item_that_is_gone_becomes_inactive(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await import_folder(database, clock, write(tmp_path / "before"))
    await import_folder(
        database, clock, write(tmp_path / "after", service=("code: minor_service", "code: wash"))
    )
    async with database.reading() as session:
        items = await session.scalars(select(ServiceItem).order_by(ServiceItem.code))
        assert [(item.code, item.active) for item in items] == [
            ("minor_service", False), ("wash", True)
        ]  # fmt: skip


async def test_demo_cars_can_swap_their_plates(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await import_folder(database, clock, write(tmp_path / "before"))
    folder = write(tmp_path / "after")
    path = folder / "demo_cars.yaml"
    swapped = path.read_text().replace("浙Y10001", "浙Y1000X").replace("浙Y10002", "浙Y10001")
    path.write_text(swapped.replace("浙Y1000X", "浙Y10002"))
    await import_folder(database, clock, folder)
    async with database.reading() as session:
        cars = {car.vin: car.plate for car in await session.scalars(select(DemoCar))}
    assert cars == {"LYCDEMC1XTL000001": "浙Y10002", "LYCDEMY10TL000002": "浙Y10001"}


async def test_the_export_has_names_and_hours_of_what_is_sold(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    export = tmp_path / "var" / "catalogue.json"
    await import_folder(database, clock, write(tmp_path / "small"), export_to=export)
    written = json.loads(export.read_text())
    assert {key: value for key, value in written.items() if key != "names"} == {
        "schema": 1, "version": 1, "zone": "Asia/Shanghai", "opens": "08:30", "closes": "18:00",
    }  # fmt: skip
    names = written["names"]
    assert [row["text"] for row in names if row["kind"] == "brand"] == ["测试", "Testa", "测试汽车"]
    assert {"kind": "model", "ref": "alpha", "text": "阿法"} in names
    assert {"kind": "trim", "ref": "alpha-high", "text": "尊享版", "model": "alpha"} in names
    assert {"kind": "feature", "ref": "sunroof", "text": "全景天窗"} in names
    assert {"kind": "service_item", "ref": "minor_service", "text": "基础保养"} in names
    assert [path.name for path in export.parent.iterdir()] == ["catalogue.json"]
    # An import that changes nothing still brings back a file that was lost.
    export.unlink()
    await import_folder(database, clock, tmp_path / "small", export_to=export)
    assert json.loads(export.read_text()) == written


def test_the_command_imports_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}",
        "CHEFU_VAR": str(tmp_path),
        "CHEFU_CHANNEL_SECRET": "c" * 32,
        "CHEFU_SESSION_SECRET": "s" * 32,
    }.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    try:
        folder = write(tmp_path / "small")
        assert main(["import", str(folder)]) == 0
        assert "The catalogue is at version 1." in capsys.readouterr().out
        assert json.loads((tmp_path / "catalogue.json").read_text())["version"] == 1
        assert main(["import", str(folder)]) == 0
        assert "Nothing has changed" in capsys.readouterr().out
        spoilt = write(tmp_path / "bad", prices=("price: 119800", "price: -1"))
        assert main(["import", str(spoilt)]) == 1
        assert "prices.yaml line 5" in capsys.readouterr().err
        book = tmp_path / "store.xlsx"
        assert main(["export", str(book)]) == 0
        assert main(["import", str(book)]) == 0
        assert "Nothing has changed" in capsys.readouterr().out
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
        get_settings.cache_clear()
        assert main(["export", str(book)]) == 0
        assert "holds no catalogue yet" in capsys.readouterr().err
        assert validate(read_workbook(book)).dealership.code == "yaochuan-linlan"
    finally:
        get_settings.cache_clear()
