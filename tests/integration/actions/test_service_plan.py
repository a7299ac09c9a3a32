"""What is due and what it costs, asked without booking; the customer's own car remembered."""

import json
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from backend.clock import FixedClock
from backend.conversations import outbox
from backend.conversations.service import lock
from backend.models import (
    Choice,
    MileageReading,
    PlanConsent,
    ServiceBooking,
    ServiceInterval,
    ServiceItem,
    ServicePrice,
    Vehicle,
)
from backend.services import Services
from backend.workshop.plan_reminders import PlanReminders, consent
from backend.workshop.visits import Recorded, arrive, complete
from tests.integration.actions import demo
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, Said, mention, names
from tests.integration.actions.records import rows

SHANYU, T6 = mention("model", "shanyu"), mention("model", "tuoye-t6")
ASK = "ask_maintenance_price"
GOOD_VIN, BAD_VIN = "LSVAU218XN2183294", "LSVAU2181N2183294"


def cost(code: str, model: str = "shanyu") -> int:
    return sum(demo.service_price(code, model))


def lines(said: Said) -> list[str]:
    return said.text.splitlines()


async def visited(chat: Dialogue, km: int = 20_000) -> ServiceBooking:
    """A visit booked in this conversation for 浙A12345."""
    await chat.says("周六上午十点给山屿做小保养", "book_maintenance", SHANYU,
                    mention("service_item", "minor_service"))  # fmt: skip
    await chat.says(f"浙A12345，跑了{km}公里，王伟，13800000001", "inform")
    said = await chat.says("确认", "affirm")
    assert names(said) == ["utter_service_booked", "utter_calendar"]
    return (await rows(chat.services, ServiceBooking))[-1]


async def test_due_at_a_mileage_with_parts_labour_total_and_what_comes_next(
    chat: Dialogue,
) -> None:
    (said,) = await chat.says("山屿3万公里该做什么，多少钱", ASK, SHANYU)
    head, *rest = lines(said)
    assert head == "山屿 30,000 公里，按保养计划该做："
    parts, labour = demo.service_price("minor_service", "shanyu")
    assert rest[0] == (
        f"• 小保养：{demo.yuan(parts + labour)}"
        f"（配件 {demo.yuan(parts)}，工时 {demo.yuan(labour)}）"
    )
    assert rest[1].startswith("• 轮胎换位：")
    assert rest[2] == f"合计：{demo.yuan(cost('minor_service') + cost('tyre_rotation'))}"
    assert rest[3].startswith("下次：40,000 公里或距上次 12 个月，以先到为准：")
    assert "大保养" in rest[3]
    assert said.payloads == ["/book_maintenance"]
    assert chat.loop is None


async def test_in_english(english: Dialogue) -> None:
    (said,) = await english.says("what's due at 60,000 km for my Shanyu", ASK, SHANYU)
    assert lines(said)[0] == "Shanyu: due at 60,000 km by the schedule:"
    assert "• Major service: CNY" in said.text
    assert "Next: 70,000 km or 12 months after the last time, whichever comes first: " in said.text


async def test_age_and_mileage_whichever_comes_first(chat: Dialogue) -> None:
    (said,) = await chat.says("车两年了跑了一万八该保养吗", ASK, SHANYU)
    assert lines(said)[0] == "山屿 18,000 公里、车龄约 24 个月，按保养计划该做："
    # The brake fluid is not due by 18,000 km, but after two years.
    assert "更换刹车油" in said.text
    assert "下次：28,000 公里或约 2027年11月，以先到为准" in said.text
    # By mileage alone it is not.
    (said,) = await chat.says("山屿跑了一万八该保养吗", ASK, SHANYU)
    assert "更换刹车油" not in said.text


