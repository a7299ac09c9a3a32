"""Makes the intent model of examples: only training needs this, and SciPy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bot.nlu.intent_model import Floats, IntentModel
from bot.nlu.intent_search import Problem, Weights, search
from bot.nlu.processes import in_processes
from bot.nlu.strangers import count_words, strangeness_in_training

_GROUP = 10
"""Intents that are searched together: more groups than processors of a small machine."""

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
    steps: int = 50
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
    # The frequent ones first: close together in memory, they are found faster.
    kept = sorted(
        (name for name, count in counts.items() if count >= settings.least_messages),
        key=lambda name: (-counts[name], name),
    )
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
    found = _search(words, (vectors - centre) * np.float32(MEANING_COUNTS), wanted, settings)
    return IntentModel(
        intents,
        vocabulary,
        importance,
        found.words,
        found.meaning * np.float32(MEANING_COUNTS),
        centre,
        found.bias,
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


def _search(words: Any, vectors: Floats, wanted: Floats, settings: Settings) -> Weights:
    """The weights that fit best.

    The intents are independent of one another and are searched in groups, side by side. The groups
    are the same on every machine, and so is the model.
    """
    groups = [wanted[:, first : first + _GROUP] for first in range(0, wanted.shape[1], _GROUP)]
    penalty = 1.0 / settings.strength
    found = in_processes(
        lambda group: search(Problem(words, vectors, group, penalty), settings.steps), groups
    )
    return Weights(
        *(
            np.concatenate([getattr(part, name) for part in found], axis=-1)
            for name in ("words", "meaning", "bias")
        )
    )
