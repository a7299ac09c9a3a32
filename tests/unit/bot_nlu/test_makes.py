"""Other makes of car in customers' sentences."""

import pytest

from bot.nlu.catalogue import CatalogueIndex, Name
from bot.nlu.language import detect
from bot.nlu.language_detector import silent_spans
from bot.nlu.makes import names
from bot.nlu.words import split
from tests.unit.bot_nlu.dealership import NAMES


@pytest.fixture(scope="module")
def index() -> CatalogueIndex:
    rows = [
        *NAMES,
        {"kind": "model", "ref": "xinghe-x7", "text": "X7"},
    ]
    return CatalogueIndex(
        Name(row["kind"], row["ref"], row["text"], row.get("model")) for row in rows
    )


@pytest.mark.parametrize(
    ("text", "found", "make"),
    [
        ("山屿和丰田汉兰达哪个好", "丰田汉兰达", "Toyota"),
        ("比凯美瑞大吗", "凯美瑞", "Toyota"),
        ("compared with a Camry", "Camry", "Toyota"),
        ("Tesla Model Y or yours", "Tesla Model Y", "Tesla"),
        ("特斯拉modely", "特斯拉modely", "Tesla"),
        ("比亚迪宋plus", "比亚迪宋plus", "BYD"),
        ("比亚迪 宋", "比亚迪 宋", "BYD"),
        ("宝马3系", "宝马3系", "BMW"),
        ("奥迪 A6L", "奥迪 A6L", "Audi"),
        ("the Audi Q5 is smaller", "Audi Q5", "Audi"),
        ("CR-V", "CR-V", "Honda"),
        ("本田思域", "本田思域", "Honda"),
        ("奔驰C级", "奔驰C级", "Mercedes-Benz"),
        ("landrover", "landrover", "Land Rover"),
        ("two Toyotas", "Toyotas", "Toyota"),
        ("理想L9", "理想L9", "Li Auto"),
        ("理想汽车", "理想汽车", "Li Auto"),
        # The make says whose X7 it is.
        ("宝马X7", "宝马X7", "BMW"),
    ],
)
def test_a_make_is_found_with_its_model(
    index: CatalogueIndex, text: str, found: str, make: str
) -> None:
    spans = [span for span in index.find(text) if span.kind == "make"]
    assert [(span.text, span.value) for span in spans] == [(found, make)]
    assert not any(span.kind == "model" and span.value == "xinghe-x7" for span in index.find(text))


@pytest.mark.parametrize(
    "text",
    ["续航不理想", "理想的车", "大众化", "奔驰在路上", "长安街", "I play golf", "5mg", "深蓝色",
     "宋先生", "不吉利", "Seat heating", "affordable"],
)  # fmt: skip
def test_other_words_are_no_makes(index: CatalogueIndex, text: str) -> None:
    assert [span for span in index.find(text) if span.kind == "make"] == []


def test_a_model_of_ours_stays_ours(index: CatalogueIndex) -> None:
    kinds = [(span.kind, span.value) for span in index.find("X7 vs Tesla Model Y")]
    assert kinds == [("model", "xinghe-x7"), ("make", "Tesla")]


def test_the_dealerships_own_make_is_its_brand() -> None:
    index = CatalogueIndex(
        [
            Name("brand", "toyota", "丰田"),
            Name("model", "camry", "凯美瑞"),
            Name("model", "sagitar", "速腾"),
        ]
    )
    found = {
        text: [(span.kind, span.value) for span in index.find(text)]
        for text in ("丰田凯美瑞", "Toyota", "卡罗拉", "速腾", "大众速腾", "本田")
    }
    assert found["丰田凯美瑞"] == [("brand", "toyota"), ("model", "camry")]
    assert found["Toyota"] == found["卡罗拉"] == []
    assert found["速腾"] == [("model", "sagitar")]
    assert found["本田"] == [("make", "Honda")]


def test_many_makes_are_known() -> None:
    listed = list(names(()))
    assert len({name.make for name in listed}) >= 60
    assert all(len(name.text) > 1 for name in listed)


def test_to_the_model_all_makes_are_one_word(index: CatalogueIndex) -> None:
    for text in ("丰田", "BMW X5", "蔚来"):
        assert [word.lemma for word in split(text, index.find(text))] == ["__make__"]


def test_a_make_tells_no_language(index: CatalogueIndex) -> None:
    assert detect("Toyota Camry", silent_spans(index.find("Toyota Camry"))) is None
    assert detect("丰田", silent_spans(index.find("丰田"))) is None
