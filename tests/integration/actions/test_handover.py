"""Handing over: asked for, unsure, in danger, in anger; what the customer is told, and once."""

from datetime import timedelta

import pytest

from backend.clock import FixedClock
from backend.conversations.promises import admit
from backend.models import Complaint, Conversation
from backend.services import Services
from tests.conftest import NOW
from tests.integration.actions import demo
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.desk import Desk
from tests.integration.actions.dialogue import Dialogue, Said, mention, names
from tests.integration.actions.records import audit, change, rows, tasks

SHANYU = mention("model", "shanyu")
NIGHT = timedelta(hours=12)
"""From 10:00 to 22:00."""
PHONE = demo.read("dealership")["dealership"]["phone"]
HOTLINE = demo.read("dealership")["dealership"]["hotline"]


async def owner(services: Services, chat: Dialogue) -> str:
    (found,) = [c for c in await rows(services, Conversation) if c.id == chat.id]
    return found.owner


def told(said: Said) -> tuple[int, str, str]:
    """Place, by when, and from when on somebody is there."""
    return said.values["place"], said.values["due"], said.values["opens"]


# ---- asked for ----


@both
async def test_in_opening_hours(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("转人工", "human_handoff")
    assert said.response == "utter_hand_over_open"
    assert told(said) == (1, "今天 10:15", "")
    assert PHONE in said.worded("zh")
    assert await owner(services, chat) == "waiting"
    (task,) = await tasks(services)
    assert (task.kind, task.conversation_id, task.note) == ("handover", chat.id, "转人工")
    # What is told is what is promised.
    assert task.due_at == NOW + timedelta(minutes=15)
    assert await audit(services, "conversation") == [
        (f"conversation:{chat.id}", "conversation.owner")
    ]


async def test_out_of_hours(english: Dialogue, services: Services, clock: FixedClock) -> None:
    clock.advance(NIGHT)
    (said,) = await english.says("talk to a person", "human_handoff")
    assert said.response == "utter_hand_over_closed"
    assert told(said) == (1, "Thu 26 Nov, 09:30", "Thu 26 Nov, 09:00")
    (task,) = await tasks(services)
    assert task.due_at == NOW + timedelta(hours=23, minutes=30)
    assert await owner(services, english) == "waiting"


async def test_those_who_came_before_are_counted(start: Opening, clock: FixedClock) -> None:
    for place in (1, 2, 3):
        chat = await start(id=str(place) * 32)
        (said,) = await chat.says("转人工", "human_handoff")
        assert said.values["place"] == place
        clock.advance(timedelta(minutes=1))


async def test_a_message_that_is_tried_again_is_told_again(
    chat: Dialogue, services: Services
) -> None:
    """The answer was lost on the way, and with it what Rasa would have kept of the turn."""
    kept = (list(chat.events), dict(chat.slots))
    first = await chat.says("转人工", "human_handoff", message_id="m-1")
    chat.events, chat.slots = kept
    again = await chat.says("转人工", "human_handoff", message_id="m-1")
    assert names(again) == names(first) == ["utter_hand_over_open"]
    assert len(await tasks(services)) == 1
    assert len(await audit(services, "conversation")) == 1


async def test_what_is_asked_besides_is_answered_first(chat: Dialogue) -> None:
    said = await chat.says("山屿多少钱，转人工", "human_handoff", SHANYU, wishes=["ask_price"])
    assert names(said) == ["text", "utter_hand_over_open"]
    assert demo.wan(demo.prices()["shanyu-15t-deluxe"]) in said[0].text


async def test_a_person_wanted_besides_comes_after_the_answer(
    chat: Dialogue, services: Services
) -> None:
    said = await chat.says("山屿多少钱，转人工", "ask_price", SHANYU, wishes=["human_handoff"])
    assert names(said) == ["text", "utter_hand_over_open"]
    assert await owner(services, chat) == "waiting"


async def test_out_of_a_form(chat: Dialogue, services: Services) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("转人工", "human_handoff")
    assert names(said) == ["utter_hand_over_open"]
    assert chat.loop is None
    assert await owner(services, chat) == "waiting"
    # What was said so far is not asked for again.
    said = await chat.says("还是先约试驾吧", "book_test_drive")
    assert names(said)[-1] == "utter_ask_customer_name"


async def test_who_has_the_conversation_keeps_it(chat: Dialogue, services: Services) -> None:
    await change(services, Conversation, Conversation.id == chat.id, owner="staff")
    await chat.says("转人工", "human_handoff")
    assert await owner(services, chat) == "staff"
    assert await tasks(services) == []


async def test_a_turn_that_a_person_overtook_changes_nothing(services: Services) -> None:
    """Taken over and handed back while the turn was under way: nobody hears its answer."""
    desk = await Desk.open(services)
    message_id = await desk.writes("转人工")
    await desk.begins()
    await desk.person_says("我在，您请说")
    await desk.chat.says("转人工", "human_handoff", message_id=message_id)
    assert await desk.owner() == "assistant"
    assert await tasks(services) == []


# ---- while waiting ----


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("转人工", "human_handoff"),
        ("人呢", "human_handoff"),
        ("人呢？", "nlu_fallback"),
        ("还要多久", "order_status"),
        ("有人吗", "greet"),
        ("还要等多久啊", "inform"),
        ("怎么还没人来", "complaint_status"),
        ("在吗", "greet"),
        ("快点", "stop"),
        ("什么时候有人回", "book_appointment"),
    ],
)
async def test_asking_again_gives_place_and_time_anew(
    start: Opening, services: Services, clock: FixedClock, text: str, intent: str
) -> None:
    other, chat = await start(id="a" * 32), await start()
    await other.says("转人工", "human_handoff")
    clock.advance(timedelta(minutes=1))
    (said,) = await chat.says("转人工", "human_handoff")
    assert said.values["place"] == 2
    async with services.database.transaction() as session:
        conversation = await session.get_one(Conversation, other.id)
        conversation.owner, conversation.waiting_since = "assistant", None
    (said,) = await chat.says(text, intent)
    assert (said.response, told(said)) == ("utter_in_line_open", (1, "今天 10:16", ""))
    assert len([task for task in await tasks(services) if task.conversation_id == chat.id]) == 1


