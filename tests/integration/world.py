"""A small dealership for tests on the store: two models, three demo cars, two bays, prices.

Open for sales every day 09:00-12:00 and 13:30-18:00, for service Monday to Saturday
08:30-12:00 and 13:00-17:30; closed on Saturday 2026-11-28, open 10:00-16:00 on Sunday the
29th. A test drive takes 30 minutes and 15 more until the car is ready again. Bookable from
two hours to 14 days ahead.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.service import TestDriveRequest
from backend.models import (
    Conversation,
    Dealership,
    DemoCar,
    Model,
    OpeningHours,
    ServiceInterval,
    ServiceItem,
    ServicePrice,
    SpecialDay,
    Trim,
)
from backend.workshop.service import ServiceRequest
from tests.conftest import NOW

PHONE = "+8613800000001"
OTHER_PHONE = "+8613800000002"
CONVERSATION = "c" * 32
OTHER_CONVERSATION = "d" * 32
SHANGHAI = ZoneInfo("Asia/Shanghai")

SALES = (("09:00", "12:00"), ("13:30", "18:00"))
SERVICE = (("08:30", "12:00"), ("13:00", "17:30"))


def at(text: str) -> datetime:
    """The moment of a wall-clock time in the dealership: `26 15:00` is of November 2026,
    `12-03 15:00` names the month too."""
    day, clock = text.split()
    month, _, number = day.rpartition("-")
    wall = datetime.fromisoformat(f"2026-{month or '11'}-{number} {clock}")
    return wall.replace(tzinfo=SHANGHAI)


def walls(moments: list[datetime] | tuple[datetime, ...]) -> list[str]:
    """Moments as `26 15:00`, as a customer would read them."""
    return [f"{moment.astimezone(SHANGHAI):%d %H:%M}" for moment in moments]


async def build(session: AsyncSession, **changes: int) -> None:
    """Writes the dealership; `changes` replace its numbers, such as `service_bays=1`."""
    numbers = {
        "service_bays": 2,
        "test_drive_minutes": 30,
        "test_drive_buffer_minutes": 15,
        "booking_lead_minutes": 120,
        "booking_horizon_days": 14,
        **changes,
    }
    hours = [
        *(_hours("sales", day, *span) for day in range(7) for span in SALES),
        *(_hours("service", day, *span) for day in range(6) for span in SERVICE),
    ]
    special = [
        SpecialDay(day=date(2026, 11, 28), name_zh="盘点", name_en="Stocktaking"),
        SpecialDay(
            day=date(2026, 11, 29), name_zh="店庆", name_en="Fair", opens="10:00", closes="16:00"
        ),
    ]
    session.add(
        Dealership(
            code="linlan", name_zh="曜川汽车临澜店", name_en="Yaochuan Linlan",
            brand_zh="曜川", brand_en="Yaochuan", city_zh="临澜市", city_en="Linlan",
            address_zh="望湖大道 188 号", address_en="188 Wanghu Avenue",
            phone="400-000-1234", hotline="400-000-1234", zone="Asia/Shanghai",
            hours=hours, special_days=special, **numbers,
        )
    )  # fmt: skip
    shanyu = _model("shanyu", "山屿", "Shanyu", "suv", "petrol", "hybrid")
    electric = _model("xinghe-e5", "星禾 E5", "Xinghe E5", "sedan", "electric")
    guitu = _model("guitu-m8", "归途 M8", "Guitu M8", "mpv", "plug_in_hybrid")
    session.add_all([shanyu, electric, guitu])
    await session.flush()
    session.add_all(
        [
            _car(shanyu.trims[0], 1),
            _car(shanyu.trims[1], 2),
            _car(electric.trims[0], 3),
            _car(guitu.trims[0], 4, "out_of_service"),
            _conversation(CONVERSATION),
            _conversation(OTHER_CONVERSATION),
        ]
    )
    await _menu(session, shanyu)
    await session.flush()


async def _menu(session: AsyncSession, shanyu: Model) -> None:
    burning = ["petrol", "hybrid", "plug_in_hybrid"]
    oil = _item("oil", "机油机滤更换", "Oil and filter", 40, 10_000, 12, burning)
    check = _item("check", "全车检查", "Inspection", 30, 10_000, 12, [])
    brake = _item("brake-fluid", "制动液更换", "Brake fluid", 45, 40_000, 24, [])
    wash = _item("wash", "洗车", "Wash", 15, None, None, [])
    new = _item("filter", "空调滤芯", "Cabin filter", 20, 20_000, None, [])
    session.add_all([oil, check, brake, wash, new])
    await session.flush()
    session.add_all(interval(item) for item in (oil, check, brake, new))
    session.add_all(
        [
            price(oil, 30_000, 10_000),
            price(oil, 36_000, 12_000, model=shanyu),
            price(check, 0, 8_000),
            price(wash, 0, 3_000),
            price(brake, 20_000, 15_000, approved=False),
            price(new, 9_900, 2_000, since=date(2026, 12, 1)),
            price(new, 8_800, 2_000, since=date(2025, 1, 1), until=date(2026, 11, 24)),
        ]
    )


def interval(
    item: ServiceItem,
    km: int | None = None,
    months: int | None = None,
    *,
    model: Model | None = None,
    approved: bool = True,
) -> ServiceInterval:
    """A line of the maker's schedule; without figures the item's own."""
    own = km is None and months is None
    return ServiceInterval(
        item_id=item.id, model_id=model.id if model else None,
        interval_km=item.interval_km if own else km,
        interval_months=item.interval_months if own else months,
        source="service book", approved_by="manager" if approved else None,
        approved_at=NOW if approved else None, valid_from=date(2026, 1, 1), valid_until=None,
    )  # fmt: skip


def price(
    item: ServiceItem,
    parts: int,
    labour: int,
    *,
    model: Model | None = None,
    since: date = date(2026, 1, 1),
    until: date | None = None,
    approved: bool = True,
) -> ServicePrice:
    return ServicePrice(
        item_id=item.id, model_id=model.id if model else None, parts=parts, labour=labour,
        source="price list", approved_by="manager" if approved else None,
        approved_at=NOW if approved else None, valid_from=since, valid_until=until,
    )  # fmt: skip


async def cars(session: AsyncSession, model_code: str) -> list[DemoCar]:
    query = select(DemoCar).join(DemoCar.trim).join(Trim.model).where(Model.code == model_code)
    return list(await session.scalars(query.order_by(DemoCar.id)))


def drive(starts_at: datetime, message: str = "m1", **changes: str) -> TestDriveRequest:
    """A request for a test drive of the model `shanyu`, with what is changed."""
    given: dict[str, Any] = {
        "model_code": "shanyu", "name": "王伟", "phone": PHONE, "language": "zh",
        "conversation_id": CONVERSATION, "action": "book_test_drive", **changes,
    }  # fmt: skip
    return TestDriveRequest(starts_at=starts_at, message_id=message, **given)


def visit(
    starts_at: datetime,
    message: str = "m1",
    *,
    items: tuple[str, ...] = ("check",),
    told_total: int | None = 8_000,
    model_code: str | None = "shanyu",
    plate: str | None = "浙A12345",
    mileage_km: int | None = 20_100,
    phone: str = PHONE,
) -> ServiceRequest:
    return ServiceRequest(
        item_codes=items, model_code=model_code, plate=plate, mileage_km=mileage_km,
        starts_at=starts_at, name="王伟", phone=phone, language="zh",
        conversation_id=CONVERSATION, message_id=message, action="book_service",
        told_total=told_total,
    )  # fmt: skip


def _hours(department: str, weekday: int, opens: str, closes: str) -> OpeningHours:
    return OpeningHours(department=department, weekday=weekday, opens=opens, closes=closes)


def _model(code: str, zh: str, en: str, body: str, *energies: str) -> Model:
    trims = [
        Trim(
            code=f"{code}-{n}", name_zh=f"{n} 型", name_en=f"Trim {n}", energy=energy, seats=5,
            displacement_ml=0 if energy == "electric" else 1500, model_year=2026, position=n,
        )
        for n, energy in enumerate(energies, 1)
    ]  # fmt: skip
    return Model(
        code=code, name_zh=zh, name_en=en, body=body, summary_zh="", summary_en="", position=1,
        trims=trims,
    )  # fmt: skip


def _car(trim: Trim, number: int, state: str = "available") -> DemoCar:
    return DemoCar(
        trim_id=trim.id, plate=f"浙A0000{number}", vin=f"LDEM000000000000{number}",
        colour_zh="白", colour_en="White", state=state,
    )  # fmt: skip


def _item(
    code: str,
    zh: str,
    en: str,
    minutes: int,
    km: int | None,
    months: int | None,
    energies: list[str],
) -> ServiceItem:
    return ServiceItem(
        code=code, name_zh=zh, name_en=en, text_zh="", text_en="", interval_km=km,
        interval_months=months, minutes=minutes, energies=energies, position=1,
    )  # fmt: skip


def _conversation(identifier: str) -> Conversation:
    return Conversation(
        id=identifier, channel="web", token_hash=identifier, created_at=NOW, updated_at=NOW
    )
