"""What becomes of a complaint in the chat: more of it, the same again, withdrawn, solved or not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.clock import FixedClock
from backend.complaints import handling
from backend.complaints.handling import By
from backend.complaints.thread import case_of
from backend.conversations.service import lock
from backend.conversations.transcript import append
from backend.customers import proof
from backend.models import Attachment, Complaint, ComplaintEvent, ComplaintRule, Staff
from backend.services import Services
from tests.conftest import NOW
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.dialogue import Dialogue, names
from tests.integration.actions.records import change, rows, tasks

NUMBER = "CP261125-0001"
STORY = {
    "zh": "昨天保养师傅把我车门刮花了还不承认",
    "en": "Your mechanic scratched my door during the service and denies it",
}
MORE = {
    "zh": "刮花的车门到现在没人管，师傅也不接电话",
    "en": "The scratched door is still ignored, the mechanic does not answer",
}


async def of(dialogue: Dialogue, services: Services) -> Complaint:
    found = [c for c in await rows(services, Complaint) if c.conversation_id == dialogue.id]
    return found[-1]


async def lodged(dialogue: Dialogue, story: str | None = None) -> None:
    await dialogue.says(story or STORY[dialogue.language], "complaint")
    await dialogue.says("不用了", "deny")


async def resolved(dialogue: Dialogue, services: Services, result: str = "已免费补漆") -> Complaint:
    """A colleague has dealt with it and the customer was asked."""
    complaint = await of(dialogue, services)
    async with services.database.transaction() as session:
        person = await session.scalar(select(Staff).limit(1))
        if person is None:
            person = Staff(
                username="li", name="李强", role="consultant", password_hash="-", created_at=NOW
            )
            session.add(person)
            await session.flush()
        by = By(f"staff:{person.id}", person.id)
        now = services.clock.now()
        await handling.find_cause(session, now, complaint.id, by, cause="工位太窄", remedy="补漆")
        await handling.resolve(session, now, complaint.id, by, result=result)
    return complaint


async def kinds(services: Services, complaint: Complaint) -> list[str]:
    return [
        event.kind
        for event in await rows(services, ComplaintEvent)
        if event.complaint_id == complaint.id
    ]


@pytest.fixture(params=["zh", "en"])
async def either(request: pytest.FixtureRequest, chat: Dialogue, english: Dialogue) -> Dialogue:
    """The same in both languages."""
    return chat if request.param == "zh" else english


@both
async def test_more_of_it_in_the_following_messages_is_kept_in_his_words(
    chat: Dialogue, services: Services
) -> None:
    await chat.says(STORY["zh"], "complaint")
    said = await chat.says("而且等了三个小时", "complaint")
    assert names(said)[0] == "utter_complaint_more_noted"
    added = [e for e in await rows(services, ComplaintEvent) if e.kind == "added"]
    assert [event.text for event in added] == ["而且等了三个小时"]


async def test_the_same_again_is_asked_and_added(either: Dialogue, services: Services) -> None:
    await lodged(either)
    (asked,) = await either.says(MORE[either.language], "complaint")
    assert (asked.response, asked.values) == (
        "utter_complaint_same",
        {"number": (await of(either, services)).number},
    )
    assert either.loop is None
    (said,) = await either.presses("/affirm")
    assert said.response == "utter_complaint_more_noted"
    assert len(await rows(services, Complaint)) == 1
    event = (await rows(services, ComplaintEvent))[-1]
    assert (event.kind, event.text) == ("added", MORE[either.language])


@pytest.mark.parametrize("answer", ["/deny", "words"])
async def test_another_matter_gets_a_number_of_its_own(
    either: Dialogue, services: Services, answer: str
) -> None:
    await lodged(either)
    await either.says(MORE[either.language], "complaint")
    if answer == "words":
        text = "不是，是另一件事" if either.language == "zh" else "no, a different matter"
        (said,) = await either.says(text, "deny")
    else:
        (said,) = await either.presses(answer)
    first, second = await rows(services, Complaint)
    assert said.response == "utter_complaint_lodged"
    assert said.values["number"] == second.number != first.number
    assert second.text == MORE[either.language]
    assert await kinds(services, first) == ["lodged", "added", "moved"]


async def test_nothing_is_lost_when_the_question_goes_unanswered(
    chat: Dialogue, services: Services
) -> None:
    await lodged(chat)
    await chat.says(MORE["zh"], "complaint")
    said = await chat.says("你们几点下班", "ask_hours")
    assert names(said) == ["text"]
    assert await kinds(services, await of(chat, services)) == ["lodged", "added"]
    # A yes that comes later is to something else.
    assert names(await chat.says("好的", "affirm")) == ["utter_anything_else"]


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("算了不投诉了", "zh", "stop"),
        ("投诉撤了吧", "zh", "complaint"),
        ("我不想投诉了", "zh", "deny"),
        ("please withdraw my complaint", "en", "complaint"),
        ("never mind the complaint", "en", "stop"),
        ("I don't want to complain any more", "en", "complaint"),
    ],
)
async def test_withdrawing(
    chat: Dialogue, english: Dialogue, services: Services, text: str, language: str, intent: str
) -> None:
    dialogue = chat if language == "zh" else english
    await lodged(dialogue)
    (said,) = await dialogue.says(text, intent)
    complaint = await of(dialogue, services)
    assert (said.response, said.values) == (
        "utter_complaint_withdrawn", {"number": complaint.number}
    )  # fmt: skip
    assert (complaint.state, dialogue.loop) == ("closed", None)
    (said,) = await dialogue.says("我的投诉怎么样了", "complaint_status")
    assert said.response == "utter_complaint_over"
    assert said.values["state"] in ("已经按您的意思撤回", "withdrawn, as you asked")
    (said,) = await dialogue.says(
        "还是要投诉" if language == "zh" else "I'd like to reopen the complaint", "complaint"
    )
    assert said.response == "utter_complaint_reopened"
    assert (await of(dialogue, services)).state == "open"


async def test_withdrawing_while_it_is_taken_down(chat: Dialogue, services: Services) -> None:
    await chat.says(STORY["zh"], "complaint")
    said = await chat.says("算了不投诉了", "stop")
    assert names(said) == ["utter_complaint_withdrawn"]
    assert (chat.loop, (await of(chat, services)).state) == (None, "closed")


@pytest.mark.parametrize(
    "text", ["再不处理我就不投诉了，直接打12315", "我不是要投诉，就是问问", "我可没想取消投诉"]
)
async def test_what_is_no_withdrawal(chat: Dialogue, services: Services, text: str) -> None:
    await lodged(chat)
    await chat.says(text, "chitchat")
    assert (await of(chat, services)).state == "open"


async def test_of_several_the_one_that_is_meant_is_asked_for(
    chat: Dialogue, services: Services
) -> None:
    await lodged(chat)
    await lodged(chat, "还有销售顾问答应送的脚垫一直没给")
    (said,) = await chat.says("算了不投诉了", "stop")
    assert said.response == "utter_complaint_withdraw_which"
    assert said.titles == ["撤回 CP261125-0002", f"撤回 {NUMBER}"]
    (said,) = await chat.presses(said.payloads[1])
    assert said.values == {"number": NUMBER}
    assert [c.state for c in await rows(services, Complaint)] == ["closed", "open"]


UNSOLVED = [
    ("没有解决", "zh", "deny"),
    ("还是没修好，你们怎么搞的", "zh", "complaint"),
    ("车门那块问题还在", "zh", "report_fault"),
    ("没", "zh", "deny"),
    ("no, it's not fixed", "en", "deny"),
    ("The scratch is still there", "en", "complaint"),
    ("No", "en", "deny"),
]


@both
@pytest.mark.parametrize(("text", "language", "intent"), UNSOLVED[:1] + UNSOLVED[4:5])
async def test_not_solved_reopens_it_on_both_stores(
    chat: Dialogue, english: Dialogue, services: Services, text: str, language: str, intent: str
) -> None:
    await _not_solved(chat if language == "zh" else english, services, text, intent)


@pytest.mark.parametrize(("text", "language", "intent"), UNSOLVED)
async def test_not_solved_reopens_it(
    chat: Dialogue, english: Dialogue, services: Services, text: str, language: str, intent: str
) -> None:
    await _not_solved(chat if language == "zh" else english, services, text, intent)


async def _not_solved(dialogue: Dialogue, services: Services, text: str, intent: str) -> None:
    await lodged(dialogue)
    await resolved(dialogue, services)
    (said,) = await dialogue.says(text, intent)
    assert said.response == "utter_complaint_reopened"
    complaint = await of(dialogue, services)
    assert (complaint.state, dialogue.loop) == ("open", None)
    assert complaint.due_at > services.clock.now()
    assert (await kinds(services, complaint))[-1] == "reopened"


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("解决了，谢谢", "zh", "thank"),
        ("嗯", "zh", "affirm"),
        ("yes it's solved", "en", "affirm"),
        ("all good now, thanks", "en", "thank"),
    ],
)
async def test_solved_closes_it(
    chat: Dialogue, english: Dialogue, services: Services, text: str, language: str, intent: str
) -> None:
    dialogue = chat if language == "zh" else english
    await lodged(dialogue)
    complaint = await resolved(dialogue, services)
    (said,) = await dialogue.says(text, intent)
    assert (said.response, said.values) == (
        "utter_complaint_solved", {"number": complaint.number}
    )  # fmt: skip
    assert (await of(dialogue, services)).state == "closed"


async def test_the_buttons_under_the_question(chat: Dialogue, services: Services) -> None:
    await lodged(chat)
    await resolved(chat, services)
    (said,) = await chat.presses(handling.verdict(NUMBER, "unsolved"))
    assert said.response == "utter_complaint_reopened"
    await resolved(chat, services)
    (said,) = await chat.presses(handling.verdict(NUMBER, "solved"))
    assert said.response == "utter_complaint_solved"


async def test_a_yes_to_another_question_closes_nothing(chat: Dialogue, services: Services) -> None:
    await lodged(chat)
    await resolved(chat, services)
    async with services.database.transaction() as session:
        conversation = await lock(session, chat.id)
        session.add(append(conversation, services.clock.now(), sender="assistant", text="还有吗"))
    assert names(await chat.says("好的", "affirm")) == ["utter_anything_else"]
    assert (await of(chat, services)).state == "resolved"


async def test_the_result_is_told_to_who_asks(chat: Dialogue, services: Services) -> None:
    await lodged(chat)
    await resolved(chat, services)
    (said,) = await chat.says("我的投诉怎么样了", "complaint_status")
    assert (said.response, said.values["result"]) == ("utter_complaint_result", "已免费补漆")


async def test_number_and_phone_prove_it_and_bring_the_news(
    chat: Dialogue, start: Opening, services: Services
) -> None:
    await chat.says(STORY["zh"], "complaint")
    await chat.says("我叫王伟，13800000001", "inform")
    stranger = await start(id="d" * 32)
    (said,) = await stranger.says(f"{NUMBER} 13800000001 到哪一步了", "complaint_status")
    assert (said.response, said.values["number"]) == ("utter_complaint_due", NUMBER)
    (said,) = await stranger.says("我的投诉呢", "complaint_status")
    assert said.values["number"] == NUMBER


async def test_guessing_ends(chat: Dialogue, start: Opening, services: Services) -> None:
    await chat.says(STORY["zh"], "complaint")
    await chat.says("13800000001", "inform")
    stranger = await start(id="d" * 32)
    for count in range(9):
        # The last of them is the right one.
        (said,) = await stranger.says(f"CP261125-000{9 - count} 13800000001", "complaint_status")
        locked = count >= proof.PER_CONVERSATION
        assert said.response == ("utter_claim_locked" if locked else "utter_complaint_unproved")
    assert {task.conversation_id for task in await tasks(services)} == {stranger.id}


async def test_pictures_belong_to_it(chat: Dialogue, services: Services, clock: FixedClock) -> None:
    async def sends(name: str) -> list[str]:
        async with services.database.transaction() as session:
            conversation = await lock(session, chat.id)
            session.add(
                Attachment(
                    id=name, conversation_id=chat.id, content_type="image/png", size=1,
                    created_at=clock.now(),
                )
            )  # fmt: skip
            await session.flush()
            message = append(conversation, clock.now(), sender="customer", text="")
            message.attachment_id, message.id = name, f"m-{name}"
            session.add(message)
        return names(await chat.says("/send_picture", "send_picture", message_id=f"m-{name}"))

    assert await sends("before") == ["utter_picture_received"]
    await chat.says("我要投诉", "complaint")
    assert (await sends("inside"))[0] == "utter_complaint_picture_first"
    await chat.says(STORY["zh"], "complaint")
    assert (await sends("asked"))[0] == "utter_complaint_picture"
    await chat.says("不用了", "deny")
    assert await sends("after") == ["utter_complaint_picture"]
    clock.advance(timedelta(days=2))
    assert await sends("late") == ["utter_picture_received"]
    pictures = [e for e in await rows(services, ComplaintEvent) if e.kind == "picture"]
    assert [e.attachment_id for e in pictures] == ["before", "inside", "asked", "after"]


async def test_without_an_approved_rule_no_time_is_told(chat: Dialogue, services: Services) -> None:
    await change(services, ComplaintRule, approved_by=None, approved_at=None)
    assert names(await chat.says(STORY["zh"], "complaint"))[0] == "utter_complaint_lodged_untimed"
    await chat.says("不用了", "deny")
    (said,) = await chat.says("我的投诉怎么样了", "complaint_status")
    assert said.response == "utter_complaint_pending"


async def test_the_car_the_visit_and_the_colleague_that_are_named(
    chat: Dialogue, services: Services
) -> None:
    async with services.database.transaction() as session:
        session.add(
            Staff(
                username="chen", name="陈晨", role="consultant", password_hash="-", created_at=NOW
            )
        )
    await chat.says("你们的销售陈晨态度太差了", "complaint")
    async with services.database.reading() as session:
        case = await case_of(session, (await of(chat, services)).id)
        assert case.about_staff_id == 1


async def test_not_solved_and_a_person_is_wanted(chat: Dialogue, services: Services) -> None:
    await lodged(chat)
    await resolved(chat, services)
    said = await chat.says("根本没解决，叫你们经理来", "human_handoff")
    assert names(said)[0] == "utter_complaint_reopened"
    assert names(said)[1].startswith("utter_hand_over")
    assert (await of(chat, services)).state == "open"
