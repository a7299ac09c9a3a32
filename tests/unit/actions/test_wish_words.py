"""What customers say a car must be, read from their words."""

import pytest

from bot.actions import another_car, wish_words


@pytest.mark.parametrize(
    ("text", "wheels"),
    [
        ("最好四驱", "four"),
        ("an AWD one", "four"),
        ("four-wheel drive please", "four"),
        ("前驱就行", "front"),
        ("rear wheel drive", "rear"),
        ("两驱够用了", "two"),
        ("不要四驱", "two"),
        ("no 2WD", "four"),
        ("前驱还是四驱", None),
        ("test drive", None),
    ],
)
def test_driven_wheels(text: str, wheels: str | None) -> None:
    assert wish_words.drive(text) == wheels


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("中型SUV", ["mid"]),
        ("中大型的", ["mid_large"]),
        ("中小型车", ["small_mid"]),
        ("紧凑型轿车", ["compact"]),
        ("a mid-size saloon", ["mid"]),
        ("mid- to full-size", ["mid_large"]),
        ("small or mid-sized", ["small_mid"]),
        ("a full-size pickup", ["large"]),
        ("车身多长", []),
    ],
)
def test_sizes(text: str, sizes: list[str]) -> None:
    assert wish_words.sizes(text) == sizes


def test_neighbouring_sizes_overlap_only_where_the_words_do() -> None:
    assert wish_words.same_size(["small"], ["small_mid"])
    assert wish_words.same_size(["large"], ["mid_large"])
    assert not wish_words.same_size(["mid"], ["mid_large"])
    assert not wish_words.same_size(["mid"], [])


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("平时五个人坐", 5),
        ("一般坐3到4个人", 4),
        ("一家六口", 6),
        ("就我自己一个人开", 1),
        ("2个大人带3个孩子", 5),
        ("room for seven", 7),
        ("a car for five, please", 5),
        ("two adults and three kids", 5),
        ("family of four", 4),
        ("just me", 1),
        ("三万公里", None),
        ("for two weeks", None),
    ],
)
def test_people(text: str, people: int | None) -> None:
    assert wish_words.people(text) == people


def test_what_is_refused_and_what_no_longer_matters() -> None:
    assert wish_words.refused("不要SUV了", 2, 5)
    assert wish_words.refused("no SUV please", 3, 6)
    assert not wish_words.refused("要SUV", 1, 4)
    assert wish_words.dropped("天窗无所谓", 2)
    assert wish_words.dropped("the sunroof isn't necessary", 11)
    assert not wish_words.dropped("天窗要大", 2)


def test_a_wish_is_told_from_a_question() -> None:
    assert wish_words.states_wish("想要四驱的")
    assert wish_words.states_wish("I need all-wheel drive")
    assert not wish_words.states_wish("有四驱吗")
    assert not wish_words.states_wish("Does it need premium fuel?")


def test_the_one_number_that_is_no_part_of_a_name() -> None:
    name = {"entity": "trim", "value": "x", "start": 0, "end": 5}
    assert wish_words.lone_number("620km续航有600公里吗", [name]) == "600"
    assert wish_words.lone_number("500到600公里", []) is None
    assert (wish_words.side_of("600以上"), wish_words.side_of("under 8")) == ("least", "most")


@pytest.mark.parametrize("text", ["贵一点的", "再大一点呢", "something bigger", "similar ones"])
def test_another_car_is_asked_for(text: str) -> None:
    assert another_car.asks_for_another(text)


def test_no_other_car_is_asked_for() -> None:
    assert not another_car.asks_for_another("后备箱多大")


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("推荐得不错，谢谢", True),
        ("cheers for the suggestions", True),
        ("谢谢，再推荐一款", False),
        ("thanks, but which one is cheaper?", False),
        ("推荐一款", False),
    ],
)
def test_thanks_for_a_recommendation_are_no_wish_for_one(text: str, thanks: bool) -> None:
    assert another_car.only_thanks(text) == thanks
