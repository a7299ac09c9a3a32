"""Sorting complaints by their words, and the time by which a person answers."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from backend.appointments.hours import Department, Hours, SpecialHours
from backend.complaints.deadlines import deadline
from backend.complaints.rules import classify
from backend.complaints.words import Category, Severity

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "category", "severity"),
    [
        ("我要投诉，昨天高速上刹车失灵，差点撞上", "quality", "critical"),
        ("刚提的车充电时冒烟，你们管不管", "quality", "critical"),
        ("你们师傅把我孩子撞伤了", "service", "critical"),
        ("My brakes failed on the way home", "quality", "critical"),
        ("the car caught fire while charging", "quality", "critical"),
        ("There was smoke from under the bonnet", "quality", "critical"),
        ("We had an accident after your repair and my wife was injured", "service", "critical"),
        ("变速箱异响修了三次还是没修好", "quality", "high"),
        ("你们销售欺骗我，说好的赠品没有，我要找12315", "sales", "high"),
        ("车停在路上抛锚了", "quality", "high"),
        ("The gearbox noise is back again, same problem for the third time", "quality", "high"),
        ("The salesman lied about the contract", "sales", "high"),
        ("My car broke down two days after servicing", "quality", "high"),
        ("前台态度很差，等了一个小时没人理", "service", "normal"),
        ("The receptionist was rude and I waited an hour", "service", "normal"),
        ("保养多收了我两百块，发票也不给", "charges", "normal"),
        ("I was overcharged, the invoice is wrong", "charges", "normal"),
        ("说好上周交车，现在还没消息", "delivery", "normal"),
        ("My new car was supposed to be delivered last week", "delivery", "normal"),
        ("试驾的时候销售顾问一直催我下订", "sales", "normal"),
        ("建议休息区多放几个插座", "other", "low"),
        ("A small thing: the waiting area could be better", "service", "low"),
        ("我很不满意", "other", "normal"),
        ("I am not happy", "other", "normal"),
        ("", "other", "normal"),
    ],
)
def test_classified_by_words(text: str, category: Category, severity: Severity) -> None:
    assert classify(text) == (category, severity)


@pytest.mark.parametrize(
    ("denied", "said"),
    [
        ("还好没有人受伤，就是态度差", "有人受伤"),
        ("没出事故，但是服务很慢", "出了事故"),
        ("No accident, but the staff were slow", "An accident, and the staff were slow"),
        ("Nobody was injured, the staff were slow", "He was injured, the staff were slow"),
    ],
)
def test_harm_that_is_denied_is_not_critical(denied: str, said: str) -> None:
    assert classify(denied)[1] == "normal"
    assert classify(said)[1] == "critical"


def test_danger_is_never_taken_as_denied() -> None:
    assert classify("撞上以后没有气囊弹出来")[1] == "critical"
    assert classify("the car has no brakes")[1] == "critical"


def test_width_and_case_do_not_matter() -> None:
    assert classify("ＯＶＥＲＣＨＡＲＧＥＤ")[0] == classify("overcharged")[0] == "charges"
    assert classify("It WON’T START")[1] == "high"


def test_parts_of_other_words_do_not_count() -> None:
    assert classify("There is an issue with the coffee")[1] == "normal"
    assert classify("I accidentally clicked the wrong button")[1] == "normal"


def shop(special: dict[date, SpecialHours] | None = None) -> Hours:
    spans = (("09:00", "12:00"), ("13:00", "18:00"))
    weekly: dict[tuple[Department, int], tuple[tuple[str, str], ...]] = {
        ("sales", day): spans for day in range(6)
    }
    return Hours("Asia/Shanghai", weekly, special)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text.replace(' ', 'T')}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("severity", "now", "expected"),
    [
        ("critical", "25 10:00", "25 12:00"),
        ("critical", "25 23:30", "26 01:30"),
        ("high", "25 09:00", "25 14:00"),
        ("high", "25 14:00", "25 18:00"),
        ("high", "25 14:30", "26 09:30"),
        ("high", "25 12:30", "25 17:00"),
        ("high", "25 22:00", "26 14:00"),
        ("high", "28 17:00", "30 12:00"),
        ("normal", "25 10:00", "26 10:00"),
        ("normal", "25 22:00", "27 09:00"),
        ("normal", "28 10:00", "30 10:00"),
        ("normal", "29 10:00", "1 09:00"),
        ("low", "25 10:00", "28 10:00"),
        ("low", "26 10:00", "30 10:00"),
    ],
)
def test_deadlines(severity: Severity, now: str, expected: str) -> None:
    due = deadline(at(now), severity, shop())
    december = expected.startswith("1 ")
    wanted = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI) if december else at(expected)
    assert due == wanted


def test_a_holiday_is_no_working_day_and_short_days_bound_the_deadline() -> None:
    special = {
        date(2026, 11, 26): SpecialHours(None),
        date(2026, 11, 27): SpecialHours(("10:00", "15:00")),
    }
    hours = shop(special)

    assert deadline(at("25 17:00"), "normal", hours) == at("27 15:00")
    assert deadline(at("25 09:30"), "normal", hours) == at("27 10:00")
    assert deadline(at("25 17:00"), "high", hours) == at("27 13:00")


def test_without_any_opening_hours_the_clock_counts() -> None:
    never = Hours("Asia/Shanghai", {})

    assert deadline(at("25 10:00"), "high", never) == at("25 14:00")
    assert deadline(at("25 10:00"), "normal", never) == at("26 10:00")
    assert deadline(at("25 10:00"), "low", never) == at("28 10:00")
