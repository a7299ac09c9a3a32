"""What is kept of a customer, and what he wants done about it: told, passed on, never claimed."""

import re

import pytest

from backend.models import Statement
from backend.services import Services
from bot.actions.privacy import wants_done
from tests.integration.actions import demo
from tests.integration.actions.conftest import Opening
from tests.integration.actions.dialogue import Dialogue, names
from tests.integration.actions.drives import SHANYU
from tests.integration.actions.records import change, tasks

DONE = re.compile(r"已(?:经)?(?:删|更正|改)|\b(?:has|have|is|was) (?:been )?(?:deleted|removed)\b")


async def unapproved(services: Services) -> None:
    await change(
        services, Statement, Statement.code == "privacy", approved_by=None, approved_at=None
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("聊天会被录下来吗", "zh"),
        ("谁能看到我的手机号", "zh"),
        ("who can see my data", "en"),
        ("聊天记录多久会自动删除", "zh"),
        ("is this chat recorded", "en"),
        ("how long do you keep my data before it is deleted", "en"),
    ],
)
async def test_a_question_is_answered_and_nothing_is_passed_on(
    start: Opening, services: Services, text: str, language: str
) -> None:
    dialogue = await start(language)
    (said,) = await dialogue.says(text, "privacy")
    statement = demo.statement("privacy")
    assert said.text.startswith(statement[f"text_{language}"])
    assert "（依据：" in said.text or "(Source: " in said.text
    await unapproved(services)
    (said,) = await dialogue.says(text, "privacy")
    assert said.response == "utter_privacy"
    assert await tasks(services) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("把我的聊天记录删掉", "zh"),
        ("可以删除我的个人信息吗", "zh"),
        ("我的名字写错了，帮我更正", "zh"),
        ("把你们存的我的资料发我一份", "zh"),
        ("撤回我之前的同意", "zh"),
        ("不要把我的号码给别人", "zh"),
        ("我不同意你们用我的信息", "zh"),
        ("can I see what data you have", "en"),
        ("please delete all my data", "en"),
        ("I want a copy of everything you have on me", "en"),
        ("my phone number is wrong, please correct it", "en"),
        ("I withdraw my consent", "en"),
    ],
)
async def test_a_wish_goes_to_a_person(
    start: Opening, services: Services, text: str, language: str
) -> None:
    dialogue = await start(language)
    said = await dialogue.says(text, "privacy")
    assert names(said) == ["text", "utter_privacy_passed_on"]
    assert [(task.kind, task.note) for task in await tasks(services)] == [("privacy", text)]
    assert not any(DONE.search(one.worded(language)) for one in said)
    await unapproved(services)
    said = await dialogue.says(text, "privacy")
    assert names(said) == ["utter_privacy", "utter_privacy_passed_on"]
    assert not any(DONE.search(one.worded(language)) for one in said)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("别再给我打电话了", "zh"),
        ("请不要再发短信", "zh"),
        ("不想再收到你们的广告", "zh"),
        ("退订", "zh"),
        ("老是给我发短信，烦", "zh"),
        ("I don't want any more texts", "en"),
        ("stop sending me messages", "en"),
        ("please don't call me again", "en"),
        ("unsubscribe", "en"),
        ("take me off your list", "en"),
    ],
)
async def test_no_more_calls_is_passed_on_at_once(
    start: Opening, services: Services, text: str, language: str
) -> None:
    dialogue = await start(language)
    (said,) = await dialogue.says(text, "privacy")
    assert said.response == "utter_privacy_passed_on"
    assert [(task.kind, task.note) for task in await tasks(services)] == [("privacy", text)]


@pytest.mark.parametrize(
    "text", ["会自动删除吗", "你们什么时候删", "do you delete chats", "when will it be deleted"]
)
def test_how_it_is_is_no_wish(text: str) -> None:
    assert not wants_done(text)


async def test_a_button_wants_nothing_done(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.presses("/privacy")
    assert said.text.startswith(demo.statement("privacy")["text_zh"])
    assert await tasks(services) == []


async def test_inside_a_form_it_is_answered_and_the_form_goes_on(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿，我叫王伟", "book_test_drive", SHANYU)
    said = await chat.says("留了电话你们会给别人吗", "privacy")
    assert names(said) == ["text", "utter_ask_customer_phone"]


async def test_beside_an_answer_it_is_not_lost(chat: Dialogue, services: Services) -> None:
    await chat.says("周六下午三点试驾山屿，我叫王伟", "book_test_drive", SHANYU)
    said = await chat.says("13800000001，别给我打广告电话", "privacy")
    assert names(said) == ["utter_privacy_passed_on", "utter_confirm_test_drive"]
    assert [task.kind for task in await tasks(services)] == ["privacy"]


async def test_it_books_nothing(chat: Dialogue) -> None:
    await chat.says("把我昨天试驾留的电话删掉", "privacy")
    assert chat.loop is None
