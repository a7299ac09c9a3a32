"""A complaint: logged at its first real word, numbered at once, contact afterwards."""

from datetime import datetime, timedelta

import pytest

from backend.models import Complaint, ComplaintEvent, Customer
from backend.services import Services
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, names
from tests.integration.actions.records import audit, rows

STORY = "昨天在你们店保养，师傅把我车门刮花了还不承认"


@both
async def test_a_story_is_logged_at_once_and_contact_comes_after(
    chat: Dialogue, services: Services
) -> None:
    lodged, contact = await chat.says(STORY, "complaint")
    (complaint,) = await rows(services, Complaint)
    assert (complaint.number, complaint.text, complaint.state) == ("CP261125-0001", STORY, "open")
    assert complaint.conversation_id == chat.id
    assert complaint.due_at > services.clock.now()
    due = complaint.due_at.astimezone(SHANGHAI)
    assert lodged.response == "utter_complaint_lodged"
    assert lodged.values["number"] == complaint.number
    assert lodged.values["due"].endswith(f"{due:%H:%M}")
    assert contact.response == "utter_ask_complaint_contact"
    assert chat.slots["complaint_id"] == complaint.id
    (said,) = await chat.says("我叫王伟，13800000001", "inform")
    assert (said.response, said.values) == (
        "utter_complaint_call_back",
        {"number": complaint.number},
    )
    (complaint,) = await rows(services, Complaint)
    assert complaint.contact_phone == "+8613800000001"
    assert [c.name for c in await rows(services, Customer)] == ["王伟"]
    assert await audit(services, "complaint") == [
        (f"conversation:{chat.id}", "complaint.lodged"),
        (f"conversation:{chat.id}", "complaint.contact"),
    ]
    assert chat.loop is None
    assert chat.slots["complaint_number"] is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我要投诉", "zh"),
        ("投诉！", "zh"),
        ("我想投诉你们店", "zh"),
        ("你好，我要投诉一下", "zh"),
        ("/complaint", "zh"),
        ("I want to make a complaint", "en"),
        ("I'd like to file a complaint please", "en"),
    ],
)
async def test_a_bare_complaint_is_asked_what_happened(
    chat: Dialogue, english: Dialogue, services: Services, text: str, language: str
) -> None:
    dialogue = chat if language == "zh" else english
    said = await dialogue.says(text, "complaint")
    assert names(said) == ["utter_ask_complaint_text"]
    assert await rows(services, Complaint) == []
    said = await dialogue.says(STORY, "complaint")
    assert names(said) == ["utter_complaint_lodged", "utter_ask_complaint_contact"]
    assert [c.text for c in await rows(services, Complaint)] == [STORY]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("不用了", "deny"), ("不方便留", "inform"), ("算了", "stop"), ("no thanks", "deny")],
)
async def test_nobody_has_to_leave_a_number(
    chat: Dialogue, services: Services, text: str, intent: str
) -> None:
    await chat.says(STORY, "complaint")
    said = await chat.says(text, intent)
    assert names(said) == ["utter_complaint_done"]
    (complaint,) = await rows(services, Complaint)
    assert (complaint.state, complaint.contact_phone) == ("open", None)


async def test_more_of_the_story_belongs_to_the_same_complaint(
    chat: Dialogue, services: Services
) -> None:
    await chat.says(STORY, "complaint")
    said = await chat.says("而且态度特别差，等了三个小时", "complaint")
    assert names(said)[0] == "utter_complaint_more_noted"
    assert len(await rows(services, Complaint)) == 1
    # Contact later all the same.
    said = await chat.says("13800000001", "inform")
    assert names(said) == ["utter_complaint_call_back"]


async def test_an_incomplete_number_is_asked_again(chat: Dialogue, services: Services) -> None:
    await chat.says(STORY, "complaint")
    said = await chat.says("1380000000", "inform")
    assert names(said)[0] == "utter_phone_invalid"
    (complaint,) = await rows(services, Complaint)
    assert complaint.contact_phone is None


