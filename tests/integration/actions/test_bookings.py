"""Cancelling and moving one's own bookings in words: proposed first, carried out by a yes."""

from datetime import datetime, timedelta

import pytest

from backend.models import ServiceBooking, TestDriveBooking
from backend.services import Services
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, Said, mention, names
from tests.integration.actions.drives import SATURDAY, SHANYU, demo_trims, taken
from tests.integration.actions.records import audit, rows

TUESDAY = datetime(2026, 12, 1, 16, 0, tzinfo=SHANGHAI)


async def drive(chat: Dialogue) -> str:
    """A test drive on Saturday at three; its number."""
    await chat.says("周六下午三点试驾山屿，王伟，13800000001", "book_test_drive", SHANYU)
    said = await chat.says("确认", "affirm")
    return str(said[0].values["number"])


async def visit(chat: Dialogue) -> str:
    """A minor service on Sunday at ten; its number."""
    await chat.says(
        "周日上午十点给山屿做小保养，浙A12345，王伟，13800000001", "book_maintenance", SHANYU,
        mention("service_item", "minor_service"),
    )  # fmt: skip
    said = await chat.says("确认", "affirm")
    return str(said[0].values["number"])


async def the_drive(services: Services) -> TestDriveBooking:
    (row,) = await rows(services, TestDriveBooking)
    return row


@both
async def test_cancelling_in_words_asks_first(chat: Dialogue, services: Services) -> None:
    number = await drive(chat)
    (said,) = await chat.says("试驾取消吧", "manage_booking")
    assert (said.response, said.values) == (
        "utter_confirm_cancel",
        {"number": number, "what": "试驾 山屿", "time": "11月28日（周六）15:00"},
    )
    assert (await the_drive(services)).state == "booked"
    (done,) = await chat.says("是的", "affirm")
    assert (done.response, done.values) == ("utter_booking_cancelled", {"number": number})
    assert (await the_drive(services)).state == "cancelled"
    assert (f"conversation:{chat.id}", "test_drive.cancelled") in await audit(services)


async def test_the_button_of_the_proposal_cancels(chat: Dialogue, services: Services) -> None:
    number = await drive(chat)
    (said,) = await chat.says("我不想去了，取消", "stop")
    assert said.payloads == [
        f'/cancel_booking{{"number": {{"reference": "{number}"}}}}',
        "/deny",
    ]
    (done,) = await chat.presses(said.payloads[0])
    assert done.response == "utter_booking_cancelled"
    assert (await the_drive(services)).state == "cancelled"
    # A yes that follows finds nothing left to do.
    (said,) = await chat.says("好", "affirm")
    assert said.response == "utter_anything_else"


@pytest.mark.parametrize(
    ("text", "intent"), [("不用了", "deny"), ("你们几点开门", "ask_hours"), ("谢谢", "thank")]
)
async def test_a_proposal_holds_for_the_next_message_only(
    chat: Dialogue, services: Services, text: str, intent: str
) -> None:
    await drive(chat)
    await chat.says("取消试驾", "manage_booking")
    await chat.says(text, intent)
    (said,) = await chat.says("好的", "affirm")
    assert said.response == "utter_anything_else"
    assert (await the_drive(services)).state == "booked"


async def test_a_proposed_move_is_dropped_by_a_no(chat: Dialogue, services: Services) -> None:
    await drive(chat)
    (said,) = await chat.says("改到周日", "manage_booking")
    assert said.response == "utter_confirm_move"
    assert said.payloads == ["/affirm", "/deny"]
    await chat.presses(said.payloads[1])
    await chat.says("好的", "affirm")
    assert (await the_drive(services)).starts_at == SATURDAY


async def test_who_changes_nothing_is_no_yes_to_a_move(chat: Dialogue, services: Services) -> None:
    await drive(chat)
    await chat.says("改到周日", "manage_booking")
    (said,) = await chat.says("不改了", "affirm")
    assert said.response == "utter_yes_or_no"
    assert (await the_drive(services)).starts_at == SATURDAY


