"""What is no longer true is never said: expired prices, withdrawn offers, changed fees."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import FixedClock
from backend.database import Database
from backend.models import (
    Conversation,
    FeeRule,
    FinancePlan,
    Price,
    Promotion,
    Statement,
    Task,
    Trim,
    TrimFeature,
)
from tests.conftest import NOW
from tests.integration.actions import demo
from tests.integration.actions.conftest import Opening
from tests.integration.actions.dialogue import SHANGHAI, mention
from tests.integration.actions.figures.driving import Driver, car
from tests.integration.actions.figures.reading import figures, money

TODAY = NOW.astimezone(SHANGHAI).date()
YESTERDAY = TODAY - timedelta(days=1)
QUESTIONS = (
    "ask_price", "ask_onroad_price", "ask_finance", "ask_promotion", "ask_config", "ask_models",
    "recommend_model", "ask_warranty", "trade_in", "ask_purchase_process",
)  # fmt: skip


def expire(row: Any) -> None:
    row.valid_until = YESTERDAY


def withdraw(row: Any) -> None:
    row.approved_by = row.approved_at = None


def postpone(row: Any) -> None:
    row.valid_from, row.valid_until = TODAY + timedelta(days=1), None


ENDINGS: tuple[Callable[[Any], None], ...] = (expire, withdraw, postpone)
KINDS = (Price, Promotion, FinancePlan, FeeRule, TrimFeature, Statement)


def change(row: Any, by: int) -> None:
    """Another figure in a record that stays valid."""
    if isinstance(row, Price):
        row.amount += by * 100_00
    elif isinstance(row, Promotion) and row.amount:
        row.amount += by * 100
    elif isinstance(row, FinancePlan):
        row.annual_rate_bp, row.fee = row.annual_rate_bp + by, row.fee + by * 100
    elif isinstance(row, FeeRule) and row.rule == "fixed":
        row.params = {**row.params, "amount": row.params["amount"] + by * 100}
    elif isinstance(row, FeeRule) and "rate_bp" in row.params:
        row.params = {**row.params, "rate_bp": row.params["rate_bp"] + by}
    elif isinstance(row, TrimFeature) and row.value.isdigit():
        row.value = str(int(row.value) + by)


async def mutate(session: AsyncSession, chosen: Random) -> None:
    """A day in the life of a catalogue: one row in four ends, one in four has another figure."""
    for kind in KINDS:
        table: Any = kind
        for row in await session.scalars(select(table).order_by(table.id)):
            lot = chosen.random()
            if lot < 0.25:
                chosen.choice(ENDINGS)(row)
            elif lot < 0.5:
                change(row, chosen.randint(1, 99))


@pytest.mark.parametrize(("seed", "language"), [(1, "zh"), (2, "en")])
async def test_a_catalogue_changed_at_random(
    store: Database, start: Opening, language: str, seed: int
) -> None:
    async with store.transaction() as session:
        await mutate(session, Random(seed))
    driver = await Driver.of(await start(language=language))
    features = [mention("feature", code) for code in ("length", "engine_power", "airbags")]
    for model in demo.models():
        for intent in QUESTIONS:
            await driver.ask("?", intent, *car(model["code"]))
            await driver.ask("?", intent, *car(model["code"], model["trims"][-1]["code"]))
        await driver.ask("?", "ask_config", *car(model["code"]), *features)
    driver.assert_traced(500)


TRIM = "shanyu-15t-deluxe"


async def price_row(session: AsyncSession) -> Price:
    row = await session.scalar(select(Price).join(Trim).where(Trim.code == TRIM))
    assert row is not None
    return row


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("end", ENDINGS)
async def test_an_ended_price_is_not_said_and_a_consultant_is_asked(
    store: Database, start: Opening, language: str, end: Callable[[Any], None]
) -> None:
    async with store.transaction() as session:
        end(await price_row(session))
    driver = await Driver.of(await start(language=language))
    old = money(demo.prices()[TRIM])
    for intent in ("ask_price", "ask_onroad_price", "ask_finance"):
        said = await driver.ask("?", intent, *car("shanyu", TRIM))
        assert [one.response for one in said] == ["utter_not_confirmed"], intent
        assert old not in figures("\n".join(one.shown(language) for one in said))
    async with store.reading() as session:
        assert len(list(await session.scalars(select(Task)))) == 3
    driver.assert_traced(0)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_withdrawn_offer_neither_stands_nor_lowers(
    store: Database, start: Opening, language: str
) -> None:
    async with store.transaction() as session:
        for row in await session.scalars(select(Promotion)):
            withdraw(row)
    driver = await Driver.of(await start(language=language))
    for intent in ("ask_promotion", "ask_onroad_price", "ask_finance"):
        said = await driver.ask("?", intent, *car("shanyu", TRIM))
        assert money(500_000) not in figures("\n".join(one.shown(language) for one in said))
    driver.assert_traced(10)


async def test_a_changed_fee_is_reckoned_with_from_its_day_on(
    store: Database, start: Opening
) -> None:
    async with store.transaction() as session:
        rows = list(await session.scalars(select(FeeRule).where(FeeRule.line == "registration")))
        change(rows[0], 77)
    driver = await Driver.of(await start())
    (said,) = await driver.ask("?", "ask_onroad_price", *car("shanyu", TRIM))
    assert money(57_700) in figures(said.text)
    assert money(50_000) not in figures(said.text)
    driver.assert_traced(5)


async def test_a_fee_without_a_valid_row_makes_no_total(store: Database, start: Opening) -> None:
    async with store.transaction() as session:
        for row in await session.scalars(select(FeeRule).where(FeeRule.line == "registration")):
            expire(row)
    driver = await Driver.of(await start())
    said = await driver.ask("?", "ask_onroad_price", *car("shanyu", TRIM))
    assert [one.response for one in said] == ["utter_not_confirmed"]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_day_after_the_last(
    store: Database, start: Opening, clock: FixedClock, language: str
) -> None:
    """On the day that offers and plans end they are said, on the next they are not."""
    chat = await start(language=language)
    for day, valid in ((date(2026, 12, 31), True), (date(2027, 1, 1), False)):
        clock.advance(NOW.replace(year=day.year, month=day.month, day=day.day) - clock.now())
        driver = await Driver.of(chat)
        (offers, *_) = await driver.ask("?", "ask_promotion", *car("shanyu"))
        assert (money(500_000) in figures(offers.shown(language))) is valid
        (loan,) = await driver.ask("?", "ask_finance", *car("shanyu", TRIM))
        assert (loan.response == "utter_not_confirmed") is not valid
        driver.assert_traced(0)
    async with store.reading() as session:
        assert await session.get(Conversation, chat.id) is not None
