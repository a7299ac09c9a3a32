"""What a customer wants of a loan: its sum, the down payment, the instalment he can pay."""

import pytest

from tests.integration.actions import demo, reckon
from tests.integration.actions.dialogue import Dialogue, Said, mention
from tests.integration.actions.drives import SHANYU
from tests.integration.actions.test_purchase import CAR_NAME, PAID, TRIM, line

CAR = (SHANYU, mention("trim", TRIM))
PLANS = ("low-rate", "standard")
"""Those for a Shanyu."""


async def asked(chat: Dialogue, text: str) -> Said:
    (said,) = await chat.says(text, "ask_finance", *CAR)
    return said


def offers(down: int) -> list[tuple[int, int, str]]:
    """(instalment, months, plan) of all that can be had with that down payment."""
    return [
        (reckon.monthly(PAID - down, months, row["annual_rate_percent"]), months, code)
        for code in PLANS
        for row in [demo.plan(code)]
        for months in row["months"]
        if down * 100 >= PAID * row["min_down_percent"]
    ]


async def test_the_sum_to_borrow_leaves_the_rest_of_the_lowered_price(chat: Dialogue) -> None:
    said = await asked(chat, "贷款8万，36期")
    down = PAID - 8_000_000
    assert f"优惠 {demo.yuan(reckon.discount(TRIM))}" in said.text
    assert f"首付 {demo.yuan(down)}（" in said.text
    # The sum takes the place of a down payment that was named before, and the other way round.
    await asked(chat, "首付六成")
    (said,) = await chat.says("那贷款7万呢", "ask_finance")
    assert f"首付 {demo.yuan(PAID - 7_000_000)}（" in said.text
    (said,) = await chat.says("首付一半呢", "ask_finance")
    assert f"首付 {demo.yuan(round(PAID / 2))}（50%）" in said.text


@pytest.mark.parametrize("text", ["0% down payment possible?"])
async def test_nothing_down_names_the_smallest(chat: Dialogue, text: str) -> None:
    said = await asked(chat, text)
    assert (said.response, said.values) == (
        "utter_down_payment_too_small",
        {"car": CAR_NAME, "least": "20%", "amount": demo.yuan(PAID * 20 // 100)},
    )


async def test_plain_numbers_in_a_question_about_a_loan(english: Dialogue) -> None:
    said = await asked(english, "50000 down 48 months")
    assert f"{demo.yuan(5_000_000, 'en')} down" in said.text
    each = reckon.monthly(PAID - 5_000_000, 48, demo.plan("standard")["annual_rate_percent"])
    assert f"48 months: {demo.yuan(each, 'en')} a month" in said.text
    assert demo.plan("low-rate")["name_en"] not in said.text


@pytest.mark.parametrize(
    ("text", "months"), [("首付一半，分2年", 24), ("首付一半36期", 36), ("half down, 3 years", 36)]
)
async def test_half_down(chat: Dialogue, text: str, months: int) -> None:
    said = await asked(chat, text)
    assert said.text.splitlines()[1].startswith(line("low-rate", months, PAID - round(PAID / 2)))


async def test_the_whole_lowered_price_is_no_down_payment(chat: Dialogue) -> None:
    said = await asked(chat, f"首付{PAID // 100}元")
    assert (said.response, said.values) == (
        "utter_down_payment_out_of_range",
        {"price": demo.wan(PAID)},
    )


async def test_an_instalment_to_stay_within_names_the_shortest_term(chat: Dialogue) -> None:
    down, target = PAID * 30 // 100, 300_000
    said = await asked(chat, "首付三成，月供3000以内")
    fitting = [offer for offer in offers(down) if offer[0] <= target]
    monthly, months, plan = min(fitting, key=lambda offer: offer[1])
    assert said.response == "utter_instalment_within"
    assert said.values == {
        "car": CAR_NAME,
        "target": demo.yuan(target),
        "plan": demo.plan(plan)["name_zh"],
        "months": months,
        "monthly": demo.yuan(monthly),
        "down": demo.yuan(down),
    }
    assert all(offer[0] > target for offer in offers(down) if offer[1] < months)


async def test_an_instalment_that_cannot_be_had_names_the_lowest(chat: Dialogue) -> None:
    said = await asked(chat, "首付三成，月供500以内")
    monthly, months, _ = min(offers(PAID * 30 // 100))
    assert said.response == "utter_instalment_lowest"
    assert (said.values["months"], said.values["monthly"]) == (months, demo.yuan(monthly))
    # It was answered: what is asked next is not measured by it again.
    (said,) = await chat.says("那24期", "inform")
    assert said.text.splitlines()[1].startswith(line("low-rate", 24, PAID - PAID * 30 // 100))


async def test_a_term_that_keeps_within_the_target_is_reckoned(chat: Dialogue) -> None:
    said = await asked(chat, "首付三成，36期，月供5000以内")
    assert said.text.splitlines()[1].startswith(line("low-rate", 36, PAID - PAID * 30 // 100))


async def test_a_term_that_breaks_the_target_is_answered_by_one_that_keeps_it(
    chat: Dialogue,
) -> None:
    said = await asked(chat, "首付三成，12期，月供3000以内")
    assert said.response == "utter_instalment_within"
    assert said.values["months"] > 12