async def test_taken_for_a_booking_it_is_answered_all_the_same(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿两年了跑了一万八该保养吗", "book_maintenance", SHANYU)
    assert "按保养计划该做" in said.text
    assert chat.slots["requested_slot"] is None
    # And leads into the booking: work, model and mileage are known then.
    said_then = await chat.presses("/book_maintenance")
    assert chat.loop == "maintenance_form"
    assert chat.slots["service_model"] == "shanyu"
    assert chat.slots["service_mileage"] == 18_000
    assert "brake_fluid" in chat.slots["service_items"]
    assert names(said_then) == ["text", "utter_ask_service_time"]


async def test_nothing_due_says_what_comes_next_with_its_price(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿跑了5000公里要不要保养", ASK, SHANYU)
    assert lines(said)[0] == "山屿 5,000 公里，按保养计划现在没有到期的项目。"
    assert lines(said)[1].startswith("下次：10,000 公里")
    assert f"合计：{demo.yuan(cost('minor_service') + cost('tyre_rotation'))}" in said.text


async def test_the_schedule_of_the_model_goes_before_the_general_one(chat: Dialogue) -> None:
    (said,) = await chat.says("拓野T6跑了16000公里该做什么", ASK, T6)
    assert "• 小保养" in said.text
    assert "拓野系列保养手册" in said.text
    (said,) = await chat.says("山屿跑了16000公里该做什么", ASK, SHANYU)
    assert "现在没有到期的项目" in said.text


async def test_it_asks_for_what_it_needs_and_goes_on_with_it(chat: Dialogue) -> None:
    (said,) = await chat.says("下次保养什么时候", ASK)
    assert said.response == "utter_plan_needs_mileage"
    (said,) = await chat.says("跑了一万八", "inform")
    assert lines(said)[0] == "18,000 公里，按保养计划该做："
    assert "这是燃油车的通用计划，告诉我车型会更准。" in said.text
    (said,) = await chat.says("两年了", "inform")
    assert lines(said)[0] == "18,000 公里、车龄约 24 个月，按保养计划该做："
    (said,) = await chat.says("是山屿", "inform", SHANYU)
    assert lines(said)[0] == "山屿 18,000 公里、车龄约 24 个月，按保养计划该做："


async def test_an_interval_that_nobody_stands_for_is_not_told(
    chat: Dialogue, services: Services
) -> None:
    async with services.database.transaction() as session:
        for row in await session.scalars(select(ServiceInterval)):
            row.approved_by = row.approved_at = None
    (said,) = await chat.says("山屿3万公里该做什么", ASK, SHANYU)
    assert said.response == "utter_not_confirmed"


async def test_what_has_no_price_is_said_to_be_estimated(
    chat: Dialogue, services: Services
) -> None:
    async with services.database.transaction() as session:
        query = select(ServicePrice).join(ServicePrice.item)
        for price in await session.scalars(query.where(ServiceItem.code == "tyre_rotation")):
            price.approved_by = price.approved_at = None
    (said,) = await chat.says("山屿3万公里该做什么，多少钱", ASK, SHANYU)
    assert "• 轮胎换位：到店检查后报价" in said.text
    assert "合计：到店检查后报价，您确认后才施工" in said.text


@both
async def test_the_own_car_is_remembered_in_its_conversation_only(
    chat: Dialogue, services: Services, start: Opening, clock: object
) -> None:
    booking = await visited(chat)
    (reading,) = await rows(services, MileageReading)
    assert (reading.km, reading.conversation_id) == (20_000, chat.id)
    when = datetime(2026, 11, 28, 10, tzinfo=SHANGHAI)
    async with services.database.transaction() as session:
        assert isinstance(await arrive(session, when, booking.id, "staff:1"), Recorded)
        done = await complete(
            session, when + timedelta(hours=1), booking.id, "staff:1", mileage_km=20_050
        )
        assert isinstance(done, Recorded)
    services.clock.advance(timedelta(days=4))  # type: ignore[attr-defined]
    (said,) = await chat.says("下次保养什么时候", ASK)
    assert lines(said)[0] == "浙A12345 上次记录是 20,050 公里（11月28日（周六））。"
    # Not the round mark: from when the minor service was done.
    assert "小保养" not in said.text.split("下次：")[0]
    stranger = await start(id="d" * 32)
    (said,) = await stranger.says("浙A12345 下次保养什么时候", ASK)
    assert said.response == "utter_plan_needs_mileage"


async def test_less_than_the_last_record_cannot_be(chat: Dialogue) -> None:
    await visited(chat)
    (said,) = await chat.says("我的车浙A12345跑了一万公里该保养吗", ASK)
    assert said.response == "utter_mileage_below"
    assert said.values == {"km": "20,000", "day": "11月25日（周三）"}
    # A question about a mark gone by is none of the sort.
    (said,) = await chat.says("1万公里该做什么", ASK)
    assert "10,000 公里，按保养计划该做" in said.text


@pytest.mark.parametrize("text", ["跑了一百万公里该保养吗", "has done 1,000,000 km, is it due?"])
async def test_a_million_is_no_mileage(chat: Dialogue, text: str) -> None:
    (said,) = await chat.says(text, ASK)
    assert said.response == "utter_mileage_unlikely"


async def at_the_plate(chat: Dialogue) -> None:
    await chat.says("周六上午十点给山屿做小保养", "book_maintenance", SHANYU,
                    mention("service_item", "minor_service"))  # fmt: skip


async def test_a_plate_of_no_province(chat: Dialogue) -> None:
    await at_the_plate(chat)
    (said,) = await chat.says("火A12345", "inform")
    assert said.response == "utter_plate_invalid"
    assert said.values == {"plate": "火A12345"}
    assert chat.slots["service_plate"] is None
    (said,) = await chat.says("浙A1234", "inform")
    assert said.response == "utter_plate_invalid"
    await chat.says("浙A12345", "inform")
    assert chat.slots["service_plate"] == "浙A12345"


@both
async def test_a_vin_instead_of_a_plate(chat: Dialogue, services: Services) -> None:
    await at_the_plate(chat)
    (said,) = await chat.says(BAD_VIN, "inform")
    assert said.response == "utter_vin_invalid"
    assert chat.slots["service_plate"] is None
    await chat.says(GOOD_VIN, "inform")
    (said,) = await chat.says("王伟，13800000001，跑了2万公里", "inform")
    assert said.response == "utter_confirm_service"
    assert said.values["plate"] == f" {GOOD_VIN}"
    await chat.says("确认", "affirm")
    (vehicle,) = await rows(services, Vehicle)
    assert (vehicle.plate, vehicle.vin, vehicle.mileage_km) == (None, GOOD_VIN, 20_000)
    (said,) = await chat.says(f"{GOOD_VIN} 下次什么时候保养", ASK)
    assert "上次记录是 20,000 公里" in said.text


async def test_the_same_doubtful_vin_again_is_taken(chat: Dialogue) -> None:
    await at_the_plate(chat)
    await chat.says(BAD_VIN, "inform")
    await chat.says(BAD_VIN, "inform")
    assert chat.slots["service_vin"] == BAD_VIN


async def test_in_the_form_less_than_the_last_record_changes_nothing(chat: Dialogue) -> None:
    await visited(chat)
    await chat.says("下周二上午十点再约个轮胎换位，浙A12345", "book_maintenance",
                    mention("service_item", "tyre_rotation"))  # fmt: skip
    before = chat.slots["service_mileage"]
    said = await chat.says("跑了一万公里", "inform")
    assert said[0].response == "utter_mileage_below"
    assert chat.slots["service_mileage"] == before == 20_000


async def test_the_age_that_was_said_stays_with_the_car(chat: Dialogue, services: Services) -> None:
    await chat.says("我的车山屿两年了跑了一万八该保养吗", ASK, SHANYU)
    await chat.presses("/book_maintenance")
    await chat.says("周六上午十点，浙A12345，王伟，13800000001", "inform")
    await chat.says("确认", "affirm")
    (vehicle,) = await rows(services, Vehicle)
    assert vehicle.in_service_on == date(2024, 11, 25)
    assert vehicle.mileage_km == 18_000


async def consents(services: Services) -> list[bool]:
    """Of each wish for reminders: whether it stands."""
    return [row.withdrawn_at is None for row in await rows(services, PlanConsent)]


@pytest.mark.parametrize("intent", ["privacy", "stop", "nlu_fallback", "out_of_scope"])
@pytest.mark.parametrize(
    ("language", "title", "no_more"),
    [
        ("zh", "到期提醒我", "不再提醒"),
        ("zh", "到期提醒我", "别再给我发保养提醒了"),
        ("en", "Remind me when due", "no more reminders"),
        ("en", "Remind me when due", "please stop sending me reminders"),
    ],
)
async def test_reminders_by_wish_and_off_at_a_word(
    start: Opening,
    services: Services,
    language: str,
    title: str,
    no_more: str,
    intent: str,
) -> None:
    chat = await start(language=language)
    await visited(chat)
    (said,) = await chat.says("下次保养什么时候", ASK)
    assert said.titles[-1] == title
    assert await consents(services) == []
    (said,) = await chat.presses(said.payloads[-1])
    assert said.response == "utter_plan_on"
    assert await consents(services) == [True]
    (said,) = await chat.says("下次保养什么时候", ASK)
    # It is on: nothing to offer.
    assert said.payloads == ["/book_maintenance"]
    heard = await chat.says(no_more, intent)
    assert names(heard)[0] == "utter_plan_off"
    assert await consents(services) == [False]
    heard = await chat.says(no_more, intent)
    assert "utter_plan_off" not in names(heard)


@both
async def test_the_reminder_books_what_is_due_by_its_button(
    chat: Dialogue, services: Services, clock: FixedClock
) -> None:
    booked = await visited(chat)
    async with services.database.transaction() as session:
        for act in (arrive, partial(complete, mileage_km=20_000)):
            done = await act(session, booked.starts_at, booked.id, "staff:1")
            assert isinstance(done, Recorded)
        await consent(session, booked.starts_at, chat.id, int(booked.vehicle_id or 0))
    clock.advance(timedelta(days=350))
    assert await PlanReminders(services.database, clock, 3).look() == 1
    clock.advance(timedelta(hours=1))
    async with services.database.transaction() as session:
        held = await lock(session, chat.id)
        await outbox.claim(session, clock.now(), held, "sender", most=5, budget=3)
        (choice,) = await session.scalars(select(Choice).where(Choice.title == "现在预约"))
    said = await chat.presses(choice.payload)
    assert chat.loop == "maintenance_form"
    # The price of the very work, and times for it.
    assert names(said) == ["text", "utter_ask_service_time"]
    work = json.loads(choice.payload.partition("{")[1] + choice.payload.partition("{")[2])
    assert "major_service" in work["service_item"]
    assert "• 大保养：" in said[0].text
    (said_last,) = await chat.says("后天上午十点", "inform")
    assert said_last.response == "utter_confirm_service"
    assert said_last.values["plate"] == " 浙A12345"
    assert names(await chat.says("确认", "affirm"))[0] == "utter_service_booked"
    again = (await rows(services, ServiceBooking))[-1]
    assert again.id != booked.id
    assert (again.vehicle_id, again.state) == (booked.vehicle_id, "booked")
    assert [item["code"] for item in again.items] == work["service_item"]


async def test_of_what_is_asked_in_passing_nothing_is_switched_off(
    chat: Dialogue, services: Services
) -> None:
    await visited(chat)
    (said,) = await chat.says("下次保养什么时候", ASK)
    await chat.presses(said.payloads[-1])
    await chat.says("仪表上的保养提醒怎么取消", "ask_usage")
    await chat.says("到时候别忘了提醒我", "chitchat")
    await chat.says("你们不提醒我吗", "chitchat")
    assert await consents(services) == [True]


async def test_no_reminders_of_a_strangers_car(
    chat: Dialogue, services: Services, start: Opening
) -> None:
    await visited(chat)
    (said,) = await chat.says("下次保养什么时候", ASK)
    stranger = await start(id="d" * 32)
    (heard,) = await stranger.presses(said.payloads[-1])
    assert heard.response == "utter_plan_needs_mileage"
    assert await consents(services) == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("好的", "affirm"),
        ("那周六上午十点过来", "book_appointment"),
        ("周六上午十点", "inform"),
        ("好的，周六上午十点", "greet"),
    ],
)
async def test_a_yes_or_a_time_goes_on_to_the_booking(
    chat: Dialogue, text: str, intent: str
) -> None:
    await chat.says("我的山屿跑了3万公里该做什么", ASK, SHANYU)
    await chat.says(text, intent)
    assert chat.loop == "maintenance_form"
    assert chat.slots["service_items"] == ["minor_service", "tyre_rotation"]
    assert chat.slots["service_mileage"] == 30_000


