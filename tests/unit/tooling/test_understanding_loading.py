"""Reading the sentences and thresholds that understanding is measured with."""

from pathlib import Path

import pytest

from scripts.ground import Failure
from scripts.understanding import loading
from scripts.understanding.outcomes import Guess, Sentence, Thresholds

NLU = """version: "3.1"
nlu:
- synonym: 山屿
  examples: |
    - 山屿X
- intent: inform
  examples: |
    - 星期六 - 下午
    - 13800000071

    - the E3: please
    - 42
"""


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_sentences_of_all_files_each_once_and_nothing_of_the_others(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", NLU)
    write(tmp_path, "b.yml", NLU + "    - 新的一句\n")
    write(tmp_path, "unrelated.yml", "unrelated: {zh: [你好]}\n")
    write(tmp_path, "c.md", "- nothing")
    assert loading.held_back(tmp_path) == [
        Sentence("星期六 - 下午", "zh", "inform"),
        Sentence("13800000071", "zh", "inform"),
        Sentence("the E3: please", "en", "inform"),
        Sentence("42", "en", "inform"),
        Sentence("新的一句", "zh", "inform"),
    ]


@pytest.mark.parametrize("text", ["- a list\n", "nlu: [\n", "nlu: [{intent: a, examples: [b]}]"])
def test_a_file_in_another_format_is_named(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a.yml", text)
    with pytest.raises(Failure, match=r"a\.yml"):
        loading.held_back(tmp_path)


def test_one_chinese_character_makes_a_sentence_chinese() -> None:
    assert loading.language_of("E5 和 X7", "en") == "zh"
    assert loading.language_of("E5", "zh") == "en"
    assert loading.language_of("3:30?", "en") == "en"


def test_unrelated_sentences_have_the_language_they_are_listed_under(tmp_path: Path) -> None:
    path = write(tmp_path, "u.yml", "unrelated:\n  zh: [OK吗, OK]\n  en: [hi, hi]\n")
    assert loading.unrelated(path) == [
        Sentence("OK吗", "zh"), Sentence("OK", "zh"), Sentence("hi", "en"),
    ]  # fmt: skip
    assert loading.unrelated(write(tmp_path, "u.yml", "unrelated: {zh: , en: []}")) == []
    assert loading.unrelated(tmp_path / "absent.yml") is None


@pytest.mark.parametrize(
    "text", ["unrelated: [a]", "other: {}", "unrelated: {de: [nein]}", "unrelated: {en: [yes]}"]
)
def test_a_malformed_list_of_unrelated_sentences_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(Failure, match=r"u\.yml"):
        loading.unrelated(write(tmp_path, "u.yml", text))


def test_thresholds_are_those_of_the_configuration(tmp_path: Path) -> None:
    def read(pipeline: str) -> Thresholds:
        return loading.thresholds(write(tmp_path, "config.yml", f"pipeline: {pipeline}\n"))

    fallback = "{name: FallbackClassifier, threshold: 0.4, ambiguity_threshold: 0.05}"
    assert read(f"[{{name: x}}, {fallback}]") == Thresholds(0.4, 0.05)
    assert read("[{name: FallbackClassifier}]") == Thresholds(0.3, 0.1)
    assert read("[{name: x}]") == Thresholds(0, 0)
    assert loading.thresholds() != Thresholds(0, 0)


def test_what_the_model_answers_becomes_an_outcome() -> None:
    sentence = Sentence("山屿多少钱", "zh", "ask_price")
    parsed = {"ranking": [["ask_price", 0.9], ["greet", 0.1]], "kinds": ["model"]}
    found = loading.outcome(sentence, parsed)
    assert found.best == Guess("ask_price", 0.9)
    assert found.second == Guess("greet", 0.1)
    assert found.kinds == ("model",)
    with pytest.raises(Failure, match="山屿多少钱"):
        loading.outcome(sentence, {"ranking": [], "kinds": []})


def test_a_model_that_is_not_there_is_never_replaced_by_its_neighbour(tmp_path: Path) -> None:
    write(tmp_path, "other.tar.gz", "")
    with pytest.raises(Failure, match=r"wanted\.tar\.gz"):
        loading.understood(tmp_path / "wanted.tar.gz", [Sentence("你好", "zh")], {})
    assert loading.understood(tmp_path / "other.tar.gz", [], {}) == []
