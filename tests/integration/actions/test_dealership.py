"""Opening hours of the week, of a day and of a holiday; address and phone."""

import pytest

from backend.clock import FixedClock
from tests.integration.actions import demo
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import Dialogue

PLACE = demo.read("dealership")["dealership"]


@both
async def test_the_week_with_equal_days_joined(chat: Dialogue) -> None:
    (said,) = await chat.says("几点营业", "ask_hours")
    assert said.text.splitlines() == [
        "我们的营业时间：",
        "• 销售：每天 09:00–18:00",
        "• 售后：每天 09:00–12:00、13:00–17:30",
        "2027年1月1日（周五）元旦休息。",
    ]


async def test_the_week_in_english(english: Dialogue) -> None:
    (said,) = await english.says("opening hours?", "ask_hours")
    assert said.text.splitlines() == [
        "Our opening hours:",
        "• Sales: daily 09:00–18:00",
        "• Service: daily 09:00–12:00, 13:00–17:30",
        "Closed on Fri 1 Jan 2027 (New Year's Day).",
    ]


async def test_the_day_that_was_asked_for(chat: Dialogue) -> None:
    (said,) = await chat.says("周六几点关门", "ask_hours")
    assert said.text.splitlines() == [
        "11月28日（周六）：",
        "• 销售：09:00–18:00",
        "• 售后：09:00–12:00、13:00–17:30",
    ]


async def test_a_holiday_by_name(chat: Dialogue, english: Dialogue) -> None:
    (said,) = await chat.says("2027年1月1日开门吗", "ask_hours")
    assert said.text.splitlines() == [
        "2027年1月1日（周五） 元旦：",
        "• 销售：休息",
        "• 售后：休息",
    ]
    (said,) = await english.says("are you open on 9 February 2027?", "ask_hours")
    assert (
        said.text.splitlines()
        == [
            "Tue 9 Feb 2027 Spring Festival holiday: ",
            "• Sales: 10:00–16:00",
            "• Service: 10:00–16:00",
        ]
        or said.text.splitlines()[0].rstrip() == "Tue 9 Feb 2027 Spring Festival holiday:"
    )


async def test_a_holiday_week_is_not_told_as_the_rule(clock: FixedClock, chat: Dialogue) -> None:
    from datetime import timedelta

    clock.advance(timedelta(days=75))  # in the Spring Festival of 2027
    (said,) = await chat.says("几点营业", "ask_hours")
    assert "• 销售：每天 09:00–18:00" in said.text


async def test_where_it_is(chat: Dialogue, english: Dialogue) -> None:
    (said,) = await chat.says("你们在哪", "ask_location")
    assert said.response == "utter_location"
    assert said.values == {
        "name": PLACE["name_zh"], "address": PLACE["address_zh"], "phone": PLACE["phone"],
        "directions": f"\n{PLACE['directions_zh']}",
    }  # fmt: skip
    (said,) = await english.says("where are you", "ask_location")
    assert said.values["address"] == PLACE["address_en"]


@pytest.mark.parametrize(
    ("text", "intent"), [("国庆呢", "inform"), ("那周日呢", "book_appointment")]
)
async def test_another_day_after_the_hours_is_asked_of_them(
    chat: Dialogue, text: str, intent: str
) -> None:
    await chat.says("你们几点关门", "ask_hours")
    (said,) = await chat.says(text, intent)
    assert "销售" in said.text
    said = (await chat.says("周六上午十点试驾", "book_test_drive"))[0]
    assert chat.loop == "test_drive_form"


async def test_without_the_hours_told_before_a_day_is_one_to_come(chat: Dialogue) -> None:
    (said, *_) = await chat.says("那周日呢", "book_appointment")
    assert "销售：" not in said.text
