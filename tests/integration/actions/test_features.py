"""Configuration: what a car has and measures, with yes or no first."""

from typing import Any

import pytest
from sqlalchemy import select

from backend.models import Feature, Trim, TrimFeature
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import Dialogue, mention
from tests.integration.actions.records import change, tasks

SHANYU = mention("model", "shanyu")
YUNCHI = mention("model", "yunchi")


def named(code: str, language: str = "en") -> str:
    """A feature's name in the files."""
    row = next(row for row in demo.read("catalogue")["features"] if row["code"] == code)
    return str(row[f"name_{language}"])


def feature(*codes: str) -> dict[str, Any]:
    return mention("feature", *codes)


async def value(services: Services, trim: str, code: str, **values: Any) -> None:
    """Changes the record of one feature on one trim."""
    await change(
        services, TrimFeature, TrimFeature.trim_id == Trim.id, Trim.code == trim,
        TrimFeature.feature_id == Feature.id, Feature.code == code, **values,
    )  # fmt: skip


async def everywhere(services: Services, code: str, of: str) -> None:
    for trim in demo.trims_of("shanyu"):
        await value(services, trim, code, value=of)


@both
@pytest.mark.parametrize(
    ("of", "zh", "en"),
    [
        ("standard", "有，山屿全系标配天窗。", "Yes, Sunroof is standard on every Shanyu."),
        ("none", "没有，山屿各版本都没有配备天窗。", "No, Sunroof is not available on any Shanyu."),
        (
            "optional",
            "可以选装，山屿全系可选天窗。",
            "Yes, as an option: Sunroof can be ordered on every Shanyu.",
        ),
    ],
)
async def test_a_flag_that_is_the_same_everywhere_is_a_yes_or_a_no(
    chat: Dialogue, english: Dialogue, services: Services, of: str, zh: str, en: str
) -> None:
    await everywhere(services, "sunroof", of)
    (said,) = await chat.says("山屿有天窗吗", "ask_config", SHANYU, feature("sunroof"))
    assert said.text.startswith(zh + "（依据：")
    (said,) = await english.says("sunroof?", "ask_config", SHANYU, feature("sunroof"))
    assert said.text.lower().startswith(en.lower())


async def test_a_flag_that_differs_is_told_trim_by_trim(chat: Dialogue, services: Services) -> None:
    await everywhere(services, "sunroof", "standard")
    own = demo.trims_of("shanyu")
    await value(services, own[0], "sunroof", value="none")
    await value(services, own[1], "sunroof", value="optional")
    (said,) = await chat.says("山屿有天窗吗", "ask_config", SHANYU, feature("sunroof"))
    head, *lines = said.text.splitlines()
    assert head == "部分版本有，山屿各版本的天窗："
    shown = ["无", "选装", *["标配"] * (len(own) - 2)]
    assert lines[: len(own)] == [
        f"• {demo.trims()[code]['name_zh']}：{text}" for code, text in zip(own, shown, strict=True)
    ]


async def test_one_trim_is_answered_for_itself(chat: Dialogue, services: Services) -> None:
    await everywhere(services, "sunroof", "none")
    await value(services, "shanyu-15t-deluxe", "sunroof", value="standard")
    (said,) = await chat.says(
        "豪华版有天窗吗", "ask_config", SHANYU, mention("trim", "shanyu-15t-deluxe"),
        feature("sunroof"),
    )  # fmt: skip
    name = demo.trims()["shanyu-15t-deluxe"]["name_zh"]
    assert said.text.startswith(f"有，山屿 {name}标配天窗。")


async def test_a_number_has_its_unit_and_a_text_its_language(
    chat: Dialogue, english: Dialogue
) -> None:
    length = next(row for row in demo.models() if row["code"] == "shanyu")["features"]["length"]
    (said,) = await chat.says("山屿多长", "ask_config", SHANYU, feature("length"))
    assert said.text.startswith(f"山屿的车长：{length} mm。（依据：")
    (said,) = await english.says("how long", "ask_config", SHANYU, feature("length"))
    assert said.text.startswith(f"Shanyu, Length: {length} mm.")
    (said,) = await english.says("which drivetrain", "ask_config", SHANYU, feature("drive"))
    assert said.text.startswith(f"Shanyu, {named('drive')}: Front-wheel drive.")
    (said,) = await chat.says("什么驱动", "ask_config", SHANYU, feature("drive"))
    assert said.text.startswith("山屿的驱动形式：前置前驱。")


