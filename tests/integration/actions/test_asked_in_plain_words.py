"""What customers ask in words that no intent covers, and what they say beside an old car."""

import pytest

from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.dialogue import Dialogue, mention
from tests.integration.actions.drives import SHANYU
from tests.integration.actions.records import tasks

E5, E3 = mention("model", "xinghe-e5"), mention("model", "xinghe-e3")
RANGE = mention("feature", "range_cltc")


async def test_charging_time_needs_no_name_of_a_feature(chat: Dialogue) -> None:
    await chat.says("e5和e3哪个续航长", "recommend_model", E5, E3, RANGE)
    said = await chat.says("哪个充电快", "ask_usage")
    assert said[0].text.startswith("最快的是")
    assert "快充时间" in said[0].text
    said = await chat.says("充电要多久", "ask_config")
    assert any("慢充时间" in one.text for one in said)


async def test_charging_at_home_with_the_wallbox_of_the_car(chat: Dialogue) -> None:
    await chat.says("E5多少钱", "ask_price", E5)
    told, gift = await chat.says("家里能装充电桩吗", "ask_config")
    assert told.text.startswith(demo.statement("charging")["text_zh"])
    assert demo.promotion("xinghe-wallbox")["title_zh"] in gift.text
    assert demo.promotion("xinghe-x7-wallbox")["title_zh"] not in gift.text
    *_, last = await chat.says("质保几年 充电桩送不送", "ask_warranty")
    assert demo.promotion("xinghe-wallbox")["title_zh"] in last.text


async def test_a_petrol_car_has_no_charging_time(chat: Dialogue) -> None:
    await chat.says("青岚多少钱", "ask_price", mention("model", "qinglan"))
    (said,) = await chat.says("充电要多久", "ask_config")
    assert demo.statement("charging")["text_zh"] in said.text


async def test_winter_is_no_test_cycle(chat: Dialogue, services: Services) -> None:
    said = await chat.says("E5冬天续航打几折", "ask_config", E5, RANGE)
    assert "标准工况" in said[-1].text
    assert [task.kind for task in await tasks(services)] == ["question"]


async def test_whether_it_is_there_is_on_no_record(chat: Dialogue, services: Services) -> None:
    await chat.says("E3多少钱", "ask_price", E3)
    said = await chat.says("有现车吗 要等多久", "ask_purchase_process")
    assert said[0].text.startswith(demo.statement("delivery_time")["text_zh"])
    assert "星禾 E3眼下有没有现车" in said[1].text
    assert [task.kind for task in await tasks(services)] == ["question"]


@pytest.mark.parametrize(
    ("text", "intent", "subject"),
    [
        ("能不能刷信用卡", "out_of_scope", "付款方式"),
        ("定金能退吗", "ask_purchase_process", "定金怎么交、怎么退"),
    ],
)
async def test_what_nobody_has_approved_goes_to_a_consultant(
    chat: Dialogue, services: Services, text: str, intent: str, subject: str
) -> None:
    (said,) = await chat.says(text, intent)
    assert (said.response, said.values) == ("utter_not_confirmed", {"subject": subject})
    assert [task.note for task in await tasks(services)] == [text]


@pytest.mark.parametrize("text", ["有驾照才半年行不行", "我老婆开行不行"])
async def test_who_may_drive(chat: Dialogue, text: str) -> None:
    (said,) = await chat.says(text, "out_of_scope")
    assert said.text.startswith(demo.statement("test_drive_terms")["text_zh"])


