"""The report for the terminal. Sentences stand last on their line: Chinese is of double width."""

from collections.abc import Iterable, Sequence
from itertools import chain

from scripts.understanding import measuring
from scripts.understanding.outcomes import LANGUAGES, Evaluation, Outcome, Thresholds

CONFUSIONS = 15
"""Confusions that are listed; the HTML report has them all."""
EACH = 6
"""Sentences that are listed of each."""


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def render(evaluation: Evaluation) -> str:
    parts = (
        [f"Understanding of {evaluation.model}"],
        _accuracy(evaluation.held_back),
        _intents(evaluation.held_back),
        _confusions(evaluation),
        _calibration(evaluation.held_back),
        _unsure(evaluation),
        _unrelated(evaluation),
        _kinds(evaluation),
    )
    return "\n".join(chain.from_iterable((*part, "") for part in parts)).rstrip()


def _accuracy(outcomes: Sequence[Outcome]) -> Iterable[str]:
    yield "Accuracy: the best guess, be the assistant sure of it or not"
    yield "             sentences   right  mean F1"
    for name, part in measuring.groups(outcomes).items():
        right, f1 = percent(measuring.accuracy(part)), percent(measuring.mean_f1(part))
        yield f"  {name:<10} {len(part):9d} {right:>7} {f1:>8}"


def _intents(outcomes: Sequence[Outcome]) -> Iterable[str]:
    yield "Intents: sentences, recall, precision, F1"
    yield f"  {'':<22}" + " |".join(f"  {name:<28}" for name in LANGUAGES.values())
    columns = f"{'n':>6} {'recall':>7} {'prec.':>7} {'F1':>7}"
    yield f"  {'':<22}" + " |".join(columns for _ in LANGUAGES)
    found = measuring.scores(outcomes)
    for intent in dict.fromkeys(score.intent for score in found):
        cells = [
            f"{score.sentences:6d}"
            + "".join(f" {percent(x):>7}" for x in (score.recall, score.precision, score.f1))
            for score in found
            if score.intent == intent
        ]
        yield f"  {intent:<22}" + " |".join(cells)


def sentence(outcome: Outcome, thresholds: Thresholds | None = None) -> str:
    """Confidence, second best and text; a question mark where the assistant would be unsure."""
    unsure = "?" if thresholds and thresholds.unsure(outcome) else " "
    second = outcome.second
    behind = f"then {second.intent} {second.confidence:.2f}" if second else ""
    return f"{outcome.best.confidence:.2f}{unsure} {behind:<33} {outcome.sentence.text}"


def _confusions(evaluation: Evaluation) -> Iterable[str]:
    found = measuring.confusions(evaluation.held_back)
    wrong = sum(len(confusion.outcomes) for confusion in found)
    yield f"Confusions: {wrong} sentences in {len(found)} pairs"
    yield "  each with its confidence (? where the assistant is unsure), second best and sentence"
    for confusion in found[:CONFUSIONS]:
        count = len(confusion.outcomes)
        yield f"  {count:3d} x {confusion.expected} taken for {confusion.got}"
        for outcome in confusion.outcomes[:EACH]:
            yield f"        {sentence(outcome, evaluation.thresholds)}"
        if count > EACH:
            yield f"        and {count - EACH} more"
    if len(found) > CONFUSIONS:
        yield f"  and {len(found) - CONFUSIONS} pairs more"


def _calibration(outcomes: Sequence[Outcome]) -> Iterable[str]:
    errors = ", ".join(
        f"{name} {percent(measuring.calibration_error(part))}"
        for name, part in measuring.groups(outcomes).items()
    )
    yield f"Calibration: expected error {errors}"
    yield "  confidence   sentences    mean   right"
    for part in measuring.reliability(outcomes):
        mean, right = percent(part.confidence), percent(part.right)
        yield f"  {part.low:.1f} to {part.high:.1f} {part.sentences:12d} {mean:>7} {right:>7}"


def _unsure(evaluation: Evaluation) -> Iterable[str]:
    used = evaluation.thresholds
    yield f"Unsure below {used.least:g}, or with the second guess less than {used.apart:g} behind"
    yield "               right lost   wrong avoided"
    for name, part in measuring.groups(evaluation.held_back).items():
        yield f"  {name:<10} {_effect(measuring.effect(part, used))}"
    yield "  At other thresholds, together, with the false business actions on unrelated text:"
    for other in measuring.compared(used):
        effect = _effect(measuring.effect(evaluation.held_back, other))
        false = percent(measuring.false_share(evaluation.unrelated or (), other))
        yield f"  {other.least:<10g} {effect} {false:>7}{'  in use' if other == used else ''}"


def _effect(found: measuring.Effect) -> str:
    return (
        f"{found.right_lost:6d} of {found.right:5d}  {found.wrong_avoided:6d} of {found.wrong:4d}"
    )


def _unrelated(evaluation: Evaluation) -> Iterable[str]:
    yield "False business actions on unrelated text, when the assistant is not unsure"
    if evaluation.unrelated is None:
        yield "  not measured: there is no tests/nlu/unrelated.yml"
        return
    used = evaluation.thresholds
    for name, part in measuring.groups(evaluation.unrelated).items():
        count = len(measuring.false_actions(part, used))
        false = percent(measuring.false_share(part, used))
        yield f"  {name:<10} {count:4d} of {len(part):5d} {false:>7}"
    for outcome in measuring.false_actions(evaluation.unrelated, used):
        yield f"    {outcome.best.intent:<22} {sentence(outcome)}"


def _kinds(evaluation: Evaluation) -> Iterable[str]:
    yield "Values and mentions found in all sentences"
    yield f"  {'':<16} Chinese  English  unrelated"
    for kind, (zh, en, other) in measuring.kinds(evaluation).items():
        yield f"  {kind:<16} {zh:7d}  {en:7d}  {other:9d}"


def verdict(evaluation: Evaluation) -> str:
    """The measures that matter most, in one line."""
    parts = []
    for language, name in LANGUAGES.items():
        right = measuring.accuracy(measuring.of_language(evaluation.held_back, language))
        unrelated = measuring.of_language(evaluation.unrelated or (), language)
        false = measuring.false_share(unrelated, evaluation.thresholds)
        parts.append(f"{name} {percent(right)} right, {percent(false)} false business actions")
    return "; ".join(parts)
