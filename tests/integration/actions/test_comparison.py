"""Models side by side and trims of one model: what is told is what the records say."""

from typing import Any

from backend.models import Feature, Trim, TrimFeature
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.records import change

SHANYU, YUNCHI, QINGLAN = (mention("model", code) for code in ("shanyu", "yunchi", "qinglan"))
TOP, BASE = mention("trim_level", "top"), mention("trim_level", "base")


def starts(model: str) -> int:
    return min(demo.prices()[code] for code in demo.trims_of(model) if code in demo.prices())


def length(model: str) -> int:
    found: int = next(row for row in demo.models() if row["code"] == model)["features"]["length"]
    return found


async def test_two_models_are_told_apart_by_their_records(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿和云驰哪个好", "recommend_model", SHANYU, YUNCHI)
    assert [card["title"] for card in said.cards] == ["山屿", "云驰"]
    gap = starts("yunchi") - starts("shanyu")
    assert f"山屿起价低 {demo.wan(gap)}" in said.text
    assert f"云驰车身长 {length('yunchi') - length('shanyu')} mm" in said.text
    labels = [fact["label"] for fact in said.cards[0]["facts"]]
    assert labels[:4] == ["指导价", "座位", "车长", "后备箱容积"]
    assert "依据：" in said.cards[0]["subtitle"]
    assert chat.slots["topic"]["models"] == ["shanyu", "yunchi"]


async def test_three_models_in_english(english: Dialogue) -> None:
    (said,) = await english.says(
        "compare them", "ask_config", SHANYU, YUNCHI, mention("model", "yuanyue")
    )
    assert [card["title"] for card in said.cards] == ["Shanyu", "Yunchi", "Yuanyue"]
    assert f"the Shanyu starts lowest ({demo.yuan(starts('shanyu'), 'en')})" in said.text
    assert "the longest is the Yuanyue" in said.text


async def test_without_a_valid_record_no_difference_is_claimed(
    chat: Dialogue, services: Services
) -> None:
    for code in demo.trims_of("shanyu"):
        await change(
            services, TrimFeature, TrimFeature.trim_id == Trim.id, Trim.code == code,
            TrimFeature.feature_id == Feature.id, Feature.code == "length",
            approved_by=None, approved_at=None,
        )  # fmt: skip
    (said,) = await chat.says("山屿和云驰比呢", "ask_config", SHANYU, YUNCHI)
    assert "车身长" not in said.text
    assert "车长" not in [fact["label"] for fact in said.cards[0]["facts"]]


async def test_the_cheapest_of_those_compared(chat: Dialogue) -> None:
    await chat.says("山屿和云驰哪个好", "recommend_model", SHANYU, YUNCHI)
    (said,) = await chat.says("哪个最便宜", "ask_price")
    lowest = min(demo.trims_of("shanyu"), key=lambda code: demo.prices().get(code, 10**12))
    name = demo.trims()[lowest]["name_zh"]
    assert said.text.startswith(f"最便宜的是山屿 {name}，官方指导价 {demo.wan(starts('shanyu'))}。")
    (said,) = await chat.says("最贵的呢", "ask_models", SHANYU, YUNCHI)
    assert said.text.startswith("最贵的是云驰")


async def test_the_cheapest_of_the_recommended(english: Dialogue) -> None:
    (said,) = await english.says("an SUV", "recommend_model", mention("body", "suv"))
    listed = english.slots["topic"]["listed"]
    (said,) = await english.says("which one is the cheapest", "recommend_model")
    least = min(listed, key=starts)
    name = next(row["name_en"] for row in demo.models() if row["code"] == least)
    assert said.text.startswith(f"The cheapest is the {name} ")
    assert demo.yuan(starts(least), "en") in said.text


def has(trim: str, code: str) -> Any:
    """The value of the feature by the file, with what it takes over from other trims."""
    row = demo.trims()[trim]
    if code in row["features"]:
        return row["features"][code]
    if "like" in row:
        return has(row["like"], code)
    return row["model"]["features"].get(code)


async def test_what_the_top_trim_has_more(chat: Dialogue) -> None:
    (said,) = await chat.says("青岚高配多了什么", "ask_config", QINGLAN, TOP)
    low, high = "qinglan-15l-comfort", "qinglan-15t-prestige"
    gap = demo.prices()[high] - demo.prices()[low]
    head, *lines = said.text.splitlines()
    assert head == f"青岚 1.5T 尊享版比 1.5L 舒适版贵 {demo.wan(gap)}，差别在："
    shown = [line[2:] for line in lines if line.startswith("• ")]
    assert len(shown) == 10
    by_name = {row["name_zh"]: row for row in demo.read("catalogue")["features"]}
    for line in shown:
        row = by_name[line.removesuffix("（选装）")]
        assert row["kind"] == "flag"
        assert has(low, row["code"]) == "none"
        assert has(high, row["code"]) == ("optional" if line.endswith("（选装）") else "standard")
    assert "依据：" in lines[-1]


async def test_the_trims_named_are_those_told_apart(english: Dialogue) -> None:
    deluxe, prestige = "qinglan-15t-deluxe", "qinglan-15t-prestige"
    (said,) = await english.says(
        "difference between deluxe and prestige", "ask_config", QINGLAN,
        mention("trim", deluxe), mention("trim", prestige),
    )  # fmt: skip
    gap = demo.prices()[prestige] - demo.prices()[deluxe]
    assert said.text.startswith(
        f"The Qinglan 1.5T Prestige costs {demo.yuan(gap, 'en')} more than the 1.5T Deluxe."
    )
    assert "• Wireless phone charging: optional → standard" in said.text
    assert "Adaptive cruise control" not in said.text


async def test_the_trim_talked_about_before_counts(chat: Dialogue) -> None:
    elite = mention("trim", "qinglan-15l-elite")
    await chat.says("青岚精英版多少钱", "ask_price", QINGLAN, elite)
    (said,) = await chat.says("高配多了什么", "ask_config", TOP)
    assert said.text.startswith("青岚 1.5T 尊享版比 1.5L 精英版贵")


async def test_one_model_named_without_another_is_told_within(chat: Dialogue) -> None:
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    (said,) = await chat.says("云驰高低配差在哪", "ask_config", YUNCHI, TOP, BASE)
    assert said.text.startswith("云驰 ")
    assert not said.cards
    await chat.says("山屿多少钱", "ask_price", SHANYU)
    (said,) = await chat.says("和云驰有什么区别", "ask_config", YUNCHI)
    assert [card["title"] for card in said.cards] == ["云驰", "山屿"]


async def test_of_other_makes_nothing_is_claimed(english: Dialogue) -> None:
    text = "how does the shanyu compare to Toyota"
    make = mention("make", "Toyota", start=text.index("Toyota"), end=len(text))
    said = await english.says(text, "ask_config", SHANYU, make)
    assert names(said) == ["utter_no_other_make", "text"]
    assert said[0].values == {"make": "Toyota"}
    assert all(card["title"].startswith("Shanyu") for card in said[1].cards)


async def test_whoever_drives_another_make_asks_for_no_comparison(chat: Dialogue) -> None:
    said = await chat.says("我现在开丰田，想看看SUV", "recommend_model", mention("make", "Toyota"),
                           mention("body", "suv"))  # fmt: skip
    assert names(said) == ["utter_recommendation"]


async def test_a_count_and_inches_in_english(english: Dialogue) -> None:
    said = await english.says(
        "airbags and screen", "ask_config", SHANYU, mention("feature", "airbags"),
        mention("feature", "screen_size"),
    )  # fmt: skip
    assert not any("个" in one.text or "英寸" in one.text for one in said)
    assert said[1].text.split(" (")[0].endswith(" in.")


async def test_a_wish_for_a_lower_price(chat: Dialogue) -> None:
    said = await chat.says("山屿能不能再便宜点", "ask_promotion", SHANYU)
    assert names(said) == ["text", "utter_bargain"]
    assert "云驰" not in said[0].text
    said = await chat.says("有什么活动", "ask_promotion")
    assert names(said) == ["text"]


async def test_without_a_car_the_general_offers_come_first(english: Dialogue) -> None:
    (said,) = await english.says("any offers", "ask_promotion")
    lines = [line for line in said.text.splitlines() if line.startswith("• ")]
    assert len(lines) == 4
    assert demo.promotion("trade-in-2026")["title_en"] in lines[0]
