"""Wishes gathered, corrected and dropped over turns, and what "it" means afterwards."""

from typing import Any

from backend.models import Price, Trim
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.dialogue import Dialogue, Said, mention
from tests.integration.actions.records import change, tasks

SUV, SEDAN = mention("body", "suv"), mention("body", "sedan")
ELECTRIC, HYBRID = mention("energy", "electric"), mention("energy", "hybrid")
SUNROOF = mention("feature", "sunroof")


def at(kind: str, value: Any, text: str, words: str) -> dict[str, Any]:
    """A mention where its words stand."""
    start = text.index(words)
    return mention(kind, value, start=start, end=start + len(words))


def titles(said: Said) -> list[str]:
    return [card["title"] for card in said.cards]


def trims_in(said: Said) -> list[str]:
    """The versions on the cards, by code."""
    by_name = {(t["model"]["name_zh"], t["name_zh"]): code for code, t in demo.trims().items()}
    return [by_name[card["title"], f["label"]] for card in said.cards for f in card["facts"]]


def drive(code: str) -> str:
    trim = demo.trims()[code]
    value = trim.get("features", {}).get("drive", trim["model"]["features"].get("drive"))
    return str(value)


async def test_driven_wheels_are_kept_and_corrected(chat: Dialogue) -> None:
    (said,) = await chat.says("30万以内的SUV，要四驱", "recommend_model", SUV)
    assert said.response == "utter_recommendation"
    assert trims_in(said)
    assert all("四驱" in drive(code) for code in trims_in(said))
    (said,) = await chat.says("不要四驱了", "recommend_model")
    assert not any("四驱" in drive(code) for code in trims_in(said))


async def test_seats_for_people(chat: Dialogue) -> None:
    (said,) = await chat.says("平时六个人坐", "recommend_model")
    assert all(demo.trims()[code]["seats"] >= 6 for code in trims_in(said))
    assert "至少 6 座" in said.values["wishes"]


async def test_a_refused_body_is_out_from_then_on(chat: Dialogue) -> None:
    await chat.says("20万以内的SUV", "recommend_model", SUV)
    text = "不要SUV了"
    (said,) = await chat.says(text, "recommend_model", at("body", "suv", text, "SUV"))
    bodies = {row["name_zh"]: row["body"] for row in demo.models()}
    assert titles(said)
    assert "suv" not in {bodies[title] for title in titles(said)}
    assert "不要SUV" in said.values["wishes"]
    (said,) = await chat.says("预算改成25万", "recommend_model")
    assert "suv" not in {bodies[title] for title in titles(said)}


async def test_equipment_adds_up_and_can_be_given_up(chat: Dialogue) -> None:
    await chat.says("要有天窗", "recommend_model", SUNROOF)
    vented = mention("feature", "ventilated_front_seats")
    await chat.says("还要座椅通风", "recommend_model", vented)
    assert chat.slots["topic"]["wishes"]["features"] == ["sunroof", "ventilated_front_seats"]
    text = "天窗无所谓"
    await chat.says(text, "recommend_model", at("feature", "sunroof", text, "天窗"))
    assert chat.slots["topic"]["wishes"]["features"] == ["ventilated_front_seats"]


async def test_a_figure_is_a_limit(chat: Dialogue) -> None:
    text = "续航600公里以上的"
    range_ = at("feature", "range_cltc", text, "续航")
    (said,) = await chat.says(text, "recommend_model", range_)
    assert said.response == "utter_recommendation"
    assert "至少 600 km" in said.values["wishes"]
    for code in trims_in(said):
        trim = demo.trims()[code]
        own = trim.get("features", {}).get("range_cltc")
        assert float(own or trim["model"]["features"]["range_cltc"]) >= 600


