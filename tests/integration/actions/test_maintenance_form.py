"""Booking a visit to the workshop in chat: work, price before the yes, time, contact."""

from datetime import datetime

import pytest

from backend.models import CalendarEntry, Customer, Model, ServiceBooking, ServiceItem, ServicePrice
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, Entity, Said, mention, names
from tests.integration.actions.records import audit, change, rows

SHANYU = mention("model", "shanyu")
E5 = mention("model", "xinghe-e5")
FORM = "maintenance_form"


def item(code: str) -> Entity:
    return mention("service_item", code)


def row_of(code: str) -> dict[str, object]:
    return next(row for row in demo.read("service")["service_items"] if row["code"] == code)


def line(code: str, model: str | None) -> str:
    """`小保养：500 元（配件 380 元，工时 120 元）`"""
    parts, labour = demo.service_price(code, model)
    return (
        f"• {row_of(code)['name_zh']}：{demo.yuan(parts + labour)}"
        f"（配件 {demo.yuan(parts)}，工时 {demo.yuan(labour)}）"
    )


def total(model: str | None, *codes: str) -> int:
    return sum(sum(demo.service_price(code, model)) for code in codes)


async def ready(chat: Dialogue) -> list[Said]:
    """As far as the confirmation: a minor service for a Shanyu."""
    await chat.says("周六上午十点给山屿做小保养", "book_maintenance", SHANYU, item("minor_service"))
    return await chat.says("浙A12345，王伟，13800000001", "inform")


