"""One question for what belongs together: what is asked, and how its answers are taken."""

from datetime import datetime, timedelta

import pytest

from backend.appointments.outcomes import FreeBay
from backend.services import Services
from backend.workshop import service as workshop
from tests.integration.actions import demo
from tests.integration.actions.conftest import Opening
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, mention, names
from tests.integration.actions.drives import SATURDAY, SHANYU, taken
from tests.style import sentences

MINOR = mention("service_item", "minor_service")
MOST_SENTENCES = 3


async def test_model_and_time_of_a_drive_are_asked_together(chat: Dialogue) -> None:
    (said,) = await chat.says("想试驾", "book_test_drive")
    assert said.worded("zh").startswith("想试驾哪款车，什么时候方便？最近可约的时间：\n")
    assert said.times
    assert said.payloads
    free, asked = await chat.says("山屿，周六下午三点", "inform", SHANYU)
    assert (free.response, asked.response) == ("utter_time_free", "utter_ask_customer_name")
    assert asked.worded("zh") == "怎么称呼您，手机号是多少？"
    (summary,) = await chat.says("王伟 13800000001", "inform")
    assert summary.response == "utter_confirm_test_drive"


async def test_the_same_in_english(english: Dialogue) -> None:
    (said,) = await english.says("I'd like a test drive", "book_test_drive")
    assert said.worded("en").startswith(
        "Which model would you like to drive, and when would suit you? The next free times are:\n"
    )
    assert sentences(said.worded("en")) <= MOST_SENTENCES
    _, asked = await english.says("the Shanyu, Saturday 3 pm", "inform", SHANYU)
    assert asked.worded("en") == ("What name shall I book it under, and what is your phone number?")


async def test_a_time_alone_leaves_the_model_to_be_asked(chat: Dialogue) -> None:
    await chat.says("想试驾", "book_test_drive")
    (said,) = await chat.says("周六下午三点", "inform")
    assert said.worded("zh") == "想试驾哪款车？"
    assert said.times == []
    assert chat.slots["test_drive_time"] == SATURDAY.isoformat()
    (asked,) = await chat.says("山屿", "inform", SHANYU)
    assert asked.response == "utter_ask_customer_name"


async def test_a_bare_hour_is_a_time_where_the_time_was_asked_for_too(chat: Dialogue) -> None:
    (said,) = await chat.says("周六想试驾", "book_test_drive")
    assert said.worded("zh").startswith("想试驾哪款车，11月28日（周六）几点方便？可约的时间：\n")
    assert all('"2026-11-28T' in payload for payload in said.times)
    await chat.says("15", "inform")
    assert chat.slots["test_drive_time"] == SATURDAY.isoformat()


async def test_a_day_that_is_past_is_not_asked_the_hour_of(chat: Dialogue) -> None:
    (said,) = await chat.says("昨天想试驾", "book_test_drive")
    assert said.worded("zh").startswith("想试驾哪款车，什么时候方便？最近可约的时间：\n")
    (said,) = await chat.says("山屿", "inform", SHANYU)
    assert said.response == "utter_day_is_full"


async def test_a_model_alone_leaves_the_time_to_be_asked(chat: Dialogue) -> None:
    await chat.says("想试驾", "book_test_drive")
    (said,) = await chat.says("山屿", "inform", SHANYU)
    assert said.response == "utter_ask_test_drive_time"


async def test_whichever_model_is_chosen_the_offered_time_is_free(
    chat: Dialogue, services: Services
) -> None:
    cars = demo.read("demo_cars")["demo_cars"]
    of_model = [row for row in cars if demo.trims()[row["trim"]]["model"]["code"] == "shanyu"]
    await taken(services, "shanyu", SATURDAY, len(of_model))
    (said,) = await chat.says("周六下午想试驾", "book_test_drive")
    assert said.times
    hours = {datetime.fromisoformat(payload.split('"')[3]) for payload in said.times}
    busy = {SATURDAY.replace(tzinfo=None) + timedelta(minutes=15 * n) for n in range(-2, 3)}
    assert not hours & busy


