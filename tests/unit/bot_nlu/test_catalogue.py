from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given

from bot.nlu.catalogue import CatalogueIndex, Name
from bot.nlu.spans import Span
from tests.unit.bot_nlu.dealership import NAMES
from tests.unit.bot_nlu.test_text import ANY_TEXT

INDEX = CatalogueIndex(
    Name(row["kind"], row["ref"], row["text"], row.get("model")) for row in NAMES
)


def kinds(spans: Iterable[Span]) -> list[tuple[str, Any]]:
    return [(span.kind, span.value) for span in spans]


@pytest.mark.parametrize(
    "written",
    [
        "星禾E5", "星禾 E5", "星禾e5", "星禾　Ｅ５", "星禾-e5", "xinghe e5", "xinghee5",
        "Xinghe-E5", "XINGHE E5", "xinghe - e5", "xing he e5",
    ],
)  # fmt: skip
def test_one_name_in_all_its_spellings(written: str) -> None:
    text = f"我想看看{written}，贵吗"
    [span] = INDEX.find(text)
    assert (span.kind, span.value, span.text) == ("model", "xinghe-e5", written)
    assert text[span.start : span.end] == written


@pytest.mark.parametrize(
    "text",
    ["e50", "ae5", "e5x", "shanyuan", "su v", "充电车位", "加油车", "燃油费", "vanity", "电动尾门"],
)  # fmt: skip
def test_part_of_another_word_is_no_name(text: str) -> None:
    assert not INDEX.find(text)


def test_the_longest_name_wins() -> None:
    assert kinds(INDEX.find("有全景天窗吗")) == [("feature", "panoramic_sunroof")]


def test_plural_belongs_to_the_name() -> None:
    found = INDEX.find("do SUVs have sunroofs?")
    assert [(span.value, span.text) for span in found] == [("suv", "SUVs"), ("sunroof", "sunroofs")]


def test_a_trim_name_of_two_models_stays_open() -> None:
    [span] = INDEX.find("豪华版多少钱")
    assert span.kind == "trim"
    assert set(span.alternatives) == {"qinglan-luxury", "shanyu-luxury"}
    assert span.model is None


def test_a_trim_belongs_to_the_model_named_before_it() -> None:
    found = INDEX.find("青岚豪华版和山屿豪华版差多少")
    trims = [(span.value, span.alternatives, span.model) for span in found if span.kind == "trim"]
    assert trims == [("qinglan-luxury", (), "qinglan"), ("shanyu-luxury", (), "shanyu")]


def test_a_trim_belongs_to_the_only_model_named_after_it() -> None:
    found = INDEX.find("豪华版的山屿多少钱")
    assert ("trim", "shanyu-luxury") in kinds(found)


TOP_TRIMS = CatalogueIndex(
    [
        Name("model", "qinglan", "青岚"),
        Name("trim", "qinglan-premium", "高配", "qinglan"),
        Name("trim", "shanyu-premium", "高配", "shanyu"),
    ]
)


def test_a_level_that_several_models_have_is_a_level() -> None:
    assert kinds(TOP_TRIMS.find("高配呢")) == [("trim_level", "top")]


def test_a_level_of_one_model_is_its_trim_too() -> None:
    found = kinds(TOP_TRIMS.find("青岚高配多少钱"))
    assert found == [("model", "qinglan"), ("trim_level", "top"), ("trim", "qinglan-premium")]


def test_everyday_words_are_no_names() -> None:
    assert not CatalogueIndex([Name("feature", "drive", "Drive")]).find("a test drive please")


def test_a_word_of_a_phrase_is_no_name() -> None:
    index = CatalogueIndex([Name("feature", "range", "range")])
    assert not index.find("what is the price range")
    assert kinds(index.find("what is the range")) == [("feature", "range")]


def test_a_full_trim_name_names_the_model_too() -> None:
    found = INDEX.find("山屿1.5T尊享版")
    assert ("trim", "shanyu-premium") in kinds(found)
    assert ("model", "shanyu") in kinds(found)


def test_a_service_item_and_a_feature_of_one_name_are_both_found() -> None:
    found = INDEX.find("换机油")
    assert kinds(found) == [("service_item", "oil_change"), ("feature", "oil_grade")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("有纯电SUV吗", [("energy", "electric"), ("body", "suv")]),
        ("plug-in hybrid pickup", [("energy", "plug_in_hybrid"), ("body", "pickup")]),
        ("要高配，白色的", [("trim_level", "top"), ("colour", "white")]),
        ("the entry-level one", [("trim_level", "base")]),
        ("有便宜一点的吗", [("comparison", "cheaper")]),
        ("anything cheaper?", [("comparison", "cheaper")]),
        ("第二个", [("ordinal", 2)]),
        ("第3款吧", [("ordinal", 3)]),
        ("最后一个", [("ordinal", -1)]),
        ("the second one please", [("ordinal", 2)]),
        ("option 2", [("ordinal", 2)]),
        ("I'd take the first.", [("ordinal", 1)]),
        ("the latter", [("ordinal", -1)]),
    ],
)
def test_generic_words(text: str, found: list[tuple[str, Any]]) -> None:
    assert kinds(INDEX.find(text)) == found


@pytest.mark.parametrize(
    "text",
    ["第二天", "第一次来", "第一个周末", "the second of May", "the first Saturday", "option 2:30"],
)  # fmt: skip
def test_days_and_times_are_no_ordinals(text: str) -> None:
    assert not INDEX.find(text)


def test_a_word_for_two_energies_carries_both() -> None:
    [span] = INDEX.find("新能源")
    assert span.alternatives == ("electric", "plug_in_hybrid")


def test_an_empty_catalogue_still_knows_generic_words() -> None:
    assert kinds(CatalogueIndex().find("山屿 SUV")) == [("body", "suv")]


@given(ANY_TEXT)
def test_any_text_is_searched_and_spans_quote_it(text: str) -> None:
    for written in (text, f"{text}星禾E5{text}"):
        for span in INDEX.find(written):
            assert span.text == written[span.start : span.end] != ""


def test_a_person_is_no_slip_of_a_work() -> None:
    index = CatalogueIndex([Name("service_item", "tyre_rotation", "换位", None)])
    assert kinds(index.find("做个换位")) == [("service_item", "tyre_rotation")]
    assert index.find("黄伟") == []
