"""What `make bench` does around the two pipelines: data, sample, statistics, table."""

from pathlib import Path

import pytest
import yaml

from scripts import bench_understanding as bench
from scripts.bench_understanding import Conditions, Measured
from scripts.ground import ASSISTANT, Failure
from scripts.understanding.loading import held_back
from scripts.understanding.outcomes import FALLBACK, Language, Sentence, Thresholds

SIZES: dict[tuple[str, Language], int] = {
    ("greet", "zh"): 40,
    ("greet", "en"): 3,
    ("ask_price", "zh"): 10,
    ("ask_price", "en"): 7,
}
SENTENCES = [
    Sentence(f"{intent} {language} {number}", language, intent)
    for (intent, language), size in SIZES.items()
    for number in range(size)
]


@pytest.mark.parametrize(
    ("sizes", "count", "expected"),
    [
        ([5, 5, 5], 6, [2, 2, 2]),
        ([5, 1, 5], 7, [3, 1, 3]),
        ([5, 5, 5], 5, [2, 2, 1]),
        ([1, 2], 9, [1, 2]),
        ([], 3, []),
    ],
)
def test_what_a_small_group_cannot_give_comes_from_the_others(
    sizes: list[int], count: int, expected: list[int]
) -> None:
    assert bench.shares(sizes, count) == expected


def test_a_sample_is_even_over_intents_and_languages_and_always_the_same() -> None:
    sample = bench.even_sample(SENTENCES, 18)
    found = dict.fromkeys(SIZES, 0)
    for sentence in sample:
        found[sentence.intent or "", sentence.language] += 1
    assert list(found.values()) == [5, 3, 5, 5]
    assert len(set(sample)) == 18
    assert sample == bench.even_sample(SENTENCES, 18)


def test_a_sample_is_taken_from_the_whole_of_a_group() -> None:
    texts = [sentence.text for sentence in bench.even_sample(SENTENCES, 15)]
    assert texts[:4] == [f"greet zh {number}" for number in (0, 10, 20, 30)]


def test_a_sample_larger_than_all_is_all() -> None:
    assert set(bench.even_sample(SENTENCES, 1000)) == set(SENTENCES)


def test_a_sample_that_would_miss_an_intent_is_refused() -> None:
    with pytest.raises(Failure, match="4 groups"):
        bench.even_sample(SENTENCES, 3)


def test_percentiles_are_measured_values() -> None:
    assert bench.percentile(range(1, 101), 0.95) == 95
    assert bench.percentile([3.0, 1.0, 2.0], 0.95) == 3.0
    assert bench.percentile([3.0, 1.0, 2.0], 0.0) == 1.0


def test_the_stock_configuration_is_the_one_of_the_installed_package() -> None:
    file = "lib/python3*/site-packages/rasa/engine/recipes/config_files/default_config.yml"
    package = next(ASSISTANT.glob(file), None)
    if package is None:
        pytest.skip("Rasa's environment is not there")
    installed = yaml.safe_load(package.read_text())
    own = yaml.safe_load(bench.STOCK.read_text())
    assert {**own, "assistant_id": ""} == {**installed, "assistant_id": ""}


def test_epochs_change_for_all_that_has_them_and_nothing_else_does() -> None:
    stock = bench.STOCK.read_text()
    assert bench.with_epochs(stock, bench.STOCK_EPOCHS) == stock
    before, after = yaml.safe_load(stock), yaml.safe_load(bench.with_epochs(stock, 2))
    changed = [
        new["name"]
        for key in ("pipeline", "policies")
        for old, new in zip(before[key], after[key], strict=True)
        if old != new and {**old, "epochs": 2} == new
    ]
    assert changed == ["DIETClassifier", "ResponseSelector", "UnexpecTEDIntentPolicy", "TEDPolicy"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 你好\n    - hello: you\n'
        "- regex: digits\n  examples: |\n    - \\d+\n"
    )
    (folder / "stories.yml").write_text("stories:\n- story: one\n- story: two\n# as written\n")
    return folder


def test_without_a_sample_the_data_is_copied_as_it_is(data: Path, tmp_path: Path) -> None:
    bench.write_data(data, tmp_path / "out", None)
    for file in data.iterdir():
        assert (tmp_path / "out" / file.name).read_bytes() == file.read_bytes()
    assert bench.stories(tmp_path / "out") == 2


def test_a_sample_replaces_the_sentences_and_leaves_the_rest(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sample = held_back(data)[1:]
    bench.write_data(data, out, sample)
    assert held_back(out) == sample == [Sentence("hello: you", "en", "greet")]
    assert [entry["regex"] for entry in yaml.safe_load((out / "nlu.yml").read_text())["nlu"]]
    assert yaml.safe_load((out / "sample.yml").read_text())["version"] == "3.1"
    assert (out / "stories.yml").read_bytes() == (data / "stories.yml").read_bytes()


HELD_BACK = [Sentence("你好", "zh", "greet"), Sentence("bye", "en", "goodbye")]
ANSWER = {
    "version": "3.6.21",
    "ready": 107.5,
    "memory": 612_000_000,
    "parsed": [
        {"seconds": 0.002, "ranking": [["greet", 0.9], ["goodbye", 0.1]]},
        {"seconds": 0.004, "ranking": []},
    ],
}


def measured() -> Measured:
    parsed = bench.understood(ANSWER, HELD_BACK, 100.0)
    return Measured(25.4, 4_190_000, Thresholds(0.3, 0.1), parsed)


def test_no_intent_at_all_counts_as_unsure_and_wrong() -> None:
    parsed = measured().parsed
    assert parsed.ready == 7.5
    assert [outcome.right for outcome in parsed.outcomes] == [True, False]
    assert parsed.outcomes[1].best.intent == FALLBACK
    assert bench.unsure(measured()) == 0.5


def test_an_answer_that_misses_a_sentence_is_not_taken() -> None:
    with pytest.raises(ValueError, match="zip"):
        bench.understood(ANSWER, HELD_BACK[:1], 100.0)


def test_the_table_has_both_pipelines_side_by_side() -> None:
    slow = Measured(3_000.0, 243_000_000, Thresholds(0.0, 0.0), measured().parsed)
    assert bench.table(slow, measured()).splitlines() == [
        "| | Rasa 3.6.21, `rasa init` | ours |",
        "|---|---:|---:|",
        "| intent right, Chinese: 1 sentences | 100.0% | 100.0% |",
        "| intent right, English: 1 sentences | 0.0% | 0.0% |",
        "| intent right, together: 2 sentences | 50.0% | 50.0% |",
        "| unsure by its own thresholds | 0.0% | 50.0% |",
        "| a parse, median | 3.0 ms | 3.0 ms |",
        "| a parse, 95th percentile | 4.0 ms | 4.0 ms |",
        "| training | 50 min | 25 s |",
        "| model file | 243 MB | 4.2 MB |",
        "| process start to ready | 7.5 s | 7.5 s |",
        "| memory of the process after parsing | 612 MB | 612 MB |",
    ]


def test_the_note_says_what_was_used_and_that_a_run_was_shortened() -> None:
    full = bench.note(Conditions(100, 7627, 7627, 2, 2))
    assert "all 7,627 sentences" in full
    assert "with 100 epochs; ours has none. 2 cores." in full
    assert "shortened" not in full
    short = bench.note(Conditions(2, 600, 7627, 2, 2))
    assert short.startswith("**A shortened run")
    assert "600 of the 7,627 sentences" in short
    assert "with 2 epochs instead of its 100" in short
    assert "shortened" in bench.note(Conditions(100, 600, 7627, 2, 2))