async def test_what_was_shown_is_what_is_asked_about_next(chat: Dialogue) -> None:
    (said,) = await chat.says("30万以内的SUV", "recommend_model", SUV)
    shown = titles(said)
    (said,) = await chat.says("有天窗吗", "ask_config", SUNROOF)
    assert all(name in said.text for name in shown)
    (said,) = await chat.says("多少钱", "ask_price")
    assert all(name in said.text for name in shown)
    (said,) = await chat.says("第二款呢", "inform", mention("ordinal", 2))
    assert said.text.startswith(shown[1])


async def test_the_suv_of_those_shown(chat: Dialogue) -> None:
    await chat.says("20万左右", "recommend_model")
    (said,) = await chat.says("那辆SUV有天窗吗", "ask_config", SUV, SUNROOF)
    others = [m["name_zh"] for m in demo.models() if m["body"] != "suv"]
    assert "山屿" in said.text
    assert not any(name in said.text for name in others)


async def test_nothing_fits_and_each_says_why(chat: Dialogue, english: Dialogue) -> None:
    (said,) = await chat.says("15万以内四驱的SUV", "recommend_model", SUV)
    assert said.response == "utter_nearest"
    lines = said.values["reason"].splitlines()
    assert "• 山屿：不是四驱" in lines
    assert any(line.startswith("• 远岳") and "超出预算" in line for line in lines)
    (said,) = await english.says(
        "an SUV under 150,000 yuan with four-wheel drive", "recommend_model", SUV
    )
    assert "• Shanyu: not four-wheel drive" in said.values["reason"].splitlines()


async def test_below_the_cheapest_car(chat: Dialogue) -> None:
    (said,) = await chat.says("5万以内的车有吗", "recommend_model")
    cheapest = min(demo.prices().values())
    assert said.response == "utter_nearest"
    assert f"{demo.wan(cheapest)}起，超出预算" in said.values["reason"]


async def test_a_monthly_payment_is_met_by_a_valid_plan(chat: Dialogue) -> None:
    money = mention("money", {"max": 150_000, "role": "monthly"})
    (said,) = await chat.says("月供在1500以内的", "recommend_model", money)
    assert said.response == "utter_recommendation"
    assert "月供 1,500 元以内" in said.values["wishes"]
    assert "期，月供" in said.values["why"]


async def test_others_than_those_shown(chat: Dialogue) -> None:
    (said,) = await chat.says("20万左右", "recommend_model")
    first = titles(said)
    (said,) = await chat.says("还有别的吗", "ask_models")
    assert titles(said)
    assert not set(first) & set(titles(said))


async def test_the_named_model_is_answered_for_itself(chat: Dialogue) -> None:
    top = mention("trim_level", "top")
    (said,) = await chat.says("想买山屿高配", "recommend_model", mention("model", "shanyu"), top)
    best = max(demo.trims_of("shanyu"), key=lambda code: demo.prices().get(code, 0))
    assert trims_in(said) == [best]
    assert said.text.startswith(f"山屿 {demo.trims()[best]['name_zh']}，官方指导价")
    await chat.says("要四驱的", "recommend_model")
    (said,) = await chat.says("山屿呢", "recommend_model", mention("model", "shanyu"))
    assert "不过它不符合您说的四驱" in said.text


async def test_cheaper_bigger_dearer(chat: Dialogue) -> None:
    await chat.says("云驰怎么样", "recommend_model", mention("model", "yunchi"))
    start = min(demo.prices()[code] for code in demo.trims_of("yunchi"))
    (said,) = await chat.says("比它便宜点的", "recommend_model", mention("comparison", "cheaper"))
    assert all(demo.prices()[code] < start for code in trims_in(said))
    lengths = {row["name_zh"]: row["features"]["length"] for row in demo.models()}
    reference = titles(said)[0]
    (said,) = await chat.says("再大一点的呢", "recommend_model")
    assert all(lengths[title] > lengths[reference] for title in titles(said))


