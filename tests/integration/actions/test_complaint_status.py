"""Where a complaint stands: that of the conversation told, any other looked up by a person."""

from datetime import timedelta

import pytest

from backend.clock import FixedClock
from backend.models import Complaint
from backend.services import Services
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.dialogue import Dialogue, names
from tests.integration.actions.records import change, tasks

NUMBER = "CP261125-0001"
STORY = "昨天保养师傅把我车门刮花了还不承认"


async def lodged(chat: Dialogue, story: str = STORY) -> None:
    await chat.says(story, "complaint")
    await chat.says("不用了", "deny")


@both
async def test_number_state_and_due_time(chat: Dialogue, services: Services) -> None:
    await lodged(chat)
    (said,) = await chat.says("我的投诉处理得怎么样了", "complaint_status")
    assert said.response == "utter_complaint_due"
    assert said.values["number"] == NUMBER
    assert said.values["state"] == "已登记，待处理"
    assert said.values["due"] > "11月25日"
    assert await tasks(services) == []


async def test_in_english(english: Dialogue, services: Services) -> None:
    await lodged(english, "You scratched my door and nobody admits it")
    await change(services, Complaint, Complaint.number == NUMBER, state="in_progress")
    (said,) = await english.says("any news on my complaint?", "complaint_status")
    assert said.worded("en").startswith(f"Your complaint {NUMBER} is being worked on. Someone")


@pytest.mark.parametrize(("state", "told"), [("resolved", "已经解决"), ("closed", "已经结案")])
async def test_what_is_over_is_said_to_be(
    chat: Dialogue, services: Services, state: str, told: str
) -> None:
    await lodged(chat)
    await change(services, Complaint, Complaint.number == NUMBER, state=state)
    (said,) = await chat.says("投诉有结果了吗", "complaint_status")
    assert (said.response, said.values) == (
        "utter_complaint_over",
        {"number": NUMBER, "state": told},
    )


async def test_each_of_several_and_the_one_that_is_named(chat: Dialogue) -> None:
    await lodged(chat)
    await lodged(chat, "还有销售顾问答应送的脚垫一直没给")
    said = await chat.says("我的两个投诉呢", "complaint_status")
    assert [one.values["number"] for one in said] == ["CP261125-0002", NUMBER]
    said = await chat.says(f"{NUMBER} 到哪一步了", "complaint_status")
    assert [one.values["number"] for one in said] == [NUMBER]


async def test_a_late_reply_is_said_to_be_late_and_asked_for(
    chat: Dialogue, services: Services, clock: FixedClock
) -> None:
    await lodged(chat)
    clock.advance(timedelta(days=10))
    (said,) = await chat.says("投诉还没人回复吗", "complaint_status")
    assert said.response == "utter_complaint_late"
    assert [task.kind for task in await tasks(services)] == ["follow_up"]


async def test_none_here_asks_for_the_number_and_opens_a_task(
    chat: Dialogue, english: Dialogue, services: Services
) -> None:
    for dialogue, text in ((chat, "我上周的投诉谁在处理"), (english, "who handles my complaint")):
        (said,) = await dialogue.says(text, "complaint_status")
        assert said.response == "utter_no_complaint"
    assert [(task.kind, task.note) for task in await tasks(services)] == [
        ("follow_up", "我上周的投诉谁在处理"),
        ("follow_up", "who handles my complaint"),
    ]
    (said,) = await chat.says("cp261101-0007", "inform")
    assert (said.response, said.values) == (
        "utter_complaint_prove_phone",
        {"number": "CP261101-0007"},
    )
    (said,) = await chat.says("13800000001", "inform")
    assert (said.response, set(said.values)) == ("utter_complaint_unproved", {"number"})
    assert (await tasks(services))[-1].note == "13800000001"


async def test_nothing_is_told_of_another_conversation(
    chat: Dialogue, start: Opening, services: Services
) -> None:
    await lodged(chat)
    stranger = await start(id="d" * 32)
    (said,) = await stranger.says(f"投诉 {NUMBER} 处理了吗", "complaint_status")
    assert (said.response, said.values) == ("utter_complaint_prove_phone", {"number": NUMBER})
    # The same words for a number that nobody has, and for a phone that is not the one given.
    (missing,) = await stranger.says("投诉 CP261125-9999 处理了吗", "complaint_status")
    assert missing.response == said.response
    (wrong,) = await stranger.says("13800000009", "inform")
    assert (wrong.response, set(wrong.values)) == ("utter_complaint_unproved", {"number"})


async def test_inside_a_form_it_is_answered_and_the_form_goes_on(chat: Dialogue) -> None:
    await lodged(chat)
    await chat.says("想约个保养", "book_maintenance")
    said = await chat.says("我投诉的事周五下午三点前有答复吗", "complaint_status")
    assert names(said) == ["utter_complaint_due", "utter_ask_service_items"]
    assert chat.slots["service_when"] is None
