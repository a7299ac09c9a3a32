"""The old car: told in any order, valued only by the approved price guide, else by a person."""

import pytest
from sqlalchemy import select

from backend.database import Database
from backend.models import Task, TradeInRange
from tests.integration.actions import demo
from tests.integration.actions.conftest import Opening
from tests.integration.actions.dialogue import Dialogue, Said, mention, names
from tests.integration.actions.figures.driving import Driver
from tests.integration.actions.figures.reading import number


def paid(code: str) -> tuple[int, int]:
    rows = demo.read("trade_in")["trade_in_ranges"]
    row = next(row for row in rows if row["code"] == code)
    return row["low"] * 100, row["high"] * 100


async def tasks(store: Database) -> list[tuple[str, str]]:
    async with store.reading() as session:
        return [(task.kind, task.note) for task in await session.scalars(select(Task))]


def assert_range(said: Said, code: str, language: str = "zh") -> None:
    for fen in paid(code):
        assert demo.yuan(fen, language) in said.text


TOLD = [
    ("zh", ["旧车能抵多少钱", "朗逸", "2019年", "8万公里", "浙A"], "lavida-2018"),
    ("zh", ["旧车能抵多少钱", "大众朗逸", "19年", "8万", "浙A12345"], "lavida-2018"),
    ("zh", ["我的卡罗拉2019年的，跑了6万公里，浙A12345，能抵多少钱"], "corolla-2018"),
    ("zh", ["我的山屿能卖多少钱", "2022年上的牌", "三万公里", "临澜"], "shanyu-2021"),
    ("en", ["how much is my car worth?", "a Corolla", "2019", "60,000 km", "Linlan"],
     "corolla-2018"),
    ("en", ["my Corolla from 2018 has done 85,000 km, what is it worth?", "Linlan"],
     "corolla-2018"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "messages", "code"), TOLD)
async def test_a_car_of_the_price_guide(
    start: Opening, store: Database, language: str, messages: list[str], code: str
) -> None:
    driver = await Driver.of(await start(language=language))
    said = await driver.ask(messages[0], "trade_in")
    for message in messages[1:]:
        # "2019" is a year, "8万" a mileage, whatever the reader of figures makes of them.
        more = [number(2019, "year"), number(80_000, "km"), number(30_000, "km")]
        said = await driver.go_on(message, "inform", more=more)
    assert_range(said[-1], code, language)
    assert driver.chat.loop is None
    assert [driver.chat.slots[slot] for slot in driver.chat.slots if "trade_in" in slot] == [
        None
    ] * 4
    assert await tasks(store) == []
    driver.assert_traced(4)


async def test_the_questions_come_one_by_one(chat: Dialogue) -> None:
    statement, ask = await chat.says("旧车能值多少钱", "trade_in")
    assert demo.statement("trade_in")["text_zh"] in statement.text
    assert ask.response == "utter_ask_trade_in_model"
    for message, asks in (
        ("轩逸", "utter_ask_trade_in_year"),
        ("2018年", "utter_ask_trade_in_km"),
        ("10万公里", "utter_ask_trade_in_place"),
    ):
        assert names(await chat.says(message, "inform")) == [asks]


WITHOUT = [
    ("zh", ["我的轩逸能抵多少钱", "轩逸", "2018年", "10万公里", "浙A"],
     "轩逸（2018 年，100,000 公里，浙A）"),
    # Too many kilometres, another province: no row fits.
    ("zh", ["我的卡罗拉能抵多少钱", "2019年", "20万公里", "浙A"],
     "卡罗拉（2019 年，200,000 公里，浙A）"),
    ("zh", ["旧车估价", "卡罗拉", "2019年", "5万公里", "沪A"],
     "卡罗拉（2019 年，50,000 公里，沪A）"),
    ("en", ["value my car", "Nissan Sylphy", "2018", "100,000 km", "Linlan"],
     "Nissan Sylphy (2018, 100,000 km, Linlan)"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "messages", "noted"), WITHOUT)
async def test_a_car_without_an_approved_range_goes_to_a_consultant(
    start: Opening, store: Database, language: str, messages: list[str], noted: str
) -> None:
    chat = await start(language=language)
    said = await chat.says(messages[0], "trade_in")
    for message in messages[1:]:
        said = await chat.says(message, "inform")
    assert said[-1].response == "utter_trade_in_to_consultant"
    assert said[-1].values["car"] == noted
    ((kind, note),) = await tasks(store)
    assert (kind, noted in note) == ("follow_up", True)


async def test_an_ended_range_is_not_said(chat: Dialogue, store: Database) -> None:
    async with store.transaction() as session:
        for row in await session.scalars(select(TradeInRange)):
            row.approved_by = row.approved_at = None
    said = await chat.says("我的卡罗拉2019年的，跑了6万公里，浙A12345，能抵多少钱", "trade_in")
    # Nothing of the guide holds, so that not even its names are known.
    assert said[-1].response == "utter_ask_trade_in_model"
    said = await chat.says("卡罗拉", "inform")
    assert said[-1].response == "utter_trade_in_to_consultant"
    assert len(await tasks(store)) == 1


BAD = [
    ("zh", "trade_in_km", "跑了100万公里", "utter_mileage_unlikely"),
    ("en", "trade_in_km", "1,000,000 km", "utter_mileage_unlikely"),
    ("zh", "trade_in_year", "2030年", "utter_year_unlikely"),
    ("en", "trade_in_year", "1950", "utter_year_unlikely"),
    ("zh", "trade_in_place", "火A12345", "utter_plate_unknown"),
    ("en", "trade_in_place", "火A12345", "utter_plate_unknown"),
]
ANSWERS = {"trade_in_model": "轩逸", "trade_in_year": "2018年", "trade_in_km": "10万公里"}


@pytest.mark.parametrize(("language", "slot", "text", "response"), BAD)
async def test_what_cannot_be_is_asked_again(
    start: Opening, language: str, slot: str, text: str, response: str
) -> None:
    chat = await start(language=language)
    await chat.says("旧车能值多少钱", "trade_in")
    for asked, answer in ANSWERS.items():
        if asked == slot:
            break
        await chat.says(answer, "inform")
    said = await chat.says(text, "inform")
    assert names(said) == [response]
    assert chat.slots["requested_slot"] == slot
    assert chat.slots[slot] is None


async def test_papers_are_told_without_asking_for_a_car(chat: Dialogue) -> None:
    (said,) = await chat.says("置换要什么手续", "trade_in")
    assert demo.statement("trade_in")["text_zh"] in said.text
    assert chat.loop is None
    # Who then wants to know presses the button.
    (ask,) = await chat.presses(said.payloads[0])
    assert ask.response == "utter_ask_trade_in_model"


async def test_stopping_forgets_the_car(chat: Dialogue) -> None:
    await chat.says("旧车能值多少钱", "trade_in")
    await chat.says("轩逸", "inform")
    said = await chat.says("算了", "stop")
    assert names(said) == ["utter_anything_else"]
    assert chat.loop is None
    assert chat.slots["trade_in_model"] is None


async def test_a_question_in_between_is_answered_and_the_form_goes_on(chat: Dialogue) -> None:
    await chat.says("旧车能值多少钱", "trade_in")
    said = await chat.says("山屿多少钱", "ask_price", mention("model", "shanyu"))
    assert "山屿" in said[0].text
    assert said[-1].response == "utter_ask_trade_in_model"


async def test_the_new_car_is_not_taken_for_the_old_one(chat: Dialogue) -> None:
    await chat.says("想换成山屿，能抵多少", "trade_in", mention("model", "shanyu"))
    assert chat.slots["trade_in_model"] is None
