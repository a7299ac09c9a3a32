"""The measures of understanding, as numbers; nothing here knows how they are shown.

A share of nothing is None. Unless a measure is given thresholds it looks at the best guess, be
the assistant sure of it or not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scripts.understanding.outcomes import (
    LANGUAGES,
    NO_BUSINESS,
    Evaluation,
    Language,
    Outcome,
    Thresholds,
)

BINS = 10
COMPARED = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Thresholds that are shown beside the one in use."""


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def of_language(outcomes: Iterable[Outcome], language: Language) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.sentence.language == language]


def groups(outcomes: Sequence[Outcome]) -> dict[str, Sequence[Outcome]]:
    """Each language, then all together, by the name to show."""
    apart = {name: of_language(outcomes, language) for language, name in LANGUAGES.items()}
    return {**apart, "together": outcomes}


def accuracy(outcomes: Sequence[Outcome]) -> float | None:
    """Share of sentences whose intent was found."""
    return share(sum(outcome.right for outcome in outcomes), len(outcomes))


@dataclass(frozen=True)
class IntentScore:
    """How one intent fares in one language."""

    intent: str
    language: Language
    sentences: int
    guessed: int
    """How often it was the best guess."""
    right: int

    @property
    def recall(self) -> float | None:
        return share(self.right, self.sentences)

    @property
    def precision(self) -> float | None:
        return share(self.right, self.guessed)

    @property
    def f1(self) -> float | None:
        return share(2 * self.right, self.sentences + self.guessed)


def scores(outcomes: Sequence[Outcome]) -> list[IntentScore]:
    """All intents that were expected or guessed, by name, each in all languages."""
    keys = [(one.sentence.intent or "", one.sentence.language) for one in outcomes]
    sentences = Counter(keys)
    guessed = Counter((one.best.intent, one.sentence.language) for one in outcomes)
    right = Counter(key for key, one in zip(keys, outcomes, strict=True) if one.right)
    names = sorted({intent for intent, _ in sentences.keys() | guessed.keys()})
    return [
        IntentScore(*key, sentences[key], guessed[key], right[key])
        for intent in names
        for language in LANGUAGES
        for key in [(intent, language)]
    ]


def mean_f1(outcomes: Sequence[Outcome]) -> float | None:
    """Over the intents and languages that have sentences, each counting alike."""
    found = [score.f1 for score in scores(outcomes) if score.sentences and score.f1 is not None]
    return sum(found) / len(found) if found else None


@dataclass(frozen=True)
class Confusion:
    """Sentences of one intent that were taken for another, the most confident first."""

    expected: str
    got: str
    outcomes: tuple[Outcome, ...]


def confusions(outcomes: Iterable[Outcome]) -> list[Confusion]:
    """The most frequent first; of equally frequent ones the more confident."""
    wrong: defaultdict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.right:
            wrong[outcome.sentence.intent or "", outcome.best.intent].append(outcome)

    def weight(confusion: Confusion) -> tuple[int, float]:
        certainty = sum(outcome.best.confidence for outcome in confusion.outcomes)
        return -len(confusion.outcomes), -certainty

    found = [Confusion(*pair, tuple(by_confidence(part))) for pair, part in wrong.items()]
    return sorted(found, key=weight)


def by_confidence(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The most confident first."""
    return sorted(outcomes, key=lambda outcome: -outcome.best.confidence)


@dataclass(frozen=True)
class Bin:
    """The guesses whose confidence lies in one tenth; the last one has 1 itself, too."""

    low: float
    high: float
    sentences: int
    confidence: float | None
    """Their mean."""
    right: float | None
    """The share of them that are right: in a calibrated model, the same."""


def reliability(outcomes: Iterable[Outcome]) -> list[Bin]:
    """Ten bins, from the least confident."""
    sorted_in: list[list[Outcome]] = [[] for _ in range(BINS)]
    for outcome in outcomes:
        sorted_in[min(int(outcome.best.confidence * BINS), BINS - 1)].append(outcome)
    return [
        Bin(
            number / BINS,
            (number + 1) / BINS,
            len(part),
            sum(one.best.confidence for one in part) / len(part) if part else None,
            accuracy(part),
        )
        for number, part in enumerate(sorted_in)
    ]


def calibration_error(outcomes: Sequence[Outcome]) -> float | None:
    """The expected one: how far confidence and share of right answers lie apart on average."""
    if not outcomes:
        return None
    apart = 0.0
    for part in reliability(outcomes):
        if part.confidence is not None and part.right is not None:
            apart += part.sentences * abs(part.confidence - part.right)
    return apart / len(outcomes)


@dataclass(frozen=True)
class Effect:
    """What being unsure does to right and to wrong answers: so many, of so many."""

    right_lost: int
    right: int
    wrong_avoided: int
    wrong: int


def effect(outcomes: Iterable[Outcome], thresholds: Thresholds) -> Effect:
    counted = Counter((outcome.right, thresholds.unsure(outcome)) for outcome in outcomes)
    right_lost, wrong_avoided = counted[True, True], counted[False, True]
    return Effect(
        right_lost, right_lost + counted[True, False],
        wrong_avoided, wrong_avoided + counted[False, False],
    )  # fmt: skip


def compared(thresholds: Thresholds) -> list[Thresholds]:
    """The thresholds in use and others of the confidence, ascending."""
    least = sorted({*COMPARED, thresholds.least})
    return [Thresholds(value, thresholds.apart) for value in least]


def false_actions(outcomes: Iterable[Outcome], thresholds: Thresholds) -> list[Outcome]:
    """Unrelated sentences on which the assistant would start business, most confident first."""
    return by_confidence(
        outcome for outcome in outcomes if thresholds.decided(outcome) not in NO_BUSINESS
    )


def false_share(outcomes: Sequence[Outcome], thresholds: Thresholds) -> float | None:
    return share(len(false_actions(outcomes, thresholds)), len(outcomes))


def kinds(evaluation: Evaluation) -> dict[str, tuple[int, int, int]]:
    """For each kind how many values or mentions of it were found, the most frequent first.

    In the Chinese and the English sentences that were held back, and in those unrelated.
    """
    places = (
        of_language(evaluation.held_back, "zh"),
        of_language(evaluation.held_back, "en"),
        evaluation.unrelated or (),
    )
    zh, en, other = (Counter(kind for one in place for kind in one.kinds) for place in places)
    names = sorted(
        zh.keys() | en.keys() | other.keys(), key=lambda k: (-zh[k] - en[k] - other[k], k)
    )
    return {name: (zh[name], en[name], other[name]) for name in names}


def shortfalls(evaluation: Evaluation, least: float, most_false: float) -> list[str]:
    """Why the model is not good enough, a line each; empty if it is.

    `least`: share of right answers in each language; 0 asks for nothing. `most_false`: share of
    false business actions in each language; 1 asks for nothing. What was asked for and could not
    be measured is a shortfall.
    """
    found = []
    for language, name in LANGUAGES.items():
        right = accuracy(of_language(evaluation.held_back, language))
        if least > 0 and right is None:
            found.append(f"{name}: no held-back sentences")
        elif right is not None and right < least:
            found.append(f"{name}: {right:.2%} right, below {least:.2%}")
        false = false_share(
            of_language(evaluation.unrelated or (), language), evaluation.thresholds
        )
        if most_false < 1 and false is None:
            found.append(f"{name}: no unrelated sentences")
        elif false is not None and false > most_false:
            found.append(f"{name}: {false:.2%} false business actions, above {most_false:.2%}")
    return found
