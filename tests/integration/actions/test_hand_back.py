"""After a person has talked with the customer: the assistant knows what it knew, asks nothing that
is no longer open, and says nothing until it is written to."""

from datetime import timedelta

import pytest

from backend.appointments import service as appointments
from backend.appointments.outcomes import Booked
from backend.clock import FixedClock
from backend.models import Complaint, TestDriveBooking
from backend.services import Services
from tests.integration.actions.desk import Desk
from tests.integration.actions.dialogue import mention, names
from tests.integration.actions.drives import SHANYU
from tests.integration.actions.records import audit, rows, tasks
from tests.integration.world import at

MINOR = mention("service_item", "minor_service")
DRIVE = "test_drive_form"


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk.open(services)


async def half_booked(desk: Desk) -> None:
    """Model and time are known, the name is asked for."""
    said = await desk.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    assert names(said)[-1] == "utter_ask_customer_name"


async def ready(desk: Desk) -> None:
    """Everything is known, the yes is asked for."""
    await half_booked(desk)
    said = await desk.says("王伟 13800000001", "inform")
    assert names(said) == ["utter_confirm_test_drive"]


async def test_nothing_is_said_until_the_customer_writes(desk: Desk) -> None:
    await half_booked(desk)
    await desk.person_says("您好，我来帮您看一下")
    last = (await desk.messages())[-1]
    assert (last.sender, last.text) == ("staff", "您好，我来帮您看一下")
    assert await desk.owner() == "assistant"


async def test_what_was_said_to_the_person_is_not_answered_afterwards(
    desk: Desk, services: Services
) -> None:
    await desk.says("山屿多少钱", "ask_price", SHANYU)
    await desk.person_says("我在", hands_back=False)
    await desk.writes("那优惠呢")
    await desk.hands_back(seen=99)
    said = await desk.says("落地呢", "ask_onroad_price")
    # "落地呢" is still about the car that was talked about before.
    assert "山屿" in said[0].shown("zh")
    answered = [m for m in await desk.messages() if m.text == "那优惠呢"]
    assert [m.turn for m in answered] == ["none"]


async def test_a_half_filled_form_is_set_aside_and_offered_once(desk: Desk) -> None:
    await half_booked(desk)
    await desk.person_says("这款车周六有现车，您放心")
    said = await desk.says("好的，谢谢", "thank")
    assert names(said) == ["utter_thank", "utter_resume_test_drive_offer"]
    assert desk.chat.loop is None
    assert [title for title, _ in said[1].offered("zh")] == ["继续预约", "先不约了"]
    sunroof = mention("feature", "sunroof")
    (said_then,) = await desk.says("山屿有天窗吗", "ask_config", SHANYU, sunroof)
    assert said_then.response is None


@pytest.mark.parametrize("how", ["button", "yes", "words"])
async def test_it_goes_on_where_it_stopped(desk: Desk, how: str) -> None:
    await half_booked(desk)
    await desk.person_says("有问题随时找我")
    said = await desk.says("好的", "affirm")
    assert names(said)[-1] == "utter_resume_test_drive_offer"
    if how == "button":
        (_, payload), _leave = said[-1].offered("zh")
        said = await desk.chat.presses(payload)
    elif how == "yes":
        said = await desk.says("继续吧", "affirm")
    else:
        said = await desk.says("接着约试驾", "book_test_drive")
    # Car and time are still known.
    assert names(said)[-1] == "utter_ask_customer_name"


async def test_a_question_is_answered_before_the_offer(desk: Desk) -> None:
    await half_booked(desk)
    await desk.person_says("稍后给您回电")
    said = await desk.says("你们几点下班", "ask_hours")
    assert names(said) == ["text", "utter_resume_test_drive_offer"]
    assert desk.chat.loop is None


async def test_an_answer_goes_on_with_a_line_that_says_so(desk: Desk) -> None:
    await half_booked(desk)
    await desk.person_says("可以，周六没问题")
    said = await desk.says("王伟 13800000001", "inform")
    assert names(said) == ["utter_resume_test_drive", "utter_confirm_test_drive"]
    assert desk.chat.loop == DRIVE
    said = await desk.says("确认", "affirm")
    assert names(said)[0] == "utter_test_drive_booked"


async def test_a_visit_goes_on_alike(desk: Desk) -> None:
    await desk.says("山屿周六上午十点做小保养", "book_maintenance", SHANYU, MINOR)
    await desk.person_says("带上保养手册就行")
    said = await desk.says("浙A12345", "inform")
    assert names(said)[0] == "utter_resume_maintenance"
    assert desk.chat.loop == "maintenance_form"
    await desk.person_says("好的")
    said = await desk.says("多谢", "thank")
    assert names(said) == ["utter_thank", "utter_resume_maintenance_offer"]


async def test_a_yes_to_the_person_books_nothing(desk: Desk, services: Services) -> None:
    await ready(desk)
    await desk.person_says("周六下午店里有活动，人比较多，您看可以吗")
    said = await desk.says("可以", "affirm")
    # Asked anew, with all that would be booked.
    assert names(said) == ["utter_resume_test_drive", "utter_confirm_test_drive"]
    assert await rows(services, TestDriveBooking) == []
    said = await desk.says("确认", "affirm")
    assert names(said)[0] == "utter_test_drive_booked"


