"""The on-road price, instalments and approved statements."""

import re
from decimal import Decimal

import pytest

from backend.models import FeeRule, FinancePlan, Promotion, Statement
from backend.services import Services
from tests.integration.actions import demo, reckon
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.dialogue import Dialogue, Said, mention
from tests.integration.actions.records import change, tasks

SHANYU = mention("model", "shanyu")
GUITU = mention("model", "guitu-m8")
MONEY = re.compile(r"(-?[\d,]+(?:\.\d\d)?) 元(?:，明细：)?$", re.M)


def amounts(text: str) -> list[int]:
    """The amount in fen at the end of each line that ends with one."""
    return [round(Decimal(number.replace(",", "")) * 100) for number in MONEY.findall(text)]


async def bill_of(chat: Dialogue, trim: str) -> tuple[Said, int, list[int], list[int], int]:
    """The answer, its sum, its required and optional lines and the sum with options."""
    model = demo.trims()[trim]["model"]["code"]
    (said,) = await chat.says(
        "落地多少钱", "ask_onroad_price", mention("model", model), mention("trim", trim)
    )
    head, _, rest = said.text.partition("\n")
    required, _, optional = rest.partition("\n可选项目")
    optional, _, total = optional.partition("\n含可选项目合计")
    (head_sum,), (total_sum,) = amounts(head), amounts(total)
    return said, head_sum, amounts(required), amounts(optional), total_sum


@both
@pytest.mark.parametrize(
    "trim", ["shanyu-15t-deluxe", "yuanyue-20t-prestige", "xinghe-x7-680", "guitu-m8-flagship"]
)
async def test_the_bill_is_complete_and_adds_up(chat: Dialogue, trim: str) -> None:
    said, head, required, optional, total = await bill_of(chat, trim)
    off = reckon.discount(trim)
    lines = reckon.bill(trim, off).values()
    must = [amount for row, amount in lines if not row.get("optional")]
    may = [amount for row, amount in lines if row.get("optional")]
    price = demo.prices()[trim]
    assert required == [price, *([-off] if off else []), *must]
    assert head == price - off + sum(must)
    assert optional == may
    assert total == head + sum(may)
    for row, _ in lines:
        assert row["name_zh"] in said.text
        assert row["source"] in said.text
    others = [code for code in demo.trims_of(demo.trims()[trim]["model"]["code"]) if code != trim]
    model = demo.trims()[trim]["model"]["code"]
    assert said.payloads == []
    # Of the whole model the least expensive is told, and the others offered.
    (said,) = await chat.says("落地多少钱", "ask_onroad_price", mention("model", model))
    priced = {code for code in (*others, trim) if code in demo.prices()}
    least = min(priced, key=lambda code: demo.prices()[code])
    offered = [code for code in demo.trims_of(model) if code != least][:4]
    assert said.payloads == [
        f'/ask_onroad_price{{"model": "{model}", "trim": "{code}"}}' for code in offered
    ]


async def test_without_a_trim_the_least_expensive_is_reckoned(english: Dialogue) -> None:
    (said,) = await english.says("on the road price", "ask_onroad_price", SHANYU)
    cheapest = min(demo.trims_of("shanyu"), key=lambda code: demo.prices()[code])
    row = demo.trims()[cheapest]
    assert said.text.startswith(f"On-road price of the Shanyu {row['name_en']}: CNY ")
    assert said.payloads[0].startswith('/ask_onroad_price{"model": "shanyu", "trim": "')
    # The button leads to that trim.
    (other,) = await english.presses(said.payloads[-1])
    assert other.text.startswith(f"On-road price of the Shanyu {said.titles[-1]}: CNY ")


async def test_a_line_without_a_valid_rule_leaves_no_total(
    chat: Dialogue, services: Services
) -> None:
    await change(
        services, FeeRule, FeeRule.line == "compulsory_insurance",
        approved_by=None, approved_at=None,
    )  # fmt: skip
    (said,) = await chat.says("山屿落地价", "ask_onroad_price", SHANYU)
    assert (said.response, said.values) == ("utter_not_confirmed", {"subject": "山屿"})
    assert [task.kind for task in await tasks(services)] == ["question"]


async def test_an_offer_that_is_not_approved_does_not_lower_the_bill(
    chat: Dialogue, services: Services
) -> None:
    trim = "shanyu-15t-deluxe"
    before = (await bill_of(chat, trim))[1]
    await change(
        services, Promotion, Promotion.code == "shanyu-cash-2026-11",
        approved_by=None, approved_at=None,
    )  # fmt: skip
    after = (await bill_of(chat, trim))[1]
    assert (
        after
        == sum(amount for row, amount in reckon.bill(trim).values() if not row.get("optional"))
        + demo.prices()[trim]
    )
    assert after > before


