"""Bookings that were made elsewhere: seen by whoever names number and phone, by nobody else."""

import pytest
from sqlalchemy import select, update

from backend.customers import proof
from backend.models import BookingClaim, Conversation, Outbox, TestDriveBooking
from backend.services import Services
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.drives import PHONE, SATURDAY, taken
from tests.integration.actions.records import audit, rows, tasks
from tests.integration.actions.test_bookings import drive, the_drive, visit


@both
async def test_number_and_phone_open_the_booking(
    chat: Dialogue, start: Opening, services: Services
) -> None:
    number = await drive(chat)
    later = await start(id="d" * 32)
    (said,) = await later.says(f"帮我查一下 {number}，手机 13800000001", "manage_booking")
    assert said.response == "utter_bookings"
    assert number in said.values["lines"]
    # From now on it is seen here: moved and cancelled as in the first conversation.
    (said,) = await later.says("试驾改到周日", "manage_booking")
    assert said.response == "utter_confirm_move"
    (said,) = await later.says("确认", "affirm")
    assert said.response == "utter_booking_moved"
    await later.says("取消试驾", "manage_booking")
    (said,) = await later.says("是的", "affirm")
    assert said.response == "utter_booking_cancelled"
    assert (await the_drive(services)).state == "cancelled"
    assert (f"conversation:{'d' * 32}", "test_drive.cancelled") in await audit(services)


async def test_the_phone_may_come_after(chat: Dialogue, start: Opening) -> None:
    number = await drive(chat)
    later = await start(id="d" * 32, language="en")
    (said,) = await later.says(f"I want to see {number}", "inform")
    assert said.response == "utter_claim_phone"
    (said,) = await later.says("13800000001", "inform")
    assert said.response == "utter_bookings"
    assert number in said.values["lines"]


async def test_a_visit_is_claimed_the_same_way(chat: Dialogue, start: Opening) -> None:
    number = await visit(chat)
    later = await start(id="d" * 32)
    (said,) = await later.says(f"{number} 13800000001 我的预约", "manage_booking")
    assert number in said.values["lines"]


@pytest.mark.parametrize("text", ["TD261125-0001 13900000009", "TD261125-0099 13800000001"])
async def test_what_does_not_fit_is_not_told(
    chat: Dialogue, start: Opening, services: Services, text: str
) -> None:
    await drive(chat)
    stranger = await start(id="d" * 32)
    (said,) = await stranger.says(text, "manage_booking")
    assert said.response == "utter_claim_unknown"
    assert set(said.values) == {"number"}
    (said,) = await stranger.says("试驾改到周日", "manage_booking")
    assert said.response == "utter_no_bookings"
    assert (await the_drive(services)).starts_at == SATURDAY


async def test_guessing_comes_to_an_end(chat: Dialogue, start: Opening, services: Services) -> None:
    """Whoever knows the phone does not find the number by trying."""
    number = await drive(chat)
    stranger = await start(id="d" * 32)
    for tried in range(proof.PER_CONVERSATION):
        (said,) = await stranger.says(f"TD261125-01{tried:02d} 13800000001", "manage_booking")
        assert said.response == "utter_claim_unknown"
    (said,) = await stranger.says(f"{number} 13800000001", "manage_booking")
    assert said.response == "utter_claim_locked"
    assert "follow_up" in [task.kind for task in await tasks(services)]
    # Another conversation does not help for long.
    another = await start(id="e" * 32)
    for tried in range(proof.PER_PHONE - proof.PER_CONVERSATION):
        await another.says(f"TD261125-02{tried:02d} 13800000001", "manage_booking")
    third = await start(id="f" * 32)
    (said,) = await third.says(f"{number} 13800000001", "manage_booking")
    assert said.response == "utter_claim_locked"


async def test_bookings_and_complaints_are_guessed_at_from_one_purse(
    chat: Dialogue, start: Opening, services: Services
) -> None:
    """Neither another kind of number nor a new conversation gives more tries."""
    number = await drive(chat)
    stranger = await start(id="d" * 32)
    for tried in range(proof.PER_CONVERSATION - 1):
        await stranger.says(f"TD261125-01{tried:02d} 13800000001", "manage_booking")
    (said,) = await stranger.says("CP261125-0001 13800000001", "complaint_status")
    assert said.response == "utter_complaint_unproved"
    for text, intent in (
        (f"{number} 13800000001", "manage_booking"),
        ("CP261125-0002 13800000001", "complaint_status"),
    ):
        (said,) = await stranger.says(text, intent)
        assert said.response == "utter_claim_locked"
    assert len(await rows(services, BookingClaim)) == proof.PER_CONVERSATION


