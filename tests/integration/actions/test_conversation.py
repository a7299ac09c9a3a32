"""Being unsure, own bookings, stopping, a bare yes."""

from datetime import timedelta

import pytest

from backend.clock import FixedClock
from backend.models import Conversation, ServiceBooking, TestDriveBooking
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.records import audit, rows, tasks

SHANYU = mention("model", "shanyu")


async def owner(services: Services, chat: Dialogue) -> str:
    (found,) = [c for c in await rows(services, Conversation) if c.id == chat.id]
    return found.owner


@both
async def test_a_question_and_then_a_person(chat: Dialogue, services: Services) -> None:
    text = "山屿多少钱，算了给我找个人吧"
    said = await chat.says(text, "ask_price", SHANYU, wishes=["human_handoff"])
    assert names(said) == ["text", "utter_hand_over_open"]
    assert "指导价" in said[0].text
    assert await owner(services, chat) == "waiting"
    assert [task.kind for task in await tasks(services)] == ["handover"]


async def test_where_a_person_comes_nothing_is_begun(chat: Dialogue, services: Services) -> None:
    text = "山屿多少钱，能试驾吗，你找个人跟我说"
    wishes = ["book_test_drive", "human_handoff"]
    said = await chat.says(text, "ask_price", SHANYU, wishes=wishes)
    assert names(said) == ["text", "utter_hand_over_open"]
    assert chat.loop is None


