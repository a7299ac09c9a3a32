"""A loan worked out backwards: which down payment, which term, which car keeps an instalment."""

import pytest

from tests.integration.actions import demo, reckon
from tests.integration.actions.conftest import Opening
from tests.integration.actions.dialogue import Dialogue, Said, mention
from tests.integration.actions.figures.driving import Driver
from tests.integration.actions.test_loan_wishes import CAR, PLANS
from tests.integration.actions.test_purchase import PAID

HUNDRED_YUAN = 10_000


async def asked(chat: Dialogue, text: str, *entities: object) -> Said:
    (said,) = await chat.says(text, "ask_finance", *entities)  # type: ignore[arg-type]
    return said


def least_down(plan: str, months: int, target: int) -> int:
    """By trying every whole hundred of yuan from the plan's share upwards."""
    row = demo.plan(plan)
    down: int = -(-PAID * row["min_down_percent"] // 100 // HUNDRED_YUAN) * HUNDRED_YUAN
    while reckon.monthly(PAID - down, months, row["annual_rate_percent"]) > target:
        down += HUNDRED_YUAN
    return down


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "月供3000元，36期，首付要多少"),
        ("zh", "36期月供3000元首付得多少"),
        ("en", "how much down for 3,000 yuan a month over 36 months?"),
    ],
)
async def test_the_down_payment_for_an_instalment(start: Opening, language: str, text: str) -> None:
    chat = await start(language=language)
    said = await asked(chat, text, *CAR)
    downs = {plan: least_down(plan, 36, 300_000) for plan in PLANS}
    lines = said.text.splitlines()[1 : 1 + len(PLANS)]
    for line, (plan, down) in zip(lines, sorted(downs.items(), key=lambda p: p[1]), strict=True):
        row = demo.plan(plan)
        monthly = reckon.monthly(PAID - down, 36, row["annual_rate_percent"])
        assert row[f"name_{language}"] in line
        assert demo.yuan(down, language) in line
        assert demo.yuan(monthly, language) in line
        assert monthly <= 300_000


async def test_another_term_asks_for_another_down_payment(chat: Dialogue) -> None:
    """The question stays what it was until a down payment is named."""
    await asked(chat, "月供3000元，36期，首付要多少", *CAR)
    (said,) = await chat.says("那24期呢", "inform")
    assert demo.yuan(least_down("low-rate", 24, 300_000)) in said.text
    (said,) = await chat.says("首付8万呢", "inform")
    assert f"首付 {demo.yuan(8_000_000)}（" in said.text or "80,000 元" in said.shown("zh")


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "首付三成，想月供不超过4000要分几期"),
     ("en", "30% down, at most 4,000 yuan a month, how many months?")],
)  # fmt: skip
async def test_the_term_for_an_instalment(start: Opening, language: str, text: str) -> None:
    chat = await start(language=language)
    # A term from before does not stand in the way of the question.
    await asked(chat, "12期" if language == "zh" else "12 months", *CAR)
    said = await asked(chat, text, *CAR)
    assert said.response == "utter_instalment_within"
    fitting = [
        months
        for plan in PLANS
        for months in demo.plan(plan)["months"]
        if reckon.monthly(
            PAID - PAID * 30 // 100, months, demo.plan(plan)["annual_rate_percent"]
        ) <= 400_000
    ]  # fmt: skip
    assert said.values["months"] == min(fitting)


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "月供2000元以内能买什么车"), ("en", "what car can I get for 2,000 yuan a month?")],
)
async def test_the_cars_within_reach_of_an_instalment(
    start: Opening, language: str, text: str
) -> None:
    driver = await Driver.of(await start(language=language))
    (said,) = await driver.ask(text, "ask_finance")
    assert demo.read("catalogue")["models"][0][f"name_{language}"] in said.text
    assert "归途" not in said.text
    assert "Guitu" not in said.text
    driver.assert_traced(8)
    (said,) = await driver.go_on("?", "ask_finance", mention("ordinal", 1))
    assert said.shown(language)
    driver.assert_traced(8)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_an_instalment_that_buys_nothing_names_the_lowest(
    start: Opening, language: str
) -> None:
    driver = await Driver.of(await start(language=language))
    text = {"zh": "月供300元能买什么车", "en": "which car can I get for 300 yuan a month?"}
    (said,) = await driver.ask(text[language], "ask_finance")
    assert said.response == "utter_nothing_within_reach"
    driver.assert_traced(4)


async def test_a_down_payment_named_narrows_what_is_within_reach(chat: Dialogue) -> None:
    """With less than a plan's share down a car cannot be had under it."""
    said = await asked(chat, "首付2万月供3000元能买什么车")
    assert "首付 20,000 元" in said.text
    assert demo.models()[0]["name_zh"] in said.text


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "首付最低多少"), ("en", "how much is the minimum down payment, what down?")],
)
async def test_the_least_down_payment_of_each_plan(
    start: Opening, language: str, text: str
) -> None:
    driver = await Driver.of(await start(language=language))
    await driver.ask("首付六成" if language == "zh" else "60% down", "ask_finance", *CAR)
    (said,) = await driver.go_on(text, "ask_finance", *CAR)
    for plan in PLANS:
        row = demo.plan(plan)
        down = -(-PAID * row["min_down_percent"] // 100)
        assert demo.yuan(down, language) in said.text
    driver.assert_traced(10)


async def test_a_share_that_is_named_is_not_asked_for(chat: Dialogue) -> None:
    said = await asked(chat, "首付三成是多少钱", *CAR)
    assert f"首付 {demo.yuan(PAID * 30 // 100)}（30%）" in said.text
    # It stays in force when only the term changes.
    (said,) = await chat.says("24期呢", "inform")
    assert f"首付 {demo.yuan(PAID * 30 // 100)}（30%）" in said.text
