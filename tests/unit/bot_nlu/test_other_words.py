"""Names that a catalogue does not list, but customers use: synonyms, parts of long names."""

from bot.nlu import part_names
from bot.nlu.catalogue import CatalogueIndex, Name
from bot.nlu.spans import Span
from bot.nlu.synonyms import synonyms

NAMES = [
    Name("brand", "", "Nordstern"),
    Name("model", "lux", "Nordstern LX"),
    Name("model", "tal", "T-ALP 溯野"),
    Name("model", "wei", "维川 L"),
    Name("model", "e5", "Xinghe E5"),
    Name("trim", "lux-a", "280TSI DSG Comfort Edition", "lux"),
    Name("trim", "lux-b", "280TSI DSG 豪华型", "lux"),
    Name("trim", "tal-a", "1.5T 自动豪华版", "tal"),
    Name("feature", "cam", "倒车影像"),
    Name("feature", "heat", "Heated seats"),
]
INDEX = CatalogueIndex(NAMES)


def found(text: str, kind: str) -> list[Span]:
    return [span for span in INDEX.find(text) if span.kind == kind]


def test_a_feature_is_found_by_other_words_for_it() -> None:
    assert [s.value for s in found("does it have a reverse camera", "feature")] == ["cam"]
    assert [s.value for s in found("有座椅加热吗", "feature")] == ["heat"]


def test_a_name_that_the_catalogue_gives_stays_with_its_feature() -> None:
    named = [("acc", "自适应巡航"), ("acc", "定速巡航"), ("cc", "Cruise control")]
    more = list(synonyms(named))
    assert ("acc", "cruise control") not in more
    assert not {name for _, name in more} & {name for _, name in named}


def test_a_model_is_found_by_a_telling_part_of_its_name() -> None:
    assert [s.value for s in found("溯野多少钱", "model")] == ["tal"]
    assert [s.value for s in found("how much is the LX", "model")] == ["lux"]
    assert [s.value for s in found("维川怎么样", "model")] == ["wei"]


def test_of_a_name_with_a_code_nothing_may_be_left_out() -> None:
    assert found("how much is the xinghe", "model") == []


def test_the_brand_alone_is_no_model() -> None:
    pairs = [("lux", "FAW-Nordstern LX")]
    parts = dict(part_names.of_models(pairs, ["Nordstern"], lambda _: False))
    assert list(parts.values()) == ["lx"]


def test_a_trim_is_found_by_its_grade_in_any_wording() -> None:
    (span,) = found("豪华款有吗", "trim")
    assert set(span.alternatives) == {"lux-b", "tal-a"}
    (span,) = found("the comfort version", "trim")
    assert span.value == "lux-a"
    assert found("the comfort of my passengers", "trim") == []