@both
async def test_moving_in_steps_keeps_the_named_day(chat: Dialogue, services: Services) -> None:
    number = await drive(chat)
    (said,) = await chat.says("试驾想改个时间", "manage_booking")
    assert said.response == "utter_move_to_when"
    (said,) = await chat.says("下周二下午吧", "inform")
    assert said.values["time"] == "12月1日（周二）15:00"
    (said,) = await chat.says("四点", "inform")
    assert (said.response, said.values) == (
        "utter_confirm_move",
        {"number": number, "what": "试驾 山屿", "time": "12月1日（周二）16:00"},
    )
    assert (await the_drive(services)).starts_at == SATURDAY
    (done,) = await chat.says("确认", "affirm")
    assert (done.response, done.values) == (
        "utter_booking_moved",
        {"number": number, "time": "12月1日（周二）16:00"},
    )
    row = await the_drive(services)
    assert (row.starts_at, row.ends_at - row.starts_at) == (TUESDAY, timedelta(minutes=45))
    assert row.state == "booked"


async def test_another_hour_after_a_proposed_day(english: Dialogue, services: Services) -> None:
    await drive(english)
    (said,) = await english.says("can you move it to Sunday", "manage_booking")
    # What the message leaves open is as it was booked.
    assert said.values["time"].endswith("15:00")
    (said,) = await english.says("4pm", "inform")
    assert said.response == "utter_confirm_move"
    await english.says("yes", "affirm")
    assert (await the_drive(services)).starts_at == SATURDAY + timedelta(days=1, hours=1)


async def test_a_time_that_is_taken_before_the_yes_is_refused(
    chat: Dialogue, services: Services
) -> None:
    await drive(chat)
    (asked,) = await chat.says("试驾改到下周二下午四点", "manage_booking")
    assert asked.response == "utter_confirm_move"
    await taken(services, "shanyu", TUESDAY, times=len(demo_trims("shanyu")))
    said = await chat.says("确认", "affirm")
    assert names(said) == ["utter_refused_taken"]
    mine = [r for r in await rows(services, TestDriveBooking) if r.conversation_id == chat.id]
    assert [row.starts_at for row in mine] == [SATURDAY]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("can I do it yesterday instead", "utter_refused_past"),
        ("can we move it to Friday at 9 pm", "utter_refused_closed"),
    ],
)
async def test_an_impossible_move_is_refused_before_it_is_confirmed(
    english: Dialogue, services: Services, text: str, refused: str
) -> None:
    await drive(english)
    said = await english.says(text, "manage_booking")
    assert names(said) == [refused]
    said = await english.says("Sunday at 4 pm", "inform")
    assert names(said) == ["utter_confirm_move"]
    await english.says("yes", "affirm")
    assert (await the_drive(services)).starts_at == SATURDAY + timedelta(days=1, hours=1)


async def test_a_move_to_a_taken_time_offers_others(chat: Dialogue, services: Services) -> None:
    await drive(chat)
    await taken(services, "shanyu", TUESDAY, times=len(demo_trims("shanyu")))
    # At once: a yes to it would be asked for in vain.
    said = await chat.says("试驾改到下周二下午四点", "manage_booking")
    assert names(said) == ["utter_refused_taken"]
    offered = [datetime.fromisoformat(p.split('"')[3]) for p in said[0].times]
    assert offered
    assert TUESDAY.replace(tzinfo=None) not in offered
    (mine,) = [
        row for row in await rows(services, TestDriveBooking) if row.conversation_id == chat.id
    ]
    assert (mine.state, mine.starts_at) == ("booked", SATURDAY)


