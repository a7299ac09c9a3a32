"""Finds the weights of the intent model: only training needs this, and SciPy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu.intent_model import Floats, IntentModel
from bot.nlu.processes import in_processes
from bot.nlu.strangers import count_words, strangeness_in_training

_GROUP = 10
"""Intents that are searched together."""

NO_BUSINESS = frozenset({"out_of_scope", "chitchat"})
"""Intents whose sentences may be about anything."""

MEANING_COUNTS = 0.8
"""How much the sentence vector counts beside the words, whose vector is as long; by measurement."""


@dataclass(frozen=True)
class Settings:
    """``strength`` is the inverse of the regularisation (as in scikit-learn's C); ``steps`` bounds
    the search; features of fewer than ``least_messages`` messages are left out; ``sharpness`` is
    handed to the model."""

    strength: float = 30.0
    steps: int = 120
    least_messages: int = 2
    sharpness: float = 1.0


@dataclass(frozen=True)
class Example:
    """One training sentence as the model sees it."""

    features: Sequence[str]
    vector: Floats
    intent: str


def train(examples: Sequence[Example], settings: Settings) -> IntentModel:
    """A model of examples of at least two intents. The same examples give the same model."""
    of_business = [each.features for each in examples if each.intent not in NO_BUSINESS]
    business = count_words(of_business)
    examples = [_with_strangeness(each, business) for each in examples]
    counts = Counter(name for example in examples for name in set(example.features))
    kept = sorted(name for name, count in counts.items() if count >= settings.least_messages)
    vocabulary = {name: index for index, name in enumerate(kept)}
    importance = np.array(
        [np.log((1 + len(examples)) / (1 + counts[name])) + 1 for name in kept], dtype=np.float32
    )
    intents = tuple(sorted({example.intent for example in examples}))
    number = {intent: index for index, intent in enumerate(intents)}
    wanted = np.zeros((len(examples), len(intents)), dtype=np.float32)
    wanted[np.arange(len(examples)), [number[example.intent] for example in examples]] = 1
    vectors = np.stack([example.vector for example in examples])
    # Without its mean, which all sentences share, the search takes far fewer steps.
    centre = vectors.mean(axis=0)
    words = _matrix(examples, vocabulary, importance)
    weights, meaning, bias = _search(words, (vectors - centre) * MEANING_COUNTS, wanted, settings)
    return IntentModel(
        intents,
        vocabulary,
        importance,
        weights,
        meaning * np.float32(MEANING_COUNTS),
        centre,
        bias,
        frozenset(business),
        settings.sharpness,
    )


def _with_strangeness(example: Example, business: Mapping[str, int]) -> Example:
    told = strangeness_in_training(example.features, business, example.intent not in NO_BUSINESS)
    return replace(example, features=[*example.features, *told])


def _matrix(
    examples: Sequence[Example], vocabulary: dict[str, int], importance: Floats
) -> Any:  # scipy.sparse.csr_matrix
    """A row of length one for each example, its features weighted by their importance."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - slow to import

    indices: list[int] = []
    pointers = [0]
    values: list[Floats] = []
    for example in examples:
        names = dict.fromkeys(example.features)
        known = [vocabulary[name] for name in names if name in vocabulary]
        row = importance[known]
        indices += known
        values.append(row / np.linalg.norm(row) if known else row)
        pointers.append(len(indices))
    shape = (len(examples), len(vocabulary))
    return csr_matrix((np.concatenate(values), indices, pointers), shape=shape)


def _search(
    words: Any, vectors: Floats, wanted: Floats, settings: Settings
) -> tuple[Floats, Floats, Floats]:
    """The weights of words, of meaning, and the bias that fit best.

    The intents are independent of one another and are searched in groups, side by side. The groups
    are the same on every machine, and so is the model.
    """
    groups = [wanted[:, first : first + _GROUP] for first in range(0, wanted.shape[1], _GROUP)]
    found = in_processes(lambda group: _minimum(words, vectors, group, settings), groups)
    weights, meaning, bias = (
        np.ascontiguousarray(np.concatenate(parts, axis=-1)) for parts in zip(*found, strict=True)
    )
    return weights, meaning, bias


def _minimum(
    words: Any, vectors: Floats, wanted: Floats, settings: Settings
) -> tuple[Floats, Floats, Floats]:
    """The weights and the bias of some intents, by L-BFGS."""
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to import

    intents = wanted.shape[1]
    ends = np.cumsum([words.shape[1] * intents, vectors.shape[1] * intents])
    penalty = 1.0 / settings.strength
    words_of = words.T.tocsr()

    def parts(flat: npt.NDArray[np.float64]) -> tuple[Floats, Floats, Floats]:
        first, second, bias = np.split(flat.astype(np.float32), ends)
        return first.reshape(-1, intents), second.reshape(-1, intents), bias

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        first, second, bias = parts(flat)
        scores = words @ first + vectors @ second + bias
        wrong = np.logaddexp(0, np.where(wanted > 0, -scores, scores)).sum()
        size = (first**2).sum() + (second**2).sum()
        slope = 1.0 / (1.0 + np.exp(-scores)) - wanted
        slopes = [
            (words_of @ slope + penalty * first).ravel(),
            (vectors.T @ slope + penalty * second).ravel(),
            slope.sum(axis=0),
        ]
        return float(wrong + penalty / 2 * size), np.concatenate(slopes).astype(np.float64)

    options = {"maxiter": settings.steps, "maxcor": 8}
    with np.errstate(over="ignore"):  # exp of a very sure score
        start = np.zeros(int(ends[-1]) + intents)
        result = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    return parts(result.x)