async def test_a_question_inside_a_form_hands_nothing_over(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("几点开门，有人在吗", "ask_hours", wishes=["human_handoff"])
    assert not [one for one in names(said) if one.startswith("utter_hand_over")]
    assert await owner(services, chat) == "assistant"


async def test_unsure_once_offers_two_readings(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says(
        "那个啥",
        "nlu_fallback",
        ranking=["nlu_fallback", "ask_hours", "thank", "trade_in", "affirm"],
    )
    assert said.response == "utter_unsure"
    assert said.buttons == (("营业时间", "/ask_hours"), ("旧车置换", "/trade_in"))
    assert await owner(services, chat) == "assistant"
    # What was meant is one press away.
    (said,) = await chat.presses(said.payloads[0])
    assert said.text.startswith("我们的营业时间")


async def test_unsure_twice_in_a_row_calls_a_person(chat: Dialogue, services: Services) -> None:
    await chat.says("那个啥", "nlu_fallback", ranking=["nlu_fallback", "ask_hours"])
    said = await chat.says("就那个嘛", "nlu_fallback", ranking=["nlu_fallback"])
    assert names(said) == ["utter_unsure_again", "utter_hand_over_open"]
    assert await owner(services, chat) == "waiting"
    assert [t.kind for t in await tasks(services)] == ["handover"]


async def test_understood_in_between_starts_anew(chat: Dialogue, services: Services) -> None:
    await chat.says("那个啥", "nlu_fallback", ranking=["nlu_fallback"])
    await chat.says("几点开门", "ask_hours")
    (said,) = await chat.says("那个啥", "nlu_fallback", ranking=["nlu_fallback"])
    assert said.response == "utter_unsure"
    assert len(said.buttons) == 2
    assert await owner(services, chat) == "assistant"


async def test_unsure_at_night_says_when_someone_is_there(
    chat: Dialogue, clock: FixedClock
) -> None:
    clock.advance(timedelta(hours=12))
    await chat.says("那个啥", "nlu_fallback")
    (_, said) = await chat.says("就那个嘛", "nlu_fallback")
    assert said.response == "utter_hand_over_closed"
    assert said.values["opens"] == "11月26日（周四）09:00"


async def test_a_name_in_an_unclear_message_is_taken_up(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿咋样啊这个", "nlu_fallback", SHANYU)
    assert said.response is None
    assert "山屿" in said.text


async def booked(chat: Dialogue) -> str:
    """A test drive of this conversation; its number."""
    await chat.says("周六下午三点试驾山屿，王伟，13800000001", "book_test_drive", SHANYU)
    said = await chat.says("确认", "affirm")
    return str(said[0].values["number"])


@both
async def test_own_bookings_are_shown_and_cancelled_by_their_button(
    chat: Dialogue, services: Services
) -> None:
    number = await booked(chat)
    await chat.says(
        "周日上午十点给山屿做小保养，浙A12345", "book_maintenance", SHANYU,
        mention("service_item", "minor_service"),
    )  # fmt: skip
    await chat.says("确认", "affirm")
    (said,) = await chat.says("我约了什么", "manage_booking")
    assert said.response == "utter_bookings"
    assert said.values["lines"].splitlines() == [
        f"• {number} 试驾 山屿 11月28日（周六）15:00",
        "• SV261125-0001 小保养 11月29日（周日）10:00",
    ]
    assert said.titles[0] == f"取消 {number}"
    (done,) = await chat.presses(said.payloads[0])
    assert (done.response, done.values) == ("utter_booking_cancelled", {"number": number})
    (drive,) = await rows(services, TestDriveBooking)
    (visit,) = await rows(services, ServiceBooking)
    assert (drive.state, visit.state) == ("cancelled", "booked")
    assert (f"conversation:{chat.id}", "test_drive.cancelled") in await audit(services)
    (said,) = await chat.presses(said.payloads[1])
    assert said.response == "utter_booking_cancelled"
    (visit,) = await rows(services, ServiceBooking)
    assert visit.state == "cancelled"


async def test_a_button_pressed_in_another_conversation_cancels_nothing(
    chat: Dialogue, start: Opening, services: Services
) -> None:
    number = await booked(chat)
    stranger = await start(id="d" * 32)
    payload = f'/cancel_booking{{"number": {{"reference": "{number}"}}}}'
    (said,) = await stranger.presses(payload)
    assert said.response == "utter_booking_not_active"
    (drive,) = await rows(services, TestDriveBooking)
    assert drive.state == "booked"
    (said,) = await stranger.says("我的预约", "manage_booking")
    assert said.response == "utter_no_bookings"


async def test_a_booking_that_is_over_is_not_cancelled(
    chat: Dialogue, services: Services, clock: FixedClock
) -> None:
    number = await booked(chat)
    clock.advance(timedelta(days=5))
    (said,) = await chat.presses(f'/cancel_booking{{"number": {{"reference": "{number}"}}}}')
    assert (said.response, said.values) == ("utter_booking_not_active", {"number": number})
    (drive,) = await rows(services, TestDriveBooking)
    assert drive.state == "booked"


async def test_complaints_stand_among_the_records(chat: Dialogue) -> None:
    await chat.says("昨天保养师傅把我车门刮花了", "complaint")
    await chat.says("不用了", "deny")
    (said,) = await chat.says("我的记录", "manage_booking")
    assert said.values["lines"].startswith("• CP261125-0001 投诉，")


async def test_no_bookings_and_a_form_half_filled(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("我的预约呢", "manage_booking")
    assert said.response == "utter_no_bookings"
    assert [t.kind for t in await tasks(services)] == ["follow_up"]
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said_inside = await chat.says("约上了吗", "manage_booking")
    assert names(said_inside) == ["utter_not_booked_yet", "utter_ask_customer_name"]


async def test_stopping_when_there_is_nothing_to_stop(chat: Dialogue) -> None:
    (said,) = await chat.says("取消", "stop")
    assert said.response == "utter_nothing_to_stop"


async def test_a_yes_to_nothing_offers_next_steps(chat: Dialogue) -> None:
    (said,) = await chat.says("好的", "affirm")
    assert said.response == "utter_anything_else"
    assert said.payloads == ["/ask_onroad_price", "/ask_finance", "/book_test_drive"]


async def test_a_yes_to_the_smallest_down_payment_reckons_with_it(chat: Dialogue) -> None:
    await chat.says("首付一成", "ask_finance", SHANYU)
    (said,) = await chat.says("可以", "affirm")
    assert "（20%）" in said.text
    # The offer holds for one message only.
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    (said,) = await chat.says("好的", "affirm")
    assert said.response == "utter_anything_else"


async def test_a_phone_out_of_nowhere_is_a_wish_to_be_called(
    chat: Dialogue, services: Services
) -> None:
    (said,) = await chat.says("13800000001", "inform")
    assert said.response == "utter_phone_noted"
    assert [(t.kind, t.note) for t in await tasks(services)] == [("follow_up", "+8613800000001")]
    assert chat.slots["customer_phone"] == "+8613800000001"


async def test_a_time_out_of_nowhere_asks_what_for(chat: Dialogue) -> None:
    (said,) = await chat.says("周六下午三点", "inform")
    assert said.response == "utter_time_for_what"


async def test_a_picture_goes_to_a_person(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("/send_picture", "send_picture")
    assert said.response == "utter_picture_received"
    assert [(t.kind, t.note) for t in await tasks(services)] == [("follow_up", "图片")]


@pytest.mark.parametrize("intent", ["greet", "thank", "chitchat", "out_of_scope", "bot_challenge"])
async def test_small_talk_inside_a_form_comes_back_to_it(chat: Dialogue, intent: str) -> None:
    await chat.says("试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("聊两句吧", intent)
    assert names(said) == [f"utter_{intent}", "utter_ask_test_drive_time"]


async def test_an_unknown_conversation_still_gets_its_answer(services: Services) -> None:
    """A shell or a test of Rasa's own talks without a conversation in the store."""
    nobody = Dialogue(services, id="default")
    (said,) = await nobody.says("转人工", "human_handoff")
    assert said.response == "utter_hand_over_untimed"
    assert await tasks(services) == []
    (said,) = await nobody.says("山屿多少钱", "ask_price", SHANYU)
    assert demo.wan(demo.prices()["shanyu-15t-deluxe"]) in said.text


async def test_a_question_beside_small_talk_is_answered(english: Dialogue) -> None:
    text = "hi do you also speak english? how much is the Shanyu"
    said = await english.says(text, "ask_capabilities", SHANYU, wishes=["ask_price"])
    assert names(said) == ["utter_ask_capabilities", "text"]
    assert "CNY" in said[1].text
