"""A wish to come without saying what for: asked once, and nothing that was said is lost."""

from datetime import datetime

import pytest

from backend.models import ServiceBooking, TestDriveBooking
from backend.services import Services
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, mention, names
from tests.integration.actions.drives import FORM, SATURDAY, SHANYU, ready
from tests.integration.actions.records import rows

VISIT = "maintenance_form"
WISH = "book_appointment"
MINOR = mention("service_item", "minor_service")
DRIVE_OR_SERVICE = ["/book_test_drive", "/book_maintenance"]


async def booked(chat: Dialogue) -> str:
    """A test drive on Saturday at three; its number."""
    await ready(chat)
    (said, *_) = await chat.says("确认", "affirm")
    return str(said.values["number"])


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("想约个时间过去看看", "utter_visit_for_what"),
        ("周六下午三点想过来一趟", "utter_time_for_what"),
    ],
)
async def test_it_is_asked_what_for(chat: Dialogue, text: str, response: str) -> None:
    (said,) = await chat.says(text, WISH)
    assert said.response == response
    assert [payload for _, payload in said.offered("zh")] == DRIVE_OR_SERVICE
    assert chat.loop is None


async def test_it_is_asked_what_for_in_english(english: Dialogue) -> None:
    (said,) = await english.says("can I book an appointment for Friday", WISH)
    assert said.response == "utter_time_for_what"
    (said,) = await english.says("I'd like to come by", WISH)
    # The time of the message before is still held.
    assert said.response == "utter_time_for_what"


@pytest.mark.parametrize("payload", DRIVE_OR_SERVICE)
async def test_the_time_goes_with_the_button(chat: Dialogue, payload: str) -> None:
    await chat.says("周六下午三点想过来一趟", WISH)
    await chat.presses(payload)
    slot = "test_drive_when" if payload == "/book_test_drive" else "service_when"
    assert (chat.slots[slot]["date"], chat.slots[slot]["time"]) == ("2026-11-28", "15:00")


@pytest.mark.parametrize(
    ("text", "intent", "form"),
    [
        ("试驾", "book_test_drive", FORM),
        ("试驾吧", "inform", FORM),
        ("对，是试驾", "affirm", FORM),
        ("试驾", "nlu_fallback", FORM),
        ("保养", "book_maintenance", VISIT),
        ("保养", "ask_maintenance_price", VISIT),
        ("做保养", "nlu_fallback", VISIT),
    ],
)
async def test_the_time_goes_with_the_word(
    chat: Dialogue, text: str, intent: str, form: str
) -> None:
    await chat.says("周六下午三点想过来一趟", WISH)
    said = await chat.says(text, intent)
    assert chat.loop == form
    assert chat.slots["test_drive_when" if form == FORM else "service_when"]["time"] == "15:00"
    assert names(said) == [
        "utter_ask_test_drive_model" if form == FORM else "utter_ask_service_items"
    ]


@pytest.mark.parametrize(
    ("text", "form"), [("a test drive please", FORM), ("for a service", VISIT)]
)
async def test_the_time_goes_with_the_word_in_english(
    english: Dialogue, text: str, form: str
) -> None:
    await english.says("any slot free on Saturday at 3pm?", WISH)
    await english.says(text, "inform")
    assert english.loop == form
    slot = english.slots["test_drive_when" if form == FORM else "service_when"]
    assert (slot["date"], slot["time"]) == ("2026-11-28", "15:00")


async def test_the_car_is_kept_and_the_drive_is_booked(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("山屿 周六下午三点想过来看看", WISH, SHANYU)
    assert said.response == "utter_time_for_what"
    said_then = await chat.presses("/book_test_drive")
    assert names(said_then) == ["utter_time_free", "utter_ask_customer_name"]
    await chat.says("王伟，13800000001", "inform")
    await chat.says("确认", "affirm")
    (drive,) = await rows(services, TestDriveBooking)
    assert drive.starts_at == SATURDAY
    assert drive.conversation_id == chat.id


async def test_a_bare_time_is_kept_too_and_what_follows_completes_it(chat: Dialogue) -> None:
    (said,) = await chat.says("周六", "inform")
    assert said.response == "utter_time_for_what"
    (said,) = await chat.says("下午三点", "inform")
    assert said.response == "utter_time_for_what"
    (said,) = await chat.says("山屿", "inform", SHANYU)
    assert said.response == "utter_time_for_what"
    said_then = await chat.presses("/book_test_drive")
    assert names(said_then) == ["utter_time_free", "utter_ask_customer_name"]
    assert chat.slots["test_drive_time"].startswith("2026-11-28T15:00")


async def test_an_hour_beside_the_kind_completes_the_day(chat: Dialogue) -> None:
    await chat.says("周六想过来", WISH)
    await chat.says("试驾，下午三点", "book_test_drive")
    when = chat.slots["test_drive_when"]
    assert (when["date"], when["time"]) == ("2026-11-28", "15:00")


async def test_another_time_beside_the_kind_replaces_it(chat: Dialogue) -> None:
    await chat.says("周六下午三点想过来", WISH)
    await chat.says("试驾，还是周日上午十点吧", "book_test_drive")
    when = chat.slots["test_drive_when"]
    assert (when["date"], when["time"]) == ("2026-11-29", "10:00")


async def test_name_and_phone_are_kept(chat: Dialogue) -> None:
    await chat.says("我叫王伟，13800000001，周六下午三点过来方便吗", WISH)
    said = await chat.says("试驾山屿", "book_test_drive", SHANYU)
    assert names(said) == ["utter_confirm_test_drive"]
    assert (said[0].values["name"], said[0].values["phone"]) == ("王伟", "13800000001")


async def test_it_is_held_for_the_next_message_only(chat: Dialogue) -> None:
    await chat.says("周六下午三点想过来一趟", WISH)
    await chat.says("你们几点下班", "ask_hours")
    await chat.presses("/book_test_drive")
    assert chat.loop == FORM
    assert chat.slots["test_drive_when"] is None


async def test_a_question_about_the_kind_opens_nothing(chat: Dialogue) -> None:
    await chat.says("周六想过来一趟", WISH)
    (said,) = await chat.says("小保养多少钱", "ask_maintenance_price", MINOR)
    assert said.response is None
    assert chat.loop is None


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("周六上午十点想过来，跑了两万公里了", ()),
        ("周六上午十点过来，浙A12345", ()),
        ("周六上午十点约个小保养", (MINOR,)),
        ("周六上午十点想来店里保养", ()),
    ],
)
async def test_what_only_the_workshop_sees_to_is_a_visit(
    chat: Dialogue, text: str, entities: tuple[dict[str, object], ...]
) -> None:
    await chat.says(text, WISH, *entities)
    assert chat.loop == VISIT
    assert chat.slots["service_when"]["time"] == "10:00"