async def test_a_missed_call_is_made_again(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("你们打过来的电话我没接到", "privacy")
    assert "再给您打一次" in said.text
    assert [task.kind for task in await tasks(services)] == ["follow_up"]


async def test_an_order_is_followed_up_and_not_recited(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("我车在你们那修 好了没", "order_status")
    assert said.response == "utter_order_status"
    plate = mention("plate", {"plate": "浙A12345", "valid": True})
    (said,) = await chat.says("浙A12345", "inform", plate)
    assert said.text.startswith("记下了")
    (said,) = await chat.says("都三天了 到底好没好", "chitchat")
    assert said.titles == ["找人工"]
    assert len(await tasks(services)) == 3


async def test_delivery_of_a_car_that_is_not_ordered(chat: Dialogue) -> None:
    await chat.says("E3多少钱", "ask_price", E3)
    said = await chat.says("那就它了 啥时候能提车", "order_status")
    assert said[0].text.startswith(demo.statement("delivery_time")["text_zh"])


async def test_offers_are_those_of_the_cars_in_question(chat: Dialogue) -> None:
    await chat.says("e5和e3哪个好", "recommend_model", E5, E3)
    (said, *_) = await chat.says("能便宜多少", "ask_promotion")
    assert demo.promotion("xinghe-e5-cash-2026-11")["title_zh"] in said.text
    assert "山屿" not in said.text


# ---- the old car ----


async def test_whether_the_new_one_is_worth_it_asks_for_no_old_car(chat: Dialogue) -> None:
    await chat.says("山屿高配多了什么", "ask_config", SHANYU, mention("trim_level", "top"))
    (said,) = await chat.says("值不值啊", "trade_in")
    assert "用不用得上" in said.text
    assert chat.loop is None


async def test_the_valuation_is_not_asked_for_without_end(chat: Dialogue) -> None:
    await chat.says("我的车想卖给你们值多少", "trade_in")
    said = await chat.says("山屿多少钱", "ask_price", SHANYU)
    assert said[-1].response == "utter_ask_trade_in_model"
    said = await chat.says(
        "有座椅通风吗", "ask_config", mention("feature", "ventilated_front_seats")
    )
    assert len(said) == 1
    assert chat.loop is None


async def test_a_valuation_is_remembered(chat: Dialogue, services: Services) -> None:
    make = mention("make", "Volkswagen", start=0, end=2)
    await chat.says("大众朗逸2018年开了12万公里值多少", "trade_in", make)
    await chat.says("浙A", "inform")
    assert chat.loop is None
    before = len(await tasks(services))
    (said,) = await chat.says("低于5万我不卖", "ask_promotion")
    assert "已经转告顾问" in said.text
    assert len(await tasks(services)) == before + 1
    (said,) = await chat.says("那我买个山屿能抵多少", "trade_in", SHANYU)
    assert "大众" in said.text
    assert demo.promotion("trade-in-2026")["title_zh"] in said.text


# ---- in passing ----


async def test_another_shop_is_cheaper(chat: Dialogue, services: Services) -> None:
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    said = await chat.says("贵了 我朋友在别家买便宜一万", "ask_price")
    assert said[-1].response == "utter_other_quote"
    assert [task.kind for task in await tasks(services)] == ["question"]


async def test_used_cars_are_on_no_record(chat: Dialogue) -> None:
    (said,) = await chat.says("二手的有吗", "ask_models")
    assert (said.response, said.values) == ("utter_not_confirmed", {"subject": "二手车"})


async def test_360_is_the_camera(chat: Dialogue) -> None:
    said = await chat.says("有360吗", "ask_config", SHANYU)
    assert "360°全景影像" in said[0].text


async def test_who_comes_to_look_needs_no_booking(chat: Dialogue) -> None:
    (said,) = await chat.says("我想明天下午过去一趟", "book_appointment")
    assert said.response == "utter_time_for_what"
    *_, last = await chat.says("看车", "nlu_fallback")
    assert "来看车都欢迎" in last.text
    assert last.titles == ["预约试驾"]


async def test_a_visit_that_is_put_off_before_it_is_clear(chat: Dialogue) -> None:
    await chat.says("我想明天下午过去一趟", "book_appointment")
    (said,) = await chat.says("算了改后天", "nlu_fallback")
    assert said.response == "utter_time_for_what"


async def test_help_on_the_spot_for_a_car_that_stands(chat: Dialogue) -> None:
    await chat.says("车打不着火了", "report_fault")
    said = await chat.says("不对 在小区地下车库", "out_of_scope")
    assert said[0].response == "utter_stopped_grave"
    await chat.says("你们能来人吗", "human_handoff")
    assert chat.loop == "roadside_form"


async def test_a_person_is_a_person_without_a_fault(chat: Dialogue) -> None:
    said = await chat.says("你们能来人吗", "human_handoff")
    assert chat.loop is None
    assert said[0].response == "utter_hand_over_open"
