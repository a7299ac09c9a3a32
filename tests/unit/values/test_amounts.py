"""Money, shares, terms and mileages."""

from __future__ import annotations

from typing import Any

import pytest

from values import mileage, money, terms

WAN = 1_000_000  # fen

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
        "2.0T", "15w充电", "3点", "30000km", "an offer",
    ],
)  # fmt: skip
def test_no_money(text: str) -> None:
    assert money.find(text) == []


@pytest.mark.parametrize(
    ("text", "percent", "role"),
    [
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
