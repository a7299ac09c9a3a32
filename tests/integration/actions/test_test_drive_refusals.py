"""Test drives that cannot be had as asked, are given up, or are tried twice."""

from datetime import timedelta

import pytest

from backend.clock import FixedClock
from backend.models import DemoCar, TestDriveBooking
from backend.services import Services
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.drives import (
    FORM,
    PHONE,
    SATURDAY,
    SHANYU,
    YUNCHI,
    demo_trims,
    ready,
    taken,
)
from tests.integration.actions.records import audit, change, rows


@pytest.mark.parametrize(
    ("text", "reason", "first"),
    [
        ("今天上午九点", "past", None),
        ("今天十点半", "too_soon", "今天 11:00"),
        ("明天晚上八点", "closed", None),
        ("2027年3月1日上午十点", "too_far", None),
        ("2027年1月1日上午十点", "closed", None),
    ],
)
async def test_a_time_that_cannot_be_had_says_why_and_offers_others(
    chat: Dialogue, text: str, reason: str, first: str | None
) -> None:
    await chat.says("试驾山屿", "book_test_drive", SHANYU)
    (said,) = await chat.says(text, "inform")
    assert said.response == f"utter_refused_{reason}"
    assert said.times, "other times are offered"
    assert first in (None, said.cards[0]["buttons"][0]["said"])
    assert chat.slots["test_drive_time"] is None
    assert chat.loop == FORM
    # What is offered can be had.
    shape = names(await chat.presses(said.times[0]))
    assert shape == ["utter_time_free", "utter_ask_customer_name"]


async def test_a_taken_time_offers_the_nearest(chat: Dialogue, services: Services) -> None:
    await taken(services, "qinglan", SATURDAY)
    said = await chat.says("周六下午三点试驾青岚", "book_test_drive", mention("model", "qinglan"))
    assert names(said) == ["utter_refused_taken"]
    assert said[0].values["time"] == "11月28日（周六）15:00"
    assert '/inform{"time": "2026-11-28T14:00"}' in said[0].times
    # The day is kept, the hour is not.
    assert chat.slots["test_drive_when"]["date"] == "2026-11-28"
    await chat.says("那四点呢", "inform")
    assert chat.slots["test_drive_time"] == "2026-11-28T16:00:00+08:00"


async def test_an_odd_minute_is_rounded_and_said(chat: Dialogue) -> None:
    said = await chat.says("周六下午三点十分试驾山屿", "book_test_drive", SHANYU)
    assert names(said) == ["utter_rounded", "utter_ask_customer_name"]
    assert said[0].values == {"time": "11月28日（周六）15:15"}
    said = await chat.says("王伟 13800000001", "inform")
    assert said[-1].values["time"] == "11月28日（周六）15:15"


async def test_a_model_without_a_demo_car(chat: Dialogue, services: Services) -> None:
    said = await chat.says("试驾拓野", "book_test_drive", mention("model", "tuoye-t6"))
    assert names(said) == ["utter_no_demo_car", "utter_ask_test_drive_model"]
    assert chat.slots["test_drive_model"] is None
    await change(services, DemoCar, DemoCar.id > 0, state="out_of_service")
    said = await chat.says("山屿吧", "inform", SHANYU)
    assert names(said)[0] == "utter_no_demo_car"


async def test_two_models_are_driven_one_at_a_time(chat: Dialogue) -> None:
    (said,) = await chat.says("试驾山屿和云驰", "book_test_drive", SHANYU, YUNCHI)
    assert (said.response, said.values) == ("utter_one_model_at_a_time", {"models": "山屿和云驰"})
    assert said.payloads == ['/inform{"model": "shanyu"}', '/inform{"model": "yunchi"}']
    (said,) = await chat.presses(said.payloads[1])
    assert said.response == "utter_ask_test_drive_time"


async def test_stopping_leaves_nothing(chat: Dialogue, services: Services) -> None:
    await ready(chat)
    (said,) = await chat.presses("/stop")
    assert said.response == "utter_stopped"
    assert chat.ran == ["validate_test_drive_form", "action_stop"]
    assert chat.loop is None
    assert chat.slots["test_drive_model"] is None
    assert chat.slots["test_drive_time"] is None
    assert await rows(services, TestDriveBooking) == []
    # A late yes does not book.
    await chat.says("好的", "affirm")
    assert await rows(services, TestDriveBooking) == []


@both
async def test_a_turn_that_is_retried_books_once(chat: Dialogue, services: Services) -> None:
    await ready(chat)
    before = dict(chat.slots), chat.loop
    first = await chat.says("确认", "affirm", message_id="m-1")
    chat.slots, chat.loop = dict(before[0]), before[1]
    second = await chat.says("确认", "affirm", message_id="m-1")
    assert [one.values for one in first] == [one.values for one in second]
    assert len(await rows(services, TestDriveBooking)) == 1
    assert len(await audit(services, "test_drive")) == 1


@both
async def test_a_time_taken_meanwhile_goes_back_to_the_form(
    chat: Dialogue, services: Services
) -> None:
    await ready(chat)
    await taken(services, "shanyu", SATURDAY, len(demo_trims("shanyu")))
    said = await chat.says("确认", "affirm")
    assert names(said)[0] == "utter_refused_taken"
    assert said[0].times
    assert chat.loop == FORM
    assert chat.slots["requested_slot"] == "test_drive_time"
    assert chat.slots["test_drive_confirmed"] is None
    assert chat.slots["customer_phone"] == PHONE
    mine = [b for b in await rows(services, TestDriveBooking) if b.conversation_id == chat.id]
    assert mine == []
    # Another time and a new yes are enough.
    (again,) = await chat.presses(said[0].times[0])
    assert again.response == "utter_confirm_test_drive"
    said = await chat.says("确认", "affirm")
    assert names(said)[0] == "utter_test_drive_booked"


async def test_a_second_drive_at_the_same_time_is_refused(chat: Dialogue) -> None:
    await ready(chat)
    await chat.says("确认", "affirm")
    said = await chat.says("周六下午三点再试驾云驰", "book_test_drive", YUNCHI)
    assert names(said) == ["utter_refused_own_conflict"]
    assert chat.loop == FORM


async def test_a_confirmation_left_lying_is_checked_against_the_clock(
    chat: Dialogue, services: Services, clock: FixedClock
) -> None:
    await ready(chat)
    clock.advance(timedelta(days=4))
    said = await chat.says("确认", "affirm")
    assert names(said)[0] == "utter_refused_past"
    assert await rows(services, TestDriveBooking) == []