TRIM = "shanyu-15t-deluxe"
PAID = demo.prices()[TRIM] - reckon.discount(TRIM)
"""What is paid for that car: the loan is on the price after the offers."""
CAR_NAME = f"山屿 {demo.trims()[TRIM]['name_zh']}"


def line(plan: str, months: int, principal: int) -> str:
    """The beginning of a plan's line in the answer."""
    row = demo.plan(plan)
    each = reckon.monthly(principal, months, row["annual_rate_percent"])
    paid = reckon.interest(principal, months, row["annual_rate_percent"])
    return (
        f"• {row['name_zh']}，{months} 期：月供 {demo.yuan(each)}，总利息 {demo.yuan(paid)}，"
        f"手续费 {demo.yuan(row['fee'] * 100)}，实际年化 "
    )


@both
async def test_a_loan_by_percent_and_months(chat: Dialogue) -> None:
    (said,) = await chat.says(
        "首付三成，24期，月供多少", "ask_finance", SHANYU, mention("trim", TRIM)
    )
    head, *lines = said.text.splitlines()
    down = PAID * 30 // 100
    assert head == (
        f"山屿 {demo.trims()[TRIM]['name_zh']}（指导价 {demo.wan(demo.prices()[TRIM])}，"
        f"优惠 {demo.yuan(reckon.discount(TRIM))}），首付 {demo.yuan(down)}（30%），等额本息："
    )
    assert lines[0].startswith(line("low-rate", 24, PAID - down))
    assert lines[1].startswith(line("standard", 24, PAID - down))
    assert lines[2].endswith("最终以审批为准。")
    kept = {key: value for key, value in chat.slots["topic"]["loan"].items() if value is not None}
    assert kept == {"percent": 30, "months": 24}
    assert said.payloads[0] == '/ask_finance{"months": {"months": 12}}'


async def test_a_loan_by_down_payment(chat: Dialogue) -> None:
    (said,) = await chat.says(
        "首付5万，分36期每月还多少", "ask_finance", SHANYU, mention("trim", TRIM)
    )
    head, first, *_ = said.text.splitlines()
    assert "首付 50,000 元（" in head
    assert first.startswith(line("low-rate", 36, PAID - 5_000_000))


async def test_a_loan_by_the_sum_to_borrow(chat: Dialogue) -> None:
    (said,) = await chat.says("贷款8万，分36期", "ask_finance", SHANYU, mention("trim", TRIM))
    assert said.text.splitlines()[1].startswith(line("low-rate", 36, 8_000_000))


async def test_the_wishes_for_a_loan_are_kept_and_changed_one_by_one(chat: Dialogue) -> None:
    half = PAID - PAID // 2
    await chat.says("首付五成，24期", "ask_finance", SHANYU, mention("trim", TRIM))
    (said,) = await chat.says("那36期呢", "inform")
    assert said.text.splitlines()[1].startswith(line("low-rate", 36, half))
    (said,) = await chat.presses('/ask_finance{"months": {"months": 12}}')
    assert said.text.splitlines()[1].startswith(line("low-rate", 12, half))
    # Another car, the same wishes.
    (said,) = await chat.says("那归途M8呢", "inform", GUITU)
    cheapest = min(demo.trims_of("guitu-m8"), key=lambda code: demo.prices()[code])
    half = (demo.prices()[cheapest] - reckon.discount(cheapest)) // 2
    assert said.text.splitlines()[1].startswith(line("zero-interest", 12, half))
    assert "总利息 0 元，手续费 0 元，实际年化 0%" in said.text