async def test_a_mark_gone_by_is_not_judged_by_what_was_done_since(
    chat: Dialogue, services: Services
) -> None:
    booking = await visited(chat)
    when = datetime(2026, 11, 28, 10, tzinfo=SHANGHAI)
    async with services.database.transaction() as session:
        await arrive(session, when, booking.id, "staff:1")
        await complete(session, when, booking.id, "staff:1", mileage_km=20_050)
    (said,) = await chat.says("1万公里该做什么", ASK)
    assert "10,000 公里，按保养计划该做" in said.text
    assert "小保养" in said.text.split("下次：")[0]


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "我的车上次保养是什么时候"), ("en", "when was my last service?")],
)
async def test_when_it_was_last_here(
    start: Opening, services: Services, language: str, text: str
) -> None:
    chat = await start(language=language)
    booking = await visited(chat)
    when = datetime(2026, 11, 28, 10, tzinfo=SHANGHAI)
    async with services.database.transaction() as session:
        await arrive(session, when, booking.id, "staff:1")
        await complete(session, when, booking.id, "staff:1", mileage_km=20_050)
    (said,) = await chat.says(text, "manage_booking")
    assert said.response == "utter_last_visit"
    assert said.values["car"] == "浙A12345"
    assert "20,050" in said.values["km"]


