"""How customers really talk to the workshop: several cars, a bare check, a price in between."""

import pytest

from tests.integration.actions import demo
from tests.integration.actions.dialogue import Dialogue, mention
from tests.integration.actions.drives import SHANYU


async def test_each_car_gets_its_own_plan(chat: Dialogue) -> None:
    text = "一辆青岚开了5万8 一辆x7开了2万 都该保养了吗"
    said = await chat.says(
        text,
        "nlu_fallback",
        mention("model", "qinglan", start=text.index("青岚"), end=text.index("青岚") + 2),
        mention("model", "xinghe-x7", start=text.index("x7"), end=text.index("x7") + 2),
    )
    assert len(said) == 2
    assert "青岚 58,000 公里" in said[0].text
    assert "星禾 X7 20,000 公里" in said[1].text
    # What is booked next is for the first of them.
    assert chat.slots["service_model"] == "qinglan"
    assert chat.slots["service_mileage"] == 58_000


@pytest.mark.parametrize("text", ["做个检查", "就做个检查吧"])
async def test_a_bare_check_is_a_look_at_the_whole_car(chat: Dialogue, text: str) -> None:
    await chat.says("想约个保养", "book_maintenance")
    await chat.says(text, "book_maintenance")
    assert chat.slots["service_items"] == ["inspection"]


async def test_another_car_to_drive_is_no_visit(chat: Dialogue) -> None:
    x7 = mention("model", "xinghe-x7")
    await chat.says("帮我再约一辆x7 下午3点", "book_maintenance", x7)
    opened = [event["name"] for event in chat.events if event["event"] == "followup"]
    assert opened[-1] == "test_drive_form"


async def test_a_plate_and_a_time_bring_a_car(chat: Dialogue) -> None:
    x7 = mention("model", "xinghe-x7")
    await chat.says("x7也要 明天10点 浙AD12345", "inform", x7)
    assert chat.loop == "maintenance_form"
    assert chat.slots["service_plate"] == "浙AD12345"


async def test_what_a_repair_costs_is_known_after_the_cause(chat: Dialogue) -> None:
    await chat.says("怠速的时候车一直抖", "report_fault")
    price, note, *_ = await chat.says("那修要多少钱", "ask_maintenance_price")
    assert demo.yuan(sum(demo.service_price("diagnosis"))) in price.text
    assert "动工前会跟您确认" in note.text


async def test_no_lamp_is_an_answer(chat: Dialogue) -> None:
    said = await chat.says("怠速的时候车一直抖", "report_fault")
    assert "没亮" in said[-1].titles
    said = await chat.says("没亮灯啊", "report_fault")
    assert "故障灯" not in said[-1].text


async def test_a_kind_of_drive_is_no_fault(chat: Dialogue) -> None:
    await chat.says("25万以内推荐一下", "recommend_model")
    (said, *_) = await chat.says(
        "油车 不要电", "report_fault", mention("energy", "petrol", start=0, end=2)
    )
    assert said.response == "utter_recommendation"
    assert "燃油" in said.values["wishes"]


async def test_a_time_after_the_plan_books_the_visit(chat: Dialogue) -> None:
    await chat.says("山屿跑了两万公里该做什么保养", "ask_maintenance_price", SHANYU)
    await chat.says("那周五下午能做吗", "nlu_fallback")
    assert chat.loop == "maintenance_form"


async def test_ones_own_car_is_not_the_one_that_he_thinks_of_buying(chat: Dialogue) -> None:
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    said = await chat.says("我的车跑了两万公里该保养什么", "ask_maintenance_price")
    assert "告诉我车型会更准" in said[-1].text
    assert not chat.slots.get("service_model")
    said = await chat.says("那它跑了两万公里该保养什么", "ask_maintenance_price")
    assert "山屿" in said[-1].text


async def test_what_was_planned_in_the_same_message_is_booked_and_not_told_twice(
    chat: Dialogue,
) -> None:
    said = await chat.says(
        "山屿跑了两万公里，两年了，该做什么，多少钱，帮我约一下", "ask_maintenance_price", SHANYU,
        wishes=("book_maintenance",),
    )  # fmt: skip
    assert chat.loop == "maintenance_form"
    plan = next(one for one in said if "合计" in one.text)
    assert len(chat.slots["service_items"]) == plan.text.count("工时")
    assert sum("合计" in one.text for one in said) == 1


async def test_a_surname_that_is_a_colour(english: Dialogue) -> None:
    await english.says("test drive the Shanyu on Saturday at 3 pm", "book_test_drive", SHANYU)
    brown = mention("colour", "brown", start=5, end=10)
    await english.says("mike brown, 13800000223", "inform", brown)
    assert english.slots["customer_name"] == "Mike Brown"


async def test_what_a_repair_costs_however_it_is_taken(chat: Dialogue) -> None:
    await chat.says("怠速的时候车一直抖", "report_fault")
    said = await chat.says("那修要多少钱", "nlu_fallback")
    assert any("动工前会跟您确认" in one.text for one in said)