async def test_an_ambiguous_word_is_answered_for_all_it_may_mean(chat: Dialogue) -> None:
    said = await chat.says(
        "后备箱多大", "ask_config", SHANYU, feature("trunk_volume", "trunk_volume_max")
    )
    assert ["后备箱容积" in one.text for one in said] == [True, True]
    assert "后排放倒" in said[1].text


async def test_what_no_valid_record_says_is_not_claimed(chat: Dialogue, services: Services) -> None:
    for trim in demo.trims_of("shanyu"):
        await value(services, trim, "sunroof", approved_by=None, approved_at=None)
    (said,) = await chat.says("山屿有天窗吗", "ask_config", SHANYU, feature("sunroof"))
    assert (said.response, said.values) == ("utter_not_confirmed", {"subject": "山屿 天窗"})
    assert [(task.kind, task.note) for task in await tasks(services)] == [
        ("question", "山屿有天窗吗")
    ]


async def test_the_demos_unapproved_record_is_not_stated(
    chat: Dialogue, services: Services
) -> None:
    async with services.database.reading() as session:
        found = await session.execute(
            select(Trim.code, Feature.code, TrimFeature.value)
            .join(TrimFeature, TrimFeature.trim_id == Trim.id)
            .join(Feature, TrimFeature.feature_id == Feature.id)
            .where(TrimFeature.approved_at.is_(None))
        )
        unapproved = found.all()
    assert unapproved
    for trim, code, hidden in unapproved:
        model = mention("model", demo.trims()[trim]["model"]["code"])
        (said,) = await chat.says(
            "这个多少", "ask_config", model, mention("trim", trim), feature(code)
        )
        assert said.response == "utter_not_confirmed"
        assert hidden not in str(said.values)


async def test_partly_known_values_name_the_gap(chat: Dialogue, services: Services) -> None:
    own = demo.trims_of("shanyu")
    await everywhere(services, "sunroof", "standard")
    await value(services, own[0], "sunroof", approved_by=None, approved_at=None)
    (said,) = await chat.says("山屿有天窗吗", "ask_config", SHANYU, feature("sunroof"))
    assert f"• {demo.trims()[own[0]]['name_zh']}：待确认" in said.text
    assert "全系标配" not in said.text


async def test_the_feature_is_kept_for_another_car(chat: Dialogue) -> None:
    await chat.says("山屿多长", "ask_config", SHANYU, feature("length"))
    (said,) = await chat.says("云驰呢", "inform", YUNCHI)
    assert said.text.startswith("云驰的车长")
    (said,) = await chat.says("轴距呢", "inform", feature("wheelbase"))
    assert said.text.startswith("云驰的轴距")


async def test_two_cars_are_answered_together_the_longer_one_first(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿和云驰谁长", "ask_config", SHANYU, YUNCHI, feature("length"))
    head, *lines = said.text.splitlines()
    assert head == "最长的是云驰。车长："
    lengths = {row["name_zh"]: row["features"]["length"] for row in demo.models()}
    assert lines[:2] == [f"• 山屿：{lengths['山屿']} mm", f"• 云驰：{lengths['云驰']} mm"]


async def test_the_overview_shows_approved_figures_as_cards(
    english: Dialogue, services: Services
) -> None:
    (said,) = await english.says("specs of the Shanyu", "ask_config", SHANYU)
    own = demo.trims_of("shanyu")
    assert [card["title"] for card in said.cards] == [
        f"Shanyu {demo.trims()[code]['name_en']}" for code in own[:6]
    ]
    assert said.cards[0]["facts"][0] == {
        "label": "List price", "value": demo.yuan(demo.prices()[own[0]], "en"),
    }  # fmt: skip
    length = next(row for row in demo.models() if row["code"] == "shanyu")["features"]["length"]
    assert {"label": "Length", "value": f"{length} mm"} in said.cards[0]["facts"]
    await value(services, own[0], "length", approved_by=None, approved_at=None)
    (said,) = await english.says("specs of the Shanyu", "ask_config", SHANYU)
    assert "Length" not in [fact["label"] for fact in said.cards[0]["facts"]]


async def test_a_feature_of_no_car_asks_which_and_remembers(chat: Dialogue) -> None:
    (said,) = await chat.says("有天窗吗", "ask_config", feature("sunroof"))
    assert said.response == "utter_which_model"
    (said,) = await chat.presses('/inform{"model": "shanyu"}')
    assert "天窗" in said.text
