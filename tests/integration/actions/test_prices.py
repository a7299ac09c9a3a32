"""Models, list prices, offers: what is said, of which car, and what is not."""

from datetime import date

from backend.clock import FixedClock
from backend.models import Price, Promotion, Trim
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.records import change, tasks

SHANYU = mention("model", "shanyu")
YUNCHI = mention("model", "yunchi")


async def ask(
    chat: Dialogue, text: str, *entities: dict[str, object], intent: str = "ask_price"
) -> str:
    """The one composed answer to a question."""
    (said,) = await chat.says(text, intent, *entities)
    assert said.response is None
    return said.text


@both
async def test_a_model_is_answered_trim_by_trim(chat: Dialogue) -> None:
    (said,) = await chat.says("山屿多少钱", "ask_price", SHANYU)
    own = demo.trims_of("shanyu")
    amounts = [demo.prices()[code] for code in own]
    lines = said.text.splitlines()
    assert lines[0] == f"山屿官方指导价 {demo.wan(min(amounts))}至 {demo.wan(max(amounts))}："
    assert lines[1:-1] == [
        f"• {demo.trims()[code]['name_zh']}：{demo.wan(demo.prices()[code])}" for code in own
    ]
    assert demo.read("prices")["defaults"]["source"] in lines[-1]
    assert said.payloads == [
        '/ask_onroad_price{"model": "shanyu"}',
        '/ask_finance{"model": "shanyu"}',
        '/book_test_drive{"model": "shanyu"}',
    ]
    topic = {"models": ["shanyu"], "trims": [], "ask": "ask_price"}
    assert chat.slots["topic"] == topic
    assert [e["name"] for e in chat.events if e["event"] == "slot"] == ["topic"]


async def test_one_trim_is_answered_with_its_exact_price(chat: Dialogue, english: Dialogue) -> None:
    code = "shanyu-15t-deluxe"
    fen, row = demo.prices()[code], demo.trims()[code]
    text = await ask(chat, "山屿 1.5T 豪华版多少钱", SHANYU, mention("trim", code))
    assert text.startswith(
        f"山屿 {row['name_zh']}的官方指导价是 {demo.wan(fen)}（{demo.yuan(fen)}）。（依据："
    )
    text = await ask(english, "how much is it", SHANYU, mention("trim", code))
    assert text.startswith(
        f"The list price of the Shanyu {row['name_en']} is {demo.yuan(fen, 'en')}. (Source: "
    )
    assert chat.slots["topic"]["trims"] == [code]


async def test_top_and_base_are_chosen_by_price(chat: Dialogue) -> None:
    own = sorted(demo.trims_of("yunchi"), key=lambda code: demo.prices()[code])
    text = await ask(chat, "云驰高配多少钱", YUNCHI, mention("trim_level", "top"))
    assert demo.wan(demo.prices()[own[-1]]) in text
    assert chat.slots["topic"]["trims"] == [own[-1]]
    text = await ask(chat, "低配呢", mention("trim_level", "base"), intent="inform")
    assert demo.wan(demo.prices()[own[0]]) in text
    assert chat.slots["topic"]["trims"] == [own[0]]


async def test_a_trim_name_of_several_models_means_the_model_under_discussion(
    chat: Dialogue,
) -> None:
    await ask(chat, "山屿多少钱", SHANYU)
    several = mention("trim", "qinglan-15t-deluxe", "yunchi-20t-deluxe", "shanyu-15t-deluxe")
    text = await ask(chat, "豪华版呢", several, intent="inform")
    assert demo.wan(demo.prices()["shanyu-15t-deluxe"]) in text
    assert demo.wan(demo.prices()["yunchi-20t-deluxe"]) not in text


async def test_two_models_are_set_side_by_side(chat: Dialogue) -> None:
    text = await ask(chat, "山屿和云驰哪个贵", SHANYU, YUNCHI)
    for code in (*demo.trims_of("shanyu"), *demo.trims_of("yunchi")):
        assert f"• {demo.trims()[code]['name_zh']}：{demo.wan(demo.prices()[code])}" in text
    assert chat.slots["topic"]["models"] == ["shanyu", "yunchi"]


async def test_ellipsis_keeps_the_question_and_changes_the_car(chat: Dialogue) -> None:
    await ask(chat, "山屿落地多少钱", SHANYU, intent="ask_onroad_price")
    text = await ask(chat, "那云驰呢", YUNCHI, intent="inform")
    assert text.startswith("云驰 ")
    assert "落地价" in text
    text = await ask(chat, "指导价呢")
    assert text.startswith("云驰官方指导价")


async def test_the_second_of_the_list_is_the_second_that_was_listed(chat: Dialogue) -> None:
    text = await ask(chat, "有哪些车", intent="ask_models")
    listed = [row["name_zh"] for row in demo.models()]
    assert [line[2:].split("（")[0] for line in text.splitlines()[1:-1]] == listed
    text = await ask(chat, "第二个多少钱", mention("ordinal", 2))
    assert text.startswith(f"{listed[1]}官方指导价")
    text = await ask(chat, "最后一个多少钱", mention("ordinal", -1))
    assert text.startswith(listed[-1])


