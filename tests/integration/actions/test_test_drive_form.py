"""Booking a test drive in chat: any order, corrections, questions in between, refusals."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.appointments import service as appointments
from backend.clock import FixedClock
from backend.models import Customer, DemoCar, TestDriveBooking
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, Said, mention, names
from tests.integration.actions.records import audit, change, rows

SHANYU = mention("model", "shanyu")
YUNCHI = mention("model", "yunchi")
PHONE = "+8613800000001"
FORM = "test_drive_form"
SATURDAY = datetime(2026, 11, 28, 15, 0, tzinfo=SHANGHAI)


def demo_trims(model: str) -> list[str]:
    """The trims of that model that can be driven, in the order of the cars."""
    listed = [row["trim"] for row in demo.read("demo_cars")["demo_cars"]]
    return [trim for trim in listed if demo.trims()[trim]["model"]["code"] == model]


CAR = f"山屿 {demo.trims()[demo_trims('shanyu')[0]]['name_zh']}"
"""The customer is told which version will stand ready."""


async def ready(chat: Dialogue) -> list[Said]:
    """As far as the confirmation, in one message."""
    said = await chat.says(
        "周六下午三点试驾山屿，王伟，13800000001", "book_test_drive", SHANYU
    )
    assert names(said) == ["utter_confirm_test_drive"]
    return said


async def taken(services: Services, model: str, starts_at: datetime, times: int = 1) -> None:
    """Somebody else has booked that time, `times` cars of the model."""
    async with services.database.transaction() as session:
        for number in range(times):
            request = appointments.TestDriveRequest(
                model_code=model, starts_at=starts_at, name="李娜",
                phone=f"+861380000009{number}", language="zh", conversation_id=None,
                message_id=f"other-{number}", action="desk", actor="staff:1",
            )  # fmt: skip
            outcome = await appointments.book_test_drive(session, services.clock.now(), request)
            assert isinstance(outcome, appointments.Booked)


@both
async def test_everything_at_once_and_a_yes(chat: Dialogue, services: Services) -> None:
    (said,) = await ready(chat)
    assert said.values == {
        "model": CAR, "time": "11月28日（周六）15:00", "name": "王伟", "phone": "13800000001",
    }  # fmt: skip
    assert said.payloads == ["/affirm", "/deny", "/stop"]
    assert await rows(services, TestDriveBooking) == []
    said = await chat.says("确认", "affirm")
    (booking,) = await rows(services, TestDriveBooking)
    (customer,) = await rows(services, Customer)
    (cars,) = [c for c in await rows(services, DemoCar) if c.id == booking.demo_car_id]
    trim = next(r["trim"] for r in demo.read("demo_cars")["demo_cars"] if r["plate"] == cars.plate)
    assert names(said) == ["utter_test_drive_booked", "text"]
    assert said[0].values == {
        "number": "TD261125-0001", "model": "山屿", "trim": demo.trims()[trim]["name_zh"],
        "time": "11月28日（周六）15:00", "minutes": 45, "address": "临澜市望湖大道 188 号",
    }  # fmt: skip
    assert said[1].text == demo.statement("test_drive_terms")["text_zh"]
    assert (booking.state, booking.starts_at, booking.ends_at - booking.starts_at) == (
        "booked", SATURDAY, timedelta(minutes=45),
    )  # fmt: skip
    assert (booking.number, booking.conversation_id) == ("TD261125-0001", chat.id)
    assert (booking.source_message_id, booking.source_action) == ("c-2", "action_submit_test_drive")
    assert (customer.name, customer.phone) == ("王伟", PHONE)
    assert await audit(services, "test_drive") == [
        (f"conversation:{chat.id}", "test_drive.booked")
    ]
    # The form is left clean; name and phone stay known.
    assert chat.loop is None
    for slot in ("model", "time", "when", "confirmed"):
        assert chat.slots[f"test_drive_{slot}"] is None
    assert chat.slots["customer_phone"] == PHONE


ANSWERS = {
    "model": ("山屿", "inform", SHANYU),
    "time": ("周六下午三点", "inform"),
    "name": ("我叫王伟", "inform"),
    "phone": ("13800000001", "inform"),
}


@pytest.mark.parametrize(
    "order",
    ["model time name phone", "phone name time model", "time phone model name", "name time phone model"],
)  # fmt: skip
async def test_any_order(chat: Dialogue, services: Services, order: str) -> None:
    (said,) = await chat.says("想试驾", "book_test_drive")
    assert said.response == "utter_ask_test_drive_model"
    for what in order.split():
        said_last = await chat.says(*ANSWERS[what])
    assert names(said_last) == ["utter_confirm_test_drive"]
    await chat.says("好的", "affirm")
    (booking,) = await rows(services, TestDriveBooking)
    assert booking.starts_at == SATURDAY


async def test_the_form_asks_for_what_is_missing_and_offers_free_times(chat: Dialogue) -> None:
    (said,) = await chat.says("约试驾", "book_test_drive")
    with_cars = {demo.trims()[r["trim"]]["model"]["code"] for r in demo.read("demo_cars")["demo_cars"]}
    assert said.payloads == [
        f'/inform{{"model": "{row["code"]}"}}'
        for row in demo.models() if row["code"] in with_cars
    ]  # fmt: skip
    (said,) = await chat.presses('/inform{"model": "shanyu"}')
    assert said.response == "utter_ask_test_drive_time"
    assert said.titles[0] == "今天 11:00"
    times = [datetime.fromisoformat(p.split('"')[3]) for p in said.payloads]
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in zip(times, times[1:], strict=False))
    free, said = await chat.presses(said.payloads[1])
    assert (free.response, free.values) == ("utter_time_free", {"time": "11月25日（周三）12:00"})
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


async def test_a_yes_with_a_change_in_it_is_asked_anew(
    chat: Dialogue, services: Services
) -> None:
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
    chat: Dialogue, text: str, intent: str, entities: list[Any]
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
    assert (said.response, said.values) == ("utter_ask_hour", {"day": "11月28日（周六）"})
    assert all('"2026-11-28T1' in payload for payload in said.payloads)
    assert chat.slots["test_drive_time"] is None
    assert names(await chat.says("三点", "inform")) == ["utter_time_free", "utter_ask_customer_name"]
    assert datetime.fromisoformat(chat.slots["test_drive_time"]) == SATURDAY


@pytest.mark.parametrize(
    ("text", "reason", "first"),
    [
        ("今天上午九点", "past", None),
        ("今天十点半", "too_soon", "今天 11:00"),
        ("明天晚上八点", "closed", None),
        ("2027年3月1日上午十点", "too_far", None),
        ("2027年1月1日上午十点", "closed", None),
    ],
)
async def test_a_time_that_cannot_be_had_says_why_and_offers_others(
    chat: Dialogue, text: str, reason: str, first: str | None
) -> None:
    await chat.says("试驾山屿", "book_test_drive", SHANYU)
    (said,) = await chat.says(text, "inform")
    assert said.response == f"utter_refused_{reason}"
    assert said.titles, "other times are offered"
    assert first in (None, said.titles[0])
    assert chat.slots["test_drive_time"] is None
    assert chat.loop == FORM
    # What is offered can be had.
    shape = names(await chat.presses(said.payloads[0]))
    assert shape == ["utter_time_free", "utter_ask_customer_name"]


async def test_a_taken_time_offers_the_nearest(chat: Dialogue, services: Services) -> None:
    await taken(services, "qinglan", SATURDAY)
    said = await chat.says(
        "周六下午三点试驾青岚", "book_test_drive", mention("model", "qinglan")
    )
    assert names(said) == ["utter_refused_taken"]
    assert said[0].values["time"] == "11月28日（周六）15:00"
    assert '/inform{"time": "2026-11-28T14:00"}' in said[0].payloads
    # The day is kept, the hour is not.
    assert chat.slots["test_drive_when"]["date"] == "2026-11-28"
    await chat.says("那四点呢", "inform")
    assert chat.slots["test_drive_time"] == "2026-11-28T16:00:00+08:00"


async def test_an_odd_minute_is_rounded_and_said(chat: Dialogue) -> None:
    said = await chat.says("周六下午三点十分试驾山屿", "book_test_drive", SHANYU)
    assert names(said) == ["utter_rounded", "utter_ask_customer_name"]
    assert said[0].values == {"time": "11月28日（周六）15:15"}
    said = await chat.says("王伟 13800000001", "inform")
    assert said[-1].values["time"] == "11月28日（周六）15:15"


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


async def test_a_model_without_a_demo_car(chat: Dialogue, services: Services) -> None:
    said = await chat.says("试驾拓野", "book_test_drive", mention("model", "tuoye-t6"))
    assert names(said) == ["utter_no_demo_car", "utter_ask_test_drive_model"]
    assert chat.slots["test_drive_model"] is None
    await change(services, DemoCar, DemoCar.id > 0, state="out_of_service")
    said = await chat.says("山屿吧", "inform", SHANYU)
    assert names(said)[0] == "utter_no_demo_car"


async def test_two_models_are_driven_one_at_a_time(chat: Dialogue) -> None:
    (said,) = await chat.says("试驾山屿和云驰", "book_test_drive", SHANYU, YUNCHI)
    assert (said.response, said.values) == ("utter_one_model_at_a_time", {"models": "山屿和云驰"})
    assert said.payloads == ['/inform{"model": "shanyu"}', '/inform{"model": "yunchi"}']
    (said,) = await chat.presses(said.payloads[1])
    assert said.response == "utter_ask_test_drive_time"


async def test_what_is_not_understood_is_explained_then_help_is_offered(chat: Dialogue) -> None:
    await chat.says("试驾山屿", "book_test_drive", SHANYU)
    shapes = [names(await chat.says("嗯嗯呃", "inform")) for _ in range(3)]
    assert shapes == [
        ["utter_explain_test_drive_time"],
        ["utter_explain_test_drive_time"],
        ["utter_form_stuck"],
    ]


async def test_stopping_leaves_nothing(chat: Dialogue, services: Services) -> None:
    await ready(chat)
    (said,) = await chat.presses("/stop")
    assert said.response == "utter_stopped"
    assert chat.ran == ["validate_test_drive_form", "action_stop"]
    assert chat.loop is None
    assert chat.slots["test_drive_model"] is None
    assert chat.slots["test_drive_time"] is None
    assert await rows(services, TestDriveBooking) == []
    # A late yes does not book.
    await chat.says("好的", "affirm")
    assert await rows(services, TestDriveBooking) == []


@both
async def test_a_turn_that_is_retried_books_once(chat: Dialogue, services: Services) -> None:
    await ready(chat)
    before = dict(chat.slots), chat.loop
    first = await chat.says("确认", "affirm", message_id="m-1")
    chat.slots, chat.loop = dict(before[0]), before[1]
    second = await chat.says("确认", "affirm", message_id="m-1")
    assert [one.values for one in first] == [one.values for one in second]
    assert len(await rows(services, TestDriveBooking)) == 1
    assert len(await audit(services, "test_drive")) == 1


@both
async def test_a_time_taken_meanwhile_goes_back_to_the_form(
    chat: Dialogue, services: Services
) -> None:
    await ready(chat)
    await taken(services, "shanyu", SATURDAY, len(demo_trims("shanyu")))
    said = await chat.says("确认", "affirm")
    assert names(said)[0] == "utter_refused_taken"
    assert said[0].payloads
    assert chat.loop == FORM
    assert chat.slots["requested_slot"] == "test_drive_time"
    assert chat.slots["test_drive_confirmed"] is None
    assert chat.slots["customer_phone"] == PHONE
    mine = [b for b in await rows(services, TestDriveBooking) if b.conversation_id == chat.id]
    assert mine == []
    # Another time and a new yes are enough.
    (again,) = await chat.presses(said[0].payloads[0])
    assert again.response == "utter_confirm_test_drive"
    said = await chat.says("确认", "affirm")
    assert names(said)[0] == "utter_test_drive_booked"


async def test_a_second_drive_at_the_same_time_is_refused(chat: Dialogue) -> None:
    await ready(chat)
    await chat.says("确认", "affirm")
    said = await chat.says("周六下午三点再试驾云驰", "book_test_drive", YUNCHI)
    assert names(said) == ["utter_refused_own_conflict"]
    assert chat.loop == FORM


async def test_a_confirmation_left_lying_is_checked_against_the_clock(
    chat: Dialogue, services: Services, clock: FixedClock
) -> None:
    await ready(chat)
    clock.advance(timedelta(days=4))
    said = await chat.says("确认", "affirm")
    assert names(said)[0] == "utter_refused_past"
    assert await rows(services, TestDriveBooking) == []


async def test_another_form_takes_over(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("算了，我想预约保养", "book_maintenance")
    assert chat.loop == "maintenance_form"
    assert names(said) == ["utter_ask_service_items"]
    assert chat.slots["form_failures"] == 0


async def test_a_fault_interrupts_the_form(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("我的车刹车失灵了", "report_fault")
    assert names(said) == ["utter_danger", "utter_offer_diagnosis"]
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
    }  # fmt: skip
    assert said.titles == ["Confirm", "Change something", "Cancel"]
    said_last = await english.says("yes", "affirm")
    assert said_last[0].values["address"] == "188 Wanghu Avenue, Linlan"
    (customer,) = await rows(services, Customer)
    assert (customer.name, customer.language) == ("John Smith", "en")
