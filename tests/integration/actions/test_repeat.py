"""Saying again what was said: the last turn as it was, a form's question, or a greeting."""

import pytest

from tests.integration.actions.dialogue import Dialogue, Said, mention, names
from tests.integration.actions.drives import SHANYU, ready


def read(said: list[Said], language: str = "zh") -> list[tuple[str, list[tuple[str, str]]]]:
    """What a customer sees: texts with their buttons."""
    return [(one.worded(language), one.offered(language)) for one in said]


async def test_nothing_said_yet(chat: Dialogue, english: Dialogue) -> None:
    for dialogue in (chat, english):
        (said,) = await dialogue.says("什么？", "repeat")
        assert said.response == "utter_greet"


async def test_the_last_turn_with_its_buttons(chat: Dialogue) -> None:
    await chat.says("几点开门", "ask_hours")
    first = await chat.says("方向盘抖得厉害", "report_fault")
    assert len(first) > 1
    again = await chat.says("没看懂，再说一遍", "repeat")
    assert read(again) == read(first)
    assert any(one.buttons for one in again)
    # And once more: what was repeated is what was said last.
    assert read(await chat.says("再说一次", "repeat")) == read(first)


async def test_the_last_turn_with_its_cards(english: Dialogue) -> None:
    first = await english.says("an SUV for us", "recommend_model", mention("body", "suv"))
    again = await english.says("sorry, say that again", "repeat")
    assert read(again, "en") == read(first, "en")
    assert [one.cards for one in again] == [one.cards for one in first]
    assert again[0].cards


async def test_what_a_rule_uttered(chat: Dialogue) -> None:
    await chat.says("你好", "greet")
    (again,) = await chat.says("啥", "repeat")
    ((text, buttons),) = read([again])
    assert text.startswith("您好")
    assert buttons[0][1] == "/ask_models"


async def test_a_form_asks_its_question_again(chat: Dialogue) -> None:
    first = await chat.says("想试驾山屿", "book_test_drive", SHANYU)
    again = await chat.says("什么意思？没听懂", "repeat")
    assert read(again) == read(first)
    # An answer that could not be used was explained; the question itself comes now.
    await chat.says("嗯嗯嗯", "nlu_fallback")
    again = await chat.says("啊？", "repeat")
    assert read(again) == read(first)
    assert chat.slots["test_drive_when"] is None


async def test_the_summary_is_shown_again_and_can_be_confirmed(chat: Dialogue) -> None:
    first = await ready(chat)
    again = await chat.says("再说一遍试驾信息", "repeat")
    assert read(again) == read(first)
    said = await chat.says("确认", "affirm")
    assert said[0].response == "utter_test_drive_booked"


async def test_a_complaint_asks_for_the_number_again(english: Dialogue) -> None:
    await english.says("You scratched my door and nobody admits it", "complaint")
    again = await english.says("pardon?", "repeat")
    assert names(again) == ["utter_ask_complaint_contact"]


async def test_a_proposal_that_is_repeated_can_be_accepted(chat: Dialogue) -> None:
    await ready(chat)
    await chat.says("确认", "affirm")
    await chat.says("试驾取消吧", "manage_booking")
    await chat.says("你说什么？", "repeat")
    (done,) = await chat.says("是的", "affirm")
    assert done.response == "utter_booking_cancelled"


async def test_a_time_stays_held(chat: Dialogue) -> None:
    await chat.says("周六下午三点想过来", "book_appointment")
    again = await chat.says("没明白", "repeat")
    assert again[0].offered("zh")[0][1] == "/book_test_drive"
    await chat.presses("/book_test_drive")
    assert chat.slots["test_drive_when"]["time"] == "15:00"


@pytest.mark.parametrize("text", ["刚才说的试驾是啥意思", "刚才说的周六上午小保养是什么"])
async def test_what_it_names_opens_nothing(chat: Dialogue, text: str) -> None:
    first = await chat.says("几点开门", "ask_hours")
    assert read(await chat.says(text, "repeat")) == read(first)
    assert chat.loop is None
