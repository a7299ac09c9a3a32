"""Recommendations: what fits the wishes, and the nearest where nothing does."""

from typing import Any

from backend.models import Price, Trim
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.dialogue import Dialogue, Said, mention
from tests.integration.actions.records import change


def shown(said: Said) -> list[str]:
    return [card["title"] for card in said.cards]


def suits(body: str | None, energies: set[str] | None, low: int, high: int) -> dict[str, list[str]]:
    """Model → its trims that fit, from the files, prices in yuan."""
    found: dict[str, list[str]] = {}
    for code, trim in demo.trims().items():
        price = demo.prices().get(code)
        if (
            (body is None or trim["model"]["body"] == body)
            and (energies is None or trim["energy"] in energies)
            and price is not None
            and low * 100 <= price <= high * 100
        ):
            found.setdefault(trim["model"]["name_zh"], []).append(code)
    return found


async def test_without_a_wish_the_budget_is_asked_for(chat: Dialogue) -> None:
    (said,) = await chat.says("推荐一款车", "recommend_model")
    assert said.response == "utter_ask_wishes"
    assert said.titles == ["SUV", "轿车", "MPV"]
    (said,) = await chat.presses(said.payloads[0])
    assert said.response == "utter_recommendation"
    suvs = [row["name_zh"] for row in demo.models() if row["body"] == "suv"]
    assert shown(said) == suvs[:3]


async def test_budget_and_body_are_kept_to(chat: Dialogue) -> None:
    (said,) = await chat.says("15万以内的SUV", "recommend_model", mention("body", "suv"))
    fitting = suits("suv", None, 0, 150_000)
    assert said.response == "utter_recommendation"
    assert shown(said) == list(fitting)
    for card in said.cards:
        assert [fact["value"] for fact in card["facts"]] == [
            demo.wan(demo.prices()[code]) for code in fitting[card["title"]][:4]
        ]
    assert said.cards[0]["buttons"][0]["payload"] == '/ask_config{"model": "shanyu"}'


async def test_a_range_has_two_ends(chat: Dialogue) -> None:
    (said,) = await chat.says("预算15到18万", "recommend_model")
    assert shown(said) == list(suits(None, None, 150_000, 180_000))[:3]


async def test_wishes_add_up_over_turns(chat: Dialogue) -> None:
    await chat.says("20万以内", "recommend_model")
    (said,) = await chat.says("要纯电的", "inform", mention("energy", "electric"))
    assert shown(said) == list(suits(None, {"electric"}, 0, 200_000))[:3]
    (said,) = await chat.says("轿车", "inform", mention("body", "sedan"))
    assert shown(said) == list(suits("sedan", {"electric"}, 0, 200_000))[:3]
    (said,) = await chat.says("预算改成17万以内", "inform")
    assert shown(said) == list(suits("sedan", {"electric"}, 0, 170_000))[:3]


async def test_a_down_payment_is_not_a_budget(chat: Dialogue) -> None:
    money = mention("money", {"amount": 5_000_000, "role": "down_payment"})
    (said,) = await chat.says("首付五万能买什么", "recommend_model", money)
    assert said.response == "utter_ask_wishes"


async def test_the_nearest_is_named_as_such(chat: Dialogue) -> None:
    (said,) = await chat.says("5万以内的MPV", "recommend_model", mention("body", "mpv"))
    assert said.response == "utter_nearest"
    assert shown(said) == ["归途 M8"]


async def test_a_feature_counts_only_where_a_valid_record_gives_it(
    chat: Dialogue, services: Services
) -> None:
    wish: tuple[Any, ...] = (mention("body", "suv"), mention("feature", "highway_pilot"))
    (said,) = await chat.says("有高速领航的SUV", "recommend_model", *wish)
    assert said.response == "utter_recommendation"
    for card in said.cards:
        code = next(row["code"] for row in demo.models() if row["name_zh"] == card["title"])
        offered = {fact["label"] for fact in card["facts"]}
        assert offered < {demo.trims()[trim]["name_zh"] for trim in demo.trims_of(code)}


async def test_the_listed_cars_can_be_pointed_at(chat: Dialogue) -> None:
    (said,) = await chat.says("30万以内的SUV", "recommend_model", mention("body", "suv"))
    second = shown(said)[1]
    (said,) = await chat.says("第二款多少钱", "ask_price", mention("ordinal", 2))
    assert said.text.startswith(f"{second}官方指导价")


async def test_an_unpriced_trim_is_never_within_a_budget(
    chat: Dialogue, services: Services
) -> None:
    await change(services, Price, Price.trim_id == Trim.id, Trim.code == "shanyu-15t-comfort",
                 approved_by=None, approved_at=None)  # fmt: skip
    (said,) = await chat.says("12万以内的SUV", "recommend_model", mention("body", "suv"))
    assert said.response == "utter_nearest"
    assert "price not confirmed" not in said.shown("zh")


async def test_english(english: Dialogue) -> None:
    (said,) = await english.says(
        "an electric sedan under 170,000 yuan", "recommend_model",
        mention("body", "sedan"), mention("energy", "electric"),
    )  # fmt: skip
    assert shown(said) == ["Xinghe E5"]
    assert said.cards[0]["facts"][0]["value"] == demo.yuan(demo.prices()["xinghe-e5-520"], "en")
    assert said.cards[0]["subtitle"].startswith("sedan · electric · 5 seats")