@both
async def test_work_car_time_plate_contact_and_a_yes(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("约保养", "book_maintenance")
    assert said.response == "utter_ask_service_items"
    assert '/inform{"service_item": "minor_service"}' in said.payloads
    (said,) = await chat.says("小保养", "inform", item("minor_service"))
    assert said.response == "utter_ask_service_model"
    assert said.payloads[-1] == '/inform{"model": "other"}'
    price, said = await chat.presses('/inform{"model": "shanyu"}')
    # The price is told before anything else is asked.
    assert price.text.startswith(line("minor_service", "shanyu") + "\n合计：")
    assert said.response == "utter_ask_service_time"
    free, said = await chat.says("周六上午十点", "inform")
    assert free.values == {"time": "11月28日（周六）10:00"}
    assert said.response == "utter_ask_service_plate"
    (said,) = await chat.says("浙A12345", "inform")
    assert said.response == "utter_ask_customer_name"
    (said,) = await chat.says("我叫王伟", "inform")
    (said,) = await chat.says("13800000001", "inform")
    assert said.response == "utter_confirm_service"
    assert said.values == {
        "lines": line("minor_service", "shanyu"),
        "total": f"合计：{demo.yuan(total('shanyu', 'minor_service'))}",
        "car": "山屿", "plate": " 浙A12345", "time": "11月28日（周六）10:00",
        "name": "王伟", "phone": "13800000001",
    }  # fmt: skip
    assert await rows(services, ServiceBooking) == []
    said, link = await chat.says("确认", "affirm")
    assert (said.response, link.response) == ("utter_service_booked", "utter_calendar")
    (entry,) = await rows(services, CalendarEntry)
    assert link.values == {"link": f"{services.settings.base_url}/calendar/{entry.token}.ics"}
    (booking,) = await rows(services, ServiceBooking)
    assert entry.service_booking_id == booking.id
    assert said.values["number"] == booking.number == "SV261125-0001"
    assert said.values["total"] == f"合计：{demo.yuan(booking.price or 0)}"
    assert booking.price == total("shanyu", "minor_service")
    assert booking.starts_at == datetime(2026, 11, 28, 10, tzinfo=SHANGHAI)
    assert (booking.plate, booking.conversation_id) == ("浙A12345", chat.id)
    parts, labour = demo.service_price("minor_service", "shanyu")
    assert booking.items == [
        {
            "code": "minor_service", "name_zh": "小保养", "name_en": "Minor service",
            "parts": parts, "labour": labour,
        }
    ]  # fmt: skip
    assert [c.phone for c in await rows(services, Customer)] == ["+8613800000001"]
    assert (f"conversation:{chat.id}", "service_booking.booked") in await audit(services)
    assert chat.slots["service_items"] is None
    assert chat.loop is None


async def test_the_mileage_says_what_is_due(chat: Dialogue) -> None:
    said = await chat.says("山屿跑了两万公里，想做保养", "book_maintenance", SHANYU)
    due = {
        row["code"]: row
        for row in demo.read("service")["service_items"]
        if row.get("interval_km")
        and 20_000 % row["interval_km"] == 0
        and "petrol" in row.get("energies", ["petrol"])
    }
    covered = {code for row in due.values() for code in row.get("covers", ())}
    proposed = [code for code in due if code not in covered]
    assert chat.slots["service_items"] == proposed
    assert names(said) == ["text", "utter_ask_service_time"]
    head, *lines = said[0].text.splitlines()
    assert head == "20,000 公里按保养计划建议做这些，不需要的可以去掉："
    assert lines[: len(proposed)] == [line(code, "shanyu") for code in proposed]
    assert lines[len(proposed)] == f"合计：{demo.yuan(total('shanyu', *proposed))}"
    # What is not wanted is taken out, and the new price told.
    first = proposed[0]
    said = await chat.says(f"{row_of(first)['name_zh']}不要", "inform", item(first))
    assert chat.slots["service_items"] == proposed[1:]
    assert f"合计：{demo.yuan(total('shanyu', *proposed[1:]))}" in said[0].text


async def test_a_mileage_at_which_nothing_is_due(chat: Dialogue) -> None:
    said = await chat.says("山屿跑了5000公里，要保养吗，约一下", "book_maintenance", SHANYU)
    assert names(said) == ["utter_nothing_due", "utter_ask_service_items"]
    assert said[0].values == {"km": "5,000"}


async def test_an_unlikely_mileage_is_asked_again(chat: Dialogue) -> None:
    said = await chat.says(
        "保养", "book_maintenance", SHANYU, mention("mileage", {"km": 3_000_000})
    )
    assert names(said) == ["utter_mileage_unlikely"]
    assert chat.slots["service_mileage"] is None


async def test_adding_and_replacing_work(chat: Dialogue) -> None:
    await chat.says("山屿小保养", "book_maintenance", SHANYU, item("minor_service"))
    said = await chat.says("再加一个空调清洗", "inform", item("ac_cleaning"))
    assert chat.slots["service_items"] == ["minor_service", "ac_cleaning"]
    both_cost = total("shanyu", "minor_service", "ac_cleaning")
    assert f"合计：{demo.yuan(both_cost)}" in said[0].text
    await chat.says("做大保养吧", "inform", item("major_service"))
    assert chat.slots["service_items"] == ["major_service"]


async def test_work_that_does_not_suit_the_car_is_taken_out(
    chat: Dialogue, english: Dialogue
) -> None:
    said = await chat.says(
        "星禾E5换机油和刹车油", "book_maintenance", E5, item("minor_service"), item("brake_fluid")
    )
    assert names(said)[0] == "utter_refused_unsuitable_item"
    assert said[0].values == {"items": "小保养"}
    assert chat.slots["service_items"] == ["brake_fluid"]
    said = await english.says("oil change for my E5", "book_maintenance", E5, item("minor_service"))
    assert names(said) == ["utter_refused_unsuitable_item", "utter_ask_service_items"]
    assert english.slots["service_items"] is None


async def test_the_car_may_change_the_price(chat: Dialogue) -> None:
    await chat.says("山屿小保养", "book_maintenance", SHANYU, item("minor_service"))
    said = await chat.says("说错了，是青岚", "inform", mention("model", "qinglan"))
    assert said[0].text.startswith(line("minor_service", "qinglan"))
    assert total("qinglan", "minor_service") != total("shanyu", "minor_service")


async def test_another_make_and_no_plate(chat: Dialogue, services: Services) -> None:
    await chat.says("小保养", "book_maintenance", item("minor_service"))
    said = await chat.says("别的牌子的车", "inform")
    assert chat.slots["service_model"] == "other"
    assert names(said)[0] == "utter_other_make"
    await chat.says("周六上午十点", "inform")
    await chat.says("还没上牌", "inform")
    assert chat.slots["service_plate"] == "none"
    (said_last,) = await chat.says("王伟 13800000001", "inform")
    assert (said_last.values["car"], said_last.values["plate"]) == ("其他品牌", "")
    await chat.says("确认", "affirm")
    (booking,) = await rows(services, ServiceBooking)
    assert (booking.model_id, booking.plate) == (None, None)


async def test_a_price_that_changed_after_it_was_told_is_not_booked(
    chat: Dialogue, services: Services
) -> None:
    (said,) = await ready(chat)
    old = total("shanyu", "minor_service")
    assert said.values["total"] == f"合计：{demo.yuan(old)}"
    await change(
        services, ServicePrice, ServicePrice.item_id == ServiceItem.id,
        ServiceItem.code == "minor_service", ServicePrice.model_id == Model.id,
        Model.code == "shanyu", labour=99_900,
    )  # fmt: skip
    said_again = await chat.says("确认", "affirm")
    assert names(said_again)[0] == "utter_refused_price_changed"
    assert names(said_again)[-1] == "utter_confirm_service"
    parts, _ = demo.service_price("minor_service", "shanyu")
    assert said_again[-1].values["total"] == f"合计：{demo.yuan(parts + 99_900)}"
    assert await rows(services, ServiceBooking) == []
    assert chat.loop == FORM
    # The new price needs a new yes.
    await chat.says("可以", "affirm")
    (booking,) = await rows(services, ServiceBooking)
    assert booking.price == parts + 99_900


async def test_a_price_that_is_no_longer_valid_is_not_stated(
    chat: Dialogue, services: Services
) -> None:
    await change(
        services, ServicePrice, ServicePrice.item_id == ServiceItem.id,
        ServiceItem.code == "minor_service", approved_by=None, approved_at=None,
    )  # fmt: skip
    said = await chat.says("山屿小保养", "book_maintenance", SHANYU, item("minor_service"))
    assert "小保养：到店检查后报价" in said[0].text
    assert "合计：到店检查后报价，您确认后才施工" in said[0].text
    await chat.says("周六上午十点，浙A12345，王伟，13800000001", "inform")
    await chat.says("确认", "affirm")
    (booking,) = await rows(services, ServiceBooking)
    assert booking.price is None


@both
async def test_a_turn_that_is_retried_books_once(chat: Dialogue, services: Services) -> None:
    await ready(chat)
    before = dict(chat.slots), chat.loop
    first = await chat.says("确认", "affirm", message_id="m-1")
    chat.slots, chat.loop = dict(before[0]), before[1]
    second = await chat.says("确认", "affirm", message_id="m-1")
    assert [one.values for one in first] == [one.values for one in second]
    assert len(await rows(services, ServiceBooking)) == 1


async def test_a_reported_fault_becomes_a_check_with_its_story(
    chat: Dialogue, services: Services
) -> None:
    story = "早上冷车启动发动机异响"
    said = await chat.says(story, "report_fault")
    assert said[-1].titles[-1] == "跳过", "a question about it, to be answered or not"
    assert names(said)[0] in ("utter_fault", "utter_fault_grave", "utter_fault_mild")
    assert said[0].values == {"hotline": demo.read("dealership")["dealership"]["hotline"]}
    said = await chat.presses('/book_maintenance{"start_with": "diagnosis"}')
    assert chat.slots["service_items"] == ["diagnosis"]
    assert names(said) == ["utter_ask_service_model"]
    await chat.says("山屿，周六上午十点", "inform", SHANYU)
    await chat.says("浙A12345，王伟，13800000001", "inform")
    await chat.says("确认", "affirm")
    (booking,) = await rows(services, ServiceBooking)
    assert booking.note == story
    assert [i["code"] for i in booking.items] == ["diagnosis"]


@pytest.mark.parametrize("intent", ["ask_maintenance_price", "ask_price"])
async def test_how_much_inside_the_form_is_the_price_of_the_visit(
    chat: Dialogue, intent: str
) -> None:
    await chat.says("山屿小保养", "book_maintenance", SHANYU, item("minor_service"))
    said = await chat.says("一共多少钱", intent)
    assert said[0].text.startswith(line("minor_service", "shanyu"))
    assert names(said)[-1] == "utter_ask_service_time"
    assert chat.loop == FORM


async def test_the_workshop_is_closed_at_night_and_offers_the_day(chat: Dialogue) -> None:
    await chat.says("山屿小保养", "book_maintenance", SHANYU, item("minor_service"))
    said = await chat.says("周六晚上八点", "inform")
    assert names(said) == ["utter_refused_closed"]
    assert said[0].times
    assert chat.slots["service_time"] is None
    said = await chat.presses(said[0].times[0])
    assert names(said) == ["utter_time_free", "utter_ask_service_plate"]


async def test_an_odd_minute_is_rounded_the_same_everywhere(
    chat: Dialogue, services: Services
) -> None:
    said = await chat.says(
        "周六上午十点十分山屿小保养", "book_maintenance", SHANYU, item("minor_service")
    )
    assert "utter_rounded" in names(said)
    (said_last,) = await chat.says("浙A12345，王伟，13800000001", "inform")
    assert said_last.values["time"] == "11月28日（周六）10:15"
    await chat.says("确认", "affirm")
    (booking,) = await rows(services, ServiceBooking)
    assert booking.starts_at == datetime(2026, 11, 28, 10, 15, tzinfo=SHANGHAI)


async def test_prices_of_named_work_with_their_intervals(chat: Dialogue, english: Dialogue) -> None:
    (said,) = await chat.says("刹车油多少钱", "ask_maintenance_price", item("brake_fluid"))
    first = said.text.splitlines()[0]
    assert first == line("brake_fluid", None) + "；每 40,000 公里或 24 个月，以先到为准"
    (said,) = await english.says(
        "brake pads for the Shanyu?", "ask_maintenance_price", SHANYU, item("brake_pads")
    )
    parts, labour = demo.service_price("brake_pads", "shanyu")
    assert said.text.startswith(
        f"• Brake pads: {demo.yuan(parts + labour, 'en')} (parts {demo.yuan(parts, 'en')}, "
        f"labour {demo.yuan(labour, 'en')}); every 40,000 km"
    )
    assert said.payloads == ["/book_maintenance"]


async def test_the_menu_when_nothing_was_named(chat: Dialogue) -> None:
    (said,) = await chat.says("保养都什么价", "ask_maintenance_price")
    shown = [row["code"] for row in demo.read("service")["service_items"]][:8]
    assert said.text.splitlines()[1:9] == [line(code, None) for code in shown]


async def test_what_was_priced_by_mileage_is_what_is_booked(chat: Dialogue) -> None:
    await chat.says("山屿六万公里保养多少钱", "ask_maintenance_price", SHANYU)
    proposed = chat.slots["topic"]["items"]
    assert proposed
    await chat.says("约一下", "book_maintenance")
    assert chat.slots["service_items"] == proposed


async def test_a_statement_about_the_menu_is_a_visit(chat: Dialogue) -> None:
    said = await chat.says("山屿做小保养", "inform", SHANYU, item("minor_service"))
    assert chat.loop == FORM
    assert names(said)[-1] == "utter_ask_service_time"


async def test_a_price_and_then_the_visit(chat: Dialogue) -> None:
    text = "山屿小保养多少钱"
    await chat.says(text, "ask_maintenance_price", SHANYU, item("minor_service"))
    said = await chat.says("那帮我约周六上午十点", "book_appointment")
    assert chat.loop == FORM
    assert chat.slots["service_items"] == ["minor_service"]
    assert chat.slots["service_model"] == "shanyu"
    assert names(said)[-1] == "utter_ask_service_plate"


async def test_what_is_due_for_the_car_named_after(chat: Dialogue) -> None:
    text = "3万公里该做什么，多少钱"
    said = await chat.says(text, "ask_maintenance_price", wishes=["ask_price"])
    assert len(said) == 1
    (said_then,) = await chat.says("山屿", "inform", SHANYU)
    assert demo.yuan(total("shanyu", "minor_service", "tyre_rotation")) in said_then.text


async def test_no_price_of_work_that_is_not_for_the_car(chat: Dialogue) -> None:
    text = "星禾E5小保养多少钱"
    first, menu = await chat.says(text, "ask_maintenance_price", E5, item("minor_service"))
    assert first.text == "小保养不适用于这款车。"
    assert "小保养" not in menu.text
    assert line("ev_service", "xinghe-e5") in menu.text


async def test_the_car_of_a_fault_is_that_of_the_visit(chat: Dialogue) -> None:
    await chat.says("我的山屿底盘有异响", "report_fault", SHANYU)
    await chat.says("帮我约个检查", "book_maintenance")
    assert chat.slots["service_model"] == "shanyu"


async def test_no_plate_yet_is_an_answer_whatever_it_sounds_like(chat: Dialogue) -> None:
    await chat.says("山屿做小保养", "book_maintenance", SHANYU, item("minor_service"))
    said = await chat.says("no plate yet", "order_status")
    assert chat.slots["service_plate"] == "none"
    assert "utter_order_status" not in names(said)
