"""A symptom or a code, the questions after it, and what is kept of them for the technician."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from backend.models import Diagnosis
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import Dialogue, Said, mention, names
from tests.integration.actions.records import tasks

HOTLINE = demo.read("dealership")["dealership"]["hotline"]


async def kept(services: Services) -> list[Diagnosis]:
    async with services.database.reading() as session:
        return list(await session.scalars(select(Diagnosis).order_by(Diagnosis.id)))


def answer(said: Sequence[Said], title: str) -> str:
    """The payload of the button with that title."""
    return next(p for one in said for t, p in one.buttons if t == title)


def shown(said: Sequence[Said], language: str = "zh") -> str:
    return "\n".join(one.shown(language) for one in said)


@both
async def test_a_lamp_is_asked_about_and_judged(chat: Dialogue, services: Services) -> None:
    said = await chat.says("仪表上发动机的灯亮了", "report_fault")
    assert names(said)[0] == "utter_fault_mild"
    assert said[-1].titles == ["红色", "黄色", "绿色或蓝色", "跳过"]
    said = await chat.presses(answer(said, "黄色"))
    assert said[-1].titles[:2] == ["一直亮", "在闪"]
    said = await chat.presses(answer(said, "一直亮"))
    said = await chat.presses(answer(said, "平稳"))
    assert names(said) == ["utter_fault_mild", "text", "utter_offer_diagnosis"]
    assert "可能的原因" in said[1].text
    assert "技师" in said[1].text
    assert "多快来" in said[1].text
    (row,) = await kept(services)
    assert (row.verdict, row.visit) == ("until_visit", "this_week")
    assert [one["answer"] for one in row.answers] == ["yellow", "steady", "smooth"]
    assert [one["code"] for one in row.symptoms] == ["engine_lamp"]


async def test_an_answer_can_only_make_it_graver(chat: Dialogue, services: Services) -> None:
    said = await chat.says("发动机故障灯亮了", "report_fault")
    said = await chat.presses(answer(said, "黄色"))
    said = await chat.says("在闪", "inform")
    assert names(said)[0] == "utter_fault_grave"
    (row,) = await kept(services)
    assert row.verdict == "short_way"


async def test_a_red_lamp_is_danger_before_anything_else(
    chat: Dialogue, services: Services
) -> None:
    said = await chat.says("有个灯亮了，我不认识", "report_fault")
    said = await chat.presses(answer(said, "红色"))
    assert names(said)[0] == "utter_danger"
    assert said[0].values["hotline"] == HOTLINE
    assert "danger" in [task.kind for task in await tasks(services)]
    assert said[-1].payloads[1] == '/report_fault{"start_with": "roadside"}'


async def test_an_old_button_inside_a_form_is_heard_as_danger(chat: Dialogue) -> None:
    lamp = await chat.says("有个灯亮了，我不认识", "report_fault")
    await chat.says("想试驾山屿", "book_test_drive", mention("model", "shanyu"))
    assert chat.loop == "test_drive_form"
    said = await chat.presses(answer(lamp, "红色"))
    assert names(said)[0] == "utter_danger"
    assert chat.loop is None


async def test_typed_answers_are_read(english: Dialogue, services: Services) -> None:
    await english.says("the check engine light came on", "report_fault")
    await english.says("it's yellow", "inform")
    await english.says("steady", "nlu_fallback")
    said = await english.says("runs fine, as usual", "inform")
    assert names(said)[-1] == "utter_offer_diagnosis"
    assert "Possible causes" in shown(said, "en")
    (row,) = await kept(services)
    assert [one["answer"] for one in row.answers] == ["yellow", "steady", "smooth"]


async def test_words_of_his_own_are_kept_for_the_technician(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("方向盘不正", "report_fault")
    await chat.says("上礼拜换了两条轮胎之后", "nlu_fallback")
    (row,) = await kept(services)
    assert row.answers[0]["answer"] == ""
    assert row.answers[0]["answer_zh"] == "上礼拜换了两条轮胎之后"


async def test_questions_can_be_skipped_one_by_one(chat: Dialogue, services: Services) -> None:
    said = await chat.says("空调不凉", "report_fault")
    said = await chat.presses(answer(said, "跳过"))
    said = await chat.says("不清楚", "nlu_fallback")
    assert names(said)[-1] == "utter_offer_diagnosis"
    (row,) = await kept(services)
    assert [one["answer"] for one in row.answers] == ["", ""]


@pytest.mark.parametrize(("text", "intent"), [("算了", "stop"), ("直接说吧", "inform")])
async def test_it_can_be_ended_at_any_time(chat: Dialogue, text: str, intent: str) -> None:
    await chat.says("空调不凉", "report_fault")
    said = await chat.says(text, intent)
    assert names(said)[-1] == "utter_offer_diagnosis"
    assert "可能的原因" in shown(said)
    (one,) = await chat.says("算了", "stop")
    assert one.response == "utter_nothing_to_stop"


async def test_a_question_in_between_is_answered_and_the_question_comes_back(
    chat: Dialogue,
) -> None:
    first = await chat.says("空调不凉", "report_fault")
    said = await chat.says("你们几点关门", "ask_hours")
    assert len(said) == 2
    assert said[1].buttons == first[-1].buttons
    assert said[1].text.startswith("回到刚才的问题")
    await chat.says("山屿多少钱", "ask_price", mention("model", "shanyu"))
    said = await chat.says("你们在哪", "ask_location")
    assert len(said) == 1, "after two times nobody wants to be asked again"


async def test_at_most_three_questions(chat: Dialogue) -> None:
    said = await chat.says("发动机故障灯亮了，报P0171、P0420和U0121", "report_fault")
    asked = 0
    while said[-1].titles[-1:] == ["跳过"]:
        asked += 1
        said = await chat.presses(answer(said, "跳过"))
    assert asked == 3


async def test_what_the_story_says_is_not_asked(chat: Dialogue) -> None:
    said = await chat.says("发动机黄灯一直亮", "report_fault")
    assert said[-1].titles[:2] == ["平稳", "发抖"]


@both
async def test_codes_are_read_and_explained(chat: Dialogue, services: Services) -> None:
    said = await chat.says("读出来 P0300 和 p 0171，还有 B1A2B", "report_fault")
    text = shown(said)
    assert "P0300：多个气缸随机缺火" in text
    assert "P0171：混合气过稀" in text
    assert "B1A2B：我这里没有核实过的释义" in text
    assert "厂家" in text
    assert names(said)[0] == "utter_fault_grave"
    (row,) = await kept(services)
    assert [(one["code"], one["known"]) for one in row.codes] == [
        ("P0300", True), ("P0171", True), ("B1A2B", False)
    ]  # fmt: skip


async def test_a_code_alone_is_a_fault_whatever_it_is_taken_for(english: Dialogue) -> None:
    said = await english.says("U0100-00", "inform")
    assert "no communication with the engine control unit" in shown(said, "en")
    said = await english.says("PO420", "nlu_fallback")
    assert "catalytic converter efficiency" in shown(said, "en")


async def test_an_unknown_code_is_no_all_clear(english: Dialogue, services: Services) -> None:
    said = await english.says("my reader shows C1234", "report_fault")
    assert names(said)[0] == "utter_fault"
    assert "I have no confirmed meaning" in shown(said, "en")
    assert "defined by each maker" in shown(said, "en")
    (row,) = await kept(services)
    assert row.verdict == "unclear"


async def test_a_grave_code_is_danger(chat: Dialogue) -> None:
    said = await chat.says("故障码P0AA6", "report_fault")
    assert names(said)[0] == "utter_danger"
    assert "绝缘" in shown(said)


async def test_what_is_harmless_is_not_made_urgent(chat: Dialogue) -> None:
    said = await chat.says("最近油耗变大了", "report_fault")
    assert names(said)[0] == "utter_fault_no_hurry"


async def test_words_decide_where_they_are_graver(chat: Dialogue, services: Services) -> None:
    said = await chat.says("油耗变大了，而且机舱冒烟", "report_fault")
    assert names(said)[0] == "utter_danger"
    (row,) = await kept(services)
    assert row.verdict == "stop"


async def test_withdrawn_knowledge_is_not_said(chat: Dialogue, services: Services) -> None:
    async with services.database.transaction() as session:
        await session.execute(
            Diagnosis.metadata.tables["trouble_codes"]
            .update()
            .values(approved_by=None, approved_at=None)
        )
    said = await chat.says("报P0300", "report_fault")
    assert "没有核实过" in shown(said)
    assert "缺火" not in shown(said).replace("点火或缺火", "")


async def test_the_same_message_twice_keeps_one(chat: Dialogue, services: Services) -> None:
    await chat.says("报P0300", "report_fault", message_id="same")
    chat.slots["topic"] = None
    await chat.says("报P0300", "report_fault", message_id="same")
    assert len(await kept(services)) == 1


async def test_it_goes_with_the_booking(chat: Dialogue, services: Services) -> None:
    said = await chat.says("空调不凉", "report_fault")
    await chat.presses(answer(said, "这几天"))
    await chat.presses('/book_maintenance{"start_with": "diagnosis"}')
    await chat.says("山屿", "inform", mention("model", "shanyu"))
    await chat.says("周五上午十点", "inform")
    await chat.says("浙A12345", "inform")
    await chat.says("王伟", "inform")
    await chat.says("13800000001", "inform")
    said = await chat.says("好的", "affirm")
    assert names(said) == ["utter_service_booked", "utter_calendar"], shown(said)
    (row,) = await kept(services)
    assert row.service_booking_id is not None
    assert [one["answer"] for one in row.answers] == ["days"]
