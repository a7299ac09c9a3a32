"""Every figure that is said can be traced, over all questions, models, trims and features."""

from random import Random

import pytest

from tests.integration.actions import demo
from tests.integration.actions.conftest import Opening
from tests.integration.actions.dialogue import mention
from tests.integration.actions.figures.driving import Driver, car, intents
from tests.integration.actions.figures.reading import number

MODELS = [row["code"] for row in demo.models()]
LANGUAGES = ("zh", "en")
MONEY = ("ask_price", "ask_onroad_price", "ask_finance", "ask_promotion")


@pytest.fixture(params=LANGUAGES)
async def driver(request: pytest.FixtureRequest, start: Opening) -> Driver:
    return await Driver.of(await start(language=request.param))


async def test_every_question_about_every_car(driver: Driver) -> None:
    """Each intent that has an answer: of no car, of each model; those on money of each trim."""
    for intent in intents():
        await driver.ask("?", intent)
        for model in MODELS:
            await driver.ask("?", intent, *car(model))
            trims = demo.trims_of(model)
            for trim in trims if intent in MONEY else trims[-1:]:
                await driver.ask("?", intent, *car(model, trim))
    driver.assert_traced(4_000)


async def test_every_feature_of_every_model(driver: Driver) -> None:
    features = [mention("feature", row["code"]) for row in demo.read("catalogue")["features"]]
    for model in MODELS:
        await driver.ask("?", "ask_config", *car(model), *features)
        # Of single trims one language looks at the lowest, the other at the highest.
        trim = demo.trims_of(model)[0 if driver.chat.language == "zh" else -1]
        await driver.ask("?", "ask_config", *car(model, trim), *features[::2])
    driver.assert_traced(1_000)


async def test_two_cars_side_by_side(driver: Driver) -> None:
    chosen = Random(5)
    for _ in range(12):
        first, second = chosen.sample(MODELS, 2)
        await driver.ask("?", "recommend_model", *car(first), *car(second))
        await driver.ask("?", "ask_config", *car(first), *car(second))
        await driver.ask("?", "ask_price", *car(first), *car(second))
        low, high = demo.trims_of(first)[0], demo.trims_of(first)[-1]
        words = {"zh": "这两个版本有什么区别", "en": "what is the difference between them"}
        await driver.ask(
            words[driver.chat.language], "ask_config", *car(first, low), mention("trim", high)
        )
    driver.assert_traced(300)


LOANS = {
    "zh": (
        "首付{k}万，{n}期，月供多少", "首付{p}%分{n}期", "贷款{k}万", "月供{m}元以内可以吗，{n}期",
        "首付{p}%，想月供不超过{m}元要分几期", "月供{m}元首付要多少", "{n}期月供{m}元，首付要多少",
        "首付{k}万月供{m}元能买什么车", "月供{m}元能买多少钱的车",
    ),
    "en": (
        "{k}0000 yuan down over {n} months, what is the instalment?", "{p}% down, {n} months",
        "a loan of {k}0000 yuan", "can I stay within {m} yuan a month over {n} months?",
        "{p}% down, at most {m} yuan a month, how many months?",
        "how much down payment for {m} yuan a month?",
        "with {k}0000 yuan down and {m} yuan a month, what car can I get?",
        "what price can I afford with {m} yuan a month?",
    ),
}  # fmt: skip


async def test_loans_of_every_wording(driver: Driver) -> None:
    """Random wishes, of a car and of none, each followed by another of the same customer."""
    chosen = Random(7)
    for wording in LOANS[driver.chat.language] * 3:
        text = wording.format(
            k=chosen.randint(1, 9), p=chosen.choice((10, 20, 35, 50, 100)),
            n=chosen.choice((12, 24, 36, 48, 60, 7)), m=chosen.randrange(500, 12_000, 100),
        )  # fmt: skip
        model = chosen.choice(MODELS)
        mentioned = chosen.choice(([], car(model), car(model, demo.trims_of(model)[-1])))
        await driver.ask(text, "ask_finance", *mentioned)
        await driver.go_on(chosen.choice(("?", "24期", "首付三成", "36 months")), "ask_finance")
    driver.assert_traced(300)


async def test_budgets(driver: Driver) -> None:
    words = {"zh": "预算{}万以内", "en": "a budget of up to {}0000 yuan"}[driver.chat.language]
    for wan in (5, 9, 12, 18, 25, 40):
        for body in ("suv", "sedan", "mpv", "hatchback", "pickup"):
            await driver.ask(words.format(wan), "recommend_model", mention("body", body))
    driver.assert_traced(60)


async def test_services_by_mileage(driver: Driver) -> None:
    words = {
        "zh": "跑了{}公里，要做什么，多少钱",
        "en": "what is due at {} km and what does it cost?",
    }
    for model in MODELS:
        for km in (9_000, 10_000, 20_000, 40_000, 60_000, 1_000_000):
            # The schedule's marks are what the customer's mileage is rounded to.
            marks = [number(mark, "km") for mark in range(0, km + 20_001, 10_000)][-4:]
            await driver.ask(
                words[driver.chat.language].format(km), "ask_maintenance_price", *car(model),
                more=marks,
            )  # fmt: skip
    driver.assert_traced(300)