@pytest.mark.parametrize(
    ("text", "intent"),
    [("算了不约了", "stop"), ("不用了", "deny"), ("转人工", "human_handoff"), ("再见", "goodbye")],
)
async def test_who_wants_something_else_is_not_reminded(desk: Desk, text: str, intent: str) -> None:
    await half_booked(desk)
    await desk.person_says("好的")
    said = await desk.says(text, intent)
    assert not any("resume" in str(name) for name in names(said))
    assert desk.chat.loop is None


async def test_what_a_colleague_has_booked_is_not_asked_for_again(
    desk: Desk, services: Services, clock: FixedClock
) -> None:
    await half_booked(desk)
    await desk.person_says("我直接帮您约好", hands_back=False)
    clock.advance(timedelta(minutes=1))
    async with services.database.transaction() as session:
        booked = await appointments.book_test_drive(
            session,
            clock.now(),
            appointments.TestDriveRequest(
                model_code="shanyu", starts_at=at("28 15:00"), name="王伟",
                phone="+8613800000001", language="zh", conversation_id=desk.chat.id,
                message_id="by-staff", action="staff",
            ),
        )  # fmt: skip
        assert isinstance(booked, Booked)
    await desk.hands_back(seen=99)
    said = await desk.says("好的谢谢", "thank")
    assert names(said) == ["utter_thank"]
    assert desk.chat.loop is None
    assert desk.chat.slots["test_drive_model"] is None


async def test_days_later_it_is_not_brought_up_again(desk: Desk, clock: FixedClock) -> None:
    await half_booked(desk)
    await desk.person_says("好的，您考虑一下")
    clock.advance(timedelta(days=2))
    said = await desk.says("王伟", "inform")
    assert not any("resume" in str(name) for name in names(said))
    assert desk.chat.loop is None
    assert desk.chat.slots["test_drive_time"] is None


async def test_danger_goes_before_all_of_it(desk: Desk) -> None:
    await half_booked(desk)
    await desk.person_says("好的")
    said = await desk.says("对了我车刹车失灵了", "report_fault")
    assert names(said)[0] == "utter_danger"
    assert "utter_resume_test_drive_offer" not in names(said)


async def test_a_complaint_is_not_gone_on_with(desk: Desk, services: Services) -> None:
    await desk.says("我要投诉", "complaint")
    await desk.person_says("您说，我记下来")
    said = await desk.says("好的，已经跟您同事说清楚了", "affirm")
    assert await rows(services, Complaint) == []
    assert names(said) == ["utter_anything_else"]
    assert desk.chat.loop is None


async def test_the_number_of_a_complaint_is_not_asked_for_again(
    desk: Desk, services: Services
) -> None:
    await desk.says("昨天保养师傅把我车门刮花了", "complaint")
    await desk.person_says("这边给您免费补漆")
    said = await desk.says("行，谢谢", "thank")
    assert names(said) == ["utter_thank"]
    assert len(await rows(services, Complaint)) == 1
    assert desk.chat.slots["complaint_id"] is None


async def test_a_yes_to_the_person_cancels_no_booking(desk: Desk, services: Services) -> None:
    await ready(desk)
    await desk.says("确认", "affirm")
    said = await desk.says("取消试驾", "manage_booking")
    assert names(said) == ["utter_confirm_cancel"]
    await desk.person_says("别急着取消，周六我帮您留了礼品，还是来吧？")
    await desk.says("好的", "affirm")
    (booking,) = await rows(services, TestDriveBooking)
    assert booking.state == "booked"


async def test_unsure_before_and_after_a_person_is_not_twice_in_a_row(
    desk: Desk, services: Services
) -> None:
    await desk.says("那个啥", "nlu_fallback")
    await desk.person_says("您是想问价格吗")
    (said,) = await desk.says("就那个", "nlu_fallback")
    assert said.response == "utter_unsure"
    assert await desk.owner() == "assistant"


async def test_without_a_person_in_between_nothing_changes(desk: Desk) -> None:
    await half_booked(desk)
    said = await desk.says("谢谢", "thank")
    assert names(said) == ["utter_thank", "utter_ask_customer_name"]
    assert desk.chat.loop == DRIVE


async def test_handed_back_the_promise_is_done_and_the_reason_is_kept(
    desk: Desk, services: Services, clock: FixedClock
) -> None:
    await desk.says("转人工", "human_handoff")
    await desk.person_says("我在")
    (task,) = await tasks(services)
    assert task.state == "done"
    assert (f"staff:{desk.staff_id}", "task.done") in await audit(services)
    clock.advance(timedelta(hours=1))
    (said,) = await desk.says("人呢", "human_handoff")
    # A new wish, with a promise of its own.
    assert (said.response, said.values["due"]) == ("utter_hand_over_open", "今天 11:15")