@pytest.mark.parametrize(
    ("text", "states"),
    [("取消保养", ("booked", "cancelled")), ("取消试驾", ("cancelled", "booked"))],
)
async def test_only_the_kind_that_was_named_is_cancelled(
    chat: Dialogue, services: Services, text: str, states: tuple[str, str]
) -> None:
    await drive(chat)
    await visit(chat)
    (said,) = await chat.says(text, "manage_booking")
    assert said.response == "utter_confirm_cancel"
    await chat.says("是的", "affirm")
    (service,) = await rows(services, ServiceBooking)
    assert ((await the_drive(services)).state, service.state) == states


async def test_only_the_kind_that_was_named_is_moved(chat: Dialogue, services: Services) -> None:
    await drive(chat)
    number = await visit(chat)
    (said,) = await chat.says("保养改到下周二", "manage_booking")
    assert (said.response, said.values["number"]) == ("utter_confirm_move", number)
    await chat.says("是的", "affirm")
    (service,) = await rows(services, ServiceBooking)
    assert service.starts_at == datetime(2026, 12, 1, 10, 0, tzinfo=SHANGHAI)
    assert (await the_drive(services)).starts_at == SATURDAY


async def test_which_of_two_is_not_guessed(chat: Dialogue, services: Services) -> None:
    first, second = await drive(chat), await visit(chat)
    (said,) = await chat.says("取消预约", "manage_booking")
    assert said.response == "utter_bookings"
    assert [first in said.titles[0], second in said.titles[1]] == [True, True]
    await chat.says("是的", "affirm")
    assert (await the_drive(services)).state == "booked"


async def test_bookings_of_another_conversation_are_never_found(
    chat: Dialogue, start: Opening, services: Services
) -> None:
    number = await drive(chat)
    stranger = await start(id="d" * 32)
    answers: list[Said] = []
    for text, intent in (
        ("取消我的试驾", "manage_booking"),
        ("是的", "affirm"),
        (f"取消 {number}", "manage_booking"),
        ("试驾改到周日", "manage_booking"),
        ("是的", "affirm"),
    ):
        answers += await stranger.says(text, intent)
    assert names(answers) == [
        "utter_no_bookings", "utter_anything_else", "utter_claim_phone", "utter_no_bookings",
        "utter_anything_else",
    ]  # fmt: skip
    row = await the_drive(services)
    assert (row.state, row.starts_at) == ("booked", SATURDAY)


async def test_a_no_that_is_taken_for_a_yes_books_nothing(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("周六下午三点试驾山屿，王伟，13800000001", "book_test_drive", SHANYU)
    said = await chat.says("先不确认，有问题", "affirm")
    assert said[0].response == "utter_explain_test_drive_confirmed"
    assert await rows(services, TestDriveBooking) == []
    await chat.says("确认", "affirm")
    assert (await the_drive(services)).state == "booked"


async def test_a_no_that_is_taken_for_a_yes_cancels_nothing(
    chat: Dialogue, services: Services
) -> None:
    await drive(chat)
    await chat.says("试驾取消吧", "manage_booking")
    (said,) = await chat.says("等一下，先别", "affirm")
    assert said.response == "utter_yes_or_no"
    assert (await the_drive(services)).state == "booked"
    await chat.says("是的", "affirm")
    assert (await the_drive(services)).state == "cancelled"


async def test_a_move_to_the_time_that_it_has_is_asked_about(
    chat: Dialogue, services: Services
) -> None:
    await drive(chat)
    (said,) = await chat.says("改到周六下午三点", "manage_booking")
    assert said.response == "utter_move_to_when"
    (said,) = await chat.says("周日下午三点", "inform")
    assert (said.response, said.values["time"]) == ("utter_confirm_move", "11月29日（周日）15:00")


async def test_a_part_of_the_day_that_stands_apart_is_asked_for_its_hour(
    chat: Dialogue, services: Services
) -> None:
    await drive(chat)
    (said,) = await chat.says("能改到周日吗 早上", "manage_booking")
    assert "几点" in said.text
    (said,) = await chat.says("十点", "inform")
    assert (said.response, said.values["time"]) == ("utter_confirm_move", "11月29日（周日）10:00")
