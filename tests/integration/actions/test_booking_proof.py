"""A booking made elsewhere: only its number and its phone together show it."""

import pytest

from backend.models import ServiceBooking
from backend.services import Services
from bot.actions.booking_proof import MOST_TRIES
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.dialogue import Dialogue, names
from tests.integration.actions.records import audit, rows
from tests.integration.actions.test_bookings import drive, visit

STRANGER = "d" * 32


@both
@pytest.mark.parametrize("kind", [visit, drive])
async def test_number_and_phone_show_it_and_it_can_be_cancelled(
    chat: Dialogue, start: Opening, services: Services, kind: object
) -> None:
    number = await kind(chat)  # type: ignore[operator]
    elsewhere = await start(id=STRANGER)
    (said,) = await elsewhere.says(f"查一下{number}", "manage_booking")
    assert (said.response, said.values) == ("utter_booking_prove_phone", {"number": number})
    (said,) = await elsewhere.says("13800000001", "inform")
    assert said.response == "utter_bookings"
    assert number in said.values["lines"]
    # From now on it is known here as well.
    (said,) = await elsewhere.says("取消吧，不去了", "manage_booking")
    assert said.response == "utter_confirm_cancel"
    (said,) = await elsewhere.says("是的", "affirm")
    assert (said.response, said.values) == ("utter_booking_cancelled", {"number": number})
    assert any(
        actor == f"conversation:{STRANGER}" and action.endswith(".cancelled")
        for actor, action in await audit(services)
    )


@both
async def test_moved_in_one_message_after_the_proof(
    chat: Dialogue, start: Opening, services: Services
) -> None:
    number = await visit(chat)
    elsewhere = await start(id=STRANGER, language="en")
    (said,) = await elsewhere.says(f"{number}, +86 138 0000 0001", "inform")
    assert said.response == "utter_bookings"
    (said,) = await elsewhere.says("move it to next Tuesday at 4 pm", "manage_booking")
    assert said.response == "utter_confirm_move"
    (said,) = await elsewhere.says("yes", "affirm")
    assert said.response == "utter_booking_moved"
    (booking,) = await rows(services, ServiceBooking)
    assert f"{booking.starts_at:%m-%d %H}" == "12-01 08"


@pytest.mark.parametrize(
    "text",
    [
        "查一下{number}，手机13800000002",
        "SV261125-0099，13800000001",
        "TD261125-0099，13800000001",
    ],
)
async def test_one_of_the_two_is_not_enough(chat: Dialogue, start: Opening, text: str) -> None:
    number = await visit(chat)
    stranger = await start(id=STRANGER)
    (said,) = await stranger.says(text.format(number=number), "manage_booking")
    assert said.response == "utter_booking_unproved"
    (said,) = await stranger.says("我的预约", "manage_booking")
    assert said.response == "utter_no_bookings"


async def test_who_tries_too_often_is_told_nothing_any_more(chat: Dialogue, start: Opening) -> None:
    number = await visit(chat)
    stranger = await start(id=STRANGER)
    for n in range(MOST_TRIES):
        (said,) = await stranger.says(f"SV261125-{n + 50:04d}，13800000001", "manage_booking")
        assert said.response == "utter_booking_unproved"
    (said,) = await stranger.says(f"{number}，13800000001", "manage_booking")
    assert said.response == "utter_booking_unproved"


async def test_something_else_instead_of_the_phone_is_answered(
    chat: Dialogue, start: Opening
) -> None:
    number = await visit(chat)
    elsewhere = await start(id=STRANGER)
    await elsewhere.says(number, "inform")
    said = await elsewhere.says("你们几点关门", "ask_hours")
    assert "utter_booking_prove_phone" not in names(said)


async def test_the_own_number_needs_no_proof(chat: Dialogue) -> None:
    number = await visit(chat)
    await drive(chat)
    (said,) = await chat.says(f"取消{number}", "manage_booking")
    assert said.response == "utter_confirm_cancel"
    assert said.values["number"] == number


async def test_of_one_that_is_cancelled_it_is_said_so(chat: Dialogue, start: Opening) -> None:
    number = await visit(chat)
    await chat.says("保养取消吧", "manage_booking")
    await chat.says("是的", "affirm")
    elsewhere = await start(id=STRANGER)
    (said,) = await elsewhere.says(f"查一下{number}，13800000001", "manage_booking")
    assert (said.response, said.values) == ("utter_booking_not_active", {"number": number})
