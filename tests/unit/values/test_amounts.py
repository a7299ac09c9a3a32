"""Money, shares, terms and mileages."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest

from values import budget, find_all, mileage, money, terms

WAN = 1_000_000  # fen
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=timezone(timedelta(hours=8)))

MONEY: list[tuple[str, dict[str, Any]]] = [
    ("20万左右", {"amount": 20 * WAN, "approximate": True, "role": "budget"}),
    ("15到20万", {"min": 15 * WAN, "max": 20 * WAN, "amount": None}),
    ("二十万以内的SUV", {"max": 20 * WAN, "min": None, "amount": None, "role": "budget"}),
    ("三十来万", {"amount": 30 * WAN, "approximate": True}),
    ("十几万的车", {"min": 10 * WAN, "max": 20 * WAN, "approximate": True}),
    ("二十多万", {"min": 20 * WAN, "max": 30 * WAN}),
    ("二三十万", {"min": 20 * WAN, "max": 30 * WAN, "approximate": True}),
    ("15w", {"amount": 15 * WAN}),
    ("15-20w", {"min": 15 * WAN, "max": 20 * WAN}),
    ("12万8", {"amount": 12_800_000}),
    ("12万8千", {"amount": 12_800_000}),
    ("十二万八", {"amount": 12_800_000}),
    ("三万五", {"amount": 3_500_000}),
    ("１５万", {"amount": 15 * WAN}),
    ("预算20萬", {"amount": 20 * WAN, "role": "budget"}),
    ("月供3000", {"amount": 300_000, "role": "monthly"}),
    ("月供不超过三千五", {"max": 350_000, "role": "monthly"}),
    ("首付5万", {"amount": 5 * WAN, "role": "down_payment"}),
    ("首付5万月供多少", {"amount": 5 * WAN, "role": "down_payment"}),
    ("月供3000能首付多少", {"amount": 300_000, "role": "monthly"}),
    ("月供3000元首付得多少", {"amount": 300_000, "role": "monthly"}),
    ("25万落地能行吗", {"amount": 25 * WAN, "role": "price"}),
    ("一百万以上", {"min": 100 * WAN, "max": None}),
    ("¥128,800", {"amount": 12_880_000, "currency": "CNY"}),
    ("五万块", {"amount": 5 * WAN}),
    ("under $30k", {"max": 3_000_000, "currency": "USD"}),
    ("200k RMB", {"amount": 20 * WAN, "currency": "CNY"}),
    ("around 150,000", {"amount": 15 * WAN, "approximate": True}),
    ("budget of 200 thousand", {"amount": 20 * WAN, "role": "budget"}),
    ("between 200,000 and 300,000", {"min": 20 * WAN, "max": 30 * WAN}),
    ("I can put 60,000 down", {"amount": 6 * WAN, "role": "down_payment"}),
    ("about 3000 a month", {"amount": 300_000, "role": "monthly"}),
    ("no more than 200,000 yuan", {"max": 20 * WAN}),
    ("贷款10万", {"amount": 10 * WAN, "role": "loan"}),
    ("我想贷十五万分三年", {"amount": 15 * WAN, "role": "loan"}),
    ("20万的贷款", {"amount": 20 * WAN, "role": "loan"}),
    ("borrow 100k", {"amount": 10 * WAN, "role": "loan"}),
    ("a loan of 80,000", {"amount": 8 * WAN, "role": "loan"}),
    ("finance 120k over 3 years", {"amount": 12 * WAN, "role": "loan"}),
    # Some of it is borrowed, nobody knows how much.
    ("贷款买20万的车", {"amount": 20 * WAN, "role": None}),
    ("车价20万贷款60%", {"amount": 20 * WAN, "role": "price"}),
    ("月供2千以内", {"max": 200_000, "amount": None, "role": "monthly"}),
    ("月供两千以内", {"max": 200_000, "amount": None, "role": "monthly"}),
    ("2000 a month max", {"max": 200_000, "amount": None, "role": "monthly"}),
    ("2000 max a month", {"max": 200_000, "amount": None, "role": "monthly"}),
]


@pytest.mark.parametrize(("text", "expected"), MONEY, ids=[case[0] for case in MONEY])
def test_money(text: str, expected: dict[str, Any]) -> None:
    found = money.find(text)
    assert len(found) == 1
    assert {key: found[0].value[key] for key in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        "3.5万公里", "5w-30机油", "66W快充", "2k屏", "500人", "2026年", "8月", "7座", "百公里油耗",
        "E5", "多少钱",
        "20以内", "250", "2.0T", "15w充电", "3点", "30000km", "an offer",
    ],
)  # fmt: skip
def test_no_money(text: str) -> None:
    assert money.find(text) == []


def test_down_payment_and_loan_stand_side_by_side() -> None:
    for text in ("首付5万贷10万", "贷款10万首付5万"):
        found = {one.value["role"]: one.value["amount"] for one in money.find(text)}
        assert found == {"down_payment": 5 * WAN, "loan": 10 * WAN}


@pytest.mark.parametrize(
    "text",
    [
        "零首付", "0首付", "首付为零", "首付0元", "不付首付能开走吗", "no money down", "zero down",
        "zero down payment", "nothing down", "0% down", "首付0%", "首付 0%", "首付：0％",
        "首付百分之零", "首付款是0 %可以吗",
    ],
)  # fmt: skip
def test_nothing_down_is_a_ratio_of_zero(text: str) -> None:
    mentions = find_all(text, now=NOON)
    assert [one.value for one in mentions] == [{"percent": 0, "role": "down_payment"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("预算20以内", {"max": 20 * WAN, "amount": None}),
        ("预算15", {"amount": 15 * WAN}),
        ("预算15到20", {"min": 15 * WAN, "max": 20 * WAN}),
        ("预算二十五左右", {"amount": 25 * WAN, "approximate": True}),
        ("20以内的SUV", {"max": 20 * WAN}),
        ("有没有15左右的车", {"amount": 15 * WAN, "approximate": True}),
        ("budget 250", {"amount": 25 * WAN}),
        ("my budget is 250 for an SUV", {"amount": 25 * WAN}),
        ("budget between 150 and 200", {"min": 15 * WAN, "max": 20 * WAN}),
        # And not two o'clock.
        ("budget around 200", {"amount": 20 * WAN, "approximate": True}),
        ("an SUV under 200", {"max": 20 * WAN}),
        # What has its unit keeps it.
        ("预算二十来万", {"amount": 20 * WAN, "approximate": True}),
        ("预算十五六万", {"min": 15 * WAN, "max": 16 * WAN}),
        ("预算20到25万", {"min": 20 * WAN, "max": 25 * WAN}),
        ("budget 200k", {"amount": 20 * WAN}),
        ("budget 200,000", {"amount": 20 * WAN}),
        ("预算200000", {"amount": 20 * WAN}),
    ],
)
def test_a_budget_without_a_unit(text: str, expected: dict[str, Any]) -> None:
    found = [one for one in find_all(text, now=NOON) if one.kind == "money"]
    assert len(found) == 1
    assert found[0].value["role"] == "budget"
    assert {key: found[0].value[key] for key in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        "20以内", "250", "20岁以内的车", "预算3个月", "预算15个人", "SUV under 5 metres",
        "cars under 3 years", "预算不多，2款都行", "开了20以内",
    ],
)  # fmt: skip
def test_no_budget(text: str) -> None:
    assert budget.find(text) == []


@pytest.mark.parametrize(
    ("text", "percent", "role"),
    [
        ("首付37%", 37, "down_payment"),
        ("首付三成", 30, "down_payment"),
        ("首付20%", 20, "down_payment"),
        ("百分之三十首付", 30, "down_payment"),
        ("30% down", 30, "down_payment"),
        ("利率3.5%", 3.5, None),
    ],
)
def test_ratio(text: str, percent: float, role: str | None) -> None:
    found = [one for one in terms.find(text) if one.kind == "ratio"]
    assert [one.value for one in found] == [{"percent": percent, "role": role}]


def test_shares_that_run_into_each_other_do_not_overlap() -> None:
    found = terms.find("百分之三十零首付")
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("text", ["八成新", "成交价", "三成员"])
def test_no_ratio(text: str) -> None:
    assert terms.find(text) == []


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("36期", 36), ("分三年还清", 36), ("贷款两年", 24), ("三年免息", 36), ("三年", 36), ("a "
            "3-year loan", 36),
        ("finance it over 48 months", 48), ("分十二期", 12), ("贷款两年半", 30),
    ],
)  # fmt: skip
def test_months(text: str, months: int) -> None:
    found = [one for one in terms.find(text) if one.kind == "months"]
    assert [one.value for one in found] == [{"months": months}]


@pytest.mark.parametrize(
    "text", ["三年质保", "买了3年了", "假期间", "第三期间", "我的车三年前买的"]
)
def test_no_months(text: str) -> None:
    assert [one for one in terms.find(text) if one.kind == "months"] == []


@pytest.mark.parametrize(
    ("text", "km", "approximate"),
    [
        ("跑了两万多", 20_000, True), ("3.5万公里", 35_000, False), ("3万公里", 30_000, False),
        ("30000km", 30_000, False),
        ("15k km", 15_000, False), ("2w公里", 20_000, False), ("20,000 miles", 32_187, False),
        ("行驶了两万五千公里", 25_000, False), ("里程35000", 35_000, False), ("快五万公里了",
        50_000, True),
        ("跑了三万五", 35_000, False), ("it has done 45,000 km", 45_000, False),
    ],
)  # fmt: skip
def test_mileage(text: str, km: int, approximate: bool) -> None:
    assert [one.value for one in mileage.find(text)] == [{"km": km, "approximate": approximate}]


@pytest.mark.parametrize(
    "text",
    [
        "100公里",
        "续航600公里",
        "每1万公里保养一次",
        "80km/h",
        "时速120公里",
        "离店5公里",
        "跑了3年",
        "600 km range",
        "20万",
    ],
)
def test_no_mileage(text: str) -> None:
    assert mileage.find(text) == []


@pytest.mark.parametrize(("text", "km"), [("3万", 30_000), ("三万多", 30_000), ("28000", 28_000)])
def test_the_bare_answer_is_a_mileage(text: str, km: int) -> None:
    value = mileage.read_amount(text)
    assert value is not None
    assert value["km"] == km


def test_no_answer_is_no_mileage() -> None:
    assert mileage.read_amount("不知道") is None