async def test_the_list_narrows_to_a_body_style(english: Dialogue) -> None:
    text = await ask(english, "any SUVs?", mention("body", "suv"), intent="ask_models")
    wanted = [row["name_en"] for row in demo.models() if row["body"] == "suv"]
    assert [line[2:].split(" (")[0] for line in text.splitlines()[1:-1]] == wanted
    assert english.slots["topic"]["listed"] == [
        row["code"] for row in demo.models() if row["body"] == "suv"
    ]


async def test_a_trim_without_a_price_is_not_given_one(chat: Dialogue, services: Services) -> None:
    (without,) = set(demo.trims()) - set(demo.prices())
    row = demo.trims()[without]
    model = mention("model", row["model"]["code"])
    (said,) = await chat.says("这个多少钱", "ask_price", model, mention("trim", without))
    assert (said.response, said.values) == (
        "utter_not_confirmed",
        {"subject": row["model"]["name_zh"]},
    )
    assert [(task.kind, task.note) for task in await tasks(services)] == [
        ("question", "这个多少钱")
    ]
    # Beside trims that have one it is named as unknown, without a figure.
    text = await ask(chat, "都多少钱", model)
    assert f"• {row['name_zh']}：价格待确认，已请顾问跟进" in text


async def test_a_price_is_only_said_while_approved_and_valid(
    chat: Dialogue, services: Services
) -> None:
    code, fen = "shanyu-15t-deluxe", demo.prices()["shanyu-15t-deluxe"]
    one = (SHANYU, mention("trim", code))
    assert demo.wan(fen) in await ask(chat, "多少钱", *one)
    valid = {
        "approved_by": "manager", "approved_at": services.clock.now(),
        "valid_from": date(2026, 11, 25), "valid_until": date(2026, 11, 25),
    }  # fmt: skip
    for spoilt in (
        {"approved_by": None, "approved_at": None},
        {"valid_from": date(2026, 11, 26), "valid_until": None},
        {"valid_from": date(2026, 11, 1), "valid_until": date(2026, 11, 24)},
    ):
        await change(services, Price, Price.trim_id == Trim.id, Trim.code == code, **spoilt)
        (said,) = await chat.says("多少钱", "ask_price", *one)
        assert said.response == "utter_not_confirmed", spoilt
        await change(services, Price, Price.trim_id == Trim.id, Trim.code == code, **valid)
        # Its only day, both ends inclusive.
        assert demo.wan(fen) in await ask(chat, "多少钱", *one)


async def test_a_model_nobody_named_is_asked_for(chat: Dialogue) -> None:
    (said,) = await chat.says("落地多少钱", "ask_onroad_price")
    assert said.response == "utter_which_model"
    assert said.payloads == [f'/inform{{"model": "{row["code"]}"}}' for row in demo.models()]
    (said,) = await chat.presses('/inform{"model": "qinglan"}')
    assert "青岚" in said.text
    assert "落地价" in said.text


async def test_only_todays_offers_are_told(
    chat: Dialogue, services: Services, clock: FixedClock
) -> None:
    text = await ask(chat, "山屿有什么优惠", SHANYU, intent="ask_promotion")
    own = demo.promotion("shanyu-cash-2026-11")
    assert f"• {own['title_zh']}（至 12月31日（周四））：{own['text_zh']}" in text
    assert demo.promotion("trade-in-2026")["title_zh"] in text
    assert "云驰" not in text
    # Over, and not yet begun.
    text = await ask(chat, "云驰有什么优惠", YUNCHI, intent="ask_promotion")
    assert "10,000" not in text
    assert "7,000" not in text
    await change(
        services, Promotion, Promotion.code == "trade-in-2026", approved_by=None, approved_at=None
    )
    (said,) = await chat.says("云驰有优惠吗", "ask_promotion", YUNCHI)
    assert (said.response, said.values) == ("utter_no_promotion", {"subject": "云驰"})


async def test_a_retired_model_is_not_spoken_of(chat: Dialogue, services: Services) -> None:
    await ask(chat, "山屿多少钱", SHANYU)
    await change(services, Trim, Trim.code == "shanyu-15t-deluxe", active=False)
    assert demo.trims()["shanyu-15t-deluxe"]["name_zh"] not in await ask(chat, "多少钱", SHANYU)


async def test_an_unknown_model_code_is_taken_for_none(chat: Dialogue) -> None:
    said = await chat.says("多少钱", "ask_price", mention("model", "long-gone"))
    assert names(said) == ["text"]
    assert said[0].text.startswith("在售车型")


async def test_the_range_in_the_name_of_a_trim_singles_it_out(chat: Dialogue) -> None:
    (said,) = await chat.says("星禾X7 680多少钱", "ask_price", mention("model", "xinghe-x7"))
    assert "25.98 万元" in said.text
    assert "22.98" not in said.text