@both
async def test_a_turn_that_is_retried_logs_one_complaint(
    chat: Dialogue, services: Services
) -> None:
    first = await chat.says(STORY, "complaint", message_id="m-1")
    chat.loop = None
    chat.slots = {**chat.slots, "complaint_text": None, "complaint_contact": None}
    second = await chat.says(STORY, "complaint", message_id="m-1")
    assert [one.values for one in first] == [one.values for one in second]
    assert len(await rows(services, Complaint)) == 1


async def test_a_question_in_between_is_answered(chat: Dialogue, services: Services) -> None:
    await chat.says(STORY, "complaint")
    said = await chat.says("你们几点下班", "ask_hours")
    assert names(said) == ["text", "utter_ask_complaint_contact"]
    assert chat.loop == "complaint_form"


async def test_stopping_before_the_story_logs_nothing(chat: Dialogue, services: Services) -> None:
    await chat.says("我要投诉", "complaint")
    said = await chat.says("算了不投诉了", "stop")
    assert names(said) == ["utter_stopped"]
    assert chat.loop is None
    assert await rows(services, Complaint) == []


async def test_leaving_after_it_was_logged_says_that_it_stands(
    chat: Dialogue, services: Services
) -> None:
    await chat.says(STORY, "complaint")
    said = await chat.says("好了再见", "goodbye")
    assert names(said) == ["utter_complaint_stopped"]
    assert chat.loop is None
    assert [c.state for c in await rows(services, Complaint)] == ["open"]


async def test_a_person_instead_of_the_story(chat: Dialogue, services: Services) -> None:
    await chat.says("我要投诉", "complaint")
    said = await chat.says("让你们经理来跟我说", "human_handoff")
    assert names(said) == ["utter_hand_over_open"]
    assert chat.loop is None


async def test_danger_to_life_is_answered_within_two_hours(
    chat: Dialogue, services: Services
) -> None:
    said = await chat.says("刹车失灵差点出人命，你们怎么检查的", "complaint")
    # The instruction comes first, and the complaint is lodged all the same.
    assert names(said)[0] == "utter_danger"
    (lodged,) = [one for one in said if one.response == "utter_complaint_lodged"]
    (complaint,) = await rows(services, Complaint)
    assert complaint.severity == "critical"
    assert complaint.due_at == services.clock.now() + timedelta(hours=2)
    assert lodged.values["due"] == "11月25日（周三）12:00"


async def test_a_known_customer_is_not_asked_for_the_number(
    chat: Dialogue, services: Services
) -> None:
    chat.slots["customer_phone"] = "+8613800000001"
    chat.slots["customer_name"] = "王伟"
    said = await chat.says(STORY, "complaint")
    assert names(said) == ["utter_complaint_lodged", "utter_complaint_call_back"]
    (complaint,) = await rows(services, Complaint)
    assert complaint.contact_phone == "+8613800000001"


async def test_a_second_complaint_gets_a_number_of_its_own(
    chat: Dialogue, services: Services
) -> None:
    await chat.says(STORY, "complaint")
    await chat.says("不用了", "deny")
    said = await chat.says("还有销售顾问答应送的脚垫一直没给", "complaint")
    assert said[0].values["number"] == "CP261125-0002"
    assert [c.created_at for c in await rows(services, Complaint)] == [
        datetime(2026, 11, 25, 10, tzinfo=SHANGHAI)
    ] * 2


async def test_a_number_one_digit_short_is_no_more_of_the_story(chat: Dialogue) -> None:
    await chat.says(STORY, "complaint")
    said = await chat.says("138001380", "inform")
    assert names(said)[0] == "utter_phone_invalid"
    (said_then,) = await chat.says("13800000001", "inform")
    assert said_then.response == "utter_complaint_call_back"


async def test_what_is_told_while_a_person_is_awaited_stands_in_the_complaint(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("转人工", "human_handoff")
    await chat.says(STORY, "complaint")
    more = "找了两次都没解决，你们太敷衍了"
    await chat.says(more, "complaint")
    added = [one.text for one in await rows(services, ComplaintEvent) if one.kind == "added"]
    assert added == [more]
    (complaint,) = await rows(services, Complaint)
    said = await chat.says("编号多少 什么时候回我", "bot_challenge")
    assert any(complaint.number in one.worded("zh") for one in said)