@pytest.mark.parametrize("text", ["how long?", "anyone there", "still waiting"])
async def test_asking_again_at_night(english: Dialogue, clock: FixedClock, text: str) -> None:
    clock.advance(NIGHT)
    await english.says("a person please", "human_handoff")
    (said,) = await english.says(text, "human_handoff")
    assert said.response == "utter_in_line_closed"
    assert told(said) == (1, "Thu 26 Nov, 09:30", "Thu 26 Nov, 09:00")


async def test_the_morning_after_nobody_is_told_when_it_opened(
    chat: Dialogue, clock: FixedClock
) -> None:
    clock.advance(NIGHT)
    await chat.says("转人工", "human_handoff")
    clock.advance(timedelta(hours=11, minutes=10))
    (said,) = await chat.says("人呢", "human_handoff")
    assert (said.response, told(said)) == ("utter_in_line_open", (1, "今天 09:30", ""))


async def test_who_does_not_wait_is_not_in_line(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("在吗", "greet")
    assert said.response == "utter_greet"
    (said,) = await chat.says("还要多久", "order_status")
    assert said.response == "utter_order_status"
    assert await owner(services, chat) == "assistant"


async def test_meanwhile_the_assistant_helps_and_makes_no_speeches(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("转人工", "human_handoff")
    (said,) = await chat.says("山屿多少钱", "ask_price", SHANYU)
    assert said.response is None
    (said,) = await chat.says("谢谢", "thank")
    assert said.response == "utter_thank"
    said_then = await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    assert names(said_then)[-1] == "utter_ask_customer_name"
    assert await owner(services, chat) == "waiting"
    assert len(await tasks(services)) == 1


async def test_asking_inside_a_form_comes_back_to_it(chat: Dialogue) -> None:
    await chat.says("转人工", "human_handoff")
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("还要多久", "inform")
    assert names(said) == ["utter_in_line_open", "utter_ask_customer_name"]
    assert chat.loop == "test_drive_form"
    assert chat.slots["customer_name"] is None


async def test_asking_inside_a_complaint(chat: Dialogue, services: Services) -> None:
    await chat.says("转人工", "human_handoff")
    await chat.says("我要投诉", "complaint")
    said = await chat.says("还要多久", "complaint")
    assert names(said) == ["utter_in_line_open", "utter_ask_complaint_text"]
    assert await rows(services, Complaint) == []


async def test_a_missed_promise_is_not_talked_away(
    chat: Dialogue, services: Services, clock: FixedClock
) -> None:
    await chat.says("转人工", "human_handoff")
    clock.advance(timedelta(minutes=20))
    (said,) = await chat.says("人呢", "human_handoff")
    assert said.response == "utter_in_line_overdue"
    assert PHONE in said.worded("zh")
    async with services.database.transaction() as session:
        assert await admit(session, clock.now(), chat.id)
    (said,) = await chat.says("人呢", "human_handoff")
    assert (said.response, told(said)) == ("utter_in_line_late", (1, "今天 10:35", ""))
    clock.advance(timedelta(minutes=20))
    (said,) = await chat.says("人呢", "human_handoff")
    assert said.response == "utter_in_line_overdue"


# ---- not understood ----


async def test_unsure_while_waiting_calls_nobody_twice(chat: Dialogue, services: Services) -> None:
    await chat.says("转人工", "human_handoff")
    await chat.says("那个啥", "nlu_fallback")
    for _ in range(2):
        (said,) = await chat.says("就那个嘛", "nlu_fallback")
        assert said.response == "utter_unsure_waiting"
    assert len(await tasks(services)) == 1


async def test_not_understood_twice_inside_a_form(chat: Dialogue, services: Services) -> None:
    await chat.says("试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("嗯嗯呃", "nlu_fallback")
    assert names(said) == ["utter_explain_test_drive_time"]
    said = await chat.says("呃嗯嗯", "nlu_fallback")
    assert names(said) == ["utter_unsure_again", "utter_hand_over_open"]
    assert await owner(services, chat) == "waiting"
    # The booking is still there to be gone on with.
    said = await chat.says("周六下午三点", "inform")
    assert names(said)[-1] == "utter_ask_customer_name"


# ---- danger ----


@both
async def test_danger_waits_for_a_person_after_the_instruction(
    chat: Dialogue, services: Services
) -> None:
    said = await chat.says("刹车失灵了", "report_fault")
    assert names(said) == [
        "utter_danger",
        "utter_danger_colleague_open",
        "utter_offer_diagnosis",
    ]
    assert HOTLINE in said[0].worded("zh") and HOTLINE in said[1].worded("zh")
    assert said[1].values["due"] == "今天 10:05"
    assert await owner(services, chat) == "waiting"
    (task,) = await tasks(services)
    assert (task.kind, task.due_at) == ("danger", NOW + timedelta(minutes=5))


async def test_danger_at_night_names_the_hotline_for_now(
    english: Dialogue, clock: FixedClock
) -> None:
    clock.advance(NIGHT)
    said = await english.says("there is smoke coming from the bonnet", "report_fault")
    assert names(said)[1] == "utter_danger_colleague_closed"
    assert told(said[1]) == (1, "Thu 26 Nov, 09:10", "Thu 26 Nov, 09:00")
    assert HOTLINE in said[1].worded("en")


async def test_danger_after_a_mere_wish_is_a_task_of_its_own(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("转人工", "human_handoff")
    said = await chat.says("刹车失灵了", "report_fault")
    assert "utter_danger_colleague_open" in names(said)
    assert [task.kind for task in await tasks(services)] == ["handover", "danger"]
    # The nearer promise is the one that counts.
    (said_then,) = await chat.says("人呢", "human_handoff")
    assert said_then.values["due"] == "今天 10:05"


async def test_the_same_danger_again_calls_nobody_twice(chat: Dialogue, services: Services) -> None:
    await chat.says("刹车失灵了", "report_fault")
    said = await chat.says("真的刹不住了", "report_fault")
    assert names(said)[0] == "utter_danger"
    assert "utter_danger_colleague_open" not in names(said)
    assert len(await tasks(services)) == 1


async def test_what_only_might_be_dangerous_waits_for_nobody(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("如果刹车失灵怎么办", "report_fault")
    assert await owner(services, chat) == "assistant"


async def test_asking_for_a_person_in_danger_is_one_speech(
    chat: Dialogue, services: Services
) -> None:
    said = await chat.says("刹车失灵了，快转人工", "human_handoff")
    assert names(said) == [
        "utter_danger",
        "utter_danger_colleague_open",
        "utter_offer_diagnosis",
    ]
    assert [task.kind for task in await tasks(services)] == ["danger"]


# ---- anger ----


@pytest.mark.parametrize(
    "intent", ["chitchat", "out_of_scope", "nlu_fallback", "deny", "greet", "goodbye", "stop"]
)
async def test_anger_that_asks_nothing_gets_a_person_alone(
    chat: Dialogue, services: Services, intent: str
) -> None:
    said = await chat.says("你们什么垃圾", intent)
    assert names(said) == ["utter_anger", "utter_hand_over_open"]
    assert await owner(services, chat) == "waiting"
    assert [task.kind for task in await tasks(services)] == ["handover"]


async def test_the_question_is_answered_all_the_same(chat: Dialogue) -> None:
    said = await chat.says("你们什么破店，山屿到底多少钱", "ask_price", SHANYU)
    assert names(said) == ["text", "utter_anger", "utter_hand_over_open"]
    assert demo.wan(demo.prices()["shanyu-15t-deluxe"]) in said[0].text


async def test_a_complaint_is_lodged_all_the_same(chat: Dialogue, services: Services) -> None:
    said = await chat.says("等了三个小时没人管，再不处理我就打12315", "complaint")
    assert names(said) == [
        "utter_complaint_lodged",
        "utter_anger",
        "utter_hand_over_open",
        "utter_ask_complaint_contact",
    ]
    assert await owner(services, chat) == "waiting"


async def test_anger_in_english(english: Dialogue, services: Services) -> None:
    said = await english.says("THIS IS RIDICULOUS, NOBODY ANSWERS", "chitchat")
    assert names(said) == ["utter_anger", "utter_hand_over_open"]


async def test_anger_again_is_told_place_and_time_and_no_speech(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("你们什么垃圾", "chitchat")
    (said,) = await chat.says("一群骗子", "chitchat")
    assert said.response == "utter_in_line_open"
    (said,) = await chat.says("骗子店，山屿多少钱", "ask_price", SHANYU)
    assert said.response is None
    assert len(await tasks(services)) == 1


async def test_anger_closes_a_form_and_keeps_what_it_holds(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("问问问，你们什么垃圾机器人", "nlu_fallback")
    assert names(said) == ["utter_anger", "utter_hand_over_open"]
    assert chat.loop is None
    said = await chat.says("约试驾", "book_test_drive")
    assert names(said)[-1] == "utter_ask_customer_name"


async def test_anger_beside_an_answer_leaves_the_form_open(chat: Dialogue) -> None:
    await chat.says("试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("周六下午三点，什么破机器人", "inform")
    assert names(said) == [
        "utter_time_free",
        "utter_anger",
        "utter_hand_over_open",
        "utter_ask_customer_name",
    ]
    assert chat.loop == "test_drive_form"


@pytest.mark.parametrize(
    "text", ["气死我了这车真好看", "卧槽太帅了！！！", "damn this car looks good"]
)
async def test_enthusiasm_is_no_anger(chat: Dialogue, services: Services, text: str) -> None:
    (said,) = await chat.says(text, "chitchat")
    assert said.response == "utter_chitchat"
    assert await owner(services, chat) == "assistant"


# ---- nobody is needed any more ----


async def left(services: Services, chat: Dialogue) -> None:
    """Asserts that the line was left, and that the audit tells why."""
    assert await owner(services, chat) == "assistant"
    assert {task.state for task in await tasks(services)} == {"done"}
    found = await audit(services)
    assert (f"conversation:{chat.id}", "task.done") in found
    assert found.count((f"conversation:{chat.id}", "conversation.owner")) == 2


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("不用人工了", "human_handoff"),
        ("不用转了，谢谢", "deny"),
        ("问题解决了，谢谢", "thank"),
        ("取消排队", "manage_booking"),
        ("不等了", "stop"),
        ("no need for a person", "human_handoff"),
        ("no need to wait", "inform"),
    ],
)
async def test_said_in_so_many_words_it_ends_the_waiting(
    chat: Dialogue, services: Services, text: str, intent: str
) -> None:
    await chat.says("转人工", "human_handoff")
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    (said,) = await chat.says(text, intent)
    assert said.response == "utter_line_left"
    await left(services, chat)


@pytest.mark.parametrize(
    ("text", "intent"), [("不用了", "deny"), ("算了", "stop"), ("never mind", "stop")]
)
async def test_a_bare_no_right_after_the_speech_ends_it(
    chat: Dialogue, services: Services, text: str, intent: str
) -> None:
    await chat.says("转人工", "human_handoff")
    (said,) = await chat.says(text, intent)
    assert said.response == "utter_line_left"
    await left(services, chat)


async def test_a_bare_no_to_something_else_is_asked_about_once(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("转人工", "human_handoff")
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    (said,) = await chat.says("不用了", "deny")
    assert said.response == "utter_still_wait"
    assert await owner(services, chat) == "waiting"
    (said,) = await chat.says("继续等", "affirm")
    assert said.response == "utter_in_line_open"
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    (said,) = await chat.says("不用了", "deny")
    assert said.response == "utter_deny"
    assert await owner(services, chat) == "waiting"


async def test_the_buttons_of_that_question(chat: Dialogue, services: Services) -> None:
    await chat.says("转人工", "human_handoff")
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    (said,) = await chat.says("明白了，谢谢", "thank")
    leave, stay = [payload for _, payload in said.offered("zh")]
    (said,) = await chat.presses(stay)
    assert said.response == "utter_in_line_open"
    (said,) = await chat.presses(leave)
    assert said.response == "utter_line_left"
    await left(services, chat)


async def test_a_plain_no_or_thanks_leaves_no_line(chat: Dialogue, services: Services) -> None:
    await chat.says("转人工", "human_handoff")
    (said,) = await chat.says("谢谢", "thank")
    assert said.response == "utter_thank"
    (said,) = await chat.says("不对", "deny")
    assert said.response == "utter_deny"
    assert await owner(services, chat) == "waiting"


async def test_leaving_a_form_leaves_no_line(chat: Dialogue, services: Services) -> None:
    await chat.says("转人工", "human_handoff")
    await chat.says("试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("算了不约了", "stop")
    assert names(said) == ["utter_stopped"]
    assert await owner(services, chat) == "waiting"


async def test_a_danger_stays_a_task_when_the_customer_needs_nobody(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("刹车失灵了", "report_fault")
    (said,) = await chat.says("不用人工了，拖车来了", "deny")
    assert said.response == "utter_line_left"
    assert await owner(services, chat) == "assistant"
    (task,) = await tasks(services)
    assert (task.state, task.due_at) == ("open", None)


async def test_who_does_not_wait_leaves_nothing(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("不用人工了", "deny")
    assert said.response == "utter_deny"
    assert await audit(services, "conversation") == []
