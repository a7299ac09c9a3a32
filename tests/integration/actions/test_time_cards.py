"""Free times as cards: of each day a few, all of them really free, and the same in words."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.appointments import service as appointments
from backend.appointments.outcomes import Free, FreeBay
from backend.services import Services
from backend.workshop import service as workshop
from bot.actions.time_cards import DAYS, TIMES
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, Said, mention, names
from tests.integration.actions.drives import PHONE, SATURDAY, SHANYU, demo_trims, ready, taken

MINOR = mention("service_item", "minor_service")
QINGLAN = mention("model", "qinglan")


def moments(said: Said) -> list[datetime]:
    """The times that can be pressed."""
    return [
        datetime.fromisoformat(payload.split('"')[3]).replace(tzinfo=SHANGHAI)
        for payload in said.times
    ]


def days(said: Said) -> list[Any]:
    return [moment.date() for moment in moments(said)]


def check_form(said: Said, language: str) -> None:
    """At most three days of at most six times, in order, and the text holds all of it."""
    assert 0 < len(said.cards) <= DAYS
    assert moments(said) == sorted(set(moments(said)))
    assert said.buttons == ()
    lines = said.worded(language).splitlines()[1:]
    assert len(lines) == len(said.cards)
    for card, line in zip(said.cards, lines, strict=True):
        assert set(card) == {"title", "buttons"}
        assert 0 < len(card["buttons"]) <= TIMES
        assert line.startswith(card["title"])
        for button in card["buttons"]:
            assert button["title"] in line
            assert button["title"] in button["payload"]
            assert button["said"] == f"{card['title']} {button['title']}"
    # A card holds the times of one day and of no other.
    assert len(set(days(said))) == len(said.cards)


@both
async def test_a_test_drive_offers_free_times_of_three_days(
    chat: Dialogue, services: Services
) -> None:
    (said,) = await chat.says("试驾青岚", "book_test_drive", QINGLAN)
    assert said.response == "utter_ask_test_drive_time"
    check_form(said, "zh")
    assert len(said.cards) == DAYS
    async with services.database.reading() as session:
        now = services.clock.now()
        for when in moments(said):
            outcome = await appointments.check_test_drive(session, now, "qinglan", when)
            assert isinstance(outcome, Free)
            assert outcome.starts_at == when


async def test_what_is_taken_is_not_offered(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("试驾青岚", "book_test_drive", QINGLAN)
    offered = moments(said)
    await taken(services, "qinglan", offered[0])
    (again,) = await chat.says("还有什么时间", "inform")
    assert again.response == "utter_explain_test_drive_time"
    other = Dialogue(services, id="d" * 32)
    (said,) = await other.says("试驾青岚", "book_test_drive", QINGLAN)
    assert offered[0] not in moments(said)
    assert moments(said)


async def test_a_visit_offers_free_times_of_three_days(chat: Dialogue, services: Services) -> None:
    _, said = await chat.says("山屿小保养", "book_maintenance", SHANYU, MINOR)
    assert said.response == "utter_ask_service_time"
    check_form(said, "zh")
    assert len(said.cards) == DAYS
    async with services.database.reading() as session:
        now = services.clock.now()
        for when in moments(said):
            outcome = await workshop.check_service(session, now, ["minor_service"], when)
            assert isinstance(outcome, FreeBay)
            assert outcome.starts_at == when


@pytest.mark.parametrize("which", [0, -1])
async def test_a_pressed_time_is_the_time(chat: Dialogue, which: int) -> None:
    (said,) = await chat.says("试驾青岚", "book_test_drive", QINGLAN)
    wanted = moments(said)[which]
    shape = names(await chat.presses(said.times[which]))
    assert shape == ["utter_time_free", "utter_ask_customer_name"]
    assert chat.slots["test_drive_time"] == wanted.isoformat()


async def test_a_pressed_time_is_the_time_of_the_visit(chat: Dialogue) -> None:
    _, said = await chat.says("山屿小保养", "book_maintenance", SHANYU, MINOR)
    wanted = moments(said)[-1]
    shape = names(await chat.presses(said.times[-1]))
    assert shape == ["utter_time_free", "utter_ask_service_plate"]
    assert chat.slots["service_time"] == wanted.isoformat()


async def test_a_named_day_has_the_card_of_that_day(chat: Dialogue) -> None:
    (said,) = await chat.says("周六想试驾山屿", "book_test_drive", SHANYU)
    assert said.response == "utter_ask_hour"
    check_form(said, "zh")
    assert set(days(said)) == {SATURDAY.date()}


async def test_a_full_day_offers_the_days_after_it(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("周六想试驾青岚", "book_test_drive", QINGLAN)
    last = moments(said)[-1]
    start = moments(said)[0] - timedelta(hours=2)
    async with services.database.transaction() as session:
        # The one car of the model is away for the day, an hour at a time.
        while start <= last + timedelta(hours=2):
            await appointments.book_test_drive(
                session,
                services.clock.now(),
                appointments.TestDriveRequest(
                    model_code="qinglan", starts_at=start, name="李娜",
                    phone=f"+86138000{start:%d%H%M}"[:14], language="zh", conversation_id=None,
                    message_id=f"m-{start:%H%M}", action="desk", actor="staff:1",
                ),
            )  # fmt: skip
            start += timedelta(minutes=15)
    other = Dialogue(services, id="d" * 32)
    (said,) = await other.says("周六想试驾青岚", "book_test_drive", QINGLAN)
    assert said.response == "utter_day_is_full"
    check_form(said, "zh")
    assert min(days(said)) > SATURDAY.date()


@both
async def test_a_slot_taken_at_the_last_moment_leads_to_free_ones(
    chat: Dialogue, services: Services
) -> None:
    await ready(chat)
    await taken(services, "shanyu", SATURDAY, len(demo_trims("shanyu")))
    said = (await chat.says("确认", "affirm"))[0]
    assert said.response == "utter_refused_taken"
    check_form(said, "zh")
    assert SATURDAY not in moments(said)
    async with services.database.reading() as session:
        now = services.clock.now()
        for when in moments(said):
            found = await appointments.check_test_drive(session, now, "shanyu", when, PHONE)
            assert isinstance(found, Free)


async def test_a_closed_workshop_leads_to_free_times(chat: Dialogue) -> None:
    await chat.says("山屿小保养", "book_maintenance", SHANYU, MINOR)
    (said,) = await chat.says("周六晚上八点", "inform")
    assert said.response == "utter_refused_closed"
    check_form(said, "zh")


async def test_in_english(english: Dialogue) -> None:
    (said,) = await english.says("a test drive of the Shanyu", "book_test_drive", SHANYU)
    check_form(said, "en")
    assert [card["title"] for card in said.cards[:2]] == ["Today", "Tomorrow"]
    assert said.worded("en").splitlines()[0] == (
        "What day and time suit you? The next free times are:"
    )


async def test_a_clash_with_ones_own_drive_leads_to_free_times(chat: Dialogue) -> None:
    await chat.says("试驾山屿，周六下午三点", "book_test_drive", SHANYU)
    await chat.says("王伟，13800000001", "inform")
    await chat.says("确认", "affirm")
    (said,) = await chat.says(
        "周六下午三点再试驾云驰", "book_test_drive", mention("model", "yunchi")
    )
    assert said.response == "utter_refused_own_conflict"
    assert "{" not in said.worded("zh")
    check_form(said, "zh")
