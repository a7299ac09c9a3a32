"""Two wishes in one message: a question beside a booking, one booking beside another."""

import pytest

from backend.models import ServiceBooking, TestDriveBooking
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.drives import FORM, SHANYU, ready
from tests.integration.actions.records import rows

VISIT = "maintenance_form"
QINGLAN = mention("model", "qinglan")
MINOR = mention("service_item", "minor_service")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("想试驾山屿，顺便问下落地价", "落地价"),
        ("约个山屿试驾，多少钱啊", "指导价"),
        ("试驾山屿，有什么优惠", "直降"),
    ],
)
async def test_a_question_at_the_start_of_a_form(chat: Dialogue, text: str, word: str) -> None:
    said = await chat.says(text, "book_test_drive", SHANYU)
    assert names(said) == ["text", "utter_ask_test_drive_time"]
    assert word in said[0].text
    assert (chat.loop, chat.slots["test_drive_model"]) == (FORM, "shanyu")
    # It was answered; what follows is about the drive alone.
    said = await chat.says("周六下午三点", "inform")
    assert names(said) == ["utter_time_free", "utter_ask_customer_name"]


async def test_a_question_that_also_books_is_answered_once(chat: Dialogue) -> None:
    said = await chat.says("山屿多少钱，想约个试驾", "ask_price", SHANYU)
    assert names(said) == ["text", "utter_ask_test_drive_time"]
    assert "指导价" in said[0].text
    assert (chat.loop, chat.slots["test_drive_model"]) == (FORM, "shanyu")


async def test_a_bare_mention_that_also_books(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿，试驾", "inform", SHANYU)
    assert said.response == "utter_ask_test_drive_time"
    assert chat.loop == FORM


@pytest.mark.parametrize("intent", ["inform", "ask_maintenance_price"])
async def test_work_and_a_time_are_a_visit(chat: Dialogue, intent: str) -> None:
    said = await chat.says("小保养 周六上午十点", intent, MINOR)
    assert names(said)[-1] == "utter_ask_service_model"
    assert chat.loop == VISIT
    assert chat.slots["service_items"] == ["minor_service"]
    assert chat.slots["service_when"]["date"] == "2026-11-28"


async def test_a_price_that_is_only_asked_opens_nothing(chat: Dialogue) -> None:
    (said,) = await chat.says("小保养多少钱", "ask_maintenance_price", MINOR)
    assert said.response is None
    assert chat.loop is None


@both
async def test_a_visit_as_well_comes_after_the_drive(chat: Dialogue, services: Services) -> None:
    await ready(chat)
    said = await chat.says("另外我的青岚也要做个小保养", "inform", QINGLAN, MINOR)
    assert names(said) == ["utter_one_after_the_other", "utter_confirm_test_drive"]
    # The car to be serviced is not the one to be driven.
    assert (chat.loop, chat.slots["test_drive_model"]) == (FORM, "shanyu")
    said = await chat.says("确认", "affirm")
    assert names(said)[0] == "utter_test_drive_booked"
    assert names(said)[-1] == "utter_ask_service_time"
    assert chat.loop == VISIT
    assert chat.slots["service_items"] == ["minor_service"]
    assert chat.slots["service_model"] == "qinglan"
    assert demo.yuan(sum(demo.service_price("minor_service", "qinglan"))) in said[-2].text
    await chat.says("周日上午十点，浙A12345", "inform")
    await chat.says("确认", "affirm")
    (drive,) = await rows(services, TestDriveBooking)
    (visit,) = await rows(services, ServiceBooking)
    assert [item["code"] for item in visit.items] == ["minor_service"]
    assert drive.customer_id == visit.customer_id
    # It was one more, not one more each time.
    assert chat.slots["topic"].get("then") is None
    assert chat.loop is None


async def test_a_drive_as_well_comes_after_the_visit(chat: Dialogue, services: Services) -> None:
    await chat.says(
        "周六上午十点给山屿做小保养，浙A12345，王伟，13800000001", "book_maintenance", SHANYU, MINOR
    )
    said = await chat.says("还想顺便试驾一下", "book_test_drive")
    assert names(said) == ["utter_one_after_the_other", "utter_confirm_service"]
    assert chat.loop == VISIT
    said = await chat.says("确认", "affirm")
    assert names(said)[0] == "utter_service_booked"
    assert chat.loop == FORM
    assert len(await rows(services, ServiceBooking)) == 1


async def test_a_visit_instead_takes_the_place_of_the_drive(
    chat: Dialogue, services: Services
) -> None:
    await ready(chat)
    said = await chat.says("算了不试了，还是约小保养", "book_maintenance", MINOR)
    assert names(said)[-1] == "utter_ask_service_model"
    assert (chat.loop, chat.slots["service_items"]) == (VISIT, ["minor_service"])
    assert await rows(services, TestDriveBooking) == []


async def test_instead_under_another_intent(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    chat.hear("还是先给车做保养", "inform")
    result = await chat.act("validate_test_drive_form")
    # Rasa does what was named last.
    follow_ups = [event["name"] for event in result.events if event["event"] == "followup"]
    assert follow_ups[-1] == VISIT
    assert result.ends_form


async def test_a_mere_mention_changes_nothing(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    said = await chat.says("我上次保养也是在你们这里，我叫王伟", "inform")
    assert names(said) == ["utter_ask_customer_phone"]
    assert (chat.loop, chat.slots["customer_name"]) == (FORM, "王伟")


async def test_a_clause_that_asks_is_answered_beside_a_booking(chat: Dialogue) -> None:
    said = await chat.says(
        "想试驾山屿，保修有几年", "book_test_drive", SHANYU, wishes=["ask_warranty"]
    )
    assert names(said)[-1] == "utter_ask_test_drive_time"
    assert "质保" in said[0].text
    assert chat.loop == FORM


async def test_two_questions_get_two_answers(chat: Dialogue) -> None:
    said = await chat.says("山屿多少钱，有什么优惠", "ask_price", SHANYU, wishes=["ask_promotion"])
    assert "指导价" in said[0].text
    assert any("直降" in one.text for one in said[1:])


async def test_a_clause_that_wants_a_visit_opens_its_form(chat: Dialogue) -> None:
    said = await chat.says("周日开门吗，想去做个保养", "ask_hours", wishes=["book_maintenance"])
    assert chat.loop == VISIT
    assert len(said) > 1
