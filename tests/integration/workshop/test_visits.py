"""Visits to the workshop on the store: prices, bays, the rule about breaks, vehicles."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.claims import of_conversation
from backend.appointments.outcomes import Booked, Cancelled, FreeBay, Reason, Refused
from backend.database import Database
from backend.models import Audit, Customer, Occupancy, ServiceItem, ServicePrice, Vehicle
from backend.workshop.plan import Car, plan_for
from backend.workshop.pricing import energies_of, quote
from backend.workshop.service import (
    KIND,
    book_service,
    cancel_service,
    check_service,
    find_booking,
    free_times,
    move_service,
)
from tests.conftest import NOW
from tests.integration.world import (
    CONVERSATION,
    OTHER_PHONE,
    PHONE,
    at,
    build,
    price,
    visit,
    walls,
)

TODAY = date(2026, 11, 25)


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.transaction() as session:
        await build(session)
        yield session


async def item(session: AsyncSession, code: str) -> ServiceItem:
    return (await session.scalars(select(ServiceItem).where(ServiceItem.code == code))).one()


async def test_the_price_for_the_model_wins(session: AsyncSession) -> None:
    special = await quote(session, TODAY, ["oil", "check"], "shanyu")
    general = await quote(session, TODAY, ["oil", "check"], "guitu-m8")
    without = await quote(session, TODAY, ["check", "oil", "check"], None)

    assert special.total == 56_000
    assert [(line.item.code, line.parts, line.labour) for line in special.lines] == [
        ("oil", 36_000, 12_000),
        ("check", 0, 8_000),
    ]
    assert general.total == without.total == 48_000
    assert [found.code for found in without.items] == ["check", "oil"]
    assert special.lines[0].fact.source == "price list"


@pytest.mark.parametrize(
    ("today", "total"),
    [
        (date(2026, 11, 24), 10_800),
        (date(2026, 11, 25), None),
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), 11_900),
    ],
)
async def test_a_price_counts_on_its_days_only(
    session: AsyncSession, today: date, total: int | None
) -> None:
    assert (await quote(session, today, ["filter"], "shanyu")).total == total


async def test_one_item_without_a_price_and_no_total_is_claimed(session: AsyncSession) -> None:
    found = await quote(session, TODAY, ["check", "brake-fluid"], "shanyu")

    assert found.total is None
    assert [line.item.code for line in found.lines] == ["check"]
    assert [missing.code for missing in found.missing] == ["brake-fluid"]
    assert found.told()[1] == {
        "code": "brake-fluid", "name_zh": "制动液更换", "name_en": "Brake fluid",
        "parts": None, "labour": None,
    }  # fmt: skip


async def test_an_unapproved_newer_price_does_not_replace_the_approved(
    session: AsyncSession,
) -> None:
    check = await item(session, "check")
    session.add(price(check, 0, 1, since=date(2026, 11, 1), approved=False))
    await session.flush()
    assert (await quote(session, TODAY, ["check"], None)).total == 8_000
    session.add(price(check, 0, 9_000, since=date(2026, 11, 1)))
    await session.flush()
    assert (await quote(session, TODAY, ["check"], None)).total == 9_000


async def test_unknown_and_unsuitable_items(session: AsyncSession) -> None:
    unknown = await quote(session, TODAY, ["check", "spell"], None)
    electric = await quote(session, TODAY, ["oil", "check"], "xinghe-e5")

    assert (unknown.total, unknown.unknown) == (None, ("spell",))
    assert [found.code for found in electric.unsuitable] == ["oil"]
    assert (await quote(session, TODAY, [], None)).total is None
    assert await energies_of(session, "shanyu") == {"petrol", "hybrid"}


async def test_the_plan_comes_from_the_menu(session: AsyncSession) -> None:
    car = Car(TODAY, 39_000)
    petrol = await plan_for(session, car, None, "petrol")
    electric = await plan_for(session, car, None, "electric")
    unsaid = await plan_for(session, car, None, None)

    assert [due.item.code for due in petrol.due] == ["oil", "check", "brake-fluid", "filter"]
    assert [due.item.code for due in electric.due] == ["check", "brake-fluid", "filter"]
    assert unsaid.due == electric.due


async def test_a_booking_is_complete(session: AsyncSession) -> None:
    outcome = await book_service(
        session, NOW, visit(at("26 09:00"), items=("oil", "check"), told_total=56_000)
    )

    assert isinstance(outcome, Booked)
    booking = outcome.booking
    assert (booking.number, booking.bay, booking.price) == ("SV261125-0001", 1, 56_000)
    assert walls([booking.starts_at, booking.ends_at]) == ["26 09:00", "26 10:15"]
    assert booking.items[0] == {
        "code": "oil", "name_zh": "机油机滤更换", "name_en": "Oil and filter",
        "parts": 36_000, "labour": 12_000,
    }  # fmt: skip
    assert booking.model is not None
    assert booking.model.code == "shanyu"
    vehicle = await session.get(Vehicle, booking.vehicle_id)
    assert vehicle is not None
    assert (vehicle.plate, vehicle.mileage_km) == ("浙A12345", 20_100)
    assert vehicle.customer_id == booking.customer_id
    await session.flush()
    line = (await session.scalars(select(Audit))).one()
    assert (line.action, line.subject) == (
        "service_booking.booked",
        f"service_booking:{booking.id}",
    )
    assert line.data["price"] == 56_000
    assert "浙A12345" not in str(line.data)


async def test_another_price_than_was_told_books_nothing(session: AsyncSession) -> None:
    check = await item(session, "check")
    session.add(price(check, 0, 8_500, since=TODAY))
    await session.flush()

    changed = await book_service(session, NOW, visit(at("26 09:00"), told_total=8_000))
    untold = await book_service(session, NOW, visit(at("26 09:00"), told_total=None))
    right = await book_service(session, NOW, visit(at("26 09:00"), told_total=8_500))

    assert changed == untold == Refused("price_changed")
    assert isinstance(right, Booked)
    assert right.booking.price == 8_500


async def test_work_without_a_price_is_booked_without_one(session: AsyncSession) -> None:
    request = visit(at("26 09:00"), items=("check", "brake-fluid"), told_total=None)

    outcome = await book_service(session, NOW, request)

    assert isinstance(outcome, Booked)
    assert outcome.booking.price is None
    assert [told["labour"] for told in outcome.booking.items] == [8_000, None]
    facts = (await session.scalars(select(ServicePrice).where(ServicePrice.labour == 15_000))).all()
    assert len(facts) == 1


@pytest.mark.parametrize(
    ("items", "when", "granted"),
    [
        (("check",), "26 08:30", True),
        (("check",), "26 11:30", True),
        (("check",), "26 11:45", True),
        (("oil", "check", "wash"), "26 11:45", True),
        (("oil", "check"), "26 11:45", True),
        (("oil", "check"), "26 11:15", True),
        (("check",), "26 12:30", False),
        (("oil", "check"), "26 16:15", True),
        (("oil", "check"), "26 16:30", False),
        (("check",), "28 10:00", False),
        (("check",), "29 15:30", True),
    ],
)
async def test_a_visit_begins_in_opening_hours_and_is_ready_by_closing(
    session: AsyncSession, items: tuple[str, ...], when: str, granted: bool
) -> None:
    outcome = await check_service(session, NOW, items, at(when), model_code="shanyu")

    if granted:
        assert isinstance(outcome, FreeBay)
    else:
        assert isinstance(outcome, Refused)
        assert outcome.reason == "closed"
        for time in outcome.alternatives:
            again = await check_service(session, NOW, items, time, model_code="shanyu")
            assert isinstance(again, FreeBay)


@pytest.mark.parametrize(
    ("items", "model", "when", "reason"),
    [
        (("spell",), "shanyu", "26 09:00", "unknown_item"),
        ((), "shanyu", "26 09:00", "unknown_item"),
        (("oil",), "xinghe-e5", "26 09:00", "unsuitable_item"),
        (("check",), "nothing", "26 09:00", "unknown_model"),
        (("check",), "shanyu", "24 09:00", "past"),
        (("check",), "shanyu", "25 11:30", "too_soon"),
        (("check",), "shanyu", "12-10 09:00", "too_far"),
    ],
)
async def test_refused(
    session: AsyncSession, items: tuple[str, ...], model: str, when: str, reason: Reason
) -> None:
    outcome = await check_service(session, NOW, items, at(when), model_code=model)

    assert isinstance(outcome, Refused)
    assert outcome.reason == reason
    assert outcome.codes == (items if reason in ("unknown_item", "unsuitable_item") else ())


async def test_every_bay_is_used_and_no_more(session: AsyncSession) -> None:
    request = visit(at("26 09:00"), items=("oil", "check"), told_total=56_000)
    first = await book_service(session, NOW, request)
    second = await book_service(
        session, NOW, visit(at("26 09:30"), "m2", plate="浙A00002", phone=OTHER_PHONE)
    )
    third = await book_service(
        session, NOW, visit(at("26 09:45"), "m3", plate="浙A00003", phone=OTHER_PHONE)
    )

    assert isinstance(first, Booked)
    assert isinstance(second, Booked)
    assert (first.booking.bay, second.booking.bay) == (1, 2)
    assert isinstance(third, Refused)
    assert third.reason == "taken"
    assert walls(third.alternatives) == ["26 09:00", "26 10:00", "26 10:15"]


async def test_two_cars_of_one_person_but_not_one_car_twice(session: AsyncSession) -> None:
    await book_service(session, NOW, visit(at("26 09:00")))

    same = await book_service(session, NOW, visit(at("26 09:15"), "m2"))
    unsaid = await book_service(session, NOW, visit(at("26 09:15"), "m3", plate=None))
    other = await book_service(session, NOW, visit(at("26 09:15"), "m4", plate="浙A00002"))

    assert isinstance(same, Refused)
    assert same.reason == "own_conflict"
    assert isinstance(unsaid, Refused)
    assert unsaid.reason == "own_conflict"
    assert isinstance(other, Booked)


async def test_the_same_message_books_once(session: AsyncSession) -> None:
    first = await book_service(session, NOW, visit(at("26 09:00")))
    again = await book_service(session, NOW, visit(at("27 09:00"), told_total=1))

    assert isinstance(first, Booked)
    assert again == Booked(first.booking, already=True)


async def test_cancelled_time_is_free_again(session: AsyncSession) -> None:
    outcome = await book_service(session, NOW, visit(at("26 09:00")))
    assert isinstance(outcome, Booked)

    cancelled = await cancel_service(session, NOW, outcome.booking, "staff:1")

    assert isinstance(cancelled, Cancelled)
    assert (await session.scalars(select(Occupancy))).all() == []
    assert await of_conversation(session, NOW, KIND, CONVERSATION) == []
    again = await book_service(session, NOW, visit(at("26 09:00"), "m2"))
    assert isinstance(again, Booked)
    assert again.booking.bay == 1


async def test_moving_keeps_length_price_and_bay(session: AsyncSession) -> None:
    request = visit(at("26 09:00"), items=("oil", "check"), told_total=56_000)
    outcome = await book_service(session, NOW, request)
    assert isinstance(outcome, Booked)

    moved = await move_service(session, NOW, outcome.booking, at("26 09:52"), "staff:1")

    assert isinstance(moved, Booked)
    assert moved.rounded
    booking = moved.booking
    assert walls([booking.starts_at, booking.ends_at]) == ["26 09:45", "26 11:00"]
    assert (booking.bay, booking.price) == (1, 56_000)
    quarters = await session.scalars(select(Occupancy.quarter).order_by(Occupancy.quarter))
    assert walls(list(quarters)) == ["26 09:45", "26 10:00", "26 10:15", "26 10:30", "26 10:45"]
    closed = await move_service(session, NOW, booking, at("26 17:00"), "staff:1")
    assert isinstance(closed, Refused)
    assert closed.reason == "closed"
    again = await move_service(session, NOW, booking, at("26 09:45"), "staff:1")
    assert again == Booked(booking, already=True)


async def test_moving_to_another_bay(session: AsyncSession) -> None:
    first = await book_service(session, NOW, visit(at("26 09:00")))
    other = await book_service(
        session, NOW, visit(at("26 10:00"), "m2", plate="浙A00002", phone=OTHER_PHONE)
    )
    assert isinstance(first, Booked)
    assert isinstance(other, Booked)
    assert other.booking.bay == 1

    moved = await move_service(session, NOW, other.booking, at("26 09:15"), "staff:1")

    assert isinstance(moved, Booked)
    assert moved.booking.bay == 2
    assert await find_booking(session, other.booking.number, OTHER_PHONE) == other.booking
    assert await find_booking(session, other.booking.number, PHONE) is None


async def test_free_times_near_the_wish(session: AsyncSession) -> None:
    times = await free_times(session, NOW, ["oil", "check"], at("28 17:00"))

    assert walls(times) == ["29 14:15", "29 14:30", "29 14:45"]
    assert await free_times(session, NOW, ["spell"], at("26 09:00")) == []


async def test_work_longer_than_the_day_is_never_offered(session: AsyncSession) -> None:
    long = await item(session, "check")
    long.minutes = 900
    await session.flush()

    outcome = await check_service(session, NOW, ["check"], at("26 08:30"))

    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.alternatives) == ("closed", ())


async def test_a_strangers_plate_changes_nothing_about_the_car(session: AsyncSession) -> None:
    first = await book_service(session, NOW, visit(at("26 09:00")))
    stranger = visit(at("26 14:00"), "m2", phone=OTHER_PHONE, mileage_km=5)
    second = await book_service(session, NOW, stranger)
    owner = visit(at("27 09:00"), "m3", mileage_km=21_000, model_code=None)
    await book_service(session, NOW, owner)

    assert isinstance(first, Booked)
    assert isinstance(second, Booked)
    assert first.booking.vehicle_id == second.booking.vehicle_id
    assert second.booking.mileage_km == 5
    car = (await session.scalars(select(Vehicle).execution_options(populate_existing=True))).one()
    assert car.customer_id == first.booking.customer_id
    assert car.mileage_km == 21_000
    assert car.model_id == first.booking.model_id


async def test_one_customer_for_all_visits(session: AsyncSession) -> None:
    await book_service(session, NOW, visit(at("26 09:00")))
    await book_service(session, NOW, visit(at("27 09:00"), "m2"))

    assert len((await session.scalars(select(Customer))).all()) == 1
