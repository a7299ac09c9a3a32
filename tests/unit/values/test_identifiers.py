"""Telephone numbers, plates, VINs, references."""

from __future__ import annotations

import pytest

from values import phone, plate, reference, vin


@pytest.mark.parametrize(
    ("text", "number", "valid"),
    [
        ("13800000001", "+8613800000001", True),
        ("我的电话是138 0000 0001", "+8613800000001", True),
        ("138-0000-0001", "+8613800000001", True),
        ("１３８０００００００１", "+8613800000001", True),
        ("幺三八零零零零零零零一", "+8613800000001", True),
        ("一三八 零零零零 零零零一", "+8613800000001", True),
        ("+86 13800000001", "+8613800000001", True),
        ("+86-138-0000-0001", "+8613800000001", True),
        ("8613800000001", "+8613800000001", True),
        ("王伟，13800000001", "+8613800000001", True),
        ("0571-88880000", "+8657188880000", True),
        ("(0571)88880000", "+8657188880000", True),
        ("400-000-1234", "+864000001234", True),
        ("+1 415 555 2671", "+14155552671", True),
        ("1380000001", "+861380000001", False),
        ("138000000011", "+86138000000011", False),
        ("call me at 13800000002", "+8613800000002", True),
        ("Tom Baker, phone no. 13800000001", "+8613800000001", True),
        ("no, 13800000001", "+8613800000001", True),
    ],
)
def test_phone(text: str, number: str, valid: bool) -> None:
    found = phone.find(text)
    assert [(one.value["number"], one.value["valid"]) for one in found] == [(number, valid)]


@pytest.mark.parametrize(
    "text",
    [
        "订单号13800000001",
        "order no. 13800000001",
        "TD261128-0001",
        "1280000000万",
        "2026-11-28",
        "20000",
        "¥13800000001",
    ],
)
def test_no_phone(text: str) -> None:
    assert phone.find(text) == []


def test_a_date_behind_a_number_is_not_part_of_it() -> None:
    assert [one.text for one in phone.find("13800000001 11-28")] == ["13800000001"]


@pytest.mark.parametrize(
    ("text", "number", "new_energy", "valid"),
    [
        ("浙A12345", "浙A12345", False, True),
        ("车牌是浙a·12345", "浙A12345", False, True),
        ("浙A 123 45", "浙A12345", False, True),
        ("浙AD12345", "浙AD12345", True, True),
        ("浙a-d12345", "浙AD12345", True, True),
        ("粤B12345D", "粤B12345D", True, True),
        ("京A1234学", "京A1234学", False, True),
        ("浙Ａ１２３４５", "浙A12345", False, True),
        ("浙A1234", "浙A1234", False, False),
        ("浙A1O345", "浙A1O345", False, False),
        ("浙A12345 11-28", "浙A12345", False, True),
    ],
)
def test_plate(text: str, number: str, new_energy: bool, valid: bool) -> None:
    value = {"plate": number, "new_energy": new_energy, "valid": valid}
    assert [one.value for one in plate.find(text)] == [value]


@pytest.mark.parametrize(
    "text", ["新E5多少钱", "新X7 2026款", "青岚", "云驰 2026", "川菜", "A12345"]
)
def test_no_plate(text: str) -> None:
    assert plate.find(text) == []


@pytest.mark.parametrize(
    ("text", "number", "check_ok"),
    [
        ("11111111111111111A", None, False),
        ("车架号1M8GDM9AXKP042788", "1M8GDM9AXKP042788", True),
        ("1m8gdm9axkp042788", "1M8GDM9AXKP042788", True),
        ("1M8GDM9A1KP042788", "1M8GDM9A1KP042788", False),
        ("1M8GDM9AXKPO42788", None, False),
        ("12345678901234567", None, False),
    ],
)
def test_vin(text: str, number: str | None, check_ok: bool) -> None:
    expected = [] if number is None else [{"vin": number, "check_ok": check_ok}]
    assert [one.value for one in vin.find(text)] == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("TD261128-0001", "TD261128-0001"),
        ("my booking is sv261128-0001.", "SV261128-0001"),
        ("投诉CP2611280001", "CP261128-0001"),
        ("ＴＤ２６１１２８-０００１", "TD261128-0001"),
    ],
)
def test_reference(text: str, number: str) -> None:
    assert [one.value for one in reference.find(text)] == [{"reference": number}]


@pytest.mark.parametrize(
    "text", ["AB261128-0001", "TD26112-0001", "XTD261128-0001", "TD261128-00012"]
)
def test_no_reference(text: str) -> None:
    assert reference.find(text) == []
