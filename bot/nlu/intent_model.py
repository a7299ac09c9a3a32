"""The intent model: one logistic regression for each intent over words and meaning.

What it looks at are the weighted features of `bot.nlu.features`, which know the trade's own words,
and the sentence vector of `bot.nlu.encoder`, which knows what the training data lack. One against
the rest, so that a message which no intent claims can be told from one that several claim.
Predicting takes a few dozen microseconds and needs nothing but NumPy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bot.nlu.strangers import strangeness

Floats: TypeAlias = npt.NDArray[np.float32]

_ARRAYS = "weights.npz"
_NAMES = "names.json"


@dataclass(frozen=True)
class IntentModel:
    """``weights`` has a row for each feature and a column for each intent, in the given orders;
    ``meaning`` a row for each dimension of the sentence vector less ``centre``."""

    intents: tuple[str, ...]
    vocabulary: Mapping[str, int]
    importance: Floats
    """Inverse document frequency of each feature."""
    weights: Floats
    meaning: Floats
    centre: Floats
    bias: Floats
    business: frozenset[str]
    """The words of sentences about the dealership's business (`bot.nlu.strangers`)."""
    sharpness: float = 1.0
    """The power that makes the shares as sure as they are right; found by measuring."""

    def ranking(
        self, features: Sequence[str], vector: Floats | None = None
    ) -> list[tuple[str, float]]:
        """All intents with their probability, most likely first; together one.

        ``vector`` is the sentence's; None leaves it out. A message without any known feature says
        nothing: all intents are then equally likely, so that the assistant is unsure and never
        takes the most frequent intent for an answer.
        """
        known = [self.vocabulary[name] for name in features if name in self.vocabulary]
        if not known:
            even = 1.0 / len(self.intents)
            return [(intent, even) for intent in self.intents]
        strange = strangeness(features, self.business)
        known += [self.vocabulary[name] for name in strange if name in self.vocabulary]
        strength = self.importance[known]
        scores = (strength / np.linalg.norm(strength)) @ self.weights[known] + self.bias
        if vector is not None:
            scores = scores + (vector - self.centre) @ self.meaning
        shares = (1.0 / (1.0 + np.exp(-scores))) ** self.sharpness
        shares = shares / shares.sum()
        order = np.argsort(-shares, kind="stable")
        return [(self.intents[index], float(shares[index])) for index in order]

    def save(self, folder: Path) -> None:
        """Writes the model into an existing folder, as arrays and text: nothing in it can run."""
        np.savez(
            folder / _ARRAYS,
            importance=self.importance,
            # Half precision halves the file and changes no answer.
            weights=self.weights.astype(np.float16),
            meaning=self.meaning,
            centre=self.centre,
            bias=self.bias,
            sharpness=np.float32(self.sharpness),
        )
        names = {
            "intents": self.intents,
            "features": list(self.vocabulary),
            "business": sorted(self.business),
        }
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """The model that `save` wrote into the folder. Raises OSError or ValueError if none."""
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            return cls(
                tuple(names["intents"]),
                {name: index for index, name in enumerate(names["features"])},
                arrays["importance"],
                arrays["weights"].astype(np.float32),
                arrays["meaning"],
                arrays["centre"],
                arrays["bias"],
                frozenset(names["business"]),
                float(arrays["sharpness"]),
            )