async def test_work_car_and_time_of_a_visit_are_asked_together(chat: Dialogue) -> None:
    (said,) = await chat.says("约保养", "book_maintenance")
    words = said.worded("zh")
    assert words.startswith("这次想做什么项目，车是哪款，什么时候方便？")
    assert sentences(words) <= MOST_SENTENCES
    assert said.times
    # The price comes before anybody is asked who he is.
    free, price, asked = await chat.says("小保养，山屿，周六上午十点", "inform", MINOR, SHANYU)
    assert free.response == "utter_time_free"
    assert "合计" in price.text
    assert asked.worded("zh") == "请留一下车牌号、姓名和手机号，还没上牌说“没有”就行。"
    (summary,) = await chat.says("浙A12345，王伟，13800000001", "inform")
    assert summary.response == "utter_confirm_service"


async def test_whichever_work_is_chosen_the_offered_time_is_free(
    chat: Dialogue, services: Services
) -> None:
    (said,) = await chat.says("约保养", "book_maintenance")
    items = [payload.split('"')[3] for payload in said.payloads]
    assert said.times
    assert len(items) > 1
    async with services.database.reading() as session:
        for payload in said.times:
            moment = datetime.fromisoformat(payload.split('"')[3]).replace(tzinfo=SHANGHAI)
            for code in items:
                outcome = await workshop.check_service(
                    session, services.clock.now(), [code], moment
                )
                assert isinstance(outcome, FreeBay), (code, moment)


