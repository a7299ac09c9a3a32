"""The measures of understanding, on results small enough to count by hand."""

import pytest

from scripts.understanding import measuring
from scripts.understanding.measuring import Effect
from scripts.understanding.outcomes import FALLBACK, Evaluation, Outcome, Thresholds
from tests.unit.tooling.outcomes import USED, outcome

HELD_BACK = [
    outcome("你好", "greet", ("greet", 0.95), ("thank", 0.02)),
    outcome("您好啊", "greet", ("thank", 0.6), ("greet", 0.3)),
    outcome("谢谢", "thank", ("thank", 0.35), ("greet", 0.2)),
    outcome("多谢，山屿", "thank", ("thank", 0.93), kinds=("model",)),
    outcome("hello", "greet", ("greet", 1.0)),
    outcome("hi there", "greet", ("inform", 0.42), ("greet", 0.4), kinds=("model", "time")),
]
UNRELATED = [
    outcome("订机票", None, ("book_test_drive", 0.7), ("out_of_scope", 0.2), kinds=("time",)),
    outcome("股票呢", None, ("out_of_scope", 0.9)),
    outcome("when does the bar close", None, ("ask_hours", 0.38), ("out_of_scope", 0.3)),
    outcome("book a table", None, ("ask_hours", 0.5), ("out_of_scope", 0.46)),
    outcome("my gym's hours", None, ("ask_hours", 0.8), ("out_of_scope", 0.1)),
    outcome("how are you", None, ("chitchat", 0.8)),
]


def evaluation(unrelated: list[Outcome] | None) -> Evaluation:
    return Evaluation("m", USED, HELD_BACK, unrelated)


def test_accuracy_is_apart_for_each_language_whatever_the_confidence() -> None:
    found = {name: measuring.accuracy(part) for name, part in measuring.groups(HELD_BACK).items()}
    assert found == {"Chinese": 0.75, "English": 0.5, "together": pytest.approx(4 / 6)}
    assert measuring.accuracy([]) is None


def test_each_intent_has_recall_precision_and_f1_in_each_language() -> None:
    found = {(score.intent, score.language): score for score in measuring.scores(HELD_BACK)}
    greet, thank = found["greet", "zh"], found["thank", "zh"]
    assert (greet.sentences, greet.recall, greet.precision) == (2, 0.5, 1.0)
    assert (thank.sentences, thank.recall) == (2, 1.0)
    assert thank.precision == pytest.approx(2 / 3)
    assert thank.f1 == pytest.approx(0.8)
    assert found["greet", "en"].f1 == pytest.approx(2 / 3)


def test_what_cannot_be_measured_is_none_and_what_was_only_guessed_is_in_the_table() -> None:
    found = {(score.intent, score.language): score for score in measuring.scores(HELD_BACK)}
    guessed, absent = found["inform", "en"], found["thank", "en"]
    assert (guessed.sentences, guessed.recall, guessed.precision, guessed.f1) == (0, None, 0, 0)
    assert (absent.recall, absent.precision, absent.f1) == (None, None, None)
    assert measuring.mean_f1(HELD_BACK) == pytest.approx((2 / 3 + 0.8 + 2 / 3) / 3)
    assert measuring.mean_f1([]) is None


def test_the_worst_confusion_is_the_most_frequent_then_the_most_confident() -> None:
    one = outcome("再见", "goodbye", ("thank", 0.5))
    found = measuring.confusions([*HELD_BACK, one, outcome("拜拜", "goodbye", ("thank", 0.9))])
    assert [(c.expected, c.got, len(c.outcomes)) for c in found] == [
        ("goodbye", "thank", 2), ("greet", "thank", 1), ("greet", "inform", 1),
    ]  # fmt: skip
    assert [o.sentence.text for o in found[0].outcomes] == ["拜拜", "再见"]


def test_each_guess_is_in_the_tenth_of_its_confidence() -> None:
    found = measuring.reliability(HELD_BACK)
    assert [part.sentences for part in found] == [0, 0, 0, 1, 1, 0, 1, 0, 0, 3]
    assert (found[0].confidence, found[0].right) == (None, None)
    assert found[9].confidence == pytest.approx((0.95 + 0.93 + 1) / 3)
    assert (found[6].right, found[9].right) == (0, 1)


def test_the_calibration_error_weighs_each_bin_by_its_sentences() -> None:
    expected = (0.65 + 0.42 + 0.6 + (0.05 + 0.07 + 0)) / 6
    assert measuring.calibration_error(HELD_BACK) == pytest.approx(expected)
    assert measuring.calibration_error([]) is None


def test_unsure_is_below_the_threshold_or_too_close_to_the_second() -> None:
    assert [USED.unsure(one) for one in HELD_BACK] == [False, False, True, False, False, True]
    assert USED.decided(HELD_BACK[2]) == FALLBACK
    assert not USED.unsure(outcome("a", "x", ("x", 0.4)))
    exact = Thresholds(0.5, 0.25)
    assert not exact.unsure(outcome("a", "x", ("x", 0.5), ("y", 0.25)))


def test_the_thresholds_lose_right_answers_and_avoid_wrong_ones() -> None:
    assert measuring.effect(HELD_BACK, USED) == Effect(1, 4, 1, 2)
    assert measuring.effect(HELD_BACK, Thresholds(0, 0)) == Effect(0, 4, 0, 2)
    assert measuring.effect(HELD_BACK, Thresholds(0.94, 0)) == Effect(2, 4, 2, 2)


def test_the_threshold_in_use_is_among_the_compared_ones_once() -> None:
    assert measuring.compared(USED).count(USED) == 1
    odd = Thresholds(0.45, 0.1)
    least = [one.least for one in measuring.compared(odd)]
    assert least == sorted(least)
    assert odd in measuring.compared(odd)


def test_false_are_actions_of_business_that_the_assistant_is_sure_of() -> None:
    found = measuring.false_actions(UNRELATED, USED)
    assert [one.sentence.text for one in found] == ["my gym's hours", "订机票"]
    assert measuring.false_share(UNRELATED, USED) == pytest.approx(2 / 6)
    assert measuring.false_share([], USED) is None


def test_values_and_mentions_are_counted_by_kind_and_place() -> None:
    assert measuring.kinds(evaluation(UNRELATED)) == {"model": (1, 1, 0), "time": (0, 1, 1)}
    assert measuring.kinds(evaluation(None)) == {"model": (1, 1, 0), "time": (0, 1, 0)}


def test_each_language_must_be_good_enough_on_its_own() -> None:
    found = evaluation(UNRELATED)
    assert measuring.shortfalls(found, 0.5, 0.5) == []
    assert measuring.shortfalls(found, 0.6, 1.0) == ["English: 50.00% right, below 60.00%"]
    assert measuring.shortfalls(found, 0.0, 0.3) == [
        "Chinese: 50.00% false business actions, above 30.00%"
    ]


def test_what_was_asked_for_and_not_measured_is_not_good_enough() -> None:
    assert measuring.shortfalls(evaluation(None), 0.0, 1.0) == []
    assert measuring.shortfalls(evaluation(None), 0.0, 0.03) == [
        "Chinese: no unrelated sentences", "English: no unrelated sentences",
    ]  # fmt: skip
    chinese = Evaluation("m", USED, HELD_BACK[:1], UNRELATED)
    assert measuring.shortfalls(chinese, 0.9, 1.0) == ["English: no held-back sentences"]
