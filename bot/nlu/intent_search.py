"""Finds the weights of the intents: one problem for each, all of them searched side by side.

L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4), with curvature and step of its
own for each column, in single precision. The features are scaled by how often they occur: without
that, the bias and the frequent words, which all sentences move, would need several times the steps.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.nlu.intent_model import Floats

_REMEMBERED: Final = 6
"""Steps back from which the curvature is taken."""
_CURVATURE: Final = 0.01
"""What a sentence is taken to add to the curvature along its features; by measurement."""
_SUFFICIENT: Final = 1e-4
_TRIES: Final = 10
_LEAST: Final = np.float32(1e-8)

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """A row for each feature, dimension or (one) bias, a column for each intent."""

    words: Floats
    meaning: Floats
    bias: Floats


class Problem:
    """The loss of weights: how wrong they are about the examples, and how large they are.

    ``words`` (sparse) and ``vectors`` have a row for each example; ``wanted`` is 1 in the column of
    its intent, else 0. ``penalty`` is on the squared weights, the bias left out.
    """

    def __init__(self, words: Any, vectors: Floats, wanted: Floats, penalty: float) -> None:
        self._words, self._vectors = words, vectors
        self._words_of, self._vectors_of = words.T.tocsr(), np.ascontiguousarray(vectors.T)
        self._signs = np.where(wanted > 0, -1, 1).astype(np.float32)
        self._ends = (words.shape[1], words.shape[1] + vectors.shape[1])
        squares = np.concatenate(
            [
                np.asarray(words.multiply(words).sum(axis=0)).ravel(),
                (vectors**2).sum(axis=0),
                [len(vectors)],
            ]
        )
        self.shape = (len(squares), wanted.shape[1])
        self._penalty = np.full((len(squares), 1), penalty, dtype=np.float32)
        self._penalty[-1] = 0
        self.scale = (1 / (penalty + _CURVATURE * squares)).astype(np.float32)[:, None]

    def weights(self, flat: Floats) -> Weights:
        first, second = self._ends
        return Weights(flat[:first], flat[first:second], flat[second])

    def at(self, flat: Floats, columns: npt.NDArray[np.intp] | slice) -> tuple[Doubles, Floats]:
        """The loss and its slope at the weights of some columns."""
        first, second = self._ends
        weights, signs = self.weights(flat), self._signs[:, columns]
        scores = self._words @ weights.words
        scores += self._vectors @ weights.meaning
        scores += weights.bias
        scores *= signs
        small = np.exp(-np.abs(scores))
        loss = (np.maximum(scores, 0) + np.log1p(small)).sum(axis=0, dtype=np.float64)
        wrong = np.where(scores >= 0, np.float32(1), small)
        wrong /= 1 + small
        wrong *= signs
        slope = self._penalty * flat
        loss += _dot(slope, flat) / 2
        slope[:first] += self._words_of @ wrong
        slope[first:second] += self._vectors_of @ wrong
        slope[second] += wrong.sum(axis=0)
        return loss, slope


def search(problem: Problem, steps: int) -> Weights:
    """The weights after ``steps`` steps from nothing. The same problem gives the same weights."""
    everywhere = slice(None)
    flat = np.zeros(problem.shape, dtype=np.float32)
    loss, slope = problem.at(flat, everywhere)
    memory: deque[tuple[Floats, Floats, Floats]] = deque(maxlen=_REMEMBERED)
    for _ in range(steps):
        move = _direction(slope, memory, problem.scale)
        gain = _dot(slope, move).astype(np.float64)
        reached = flat - move
        new_loss, new_slope = problem.at(reached, everywhere)
        step = np.ones(problem.shape[1])
        for _ in range(_TRIES):
            far = np.flatnonzero(~(new_loss <= loss - _SUFFICIENT * step * gain))
            if not len(far):
                break
            # To the lowest point of the parabola through what is known.
            tried = step[far]
            bent = 2 * (new_loss[far] - loss[far] + tried * gain[far])
            step[far] = np.clip(gain[far] * tried**2 / bent, 0.1 * tried, 0.5 * tried)
            reached[:, far] = flat[:, far] - step[far].astype(np.float32) * move[:, far]
            new_loss[far], new_slope[:, far] = problem.at(reached[:, far], far)
        moved, turned = reached - flat, new_slope - slope
        curved = _dot(moved, turned)
        known = np.where(curved > _LEAST, 1 / np.maximum(curved, _LEAST), np.float32(0))
        memory.append((moved, turned, known))
        flat, loss, slope = reached, new_loss, new_slope
    return problem.weights(flat)


def _direction(
    slope: Floats, memory: deque[tuple[Floats, Floats, Floats]], scale: Floats
) -> Floats:
    """The slope, bent by the curvature that the last steps have shown."""
    bent = slope.copy()
    shares: list[Floats] = []
    for moved, turned, known in reversed(memory):
        share = known * _dot(moved, bent)
        shares.append(share)
        bent -= share * turned
    bent *= scale
    if memory:
        moved, turned, _ = memory[-1]
        length = _dot(moved, turned) / np.maximum(_dot(turned * scale, turned), _LEAST)
        # Where the last step has shown no curvature, that of the scale.
        bent *= np.where(length > 0, length, np.float32(1))
    for (moved, turned, known), share in zip(memory, reversed(shares), strict=True):
        bent += (share - known * _dot(turned, bent)) * moved
    return bent


def _dot(left: Floats, right: Floats) -> Floats:
    """Of each column with its fellow."""
    found: Floats = np.einsum("ij,ij->j", left, right)
    return found
