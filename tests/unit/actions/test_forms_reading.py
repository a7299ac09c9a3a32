"""What a message is to an open form: an answer, a question, a wish to leave or to do more."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bot.actions.context import Turn
from bot.actions.forms import as_answer, calls_off
from bot.actions.reading import any_will_do, names_no_such_day, read_time
from bot.actions.wishes import DRIVE_FORM, VISIT_FORM, Switch, also_asks, also_books, other_journey
from tests.unit.actions.test_wording import turn
from values import find_all

MODEL = {"entity": "model", "value": "shanyu"}
ITEM = {"entity": "service_item", "value": "minor_service"}


def heard(
    text: str,
    intent: str = "inform",
    *entities: dict[str, Any],
    confidence: float = 0.95,
    loop: str | None = None,
    **slots: Any,
) -> Turn:
    """A message with its values read by the grammar, in the form `loop`."""
    made = turn()
    made.tracker.active_loop = {"name": loop} if loop else {}
    found = find_all(text, now=made.local(made.now), opens=time(9), closes=time(18))
    values = [{"entity": m.kind, "value": m.value, "start": m.start, "end": m.end} for m in found]
    return replace(
        made, text=text, intent=intent, confidence=confidence, entities=[*entities, *values],
        slots=slots,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        (heard("算了不要远岳，换山屿", "stop", MODEL), "inform"),
        (heard("算了", "stop"), "stop"),
        (heard("算了吧", "stop", confidence=0.4), "inform"),
        (heard("改到周日", "manage_booking"), "inform"),
        (heard("我约了什么", "manage_booking"), "manage_booking"),
        (heard("取消预约", "manage_booking"), "manage_booking"),
        (heard("加个小保养", "ask_maintenance_price", ITEM), "inform"),
        (heard("加个小保养多少钱", "ask_maintenance_price", ITEM), "ask_maintenance_price"),
        (heard("小保养多少钱", "ask_maintenance_price", ITEM), "ask_maintenance_price"),
        (heard("什么态度", "complaint", confidence=0.5), "inform"),
        (heard("我要投诉", "complaint"), "complaint"),
        (heard("<b>再见</b>", "goodbye"), "inform"),
        (heard("/stop", "stop"), "stop"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.text,
)
def test_what_a_message_is_to_a_form(message: Turn, intent: str) -> None:
    assert as_answer(message) == intent


@pytest.mark.parametrize(
    ("text", "off"),
    [
        ("取消吧", True),
        ("我不想去了，不约了", True),
        ("forget it", True),
        ("please cancel", True),
        ("取消周六的，改周日", False),
        ("周六下午三点", False),
        ("不要红色", False),
    ],
)
def test_calling_off(text: str, off: bool) -> None:
    assert calls_off(heard(text)) is off


@pytest.mark.parametrize(
    ("text", "loop", "entities", "switch"),
    [
        ("顺便约个保养", DRIVE_FORM, (), Switch(VISIT_FORM, instead=False)),
        ("also a minor one", DRIVE_FORM, (ITEM,), Switch(VISIT_FORM, instead=False)),
        ("还是约保养吧", DRIVE_FORM, (), Switch(VISIT_FORM, instead=True)),
        ("actually a service", DRIVE_FORM, (), Switch(VISIT_FORM, instead=True)),
        ("另外想试驾", VISIT_FORM, (), Switch(DRIVE_FORM, instead=False)),
        ("a test drive instead", VISIT_FORM, (), Switch(DRIVE_FORM, instead=True)),
        ("上次保养在你们这", DRIVE_FORM, (), None),
        ("试驾过了", VISIT_FORM, (), None),
        ("顺便问一下地址", DRIVE_FORM, (), None),
        ("还是小保养", VISIT_FORM, (ITEM,), None),
        ("/book_maintenance", DRIVE_FORM, (), None),
        ("顺便约个保养", None, (), None),
    ],
)
def test_another_booking_inside_a_form(
    text: str, loop: str | None, entities: tuple[dict[str, Any], ...], switch: Switch | None
) -> None:
    assert other_journey(heard(text, "inform", *entities, loop=loop), loop or DRIVE_FORM) == switch


@pytest.mark.parametrize(
    ("message", "form"),
    [
        (heard("山屿多少钱，想试驾", "ask_price", MODEL), DRIVE_FORM),
        (heard("试驾车是什么配置", "ask_config", MODEL), None),
        (heard("小保养 周六上午", "ask_maintenance_price", ITEM), VISIT_FORM),
        (heard("小保养 13800000001", "inform", ITEM), VISIT_FORM),
        (heard("周六做小保养多少钱", "ask_maintenance_price", ITEM), None),
        (heard("周六做小保养多少钱，帮我预约", "ask_maintenance_price", ITEM), VISIT_FORM),
        (heard("小保养多少钱", "ask_maintenance_price", ITEM), None),
        (heard("周六上午", "inform"), None),
        (heard("想试驾", "ask_price", loop=DRIVE_FORM), None),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "text", None),
)
def test_a_booking_in_a_question(message: Turn, form: str | None) -> None:
    assert also_books(message) == form


@pytest.mark.parametrize(
    ("text", "form", "told", "asks"),
    [
        ("试驾，落地价多少钱", DRIVE_FORM, None, "ask_onroad_price"),
        ("试驾，贷款怎么算", DRIVE_FORM, None, "ask_finance"),
        ("test drive, how much is it", DRIVE_FORM, None, "ask_price"),
        ("小保养多少钱", VISIT_FORM, None, None),
        ("小保养多少钱", VISIT_FORM, [["minor_service"], None], "ask_maintenance_price"),
        ("想试驾山屿", DRIVE_FORM, None, None),
    ],
)
def test_a_question_in_a_booking(text: str, form: str, told: Any, asks: str | None) -> None:
    assert also_asks(heard(text, "book_test_drive", service_told=told), form) == asks


@pytest.mark.parametrize(
    ("text", "intent", "requested", "clock"),
    [
        ("15", "inform", True, "15:00"),
        ("那就 15:30 吧", "inform", True, "15:30"),
        ("15", "inform", False, None),
        ("换成 16", "inform", False, "16:00"),
        ("25", "inform", True, None),
        ("周六几点关门", "ask_hours", True, None),
        ("周六下午三点可以吗", "ask_hours", True, "15:00"),
    ],
)
def test_hours(text: str, intent: str, requested: bool, clock: str | None) -> None:
    read = read_time(heard(text, intent), "test_drive_when", requested)
    assert (read["time"] if read else None) == clock


def test_a_bare_hour_keeps_the_day() -> None:
    known = heard("周六下午三点").first("time")
    read = read_time(heard("改成 16", test_drive_when=known), "test_drive_when", False)
    assert read is not None
    assert (read["date"], read["time"]) == ("2026-11-28", "16:00")


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("2月30号", True),
        ("13月1日", True),
        ("Feb 30", True),
        ("11月31日下午", True),
        ("2月29日", False),
        ("Nov 30", False),
        ("周六", False),
    ],
)
def test_days_that_do_not_exist(text: str, none: bool) -> None:
    assert names_no_such_day(heard(text)) is none


@pytest.mark.parametrize(
    ("text", "left"),
    [("随便", True), ("什么时候都行", True), ("whenever", True), ("周六", False), ("不行", False)],
)
def test_the_choice_is_left_to_us(text: str, left: bool) -> None:
    assert any_will_do(heard(text)) is left