async def test_tries_are_counted_whatever_the_conversation_remembers(
    chat: Dialogue, start: Opening, services: Services
) -> None:
    """A conversation of the assistant that begins anew is the same person's."""
    await drive(chat)
    stranger = await start(id="d" * 32)
    for tried in range(proof.PER_CONVERSATION):
        stranger.slots["topic"] = None
        await stranger.says(f"CP261125-01{tried:02d} 13800000001", "complaint_status")
    stranger.slots["topic"] = None
    (said,) = await stranger.says("CP261125-0001 13800000001", "complaint_status")
    assert said.response == "utter_claim_locked"


async def test_another_phone_than_the_one_named_for_something_else(
    chat: Dialogue, start: Opening
) -> None:
    number = await drive(chat)
    later = await start(id="d" * 32, customer_phone="+8613900000009")
    (said,) = await later.says(f"查一下 {number}", "manage_booking")
    assert said.response == "utter_claim_phone"
    (said,) = await later.says("13800000001", "inform")
    assert number in said.values["lines"]


async def test_a_yes_is_no_answer_to_which_number(chat: Dialogue) -> None:
    await chat.says("我上周的投诉谁在处理", "complaint_status")
    said = await chat.says("好的", "affirm")
    assert "utter_booking_not_active" not in names(said)


async def test_a_phone_alone_shows_nothing(
    chat: Dialogue, start: Opening, services: Services
) -> None:
    await drive(chat)
    stranger = await start(id="d" * 32, customer_phone=PHONE)
    for text in ("我的手机 13800000001，查预约", "取消我的试驾"):
        (said,) = await stranger.says(text, "manage_booking")
        assert said.response == "utter_no_bookings"
    assert await rows(services, BookingClaim) == []


@both
async def test_a_platform_that_proves_the_number_is_enough(
    chat: Dialogue, start: Opening, services: Services
) -> None:
    number = await drive(chat)
    phone = await start(id="d" * 32)
    async with services.database.transaction() as session:
        await session.execute(
            update(Conversation)
            .where(Conversation.id == phone.id)
            .values(channel="whatsapp", address="8613800000001")
        )
    (said,) = await phone.says("我的预约", "manage_booking")
    assert number in said.values["lines"]


async def test_booked_at_the_desk_it_is_reminded_of_where_it_was_claimed(
    chat: Dialogue, services: Services
) -> None:
    await taken(services, "shanyu", SATURDAY)
    assert await rows(services, Outbox) == []
    (row,) = await rows(services, TestDriveBooking)
    (said,) = await chat.says(f"{row.number} 13800000090", "manage_booking")
    assert row.number in said.values["lines"]
    async with services.database.reading() as session:
        planned = list(await session.scalars(select(Outbox)))
    assert {one.conversation_id for one in planned} == {chat.id}
    assert len(planned) == 2


async def test_several_bookings_are_told_apart_by_number(
    chat: Dialogue, services: Services
) -> None:
    first = await drive(chat)
    await chat.says("周日下午三点再约一次试驾山屿", "book_test_drive", mention("model", "shanyu"))
    said = await chat.says("确认", "affirm")
    second = str(said[0].values["number"])
    assert first != second
    (said_last,) = await chat.says(f"取消 {second}", "manage_booking")
    assert said_last.values["number"] == second
    await chat.says("是的", "affirm")
    states = {row.number: row.state for row in await rows(services, TestDriveBooking)}
    assert states == {first: "booked", second: "cancelled"}


async def test_the_offer_of_another_time_names_its_booking(
    chat: Dialogue, services: Services
) -> None:
    first = await drive(chat)
    await chat.says("周日下午三点再约一次试驾山屿", "book_test_drive", mention("model", "shanyu"))
    await chat.says("确认", "affirm")
    payload = f'/manage_booking{{"number": {{"reference": "{first}"}}, "time": "2026-12-01T16:00"}}'
    (said,) = await chat.presses(payload)
    assert (said.response, said.values["number"]) == ("utter_confirm_move", first)
    said_last = await chat.says("确认", "affirm")
    assert names(said_last) == ["utter_booking_moved"]