async def test_only_what_is_missing_of_a_visit_is_asked(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿约保养", "book_maintenance", SHANYU)
    assert said.worded("zh").startswith("这次想做什么项目，什么时候方便？")
    (said, *_) = await chat.says("周六上午十点", "inform")
    assert said.worded("zh").startswith("这次想做什么项目？")
    heard = await chat.says("小保养", "inform", MINOR)
    assert heard[-1].response == "utter_ask_service_plate"
    heard = await chat.says("13800000001", "inform")
    assert heard[-1].worded("zh").startswith("请留一下车牌号和姓名，")
    heard = await chat.says("王伟", "inform")
    assert heard[-1].worded("zh").startswith("请留一下车牌号，")
    heard = await chat.says("浙A12345", "inform")
    assert names(heard) == ["utter_confirm_service"]


CONTACT = [
    ("粤B12345，王伟，13800000001", "粤B12345", "王伟"),
    ("王先生 13800000001 粤B12345", "粤B12345", "王先生"),
    ("李 13800000001，粤B12345", "粤B12345", "李"),
    ("张三，电话13800000001，车牌粤B12345", "粤B12345", "张三"),
    ("13800000001 粤B12345 丁一", "粤B12345", "丁一"),
    ("我叫王伟，手机号13800000001，车牌号是粤B12345", "粤B12345", "王伟"),
    ("粤B12345 王伟 手机 13800000001", "粤B12345", "王伟"),
    ("电话13800000001姓名王伟车牌粤B12345", "粤B12345", "王伟"),
    ("粤B12345王伟13800000001", "粤B12345", "王伟"),
    ("没有，王伟，13800000001", "none", "王伟"),
    ("还没上牌，王伟，13800000001", "none", "王伟"),
    ("新车 王伟 13800000001", "none", "王伟"),
    ("Tom Baker, 13800000001, 粤B12345", "粤B12345", "Tom Baker"),
    ("粤B12345, Tom Baker, phone 13800000001", "粤B12345", "Tom Baker"),
    ("Tom Baker phoone 13800000001, nubmer plate 粤B12345", "粤B12345", "Tom Baker"),
    ("Tom Baker, phoone 13800000001, 粤B12345", "粤B12345", "Tom Baker"),
    ("13800000001, 粤B12345, it's under Tom Baker", "粤B12345", "Tom Baker"),
    ("none yet, Tom Baker, 13800000001", "none", "Tom Baker"),
    ("no plate, I'm Tom Baker, my number is 13800000001", "none", "Tom Baker"),
    ("it's a new car, Tom Baker, 13800000001", "none", "Tom Baker"),
]


@pytest.mark.parametrize(("text", "plate", "name"), CONTACT)
async def test_plate_name_and_phone_in_any_order(
    start: Opening, text: str, plate: str, name: str
) -> None:
    talk = await start(language="en" if "Tom" in text else "zh")
    await talk.says("周六上午十点给山屿做小保养", "book_maintenance", SHANYU, MINOR)
    said = await talk.says(text, "inform")
    assert names(said) == ["utter_confirm_service"], said
    assert talk.slots["service_plate"] == plate
    assert talk.slots["customer_name"] == name
    assert talk.slots["customer_phone"] == "+8613800000001"


PARTS = [
    ("王伟，粤B12345", ("粤B12345", "王伟", None)),
    ("王伟 13800000001", (None, "王伟", "+8613800000001")),
    ("王伟", (None, "王伟", None)),
    ("粤B12345", ("粤B12345", None, None)),
    ("没有", ("none", None, None)),
    ("还没上牌", ("none", None, None)),
    ("no plate yet", ("none", None, None)),
    ("Tom Baker, phone no. 13800000001", (None, "Tom Baker", "+8613800000001")),
    ("粤B12345 Tom Baker", ("粤B12345", "Tom Baker", None)),
]


@pytest.mark.parametrize(("text", "known"), PARTS)
async def test_a_part_of_the_answer_is_taken(
    chat: Dialogue, text: str, known: tuple[str | None, ...]
) -> None:
    await chat.says("周六上午十点给山屿做小保养", "book_maintenance", SHANYU, MINOR)
    await chat.says(text, "inform")
    kept = ("service_plate", "customer_name", "customer_phone")
    assert tuple(chat.slots[slot] for slot in kept) == known
    assert chat.loop == "maintenance_form"


@pytest.mark.parametrize("intent", ["out_of_scope", "chitchat", "greet"])
async def test_what_answers_is_no_aside(chat: Dialogue, intent: str) -> None:
    """Whatever the words are taken for, they answer one of the things that were asked."""
    await chat.says("周六上午十点给山屿做小保养", "book_maintenance", SHANYU, MINOR)
    (said,) = await chat.says("王伟，13800000001", intent)
    assert said.response == "utter_ask_service_plate"
    assert chat.slots["customer_name"] == "王伟"


async def test_a_phone_one_digit_short_is_not_asked_for_twice(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("1380000000", "inform")
    assert names(said) == ["utter_phone_invalid", "utter_ask_customer_name"]
    assert said[-1].worded("zh") == "怎么称呼您？"


async def test_a_question_in_between_is_answered_and_all_is_asked_again(chat: Dialogue) -> None:
    await chat.says("约保养", "book_maintenance")
    said = await chat.says("几点关门", "ask_hours")
    assert said[-1].worded("zh").startswith("这次想做什么项目，车是哪款，什么时候方便？")
    moment = datetime(2026, 11, 28, 10, tzinfo=SHANGHAI)
    await chat.says("周六上午十点", "inform")
    assert chat.slots["service_time"] == moment.isoformat()


async def test_a_question_beside_a_part_of_the_answer_is_answered_too(chat: Dialogue) -> None:
    await chat.says("周六上午十点给山屿做小保养", "book_maintenance", SHANYU, MINOR)
    said = await chat.says("王伟 13800000001，你们几点关门", "ask_hours")
    assert len(said) == 2
    assert said[-1].worded("zh").startswith("请留一下车牌号，")
    assert chat.slots["customer_phone"] == "+8613800000001"