async def test_versions_by_energy_yes_and_no(chat: Dialogue, english: Dialogue) -> None:
    (said,) = await chat.says("山屿有混动版吗", "ask_config", mention("model", "shanyu"), HYBRID)
    own = [code for code in demo.trims_of("shanyu") if demo.trims()[code]["energy"] == "hybrid"]
    assert said.text.startswith("有，山屿的混动版本：")
    assert all(demo.trims()[code]["name_zh"] in said.text for code in own)
    (said,) = await chat.says("纯电的呢", "inform", ELECTRIC)
    assert said.text.startswith("没有，山屿没有纯电版本。纯电的有")
    assert await english.says("specs", "ask_config", mention("model", "shanyu"))
    (said,) = await english.says("what about the electric one", "inform", ELECTRIC)
    assert said.text.startswith("No, there is no electric Shanyu.")


async def test_values_that_a_question_names(chat: Dialogue, english: Dialogue) -> None:
    shanyu = mention("model", "shanyu")
    (said,) = await chat.says("山屿是四驱吗", "ask_config", shanyu, mention("feature", "drive"))
    assert said.text.startswith("不是，山屿的驱动形式：前置前驱")
    (said,) = await chat.says("有白色吗", "ask_config", mention("colour", "white"))
    assert said.text.startswith("有，山屿的车身颜色")
    (said,) = await chat.says("能坐7个人吗", "ask_config")
    assert said.text == "坐不下，山屿是 5 座。"
    (said,) = await english.says(
        "is it all-wheel drive?", "ask_config", shanyu, mention("feature", "drive")
    )
    assert said.text.startswith("No. Shanyu")
    text = "后备箱有600升吗"
    trunk = at("feature", "trunk_volume", text, "后备箱")
    (said,) = await chat.says(text, "ask_config", trunk)
    assert said.text.startswith("没有，山屿的后备箱容积")


async def test_two_questions_of_one_clause_are_both_answered(chat: Dialogue) -> None:
    said = await chat.says("山屿多少钱有没有天窗", "ask_price", mention("model", "shanyu"), SUNROOF)
    assert "官方指导价" in said[0].text
    assert "天窗" in said[1].text


async def test_an_unknown_property_goes_to_a_colleague(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("山屿能拖多重", "ask_config", mention("model", "shanyu"))
    assert said.response == "utter_not_confirmed" or said.cards
    (said,) = await chat.says("它的隔音有多少分贝", "ask_config")
    assert said.response == "utter_not_confirmed"
    assert "它的隔音有多少分贝" in [task.note for task in await tasks(services)]


async def test_an_expired_price_is_neither_fit_nor_said(chat: Dialogue, services: Services) -> None:
    await change(services, Price, Price.trim_id == Trim.id, Trim.code == "qinglan-15l-comfort",
                 approved_by=None, approved_at=None)  # fmt: skip
    (said,) = await chat.says("9万以内", "recommend_model")
    assert "qinglan-15l-comfort" not in trims_in(said)


async def test_the_topic_before_the_last(chat: Dialogue) -> None:
    await chat.says("山屿多少钱", "ask_price", mention("model", "shanyu"))
    await chat.says("云驰多少钱", "ask_price", mention("model", "yunchi"))
    (said,) = await chat.says("之前那款有天窗吗", "ask_config", SUNROOF)
    assert "山屿" in said.text
    assert "云驰" not in said.text


async def test_which_of_those_shown_is_better(chat: Dialogue) -> None:
    (said,) = await chat.says("20万左右", "recommend_model")
    shown = titles(said)
    (said,) = await chat.says("哪款更好", "recommend_model")
    assert titles(said) == shown
    assert "主要差别" in said.text
    (said,) = await chat.says("前两款对比一下", "recommend_model")
    assert titles(said) == shown[:2]


async def test_another_make_beside_one_of_ours(english: Dialogue) -> None:
    text = "Is the BMW X3 better than the Shanyu?"
    make = at("make", "BMW", text, "BMW X3")
    said = await english.says(text, "recommend_model", make, mention("model", "shanyu"))
    assert said[0].response == "utter_no_other_make"
    assert said[1].text.startswith("The Shanyu comes in these versions")
