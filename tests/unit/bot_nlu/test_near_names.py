import pytest
from hypothesis import given

from bot.nlu.catalogue import CatalogueIndex, Name
from bot.nlu.near_names import NearNames
from bot.nlu.spans import Span
from tests.unit.bot_nlu.dealership import NAMES
from tests.unit.bot_nlu.test_text import ANY_TEXT

INDEX = CatalogueIndex(
    Name(row["kind"], row["ref"], row["text"], row.get("model")) for row in NAMES
)


def models(text: str) -> list[Span]:
    return [span for span in INDEX.find(text) if span.kind == "model"]


@pytest.mark.parametrize(
    "written",
    ["qinglqn", "qingan", "qinglaan", "qingaln", "Qinglam", "shamyu", "xinge e5", "Xinhge E5"],
)
def test_one_wrong_key_is_found_and_marked(written: str) -> None:
    [span] = models(f"how much is the {written}?")
    assert (span.text, span.near) == (written, True)
    assert span.entity()["near"] is True


def test_a_right_name_is_not_marked() -> None:
    [span] = models("how much is the Qinglan?")
    assert not span.near
    assert "near" not in span.entity()


@pytest.mark.parametrize("written", ["E7", "X7", "X5", "M5", "E55", "xinghe e7", "xinghe x5"])
def test_a_code_has_no_letter_to_spare(written: str) -> None:
    assert models(f"how much is the {written}") == []


@pytest.mark.parametrize("written", ["qinglqm", "qnigaln", "shqnyi", "yuyu"])
def test_two_wrong_keys_are_another_word(written: str) -> None:
    assert models(written) == []


@pytest.mark.parametrize("text", ["I carry it", "civil engineer", "camera", "a jury", "shandy"])
def test_an_ordinary_word_is_never_a_slip(text: str) -> None:
    assert not [span for span in INDEX.find(text) if span.kind in ("model", "make") and span.near]


@pytest.mark.parametrize("text", ["a Shanyu", "compare a Qinglan", "i Qinglan"])
def test_a_word_of_one_letter_is_no_part_of_the_name_beside_it(text: str) -> None:
    [span] = models(text)
    assert span.text == text.rsplit(maxsplit=1)[-1]
    assert not span.near


@pytest.mark.parametrize("text", ["元岳", "元岳多少钱", "山与", "想试驾山与", "星河E5", "兴和E5"])
def test_a_name_written_as_it_sounds_is_found_where_a_name_is_likely(text: str) -> None:
    [span] = models(text)
    assert span.near


@pytest.mark.parametrize(
    "text", ["登山与徒步", "登山与徒步的价格多少钱", "我们昨天去看了元岳这个人的新展览"]
)
def test_a_pair_of_sounds_inside_other_words_is_no_name(text: str) -> None:
    assert models(text) == []


def test_a_slip_of_several_names_leaves_them_open() -> None:
    index = CatalogueIndex([Name("model", "one", "Lankora"), Name("model", "two", "Lankoro")])
    [span] = index.find("the lankorx please")
    assert set(span.alternatives) == {"one", "two"}
    assert span.near


def test_without_names_nothing_is_near() -> None:
    assert NearNames((), lambda _: False).find("山与 qinglqn") == []


@pytest.mark.parametrize("unit", ["元岳", "qinglqn ", "a ", "q", "1", "-", "星河e5 ", "😀", "щ"])
def test_long_messages_are_searched(unit: str) -> None:
    text = (unit * 2_000)[:2_000]
    assert all(span.text == text[span.start : span.end] for span in INDEX.find(text))


@given(ANY_TEXT)
def test_near_findings_quote_any_text(text: str) -> None:
    for written in (text, f"{text}元岳{text}qinglqn"):
        for span in INDEX.find(written):
            assert span.text == written[span.start : span.end]


def test_a_particle_is_no_slip_of_a_name() -> None:
    names = NearNames(["刹车油", "全景天窗"], lambda written: False)
    assert names.find("刹车有点软，还能开不") == []
    assert names.find("全井天窗有吗") != []