async def test_what_is_bought_when_is_no_day_to_come(english: Dialogue) -> None:
    await english.says("when is my next service due?", ASK)
    (said,) = await english.says(
        "Yunchi, 35000 km, bought in March 2024", "inform", mention("model", "yunchi")
    )
    assert lines(said)[0].startswith("Yunchi: ")
    assert "35,000 km and about 32 months" in lines(said)[0]


@pytest.mark.parametrize("intent", ["recommend_model", "trade_in", "nlu_fallback", "chitchat"])
async def test_whatever_it_is_taken_for(english: Dialogue, intent: str) -> None:
    (said,) = await english.says("I've driven 18000 km, anything due?", intent)
    assert lines(said)[0] == "Due at 18,000 km by the schedule:"


async def test_the_price_asked_with_it_is_that_of_the_work(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿3万公里该做什么，多少钱", ASK, SHANYU, wishes=["ask_price"])
    assert "按保养计划该做" in said.text


async def test_how_often_is_told_at_once(chat: Dialogue) -> None:
    (said,) = await chat.says("多久保养一次", ASK)
    assert said.response == "utter_plan_needs_mileage"
    first, second, source, _ = said.values["lines"].split("\n")
    assert first == "• 小保养：每 10,000 公里或 12 个月，以先到为准"
    assert second.startswith("• 大保养：每 20,000 公里或 24 个月")
    assert source.startswith("（依据：")


async def test_more_than_a_days_work_is_no_single_visit(chat: Dialogue, services: Services) -> None:
    async with services.database.transaction() as session:
        for item in await session.scalars(select(ServiceItem)):
            item.minutes = 300
    await chat.says("山屿3万公里该做什么", ASK, SHANYU)
    (said,) = await chat.presses("/book_maintenance")
    assert said.response == "utter_work_too_long"
    assert said.values["hours"] == 10
    said_next = await chat.says("小保养", "inform", mention("service_item", "minor_service"))
    assert chat.slots["service_items"] == ["minor_service"]
    assert names(said_next)[-1] == "utter_ask_service_time"


async def test_another_mileage_of_the_same_model(chat: Dialogue) -> None:
    await chat.says("山屿3万公里该做什么", ASK, SHANYU)
    (said,) = await chat.says("那6万公里呢", "inform")
    assert lines(said)[0] == "山屿 60,000 公里，按保养计划该做："
