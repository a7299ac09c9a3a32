"""What owners tell and ask with nothing broken: how it was, and how the car is used."""

import pytest

from backend.clock import FixedClock
from backend.models import Complaint, Statement
from backend.services import Services
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.drives import FORM, SHANYU
from tests.integration.actions.records import rows, tasks

MINOR = mention("service_item", "minor_service")


@pytest.mark.parametrize(
    "text", ["师傅很专业，五星", "建议休息区加个充电口", "昨天下午三点的试驾很好，方向有点轻"]
)
async def test_the_words_go_to_staff(chat: Dialogue, services: Services, text: str) -> None:
    (said,) = await chat.says(text, "feedback")
    assert said.response == "utter_feedback"
    assert [(task.kind, task.note) for task in await tasks(services)] == [("feedback", text)]
    # What was praised is not booked again.
    assert chat.loop is None


async def test_praise_in_english_books_nothing(english: Dialogue, services: Services) -> None:
    text = "The test drive was great, and the oil change on Saturday at 10 too"
    (said,) = await english.says(text, "feedback", MINOR)
    assert said.response == "utter_feedback"
    assert [task.note for task in await tasks(services)] == [text]
    assert english.loop is None


@pytest.mark.parametrize("intent", ["feedback", "ask_usage"])
async def test_danger_comes_first(chat: Dialogue, services: Services, intent: str) -> None:
    said = await chat.says("师傅人不错，不过现在刹车失灵了", intent)
    assert names(said)[0] == "utter_danger"
    assert "utter_feedback" not in names(said)
    # The words reach a person all the same.
    assert [task.note for task in await tasks(services)] == ["师傅人不错，不过现在刹车失灵了"]


async def test_feedback_inside_a_form(chat: Dialogue, services: Services) -> None:
    await chat.says("想试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("上次昨天下午三点的试驾体验不错", "feedback")
    assert names(said) == ["utter_feedback", "utter_ask_test_drive_time"]
    assert (chat.loop, chat.slots["test_drive_when"]) == (FORM, None)
    assert [task.kind for task in await tasks(services)] == ["feedback"]


async def test_a_mild_word_inside_a_complaint_belongs_to_it(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("我要投诉", "complaint")
    said = await chat.says("接待的态度有点冷淡，建议培训一下", "feedback")
    assert names(said) == ["utter_complaint_lodged", "utter_ask_complaint_contact"]
    said = await chat.says("师傅倒是挺好的", "feedback")
    assert names(said)[0] == "utter_complaint_more_noted"
    assert len(await rows(services, Complaint)) == 1
    assert await tasks(services) == []


async def test_how_to_use_a_car_is_not_made_up(
    chat: Dialogue, english: Dialogue, services: Services
) -> None:
    for dialogue, text in (
        (chat, "蓝牙怎么配对"),
        (english, "how do I reset the service reminder"),
    ):
        (said,) = await dialogue.says(text, "ask_usage")
        assert said.response == "utter_consultant_follows_up"
    assert [(task.kind, task.note) for task in await tasks(services)] == [
        ("follow_up", "蓝牙怎么配对"),
        ("follow_up", "how do I reset the service reminder"),
    ]


async def test_an_approved_text_on_use_is_told(
    chat: Dialogue, english: Dialogue, services: Services, clock: FixedClock
) -> None:
    async with services.database.transaction() as session:
        session.add(
            Statement(
                code="usage", text_zh="操作方法以随车手册为准。",
                text_en="The owner's manual tells how.", source="用户手册",
                source_en="Owner's manual", approved_by="苏恒", approved_at=clock.now(),
                valid_from=clock.now().date(),
            )
        )  # fmt: skip
    (said,) = await chat.says("童锁怎么开", "ask_usage")
    assert said.text == "操作方法以随车手册为准。（依据：用户手册）"
    (said,) = await english.says("how do I set the child lock", "ask_usage")
    assert said.text == "The owner's manual tells how. (Source: Owner's manual)"
    assert await tasks(services) == []


async def test_use_inside_a_form(chat: Dialogue) -> None:
    await chat.says("给山屿约个小保养", "book_maintenance", SHANYU, MINOR)
    said = await chat.says("保养提醒怎么复位", "ask_usage")
    assert names(said)[0] == "utter_consultant_follows_up"
    assert names(said)[-1] == "utter_ask_service_time"