async def test_a_drive_by_its_word_is_a_drive(english: Dialogue) -> None:
    await english.says("can I come and drive it on Saturday at 3pm", WISH)
    assert english.loop == FORM
    assert english.slots["test_drive_when"]["time"] == "15:00"


async def test_after_a_fault_it_is_to_have_it_looked_at(chat: Dialogue, services: Services) -> None:
    await chat.says("方向盘抖得厉害", "report_fault")
    await chat.says("那周五上午十点过来看看", WISH)
    assert (chat.loop, chat.slots["service_items"]) == (VISIT, ["diagnosis"])
    assert chat.slots["service_when"]["time"] == "10:00"
    await chat.says("山屿，浙A12345，王伟，13800000001", "inform", SHANYU)
    await chat.says("确认", "affirm")
    (visit,) = await rows(services, ServiceBooking)
    assert visit.starts_at == datetime(2026, 11, 27, 10, 0, tzinfo=SHANGHAI)
    # The fault has its visit: what comes now is something else.
    (said,) = await chat.says("周日还想约个时间来看看", WISH)
    assert said.response == "utter_time_for_what"


async def test_danger_comes_first_and_the_time_is_kept(chat: Dialogue) -> None:
    said = await chat.says("刹车失灵了，明天上午十点能过来吗", WISH)
    assert names(said) == [
        "utter_danger",
        "utter_danger_colleague_open",
        "utter_offer_diagnosis",
    ]
    assert chat.loop is None
    await chat.says("好的", "affirm")
    assert chat.slots["service_items"] == ["diagnosis"]
    when = chat.slots["service_when"]
    assert (when["date"], when["time"]) == ("2026-11-26", "10:00")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("还是改到周日吧", "11月29日（周日）15:00"),
        ("please make it 4pm instead", "11月28日（周六）16:00"),
        ("I'd prefer Sunday afternoon", "11月29日（周日）15:00"),
        ("能推迟到下午五点吗", "11月28日（周六）17:00"),
    ],
)
async def test_another_time_moves_the_booking_that_stands(
    chat: Dialogue, services: Services, text: str, time: str
) -> None:
    number = await booked(chat)
    (said,) = await chat.says(text, WISH)
    assert (said.response, said.values["number"]) == ("utter_confirm_move", number)
    assert said.values["time"] == time
    (drive,) = await rows(services, TestDriveBooking)
    assert drive.starts_at == SATURDAY


async def test_another_time_without_one_is_asked_to_when(chat: Dialogue) -> None:
    await booked(chat)
    (said,) = await chat.says("可以换个时间吗", WISH)
    assert said.response == "utter_move_to_when"
    (said,) = await chat.says("我想周日过来", WISH)
    assert (said.response, said.values["time"]) == ("utter_confirm_move", "11月29日（周日）15:00")


async def test_one_more_is_no_move(chat: Dialogue) -> None:
    await booked(chat)
    (said,) = await chat.says("还想约个周日上午十点，改天也行", WISH)
    assert said.response == "utter_time_for_what"
    await chat.says("保养", "book_maintenance")
    assert chat.loop == VISIT


async def test_inside_a_drive_it_answers(chat: Dialogue) -> None:
    await chat.says("想试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("周六下午三点过来方便吗", WISH)
    assert names(said) == ["utter_time_free", "utter_ask_customer_name"]
    said = await chat.says("我想约个时间", WISH)
    assert names(said) == ["utter_explain_customer_name"]
    await chat.says("王伟，13800000001", "inform")
    said = await chat.says("麻烦改成四点过来", WISH)
    assert names(said) == ["utter_time_changed", "utter_confirm_test_drive"]
    assert said[-1].values["time"] == "11月28日（周六）16:00"


async def test_inside_a_visit_it_answers(english: Dialogue) -> None:
    await english.says("minor service for my Shanyu", "book_maintenance", SHANYU, MINOR)
    said = await english.says("could I come in on Friday at 10am", WISH)
    assert names(said) == ["utter_time_free", "utter_ask_service_plate"]


async def test_inside_a_complaint_it_is_more_of_it(chat: Dialogue) -> None:
    await chat.says("昨天保养师傅把我车门刮花了", "complaint")
    said = await chat.says("我周六上午过来当面谈", WISH)
    assert names(said) == ["utter_complaint_more_noted", "utter_ask_complaint_contact"]