async def test_a_car_without_an_offer_is_financed_at_its_list_price(chat: Dialogue) -> None:
    trim = "yunchi-20t-deluxe"
    assert reckon.discount(trim) == 0
    price = demo.prices()[trim]
    (said,) = await chat.says(
        "首付三成24期", "ask_finance", mention("model", "yunchi"), mention("trim", trim)
    )
    head, first, *_ = said.text.splitlines()
    assert f"（指导价 {demo.wan(price)}），首付" in head
    assert first.startswith(line("low-rate", 24, price - price * 30 // 100))


@pytest.mark.parametrize("text", ["首付一成可以吗", "我想贷款12万5"])
async def test_too_small_a_down_payment_names_the_smallest(chat: Dialogue, text: str) -> None:
    (said,) = await chat.says(text, "ask_finance", SHANYU, mention("trim", TRIM))
    assert (said.response, said.values) == (
        "utter_down_payment_too_small",
        {"car": CAR_NAME, "least": "20%", "amount": demo.yuan(PAID * 20 // 100)},
    )
    # What its button says is what is then reckoned.
    (said,) = await chat.presses("/ask_finance")
    assert said.response is None
    assert line("standard", 36, PAID - PAID * 20 // 100) in said.text


async def test_a_down_payment_above_the_price_is_asked_again(english: Dialogue) -> None:
    (said,) = await english.says(
        "down payment 900000 yuan", "ask_finance", SHANYU,
        mention("money", {"amount": 90_000_000, "role": "down_payment"}),
    )  # fmt: skip
    assert said.response == "utter_down_payment_out_of_range"


async def test_a_term_that_is_not_offered_names_those_that_are(chat: Dialogue) -> None:
    (said,) = await chat.says("首付三成分18期", "ask_finance", SHANYU)
    offered = sorted({m for code in ("low-rate", "standard") for m in demo.plan(code)["months"]})
    assert (said.response, said.values) == (
        "utter_term_not_offered",
        {"terms": ", ".join(map(str, offered))},
    )
    (said,) = await chat.says("那24期", "inform")
    assert "24 期：月供" in said.text


async def test_plans_without_a_car(english: Dialogue) -> None:
    (said,) = await english.says("what finance plans do you have", "ask_finance")
    row = demo.plan("low-rate")
    assert f"• {row['name_en']}: from 30% down, 12/24/36 months, 2.99% a year" in said.text


async def test_only_valid_plans_are_reckoned(chat: Dialogue, services: Services) -> None:
    await change(
        services, FinancePlan, FinancePlan.code == "low-rate", approved_by=None, approved_at=None
    )
    (said,) = await chat.says("首付三成24期", "ask_finance", SHANYU)
    assert demo.plan("low-rate")["name_zh"] not in said.text
    assert demo.plan("standard")["name_zh"] in said.text
    await change(services, FinancePlan, FinancePlan.id > 0, approved_by=None, approved_at=None)
    (said,) = await chat.says("首付三成24期", "ask_finance", SHANYU)
    assert said.response == "utter_not_confirmed"


@pytest.mark.parametrize(
    ("intent", "codes", "follow_up"),
    [
        ("ask_warranty", ["warranty"], False),
        ("insurance", ["insurance"], False),
        ("ask_purchase_process", ["purchase_process", "documents"], False),
        ("trade_in", ["trade_in"], False),
    ],
)
async def test_approved_statements_are_said_as_they_stand(
    chat: Dialogue, english: Dialogue, services: Services,
    intent: str, codes: list[str], follow_up: bool,
) -> None:  # fmt: skip
    for dialogue, key in ((chat, "text_zh"), (english, "text_en")):
        said = await dialogue.says("讲讲", intent)
        assert len(said) == len(codes)
        for one, code in zip(said, codes, strict=True):
            assert one.text.startswith(demo.statement(code)[key])
            assert "（依据：" in one.text or "(Source: " in one.text
    assert [task.kind for task in await tasks(services)] == ["follow_up"] * (2 * follow_up)


async def test_a_statement_that_is_not_approved_is_not_said(
    chat: Dialogue, services: Services
) -> None:
    await change(
        services, Statement, Statement.code == "warranty", approved_by=None, approved_at=None
    )
    (said,) = await chat.says("质保多久", "ask_warranty")
    assert said.response == "utter_consultant_follows_up"
    assert [(task.kind, task.note) for task in await tasks(services)] == [("follow_up", "质保多久")]


async def test_orders_are_looked_up_by_a_colleague(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("我的车到哪了", "order_status")
    assert said.response == "utter_order_status"
    assert [task.kind for task in await tasks(services)] == ["follow_up"]


@pytest.mark.parametrize(
    ("language", "text"), [("zh", "山屿保险一年多少钱"), ("en", "how much is the insurance?")]
)
async def test_the_cost_of_insurance_is_that_of_the_bill(
    start: Opening, language: str, text: str
) -> None:
    chat = await start(language=language)
    said = await chat.says(text, "insurance", SHANYU, mention("trim", TRIM))
    lines = reckon.bill(TRIM, reckon.discount(TRIM)).values()
    for row, amount in lines:
        if row["line"].endswith("insurance"):
            shown = f"{row[f'name_{language}']}{'：' if language == 'zh' else ': '}"
            assert f"{shown}{demo.yuan(amount, language)}" in said[0].text
    assert demo.statement("insurance")[f"text_{language}"] in said[1].text
