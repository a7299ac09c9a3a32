"""A reported fault: what is dangerous is answered first, and stays with the conversation."""

import pytest

from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.records import tasks

HOTLINE = demo.read("dealership")["dealership"]["hotline"]


@pytest.mark.parametrize(
    "text",
    [
        "刹车突然失灵了，踩不住",
        "刹车踩下去没反应",
        "机舱冒烟了",
        "一股汽油味，好像漏油了",
        "刚才撞车了",
        "my brakes suddenly stopped working",
        "there is smoke coming out of the bonnet",
    ],
)
async def test_danger_comes_before_everything(
    chat: Dialogue, services: Services, text: str
) -> None:
    said = await chat.says(text, "report_fault")
    assert names(said)[0] == "utter_danger"
    assert said[0].values["hotline"] == HOTLINE
    assert said[0].values["advice"]
    assert [task.kind for task in await tasks(services)] == ["follow_up"]


async def test_danger_is_answered_under_another_intent_too(chat: Dialogue) -> None:
    said = await chat.says("刹车失灵了", "ask_maintenance_price")
    assert names(said)[0] == "utter_danger"


async def test_may_i_drive_on_is_answered_by_what_was_told(chat: Dialogue) -> None:
    await chat.says("刹车失灵了", "report_fault")
    said = await chat.says("那还能开回家吗", "report_fault")
    assert names(said)[0] in ("utter_may_drive_stop_now", "utter_danger")


async def test_danger_ends_a_booking_that_was_under_way(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", mention("model", "shanyu"))
    said = await chat.says("我的车刹车失灵了", "report_fault")
    assert names(said)[0] == "utter_danger"
    assert chat.loop is None
