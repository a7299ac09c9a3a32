"""Booking a test drive in chat: any order, corrections, questions in between."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from backend.models import Customer, DemoCar, TestDriveBooking
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, Entity, names
from tests.integration.actions.drives import (
    CAR,
    FORM,
    PHONE,
    SATURDAY,
    SHANYU,
    YUNCHI,
    demo_trims,
    ready,
    taken,
)
from tests.integration.actions.records import audit, rows


@both
async def test_everything_at_once_and_a_yes(chat: Dialogue, services: Services) -> None:
    (asked,) = await ready(chat)
    assert asked.values == {
        "model": CAR, "time": "11月28日（周六）15:00", "name": "王伟", "phone": "13800000001",
        "terms": "\n" + demo.statement("test_drive_terms")["text_zh"],
    }  # fmt: skip
    assert asked.payloads == ["/affirm", "/deny", "/stop"]
    assert await rows(services, TestDriveBooking) == []
    said = await chat.says("确认", "affirm")
    (booking,) = await rows(services, TestDriveBooking)
    (customer,) = await rows(services, Customer)
    (cars,) = [c for c in await rows(services, DemoCar) if c.id == booking.demo_car_id]
    trim = next(r["trim"] for r in demo.read("demo_cars")["demo_cars"] if r["plate"] == cars.plate)
    assert names(said) == ["utter_test_drive_booked", "utter_calendar"]
    assert said[0].values == {
        "number": "TD261125-0001", "model": "山屿", "trim": demo.trims()[trim]["name_zh"],
        "time": "11月28日（周六）15:00", "minutes": 45, "address": "临澜市望湖大道 188 号",
    }  # fmt: skip
    assert said[1].values["link"].endswith(".ics")
    assert (booking.state, booking.starts_at, booking.ends_at - booking.starts_at) == (
        "booked", SATURDAY, timedelta(minutes=45),
    )  # fmt: skip
    assert (booking.number, booking.conversation_id) == ("TD261125-0001", chat.id)
    assert (booking.source_message_id, booking.source_action) == ("c-2", "action_submit_test_drive")
    assert (customer.name, customer.phone) == ("王伟", PHONE)
    assert await audit(services, "test_drive") == [(f"conversation:{chat.id}", "test_drive.booked")]
    # The form is left clean; name and phone stay known.
    assert chat.loop is None
    for slot in ("model", "time", "when", "confirmed"):
        assert chat.slots[f"test_drive_{slot}"] is None
    assert chat.slots["customer_phone"] == PHONE


ANSWERS: dict[str, tuple[str, list[Entity]]] = {
    "model": ("山屿", [SHANYU]),
    "time": ("周六下午三点", []),
    "name": ("我叫王伟", []),
    "phone": ("13800000001", []),
}


@pytest.mark.parametrize(
    "order",
    [
        "model time name phone",
        "phone name time model",
        "time phone model name",
        "name time phone model",
    ],
)
async def test_any_order(chat: Dialogue, services: Services, order: str) -> None:
    (said,) = await chat.says("想试驾", "book_test_drive")
    assert said.response == "utter_ask_test_drive_model"
    for what in order.split():
        text, entities = ANSWERS[what]
        said_last = await chat.says(text, "inform", *entities)
    assert names(said_last) == ["utter_confirm_test_drive"]
    await chat.says("好的", "affirm")
    (booking,) = await rows(services, TestDriveBooking)
    assert booking.starts_at == SATURDAY


async def test_the_form_asks_for_what_is_missing_and_offers_free_times(chat: Dialogue) -> None:
    (said,) = await chat.says("约试驾", "book_test_drive")
    cars = demo.read("demo_cars")["demo_cars"]
    with_cars = {demo.trims()[row["trim"]]["model"]["code"] for row in cars}
    assert said.payloads == [
        f'/inform{{"model": "{row["code"]}"}}'
        for row in demo.models() if row["code"] in with_cars
    ]  # fmt: skip
    (said,) = await chat.presses('/inform{"model": "shanyu"}')
    assert said.response == "utter_ask_test_drive_time"
    times = [datetime.fromisoformat(p.split('"')[3]) for p in said.times]
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in pairwise(times))
    free, said = await chat.presses(said.times[1])
    assert free.response == "utter_time_free"
    assert said.response == "utter_ask_customer_name"
    (said,) = await chat.says("王伟", "inform")
    assert said.response == "utter_ask_customer_phone"
    (said,) = await chat.says("13800000001", "inform")
    assert said.response == "utter_confirm_test_drive"
    assert chat.slots["test_drive_time"] == times[1].replace(tzinfo=SHANGHAI).isoformat()


async def test_the_model_under_discussion_is_the_one_to_drive(chat: Dialogue) -> None:
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    (said,) = await chat.says("约个试驾", "book_test_drive")
    assert said.response == "utter_ask_test_drive_time"
    assert chat.slots["test_drive_model"] == "shanyu"


async def test_a_correction_is_said_back(chat: Dialogue, services: Services) -> None:
    await ready(chat)
    said = await chat.says("改成周日上午十点", "inform")
    assert names(said) == ["utter_time_changed", "utter_confirm_test_drive"]
    assert said[0].values == {"time": "11月29日（周日）10:00"}
    said = await chat.says("手机是13800000002", "inform")
    assert said[-1].values["phone"] == "13800000002"
    said = await chat.says("换成云驰", "inform", YUNCHI)
    assert said[-1].values["model"].startswith("云驰 ")
    assert said[-1].values["time"] == "11月29日（周日）10:00"
    await chat.says("确认", "affirm")
    (booking,) = await rows(services, TestDriveBooking)
    assert booking.starts_at == SATURDAY + timedelta(hours=19)
    (customer,) = await rows(services, Customer)
    assert customer.phone == "+8613800000002"


async def test_a_yes_with_a_change_in_it_is_asked_anew(chat: Dialogue, services: Services) -> None:
    await ready(chat)
    said = await chat.says("可以，不过改到四点", "affirm")
    assert names(said)[-1] == "utter_confirm_test_drive"
    assert said[-1].values["time"] == "11月28日（周六）16:00"
    assert chat.slots["test_drive_confirmed"] is None
    assert await rows(services, TestDriveBooking) == []


async def test_a_no_asks_what_to_change(chat: Dialogue, services: Services) -> None:
    await ready(chat)
    said = await chat.says("不对", "deny")
    assert names(said)[0] == "utter_what_to_change"
    assert chat.loop == FORM
    assert await rows(services, TestDriveBooking) == []


@pytest.mark.parametrize(
    ("text", "intent", "entities"),
    [
        ("山屿多少钱", "ask_price", [SHANYU]),
        ("几点关门", "ask_hours", []),
        ("落地多少", "ask_onroad_price", []),
        ("你是机器人吗", "bot_challenge", []),
    ],
)
async def test_a_question_in_between_is_answered_then_the_form_goes_on(
    chat: Dialogue, text: str, intent: str, entities: list[Entity]
) -> None:
    await chat.says("试驾山屿，周六下午三点", "book_test_drive", SHANYU)
    said = await chat.says(text, intent, *entities)
    assert chat.ran == [
        "validate_test_drive_form", "action_answer", "validate_test_drive_form",
        "action_ask_customer_name",
    ]  # fmt: skip
    assert names(said)[-1] == "utter_ask_customer_name"
    assert len(said) == 2
    assert chat.loop == FORM
    assert chat.slots["test_drive_model"] == "shanyu"


async def test_a_question_about_another_car_does_not_change_the_one_to_drive(
    chat: Dialogue,
) -> None:
    await chat.says("试驾山屿，周六下午三点", "book_test_drive", SHANYU)
    said = await chat.says("云驰多少钱", "ask_price", YUNCHI)
    assert said[0].text.startswith("云驰官方指导价")
    assert chat.slots["test_drive_model"] == "shanyu"


async def test_a_day_alone_is_kept_and_its_free_hours_are_offered(chat: Dialogue) -> None:
    (said,) = await chat.says("周六下午想试驾山屿", "book_test_drive", SHANYU)
    assert (said.response, said.values["day"]) == ("utter_ask_hour", "11月28日（周六）")
    assert said.times
    assert all('"2026-11-28T1' in payload for payload in said.times)
    assert chat.slots["test_drive_time"] is None
    assert names(await chat.says("三点", "inform")) == [
        "utter_time_free",
        "utter_ask_customer_name",
    ]
    assert chat.slots["test_drive_time"] == SATURDAY.isoformat()


async def test_a_phone_one_digit_short_is_asked_again(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("王伟，1380000000", "inform")
    assert names(said) == ["utter_phone_invalid"]
    assert (chat.slots["customer_name"], chat.slots["customer_phone"]) == ("王伟", None)
    assert chat.slots["requested_slot"] == "customer_phone"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王伟 13800000001", "王伟"),
        ("13800000001，王伟", "王伟"),
        ("我姓王，13800000001", "王"),
        ("王先生13800000001", "王先生"),
        ("John Smith, 13800000001", "John Smith"),
    ],
)
async def test_a_name_beside_the_phone(chat: Dialogue, text: str, name: str) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    (said,) = await chat.says(text, "inform")
    assert said.response == "utter_confirm_test_drive"
    assert (said.values["name"], said.values["phone"]) == (name, "13800000001")


async def test_what_is_not_understood_is_explained_then_help_is_offered(chat: Dialogue) -> None:
    await chat.says("试驾山屿", "book_test_drive", SHANYU)
    shapes = [names(await chat.says("嗯嗯呃", "inform")) for _ in range(3)]
    assert shapes == [
        ["utter_explain_test_drive_time"],
        ["utter_explain_test_drive_time"],
        ["utter_form_stuck"],
    ]


async def test_another_form_takes_over(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("算了，我想预约保养", "book_maintenance")
    assert chat.loop == "maintenance_form"
    assert names(said) == ["utter_ask_service_items"]
    assert chat.slots["form_failures"] == 0


async def test_a_fault_interrupts_the_form(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("我的车刹车失灵了", "report_fault")
    assert names(said) == [
        "utter_danger",
        "utter_danger_colleague_open",
        "utter_offer_diagnosis",
    ]
    assert chat.loop is None


async def test_english_from_beginning_to_end(english: Dialogue, services: Services) -> None:
    free, said = await english.says(
        "Saturday 3pm, a test drive of the Shanyu please", "book_test_drive", SHANYU
    )
    assert free.worded("en") == "Sat 28 Nov, 15:00 is free."
    assert said.response == "utter_ask_customer_name"
    (said,) = await english.says("John Smith, 13800000001", "inform")
    assert said.values == {
        "model": f"Shanyu {demo.trims()[demo_trims('shanyu')[0]]['name_en']}",
        "time": "Sat 28 Nov, 15:00", "name": "John Smith",
        "phone": "13800000001",
        "terms": "\n" + demo.statement("test_drive_terms")["text_en"],
    }  # fmt: skip
    assert said.titles == ["Confirm", "Change something", "Cancel"]
    said_last = await english.says("yes", "affirm")
    assert said_last[0].values["address"] == "188 Wanghu Avenue, Linlan"
    (customer,) = await rows(services, Customer)
    assert (customer.name, customer.language) == ("John Smith", "en")


async def test_the_version_that_was_shown_is_the_one_that_is_booked(
    chat: Dialogue, services: Services
) -> None:
    (summary,) = await ready(chat)
    # Somebody books that version for another day meanwhile: now the other one is used less.
    await taken(services, "shanyu", SATURDAY + timedelta(days=1))
    booked, _ = await chat.says("确认", "affirm")
    assert summary.values["model"] == f"山屿 {booked.values['trim']}"
